"""The sound of a simulated colleague: a spoken WAV played into the call, or silence. Nobody listens."""

import wave
from pathlib import Path

import numpy as np

from sigap.voice.pbx import FRAME, RATE, Frame


class SilentLeg:
    """A leg without a browser; says `spoken` from the moment it is joined, once."""

    def __init__(self, leg_id: str, spoken: tuple[Frame, ...] = ()) -> None:
        self.leg_id = leg_id
        self._spoken, self._at = spoken, 0

    def joined(self) -> None:
        """Begin to speak."""
        self._at = 0

    def pull(self) -> Frame | None:
        """The next 20 ms of what it says."""
        if self._at >= len(self._spoken):
            return None
        self._at += 1
        return self._spoken[self._at - 1]

    def push(self, frame: Frame) -> None:
        """Heard by nobody."""

    async def close(self) -> None:
        """Nothing to let go of."""


def spoken(file: Path) -> tuple[Frame, ...]:
    """A mono 16-bit 8 kHz WAV cut into ticks; nothing when it is absent or of another form."""
    try:
        with wave.open(str(file), "rb") as sound:
            if (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) != (1, 2, RATE):
                return ()
            samples = np.frombuffer(sound.readframes(sound.getnframes()), "<i2").astype(np.int16)
    except (OSError, EOFError, wave.Error):
        return ()
    samples = np.concatenate([samples, np.zeros(-len(samples) % FRAME, np.int16)])
    samples.flags.writeable = False
    return tuple(samples[at : at + FRAME] for at in range(0, len(samples), FRAME))
