"""What happened in a period, read from the rooms' tables in one view of the database."""

from dataclasses import dataclass
from datetime import datetime

from psycopg import AsyncConnection
from psycopg.rows import class_row

from sigap.journal import store as journal
from sigap.reporting.model import AssignmentFact, CallFact, IncidentFact, Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A period's facts and the journal's head at the moment of reading."""

    calls: list[CallFact]
    incidents: list[IncidentFact]
    assignments: list[AssignmentFact]
    agency_names: dict[str, str]
    offered_in_journal: int
    opened_in_journal: int
    """Counted from the journal alone: what the tables say is held against them."""
    journal_seq: int
    journal_hash: bytes


_CALLS = """
SELECT id, offered_at, answered_at, ended_at, end_cause, disposition
  FROM call WHERE offered_at >= %(start)s AND offered_at < %(end)s ORDER BY offered_at
"""

_INCIDENTS = """
SELECT i.id, i.type, i.category, i.priority, i.state, i.restricted, i.kecamatan_code, i.opened_at, i.closed_at,
       first_call.offered_at AS first_offered_at, first_call.answered_at AS first_answered_at,
       sent.first_sent_at, sent.first_arrived_at
  FROM incident i
  LEFT JOIN call first_call ON first_call.id = i.first_call_id
  LEFT JOIN LATERAL (
        SELECT min(sent_at) AS first_sent_at, min(arrived_at) AS first_arrived_at
          FROM assignment WHERE incident_id = i.id) sent ON true
 WHERE i.opened_at >= %(start)s AND i.opened_at < %(end)s ORDER BY i.opened_at
"""

_ASSIGNMENTS = """
SELECT agency, role, state, sent_at, acknowledged_at, departed_at, arrived_at, reason
  FROM assignment WHERE sent_at >= %(start)s AND sent_at < %(end)s ORDER BY sent_at
"""


_IN_JOURNAL = """
SELECT count(DISTINCT subject) FILTER (WHERE kind = 'call.offered'),
       count(DISTINCT subject) FILTER (WHERE kind = 'incident.opened')
  FROM journal
 WHERE kind IN ('call.offered', 'incident.opened') AND occurred_at >= %(start)s AND occurred_at < %(end)s
"""


async def facts_of(conn: AsyncConnection, period: Period) -> Facts:
    """Calls offered, incidents opened and assignments sent in the period."""
    bounds: dict[str, datetime] = {"start": period.starts_at, "end": period.ends_at}
    async with conn.transaction():
        await conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        calls = await (await conn.cursor(row_factory=class_row(CallFact)).execute(_CALLS, bounds)).fetchall()
        incidents = await (
            await conn.cursor(row_factory=class_row(IncidentFact)).execute(_INCIDENTS, bounds)
        ).fetchall()
        assignments = await (
            await conn.cursor(row_factory=class_row(AssignmentFact)).execute(_ASSIGNMENTS, bounds)
        ).fetchall()
        names = await (await conn.execute("SELECT id, short_name FROM agency")).fetchall()
        told = await (await conn.execute(_IN_JOURNAL, bounds)).fetchone()
        seq, head = await journal.head(conn)
    return Facts(
        calls=calls,
        incidents=incidents,
        assignments=assignments,
        agency_names=dict(names),
        offered_in_journal=told[0] if told else 0,
        opened_in_journal=told[1] if told else 0,
        journal_seq=seq,
        journal_hash=head,
    )
