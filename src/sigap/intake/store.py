"""Which case an id belongs to. Assignments are read by dispatch's own store."""

from uuid import UUID

from psycopg import AsyncConnection


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
