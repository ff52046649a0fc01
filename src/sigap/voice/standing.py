"""One call as the embedded exchange keeps it, in memory and on disk."""

import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from sigap.kernel import clock
from sigap.voice import offer
from sigap.voice.mixer import Room
from sigap.voice.pbx import CallOffered, PbxEvent
from sigap.voice.recorder import Recording
from sigap.voice.rtp.session import RtpSession
from sigap.voice.sip.trunk_call import TrunkCall


@dataclass(slots=True)
class Standing:
    """One call as the exchange keeps it."""

    call: TrunkCall
    offered: CallOffered
    told: bool = False
    """CallOffered has been given out."""
    answered_at: datetime | None = None
    rtp: RtpSession | None = None
    room: Room | None = None
    recording: Recording | None = None
    held: bool = False
    lost: bool = False
    restored: bool = False
    open_since: float | None = None
    """Monotonic time of the answer, of being taken up again, of the last hold or its end: sound is expected from here on."""
    asked_at: float | None = None
    """Monotonic time at which the far end was last asked whether it still knows the call."""
    later: list[PbxEvent] = field(default_factory=list)

    def as_json(self) -> dict[str, Any] | None:
        """What a restart needs of an answered call; None before the answer."""
        if self.rtp is None or self.answered_at is None or self.recording is None:
            return None
        started_at = clock.text(self.recording.started_at)
        return {
            "offered": offer.as_json(self.offered),
            "answered_at": clock.text(self.answered_at),
            "signalling": self.call.as_json(),
            "rtp": self.rtp.as_json(),
            "recording": {"file": self.recording.file, "started_at": started_at},
            "held": self.held,
        }

    @classmethod
    def taken_up(cls, call: TrunkCall, saved: dict[str, Any]) -> Self:
        """An answered call of a dead process. Raises KeyError or ValueError when it is not one."""
        return cls(
            call,
            offer.from_json(saved["offered"]),
            told=True,
            answered_at=datetime.fromisoformat(saved["answered_at"]),
            held=saved["held"],
            restored=True,
            open_since=time.monotonic(),
        )
