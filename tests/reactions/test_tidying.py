"""The worker forgets what is kept for a while only."""

import asyncio
from datetime import timedelta

from psycopg import AsyncConnection

from sigap.identity import store
from sigap.kernel.clock import SystemClock
from sigap.kernel.paths import Home
from sigap.reactions.runner import run
from tests.conftest import FreshDatabase

FIRST = store.KeptRequest(request_sha256=b"request", rights=None)


async def test_first_answers_are_kept_for_seven_days(
    connect: AsyncConnection, fresh: FreshDatabase, home: Home
) -> None:
    now = SystemClock().now()
    for key, age in (("old", timedelta(days=7, minutes=1)), ("young", timedelta(days=6, hours=23))):
        assert await store.claim_key(connect, "account:1", key, FIRST, now - age)
    stop = asyncio.Event()
    worker = asyncio.create_task(run(fresh.app_url, stop, home=home))
    kept: set[str] = set()
    for _ in range(100):
        cursor = await connect.execute("SELECT key FROM idempotency")
        kept = {row[0] for row in await cursor.fetchall()}
        if len(kept) < 2:
            break
        await asyncio.sleep(0.1)
    stop.set()
    await worker
    assert kept == {"young"}
