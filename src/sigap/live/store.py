"""What the room reads from the database: one snapshot with its number, then the journal's tail, and positions."""

from datetime import datetime
from typing import Any

from psycopg import AsyncConnection, sql
from psycopg.rows import class_row, tuple_row

from sigap.calls.model import Call, Callback, Seat
from sigap.dispatch.model import Assignment
from sigap.identity.model import Account
from sigap.incidents.model import Access, Incident
from sigap.journal import store as journal
from sigap.journal.model import Row, columns, public, sealed
from sigap.live.model import World
from sigap.units.model import Agency, Unit

_SHOWN: list[tuple[type[Row], str]] = [
    (Agency, "true"),
    (Unit, "true"),
    (Account, "true"),
    (Seat, "true"),
    (Incident, "closed_at IS NULL OR closed_at > %(since)s"),
    (
        Assignment,
        "incident_id IN (SELECT id FROM incident WHERE closed_at IS NULL OR closed_at > %(since)s)",
    ),
    (Call, "ended_at IS NULL OR ended_at > %(since)s"),
    (Callback, "done_at IS NULL OR done_at > %(since)s"),
]
"""What is still of interest of each table: everything open, and what ended since a day."""


_ACCESS = """
SELECT id, incident_id, account_id, granted_at, expires_at, rev, reason FROM incident_access
 WHERE expires_at IS NULL OR expires_at > %(since)s ORDER BY granted_at, id
"""


async def snapshot(conn: AsyncConnection, since: datetime) -> tuple[int, World]:
    """The room and the number of the last entry in it, from one view of the database."""
    world = World()
    async with conn.transaction():
        await conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        seq, _ = await journal.head(conn)
        for kind, condition in _SHOWN:
            query = sql.SQL("SELECT {} FROM {} WHERE {}").format(
                sql.SQL(", ").join(map(sql.Identifier, columns(kind))),
                sql.Identifier(kind.table),
                sql.SQL(condition),  # pyrefly: ignore[bad-argument-type]  # from the table above
            )
            cursor = conn.cursor(row_factory=class_row(kind))
            await cursor.execute(query, {"since": since})
            for row in await cursor.fetchall():
                shown = public(row) | sealed(row)
                world.put(kind.table, str(shown["id"]), shown)
        cursor = await conn.cursor(row_factory=class_row(Access)).execute(_ACCESS, {"since": since})
        for access in await cursor.fetchall():
            world.take_access(public(access))
    return seq, world


async def positions_since(conn: AsyncConnection, since: datetime) -> tuple[dict[str, list[Any]], datetime]:
    """Positions received after `since` as {unit_id: [lon, lat, epoch_s, speed_kmh, heading]}, and the newest moment."""
    cursor = await conn.cursor(row_factory=tuple_row).execute(
        "SELECT unit_id, lon, lat, measured_at, speed_kmh, heading, recorded_at FROM unit_position WHERE recorded_at > %s",
        (since,),
    )
    found: dict[str, list[Any]] = {}
    newest = since
    for unit_id, lon, lat, at, speed_kmh, heading, received_at in await cursor.fetchall():
        found[str(unit_id)] = [lon, lat, int(at.timestamp()), speed_kmh, heading]
        newest = max(newest, received_at)
    return found, newest
