"""The mixer: each party of a call hears all the others, never itself; the recorder hears the caller left, the room right."""

import contextlib
import logging
from collections.abc import Callable
from typing import Protocol
from uuid import UUID

import numpy as np

from sigap.voice.pbx import FRAME, TICK_S, Frame, MediaLeg
from sigap.voice.ticker import Ticker

log = logging.getLogger(__name__)

SILENCE: Frame = np.zeros(FRAME, np.int16)
SILENCE.flags.writeable = False
RECORD_TICKS = 10
"""Ticks of sound handed to the recorder at once (200 ms): what kill -9 may cost."""


class TrunkSound(Protocol):
    """The caller's side of a room."""

    def pull(self) -> Frame | None:
        """What the caller said in this tick."""
        ...

    def push(self, frame: Frame) -> None:
        """What the caller shall hear."""
        ...


class Room:
    """One call's sound: the trunk, the legs joined to it, an announcement, a recording."""

    def __init__(self, trunk: TrunkSound) -> None:
        self.trunk = trunk
        self.legs: dict[str, MediaLeg] = {}
        self.record: Callable[[bytes], None] | None = None
        self.missed: Callable[[float], None] | None = None
        """Told of seconds that nobody moved, after the recording has all before them."""
        self._announcement: tuple[Frame, ...] = ()
        self._at, self._loop = 0, False
        self._broken: set[str] = set()
        self._stereo = np.zeros((RECORD_TICKS * FRAME, 2), "<i2")
        self._recorded = 0

    def announce(self, frames: tuple[Frame, ...], *, loop: bool) -> None:
        """Play these frames to the caller from the next tick on, in place of what was playing."""
        self._announcement, self._at, self._loop = frames, 0, loop

    def tick(self) -> None:
        """Move 20 ms of sound."""
        caller = self.trunk.pull()
        said = [(leg_id, self._pull(leg)) for leg_id, leg in self.legs.items()]
        announced = self._next_announced()
        voices = [frame for _, frame in said if frame is not None]
        room = mixed([*voices, announced] if announced is not None else voices)
        self.trunk.push(room)
        for leg_id, _own in said:
            heard = caller
            if len(said) > 1:
                others = [frame for other, frame in said if other != leg_id and frame is not None]
                heard = mixed([*others, caller] if caller is not None else others)
            self._push(leg_id, heard if heard is not None else SILENCE)
        if self.record:
            self._note(SILENCE if caller is None else caller, room)

    def flush_recording(self) -> None:
        """Hand over what is left of the last 200 ms."""
        if self.record and self._recorded:
            self.record(self._stereo[: self._recorded * FRAME].tobytes())
            self._recorded = 0

    def _note(self, caller: Frame, room: Frame) -> None:
        start = self._recorded * FRAME
        self._stereo[start : start + FRAME, 0] = caller
        self._stereo[start : start + FRAME, 1] = room
        self._recorded += 1
        if self._recorded == RECORD_TICKS:
            self.flush_recording()

    def _next_announced(self) -> Frame | None:
        if not self._announcement:
            return None
        frame = self._announcement[self._at]
        self._at += 1
        if self._at == len(self._announcement):
            self._at = 0
            if not self._loop:
                self._announcement = ()
        return frame

    def _pull(self, leg: MediaLeg) -> Frame | None:
        try:
            frame = leg.pull()
        except Exception:  # a broken leg is silent; the others go on talking
            if leg.leg_id not in self._broken:
                self._broken.add(leg.leg_id)
                log.exception("A leg gives no sound.", extra={"action": "leg.failed"})
            return None
        return frame if frame is None or len(frame) == FRAME else None

    def _push(self, leg_id: str, frame: Frame) -> None:
        leg = self.legs.get(leg_id)
        with contextlib.suppress(Exception):  # a broken leg hears nothing; the others go on talking
            if leg:
                leg.push(frame)


class Mixer:
    """All rooms of this process, moved by one beat."""

    def __init__(self) -> None:
        self.rooms: dict[UUID, Room] = {}
        self.ticker = Ticker(self._beat, missed=self._missed, collects=True)

    def start(self) -> None:
        """Begin."""
        self.ticker.start()

    def stop(self) -> None:
        """End; hands the recorders what they have not got yet."""
        self.ticker.stop()
        for room in self.rooms.values():
            room.flush_recording()

    def _missed(self, beats: int) -> None:
        for room in self.rooms.values():
            if room.missed:
                room.flush_recording()
                room.missed(beats * TICK_S)

    def _beat(self) -> None:
        for room in list(self.rooms.values()):
            try:
                room.tick()
            except Exception:  # one call's trouble must not silence the others
                log.exception("A room missed a beat.", extra={"action": "mixer.failed"})


def mixed(frames: list[Frame]) -> Frame:
    """The sum of frames, clipped; a single one is passed through untouched."""
    if not frames:
        return SILENCE
    if len(frames) == 1:
        return frames[0]
    total = np.zeros(FRAME, np.int32)
    for frame in frames:
        total += frame
    return np.clip(total, -32768, 32767).astype(np.int16)
