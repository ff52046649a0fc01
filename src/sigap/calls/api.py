"""The doors of a call: outcome, undo, note, number history, callback, and what voice hands over."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import AwareDatetime, ConfigDict, Field

from sigap.calls import actions, follow
from sigap.calls.facts import EXACT
from sigap.calls.model import (
    AlreadyClassified,
    Call,
    Callback,
    CallbackOutcome,
    CallbackOver,
    CallbackState,
    Disposition,
    HasIncident,
    NoSuchCallback,
    NothingToUndo,
    NotYetKnown,
    NotYours,
    NumberClass,
    RecordingState,
    SecondBySupervisor,
    State,
    UndoTooLate,
)
from sigap.calls.store import History
from sigap.identity.http import Conn, Once, OnceAsSeen, ServerClock, SignedIn
from sigap.identity.model import KeyReused, NoSession
from sigap.kernel.problems import Denied, Stale
from sigap.kernel.web import Body, ChangeBody, Text, View, refuses

router = APIRouter(tags=["calls"])
_ANY = (NoSession, Denied, KeyReused)


class CallView(View):
    """A call. Number, name, note and evidence are null or empty for who may not read them."""

    id: UUID
    state: State
    trunk: str | None
    dialed_number: str | None
    seat: str | None
    account_id: UUID | None
    offered_at: datetime | None
    alerted_at: datetime | None
    queued_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    end_cause: str | None
    ended_by: str | None
    disposition: Disposition | None
    disposition_at: datetime | None
    disposition_by: UUID | None
    incident_id: UUID | None
    number_class: NumberClass
    recording_state: RecordingState
    recording_s: float | None
    media: str
    repeat_24h: int
    rev: int
    caller_number: str | None
    caller_name: str | None
    evidence: list[dict[str, Any]]
    note: str | None

    @classmethod
    def of(cls, call: Call) -> "CallView":
        """The view of a call as far as the reader may see it: who asks has hidden the rest."""
        return cls.model_validate(call)


class OutcomeView(View):
    """What a call was. `undo_until` is set while that can be taken back."""

    call_id: UUID
    state: State
    disposition: Disposition | None
    disposition_at: datetime | None
    disposition_by: UUID | None
    undo_until: datetime | None
    rev: int

    @classmethod
    def of(cls, call: Call) -> "OutcomeView":
        """The view of a call's outcome."""
        return cls(
            call_id=call.id,
            state=call.state,
            disposition=call.disposition,
            disposition_at=call.disposition_at,
            disposition_by=call.disposition_by,
            undo_until=call.undo_until(),
            rev=call.rev,
        )


class HistoryView(View):
    """How often the caller's number called before this call. All zero without a usable number."""

    call_id: UUID
    number_class: NumberClass
    calls_24h: int
    calls_30d: int
    junk_24h: int
    junk_30d: int
    incidents_30d: int

    @classmethod
    def of(cls, found: tuple[Call, History]) -> "HistoryView":
        """The view of what `look_up_number` gave."""
        call, history = found
        return cls(
            call_id=call.id,
            number_class=call.number_class,
            calls_24h=history.calls_24h,
            calls_30d=history.calls_30d,
            junk_24h=history.junk_24h,
            junk_30d=history.junk_30d,
            incidents_30d=history.incidents_30d,
        )


class CallbackView(View):
    """A lost caller who shall be called back; without the number."""

    id: UUID
    call_id: UUID
    due_at: datetime
    state: CallbackState
    attempts: int
    outcome: str | None
    done_at: datetime | None
    done_by: UUID | None
    rev: int

    @classmethod
    def of(cls, callback: Callback) -> "CallbackView":
        """The view of a callback."""
        return cls.model_validate(callback)


class Classify(ChangeBody):
    """What the call was; `at` is when the key was pressed, if the browser kept it while the server was away."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"disposition": "prank"}]})

    disposition: Disposition
    at: AwareDatetime | None = None


class CallNote(ChangeBody):
    """The call's note."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "Anak kecil, tertawa, lalu diam."}]})

    text: Annotated[Text, Field(max_length=2000)]


class FinishCallback(Body):
    """How calling back went."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"outcome": "reached"}]})

    outcome: CallbackOutcome


class HandedFact(Body):
    """One fact. Besides these it carries what its kind says; a newer voice may say more."""

    model_config = ConfigDict(extra="allow")

    voice_seq: Annotated[int, Field(gt=0, lt=EXACT, strict=True)]
    at: AwareDatetime
    kind: Annotated[Text, Field(min_length=1, max_length=60)]


class HandOver(Body):
    """Facts of one voice process, in its order."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "node": "meja-112",
                    "facts": [
                        {
                            "voice_seq": 1,
                            "at": "2026-11-24T12:42:04.120Z",
                            "kind": "call_offered",
                            "call_id": "01934f5e-7c1a-7b3c-9f00-0123456789ab",
                            "number": "081200000012",
                            "number_class": "usable",
                            "display_name": None,
                            "trunk": "lokal",
                            "dialed_number": "112",
                            "evidence": [],
                        }
                    ],
                }
            ]
        }
    )

    node: Annotated[Text, Field(min_length=1, max_length=100)]
    facts: Annotated[list[HandedFact], Field(max_length=1000)]


class Accepted(View):
    """Voice may forget its facts up to this number."""

    accepted_through: int


@router.post(
    "/calls/{call_id}/disposition",
    responses=refuses(*_ANY, Stale, NotYetKnown, NotYours, HasIncident, AlreadyClassified),
)
async def classify(
    call_id: UUID, body: Classify, conn: Conn, by: SignedIn, clock: ServerClock, once: OnceAsSeen
) -> OutcomeView:
    """Say what the call was: one key each. 404 `call.not_yet_known` while voice has not handed it over: try again."""
    return await once(
        OutcomeView,
        lambda: actions.classify(
            conn,
            call_id=call_id,
            disposition=body.disposition,
            pressed_at=body.at,
            seen=once.saw(body.rev),
            by=by,
            clock=clock,
        ),
        OutcomeView.of,
    )


@router.post(
    "/calls/{call_id}/disposition/undo",
    responses=refuses(*_ANY, Stale, NotYetKnown, NothingToUndo, UndoTooLate, NotYours),
)
async def undo(call_id: UUID, conn: Conn, by: SignedIn, clock: ServerClock, once: OnceAsSeen) -> OutcomeView:
    """Take the outcome back while `undo_until` has not passed."""
    return await once(
        OutcomeView,
        lambda: actions.undo(conn, call_id=call_id, seen=once.saw(), by=by, clock=clock),
        OutcomeView.of,
    )


@router.post("/calls/{call_id}/note", responses=refuses(*_ANY, Stale, NotYetKnown, NotYours))
async def write_note(
    call_id: UUID, body: CallNote, conn: Conn, by: SignedIn, clock: ServerClock, once: OnceAsSeen
) -> OutcomeView:
    """Write the note of one's own call."""
    return await once(
        OutcomeView,
        lambda: actions.write_note(
            conn, call_id=call_id, text=body.text, seen=once.saw(body.rev), by=by, clock=clock
        ),
        OutcomeView.of,
    )


@router.get("/calls/{call_id}/history", responses=refuses(NoSession, Denied, NotYetKnown))
async def look_up_number(call_id: UUID, conn: Conn, by: SignedIn, clock: ServerClock) -> HistoryView:
    """How often the caller's number called before; counts alone, and the look is written down."""
    return HistoryView.of(await actions.look_up_number(conn, call_id=call_id, by=by, clock=clock))


@router.post(
    "/callbacks/{callback_id}/done",
    responses=refuses(*_ANY, NoSuchCallback, CallbackOver, SecondBySupervisor),
)
async def finish_callback(
    callback_id: UUID, body: FinishCallback, conn: Conn, by: SignedIn, clock: ServerClock, once: Once
) -> CallbackView:
    """Say how calling a lost caller back went; still `due` where a second attempt remains."""
    return await once(
        CallbackView,
        lambda: actions.finish_callback(
            conn, callback_id=callback_id, outcome=body.outcome, by=by, clock=clock
        ),
        CallbackView.of,
    )


@router.post("/voice/facts", responses=refuses(NoSession, Denied))
async def take_facts(body: HandOver, conn: Conn, by: SignedIn, clock: ServerClock) -> Accepted:
    """Take what voice learnt, each fact once by (node, voice_seq). One that means nothing is kept and named, not refused."""
    handed = [
        follow.Handed(
            voice_seq=fact.voice_seq, at=fact.at, kind=fact.kind, body=fact.model_dump(mode="python")
        )
        for fact in body.facts
    ]
    through = await follow.take_facts(conn, node=body.node, handed=handed, by=by, clock=clock)
    return Accepted(accepted_through=through)
