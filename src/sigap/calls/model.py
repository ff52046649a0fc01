"""A call, a callback and a seat, pure: how facts and verbs change them, whatever order the facts arrive in."""

import tomllib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, ClassVar
from uuid import UUID

from sigap.journal.model import Row
from sigap.kernel import settings
from sigap.kernel.problems import Conflict, Denied, NotFound

UNDO_S = settings.declare(
    "call.undo_s", 30.0, "Seconds in which an outcome key can be taken back.", source="Sigap default"
)
JUNK_LOOK_S = settings.declare(
    "call.junk_look_s",
    60.0,
    "Seconds of talk from which a call ended as prank or silent is put before the supervisor.",
    source="Sigap default",
)
CALLBACK_AFTER_S = settings.declare(
    "callback.min_wait_s",
    5.0,
    "Seconds a caller waited before a lost call is called back.",
    source="Sigap default",
)
CALLBACK_DUE_S = settings.declare(
    "callback.due_s", 180.0, "Seconds from a lost call to the attempt to call back.", source="Sigap default"
)
CALLBACK_STALE_S = settings.declare(
    "callback.stale_s",
    86400.0,
    "Seconds after which a lost call that was recorded late is no longer called back.",
    source="Sigap default",
)
LINK_S = settings.declare(
    "recording.link_s",
    300.0,
    "Seconds that a link to a recording works.",
    source="Sigap default, at most 300",
    owner="admin",
)


class State(StrEnum):
    """Where a call stands."""

    OFFERED = "offered"  # masuk: it reached the centre (T0)
    QUEUED = "queued"  # antrean
    ALERTING = "alerting"  # berdering
    ANSWERED = "answered"  # sedang bicara
    WRAP_UP = "wrap_up"  # penyelesaian data: over, outcome not said yet
    CLOSED = "closed"  # selesai


class Disposition(StrEnum):
    """What a call was (jenis panggilan)."""

    NORMAL = "normal"
    PRANK = "prank"
    GHOST = "ghost"
    INFORMATION = "information"
    NON_EMERGENCY = "non_emergency"
    TEST = "test"


class NumberClass(StrEnum):
    """Whether the caller can be recognised and called back by number."""

    USABLE = "usable"
    NONE = "none"
    PLACEHOLDER = "placeholder"  # what a phone without a SIM sends


class RecordingState(StrEnum):
    """Where a call's recording stands."""

    NONE = "none"
    RECORDING = "recording"
    STORED = "stored"
    FAILED = "failed"


class CallbackState(StrEnum):
    """Whether a lost caller still has to be called back."""

    DUE = "due"
    DONE = "done"
    SKIPPED = "skipped"


class CallbackOutcome(StrEnum):
    """How an attempt to call back went."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    UNREACHABLE = "unreachable"
    NOT_NEEDED = "not_needed"


class SeatState(StrEnum):
    """What a seat is doing, as voice says."""

    SIGNED_OUT = "signed_out"
    READY = "ready"
    NOT_READY = "not_ready"
    RINGING = "ringing"
    TALKING = "talking"
    WRAP_UP = "wrap_up"
    LOST = "lost"


class NotYetKnown(NotFound):
    """Voice has not handed this call over yet; the sender tries again."""

    code = "call.not_yet_known"


class AlreadyClassified(Conflict):
    """Somebody else said what the call was; the facts say what and when."""

    code = "call.already_classified"


class HasIncident(Conflict):
    """A call with an incident is a normal call by itself."""

    code = "call.has_incident"


class HasOtherIncident(Conflict):
    """The call already belongs to another incident."""

    code = "call.has_other_incident"


class NothingToUndo(Conflict):
    """The call has no outcome, or it is a normal call because of its incident."""

    code = "call.nothing_to_undo"


class UndoTooLate(Conflict):
    """The time to take an outcome back is over; facts: undo_s."""

    code = "call.undo_too_late"


class NotYours(Denied):
    """Somebody else's call; a supervisor may."""

    code = "call.not_yours"


class NoRecording(Conflict):
    """The recording is not there: none was made, it still runs, or it failed; the facts say which."""

    code = "recording.not_there"


class LinkEnded(NotFound):
    """The link to a recording is not one of ours, or its time is over."""

    code = "recording.link_ended"


class NoSuchCallback(NotFound):
    """No callback has this id."""

    code = "callback.not_found"


class CallbackOver(Conflict):
    """The callback is done or was skipped; the facts say which, and how it went."""

    code = "callback.over"


class SecondBySupervisor(Denied):
    """The first attempt failed; the second is a supervisor's."""

    code = "callback.second_by_supervisor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Row):
    """One call (panggilan). Each time is set once, by the first fact that knows it; they are voice's clock."""

    table: ClassVar[str] = "call"
    personal: ClassVar[frozenset[str]] = frozenset(
        {"caller_number", "caller_name", "evidence", "note", "recording_ref"}
    )

    id: UUID
    state: State = State.OFFERED
    trunk: str | None = None
    dialed_number: str | None = None
    seat: str | None = None
    account_id: UUID | None = None
    offered_at: datetime | None = None
    alerted_at: datetime | None = None
    queued_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    end_cause: str | None = None
    ended_by: str | None = None
    disposition: Disposition | None = None
    disposition_at: datetime | None = None
    disposition_by: UUID | None = None
    incident_id: UUID | None = None
    number_class: NumberClass = NumberClass.NONE
    recording_state: RecordingState = RecordingState.NONE
    recording_s: float | None = None
    media: str = "voice"
    repeat_24h: int = 0
    rev: int = 0
    caller_number: str | None = None
    caller_name: str | None = None
    evidence: list[Any]
    note: str | None = None
    recording_ref: str | None = None

    @classmethod
    def unheard_of(cls, call_id: UUID) -> "Call":
        """A call of which nothing is known but its id: its first fact came before the offer."""
        return cls(id=call_id, evidence=[])

    def settled(self, waiting: State = State.OFFERED) -> "Call":
        """The next revision, its state following from what is known; `waiting` is what voice last said before an answer."""
        if self.ended_at is not None:
            over = self.answered_at is None or self.disposition is not None
            state = State.CLOSED if over else State.WRAP_UP
        else:
            state = State.ANSWERED if self.answered_at is not None else waiting
        return replace(self, state=state, rev=self.rev + 1)

    def classified(self, disposition: Disposition, at: datetime, by: UUID | None) -> "Call":
        """What the call was, said by a person."""
        after = replace(self, disposition=disposition, disposition_at=at, disposition_by=by)
        return after.settled(self.state)

    def unclassified(self) -> "Call":
        """The outcome taken back."""
        after = replace(self, disposition=None, disposition_at=None, disposition_by=None)
        return after.settled(self.state)

    def attached(self, incident_id: UUID, at: datetime, by: UUID | None) -> "Call":
        """Part of an incident, and with that a normal call by itself. Raises HasOtherIncident."""
        if self.incident_id not in (None, incident_id):
            raise HasOtherIncident(incident_id=self.incident_id)
        said = self if self.disposition == Disposition.NORMAL else self.classified(Disposition.NORMAL, at, by)
        return replace(said, incident_id=incident_id, rev=self.rev + 1)

    def undo_until(self) -> datetime | None:
        """Until when the outcome can be taken back; None without one, or with an incident."""
        if self.disposition_at is None or self.incident_id is not None:
            return None
        return self.disposition_at + timedelta(seconds=UNDO_S.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback(Row):
    """A caller who was lost and shall be called back (telepon balik)."""

    table: ClassVar[str] = "callback"
    personal: ClassVar[frozenset[str]] = frozenset({"number"})

    id: UUID
    call_id: UUID
    due_at: datetime
    state: CallbackState
    attempts: int
    outcome: str | None
    done_at: datetime | None
    done_by: UUID | None
    rev: int
    number: str

    def tried(self, outcome: CallbackOutcome, at: datetime, by: UUID | None) -> "Callback":
        """After one attempt: done, or due once more where nobody answered the first. Raises CallbackOver."""
        if self.state != CallbackState.DUE:
            raise CallbackOver(state=self.state, outcome=self.outcome)
        after = replace(self, attempts=self.attempts + 1, outcome=outcome.value, rev=self.rev + 1)
        if outcome in (CallbackOutcome.NO_ANSWER, CallbackOutcome.UNREACHABLE) and after.attempts < 2:
            return replace(after, due_at=at + timedelta(seconds=CALLBACK_DUE_S.value))
        return replace(after, state=CallbackState.DONE, done_at=at, done_by=by)

    def skipped(self, why: str, at: datetime) -> "Callback":
        """Nobody needs to call: the caller got through, or it is too late to help."""
        return replace(self, state=CallbackState.SKIPPED, outcome=why, done_at=at, rev=self.rev + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat(Row):
    """A call-taking position (meja)."""

    table: ClassVar[str] = "seat"

    id: str
    account_id: UUID | None
    state: SeatState
    reason: str | None
    since: datetime
    rev: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingPlay(Row):
    """Somebody asked to hear a recording, and why."""

    table: ClassVar[str] = "recording_play"
    personal: ClassVar[frozenset[str]] = frozenset({"reason"})

    id: UUID
    call_id: UUID
    account_id: UUID
    played_at: datetime
    rev: int
    reason: str


@cache
def words() -> dict[str, dict[str, dict[str, str]]]:
    """The words of a call by list and code, in both languages."""
    return tomllib.loads((files("sigap") / "data" / "catalogue" / "calls.toml").read_text(encoding="utf-8"))


def catalogue() -> dict[str, Any]:
    """What this room adds to the catalogue endpoint."""
    listed = {
        name: [{"code": code, "name": names} for code, names in entries.items()]
        for name, entries in words().items()
    }
    return {
        "call_states": listed["states"],
        "call_dispositions": listed["dispositions"],
        "call_end_causes": listed["end_causes"],
        "number_classes": listed["number_classes"],
        "callback_outcomes": listed["callback_outcomes"],
        "seat_states": listed["seat_states"],
        "not_ready_reasons": listed["not_ready_reasons"],
        "call_limits": {"undo_s": UNDO_S.value, "junk_look_s": JUNK_LOOK_S.value},
    }
