"""What happens when nobody answers: the steps of the ladder, and the desk's "heard"."""

from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from psycopg import AsyncConnection

from sigap.dispatch import scene as scenes
from sigap.dispatch.events import AssignmentAlarmAcknowledged, AssignmentEscalated, AssignmentRealerted
from sigap.dispatch.model import Assignment, Escalation, NotAllowedNow
from sigap.identity.model import Actor
from sigap.identity.versions import refuse_stale
from sigap.journal.model import Event
from sigap.kernel.clock import Clock
from sigap.kernel.versions import ANYTHING, Seen
from sigap.units import store as units
from sigap.units.model import Unit

TOLD: Final[dict[Escalation, tuple[str, ...]]] = {
    Escalation.NEXT_UNIT: ("dispatcher",),
    Escalation.SUPERVISOR: ("dispatcher", "supervisor"),
    Escalation.AGENCY_HEAD: ("dispatcher", "supervisor", "agency_head"),
}
"""Whom each step tells. The head of an agency is rung: the screens show title and number until that is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lateness:
    """What is late, by a clock that somebody has looked at just now."""

    late_for: str  # acknowledge | depart | arrive
    waited_s: float


async def escalate(
    conn: AsyncConnection,
    *,
    assignment_id: UUID,
    to: Escalation,
    late: Lateness,
    state_seen: str,
    proposed_unit: Unit | None = None,
    by: Actor,
    clock: Clock,
) -> Assignment:
    """Raise a late assignment to a step. Harmless if it is as high already, or no longer in the state that was late."""
    by.require("assignment.escalate")
    async with conn.transaction():
        scene, before = await scenes.lock_assignment(conn, assignment_id)
        if before.state != state_seen or before.escalation.height >= to.height:
            return before
        now = clock.now()
        proposed_id = proposed_unit.id if proposed_unit else None
        after = scene.change(before.risen(to, at=now, proposed_unit_id=proposed_id))
        sign = scene.sign(before.unit_id)
        event: Event
        if to is Escalation.REALERTED:
            event = AssignmentRealerted(
                incident_id=before.incident_id,
                assignment_id=before.id,
                agency=before.agency,
                unit=sign,
                late_for=late.late_for,
                waited_s=late.waited_s,
                told=["unit", "agency"] if before.unit_id else ["agency"],
                how="screen",
            )
        else:
            head = (
                (await units.agency(conn, before.agency)).head_title if to is Escalation.AGENCY_HEAD else None
            )
            event = AssignmentEscalated(
                incident_id=before.incident_id,
                assignment_id=before.id,
                agency=before.agency,
                unit=sign,
                step=to,
                late_for=late.late_for,
                waited_s=late.waited_s,
                told=list(TOLD[to]),
                how="call" if to is Escalation.AGENCY_HEAD else "screen",
                proposed_unit_id=proposed_id,
                proposed_unit=proposed_unit.code if proposed_unit else None,
                head_title=head,
            )
        await scenes.write(conn, scene, None, event, by=by, at=now)
    return after


async def acknowledge_alarm(
    conn: AsyncConnection, *, assignment_id: UUID, seen: Seen = ANYTHING, by: Actor, clock: Clock
) -> Assignment:
    """Somebody at the desk has heard it: sound and blinking stop until the next step. Repeating it is harmless.

    Raises NotAllowedNow while nothing is late, Denied.
    """
    async with conn.transaction():
        scene, before = await scenes.lock_assignment(conn, assignment_id)
        by.require("alarm.acknowledge")
        if before.escalation is Escalation.NONE or before.escalated_at is None:
            raise NotAllowedNow(verb="alarm", state=before.state, since=before.since, allowed=before.verbs())
        if before.alarm_acknowledged_at:
            return before
        await refuse_stale(conn, before, seen, tell=not scene.incident.restricted)
        now = clock.now()
        after = scene.change(
            replace(
                before, alarm_acknowledged_at=now, alarm_acknowledged_by=by.account_id, rev=before.rev + 1
            )
        )
        event = AssignmentAlarmAcknowledged(
            incident_id=before.incident_id,
            assignment_id=before.id,
            agency=before.agency,
            escalation=before.escalation,
            after_s=(now - before.escalated_at).total_seconds(),
        )
        await scenes.write(conn, scene, None, event, by=by, at=now)
    return after
