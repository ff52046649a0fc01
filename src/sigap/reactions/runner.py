"""The worker's work: one follower of the journal and one runner of the jobs that come of it.

Several workers may be started: one holds the room's lock and works, the others wait for it. Whatever dies, work goes on
from the cursor and the job rows: the database restarts, the worker is killed, both.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import ConnectorException
from psycopg import AsyncConnection, OperationalError
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from sigap.dispatch.ranking.roads import by_road
from sigap.geo.search_pool import SearchPool
from sigap.identity import store as identity
from sigap.kernel import settings
from sigap.kernel.clock import Clock, SystemClock
from sigap.kernel.paths import Home
from sigap.kernel.pool import Database, DatabaseDown
from sigap.reactions.follower import catch_up
from sigap.reactions.jobs import QUEUE, Means, deferrer, jobs_app, take_up

POLL_S = 1.0
"""A job runs at most this much after its time, and a missed wake-up costs this much."""
AGAIN_S = 0.5
"""Wait before the next try when the database is away."""
AT_ONCE = 4
"""Jobs that run side by side."""
GRACE_S = 2.0
"""How long a job may take to end when the worker is told to stop."""

TIDY_EVERY = timedelta(hours=1)
ANSWERS_KEPT = timedelta(days=7)
"""How long a repeated request gets its first answer again."""

log = logging.getLogger("sigap.reactions")


class WorkerStopped(RuntimeError):
    """The job runner ended although nobody told it to."""


async def run(
    app_url: str, stop: asyncio.Event, *, home: Home | None = None, clock: Clock | None = None
) -> None:
    """Follow the journal and keep the clocks until `stop` is set. Survives the database's restarts."""
    of_home = home or Home.from_environment()
    settings.load(of_home.settings_file)
    roads = SearchPool(of_home)
    try:
        while not stop.is_set():
            try:
                await _shift(app_url, stop, roads=roads, clock=clock or SystemClock())
            except* (OperationalError, PoolTimeout, ConnectorException, DatabaseDown, WorkerStopped) as lost:
                why = type(lost.exceptions[0]).__name__
                log.warning(
                    "The database is away; trying again.", extra={"action": "reactions.waiting", "why": why}
                )
                await _wait(stop, AGAIN_S)
    finally:
        roads.stop()


async def _shift(app_url: str, stop: asyncio.Event, *, roads: SearchPool, clock: Clock) -> None:
    """Work on one set of connections until `stop`, or until one of them breaks."""
    async with await AsyncConnection.connect(app_url, autocommit=True, connect_timeout=3) as conn:
        if not await _hold_room(conn, stop):
            return
        async with _jobs(app_url, roads, clock) as app:
            taken = await take_up(app)
            log.info("Following the journal.", extra={"action": "reactions.started", "jobs_taken_up": taken})
            async with asyncio.TaskGroup() as group:
                work = group.create_task(_work(app, stop))
                try:
                    await _follow(conn, app, stop, clock)
                finally:
                    work.cancel()


@asynccontextmanager
async def _jobs(app_url: str, roads: SearchPool, clock: Clock) -> AsyncIterator[App]:
    # No `check=`: after a kill of the server it would try every dead connection in turn, for seconds.
    pool = AsyncConnectionPool(app_url, min_size=1, max_size=AT_ONCE, timeout=3.0, open=False)
    database = Database(app_url, size=AT_ONCE)
    connector = PsycopgConnector()
    await pool.open(wait=True, timeout=3.0)
    await database.open()
    try:
        await connector.open_async(pool)
        yield jobs_app(connector, Means(database, by_road(roads), clock))
    finally:
        await database.close()
        await pool.close()


async def _hold_room(conn: AsyncConnection, stop: asyncio.Event) -> bool:
    """Be the one worker of this room; False when told to stop before."""
    while not stop.is_set():
        cursor = await conn.execute("SELECT pg_try_advisory_lock(hashtext('sigap.reactions'))")
        row = await cursor.fetchone()
        if row and row[0]:
            return True
        await _wait(stop, POLL_S)
    return False


async def _follow(conn: AsyncConnection, app: App, stop: asyncio.Event, clock: Clock) -> None:
    await conn.execute("LISTEN journal")
    defer = deferrer(app)
    tidied: datetime | None = None
    while not stop.is_set():
        await catch_up(conn, defer=defer, clock=clock)
        now = clock.now()
        if tidied is None or now - tidied >= TIDY_EVERY:
            await identity.forget_answers(conn, now - ANSWERS_KEPT)
            tidied = now
        async for _ in conn.notifies(timeout=POLL_S, stop_after=1):
            pass


async def _work(app: App, stop: asyncio.Event) -> None:
    await app.run_worker_async(
        queues=[QUEUE],
        concurrency=AT_ONCE,
        install_signal_handlers=False,
        fetch_job_polling_interval=POLL_S,
        listen_notify=False,  # jobs wait for a clock: nothing is gained by being told of them, and a connection is saved
        delete_jobs="successful",
        shutdown_graceful_timeout=GRACE_S,
    )
    if not stop.is_set():
        raise WorkerStopped


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
