"""Reading the journal."""

from collections.abc import AsyncIterator

from psycopg import AsyncConnection
from psycopg.rows import class_row, tuple_row
from psycopg.types.json import Jsonb

from sigap.journal.model import Entry, Sealed
from sigap.kernel.canonical import Json

_ENTRIES = (
    "SELECT seq, occurred_at, recorded_at, actor, kind, subject, facts, changes, seal, hash FROM journal "
)


async def head(conn: AsyncConnection) -> tuple[int, bytes]:
    """Number and hash of the last entry; (0, 32 zero bytes) before the first."""
    cursor = await conn.cursor(row_factory=tuple_row).execute("SELECT seq, hash FROM journal_head")
    row = await cursor.fetchone()
    if row is None:
        raise RuntimeError("the journal has no head: run the migrations")
    return row[0], row[1]


async def after(conn: AsyncConnection, seq: int, *, limit: int = 500) -> list[Entry]:
    """The entries behind `seq`, in order."""
    cursor = await conn.cursor(row_factory=class_row(Entry)).execute(
        _ENTRIES + "WHERE seq > %s ORDER BY seq LIMIT %s", (seq, limit)
    )
    return await cursor.fetchall()


async def about(conn: AsyncConnection, subjects: list[str]) -> list[Entry]:
    """Every entry about one of these things, oldest first: a timeline."""
    cursor = await conn.cursor(row_factory=class_row(Entry)).execute(
        _ENTRIES + "WHERE subject = ANY(%s) ORDER BY seq", (subjects,)
    )
    return await cursor.fetchall()


async def last_change(
    conn: AsyncConnection, table: str, row_id: str, rev: Json, *, within: int = 2000
) -> Entry | None:
    """The entry that gave a row its revision, if it is one of the newest `within`: older ones are not worth the search."""
    change = Jsonb([{"table": table, "id": row_id, "rev": rev}])
    cursor = await conn.cursor(row_factory=class_row(Entry)).execute(
        _ENTRIES
        + "WHERE seq > (SELECT seq FROM journal_head) - %s AND changes @> %s ORDER BY seq DESC LIMIT 1",
        (within, change),
    )
    return await cursor.fetchone()


async def sealed(conn: AsyncConnection, first: int, last: int) -> dict[int, Sealed]:
    """The personal parts of the entries first..last, by number; destroyed ones are absent."""
    cursor = await conn.cursor(row_factory=class_row(Sealed)).execute(
        "SELECT seq, salt, content FROM journal_sealed WHERE seq BETWEEN %s AND %s", (first, last)
    )
    return {part.seq: part for part in await cursor.fetchall()}


async def everything(conn: AsyncConnection, *, batch: int = 1000) -> AsyncIterator[Entry]:
    """The whole journal from its first entry, read in batches of one snapshot."""
    async with conn.transaction():
        await conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        last = 0
        while entries := await after(conn, last, limit=batch):
            for entry in entries:
                yield entry
            last = entries[-1].seq
