"""The verbs of agency and crew, told by themselves or, by phone and radio, by the desk: from acknowledge to result.

Sending, ending and alarms stand beside this file: `sending`, `closing`, `alarms`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from psycopg import AsyncConnection

from sigap.dispatch import scene as scenes
from sigap.dispatch.events import (
    AssignmentAcknowledged,
    AssignmentArrived,
    AssignmentDeparted,
    AssignmentFinished,
    AssignmentRefused,
    AssignmentResultReported,
    AssignmentUnitChosen,
)
from sigap.dispatch.model import (
    Assignment,
    HasUnit,
    NeedsContact,
    NotAllowedNow,
    SentTwice,
    State,
    Verb,
    check_reason,
    check_result,
)
from sigap.dispatch.scene import Scene, permit_agency, permit_units
from sigap.dispatch.sending import refuse_taken
from sigap.dispatch.words import REFUSAL_REASONS
from sigap.identity.model import Actor
from sigap.identity.versions import refuse_stale
from sigap.kernel.clock import Clock
from sigap.kernel.ids import new_id
from sigap.kernel.versions import ANYTHING, Seen
from sigap.units import store as units
from sigap.units.model import UnitOfAnotherAgency, UnitStatus

NOTHING_PROMISED: Final[Mapping[UUID, float]] = {}
"""Travel seconds by unit where none are known."""

_LEFT_BEHIND = {
    "no_driver": UnitStatus.UNMANNED,
    "no_crew": UnitStatus.UNMANNED,
    "vehicle_out_of_service": UnitStatus.OUT_OF_SERVICE,
    "fuel": UnitStatus.OUT_OF_SERVICE,
}
"""What a refusal says about the unit itself: it must not be proposed again a minute later."""


async def acknowledge(
    conn: AsyncConnection,
    *,
    assignment_id: UUID,
    unit_ids: Sequence[UUID] = (),
    promised: Mapping[UUID, float] = NOTHING_PROMISED,
    contact: str | None = None,
    text: str | None = None,
    seen: Seen = ANYTHING,
    by: Actor,
    clock: Clock,
) -> Assignment:
    """The agency or its crew takes the job (T6); the desk does it for whom it has on the phone or radio.

    An agency may name its units at once: the first goes on this assignment, each further one on a new, already
    acknowledged one. `text` is what was said with it. Repeating it is harmless. Raises NotAllowedNow, NeedsContact (an agency without a screen: with
    whom did you speak?), HasUnit, UnitTaken, UnitNotReady, UnitOfAnotherAgency, Denied.
    """
    async with conn.transaction():
        scene, before = await scenes.lock_assignment(conn, assignment_id, unit_ids=unit_ids)
        by_desk = permit_units(by, before, unit_ids)
        if before.state is State.ACKNOWLEDGED and (not unit_ids or before.unit_id == unit_ids[0]):
            return before
        await refuse_stale(conn, before, seen, tell=not scene.incident.restricted)
        if by_desk and not contact and (await units.agency(conn, before.agency)).phone_only:
            raise NeedsContact(agency=before.agency)
        now = clock.now()
        after = _told(before.step(Verb.ACKNOWLEDGE, at=now), text)
        after = replace(after, by_phone=by_desk, phone_contact=contact)
        after, further = await _put_units(conn, scene, before, after, unit_ids, promised, at=now)
        scene.set_unit(after, UnitStatus.ACKNOWLEDGED, at=now)
        event = AssignmentAcknowledged(
            incident_id=before.incident_id,
            assignment_id=before.id,
            agency=before.agency,
            unit_id=after.unit_id,
            unit=scene.sign(after.unit_id),
            by_phone=by_desk,
            acknowledge_s=(now - before.sent_at).total_seconds(),
            further=[scene.sent(one) for one in further],
        )
        await scenes.commit(conn, scene, event, by=by, at=now)
    return after


async def choose_units(
    conn: AsyncConnection,
    *,
    assignment_id: UUID,
    unit_ids: Sequence[UUID],
    promised: Mapping[UUID, float] = NOTHING_PROMISED,
    seen: Seen = ANYTHING,
    by: Actor,
    clock: Clock,
) -> list[Assignment]:
    """The agency says which of its units go, after it took the job; also further ones later. Returns their assignments.

    Raises NotAllowedNow before it was acknowledged and once it ended, UnitTaken, UnitNotReady, UnitOfAnotherAgency.
    """
    async with conn.transaction():
        scene, before = await scenes.lock_assignment(conn, assignment_id, unit_ids=unit_ids)
        permit_units(by, before, unit_ids)
        await refuse_stale(conn, before, seen, tell=not scene.incident.restricted)
        allowed = {State.ACKNOWLEDGED} | ({State.DEPARTED, State.ARRIVED} if before.unit_id else set())
        if before.state not in allowed:
            raise NotAllowedNow(
                verb="choose_units", state=before.state, since=before.since, allowed=before.verbs()
            )
        now = clock.now()
        if before.unit_id:
            chosen = await _further(conn, scene, before, unit_ids, promised, at=now)
        else:
            after = replace(before, rev=before.rev + 1)
            after, further = await _put_units(conn, scene, before, after, unit_ids, promised, at=now)
            chosen = [after, *further]
        event = AssignmentUnitChosen(
            incident_id=before.incident_id,
            assignment_id=before.id,
            agency=before.agency,
            chosen=[scene.sent(one) for one in chosen],
        )
        await scenes.commit(conn, scene, event, by=by, at=now)
    return chosen


async def depart(
    conn: AsyncConnection,
    *,
    assignment_id: UUID,
    at: datetime | None = None,
    text: str | None = None,
    seen: Seen = ANYTHING,
    by: Actor,
    clock: Clock,
) -> Assignment:
    """Wheels are rolling (T7). `at` is when, if it is told late. Repeating it is harmless. Raises NotAllowedNow."""
    async with conn.transaction():
        scene, before = await scenes.lock_assignment(conn, assignment_id)
        permit_agency(by, before)
        if before.state is State.DEPARTED:
            return before
        await refuse_stale(conn, before, seen, tell=not scene.incident.restricted)
        now = clock.now()
        when = min(at, now) if at else now
        after = scene.change(_told(before.step(Verb.DEPART, at=when, now=now), text))
        scene.set_unit(after, UnitStatus.EN_ROUTE, at=now)
        event = AssignmentDeparted(
            incident_id=before.incident_id,
            assignment_id=before.id,
            agency=before.agency,
            unit_id=before.unit_id,
            unit=scene.sign(before.unit_id),
            turnout_s=(when - (before.acknowledged_at or before.sent_at)).total_seconds(),
            flags=after.flags,
        )
        await scenes.commit(conn, scene, event, by=by, at=now, occurred_at=when)
    return after


async def arrive(
    conn: AsyncConnection,
    *,
    assignment_id: UUID,
    at: datetime | None = None,
    text: str | None = None,
    seen: Seen = ANYTHING,
    by: Actor,
    clock: Clock,
) -> Assignment:
    """At the scene (T8). `at` is when, if it is told late. Repeating it is harmless. Raises NotAllowedNow."""
    async with conn.transaction():
        scene, before = await scenes.lock_assignment(conn, assignment_id)
        permit_agency(by, before)
        if before.state is State.ARRIVED:
            return before
        await refuse_stale(conn, before, seen, tell=not scene.incident.restricted)
        now = clock.now()
        when = min(at, now) if at else now
        after = scene.change(_told(before.step(Verb.ARRIVE, at=when, now=now), text))
        scene.set_unit(after, UnitStatus.ON_SCENE, at=now)
        event = AssignmentArrived(
            incident_id=before.incident_id,
            assignment_id=before.id,
            agency=before.agency,
            unit_id=before.unit_id,
            unit=scene.sign(before.unit_id),
            travel_s=(when - before.departed_at).total_seconds() if before.departed_at else None,
            promised_s=before.eta_s,
            flags=after.flags,
        )
        await scenes.commit(conn, scene, event, by=by, at=now, occurred_at=when)
    return after


async def finish(
    conn: AsyncConnection,
    *,
    assignment_id: UUID,
    result: str | None = None,
    note: str | None = None,
    text: str | None = None,
    at: datetime | None = None,
    seen: Seen = ANYTHING,
    by: Actor,
    clock: Clock,
) -> Assignment:
    """Done (T10), with its result if it is known already. Repeating it is harmless. Raises NotAllowedNow, UnknownReason."""
    check_result(result)
    async with conn.transaction():
        scene, before = await scenes.lock_assignment(conn, assignment_id)
        permit_agency(by, before)
        if before.state is State.DONE and result in (None, before.result):
            return before
        await refuse_stale(conn, before, seen, tell=not scene.incident.restricted)
        now = clock.now()
        when = min(at, now) if at else now
        after = _told(before.step(Verb.FINISH, at=when, now=now), text)
        after = replace(after, result=result, result_note=note)
        scene.change(after)
        scene.release(before, UnitStatus.CLEARED, at=now)
        keep_result(scene, after)
        event = AssignmentFinished(
            incident_id=before.incident_id,
            assignment_id=before.id,
            agency=before.agency,
            unit_id=before.unit_id,
            unit=scene.sign(before.unit_id),
            result=scene.incident.public_code(result),
            flags=after.flags,
        )
        await scenes.commit(conn, scene, event, by=by, at=now, occurred_at=when)
    return after


async def report_result(
    conn: AsyncConnection,
    *,
    assignment_id: UUID,
    result: str,
    note: str | None = None,
    seen: Seen = ANYTHING,
    by: Actor,
    clock: Clock,
) -> Assignment:
    """How it ended, told after it was done; a later word replaces an earlier one while the incident is open.

    Raises NotAllowedNow before it is done, IncidentOver, UnknownReason.
    """
    check_result(result)
    async with conn.transaction():
        scene, before = await scenes.lock_assignment(conn, assignment_id)
        permit_agency(by, before)
        if before.state is State.DONE and (before.result, before.result_note) == (result, note):
            return before
        await refuse_stale(conn, before, seen, tell=not scene.incident.restricted)
        scene.incident.require_open()
        if before.state is not State.DONE:
            raise NotAllowedNow(verb="result", state=before.state, since=before.since, allowed=before.verbs())
        after = scene.change(replace(before, result=result, result_note=note, rev=before.rev + 1))
        keep_result(scene, after)
        event = AssignmentResultReported(
            incident_id=before.incident_id,
            assignment_id=before.id,
            agency=before.agency,
            result=scene.incident.public_code(result),
            result_before=scene.incident.public_code(before.result),
        )
        await scenes.commit(conn, scene, event, by=by, at=clock.now())
    return after


async def refuse(
    conn: AsyncConnection,
    *,
    assignment_id: UUID,
    reason: str,
    text: str | None = None,
    seen: Seen = ANYTHING,
    by: Actor,
    clock: Clock,
) -> Assignment:
    """The agency or crew does not take the job, and says why. Repeating it is harmless.

    A unit without driver or crew, or broken, stays out of the proposals until somebody says that it is ready again.
    Raises NotAllowedNow, UnknownReason, NeedsText.
    """
    check_reason(reason, REFUSAL_REASONS, text)
    async with conn.transaction():
        scene, before = await scenes.lock_assignment(conn, assignment_id)
        by_desk = permit_agency(by, before)
        if before.state is State.REFUSED:
            return before
        await refuse_stale(conn, before, seen, tell=not scene.incident.restricted)
        now = clock.now()
        after = replace(before.step(Verb.REFUSE, at=now), reason=reason, reason_text=text, by_phone=by_desk)
        scene.change(after)
        scene.release(before, _LEFT_BEHIND.get(reason, UnitStatus.AVAILABLE), at=now, reason=reason)
        event = AssignmentRefused(
            incident_id=before.incident_id,
            assignment_id=before.id,
            agency=before.agency,
            unit_id=before.unit_id,
            unit=scene.sign(before.unit_id),
            reason=scene.incident.public_code(reason),
            by_phone=by_desk,
        )
        await scenes.commit(conn, scene, event, by=by, at=now)
    return after


def keep_result(scene: Scene, assignment: Assignment) -> None:
    """The incident keeps each agency's latest result."""
    if assignment.result:
        results = scene.incident.results | {assignment.agency: assignment.result}
        scene.incident = replace(scene.incident, results=results)


def _told(assignment: Assignment, text: str | None) -> Assignment:
    """With the words said at this step; those of an earlier one stay where none were said."""
    return replace(assignment, reason_text=text or assignment.reason_text)


async def _put_units(
    conn: AsyncConnection,
    scene: Scene,
    before: Assignment,
    after: Assignment,
    unit_ids: Sequence[UUID],
    promised: Mapping[UUID, float],
    *,
    at: datetime,
) -> tuple[Assignment, list[Assignment]]:
    if not unit_ids:
        return scene.change(after), []
    first, *rest = unit_ids
    if before.unit_id not in (None, first):
        raise HasUnit(unit=scene.sign(before.unit_id))
    if before.unit_id is None:
        await _check_own(conn, scene, before.agency, first)
        after = replace(after, unit_id=first, eta_s=promised.get(first))
        scene.take(after, UnitStatus.ACKNOWLEDGED, at=at)
    scene.change(after)
    return after, await _further(conn, scene, after, rest, promised, at=at)


async def _further(
    conn: AsyncConnection,
    scene: Scene,
    first: Assignment,
    unit_ids: Sequence[UUID],
    promised: Mapping[UUID, float],
    *,
    at: datetime,
) -> list[Assignment]:
    if len({*unit_ids, first.unit_id}) != len(unit_ids) + 1:
        raise SentTwice(agency=first.agency)
    further = []
    for unit_id in unit_ids:
        await _check_own(conn, scene, first.agency, unit_id)
        one = Assignment(
            id=new_id(),
            incident_id=first.incident_id,
            agency=first.agency,
            unit_id=unit_id,
            role=first.role,
            state=State.ACKNOWLEDGED,
            sent_at=first.sent_at,
            acknowledged_at=at,
            eta_s=promised.get(unit_id),
            flags=[],
            joins_id=first.id,
            sent_by=first.sent_by,
            by_phone=first.by_phone,
            rev=1,
        )
        scene.take(scene.add(one), UnitStatus.ACKNOWLEDGED, at=at)
        further.append(one)
    return further


async def _check_own(conn: AsyncConnection, scene: Scene, agency: str, unit_id: UUID) -> None:
    unit = scene.units[unit_id]
    if unit.agency != agency:
        raise UnitOfAnotherAgency(unit=unit.code, agency=agency, belongs_to=unit.agency)
    await refuse_taken(conn, unit)
