"""The telephone exchange as the queue sees it: one port, our words, no vendor's types.

The engine behind it owns trunk calls from INVITE to BYE, their audio and their recordings; whoever holds the port decides what
happens to a call. Two implementations: `pbx_embedded.EmbeddedPbx` (real SIP and RTP) and `pbx_fake.FakePbx`.

    PbxError
      NoSuchCall      the call is unknown here, or already over
      PbxDown         the engine cannot do anything now
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable
from uuid import UUID

import numpy as np
import numpy.typing as npt

from sigap.evidence.model import LocationEvidence, NumberClass

type Frame = npt.NDArray[np.int16]
"""One tick of sound: FRAME samples, mono, linear 16 bit."""

RATE = 8000
"""Samples per second, on every leg."""
FRAME = 160
"""Samples per tick: 20 ms."""
TICK_S = FRAME / RATE
"""Seconds between two ticks of the mixer."""


class PbxError(Exception):
    """A command the exchange could not carry out."""


class NoSuchCall(PbxError):
    """The call is unknown, or it ended in the meantime: the caller may just have hung up."""


class PbxDown(PbxError):
    """The exchange is not running."""


@runtime_checkable
class MediaLeg(Protocol):
    """One party that can be joined to a call; pulled and pushed by the mixer, once each per tick, never awaited."""

    leg_id: str

    def pull(self) -> Frame | None:
        """What this leg said in this tick; None is silence. Must not block."""
        ...

    def push(self, frame: Frame) -> None:
        """What this leg shall hear in this tick. The array is shared and read-only."""
        ...

    def joined(self) -> None:
        """It becomes part of a call now: throw away audio from before, or it stays late for the whole call."""
        ...


class CallState(StrEnum):
    """Where a trunk call stands, as seen from the trunk."""

    OFFERED = "offered"  # 100 sent, nothing rings yet
    RINGING = "ringing"  # 180 sent
    EARLY = "early"  # 183 sent, the caller hears an announcement
    ANSWERED = "answered"  # 200 sent
    ENDED = "ended"


class EndedBy(StrEnum):
    """Who let go of the call."""

    CALLER = "caller"
    ROOM = "room"  # hang_up was asked for
    SYSTEM = "system"  # the line broke, or nobody confirmed the answer


@dataclass(frozen=True, slots=True, kw_only=True)
class PbxEvent:
    """Something that happened to a call, or with call_id None to the exchange. In order per call."""

    call_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOffered(PbxEvent):
    """A caller reached the centre (T0). Everything the trunk told about them, read and raw."""

    call_id: UUID
    number: str | None
    number_class: NumberClass
    display_name: str | None
    trunk: str
    dialed_number: str
    evidence: tuple[LocationEvidence, ...] = ()
    call_info: tuple[Mapping[str, str], ...] = ()  # purpose, value, and the other parameters
    raw: Mapping[str, object] = field(default_factory=dict)
    """JSON-able: {headers: {name: [value, …]}, parts: [{content_type, content_id, text | base64, truncated}]}."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallCancelled(PbxEvent):
    """The caller gave up before anybody answered. The last event of such a call."""

    call_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAnswered(PbxEvent):
    """The trunk confirmed the answer (ACK): the caller hears us."""

    call_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEnded(PbxEvent):
    """The call is over, after an answer or because we refused it. The last event of such a call."""

    call_id: UUID
    by: EndedBy
    cause: str
    sip_code: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallHeld(PbxEvent):
    """The far end put us on hold (held), or took us back."""

    call_id: UUID
    held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Dtmf(PbxEvent):
    """The caller pressed a key; digit is one of 0-9 * # A-D."""

    call_id: UUID
    digit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingStarted(PbxEvent):
    """Sound goes to disk from here on. `file` is relative to the recordings folder."""

    call_id: UUID
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingStopped(PbxEvent):
    """The recording is complete on disk; gaps are [{at_s, seconds, reason}] from its start."""

    call_id: UUID
    file: str
    sha256: str
    seconds: float
    gaps: tuple[Mapping[str, object], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingFailed(PbxEvent):
    """Sound is being lost although the call goes on: say it loudly. RecordingStopped still names the gaps later."""

    call_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaLost(PbxEvent):
    """No sound packets from the trunk for `media_lost_s`, though the call stands."""

    call_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaBack(PbxEvent):
    """Sound packets arrive again."""

    call_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class TrunkCounted(PbxEvent):
    """Traffic that became no call, counted instead of logged: unreadable, stranger, refused, … since the last such event."""

    what: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PbxAlarm(PbxEvent):
    """The exchange itself is unwell: disk_low, tick_late, port_exhausted. A person should look."""

    what: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PbxCall:
    """A call as it stands now; enough to take it up again after a restart."""

    call_id: UUID
    state: CallState
    offered: CallOffered
    answered_at: datetime | None
    legs: tuple[str, ...]
    recording: bool
    held: bool = False
    restored: bool = False
    """True: taken up again after a restart of this process; it was answered, and no leg is joined."""


class Pbx(Protocol):
    """The exchange. Commands raise NoSuchCall for a call that is over; repeating one is harmless."""

    async def start(self) -> None:
        """Open the trunk. Calls that stood when the process died are in `calls()` when this returns."""
        ...

    async def stop(self) -> None:
        """Close sockets and files. Standing calls are kept on disk and taken up by the next `start`."""
        ...

    async def ring(self, call_id: UUID) -> None:
        """Tell the caller that it rings (180)."""
        ...

    async def announce(self, call_id: UUID, prompt: str, *, loop: bool = False) -> None:
        """Play a prompt of `prompts.PROMPTS` to the caller: as early media (183) before the answer, in the mix after it."""
        ...

    async def stop_announcement(self, call_id: UUID) -> None:
        """Silence what `announce` started."""
        ...

    async def answer(self, call_id: UUID, leg: MediaLeg | None) -> None:
        """Take the call (200), join the leg, start the recording. Any announcement ends."""
        ...

    async def join(self, call_id: UUID, leg: MediaLeg) -> None:
        """Add a party to an answered call."""
        ...

    async def leave(self, call_id: UUID, leg: MediaLeg) -> None:
        """Take a party out; the call goes on."""
        ...

    async def hang_up(self, call_id: UUID, cause: str) -> None:
        """Let go of the call (BYE, or a final refusal before the answer). Harmless when it is already over."""
        ...

    def calls(self) -> list[PbxCall]:
        """Every call that is not over."""
        ...

    def events(self) -> AsyncIterator[PbxEvent]:
        """What happens from now on, for one reader; nothing is dropped while it is slow."""
        ...
