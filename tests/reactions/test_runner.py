"""The real worker on the real clock: killed, cut off, started twice; every step comes once."""

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from uuid import UUID

import psycopg
import pytest
from psycopg import AsyncConnection

from sigap.dispatch import actions
from sigap.journal import store as journal
from sigap.kernel import settings
from sigap.kernel.clock import SystemClock
from sigap.kernel.paths import Home
from sigap.reactions.runner import run
from tests.conftest import FreshDatabase
from tests.dispatch.conftest import Given
from tests.people import crew

LADDER = Counter({"realerted": 1, "next_unit": 1, "supervisor": 1, "agency_head": 1})
SHORT = """
[assignment.ack_alert_s]
p1 = 0.2
[assignment.next_unit_s]
p1 = 0.4
[assignment.supervisor_s]
p1 = 0.6
[assignment.agency_head_s]
p1 = 0.8
"""
WORKER = """
import asyncio, sys
from pathlib import Path
from sigap.kernel.paths import Home
from sigap.reactions.runner import run
asyncio.run(run(sys.argv[1], asyncio.Event(), home=Home(Path(sys.argv[2]))))
"""


@pytest.fixture
def short_clocks(home: Home) -> Iterator[Home]:
    """An installation whose P1 clocks run out within a second."""
    home.settings_file.write_text(SHORT, encoding="utf-8")
    yield home
    home.settings_file.unlink()
    settings.load(home.settings_file)  # a worker in this process has loaded them for every test


@pytest.fixture
async def given(connect: AsyncConnection) -> Given:
    """A room with its roster, on the machine's clock."""
    ready = Given(connect, SystemClock())
    await ready.roster()
    return ready


@asynccontextmanager
async def worker_process(database: FreshDatabase, home: Home) -> AsyncIterator[asyncio.subprocess.Process]:
    """A worker as the supervisor starts it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WORKER, database.app_url, str(home.root), env=os.environ | {"PYTHONPATH": "src"}
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGKILL)
        await process.wait()


@asynccontextmanager
async def worker(database: FreshDatabase, home: Home) -> AsyncIterator[None]:
    """A worker in this process."""
    stop = asyncio.Event()
    task = asyncio.create_task(run(database.app_url, stop, home=home))
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(task, 10)


async def ladders(conn: AsyncConnection, ids: set[UUID]) -> dict[UUID, Counter[str]]:
    """How often each assignment rose to each step."""
    found: dict[UUID, Counter[str]] = {one: Counter() for one in ids}
    for entry in await journal.after(conn, 0, limit=100_000):
        one = UUID(str(entry.facts.get("assignment_id", UUID(int=0))))
        if entry.kind in ("assignment.realerted", "assignment.escalated") and one in found:
            found[one][str(entry.facts.get("step", "realerted"))] += 1
    return found


async def all_risen(
    conn: AsyncConnection, ids: set[UUID], *, seconds: float = 30.0
) -> dict[UUID, Counter[str]]:
    """The ladders, once every assignment stands at the top or the time is over."""
    async with asyncio.timeout(seconds):
        while True:
            found = await ladders(conn, ids)
            if all(rungs["agency_head"] for rungs in found.values()):
                return found
            await asyncio.sleep(0.1)


async def test_killed_again_and_again_no_step_is_lost_or_doubled(
    fresh: FreshDatabase, connect: AsyncConnection, given: Given, short_clocks: Home
) -> None:
    ids: set[UUID] = set()
    for number in range(1, 8):
        async with worker_process(fresh, short_clocks):
            ids.add((await given.sent(f"DMK-{number:02d}")).id)
            # Cut at another moment of its work each time: while starting, following, running jobs.
            await asyncio.sleep(0.3 * number)
    async with worker_process(fresh, short_clocks):
        found = await all_risen(connect, ids)
    assert found == dict.fromkeys(ids, LADDER)


async def test_cut_off_from_the_database_it_comes_back(
    fresh: FreshDatabase,
    connect: AsyncConnection,
    given: Given,
    short_clocks: Home,
) -> None:
    ids: set[UUID] = set()
    async with worker(fresh, short_clocks):
        for number in range(1, 7):
            ids.add((await given.sent(f"DMK-{number:02d}")).id)
            await asyncio.sleep(0.3)
            await connect.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
            )
        found = await all_risen(connect, ids)
    assert found == dict.fromkeys(ids, LADDER)


async def test_two_workers_do_the_work_of_one(
    fresh: FreshDatabase, connect: AsyncConnection, given: Given, short_clocks: Home
) -> None:
    async with worker(fresh, short_clocks), worker(fresh, short_clocks):
        ids = {(await given.sent(f"DMK-{number:02d}")).id for number in range(1, 6)}
        found = await all_risen(connect, ids)
    assert found == dict.fromkeys(ids, LADDER)


async def test_it_catches_up_with_what_happened_while_it_was_away(
    fresh: FreshDatabase, connect: AsyncConnection, given: Given, short_clocks: Home
) -> None:
    late = await given.sent("DMK-07")
    answered = await given.sent("DMK-01")
    assert answered.unit_id
    await actions.acknowledge(
        connect, assignment_id=answered.id, by=crew(answered.unit_id), clock=SystemClock()
    )
    await asyncio.sleep(1.0)
    async with worker(fresh, short_clocks):
        await all_risen(connect, {late.id})
    found = await ladders(connect, {late.id, answered.id})
    assert found == {late.id: LADDER, answered.id: Counter()}


async def test_a_job_that_a_dead_worker_had_begun_is_taken_up(
    fresh: FreshDatabase,
    connect: AsyncConnection,
    owner: psycopg.Connection,
    given: Given,
    short_clocks: Home,
) -> None:
    """What kill -9 in the middle of a job leaves: a job that is `doing`, of a worker that signs no more."""
    async with worker(fresh, short_clocks):
        first = await given.sent("DMK-07")
        await all_risen(connect, {first.id})
    owner.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
    second = await given.sent("DMK-01")
    owner.execute(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, worker_id)"
        " SELECT 'reactions', 'look_again', jsonb_build_object('assignment_id', %s::text), 'doing', max(id)"
        " FROM procrastinate_workers",
        (str(second.id),),
    )
    owner.execute("UPDATE reaction_cursor SET seq = (SELECT seq FROM journal_head)")
    async with worker(fresh, short_clocks):
        found = await all_risen(connect, {second.id})
    assert found[second.id] == LADDER
    row = owner.execute("SELECT count(*) FROM procrastinate_jobs WHERE status <> 'succeeded'").fetchone()
    assert row == (0,)
