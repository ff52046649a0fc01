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
SILENCE_ASK_S = settings.declare(
    "voice.silence_ask_s",
    15.0,
    "Seconds without a sound packet after which the far end of an answered call is asked whether it still "
    "knows the call, and again each so long.",
    owner="admin",
)
SILENCE_END_S = settings.declare(
    "voice.silence_end_s",
    300.0,
    "Seconds without a sound packet after which an answered call is ended although its far end knows it; 0: never.",
    owner="admin",
)
HELD_END_S = settings.declare(
    "voice.held_end_s",
    1800.0,
    "The same for a call that the far end has put on hold; 0: never.",
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

    def ask(self, standing: Standing) -> None:
        """Ask the far end whether it still knows the call; it ends where it does not."""
        ...

    def give_up(self, standing: Standing, cause: str) -> None:
        """End a call whose far end is not there any more, or stayed silent for too long."""
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
        if standing.rtp is None or standing.open_since is None:
            return
        now = time.monotonic()
        quiet_s = now - max(standing.rtp.heard_at or 0.0, standing.open_since)
        unheard = standing.restored and standing.rtp.heard_at is None
        if unheard and not standing.held and quiet_s > RESTORED_SILENCE_S.value:
            self._watched.give_up(standing, "failed")
            return
        limit_s = HELD_END_S.value if standing.held else SILENCE_END_S.value
        if limit_s and quiet_s > limit_s:
            self._watched.give_up(standing, "no_sound")
            return
        if min(quiet_s, now - (standing.asked_at or 0.0)) > SILENCE_ASK_S.value:
            standing.asked_at = now
            self._watched.ask(standing)
        if standing.held:
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
