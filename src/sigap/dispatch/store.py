"""All SQL about assignments."""

from dataclasses import asdict, replace
from typing import LiteralString, cast
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row

from sigap.dispatch.model import Assignment, Escalation, NoSuchAssignment, Role, State
from sigap.journal.model import columns

# Column names are field names of our own dataclass: literal in all but the checker's eyes.
_ASSIGNMENT = cast(LiteralString, ", ".join(columns(Assignment)))
_PLACES = cast(LiteralString, ", ".join(f"%({name})s" for name in columns(Assignment)))
_SETS = cast(LiteralString, ", ".join(f"{name} = %({name})s" for name in columns(Assignment) if name != "id"))


def _read(row: Assignment) -> Assignment:
    return replace(  # psycopg gives plain str
        row, role=Role(row.role), state=State(row.state), escalation=Escalation(row.escalation)
    )


async def add(conn: AsyncConnection, assignment: Assignment) -> None:
    """Store a new assignment. The database refuses a second live one for its unit."""
    await conn.execute(f"INSERT INTO assignment ({_ASSIGNMENT}) VALUES ({_PLACES})", asdict(assignment))


async def save(conn: AsyncConnection, assignment: Assignment) -> None:
    """Store what changed of an assignment whose incident the caller has locked."""
    await conn.execute(f"UPDATE assignment SET {_SETS} WHERE id = %(id)s", asdict(assignment))


async def get(conn: AsyncConnection, assignment_id: UUID) -> Assignment:
    """One assignment, as it is without a lock. Raises NoSuchAssignment."""
    cursor = await conn.cursor(row_factory=class_row(Assignment)).execute(
        f"SELECT {_ASSIGNMENT} FROM assignment WHERE id = %s",
        (assignment_id,),
    )
    row = await cursor.fetchone()
    if row is None:
        raise NoSuchAssignment()
    return _read(row)


async def of_incident(conn: AsyncConnection, incident_id: UUID) -> dict[UUID, Assignment]:
    """Every assignment of an incident, oldest first. Whoever holds the incident's lock may decide on them."""
    return {one.id: one for one in (await of_incidents(conn, [incident_id]))[incident_id]}


async def of_incidents(conn: AsyncConnection, incident_ids: list[UUID]) -> dict[UUID, list[Assignment]]:
    """The assignments of these incidents, oldest first, by incident."""
    cursor = await conn.cursor(row_factory=class_row(Assignment)).execute(
        f"SELECT {_ASSIGNMENT} FROM assignment WHERE incident_id = ANY(%s) ORDER BY sent_at, id",
        (incident_ids,),
    )
    found: dict[UUID, list[Assignment]] = {incident_id: [] for incident_id in incident_ids}
    for row in await cursor.fetchall():
        found[row.incident_id].append(_read(row))
    return found
