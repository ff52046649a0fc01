"""Ears for tests: which tone is in a piece of sound, and how loud it is; a leg that says one tone and keeps what it hears."""

import numpy as np
import numpy.typing as npt

from sigap.voice.pbx import FRAME, RATE, Frame


def tone(hertz: float, seconds: float = 1.0, level: int = 8000) -> npt.NDArray[np.int16]:
    """A sine; whole seconds of whole hertz loop without a click."""
    return (level * np.sin(2 * np.pi * hertz * np.arange(int(seconds * RATE)) / RATE)).astype(np.int16)


def rms(sound: npt.NDArray[np.int16]) -> float:
    """Loudness: root mean square of the samples; 0 for nothing."""
    return float(np.sqrt(np.mean(sound.astype(float) ** 2))) if len(sound) else 0.0


def pitch(sound: npt.NDArray[np.int16]) -> float:
    """The strongest frequency, Hz."""
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    return float(np.argmax(spectrum) * RATE / len(sound))


def level_of(sound: npt.NDArray[np.int16], hertz: float) -> float:
    """How much of this frequency is in the sound; a sine of level L gives about L."""
    turn = np.exp(-2j * np.pi * hertz * np.arange(len(sound)) / RATE)
    return float(2 * abs(np.mean(sound * turn)))


class ToneLeg:
    """A seat that says one tone for ever and remembers what it heard."""

    def __init__(self, hertz: float, leg_id: str = "meja-1") -> None:
        self.leg_id = leg_id
        self.heard: list[Frame] = []
        self.joined_times = 0
        self._voice = tone(hertz)
        self._at = 0

    def pull(self) -> Frame | None:
        """The next 20 ms of the tone."""
        frame = self._voice[self._at : self._at + FRAME]
        self._at = (self._at + FRAME) % len(self._voice)
        return frame

    def push(self, frame: Frame) -> None:
        """Remember."""
        self.heard.append(frame)

    def joined(self) -> None:
        """Forget what was before."""
        self.joined_times += 1
        self.heard.clear()

    def sound(self, last_s: float = 0.5) -> npt.NDArray[np.int16]:
        """What was heard in the last seconds."""
        ticks = self.heard[-int(last_s * 50) :]
        return np.concatenate(ticks) if ticks else np.zeros(0, np.int16)
