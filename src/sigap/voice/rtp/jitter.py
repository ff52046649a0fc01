"""The jitter buffer: a strip of samples on the sender's own clock, so packets of any length fit."""

import numpy as np
import numpy.typing as npt

SIZE = 8192
"""Samples the strip holds: one second."""
START_DELAY = 480
"""Samples between arrival and playing at the start: 60 ms, two 30 ms packets."""
MAX_DELAY = 1600
"""Samples of delay we accept at most against bursts: 200 ms."""
STOPPED_CLOCK = 5
"""Packets too late to play, in a row, after which the sender's clock is taken to have stood still: start anew."""
WINDOW = 100
"""Ticks over which the spare delay is measured before some is given back: 2 s."""
SPARE = 400
"""Samples that may lie unused over a whole window: 50 ms."""


class JitterBuffer:
    """Takes encoded payloads by timestamp, gives 20 ms of them each tick; a hole is silence."""

    def __init__(self, silence: int) -> None:
        self._silence = silence
        self._strip = np.full(SIZE, silence, np.uint8)
        self._next = 0
        self._running = False
        self._filled_to = 0
        self._least_spare = MAX_DELAY
        self._ticks = 0
        self._late_run = 0
        self.late = 0
        """Packets that came after their turn."""

    def restart(self) -> None:
        """Forget everything; the next packet sets the clock anew."""
        self._running = False

    def put(self, timestamp: int, payload: bytes) -> None:
        """Lay one payload (one byte a sample) on the strip."""
        size = len(payload)
        if not 0 < size <= SIZE // 2:
            return
        ahead = self._ahead(timestamp)
        if not self._running or ahead < -SIZE or ahead + size > SIZE:
            self._begin(timestamp)
            ahead = self._ahead(timestamp)
        if ahead < 0:
            self.late += 1
            self._late_run += 1
            if self._late_run >= STOPPED_CLOCK:
                self._begin(timestamp)
            else:
                self._delay_more(-ahead)
            ahead = self._ahead(timestamp)
            if ahead < 0:
                return
        self._late_run = 0
        self._least_spare = min(self._least_spare, ahead)
        at = (self._next + ahead) % SIZE
        data = np.frombuffer(payload, np.uint8)
        first = min(size, SIZE - at)
        self._strip[at : at + first] = data[:first]
        if first < size:
            self._strip[: size - first] = data[first:]
        self._filled_to = max(self._filled_to, ahead + size)

    def take(self, count: int) -> npt.NDArray[np.uint8] | None:
        """The next `count` samples, still encoded; None when nothing lies there."""
        if not self._running:
            return None
        self._give_back()
        at = self._next % SIZE
        taken = None
        if self._filled_to > 0:
            taken = np.take(self._strip, range(at, at + count), mode="wrap") if at + count > SIZE else None
            if taken is None:
                taken = self._strip[at : at + count].copy()
                self._strip[at : at + count] = self._silence
            else:
                self._strip[at:] = self._silence
                self._strip[: at + count - SIZE] = self._silence
        self._next = (self._next + count) & 0xFFFFFFFF
        self._filled_to = max(0, self._filled_to - count)
        return taken

    def _ahead(self, timestamp: int) -> int:
        """Samples from the next one to be played to this timestamp; negative when it is past."""
        return ((timestamp - self._next + 0x80000000) & 0xFFFFFFFF) - 0x80000000

    def _begin(self, timestamp: int) -> None:
        self._next = (timestamp - START_DELAY) & 0xFFFFFFFF
        self._strip[:] = self._silence
        self._filled_to, self._least_spare, self._ticks = 0, MAX_DELAY, 0
        self._running = True

    def _delay_more(self, lateness: int) -> None:
        """Play later from now on, if nothing is waiting that would be torn apart by it."""
        room = lateness + 160
        if self._filled_to == 0 and room <= MAX_DELAY:
            self._next = (self._next - room) & 0xFFFFFFFF

    def _give_back(self) -> None:
        """Once a window: when even the tightest packet had time to spare, play sooner."""
        self._ticks += 1
        if self._ticks < WINDOW:
            return
        if SPARE < self._least_spare < MAX_DELAY:
            drop = self._least_spare - SPARE // 2
            at = self._next % SIZE
            for start, end in ((at, min(SIZE, at + drop)), (0, max(0, at + drop - SIZE))):
                self._strip[start:end] = self._silence
            self._next = (self._next + drop) & 0xFFFFFFFF
            self._filled_to = max(0, self._filled_to - drop)
        self._ticks, self._least_spare = 0, MAX_DELAY
