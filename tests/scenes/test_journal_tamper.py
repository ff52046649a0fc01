"""A journal that somebody touched: every flipped byte, cut tail and rewritten chain is found and named, and the
database itself refuses to change what is written."""

import asyncio
import json
from pathlib import Path
from random import Random

import psycopg
import pytest

from sigap.app import installation
from sigap.journal.model import GENESIS, chained
from sigap.kernel.canonical import canonical
from sigap.kernel.paths import Home
from sigap.voice.sip.softphone import softphone
from tests.scenes.life import call_taken, handled, reported, seated
from tests.scenes.stage import Done, Stage, stage

pytestmark = [pytest.mark.scene, pytest.mark.sip]

FLIPS = 24
"""Each is one run of the command; tests/journal flips every byte of a small file in one process."""
STATEMENTS = (
    "UPDATE journal SET facts = '{}' WHERE seq = 1",
    "UPDATE journal SET actor = 'account:nobody'",
    "DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal)",
    "TRUNCATE journal CASCADE",
    "UPDATE journal_sealed SET content = '[]'",
    "DELETE FROM journal_sealed",
    "DELETE FROM journal_head",
    "UPDATE journal_head SET seq = 1",
)


async def test_nothing_that_was_written_can_be_changed_unseen(tmp_path: Path) -> None:
    async with stage() as room, softphone() as phone:
        async with seated(room) as seat:
            call_id = await call_taken(room, phone, seat, "+6281200000001")
        await handled(room, call_id)
        told = (await reported(await room.sign_in("penyelia1")))["journal"]

        file = tmp_path / "journal.jsonl"
        await room.sigap("journal", "export", "--sealed", str(file))
        sound = json.loads((await verify(room, file, "--head", told["hash"], "--json")).out)
        assert sound["ok"] is True
        assert sound["head_seq"] == told["seq"]
        assert sound["entries"] >= told["seq"] > 20

        await every_flip_is_named(room, file, tmp_path)
        await a_cut_tail_is_found(room, file, tmp_path, sound["head"])
        await a_rewritten_chain_is_found(room, file, tmp_path, sound["head"])
        await asyncio.to_thread(the_database_refuses, room.home)

        again = tmp_path / "again.jsonl"
        await room.sigap("journal", "export", "--sealed", str(again))
        assert (await verify(room, again, "--head", sound["head"])).code == 0
        assert again.read_bytes().startswith(file.read_bytes())


async def verify(room: Stage, file: Path, *more: str) -> Done:
    """`sigap journal verify`."""
    return await room.sigap("journal", "verify", str(file), *more, check=False)


async def every_flip_is_named(room: Stage, file: Path, folder: Path) -> None:
    """One flipped bit in a byte anywhere: the line (or, where the newline went, the next one) and the entry are named."""
    whole = file.read_bytes()
    chance = Random(112)
    places = sorted({0, len(whole) - 1, *(chance.randrange(len(whole)) for _ in range(FLIPS - 2))})
    spoilt = folder / "spoilt.jsonl"
    for place in places:
        spoilt.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        done = await verify(room, spoilt, "--json")
        line = whole[:place].count(b"\n") + 1
        assert done.code == 1, f"byte {place} of line {line} was changed and nobody noticed"
        told = json.loads(done.out)
        assert told["ok"] is False
        assert told["why"].startswith((f"line {line}:", f"line {line},", f"line {line + 1}")), told


async def a_cut_tail_is_found(room: Stage, file: Path, folder: Path, head: str) -> None:
    """What is left is sound in itself, but does not hold the head that was printed; half a line is broken."""
    lines = file.read_bytes().splitlines(keepends=True)
    cut = folder / "cut.jsonl"
    cut.write_bytes(b"".join(lines[:-3]))
    assert (await verify(room, cut)).code == 0
    found = await verify(room, cut, "--head", head)
    assert found.code == 1
    assert "cut" in found.out
    cut.write_bytes(b"".join(lines)[:-40])
    found = await verify(room, cut)
    assert found.code == 1
    assert f"line {len(lines)}" in found.out


async def a_rewritten_chain_is_found(room: Stage, file: Path, folder: Path, head: str) -> None:
    """Somebody who knows the format blames another and computes every hash anew."""
    previous, forged = GENESIS, []
    for number, line in enumerate(file.read_bytes().splitlines(keepends=True)):
        if number == 0:
            forged.append(line)
            continue
        record = json.loads(line)
        if record["entry"]["kind"] == "assignment.sent":
            record["entry"]["actor"] = "account:somebody-else"
        previous = chained(previous, record["entry"])
        record["hash"] = previous.hex()
        forged.append(canonical(record) + b"\n")
    rewritten = folder / "rewritten.jsonl"
    rewritten.write_bytes(b"".join(forged))
    assert (await verify(room, rewritten)).code == 0
    found = await verify(room, rewritten, "--head", head)
    assert found.code == 1
    assert "rewritten" in found.out


def the_database_refuses(home: Path) -> None:
    """Neither the services' account nor the owner of the tables may change or remove an entry."""
    with installation.database(Home(home)) as addresses:
        for role, url in (("sigap_app", addresses.app), ("sigap_owner", addresses.owner)):
            with psycopg.connect(url, autocommit=True) as conn:
                row = conn.execute("SELECT current_user").fetchone()
                assert row == (role,)
                for statement in STATEMENTS:
                    with pytest.raises(psycopg.errors.InsufficientPrivilege):
                        conn.execute(statement.encode())
