"""A late assignment rises: re-alert, next unit, supervisor, head of the agency. No assignment can be forgotten.

Only the next step of each assignment waits as a job. When it runs it looks at the assignment again, raises it if it is
still late, and the entry that this writes makes the follower plan the step after it: so even after an outage of hours
the steps come in their order, each with its own entry.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg import AsyncConnection

from sigap.dispatch import alarms
from sigap.dispatch import store as assignments
from sigap.dispatch.clocks import Due, due
from sigap.dispatch.model import Assignment, Escalation
from sigap.dispatch.ranking.proposal import TravelTimes, next_unit
from sigap.identity.model import Actor
from sigap.incidents import store as incidents
from sigap.journal.model import Entry
from sigap.kernel.clock import Clock
from sigap.units import store as units
from sigap.units.model import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Look at an assignment again at a moment: is it still late?"""

    assignment_id: UUID
    at: datetime


def touched(entry: Entry) -> list[UUID]:
    """The assignments whose clocks an entry may have changed."""
    rows = [change for change in entry.changes if change["table"] == "assignment" and change["row"]]
    return [UUID(str(change["id"])) for change in rows]


async def looks_after(conn: AsyncConnection, entries: list[Entry]) -> list[Look]:
    """What is to be looked at again, and when, after these entries; by the state of now, which may be newer."""
    ids = {assignment_id: None for entry in entries for assignment_id in touched(entry)}
    for entry in entries:
        if entry.kind == "incident.reclassified":  # another urgency, other clocks
            ids |= dict.fromkeys(await assignments.of_incident(conn, UUID(entry.subject)))
    looks = []
    for assignment_id in ids:
        step = await next_step(conn, await assignments.get(conn, assignment_id))
        if step:
            looks.append(Look(assignment_id=assignment_id, at=step.at))
    return looks


async def next_step(conn: AsyncConnection, assignment: Assignment) -> Due | None:
    """The lowest step to which it has not risen yet."""
    if not assignment.is_live:
        return None
    incident = await incidents.get(conn, assignment.incident_id)
    agency = await units.agency(conn, assignment.agency)
    steps = due(assignment, incident.priority, sends_crews=agency.sends_crews)
    return next((one for one in steps if one.step.height > assignment.escalation.height), None)


async def look_again(
    conn: AsyncConnection, *, assignment_id: UUID, travel_times: TravelTimes, by: Actor, clock: Clock
) -> Look | None:
    """Raise the assignment if it is late now. Returns the next look where its clock has moved into the future."""
    assignment = await assignments.get(conn, assignment_id)
    step = await next_step(conn, assignment)
    if step is None:
        return None
    now = clock.now()
    if step.at > now:
        return Look(assignment_id=assignment_id, at=step.at)
    await alarms.escalate(
        conn,
        assignment_id=assignment_id,
        to=step.step,
        late=alarms.Lateness(late_for=step.late_for, waited_s=(now - step.since).total_seconds()),
        state_seen=assignment.state,
        proposed_unit=await _proposed(conn, assignment, step, travel_times=travel_times, at=now),
        by=by,
        clock=clock,
    )
    return None


async def _proposed(
    conn: AsyncConnection, assignment: Assignment, step: Due, *, travel_times: TravelTimes, at: datetime
) -> Unit | None:
    if step.step is not Escalation.NEXT_UNIT:
        return None
    incident = await incidents.get(conn, assignment.incident_id)
    return await next_unit(conn, incident, assignment, travel_times=travel_times, at=at)
