"""Turns journal entries into jobs: cursor and jobs move in one transaction, so none is lost and none is made twice."""

from psycopg import AsyncConnection

from sigap.journal import store as journal
from sigap.kernel.clock import Clock
from sigap.reactions import store
from sigap.reactions.escalation import Look, looks_after
from sigap.reactions.jobs import Deferrer

NAME = "worker"
BATCH = 200


async def catch_up(conn: AsyncConnection, *, defer: Deferrer, clock: Clock) -> int:
    """Deal with everything behind the cursor; returns how many entries that were. Also tells that the follower lives."""
    dealt = 0
    while read := await _one_batch(conn, defer=defer, clock=clock):
        dealt += read
    return dealt


async def _one_batch(conn: AsyncConnection, *, defer: Deferrer, clock: Clock) -> int:
    async with conn.transaction():
        last = await store.lock_cursor(conn, NAME, at=clock.now())
        entries = await journal.after(conn, last, limit=BATCH)
        looks: list[Look] = await looks_after(conn, entries)
        for look in looks:
            await defer(conn, look)
        await store.move_cursor(conn, NAME, entries[-1].seq if entries else last, at=clock.now())
    return len(entries)
