"""What the queue knows of calls and seats, and what it asks of the world. Pure data: no I/O, no clock.

Times are seconds since 1970 on a clock that never steps back (`runner.steady_now`).
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from uuid import UUID

from sigap.kernel import clock


def moment(seconds: float) -> str:
    """A time of the queue as it is written in messages and facts."""
    return clock.text(datetime.fromtimestamp(seconds, UTC))


class SeatState(StrEnum):
    """What a seat is doing; published as the seat table's `state`."""

    SIGNED_OUT = "signed_out"
    READY = "ready"
    NOT_READY = "not_ready"
    RINGING = "ringing"
    TALKING = "talking"
    WRAP_UP = "wrap_up"
    LOST = "lost"


class Stage(StrEnum):
    """Where a call stands in the queue."""

    WAITING = "waiting"
    RINGING = "ringing"
    CONNECTING = "connecting"  # a seat pressed answer, the line is being opened
    TALKING = "talking"
    HELD = "held"  # was answered, its seat broke off; the caller hears music


class Rank(IntEnum):
    """Who comes first in the queue (domain: order in queue); first come within a rank."""

    BROKEN_OFF = 0
    OPEN_INCIDENT = 1
    CALLBACK = 2
    ORDINARY = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Occupant:
    """The person, or simulated colleague, that a token speaks for."""

    account_id: str
    username: str
    name: str
    simulated: bool = False
    seats: frozenset[str] = frozenset()
    """The seats the token names."""

    def public(self) -> dict[str, object]:
        """What other seats may see of them."""
        return {"username": self.username, "name": self.name, "simulated": self.simulated}


@dataclass(slots=True, kw_only=True)
class Seat:
    """One place in the room (meja), with or without somebody on it."""

    name: str
    state: SeatState = SeatState.SIGNED_OUT
    reason: str | None = None
    since: float = 0.0
    until: float | None = None
    """When wrap-up or the wait for a lost seat ends."""
    occupant: Occupant | None = None
    connected: bool = False
    audio: bool = False
    """Sound can flow both ways now."""
    had_audio: bool = False
    wants_ready: bool = False
    idle_reason: str = "signed_in"
    """Why it is not ready, when it does not want to be."""
    idle_since: float = 0.0
    """Since when it waits for a call; a ring that others took does not renew it."""
    missed: int = 0
    call_id: UUID | None = None

    @property
    def idle(self) -> bool:
        """Somebody is there and no call is."""
        return (
            self.connected and self.call_id is None and self.state in (SeatState.READY, SeatState.NOT_READY)
        )

    def public(self) -> dict[str, object]:
        """What every seat may see of it."""
        who = self.occupant
        return {
            "seat": self.name,
            "state": self.state.value,
            "reason": self.reason,
            "since": moment(self.since),
            "until": moment(self.until) if self.until is not None else None,
            "account_id": who.account_id if who else None,
            "username": who.username if who else None,
            "name": who.name if who else None,
            "simulated": who.simulated if who else False,
            "media": "up" if self.audio else "none",
            "call_id": str(self.call_id) if self.call_id else None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A call as it came; `shown` is the part a seat sees at the ring, JSON-able."""

    call_id: UUID
    number: str | None
    offered_at: float
    shown: dict[str, object]


@dataclass(slots=True, kw_only=True)
class Call:
    """A call that is not over."""

    incoming: Incoming
    rank: Rank = Rank.ORDINARY
    stage: Stage = Stage.WAITING
    ringing: dict[str, float] = field(default_factory=dict)
    """Seats where it rings now, and until when."""
    tried: set[str] = field(default_factory=set)
    seat: str | None = None
    """The seat that has it, or that had it before it broke off."""
    answered_at: float | None = None
    queued_at: float | None = None
    next_prompt: str | None = None
    next_prompt_at: float | None = None
    kept_until: float | None = None
    """While broken off: until then only `seat` may take it."""
    resume: bool = False
    """Its seat said it is still in the call: join again without ringing."""
    let_go: bool = False
    """The seat hung up while the line was still being opened."""
    alarms: set[str] = field(default_factory=set)

    @property
    def call_id(self) -> UUID:
        """Its id, made by voice."""
        return self.incoming.call_id

    @property
    def waits(self) -> bool:
        """Nobody has it and it rings nowhere."""
        return self.stage in (Stage.WAITING, Stage.HELD)

    def place(self) -> tuple[int, float]:
        """Its order in the queue, smallest first."""
        return (Rank.BROKEN_OFF if self.answered_at is not None else self.rank, self.incoming.offered_at)


@dataclass(frozen=True, slots=True)
class Fact:
    """Something to be written down before anything is done about it; `data` is JSON-able."""

    kind: str
    call_id: UUID | None = None
    data: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tell:
    """A message to the browser at one seat."""

    seat: str
    message: dict[str, object]


@dataclass(frozen=True, slots=True)
class ShowRinging:
    """Let the caller hear that it rings (180)."""

    call_id: UUID


@dataclass(frozen=True, slots=True)
class Announce:
    """Play a prompt to the caller."""

    call_id: UUID
    prompt: str
    loop: bool


@dataclass(frozen=True, slots=True)
class Connect:
    """Open the caller's line and join the seat; `again` for a call that was answered before."""

    call_id: UUID
    seat: str
    again: bool


@dataclass(frozen=True, slots=True)
class Part:
    """Take the seat's sound out of the call; the caller stays."""

    call_id: UUID
    seat: str


@dataclass(frozen=True, slots=True)
class HangUp:
    """Let go of the caller."""

    call_id: UUID
    cause: str


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something a person must look at."""

    what: str
    detail: str


@dataclass(frozen=True, slots=True)
class AlarmOver:
    """The reason of an alarm is gone."""

    what: str


type Effect = Fact | Tell | ShowRinging | Announce | Connect | Part | HangUp | Alarm | AlarmOver


class Refused(Exception):
    """A seat asked for what is not possible now; `code` as in docs/reference/seat-protocol.md."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
