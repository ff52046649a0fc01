"""Entries are numbered in commit order, chained, sealed, and refused any change."""

import asyncio
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg import AsyncConnection

from sigap.identity.model import Account, Actor
from sigap.journal import store
from sigap.journal.export import Broken, lines, verify
from sigap.journal.model import Event, chained
from sigap.journal.writer import append
from sigap.kernel.canonical import canonical, plain
from sigap.kernel.clock import ManualClock
from sigap.kernel.ids import new_id
from tests.conftest import FreshDatabase
from tests.people import agent


@dataclass(frozen=True, slots=True, kw_only=True)
class KettleBoiled(Event):
    """Something happened that no room cares about."""

    kind: ClassVar[str] = "kettle.boiled"
    subject: ClassVar[str] = "kettle_id"
    kettle_id: UUID
    note: str = ""
    warmth: float = 0.0


def a_row(name: str = "siti") -> Account:
    """Any journalled row."""
    return Account(
        id=new_id(), username=name, display_name=name, roles=[], agency=None, unit_id=None, active=True, rev=1
    )


async def write(conn: AsyncConnection, clock: ManualClock, times: int, **facts: Any) -> None:
    """Append some entries, each in a transaction of its own."""
    for _ in range(times):
        async with conn.transaction():
            await append(
                conn, KettleBoiled(kettle_id=new_id(), **facts), rows=[a_row()], by=agent(), at=clock.now()
            )


async def exported(conn: AsyncConnection, *, with_sealed: bool = False) -> list[bytes]:
    """The exported file's lines."""
    return [line async for line in lines(conn, with_sealed=with_sealed)]


async def test_entries_are_numbered_and_chained(connect: AsyncConnection, clock: ManualClock) -> None:
    await write(connect, clock, 3)
    first, second, third = await store.after(connect, 0)
    assert [first.seq, second.seq, third.seq] == [1, 2, 3]
    assert second.hash == chained(first.hash, second.body())
    assert third.hash == (await store.head(connect))[1]


async def test_a_late_fact_keeps_both_times(connect: AsyncConnection, clock: ManualClock) -> None:
    earlier = clock.now() - timedelta(hours=6)
    async with connect.transaction():
        await append(
            connect, KettleBoiled(kettle_id=new_id()), by=agent(), at=clock.now(), occurred_at=earlier
        )
    (entry,) = await store.after(connect, 0)
    assert (entry.occurred_at, entry.recorded_at) == (earlier, clock.now())


async def test_a_rolled_back_verb_leaves_no_entry_and_no_gap(
    connect: AsyncConnection, clock: ManualClock
) -> None:
    async with connect.transaction(force_rollback=True):
        await append(connect, KettleBoiled(kettle_id=new_id()), by=agent(), at=clock.now())
    await write(connect, clock, 1)
    assert [entry.seq for entry in await store.after(connect, 0)] == [1]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET kind = 'kettle.exploded'",
        "DELETE FROM journal",
        "TRUNCATE journal CASCADE",
        "UPDATE journal_sealed SET salt = ''",
        "DELETE FROM journal_sealed",
        "DELETE FROM journal_head",
        "UPDATE journal_head SET seq = 0",
    ],
)
async def test_nobody_changes_what_is_written(
    connect: AsyncConnection, owner: psycopg.Connection, clock: ManualClock, statement: str
) -> None:
    await write(connect, clock, 2)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        await connect.execute(statement.encode())
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        owner.execute(statement.encode())
    assert verify(await exported(connect)).entries == 2


async def test_the_services_own_no_table(fresh: FreshDatabase, owner: psycopg.Connection) -> None:
    owned = owner.execute("SELECT tablename FROM pg_tables WHERE tableowner = 'sigap_app'").fetchall()
    assert owned == []


async def test_eight_writers_at_once_and_no_reader_misses_an_entry(
    fresh: FreshDatabase, clock: ManualClock
) -> None:
    seen: list[int] = []

    async def read_until(total: int) -> None:
        async with await AsyncConnection.connect(fresh.app_url, autocommit=True) as conn:
            while len(seen) < total:
                seen.extend(entry.seq for entry in await store.after(conn, seen[-1] if seen else 0))

    async def write_some() -> None:
        async with await AsyncConnection.connect(fresh.app_url, autocommit=True) as conn:
            await write(conn, clock, 25)

    async with asyncio.timeout(30):
        await asyncio.gather(read_until(200), *(write_some() for _ in range(8)))
    assert seen == list(range(1, 201))


async def test_every_flipped_byte_is_found_and_named(connect: AsyncConnection, clock: ManualClock) -> None:
    await write(connect, clock, 2, note="Jalan Melati 3 – é", warmth=36.6)
    file = await exported(connect, with_sealed=True)
    whole = b"".join(file)
    starts = [sum(len(line) for line in file[:number]) for number in range(len(file))]
    for place in range(len(whole)):
        spoilt = whole[:place] + bytes([whole[place] ^ 0x20]) + whole[place + 1 :]
        with pytest.raises(Broken) as broken:
            verify(spoilt.splitlines(keepends=True))
        line = max(number for number, start in enumerate(starts, start=1) if start <= place)
        assert broken.value.line in (line, line + 1)
        if line > 1:
            assert broken.value.seq == broken.value.line - 1


async def test_a_cut_tail_shows_against_a_head_from_outside(
    connect: AsyncConnection, clock: ManualClock
) -> None:
    await write(connect, clock, 3)
    file = await exported(connect)
    head = verify(file).head
    assert verify(file, head=head).head_seq == 3
    assert verify(file[:-1]).entries == 2
    with pytest.raises(Broken, match="cut or it was rewritten"):
        verify(file[:-1], head=head)


async def test_a_rewritten_chain_shows_against_a_head_from_outside(
    connect: AsyncConnection, clock: ManualClock
) -> None:
    await write(connect, clock, 3)
    head = verify(await exported(connect)).head
    forged = await exported(connect)
    previous, rewritten = bytes(32), [forged[0]]
    for line in forged[1:]:
        entry = json.loads(line)["entry"] | {"actor": "account:nobody"}
        previous = chained(previous, entry)
        rewritten.append(canonical({"entry": entry, "hash": previous.hex()}) + b"\n")
    assert verify(rewritten).entries == 3
    with pytest.raises(Broken, match="rewritten"):
        verify(rewritten, head=head)


async def test_a_head_of_yesterday_is_found_in_todays_file(
    connect: AsyncConnection, clock: ManualClock
) -> None:
    await write(connect, clock, 2)
    yesterday = verify(await exported(connect)).head
    await write(connect, clock, 2)
    assert verify(await exported(connect), head=yesterday).head_seq == 2


@pytest.mark.parametrize("file", [[], [b""], [b"{}\n"], [b"\xff\xfe\n"], [b"[" * 100_000]])
def test_what_is_no_export_is_named(file: list[bytes]) -> None:
    with pytest.raises(Broken):
        verify(file)


async def test_numbers_survive_the_database(connect: AsyncConnection, clock: ManualClock) -> None:
    for warmth in (0.1, 1.0, -0.0, 1e-7, 123456789.123456, 5e-324, 9007199254740991.0 / 2):
        await write(connect, clock, 1, warmth=warmth)
    assert verify(await exported(connect)).entries == 7


async def test_a_number_that_json_cannot_keep_is_refused(
    connect: AsyncConnection, clock: ManualClock
) -> None:
    with pytest.raises(ValueError, match="2\\*\\*53"):
        await write(connect, clock, 1, warmth=1e300)
    with pytest.raises(ValueError):
        await write(connect, clock, 1, warmth=float("nan"))
    assert verify(await exported(connect)).entries == 0


def test_actors_are_named_without_their_names() -> None:
    assert agent("siti").ref.startswith("account:")
    assert Actor.machine("voice").ref == "machine:voice"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(), st.lists, max_leaves=9
    )
)
def test_plain_values_have_one_form(value: Any) -> None:
    assert canonical(plain(value)) == canonical(plain(value))
