"""The only way to write an entry."""

from collections.abc import Sequence
from datetime import datetime
from secrets import token_hex
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.types.json import Jsonb

from sigap.journal.model import Author, Entry, Event, Row, chained, change_of, removal_of, seal_of, sealed
from sigap.kernel.canonical import Json

_HEAD = "SELECT seq, hash FROM journal_head FOR UPDATE"

_WRITE = """
WITH entry AS (
    INSERT INTO journal (seq, occurred_at, recorded_at, actor, kind, subject, facts, changes, seal, hash)
    VALUES (%(seq)s, %(occurred_at)s, %(recorded_at)s, %(actor)s, %(kind)s, %(subject)s, %(facts)s, %(changes)s,
            %(seal)s, %(hash)s)
), personal AS (
    INSERT INTO journal_sealed (seq, salt, content)
    SELECT %(seq)s, %(salt)s::text, %(content)s::jsonb WHERE %(salt)s::text IS NOT NULL
), head AS (
    UPDATE journal_head SET seq = %(seq)s, hash = %(hash)s
)
SELECT pg_notify('journal', %(seq)s::text)
"""


async def append(
    conn: AsyncConnection,
    event: Event,
    *,
    rows: Sequence[Row] = (),
    removed: Sequence[tuple[str, UUID | str]] = (),
    by: Author,
    at: datetime,
    occurred_at: datetime | None = None,
) -> int:
    """Write what happened and the new rows; returns its number. The last statement of a verb's transaction.

    It takes the journal's head, and keeps it until commit: so numbers are in commit order, and a reader of
    `seq > last` misses nothing. `occurred_at` is given when the fact is older than its record (a spooled call,
    an offline crew). Raises ValueError for what JSON cannot keep.
    """
    facts = event.facts()
    changes = [change_of(row) for row in rows] + [removal_of(table, row_id) for table, row_id in removed]
    content: list[dict[str, Json]] = [
        {"table": row.table, "id": change["id"], "row": sealed(row)}
        for row, change in zip(rows, changes, strict=False)  # removals come after the rows
        if row.sealed_columns()
    ]
    salt = token_hex(16) if content else None
    cursor = await conn.execute(_HEAD)
    head = await cursor.fetchone()
    if head is None:
        raise RuntimeError("the journal has no head: run the migrations")
    entry = Entry(
        seq=head[0] + 1,
        occurred_at=occurred_at or at,
        recorded_at=at,
        actor=by.ref,
        kind=event.kind,
        subject=str(facts[event.subject]),
        facts=facts,
        changes=changes,
        seal=seal_of(salt, list(content)) if salt else None,
        hash=b"",
    )
    await conn.execute(
        _WRITE,
        {
            "seq": entry.seq,
            "occurred_at": entry.occurred_at,
            "recorded_at": entry.recorded_at,
            "actor": entry.actor,
            "kind": entry.kind,
            "subject": entry.subject,
            "facts": Jsonb(facts),
            "changes": Jsonb(changes),
            "seal": entry.seal,
            "hash": chained(head[1], entry.body()),
            "salt": salt,
            "content": Jsonb(content),
        },
    )
    return entry.seq
