"""Once a second over the exchange: is every caller's sound there, what was counted, does the mixer keep time."""

import time
from collections import Counter
from typing import Protocol
from uuid import UUID

from sigap.kernel import settings
from sigap.voice.mixer import Mixer
from sigap.voice.standing import Standing

MEDIA_LOST_S = settings.declare(
    "voice.media_lost_s", 5.0, "Seconds without a sound packet until the room is told.", owner="admin"
)
RESTORED_SILENCE_S = settings.declare(
    "voice.restored_silence_s",
    30.0,
    "Seconds a call taken up after a restart may stay without any sound packet before it is given up.",
    owner="admin",
)
LATE_TICK_S = 0.020
"""A mixer that is later than this at the 99th percentile of a minute is an alarm (telephony decision)."""


class Watched(Protocol):
    """What of the exchange is looked at, and what it does about it."""

    standing: dict[UUID, Standing]
    mixer: Mixer

    def counted(self) -> Counter[str]:
        """Traffic that became no call since the last look."""
        ...

    def tell_counted(self, what: str, count: int) -> None:
        """Report a count."""
        ...

    def tell_sound(self, standing: Standing, *, lost: bool) -> None:
        """Report that a caller's sound stopped or came back."""
        ...

    def give_up(self, standing: Standing) -> None:
        """End a call whose far end is not there any more."""
        ...

    def still_waiting(self, call_id: UUID) -> None:
        """An unanswered call goes on waiting."""
        ...

    def alarm(self, what: str, detail: str) -> None:
        """Say loudly that the exchange is unwell."""
        ...


class Watch:
    """Keeps nothing but what it has already said."""

    def __init__(self, watched: Watched) -> None:
        self._watched = watched
        self._said_late = False

    def look(self) -> None:
        """One look."""
        for call_id, standing in list(self._watched.standing.items()):
            if standing.answered_at is None:
                self._watched.still_waiting(call_id)
            else:
                self._look_at_sound(standing)
        for what, count in self._watched.counted().items():
            self._watched.tell_counted(what, count)
        self._look_at_beat()

    def _look_at_sound(self, standing: Standing) -> None:
        if standing.rtp is None or standing.open_since is None or standing.held:
            return
        quiet_s = time.monotonic() - (standing.rtp.heard_at or standing.open_since)
        if standing.restored and standing.rtp.heard_at is None and quiet_s > RESTORED_SILENCE_S.value:
            self._watched.give_up(standing)
            return
        lost = quiet_s > MEDIA_LOST_S.value
        if lost != standing.lost:
            standing.lost = lost
            self._watched.tell_sound(standing, lost=lost)

    def _look_at_beat(self) -> None:
        lateness = self._watched.mixer.ticker.lateness
        if len(lateness) < 500:
            return
        late = sorted(lateness)[int(len(lateness) * 0.99)]
        if late > LATE_TICK_S and not self._said_late:
            self._watched.alarm("tick_late", f"{late * 1000:.0f} ms at the 99th percentile")
        self._said_late = late > LATE_TICK_S
