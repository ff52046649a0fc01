"""An exchange without a trunk, for tests and training: what the outside world does is said by method calls.

It keeps the port's promises (order per call, NoSuchCall, harmless repeats) and mixes like the engine does, so that a test can hear.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

import numpy as np

from sigap.evidence.model import LocationEvidence, NumberClass
from sigap.kernel.clock import Clock, SystemClock
from sigap.kernel.ids import new_id
from sigap.voice.pbx import (
    FRAME,
    CallAnswered,
    CallCancelled,
    CallEnded,
    CallOffered,
    CallState,
    EndedBy,
    Frame,
    MediaLeg,
    NoSuchCall,
    PbxCall,
    PbxDown,
    PbxError,
    PbxEvent,
    RecordingStarted,
    RecordingStopped,
)


@dataclass(slots=True)
class _Line:
    offered: CallOffered
    state: CallState = CallState.OFFERED
    answered_at: datetime | None = None
    legs: list[MediaLeg] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    restored: bool = False


class FakePbx:
    """One exchange, in memory."""

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._lines: dict[UUID, _Line] = {}
        self._events: asyncio.Queue[PbxEvent] = asyncio.Queue()
        self._running = False
        self.fail_next: PbxError | None = None
        """Raised by the next command, once."""
        self.commands: list[tuple[str, UUID]] = []
        """Every command that was carried out, in order."""

    # ---- the outside world's half

    def rings(
        self,
        number: str | None,
        evidence: tuple[LocationEvidence, ...] = (),
        *,
        dialed_number: str = "112",
        raw: Mapping[str, object] | None = None,
    ) -> UUID:
        """Somebody dials. Returns the call's id."""
        offered = CallOffered(
            call_id=new_id(),
            at=self._clock.now(),
            number=number,
            number_class=NumberClass.USABLE if number else NumberClass.NONE,
            display_name=None,
            trunk="fake",
            dialed_number=dialed_number,
            evidence=evidence,
            raw=raw or {"headers": {}, "parts": []},
        )
        self._lines[offered.call_id] = _Line(offered)
        self._events.put_nowait(offered)
        return offered.call_id

    def caller_hangs_up(self, call_id: UUID) -> None:
        """The caller lets go: a cancel before the answer, the end after it."""
        line = self._line(call_id)
        if line.state is CallState.ANSWERED:
            self._end(call_id, EndedBy.CALLER, "caller_released", None)
        else:
            del self._lines[call_id]
            self._events.put_nowait(CallCancelled(call_id=call_id, at=self._clock.now()))

    def caller_says(self, call_id: UUID, frame: Frame) -> Frame:
        """One tick: the caller's sound to every leg; returns what the caller hears from the legs."""
        heard = np.zeros(FRAME, np.int32)
        for leg in self._line(call_id).legs:
            leg.push(frame)
            said = leg.pull()
            if said is not None:
                heard += said
        return np.clip(heard, -32768, 32767).astype(np.int16)

    def heard(self, call_id: UUID) -> list[str]:
        """The prompts this caller was played, in order; an ended announcement is `-`."""
        return self._line(call_id).heard

    def crashes(self) -> None:
        """The process dies and comes back: answered calls are restored without legs, others are gone."""
        self._running = False
        self._lines = {
            call_id: replace(line, legs=[], restored=True)
            for call_id, line in self._lines.items()
            if line.state is CallState.ANSWERED
        }
        self._events = asyncio.Queue()

    # ---- the port

    async def start(self) -> None:
        """Open the exchange."""
        self._running = True

    async def stop(self) -> None:
        """Close it; standing calls are kept."""
        self._running = False

    async def ring(self, call_id: UUID) -> None:
        """180."""
        line = self._command("ring", call_id)
        if line.state is CallState.OFFERED:
            line.state = CallState.RINGING

    async def announce(self, call_id: UUID, prompt: str, *, loop: bool = False) -> None:
        """183 with sound before the answer, in the mix after it."""
        line = self._command("announce", call_id)
        if line.state is not CallState.ANSWERED:
            line.state = CallState.EARLY
        line.heard.append(f"{prompt} …" if loop else prompt)

    async def stop_announcement(self, call_id: UUID) -> None:
        """Silence it."""
        self._command("stop_announcement", call_id).heard.append("-")

    async def answer(self, call_id: UUID, leg: MediaLeg | None) -> None:
        """200, leg joined, recording on."""
        line = self._command("answer", call_id)
        if line.state is CallState.ANSWERED:
            return
        now = self._clock.now()
        line.state, line.answered_at = CallState.ANSWERED, now
        if leg is not None:
            self._join(line, leg)
        self._events.put_nowait(CallAnswered(call_id=call_id, at=now))
        self._events.put_nowait(RecordingStarted(call_id=call_id, at=now, file=f"{call_id}.wav"))

    async def join(self, call_id: UUID, leg: MediaLeg) -> None:
        """One more party."""
        self._join(self._command("join", call_id), leg)

    async def leave(self, call_id: UUID, leg: MediaLeg) -> None:
        """One party fewer."""
        line = self._command("leave", call_id)
        line.legs = [other for other in line.legs if other.leg_id != leg.leg_id]

    async def hang_up(self, call_id: UUID, cause: str) -> None:
        """End it; harmless when over."""
        self._check("hang_up", call_id)
        if call_id in self._lines:
            self._end(call_id, EndedBy.ROOM, cause, None)

    def calls(self) -> list[PbxCall]:
        """What stands."""
        return [
            PbxCall(
                call_id=call_id,
                state=line.state,
                offered=line.offered,
                answered_at=line.answered_at,
                legs=tuple(leg.leg_id for leg in line.legs),
                recording=line.state is CallState.ANSWERED,
                restored=line.restored,
            )
            for call_id, line in self._lines.items()
        ]

    async def events(self) -> AsyncIterator[PbxEvent]:
        """What happens, for one reader."""
        while True:
            yield await self._events.get()

    def _check(self, command: str, call_id: UUID) -> None:
        if self.fail_next is not None:
            failure, self.fail_next = self.fail_next, None
            raise failure
        if not self._running:
            raise PbxDown("the exchange is not running")
        self.commands.append((command, call_id))

    def _command(self, command: str, call_id: UUID) -> _Line:
        self._check(command, call_id)
        return self._line(call_id)

    def _line(self, call_id: UUID) -> _Line:
        try:
            return self._lines[call_id]
        except KeyError:
            raise NoSuchCall(str(call_id)) from None

    def _join(self, line: _Line, leg: MediaLeg) -> None:
        if leg.leg_id not in [other.leg_id for other in line.legs]:
            line.legs.append(leg)
            leg.joined()
        line.restored = False

    def _end(self, call_id: UUID, by: EndedBy, cause: str, sip_code: int | None) -> None:
        line, now = self._lines.pop(call_id), self._clock.now()
        if line.state is CallState.ANSWERED:
            self._events.put_nowait(
                RecordingStopped(call_id=call_id, at=now, file=f"{call_id}.wav", sha256="0" * 64, seconds=1.0)
            )
        self._events.put_nowait(CallEnded(call_id=call_id, at=now, by=by, cause=cause, sip_code=sip_code))
