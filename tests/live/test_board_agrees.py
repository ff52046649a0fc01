"""Whatever happens in a night, the journal's changes alone give the room back, and the chain holds."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import AsyncConnection, sql
from psycopg.rows import class_row

from sigap.journal import store as journal
from sigap.journal.model import GENESIS, TABLES, chained, columns, public, sealed
from sigap.kernel.clock import ManualClock
from tests.conftest import START
from tests.live.night import Night


async def tables_now(conn: AsyncConnection) -> tuple[dict[str, Any], dict[str, Any]]:
    """Every journalled row as the tables have it: public columns, personal columns."""
    shown: dict[str, Any] = {}
    hidden: dict[str, Any] = {}
    for name, kind in TABLES.items():
        if kind.__module__.startswith("tests."):
            continue
        query = sql.SQL("SELECT {} FROM {}").format(
            sql.SQL(", ").join(map(sql.Identifier, columns(kind))), sql.Identifier(name)
        )
        for row in await (await conn.cursor(row_factory=class_row(kind)).execute(query)).fetchall():
            key = f"{name} {public(row)['id']}"
            shown[key], hidden[key] = public(row), sealed(row)
    return shown, {key: row for key, row in hidden.items() if row}


async def folded(conn: AsyncConnection) -> tuple[dict[str, Any], dict[str, Any]]:
    """The same from the journal alone."""
    shown: dict[str, Any] = {}
    hidden: dict[str, Any] = {}
    entries = await journal.after(conn, 0, limit=100_000)
    personal = await journal.sealed(conn, 0, entries[-1].seq if entries else 0)
    for entry in entries:
        for change in entry.changes:
            key = f"{change['table']} {change['id']}"
            if change["row"] is None:
                shown.pop(key, None)
                hidden.pop(key, None)
            else:
                shown[key] = change["row"]
        for part in personal[entry.seq].content if entry.seq in personal else ():
            hidden[f"{part['table']} {part['id']}"] = part["row"]
    return shown, hidden


async def chain_holds(conn: AsyncConnection) -> bool:
    """Every entry's hash and seal fit."""
    previous = GENESIS
    entries = await journal.after(conn, 0, limit=100_000)
    personal = await journal.sealed(conn, 0, entries[-1].seq if entries else 0)
    for entry in entries:
        previous = chained(previous, entry.body())
        part = personal.get(entry.seq)
        if entry.hash != previous or (part is not None and part.seal() != entry.seal):
            return False
    return True


@given(st.lists(st.integers(0, 2**32), min_size=20, max_size=60))
@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_the_board_agrees_with_the_tables(conn: AsyncConnection, numbers: list[int]) -> None:
    async with conn.transaction(force_rollback=True):
        night = Night(conn, ManualClock(START))
        await night.begin()
        for number in numbers:
            await night.step(number)
        assert await folded(conn) == await tables_now(conn)
        assert await chain_holds(conn)
        subjects = [entry.subject for entry in await journal.after(conn, 0, limit=100_000)]
        assert all(subjects)


async def test_a_long_night_uses_every_verb(conn: AsyncConnection) -> None:
    night = Night(conn, ManualClock(START))
    await night.begin()
    for number in range(700):
        await night.step(number * 7919)
    kinds = {entry.kind for entry in await journal.after(conn, 0, limit=100_000)}
    for verb in (
        "opened",
        "located",
        "reclassified",
        "noted",
        "accessed",
        "closed",
        "cancelled",
        "call_attached",
    ):
        assert f"incident.{verb}" in kinds
    for verb in (
        "sent",
        "acknowledged",
        "departed",
        "arrived",
        "finished",
        "refused",
        "cancelled",
        "replaced",
    ):
        assert f"assignment.{verb}" in kinds
    assert night.refused > 50
    assert await folded(conn) == await tables_now(conn)
    assert await chain_holds(conn)


async def test_no_personal_column_is_ever_public(conn: AsyncConnection) -> None:
    night = Night(conn, ManualClock(START))
    await night.begin()
    for number in range(400):
        await night.step(number * 7919)
    rows = await (await conn.execute("SELECT facts::text || changes::text FROM journal")).fetchall()
    public_text = "".join(row[0] for row in rows)
    for secret in (
        "Melati",
        "Ibu Demo",
        "+6200011300",
        "Cerita penelepon",
        "gapura hijau",
        "Catatan",
        "Bu Sari",
    ):
        assert secret not in public_text


_ENDS = {
    "assignment.finished",
    "assignment.result_reported",
    "assignment.refused",
    "assignment.cancelled",
    "assignment.replaced",
    "incident.resolved",
    "incident.closed",
    "incident.cancelled",
}
"""Facts that name a reason or a result, but for a restricted case."""


async def test_what_a_restricted_case_is_stands_in_no_public_part(conn: AsyncConnection) -> None:
    night = Night(conn, ManualClock(START))
    await night.begin()
    for number in range(700):
        await night.step(number * 7919)
    restricted, plain_ones, ended = 0, 0, 0
    now_restricted: set[str] = set()
    for entry in await journal.after(conn, 0, limit=100_000):
        for change in entry.changes:
            row = change["row"]
            if change["table"] == "assignment":
                assert isinstance(row, dict)
                assert {"reason", "result", "reason_text"}.isdisjoint(row)
            if change["table"] != "incident" or not isinstance(row, dict):
                continue
            if row["restricted"]:
                now_restricted.add(str(row["id"]))
            if row["restricted"]:
                restricted += 1
                assert {"type", "dangers", "narrative", "results", "close_reason"}.isdisjoint(row)
                assert row["category"] == entry.facts.get("type", row["category"])
            else:
                plain_ones += 1
                assert str(row["type"]).startswith(str(row["category"]))
        named = [entry.facts.get(code) for code in ("result", "result_before", "reason", "results")]
        if entry.kind in _ENDS and entry.facts["incident_id"] in now_restricted:
            ended += 1
            assert not any(named), entry
        elif entry.kind in _ENDS and entry.kind != "assignment.finished":
            assert any(named), entry
    assert restricted > 5
    assert plain_ones > 5
    assert ended > 3
