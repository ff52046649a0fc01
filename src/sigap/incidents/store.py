"""All SQL about incidents, their notes, their grants and the day's ticket counter."""

from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, Final, LiteralString
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from sigap.incidents.model import (
    Access,
    Incident,
    IntakeChannel,
    NoSuchIncident,
    Note,
    Priority,
    State,
    ticket_day,
)

_INCIDENT: Final = """
    id, ticket_number, short_number, type, category, national_group, priority, state, restricted,
    intake_channel, kecamatan_code, desa_code, outside, uncertainty_m, first_call_id,
    first_call_offered_at, opened_by, opened_at, location_confirmed_at, resolved_at, closed_at,
    close_reason, results, dangers, rev, lon, lat, place_text, landmark, narrative, reporter_name,
    callback_number
"""
_PLACES: Final = """
    %(id)s, %(ticket_number)s, %(short_number)s, %(type)s, %(category)s, %(national_group)s,
    %(priority)s, %(state)s, %(restricted)s, %(intake_channel)s, %(kecamatan_code)s, %(desa_code)s,
    %(outside)s, %(uncertainty_m)s, %(first_call_id)s, %(first_call_offered_at)s, %(opened_by)s,
    %(opened_at)s, %(location_confirmed_at)s, %(resolved_at)s, %(closed_at)s, %(close_reason)s,
    %(results)s, %(dangers)s, %(rev)s, %(lon)s, %(lat)s, %(place_text)s, %(landmark)s,
    %(narrative)s, %(reporter_name)s, %(callback_number)s
"""
_SETS: Final = """
    ticket_number = %(ticket_number)s, short_number = %(short_number)s, type = %(type)s, category =
    %(category)s, national_group = %(national_group)s, priority = %(priority)s, state = %(state)s,
    restricted = %(restricted)s, intake_channel = %(intake_channel)s, kecamatan_code =
    %(kecamatan_code)s, desa_code = %(desa_code)s, outside = %(outside)s, uncertainty_m =
    %(uncertainty_m)s, first_call_id = %(first_call_id)s, first_call_offered_at =
    %(first_call_offered_at)s, opened_by = %(opened_by)s, opened_at = %(opened_at)s,
    location_confirmed_at = %(location_confirmed_at)s, resolved_at = %(resolved_at)s, closed_at =
    %(closed_at)s, close_reason = %(close_reason)s, results = %(results)s, dangers = %(dangers)s,
    rev = %(rev)s, lon = %(lon)s, lat = %(lat)s, place_text = %(place_text)s, landmark =
    %(landmark)s, narrative = %(narrative)s, reporter_name = %(reporter_name)s, callback_number =
    %(callback_number)s
"""
_NOTE: Final = "id, incident_id, written_by, written_at, rev, text"
_ACCESS: Final = "id, incident_id, account_id, granted_at, expires_at, rev, reason"


def _read(row: Incident) -> Incident:
    return replace(  # psycopg gives plain str
        row,
        priority=Priority(row.priority),
        state=State(row.state),
        intake_channel=IntakeChannel(row.intake_channel),
    )


def _written(incident: Incident) -> dict[str, Any]:
    return asdict(incident) | {"results": Jsonb(incident.results)}


async def add(conn: AsyncConnection, incident: Incident) -> None:
    """Store a new incident."""
    await conn.execute(f"INSERT INTO incident ({_INCIDENT}) VALUES ({_PLACES})", _written(incident))


async def save(conn: AsyncConnection, incident: Incident) -> None:
    """Store what changed of an incident that the caller has locked."""
    await conn.execute(f"UPDATE incident SET {_SETS} WHERE id = %(id)s", _written(incident))


async def get(conn: AsyncConnection, incident_id: UUID) -> Incident:
    """The incident. Raises NoSuchIncident."""
    return await _one(conn, f"SELECT {_INCIDENT} FROM incident WHERE id = %s", incident_id)


async def lock(conn: AsyncConnection, incident_id: UUID) -> Incident:
    """The incident, locked until commit. Raises NoSuchIncident."""
    return await _one(conn, f"SELECT {_INCIDENT} FROM incident WHERE id = %s FOR UPDATE", incident_id)


async def _one(conn: AsyncConnection, query: LiteralString, incident_id: UUID) -> Incident:
    cursor = await conn.cursor(row_factory=class_row(Incident)).execute(query, (incident_id,))
    row = await cursor.fetchone()
    if row is None:
        raise NoSuchIncident()
    return _read(row)


async def many(conn: AsyncConnection, incident_ids: list[UUID]) -> dict[UUID, Incident]:
    """Those of these incidents that exist, by id."""
    cursor = await conn.cursor(row_factory=class_row(Incident)).execute(
        f"SELECT {_INCIDENT} FROM incident WHERE id = ANY(%s)",
        (incident_ids,),
    )
    return {row.id: _read(row) for row in await cursor.fetchall()}


async def open_ones(conn: AsyncConnection) -> dict[UUID, str | None]:
    """Every open incident and the number at which its reporter can be called back."""
    cursor = await conn.execute(
        "SELECT id, callback_number FROM incident WHERE state NOT IN ('closed', 'cancelled')"
    )
    return {row[0]: row[1] for row in await cursor.fetchall()}


async def to_seal(conn: AsyncConnection) -> list[UUID]:
    """Restricted cases whose public rows still name what they are or how they ended, from before that was personal."""
    cursor = await conn.execute("SELECT incident_id FROM incident_to_seal ORDER BY incident_id")
    return [row[0] for row in await cursor.fetchall()]


async def has_been_sealed(conn: AsyncConnection, incident_id: UUID) -> None:
    """One of those was written again."""
    await conn.execute("DELETE FROM incident_to_seal WHERE incident_id = %s", (incident_id,))


async def next_count(conn: AsyncConnection, at: datetime) -> int:
    """The day's next ticket count; its row stays locked until commit, so numbers have no gap and no twin."""
    cursor = await conn.execute(
        "INSERT INTO ticket_day (day, last) VALUES (%s, 1)"
        " ON CONFLICT (day) DO UPDATE SET last = ticket_day.last + 1 RETURNING last",
        (ticket_day(at),),
    )
    row = await cursor.fetchone()
    if row is None:
        raise RuntimeError("the ticket counter gave no number")
    return int(row[0])


async def add_note(conn: AsyncConnection, note: Note) -> None:
    """Store a note."""
    await conn.execute(
        f"INSERT INTO incident_note ({_NOTE}) VALUES"
        " (%(id)s, %(incident_id)s, %(written_by)s, %(written_at)s, %(rev)s, %(text)s)",
        asdict(note),
    )


async def notes(conn: AsyncConnection, incident_id: UUID) -> list[Note]:
    """What was written about an incident, oldest first."""
    cursor = await conn.cursor(row_factory=class_row(Note)).execute(
        f"SELECT {_NOTE} FROM incident_note WHERE incident_id = %s ORDER BY written_at, id",
        (incident_id,),
    )
    return await cursor.fetchall()


async def add_access(conn: AsyncConnection, access: Access) -> None:
    """Store a grant."""
    await conn.execute(
        f"INSERT INTO incident_access ({_ACCESS}) VALUES"
        " (%(id)s, %(incident_id)s, %(account_id)s, %(granted_at)s, %(expires_at)s, %(rev)s, %(reason)s)",
        asdict(access),
    )


async def accesses(conn: AsyncConnection, incident_ids: list[UUID], account_id: UUID) -> list[Access]:
    """One person's grants on these incidents, past ones too."""
    cursor = await conn.cursor(row_factory=class_row(Access)).execute(
        f"SELECT {_ACCESS} FROM incident_access WHERE incident_id = ANY(%s) AND account_id = %s",
        (incident_ids, account_id),
    )
    return await cursor.fetchall()
