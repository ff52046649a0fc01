"""The sound of a simulated colleague: what it says is played into the call, and nobody listens."""

import wave
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from sigap.voice.pbx import FRAME, RATE, Frame
from sigap.voice.rtp import g711

_PAUSES_S: Final = (0.6, 4.0, 4.5)
"""Seconds of listening before each of the operator's three sentences."""


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
    return _ticks(samples)


@cache
def usual() -> tuple[Frame, ...]:
    """What a simulated operator says when nothing else was given: greeting, question, promise."""
    said = [np.zeros(0, np.int16)]
    for number, pause_s in enumerate(_PAUSES_S, start=1):
        data = resources.files("sigap.voice").joinpath("sounds", f"operator-{number}.al").read_bytes()
        said += [np.zeros(int(pause_s * RATE), np.int16), g711.decode_alaw(data)]
    return _ticks(np.concatenate(said))


def _ticks(samples: npt.NDArray[np.int16]) -> tuple[Frame, ...]:
    whole = np.concatenate([samples, np.zeros(-len(samples) % FRAME, np.int16)])
    whole.flags.writeable = False
    return tuple(whole[at : at + FRAME] for at in range(0, len(whole), FRAME))
