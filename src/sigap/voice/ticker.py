"""A beat every 20 ms, inline on the event loop, that catches up after a pause and says how late it was."""

import asyncio
import gc
from collections import deque
from collections.abc import Callable

from sigap.voice.pbx import TICK_S

CATCH_UP = 10
"""Beats made up at once after a pause; what is older is skipped (200 ms)."""
COLLECT_EVERY = 500
"""Beats between two collections of young objects, made right after a beat and never inside one (10 s)."""
COLLECT_ALL_EVERY = 15_000
"""Beats between two full collections (5 min); one beat may be late by it, which the far end's buffer hides."""


class Ticker:
    """Calls `beat` once for each 20 ms that pass, `missed` with the number of those given up. Lateness in seconds of the last minute is in `lateness`."""

    def __init__(
        self,
        beat: Callable[[], None],
        *,
        missed: Callable[[int], None] = lambda beats: None,
        collects: bool = False,
    ) -> None:
        self._beat, self._missed, self._collects = beat, missed, collects
        self._handle: asyncio.TimerHandle | None = None
        self._due = 0.0
        self._count = 0
        self.lateness: deque[float] = deque(maxlen=3000)
        self.skipped = 0

    def start(self) -> None:
        """Begin beating. With `collects` the process's garbage collection moves between the beats."""
        if self._collects:
            gc.collect()
            gc.freeze()
            gc.disable()
        loop = asyncio.get_running_loop()
        self._due = loop.time() + TICK_S
        self._handle = loop.call_at(self._due, self._fire)

    def stop(self) -> None:
        """Beat no more. What was set aside at the start stays so: another start need not look through it again."""
        if self._handle:
            self._handle.cancel()
            self._handle = None
        if self._collects:
            gc.enable()

    def _fire(self) -> None:
        loop = asyncio.get_running_loop()
        late = loop.time() - self._due
        self.lateness.append(late)
        behind = int(late / TICK_S)
        if behind > CATCH_UP:
            self.skipped += behind - CATCH_UP
            self._due += (behind - CATCH_UP) * TICK_S
            self._missed(behind - CATCH_UP)
            behind = CATCH_UP
        beats = behind + 1
        self._due += beats * TICK_S
        self._handle = loop.call_at(max(self._due, loop.time()), self._fire)
        for _ in range(beats):
            self._beat()
        self._count += beats
        if self._collects and self._count % COLLECT_EVERY < beats:
            gc.collect(2 if self._count % COLLECT_ALL_EVERY < beats else 1)
