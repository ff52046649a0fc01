"""A night in seconds: the follower and the jobs on a clock that jumps to whatever is due next."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from procrastinate import PsycopgConnector
from psycopg import AsyncConnection

from sigap.dispatch.model import Assignment
from sigap.dispatch.ranking.roads import by_road
from sigap.identity.model import Actor
from sigap.journal import store as journal
from sigap.journal.model import Entry
from sigap.kernel.clock import ManualClock
from sigap.kernel.pool import Database
from sigap.reactions.escalation import Look, look_again
from sigap.reactions.follower import catch_up
from sigap.reactions.jobs import Deferrer, Means, deferrer, jobs_app
from tests.dispatch.conftest import Given


@dataclass(frozen=True, slots=True)
class Night:
    """Plays what the worker would do, job by job, at the moment each is due."""

    conn: AsyncConnection
    clock: ManualClock
    defer: Deferrer

    async def passes(self, *, seconds: float) -> None:
        """Time goes on; whatever falls due meanwhile happens at its own moment."""
        end = self.clock.now() + timedelta(seconds=seconds)
        while job := await self.next_job(end):
            look, job_id = job
            if look.at > self.clock.now():
                self.clock.tick(seconds=(look.at - self.clock.now()).total_seconds())
            await self.conn.execute("DELETE FROM procrastinate_jobs WHERE id = %s", (job_id,))
            again = await look_again(
                self.conn,
                assignment_id=look.assignment_id,
                travel_times=by_road(None),
                by=Actor.machine("worker"),
                clock=self.clock,
            )
            if again:
                await self.defer(self.conn, again)
        self.clock.tick(seconds=(end - self.clock.now()).total_seconds())

    async def next_job(self, end: datetime) -> tuple[Look, int] | None:
        """The first waiting job due by then, after the follower has caught up."""
        await catch_up(self.conn, defer=self.defer, clock=self.clock)
        cursor = await self.conn.execute(
            "SELECT (args->>'assignment_id')::uuid, scheduled_at, id FROM procrastinate_jobs"
            " WHERE status = 'todo' AND scheduled_at <= %s ORDER BY scheduled_at, id LIMIT 1",
            (end,),
        )
        row = await cursor.fetchone()
        return (Look(assignment_id=row[0], at=row[1]), row[2]) if row else None

    async def waiting(self) -> int:
        """How many jobs wait."""
        await catch_up(self.conn, defer=self.defer, clock=self.clock)
        cursor = await self.conn.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'")
        row = await cursor.fetchone()
        assert row
        return int(row[0])

    async def steps(self, assignment: Assignment) -> list[tuple[str, float]]:
        """Each step that an assignment rose, and how many seconds it had waited."""
        return [
            (str(entry.facts.get("step", "realerted")), float(str(entry.facts["waited_s"])))
            for entry in await self.risen(assignment)
        ]

    async def risen(self, assignment: Assignment) -> list[Entry]:
        """The entries of its alarms."""
        return [
            entry
            for entry in await journal.about(self.conn, [str(assignment.incident_id)])
            if entry.kind in ("assignment.realerted", "assignment.escalated")
            and entry.facts["assignment_id"] == str(assignment.id)
        ]


@pytest.fixture
async def given(conn: AsyncConnection, clock: ManualClock) -> Given:
    """A room with its roster."""
    ready = Given(conn, clock)
    await ready.roster()
    return ready


@pytest.fixture
def night(conn: AsyncConnection, clock: ManualClock, given: Given) -> Night:
    """The worker's half of that room."""
    means = Means(Database("unused"), by_road(None), clock)
    return Night(conn, clock, deferrer(jobs_app(PsycopgConnector(), means)))
