"""The dispatcher's verbs: send, take back, replace."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from psycopg import AsyncConnection

from sigap.dispatch import scene as scenes
from sigap.dispatch import store
from sigap.dispatch.events import AssignmentCancelled, AssignmentReplaced, AssignmentSent, AssignmentTimedOut
from sigap.dispatch.model import (
    AlreadySent,
    Assignment,
    Escalation,
    InformedUnit,
    NeedsUnit,
    Role,
    SentTwice,
    State,
    UnitTaken,
    Verb,
    check_reason,
)
from sigap.dispatch.scene import Scene
from sigap.dispatch.words import CANCEL_REASONS
from sigap.identity import store as accounts
from sigap.identity.model import Actor
from sigap.identity.versions import refuse_stale
from sigap.incidents import store as incidents
from sigap.kernel.clock import Clock
from sigap.kernel.ids import new_id
from sigap.kernel.versions import ANYTHING, Seen
from sigap.units import store as units
from sigap.units.model import AgencyInactive, Unit, UnitOfAnotherAgency, UnitStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Whom to send: an agency, or one of its units, and what for."""

    agency: str
    unit_id: UUID | None
    role: Role


async def assign_units(
    conn: AsyncConnection,
    *,
    incident_id: UUID,
    orders: Sequence[Order],
    promised: Mapping[UUID, float],
    by: Actor,
    clock: Clock,
) -> list[Assignment]:
    """Send agencies and units to an incident, all of them or none. `promised` are travel seconds by unit, where known.

    Of two desks that send one unit in the same instant exactly one wins. Raises UnitTaken (with who won), UnitNotReady,
    UnitOfAnotherAgency, AgencyInactive, InformedUnit, AlreadySent, SentTwice, IncidentOver, Denied.
    """
    _refuse_twice(orders)
    async with conn.transaction():
        scene = await scenes.lock_incident(
            conn, incident_id, unit_ids=[one.unit_id for one in orders if one.unit_id]
        )
        by.require("assignment.send")
        scene.incident.require_open()
        await _check_agencies(conn, scene, orders)
        now = clock.now()
        sent = [
            await _send(
                conn, scene, order, promised.get(order.unit_id) if order.unit_id else None, by=by, at=now
            )
            for order in orders
        ]
        event = AssignmentSent(incident_id=incident_id, sent=[scene.sent(one) for one in sent])
        await scenes.commit(conn, scene, event, by=by, at=now)
    return sent


async def cancel(
    conn: AsyncConnection,
    *,
    assignment_id: UUID,
    reason: str,
    text: str | None = None,
    seen: Seen = ANYTHING,
    by: Actor,
    clock: Clock,
) -> Assignment:
    """Take back what was sent, before or after it was acknowledged or departed. Repeating it is harmless.

    Raises NotAllowedNow once it has arrived or ended, UnknownReason, NeedsText, Denied.
    """
    check_reason(reason, CANCEL_REASONS, text)
    async with conn.transaction():
        scene, before = await scenes.lock_assignment(conn, assignment_id)
        by.require("assignment.cancel")
        if before.state is State.CANCELLED:
            return before
        await refuse_stale(conn, before, seen, tell=not scene.incident.restricted)
        now = clock.now()
        after = scene.change(replace(before.step(Verb.CANCEL, at=now), reason=reason, reason_text=text))
        scene.release(before, UnitStatus.AVAILABLE, at=now)
        event = AssignmentCancelled(
            incident_id=before.incident_id,
            assignment_id=before.id,
            agency=before.agency,
            unit_id=before.unit_id,
            unit=scene.sign(before.unit_id),
            reason=scene.incident.public_code(reason),
            state_before=before.state,
        )
        await scenes.commit(conn, scene, event, by=by, at=now)
    return after


async def replace_unit(
    conn: AsyncConnection,
    *,
    assignment_id: UUID,
    unit_id: UUID,
    reason: str,
    text: str | None = None,
    promised_s: float | None,
    seen: Seen = ANYTHING,
    by: Actor,
    clock: Clock,
) -> tuple[Assignment, Assignment]:
    """Another unit goes instead; returns the old assignment, ended, and the new one, linked to it.

    The old one ends as timed_out if it has gone unanswered for so long that another unit was proposed, as cancelled if
    it was merely sent, as diverted if it was already under way. The new unit may be another agency's (a kelurahan
    ambulance for the PSC's). Raises UnitTaken, UnitNotReady, NotAllowedNow, UnknownReason, NeedsText, Denied.
    """
    check_reason(reason, CANCEL_REASONS, text)
    async with conn.transaction():
        scene, before = await scenes.lock_assignment(conn, assignment_id, unit_ids=[unit_id])
        by.require("assignment.send")
        by.require("assignment.cancel")
        await refuse_stale(conn, before, seen, tell=not scene.incident.restricted)
        scene.incident.require_open()
        if before.unit_id == unit_id:
            raise SentTwice(unit=scene.sign(unit_id))
        unit = scene.units[unit_id]
        # An informed agency that sent a unit of its own accord assists from here on.
        role = Role.ASSIST if before.role is Role.INFORM else before.role
        order = Order(agency=unit.agency, unit_id=unit_id, role=role)
        await _check_agencies(conn, scene, [order])
        now = clock.now()
        old = scene.change(replace(before.step(_end_of(before), at=now), reason=reason, reason_text=text))
        scene.release(before, UnitStatus.AVAILABLE, at=now)
        new = await _send(conn, scene, order, promised_s, by=by, at=now, replaces_id=before.id)
        event = AssignmentReplaced(
            incident_id=before.incident_id,
            assignment_id=before.id,
            old_state=old.state,
            old_unit=scene.sign(before.unit_id),
            reason=scene.incident.public_code(reason),
            sent=scene.sent(new),
        )
        await scenes.commit(conn, scene, event, by=by, at=now)
    return old, new


async def time_out(
    conn: AsyncConnection, *, assignment_id: UUID, seen: Seen = ANYTHING, by: Actor, clock: Clock
) -> Assignment:
    """Stop waiting for an answer. Repeating it is harmless. Raises NotAllowedNow once it was answered, Denied."""
    async with conn.transaction():
        scene, before = await scenes.lock_assignment(conn, assignment_id)
        by.require("assignment.cancel")
        if before.state is State.TIMED_OUT:
            return before
        await refuse_stale(conn, before, seen, tell=not scene.incident.restricted)
        now = clock.now()
        after = scene.change(replace(before.step(Verb.TIME_OUT, at=now), reason="no_answer"))
        scene.release(before, UnitStatus.AVAILABLE, at=now)
        event = AssignmentTimedOut(
            incident_id=before.incident_id,
            assignment_id=before.id,
            agency=before.agency,
            unit_id=before.unit_id,
            unit=scene.sign(before.unit_id),
            waited_s=(now - before.sent_at).total_seconds(),
        )
        await scenes.commit(conn, scene, event, by=by, at=now)
    return after


def _end_of(before: Assignment) -> Verb:
    if before.unit_id is None:
        raise NeedsUnit(verb="replace")
    if before.state is not State.SENT:
        return Verb.DIVERT
    unanswered = before.escalation.height >= Escalation.NEXT_UNIT.height
    return Verb.TIME_OUT if unanswered else Verb.CANCEL


def _refuse_twice(orders: Sequence[Order]) -> None:
    seen: set[object] = set()
    for order in orders:
        key = order.unit_id or order.agency
        if key in seen:
            raise SentTwice(agency=order.agency)
        seen.add(key)


async def _check_agencies(conn: AsyncConnection, scene: Scene, orders: Sequence[Order]) -> None:
    agencies = await units.lock_agencies(conn, [one.agency for one in orders])
    for order in orders:
        if not agencies[order.agency].active:
            raise AgencyInactive(agency=order.agency)
        if order.unit_id and order.role is Role.INFORM:
            raise InformedUnit(agency=order.agency, unit=scene.units[order.unit_id].code)
        if order.unit_id and scene.units[order.unit_id].agency != order.agency:
            unit = scene.units[order.unit_id]
            raise UnitOfAnotherAgency(unit=unit.code, agency=order.agency, belongs_to=unit.agency)
        if order.unit_id is None:
            _refuse_second(scene, order.agency)


def _refuse_second(scene: Scene, agency: str) -> None:
    for one in scene.assignments.values():
        if one.is_live and one.agency == agency and one.unit_id is None:
            raise AlreadySent(agency=agency, assignment_id=one.id, state=one.state, since=one.since)


async def _send(
    conn: AsyncConnection,
    scene: Scene,
    order: Order,
    promised_s: float | None,
    *,
    by: Actor,
    at: datetime,
    replaces_id: UUID | None = None,
) -> Assignment:
    if order.unit_id:
        await refuse_taken(conn, scene.units[order.unit_id])
    assignment = Assignment(
        id=new_id(),
        incident_id=scene.incident.id,
        agency=order.agency,
        unit_id=order.unit_id,
        role=order.role,
        state=State.SENT,
        sent_at=at,
        eta_s=promised_s,
        flags=[],
        replaces_id=replaces_id,
        sent_by=by.account_id,
        rev=1,
    )
    scene.add(assignment)
    scene.take(assignment, UnitStatus.DISPATCHED, at=at)
    return assignment


async def refuse_taken(conn: AsyncConnection, unit: Unit) -> None:
    """Raises UnitTaken, with who won, when and where, if a job holds the unit."""
    if unit.assignment_id is None:
        return
    won = await store.get(conn, unit.assignment_id)
    incident = await incidents.get(conn, won.incident_id)
    raise UnitTaken(
        unit=unit.code,
        by=(await accounts.name_of(conn, won.sent_by) if won.sent_by else None) or "–",
        at=won.sent_at,
        ticket=incident.ticket_number,
        incident_id=incident.id,
        assignment_id=won.id,
        state=won.state,
    )
