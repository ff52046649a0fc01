"""RTP packets (RFC 3550 §5) and telephone-event payloads (RFC 4733 §2)."""

import struct
from dataclasses import dataclass

KEYS = "0123456789*#ABCD"
_HEADER = struct.Struct("!BBHII")
_EVENT = struct.Struct("!BBH")


@dataclass(frozen=True, slots=True)
class Packet:
    """One received packet."""

    payload_type: int
    marker: bool
    sequence: int
    timestamp: int
    ssrc: int
    payload: bytes


def read(data: bytes) -> Packet | None:
    """Read a packet; None when it is none (RTCP, STUN, noise)."""
    if len(data) < 12 or data[0] >> 6 != 2:
        return None
    first, second, sequence, timestamp, ssrc = _HEADER.unpack_from(data)
    if 64 <= second & 0x7F <= 95:
        return None
    start = 12 + 4 * (first & 0x0F)
    if first & 0x10:
        if len(data) < start + 4:
            return None
        start += 4 + 4 * int.from_bytes(data[start + 2 : start + 4])
    end = len(data)
    if first & 0x20:
        end -= data[-1]
    if start > end:
        return None
    return Packet(second & 0x7F, bool(second & 0x80), sequence, timestamp, ssrc, data[start:end])


def write(
    payload_type: int, sequence: int, timestamp: int, ssrc: int, payload: bytes, *, marker: bool = False
) -> bytes:
    """One packet in bytes; counters wrap by themselves."""
    second = payload_type | (0x80 if marker else 0)
    return _HEADER.pack(0x80, second, sequence & 0xFFFF, timestamp & 0xFFFFFFFF, ssrc) + payload


def read_key(payload: bytes) -> str | None:
    """The pressed key of a telephone-event payload; None for other events."""
    if len(payload) < 4 or payload[0] >= len(KEYS):
        return None
    return KEYS[payload[0]]


def write_key(key: str, duration: int, *, end: bool, volume: int = 10) -> bytes:
    """A telephone-event payload; duration in samples so far. Raises ValueError for what is no key."""
    return _EVENT.pack(KEYS.index(key.upper()), (0x80 if end else 0) | volume, duration)
