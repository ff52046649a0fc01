"""The jobs as procrastinate keeps them: rows of the same database, run when their time has come."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from procrastinate import App, BaseConnector, JobContext, RetryStrategy
from psycopg import AsyncConnection

from sigap.dispatch.ranking.proposal import TravelTimes
from sigap.identity.model import Actor
from sigap.kernel.clock import Clock
from sigap.kernel.pool import Database
from sigap.reactions.escalation import Look, look_again

QUEUE: Final = "reactions"
LOOK: Final = "look_again"
RETRY_S: Final = 2

type Deferrer = Callable[[AsyncConnection, Look], Awaitable[None]]
"""Writes a job in the transaction that is open on the connection."""


@dataclass(frozen=True, slots=True)
class Means:
    """What a job works with."""

    database: Database
    travel_times: TravelTimes
    clock: Clock


def jobs_app(connector: BaseConnector, means: Means) -> App:
    """procrastinate with our jobs, on this connector."""
    app = App(connector=connector)
    defer = deferrer(app)

    @app.task(name=LOOK, queue=QUEUE, pass_context=True, retry=RetryStrategy(max_attempts=1000, wait=RETRY_S))
    async def look(_context: JobContext, assignment_id: str) -> None:
        async with means.database.connection() as conn:
            again = await look_again(
                conn,
                assignment_id=UUID(assignment_id),
                travel_times=means.travel_times,
                by=Actor.machine("worker"),
                clock=means.clock,
            )
            if again:
                await defer(conn, again)

    return app


def deferrer(app: App) -> Deferrer:
    """How a follower writes this app's jobs."""

    async def defer(conn: AsyncConnection, look: Look) -> None:
        job = app.configure_task(LOOK, queue=QUEUE, schedule_at=look.at, connection=conn)
        await job.defer_async(assignment_id=str(look.assignment_id))

    return defer


async def take_up(app: App) -> int:
    """Put back what a worker that died had begun, and what failed for good; returns how many jobs. One worker at a time."""
    manager = app.job_manager
    begun = await manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=0)
    failed = await manager.list_jobs_async(queue=QUEUE, status="failed")
    left = [job.id for job in (*begun, *failed) if job.id is not None]
    for job_id in left:
        await manager.retry_job_by_id_async(job_id, retry_at=datetime.now(UTC))
    await manager.prune_stalled_workers(0)
    return len(left)
