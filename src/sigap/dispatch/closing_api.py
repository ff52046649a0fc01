"""The doors by which an incident ends: close, cancel, settle by phone."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body

from sigap.dispatch import closing
from sigap.dispatch.answers import Shaping
from sigap.dispatch.model import CannotClose, NeedsText, NotSuitable, UnknownReason
from sigap.dispatch.shapes import CancelBody, CloseBody, EndedView, ResultBody
from sigap.dispatch.words import CANCEL_REASONS
from sigap.identity.http import Conn, OnceAsSeen, ServerClock, SignedIn
from sigap.identity.model import KeyReused, NoSession
from sigap.incidents.model import IncidentOver, NoSuchIncident
from sigap.kernel.problems import Denied, Stale
from sigap.kernel.web import refuses

router = APIRouter(tags=["dispatch"])

_COMMON = (NoSession, Denied, KeyReused, Stale)


@router.post(
    "/incidents/{incident_id}/close",
    responses=refuses(*_COMMON, NoSuchIncident, CannotClose, IncidentOver, UnknownReason),
)
async def close(
    incident_id: UUID,
    body: Annotated[CloseBody, Body(default_factory=CloseBody)],
    conn: Conn,
    by: SignedIn,
    clock: ServerClock,
    once: OnceAsSeen,
    shape: Shaping,
) -> EndedView:
    """Close (T11): every assignment final, and a result of every leading or assisting agency that was done."""
    return await once(
        EndedView,
        lambda: closing.close_incident(
            conn, incident_id=incident_id, results=body.results, seen=once.saw(body.rev), by=by, clock=clock
        ),
        shape.ended,
    )


@router.post(
    "/incidents/{incident_id}/cancel",
    responses=refuses(*_COMMON, NoSuchIncident, NotSuitable, IncidentOver, UnknownReason, NeedsText),
)
async def cancel_incident(
    incident_id: UUID,
    body: CancelBody,
    conn: Conn,
    by: SignedIn,
    clock: ServerClock,
    once: OnceAsSeen,
    shape: Shaping,
) -> EndedView:
    """There was nothing to do, or no longer; whatever is on its way is taken back."""
    reason, text = body.coded(CANCEL_REASONS)
    return await once(
        EndedView,
        lambda: closing.cancel_incident(
            conn,
            incident_id=incident_id,
            reason=reason,
            text=text,
            seen=once.saw(body.rev),
            by=by,
            clock=clock,
        ),
        shape.ended,
    )


@router.post(
    "/incidents/{incident_id}/resolve",
    responses=refuses(*_COMMON, NoSuchIncident, NotSuitable, IncidentOver, UnknownReason),
)
async def resolve(
    incident_id: UUID,
    body: ResultBody,
    conn: Conn,
    by: SignedIn,
    clock: ServerClock,
    once: OnceAsSeen,
    shape: Shaping,
) -> EndedView:
    """Settle without sending anybody."""
    return await once(
        EndedView,
        lambda: closing.resolve_by_phone(
            conn, incident_id=incident_id, result=body.result, seen=once.saw(body.rev), by=by, clock=clock
        ),
        shape.ended,
    )
