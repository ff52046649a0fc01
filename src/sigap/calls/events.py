"""What can happen to a call, a callback, a seat and a recording. Never a number, a name or a note in any field."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sigap.journal.model import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOffered(Event):
    """A caller reached the centre (T0)."""

    kind: ClassVar[str] = "call.offered"
    subject: ClassVar[str] = "call_id"
    call_id: UUID
    trunk: str | None
    dialed_number: str | None
    number_class: str
    repeat_24h: int
    located: bool  # the trunk told at least one point


@dataclass(frozen=True, slots=True, kw_only=True)
class CallQueued(Event):
    """No seat was free; position 1 is next."""

    kind: ClassVar[str] = "call.queued"
    subject: ClassVar[str] = "call_id"
    call_id: UUID
    position: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAlerted(Event):
    """It rings at a seat; the first time is T1."""

    kind: ClassVar[str] = "call.alerted"
    subject: ClassVar[str] = "call_id"
    call_id: UUID
    seat: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAnswered(Event):
    """An operator talks with the caller; the first time is T2. `again`: it came back after its seat was lost."""

    kind: ClassVar[str] = "call.answered"
    subject: ClassVar[str] = "call_id"
    call_id: UUID
    seat: str
    account_id: UUID | None
    answer_s: float | None
    again: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSeatLost(Event):
    """The seat's line broke while it talked; the caller is kept."""

    kind: ClassVar[str] = "call.seat_lost"
    subject: ClassVar[str] = "call_id"
    call_id: UUID
    seat: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAbandoned(Event):
    """The caller gave up before anybody answered."""

    kind: ClassVar[str] = "call.abandoned"
    subject: ClassVar[str] = "call_id"
    call_id: UUID
    stage: str
    waited_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEnded(Event):
    """The line is free again."""

    kind: ClassVar[str] = "call.ended"
    subject: ClassVar[str] = "call_id"
    call_id: UUID
    cause: str
    by: str | None
    sip_code: int | None
    talk_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallClassified(Event):
    """Somebody said what the call was."""

    kind: ClassVar[str] = "call.classified"
    subject: ClassVar[str] = "call_id"
    call_id: UUID
    disposition: str
    before: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallDispositionUndone(Event):
    """The outcome was taken back in time."""

    kind: ClassVar[str] = "call.disposition_undone"
    subject: ClassVar[str] = "call_id"
    call_id: UUID
    before: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallNoted(Event):
    """The call's note was written; its text lies in the sealed part."""

    kind: ClassVar[str] = "call.noted"
    subject: ClassVar[str] = "call_id"
    call_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CallHistoryRead(Event):
    """Somebody looked up how often this caller's number has called."""

    kind: ClassVar[str] = "call.history_read"
    subject: ClassVar[str] = "call_id"
    call_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackTried(Event):
    """Somebody tried to call a lost caller back. `due_at` is set where one more attempt is due."""

    kind: ClassVar[str] = "callback.tried"
    subject: ClassVar[str] = "call_id"
    call_id: UUID
    callback_id: UUID
    outcome: str
    attempt: int
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingStarted(Event):
    """Sound goes to disk."""

    kind: ClassVar[str] = "recording.started"
    subject: ClassVar[str] = "call_id"
    call_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingStopped(Event):
    """The recording is whole on disk; `gaps` are [{at_s, seconds, reason}]."""

    kind: ClassVar[str] = "recording.stopped"
    subject: ClassVar[str] = "call_id"
    call_id: UUID
    sha256: str
    seconds: float
    gaps: list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingFailed(Event):
    """Sound was lost while the call went on."""

    kind: ClassVar[str] = "recording.failed"
    subject: ClassVar[str] = "call_id"
    call_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingPlayed(Event):
    """Somebody got a link to hear it; the reason lies in the sealed part."""

    kind: ClassVar[str] = "recording.played"
    subject: ClassVar[str] = "call_id"
    call_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatInstalled(Event):
    """The room has this seat."""

    kind: ClassVar[str] = "seat.installed"
    subject: ClassVar[str] = "seat"
    seat: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatSignedIn(Event):
    """Somebody sat down."""

    kind: ClassVar[str] = "seat.signed_in"
    subject: ClassVar[str] = "seat"
    seat: str
    account_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatSignedOut(Event):
    """Nobody sits there any more."""

    kind: ClassVar[str] = "seat.signed_out"
    subject: ClassVar[str] = "seat"
    seat: str
    account_id: UUID | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatStateSet(Event):
    """The seat is ready, rings, talks, …; occupancy is counted from these."""

    kind: ClassVar[str] = "seat.state_set"
    subject: ClassVar[str] = "seat"
    seat: str
    state: str
    reason: str | None
    account_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatRingMissed(Event):
    """It rang there and nobody answered in time."""

    kind: ClassVar[str] = "seat.ring_missed"
    subject: ClassVar[str] = "seat"
    seat: str
    call_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceStarted(Event):
    """The voice process runs (again); calls it did not bring back have ended unseen."""

    kind: ClassVar[str] = "voice.started"
    subject: ClassVar[str] = "node"
    node: str
    restored: list[UUID]
    lost: list[UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceAlarmRaised(Event):
    """Voice wants a person to look."""

    kind: ClassVar[str] = "voice.alarm_raised"
    subject: ClassVar[str] = "node"
    node: str
    what: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceFactRefused(Event):
    """Voice handed over something that means nothing here; it is counted, and the spool goes on."""

    kind: ClassVar[str] = "voice.fact_refused"
    subject: ClassVar[str] = "node"
    node: str
    voice_seq: int
    fact: str
    why: str
