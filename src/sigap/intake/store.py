"""What this desk reads of assignments, and which case an id belongs to. It writes no assignment: they are dispatch's."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentSeen:
    """An assignment as the incident's page shows it."""

    id: UUID
    incident_id: UUID
    agency: str
    unit_id: UUID | None
    role: str
    state: str
    sent_at: datetime
    acknowledged_at: datetime | None
    departed_at: datetime | None
    arrived_at: datetime | None
    done_at: datetime | None
    ended_at: datetime | None
    reason: str | None
    result: str | None
    replaces_id: UUID | None
    by_phone: bool
    eta_s: float | None
    flags: list[str]
    escalation: str
    rev: int
    reason_text: str | None
    phone_contact: str | None
    result_note: str | None


_ASSIGNMENT: Final = """
    id, incident_id, agency, unit_id, role, state, sent_at, acknowledged_at, departed_at, arrived_at, done_at, ended_at,
    reason, result, replaces_id, by_phone, eta_s, flags, escalation, rev, reason_text, phone_contact, result_note
"""


async def assignments(conn: AsyncConnection, incident_ids: list[UUID]) -> dict[UUID, list[AssignmentSeen]]:
    """The assignments of these incidents, oldest first, by incident."""
    cursor = await conn.cursor(row_factory=class_row(AssignmentSeen)).execute(
        f"SELECT {_ASSIGNMENT} FROM assignment WHERE incident_id = ANY(%s) ORDER BY sent_at, id",
        (incident_ids,),
    )
    found: dict[UUID, list[AssignmentSeen]] = {incident_id: [] for incident_id in incident_ids}
    for row in await cursor.fetchall():
        found[row.incident_id].append(row)
    return found


async def restricted_among(conn: AsyncConnection, ids: list[UUID]) -> UUID | None:
    """The restricted incident that one of these ids of incidents, assignments or calls is about, if any."""
    cursor = await conn.execute(
        "WITH about AS (SELECT unnest(%(ids)s::uuid[]) AS id"
        " UNION SELECT incident_id FROM assignment WHERE id = ANY(%(ids)s)"
        " UNION SELECT incident_id FROM call WHERE id = ANY(%(ids)s))"
        " SELECT id FROM about JOIN incident USING (id) WHERE restricted LIMIT 1",
        {"ids": ids},
    )
    row = await cursor.fetchone()
    return row[0] if row else None
