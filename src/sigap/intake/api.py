"""The call-taker's doors: incidents, and the calls and recordings that only a reader of the incident may see."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import FileResponse

from sigap.calls import links
from sigap.calls import store as calls
from sigap.calls.api import CallView
from sigap.calls.model import Call, HasOtherIncident, LinkEnded, NoRecording, NotYetKnown, NotYours
from sigap.identity.http import Conn, Once, OnceAsSeen, ServerClock, SignedIn, tag_version
from sigap.identity.model import KeyReused, NoSession
from sigap.incidents.model import (
    IncidentOver,
    IsRestricted,
    MayNotLower,
    NoSuchIncident,
    NotRestricted,
    UnknownType,
)
from sigap.intake import actions, reading
from sigap.intake.model import NotHandling
from sigap.intake.views import (
    AccessView,
    AttachCall,
    IncidentDetail,
    IncidentView,
    Locate,
    NoteBody,
    NoteView,
    OpenIncident,
    Reclassify,
    Why,
)
from sigap.kernel.paths import Home
from sigap.kernel.problems import Denied, Stale
from sigap.kernel.web import View, refuses

router = APIRouter(tags=["intake"])
_ANY = (NoSession, Denied, KeyReused)
_EDIT = (*_ANY, NoSuchIncident, IsRestricted, IncidentOver)


@router.post(
    "/incidents",
    status_code=201,
    responses=refuses(*_ANY, UnknownType, NotYetKnown, HasOtherIncident, MayNotLower),
)
async def open_incident(
    body: OpenIncident, conn: Conn, by: SignedIn, clock: ServerClock, once: Once
) -> IncidentView:
    """Open an incident from a call, or from any other channel."""
    return await once(
        IncidentView,
        lambda: actions.open_incident(conn, body.report(), call_id=body.call_id, by=by, clock=clock),
        IncidentView.of,
    )


@router.get("/incidents/{incident_id}", responses=refuses(NoSession, NoSuchIncident))
async def read_incident(
    incident_id: UUID, answer: Response, conn: Conn, by: SignedIn, clock: ServerClock
) -> IncidentDetail:
    """The incident's page with its timeline; masked where it is restricted and the reader has not opened it."""
    detail = IncidentDetail.of(await reading.page(conn, incident_id=incident_id, by=by, clock=clock))
    tag_version(answer, detail.incident)
    return detail


@router.post("/incidents/{incident_id}/locate", responses=refuses(*_EDIT, Stale))
async def locate(
    incident_id: UUID, body: Locate, conn: Conn, by: SignedIn, clock: ServerClock, once: OnceAsSeen
) -> IncidentView:
    """Correct or confirm the place."""
    return await once(
        IncidentView,
        lambda: actions.locate(
            conn,
            incident_id=incident_id,
            place=body.place.place(),
            seen=once.saw(body.rev),
            by=by,
            clock=clock,
        ),
        IncidentView.of,
    )


@router.post(
    "/incidents/{incident_id}/reclassify", responses=refuses(*_EDIT, Stale, UnknownType, MayNotLower)
)
async def reclassify(
    incident_id: UUID, body: Reclassify, conn: Conn, by: SignedIn, clock: ServerClock, once: OnceAsSeen
) -> IncidentView:
    """Say what it is after all, or how urgent."""
    return await once(
        IncidentView,
        lambda: actions.reclassify(
            conn,
            incident_id=incident_id,
            type=body.type,
            priority=body.priority,
            reason=body.reason,
            seen=once.saw(body.rev),
            by=by,
            clock=clock,
        ),
        IncidentView.of,
    )


@router.post(
    "/incidents/{incident_id}/notes", status_code=201, responses=refuses(*_ANY, NoSuchIncident, IsRestricted)
)
async def add_note(
    incident_id: UUID, body: NoteBody, conn: Conn, by: SignedIn, clock: ServerClock, once: Once
) -> NoteView:
    """Write something down about the incident."""
    return await once(
        NoteView,
        lambda: actions.add_note(conn, incident_id=incident_id, text=body.text, by=by, clock=clock),
        NoteView.model_validate,
    )


@router.post(
    "/incidents/{incident_id}/calls",
    responses=refuses(*_EDIT, NotYetKnown, NotYours, HasOtherIncident),
)
async def attach_call(
    incident_id: UUID, body: AttachCall, conn: Conn, by: SignedIn, clock: ServerClock, once: Once
) -> IncidentDetail:
    """Join a call to the incident: another caller reports the same (Gabung)."""

    async def shown(_: object) -> IncidentDetail:
        return IncidentDetail.of(await reading.page(conn, incident_id=incident_id, by=by, clock=clock))

    return await once(
        IncidentDetail,
        lambda: actions.attach_call(conn, incident_id=incident_id, call_id=body.call_id, by=by, clock=clock),
        shown,
    )


@router.post(
    "/incidents/{incident_id}/access", responses=refuses(*_ANY, NoSuchIncident, NotRestricted, NotHandling)
)
async def open_restricted(
    incident_id: UUID, body: Why, conn: Conn, by: SignedIn, clock: ServerClock, once: Once
) -> AccessView:
    """Open a restricted case for a while, saying why (Buka dengan alasan)."""
    return await once(
        AccessView,
        lambda: actions.open_restricted(
            conn, incident_id=incident_id, reason=body.reason, by=by, clock=clock
        ),
        AccessView.of,
    )


class CallList(View):
    """Calls, newest first."""

    calls: list[CallView]


class RecordingLink(View):
    """A link that plays one recording until `expires_at`."""

    url: str
    expires_at: datetime


@router.get("/calls", responses=refuses(NoSession, Denied))
async def list_calls(
    conn: Conn,
    by: SignedIn,
    clock: ServerClock,
    mine: bool = True,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> CallList:
    """One's own calls, or with `mine=false` the room's."""
    found = await reading.list_calls(conn, mine=mine, limit=limit, by=by, clock=clock)
    return CallList(calls=[CallView.of(call) for call in found])


@router.post(
    "/calls/{call_id}/recording", responses=refuses(*_ANY, NotYetKnown, NotYours, NoRecording, IsRestricted)
)
async def ask_recording(
    call_id: UUID, body: Why, request: Request, conn: Conn, by: SignedIn, clock: ServerClock, once: Once
) -> RecordingLink:
    """Ask to hear a recording, saying why: a link for a few minutes, and an entry in the journal."""
    home: Home = request.app.state.home
    expires_at = clock.now() + timedelta(seconds=links.lifetime_s())

    def link(call: Call) -> RecordingLink:
        return RecordingLink(
            url=f"/api/recordings/{links.sign(home, call.id, expires_at)}", expires_at=expires_at
        )

    return await once(
        RecordingLink,
        lambda: reading.recording(conn, call_id=call_id, reason=body.reason, by=by, clock=clock),
        link,
    )


@router.get(
    "/recordings/{signed}",
    response_class=FileResponse,
    responses={
        **refuses(LinkEnded),
        200: {"description": "The whole recording.", "content": {"audio/wav": {}}},
        206: {"description": "The part that was asked for.", "content": {"audio/wav": {}}},
        416: {"description": "The recording has no such part."},
    },
)
async def play(
    signed: Annotated[str, Path(max_length=100)], request: Request, conn: Conn, clock: ServerClock
) -> FileResponse:
    """The recording behind a link, also in parts (Range). The link is the permission; it names nobody."""
    home: Home = request.app.state.home
    call = await calls.find(conn, links.read(home, signed, clock.now()))
    if call is None or call.recording_ref is None:
        raise LinkEnded()
    path = links.file_of(home, call.recording_ref)
    return FileResponse(path, media_type="audio/wav", headers={"Cache-Control": "no-store"})


class Expected(View):
    """Whose calls go first in the queue."""

    open_incident_numbers: list[str]
    callback_numbers: list[str]


@router.get("/voice/policy", responses=refuses(NoSession, Denied))
async def voice_policy(conn: Conn, by: SignedIn) -> Expected:
    """What voice needs to know of the room to order its queue; it goes on with the last answer when we are away."""
    about, due = await reading.expected_numbers(conn, by)
    return Expected(open_incident_numbers=sorted(about), callback_numbers=sorted(due))
