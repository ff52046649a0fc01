"""The dispatcher's, the agency's and the crew's doors: recommend, send, follow, close."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Request

from sigap.dispatch import actions, alarms, clocks, sending
from sigap.dispatch.answers import Shaping
from sigap.dispatch.model import (
    AlreadySent,
    HasUnit,
    InformedUnit,
    NeedsContact,
    NeedsText,
    NeedsUnit,
    NoSuchAssignment,
    NotAllowedNow,
    SentTwice,
    UnitTaken,
    UnknownReason,
)
from sigap.dispatch.ranking.proposal import TravelTimes, promised_travel, recommend
from sigap.dispatch.ranking.roads import by_road
from sigap.dispatch.reading import readable
from sigap.dispatch.shapes import (
    AcknowledgeBody,
    AssignBody,
    AssignmentsView,
    AssignmentView,
    CancelBody,
    ChooseBody,
    FinishBody,
    NothingBody,
    ProposalView,
    RecommendationView,
    RefuseBody,
    ReplaceBody,
    ReplacedView,
    ResultBody,
    StepBody,
    ToldView,
)
from sigap.dispatch.store import get
from sigap.dispatch.words import CANCEL_REASONS, REFUSAL_REASONS
from sigap.identity.http import Conn, Once, OnceAsSeen, ServerClock, SignedIn
from sigap.identity.model import Actor, KeyReused, NoSession
from sigap.incidents.model import IncidentOver, IsRestricted, NoSuchIncident
from sigap.kernel.problems import Denied, Stale
from sigap.kernel.web import refuses
from sigap.units.model import AgencyInactive, NoSuchAgency, NoSuchUnit, UnitNotReady, UnitOfAnotherAgency

router = APIRouter(tags=["dispatch"])

_COMMON = (NoSession, Denied, KeyReused)
_STEP = (*_COMMON, NoSuchAssignment, NotAllowedNow, Stale)
_UNIT = (NoSuchUnit, UnitTaken, UnitNotReady, UnitOfAnotherAgency)


def travel_times(request: Request) -> TravelTimes:
    """How this app learns travel times by road."""
    return by_road(getattr(request.app.state, "roads", None))


@router.get(
    "/incidents/{incident_id}/recommendation",
    responses=refuses(NoSession, Denied, NoSuchIncident, IsRestricted),
)
async def recommendation(
    incident_id: UUID, request: Request, conn: Conn, by: SignedIn, clock: ServerClock
) -> RecommendationView:
    """Who should go: capability first, then readiness, then travel time by road, each with its reason."""
    by.require_any("assignment.send", "assignment.act_agency")
    incident = await readable(conn, incident_id, by=by, at=clock.now())
    found = await recommend(conn, incident, travel_times=travel_times(request), at=clock.now())
    proposals = [ProposalView.of(one) for one in found.units]
    if not by.may("assignment.send"):
        proposals = [one for one in proposals if one.agency == by.agency]
    return RecommendationView(
        units=proposals, inform=[ToldView.of(one) for one in found.inform], clocks=clocks.shown()
    )


@router.post(
    "/incidents/{incident_id}/assignments",
    status_code=201,
    responses=refuses(
        *_COMMON,
        *_UNIT,
        NoSuchIncident,
        IsRestricted,
        IncidentOver,
        NoSuchAgency,
        AgencyInactive,
        InformedUnit,
        AlreadySent,
        SentTwice,
    ),
)
async def assign(
    incident_id: UUID,
    body: AssignBody,
    request: Request,
    conn: Conn,
    by: SignedIn,
    clock: ServerClock,
    once: Once,
    shape: Shaping,
) -> AssignmentsView:
    """Send agencies and units; all or none. Of two desks that send one unit, exactly one gets 201.

    Sending to a restricted case needs sight of it: the travel times of several units are its place.
    """
    by.require("assignment.send")
    incident = await readable(conn, incident_id, by=by, at=clock.now())
    unit_ids = [one.unit_id for one in body.assign if one.unit_id]
    promised = await promised_travel(
        conn, incident, unit_ids, travel_times=travel_times(request), at=clock.now()
    )
    orders = [sending.Order(agency=one.agency, unit_id=one.unit_id, role=one.role) for one in body.assign]
    return await once(
        AssignmentsView,
        lambda: sending.assign_units(
            conn, incident_id=incident_id, orders=orders, promised=promised, by=by, clock=clock
        ),
        shape.several,
    )


@router.post(
    "/assignments/{assignment_id}/acknowledge",
    responses=refuses(*_STEP, *_UNIT, NeedsContact, HasUnit, SentTwice),
)
async def acknowledge(
    assignment_id: UUID,
    body: Annotated[AcknowledgeBody, Body(default_factory=AcknowledgeBody)],
    request: Request,
    conn: Conn,
    by: SignedIn,
    clock: ServerClock,
    once: OnceAsSeen,
    shape: Shaping,
) -> AssignmentView:
    """Take the job (T6); an agency may name its units at once, the desk says with whom it spoke."""
    promised = await _promise(request, conn, assignment_id, body.unit_ids, by, clock.now())
    return await once(
        AssignmentView,
        lambda: actions.acknowledge(
            conn,
            assignment_id=assignment_id,
            unit_ids=body.unit_ids,
            promised=promised,
            contact=body.contact,
            text=body.reason,
            seen=once.saw(body.rev),
            by=by,
            clock=clock,
        ),
        shape.one,
    )


@router.post("/assignments/{assignment_id}/units", responses=refuses(*_STEP, *_UNIT, HasUnit, SentTwice))
async def choose_units(
    assignment_id: UUID,
    body: ChooseBody,
    request: Request,
    conn: Conn,
    by: SignedIn,
    clock: ServerClock,
    once: OnceAsSeen,
    shape: Shaping,
) -> AssignmentsView:
    """The agency says which of its units go; each further one is an assignment of its own, already acknowledged."""
    promised = await _promise(request, conn, assignment_id, body.unit_ids, by, clock.now())
    return await once(
        AssignmentsView,
        lambda: actions.choose_units(
            conn,
            assignment_id=assignment_id,
            unit_ids=body.unit_ids,
            promised=promised,
            seen=once.saw(body.rev),
            by=by,
            clock=clock,
        ),
        shape.several,
    )


@router.post("/assignments/{assignment_id}/depart", responses=refuses(*_STEP))
async def depart(
    assignment_id: UUID,
    body: Annotated[StepBody, Body(default_factory=StepBody)],
    conn: Conn,
    by: SignedIn,
    clock: ServerClock,
    once: OnceAsSeen,
    shape: Shaping,
) -> AssignmentView:
    """Wheels are rolling (T7)."""
    return await once(
        AssignmentView,
        lambda: actions.depart(
            conn,
            assignment_id=assignment_id,
            at=body.at,
            text=body.reason,
            seen=once.saw(body.rev),
            by=by,
            clock=clock,
        ),
        shape.one,
    )


@router.post("/assignments/{assignment_id}/arrive", responses=refuses(*_STEP))
async def arrive(
    assignment_id: UUID,
    body: Annotated[StepBody, Body(default_factory=StepBody)],
    conn: Conn,
    by: SignedIn,
    clock: ServerClock,
    once: OnceAsSeen,
    shape: Shaping,
) -> AssignmentView:
    """At the scene (T8)."""
    return await once(
        AssignmentView,
        lambda: actions.arrive(
            conn,
            assignment_id=assignment_id,
            at=body.at,
            text=body.reason,
            seen=once.saw(body.rev),
            by=by,
            clock=clock,
        ),
        shape.one,
    )


@router.post("/assignments/{assignment_id}/finish", responses=refuses(*_STEP, UnknownReason))
async def finish(
    assignment_id: UUID,
    body: Annotated[FinishBody, Body(default_factory=FinishBody)],
    conn: Conn,
    by: SignedIn,
    clock: ServerClock,
    once: OnceAsSeen,
    shape: Shaping,
) -> AssignmentView:
    """Done (T10), with the result if it is known."""
    return await once(
        AssignmentView,
        lambda: actions.finish(
            conn,
            assignment_id=assignment_id,
            result=body.result,
            note=body.note,
            text=body.reason,
            at=body.at,
            seen=once.saw(body.rev),
            by=by,
            clock=clock,
        ),
        shape.one,
    )


@router.post("/assignments/{assignment_id}/result", responses=refuses(*_STEP, UnknownReason, IncidentOver))
async def report_result(
    assignment_id: UUID,
    body: ResultBody,
    conn: Conn,
    by: SignedIn,
    clock: ServerClock,
    once: OnceAsSeen,
    shape: Shaping,
) -> AssignmentView:
    """Report how it ended, after it was done."""
    return await once(
        AssignmentView,
        lambda: actions.report_result(
            conn,
            assignment_id=assignment_id,
            result=body.result,
            note=body.note,
            seen=once.saw(body.rev),
            by=by,
            clock=clock,
        ),
        shape.one,
    )


@router.post("/assignments/{assignment_id}/refuse", responses=refuses(*_STEP, UnknownReason, NeedsText))
async def refuse(
    assignment_id: UUID,
    body: RefuseBody,
    conn: Conn,
    by: SignedIn,
    clock: ServerClock,
    once: OnceAsSeen,
    shape: Shaping,
) -> AssignmentView:
    """Do not take the job, and say why."""
    reason, text = body.coded(REFUSAL_REASONS)
    return await once(
        AssignmentView,
        lambda: actions.refuse(
            conn,
            assignment_id=assignment_id,
            reason=reason,
            text=text,
            seen=once.saw(body.rev),
            by=by,
            clock=clock,
        ),
        shape.one,
    )


@router.post("/assignments/{assignment_id}/cancel", responses=refuses(*_STEP, UnknownReason, NeedsText))
async def cancel(
    assignment_id: UUID,
    body: CancelBody,
    conn: Conn,
    by: SignedIn,
    clock: ServerClock,
    once: OnceAsSeen,
    shape: Shaping,
) -> AssignmentView:
    """Take back what was sent, before or after it was acknowledged."""
    reason, text = body.coded(CANCEL_REASONS)
    return await once(
        AssignmentView,
        lambda: sending.cancel(
            conn,
            assignment_id=assignment_id,
            reason=reason,
            text=text,
            seen=once.saw(body.rev),
            by=by,
            clock=clock,
        ),
        shape.one,
    )


@router.post("/assignments/{assignment_id}/time-out", responses=refuses(*_STEP))
async def time_out(
    assignment_id: UUID,
    body: Annotated[NothingBody, Body(default_factory=NothingBody)],
    conn: Conn,
    by: SignedIn,
    clock: ServerClock,
    once: OnceAsSeen,
    shape: Shaping,
) -> AssignmentView:
    """Stop waiting for an answer."""
    return await once(
        AssignmentView,
        lambda: sending.time_out(
            conn, assignment_id=assignment_id, seen=once.saw(body.rev), by=by, clock=clock
        ),
        shape.one,
    )


@router.post(
    "/assignments/{assignment_id}/replace",
    status_code=201,
    responses=refuses(
        *_STEP,
        *_UNIT,
        UnknownReason,
        NeedsText,
        NeedsUnit,
        SentTwice,
        IsRestricted,
        IncidentOver,
        AgencyInactive,
        NoSuchAgency,
    ),
)
async def replace_unit(
    assignment_id: UUID,
    body: ReplaceBody,
    request: Request,
    conn: Conn,
    by: SignedIn,
    clock: ServerClock,
    once: OnceAsSeen,
    shape: Shaping,
) -> ReplacedView:
    """Send another unit instead; the old assignment ends and the new one is linked to it."""
    by.require("assignment.send")
    reason, text = body.coded(CANCEL_REASONS)
    await readable(conn, (await get(conn, assignment_id)).incident_id, by=by, at=clock.now())
    promised = await _promise(request, conn, assignment_id, [body.unit_id], by, clock.now())
    return await once(
        ReplacedView,
        lambda: sending.replace_unit(
            conn,
            assignment_id=assignment_id,
            unit_id=body.unit_id,
            reason=reason,
            text=text,
            promised_s=promised.get(body.unit_id),
            seen=once.saw(body.rev),
            by=by,
            clock=clock,
        ),
        shape.pair,
    )


@router.post("/assignments/{assignment_id}/alarm/acknowledge", responses=refuses(*_STEP))
async def acknowledge_alarm(
    assignment_id: UUID,
    body: Annotated[NothingBody, Body(default_factory=NothingBody)],
    conn: Conn,
    by: SignedIn,
    clock: ServerClock,
    once: OnceAsSeen,
    shape: Shaping,
) -> AssignmentView:
    """The desk has heard the alarm: sound and blinking stop until the next step."""
    return await once(
        AssignmentView,
        lambda: alarms.acknowledge_alarm(
            conn, assignment_id=assignment_id, seen=once.saw(body.rev), by=by, clock=clock
        ),
        shape.one,
    )


async def _promise(
    request: Request, conn: Conn, assignment_id: UUID, unit_ids: list[UUID], by: Actor, at: datetime
) -> dict[UUID, float]:
    """Travel times are looked up before the verb's transaction: nothing slow happens under its locks.

    None for who may not read the incident: they would tell where it is.
    """
    if not unit_ids:
        return {}
    try:
        incident = await readable(conn, (await get(conn, assignment_id)).incident_id, by=by, at=at)
    except (NoSuchIncident, IsRestricted):
        return {}
    return await promised_travel(conn, incident, unit_ids, travel_times=travel_times(request), at=at)
