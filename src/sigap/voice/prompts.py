"""What a caller hears from the room itself: short sounds that ship with the package, 8 kHz A-law.

The files were made once by `sounds/make_sounds.py` and are committed.
"""

from enum import StrEnum
from functools import cache
from importlib import resources

import numpy as np

from sigap.voice.pbx import FRAME, Frame
from sigap.voice.rtp import g711


class Prompt(StrEnum):
    """Names that `Pbx.announce` takes."""

    QUEUE = "queue"  # you have reached 112, please wait; at most 5 s
    RINGBACK = "ringback"  # one second of tone and three of quiet; loop it
    HOLD = "hold"  # quiet music while a seat is away; loop it


@cache
def frames(prompt: str) -> tuple[Frame, ...]:
    """The prompt cut into ticks, the last one filled with silence. Raises ValueError for an unknown name."""
    data = resources.files("sigap.voice").joinpath("sounds", f"{Prompt(prompt).value}.al").read_bytes()
    samples = g711.decode_alaw(data)
    samples = np.concatenate([samples, np.zeros(-len(samples) % FRAME, np.int16)])
    samples.flags.writeable = False
    return tuple(samples[at : at + FRAME] for at in range(0, len(samples), FRAME))
