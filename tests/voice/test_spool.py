"""The spool keeps every fact, in order, once, through kill -9, torn lines and a full disk."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from sigap.voice.spool import Spool


def numbers(spool: Spool) -> list[int]:
    return [int(str(fact["voice_seq"])) for fact in spool.pending()]


async def put(spool: Spool, *kinds: str) -> None:
    await asyncio.wrap_future(spool.write([{"kind": kind, "at": "t"} for kind in kinds]))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "spool"


async def test_facts_are_numbered_and_on_disk_when_the_write_returns(folder: Path):
    spool = Spool(folder)
    await put(spool, "call_offered", "call_alerted")
    lines = [json.loads(line) for line in (folder / "facts.jsonl").read_text().splitlines()]
    assert [line.get("kind") for line in lines] == [None, "call_offered", "call_alerted"]
    assert [fact["voice_seq"] for fact in spool.pending()] == [1, 2]
    spool.close()


async def test_a_restart_keeps_what_is_not_acknowledged_and_never_reuses_a_number(folder: Path):
    spool = Spool(folder)
    await put(spool, "a", "b", "c")
    spool.acknowledge(1)
    spool.close()
    again = Spool(folder)
    assert numbers(again) == [2, 3]
    assert again.node == spool.node
    await put(again, "d")
    assert numbers(again)[-1] > 3
    again.close()


async def test_everything_acknowledged_is_compacted_away_and_numbers_go_on(folder: Path):
    spool = Spool(folder)
    await put(spool, *["x" * 200] * 50)
    spool.acknowledge(50)
    await put(spool, "after")
    spool.acknowledge(50)
    spool.close()
    assert (folder / "facts.jsonl").stat().st_size < 300
    again = Spool(folder)
    assert [fact["kind"] for fact in again.pending()] == ["after"]
    assert numbers(again) == [51]
    again.close()


async def test_a_torn_last_line_is_cut_off_and_named(folder: Path):
    spool = Spool(folder)
    await put(spool, "a", "b")
    spool.close()
    with (folder / "facts.jsonl").open("ab") as file:
        file.write(b'{"voice_seq":3,"kind":"call_ans')
    again = Spool(folder)
    assert numbers(again) == [1, 2]
    assert len(again.torn) == 1
    assert "after fact 2" in again.torn[0]
    await put(again, "c")
    again.close()
    third = Spool(folder)
    assert third.torn == []
    assert [fact["kind"] for fact in third.pending()] == ["a", "b", "c"]
    assert b"call_ans" in (folder / "torn.log").read_bytes()
    third.close()


async def test_a_broken_line_in_the_middle_is_named_and_the_rest_is_kept(folder: Path):
    spool = Spool(folder)
    await put(spool, "a", "b", "c")
    spool.close()
    path = folder / "facts.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"kind":"b"', b'\xff\xfe"k":'))
    again = Spool(folder)
    assert numbers(again) == [1, 3]
    assert len(again.torn) == 1
    again.close()


def test_kill_9_while_writing_loses_nothing_that_was_confirmed(folder: Path):
    script = textwrap.dedent("""
        import sys
        from pathlib import Path
        from sigap.voice.spool import Spool
        spool = Spool(Path(sys.argv[1]))
        for n in range(1, 100_000):
            spool.write([{"kind": "k", "n": n}]).result()
            print(n, flush=True)
    """)
    writer = subprocess.Popen(
        [sys.executable, "-c", script, str(folder)], stdout=subprocess.PIPE, text=True, env={**os.environ}
    )
    assert writer.stdout is not None
    for line in writer.stdout:
        confirmed = int(line)
        if confirmed >= 150:
            break
    writer.send_signal(signal.SIGKILL)
    confirmed = max([confirmed, *(int(line) for line in writer.stdout if line.strip().isdigit())])
    writer.wait()
    spool = Spool(folder)
    kept = [fact["n"] for fact in spool.pending(limit=1_000_000, limit_bytes=10**9)]
    assert kept == list(range(1, len(kept) + 1))
    assert len(kept) >= confirmed
    spool.close()


@pytest.fixture
def small_disk(tmp_path: Path):
    """A file system of 1 MiB, full on demand."""
    mount = tmp_path / "small"
    mount.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(mount)], capture_output=True, text=True
    )
    if made.returncode:
        pytest.skip(f"cannot mount a tmpfs here: {made.stderr.strip()}")
    yield mount
    subprocess.run(["umount", "-l", str(mount)], check=False)


def fill(file: Path) -> None:
    """Write until the disk is full."""
    with contextlib.suppress(OSError), file.open("wb", buffering=0) as out:
        while True:
            out.write(bytes(4096))


async def test_disk_full_keeps_facts_in_memory_says_so_and_catches_up(small_disk: Path):
    troubles: list[tuple[str, str]] = []
    spool = Spool(small_disk / "spool", on_trouble=lambda what, detail: troubles.append((what, detail)))
    await put(spool, "before")
    filler = small_disk / "filler"
    fill(filler)
    with pytest.raises(OSError, match="No space"):
        await put(spool, *["x" * 1000] * 40)
    assert [what for what, _ in troubles] == ["spool_write_failed"]
    kinds = [fact["kind"] for fact in spool.pending(limit=1000)]
    assert kinds[0] == "before"
    assert len(kinds) >= 2
    assert spool.state().unwritten > 0
    filler.unlink()
    await put(spool, "after")
    assert spool.state().unwritten == 0
    assert troubles[-1][0] == "spool_recovered"
    spool.close()
    again = Spool(small_disk / "spool")
    assert [fact["kind"] for fact in again.pending(limit=1000)] == [*kinds, "after"]
    assert again.torn == []
    again.close()


async def test_a_folder_that_cannot_be_used_still_takes_facts(tmp_path: Path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    spool = Spool(blocked / "spool")
    with pytest.raises(OSError):
        await put(spool, "a")
    assert numbers(spool) == [1]
    spool.close()
