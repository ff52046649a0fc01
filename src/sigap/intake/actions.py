"""The call-taker's verbs. Each locks the call first, then the incident; the journal's head comes last."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from psycopg import AsyncConnection

from sigap.calls import store as calls
from sigap.calls.actions import require_own
from sigap.calls.model import Call, HasOtherIncident, NumberClass
from sigap.geo import borders
from sigap.identity.model import Actor
from sigap.identity.versions import refuse_stale
from sigap.incidents import store as incidents
from sigap.incidents.events import (
    CallAttached,
    IncidentAccessed,
    IncidentLocated,
    IncidentNoted,
    IncidentOpened,
    IncidentReclassified,
)
from sigap.incidents.model import (
    Access,
    Incident,
    IntakeChannel,
    MayNotLower,
    Note,
    NotRestricted,
    Priority,
    State,
    access_until,
    default_priority,
    kind_of,
    ticket_number,
)
from sigap.intake.model import NotHandling, Place, Report
from sigap.intake.sight import require_full
from sigap.journal.model import Row
from sigap.journal.writer import append
from sigap.kernel import clock as clocks
from sigap.kernel.clock import Clock
from sigap.kernel.ids import new_id
from sigap.kernel.place import Point
from sigap.kernel.versions import ANYTHING, Seen


async def open_incident(
    conn: AsyncConnection, report: Report, *, call_id: UUID | None = None, by: Actor, clock: Clock
) -> Incident:
    """Type and place are known: the incident exists from now on (T4), whatever is still to be asked.

    A restricted type is restricted from this save; its opener reads it while it is open. Raises UnknownType,
    NotYetKnown, HasOtherIncident, MayNotLower.
    """
    by.require("incident.open")
    priority = _priority(report.priority, default_priority(kind_of(report.type)), by)
    where = borders.where(report.place.point)
    async with conn.transaction():
        call = await calls.lock(conn, call_id) if call_id else None
        if call is not None and call.incident_id is not None:
            raise HasOtherIncident(incident_id=call.incident_id)
        now = clock.now()
        count = await incidents.next_count(conn, now)
        incident = _new(report, priority, where, call, count=count, by=by, at=now)
        await incidents.add(conn, incident)
        rows: list[Row] = [incident]
        if call is not None:
            attached = call.attached(incident.id, now, by.account_id)
            await calls.save(conn, attached)
            rows.append(attached)
        if incident.restricted:
            rows += await _grant(conn, incident, [by.account_id], at=now)
        opened = IncidentOpened(
            incident_id=incident.id,
            ticket_number=incident.ticket_number,
            type=incident.public_type,
            priority=incident.priority,
            restricted=incident.restricted,
            intake_channel=incident.intake_channel,
            call_id=call_id,
            kecamatan_code=incident.kecamatan_code,
            desa_code=incident.desa_code,
            outside=incident.outside,
            processing_s=_since_answer(call, now),
        )
        await append(conn, opened, rows=rows, by=by, at=now)
    return incident


async def locate(
    conn: AsyncConnection, *, incident_id: UUID, place: Place, seen: Seen = ANYTHING, by: Actor, clock: Clock
) -> Incident:
    """Correct or confirm the place (T3 is its first time). The same place again changes nothing."""
    by.require("incident.edit")
    where = borders.where(place.point)
    async with conn.transaction():
        before, now = await incidents.lock(conn, incident_id), clock.now()
        await require_full(conn, before, by, now)
        before.require_open()
        after = replace(
            before,
            kecamatan_code=where.kecamatan_code,
            desa_code=None if before.restricted else where.desa_code,
            outside=where.outside,
            uncertainty_m=place.uncertainty_m,
            location_confirmed_at=before.location_confirmed_at or now,
            lon=place.point.lon,
            lat=place.point.lat,
            place_text=place.text,
            landmark=place.landmark,
        )
        if after == before:
            return before
        await refuse_stale(conn, before, seen)
        after = after.touched()
        await incidents.save(conn, after)
        located = IncidentLocated(
            incident_id=after.id,
            kecamatan_code=after.kecamatan_code,
            desa_code=after.desa_code,
            outside=after.outside,
            uncertainty_m=None if after.restricted else after.uncertainty_m,
            moved_m=None
            if after.restricted
            else round(Point(before.lon, before.lat).metres_to(place.point), 1),
        )
        await append(conn, located, rows=[after], by=by, at=now)
    return after


async def reclassify(
    conn: AsyncConnection,
    *,
    incident_id: UUID,
    type: str,
    priority: str | None = None,
    reason: str | None = None,
    seen: Seen = ANYTHING,
    by: Actor,
    clock: Clock,
) -> Incident:
    """Say what it is after all, or how urgent. Raising is everybody's; only a supervisor lowers a P1.

    Without a priority the type's own holds, but a P1 stays P1. Into a restricted category the case becomes
    restricted for good; who opened it and who says so read it while it is open. A reason is kept as a note.
    """
    by.require("incident.edit")
    kind = kind_of(type)
    async with conn.transaction():
        before, now = await incidents.lock(conn, incident_id), clock.now()
        await require_full(conn, before, by, now)
        before.require_open()
        after = before.reclassified(kind, _repriority(before, priority, default_priority(kind), by))
        if replace(after, rev=before.rev) == before:
            return before
        await refuse_stale(conn, before, seen)
        await incidents.save(conn, after)
        rows: list[Row] = [after]
        if after.restricted and not before.restricted:
            rows += await _grant(conn, after, [before.opened_by, by.account_id], at=now)
        if reason:
            rows.append(await _note(conn, after.id, reason, by, now))
        reclassified = IncidentReclassified(
            incident_id=after.id,
            type=after.public_type,
            type_before=before.public_type,
            priority=after.priority,
            priority_before=before.priority,
            restricted=after.restricted,
        )
        await append(conn, reclassified, rows=rows, by=by, at=now)
    return after


async def add_note(conn: AsyncConnection, *, incident_id: UUID, text: str, by: Actor, clock: Clock) -> Note:
    """Write something down about an incident, also after it was closed."""
    by.require("incident.edit")
    async with conn.transaction():
        incident, now = await incidents.lock(conn, incident_id), clock.now()
        await require_full(conn, incident, by, now)
        note = await _note(conn, incident.id, text, by, now)
        noted = IncidentNoted(incident_id=incident.id, note_id=note.id)
        await append(conn, noted, rows=[note], by=by, at=now)
    return note


async def attach_call(
    conn: AsyncConnection, *, incident_id: UUID, call_id: UUID, by: Actor, clock: Clock
) -> Incident:
    """One more caller reports the same (gabung). The incident's clock starts at its earliest call. Repeating is harmless.

    Only one's own call, a supervisor any. Raises IsRestricted for who may not read the case: a call joined blindly to
    it would be a way into it. Raises NotYours, NotYetKnown, HasOtherIncident, IncidentOver.
    """
    by.require("incident.edit")
    async with conn.transaction():
        call = await calls.lock(conn, call_id)
        before, now = await incidents.lock(conn, incident_id), clock.now()
        await require_full(conn, before, by, now)
        if call.incident_id == before.id:
            return before
        require_own(call, by)
        before.require_open()
        attached = call.attached(before.id, now, by.account_id)
        await calls.save(conn, attached)
        after, rows = _with_first(before, attached), [attached]
        if after is not before:
            await incidents.save(conn, after)
        changed: list[Row] = [*rows, *([after] if after is not before else [])]
        await append(conn, CallAttached(incident_id=after.id, call_id=call.id), rows=changed, by=by, at=now)
    return after


async def open_restricted(
    conn: AsyncConnection, *, incident_id: UUID, reason: str, by: Actor, clock: Clock
) -> tuple[Incident, Access]:
    """Read a restricted case for a while, saying why. An operator only the ones she handles.

    The incident's row is written again, so that every screen of this person learns of it. Raises NotRestricted,
    NotHandling.
    """
    by.require("incident.access_restricted")
    async with conn.transaction():
        before, now = await incidents.lock(conn, incident_id), clock.now()
        if not before.restricted:
            raise NotRestricted(ticket=before.ticket_number)
        if by.account_id is None or not (by.may("assignment.send") or await _handles(conn, before, by)):
            raise NotHandling(ticket=before.ticket_number)
        after = before.touched()
        access = Access(
            id=new_id(),
            incident_id=after.id,
            account_id=by.account_id,
            granted_at=now,
            expires_at=access_until(now),
            rev=1,
            reason=reason,
        )
        await incidents.save(conn, after)
        await incidents.add_access(conn, access)
        accessed = IncidentAccessed(
            incident_id=after.id, account_id=by.account_id, expires_at=clocks.text(access_until(now))
        )
        await append(conn, accessed, rows=[after, access], by=by, at=now)
    return after, access


def _new(
    report: Report,
    priority: Priority,
    where: borders.Where,
    call: Call | None,
    *,
    count: int,
    by: Actor,
    at: datetime,
) -> Incident:
    """The incident as it is first saved."""
    kind = kind_of(report.type)
    return Incident(
        id=new_id(),
        ticket_number=ticket_number(at, count),
        short_number=count,
        type=kind.code,
        category=kind.category,
        national_group=kind.national_group,
        priority=priority,
        state=State.NEW,
        restricted=kind.restricted,
        intake_channel=IntakeChannel(report.intake_channel),
        kecamatan_code=where.kecamatan_code,
        desa_code=None if kind.restricted else where.desa_code,
        outside=where.outside,
        uncertainty_m=report.place.uncertainty_m,
        first_call_id=call.id if call else None,
        first_call_offered_at=call.offered_at if call else None,
        opened_by=by.account_id,
        opened_at=at,
        location_confirmed_at=at,
        resolved_at=None,
        closed_at=None,
        close_reason=None,
        results={},
        dangers=list(report.dangers),
        rev=1,
        lon=report.place.point.lon,
        lat=report.place.point.lat,
        place_text=report.place.text,
        landmark=report.place.landmark,
        narrative=report.narrative,
        reporter_name=report.reporter_name,
        callback_number=report.callback_number or _callable(call),
    )


def _priority(wanted: str | None, default: Priority, by: Actor) -> Priority:
    if wanted is None:
        return default
    if default == Priority.P1 and Priority(wanted).lowers(default) and not by.may("incident.lower_priority"):
        raise MayNotLower(priority=default, wanted=wanted)
    return Priority(wanted)


def _repriority(before: Incident, wanted: str | None, default: Priority, by: Actor) -> Priority:
    if wanted is not None:
        return _priority(wanted, before.priority, by)
    if before.priority == Priority.P1 and not by.may("incident.lower_priority"):
        return Priority.P1
    return default


def _callable(call: Call | None) -> str | None:
    return call.caller_number if call is not None and call.number_class == NumberClass.USABLE else None


def _since_answer(call: Call | None, now: datetime) -> float | None:
    if call is None or call.answered_at is None:
        return None
    return round((now - call.answered_at).total_seconds(), 3)


def _with_first(incident: Incident, call: Call) -> Incident:
    """The incident, its first call being the earliest that reached the centre before it was opened."""
    known = incident.first_call_offered_at or incident.opened_at
    if call.offered_at is None or call.offered_at >= known:
        return incident
    return replace(
        incident, first_call_id=call.id, first_call_offered_at=call.offered_at, rev=incident.rev + 1
    )


async def _grant(
    conn: AsyncConnection, incident: Incident, account_ids: list[UUID | None], *, at: datetime
) -> list[Row]:
    """Let these people read a restricted case while it is open."""
    granted: list[Row] = []
    for account_id in dict.fromkeys(account_ids):
        if account_id is None:
            continue
        access = Access(
            id=new_id(),
            incident_id=incident.id,
            account_id=account_id,
            granted_at=at,
            expires_at=None,
            rev=1,
            reason=None,
        )
        await incidents.add_access(conn, access)
        granted.append(access)
    return granted


async def _note(conn: AsyncConnection, incident_id: UUID, text: str, by: Actor, now: datetime) -> Note:
    note = Note(
        id=new_id(), incident_id=incident_id, written_by=by.account_id, written_at=now, rev=1, text=text
    )
    await incidents.add_note(conn, note)
    return note


async def _handles(conn: AsyncConnection, incident: Incident, by: Actor) -> bool:
    """Whether this operator opened the case, or took its first call, and it is still open."""
    if not incident.is_open:
        return False
    if incident.opened_by == by.account_id:
        return True
    first = await calls.get(conn, incident.first_call_id) if incident.first_call_id else None
    return first is not None and first.account_id == by.account_id
