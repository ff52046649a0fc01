"""The recording's file format: stereo 16-bit PCM at 8 kHz, whose header is true at every moment."""

import os
import struct
from pathlib import Path

from sigap.voice.pbx import RATE

HEADER = 44
"""Bytes before the first sample."""
WIDTH = 4
"""Bytes of one moment: caller left, room right, 16 bit each."""
BYTES_PER_S = RATE * WIDTH


def header(data_bytes: int) -> bytes:
    """The RIFF header of a file with this much sound."""
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        *(b"RIFF", HEADER - 8 + data_bytes, b"WAVE", b"fmt ", 16, 1, 2, RATE, BYTES_PER_S, WIDTH, 16),
        *(b"data", data_bytes),
    )


def open_for_append(path: Path) -> tuple[int, int]:
    """Open a recording, new or cut off in the middle: its file descriptor and the bytes of whole moments in it.

    What follows the last whole moment is cut, the header is made true. Raises OSError.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o640)
    try:
        size = os.fstat(descriptor).st_size
        data_bytes = max(0, size - HEADER) // WIDTH * WIDTH
        os.pwrite(descriptor, header(data_bytes), 0)
        os.ftruncate(descriptor, HEADER + data_bytes)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor, data_bytes


def append(descriptor: int, data_bytes: int, sound: bytes) -> int:
    """Write sound behind what is there, then make the header tell of it. Returns the new size; raises OSError.

    When the disk takes only a part, that part is taken back: the file stays whole.
    """
    written = os.pwrite(descriptor, sound, HEADER + data_bytes)
    if written != len(sound):
        os.ftruncate(descriptor, HEADER + data_bytes)
        raise OSError(28, "no space left on device")
    os.pwrite(descriptor, header(data_bytes + written), 0)
    return data_bytes + written
