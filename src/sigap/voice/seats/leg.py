"""A seat's sound: one WebRTC connection per browser, kept open between calls, G.711 A-law only.

What we send is encoded here and handed to aiortc as finished packets, so nothing hops through a thread per frame. What the browser
sends is thrown away while no call pulls it; else old sound would lag through the whole next call.
"""

import asyncio
import contextlib
import fractions
import logging
import time
from collections import deque
from collections.abc import Callable
from typing import Final, Protocol

import aioice.ice
import ifaddr
import numpy as np
from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCPeerConnection,
    RTCRtpReceiver,
    RTCSessionDescription,
)
from aiortc.mediastreams import MediaStreamError
from aiortc.sdp import candidate_from_sdp
from av import AudioFrame
from av.packet import Packet
from av.stream import Stream

from sigap.voice.pbx import FRAME, RATE, Frame
from sigap.voice.rtp import g711

log = logging.getLogger(__name__)

type _Sent = Packet[Stream]
"""A finished A-law packet."""

_TIME_BASE: Final = fractions.Fraction(1, RATE)
_TO_BROWSER_FRAMES: Final = 10
"""Frames waiting to be sent before the oldest is dropped (200 ms)."""
_FRAME_BYTES: Final = 2 * FRAME
_START_BYTES: Final = 2 * _FRAME_BYTES
"""Sound gathered before playing starts after a gap: covers the browser's uneven sending (40 ms)."""
_MOST_BYTES: Final = 6 * _FRAME_BYTES
"""Sound kept at most (120 ms); more is delay, and the oldest goes."""
_UNUSED_S: Final = 0.2
"""Seconds without a pull after which no call is using the leg."""
_OFFER_S: Final = 5.0


class BadOffer(Exception):
    """The browser's SDP is unusable, or has no G.711 A-law in it."""


class SeatLeg(Protocol):
    """A MediaLeg that belongs to a seat."""

    leg_id: str

    def pull(self) -> Frame | None:
        """What the operator said."""
        ...

    def push(self, frame: Frame) -> None:
        """What the operator shall hear."""
        ...

    def joined(self) -> None:
        """Part of a call from now on."""
        ...

    async def close(self) -> None:
        """Let go of it."""
        ...


def offer_addresses(only: tuple[str, ...] = (), *, loopback: bool = False) -> None:
    """Choose the addresses that browsers are offered for sound, for this process.

    aioice never offers 127.0.0.1; a machine that has nothing else, and a demo on one machine, need it.
    """

    def addresses(use_ipv4: bool, use_ipv6: bool) -> list[str]:
        if only:
            return list(only)
        found = [
            str(ip.ip) for adapter in ifaddr.get_adapters() for ip in adapter.ips if ip.is_IPv4 and use_ipv4
        ]
        outside = [address for address in found if not address.startswith("127.")]
        return outside + ["127.0.0.1"] * (loopback or not outside)

    aioice.ice.get_host_addresses = addresses


class _ToBrowser(MediaStreamTrack):
    """The track aiortc reads from: finished A-law packets."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self._packets: deque[_Sent] = deque(maxlen=_TO_BROWSER_FRAMES)
        self._news = asyncio.Event()
        self._pts = 0
        self._began = time.monotonic()

    def push(self, frame: Frame) -> None:
        packet: _Sent = Packet(g711.encode_alaw(frame))
        packet.pts, packet.time_base = self._pts, _TIME_BASE
        self._pts += FRAME
        self._packets.append(packet)
        self._news.set()

    def restart(self) -> None:
        """After a pause the clock of the packets moves on as time did."""
        self._packets.clear()
        self._pts = max(self._pts, int((time.monotonic() - self._began) * RATE))

    async def recv(self) -> _Sent:
        while not self._packets:
            self._news.clear()
            await self._news.wait()
        return self._packets.popleft()


class BrowserLeg:
    """The sound of one browser. `on_state` hears `up` and `lost`, each once."""

    def __init__(self, leg_id: str, on_state: Callable[[str], None]) -> None:
        self.leg_id = leg_id
        self._on_state = on_state
        self._pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._out = _ToBrowser()
        self._heard = bytearray()
        """Linear samples from the browser that no tick has taken yet."""
        self._playing = False
        self._pulled_at = 0.0
        self._up = False
        self._reader: asyncio.Task[None] | None = None
        self._pc.on("connectionstatechange", self._state_changed)
        self._pc.on("track", self._track)

    async def accept(self, sdp: str) -> str:
        """Answer the browser's offer. Raises BadOffer."""
        try:
            transceiver = self._pc.addTransceiver(self._out, "sendrecv")
            known = RTCRtpReceiver.getCapabilities("audio")
            codecs = known.codecs if known else []
            transceiver.setCodecPreferences([codec for codec in codecs if codec.mimeType == "audio/PCMA"])
            async with asyncio.timeout(_OFFER_S):
                await self._pc.setRemoteDescription(RTCSessionDescription(sdp=sdp, type="offer"))
                answer = await self._pc.createAnswer()
                await self._pc.setLocalDescription(answer)
        except (
            Exception
        ) as error:  # the SDP came from outside: whatever it broke in there, this offer is refused
            await self.close()
            raise BadOffer(f"{type(error).__name__}: {error}") from error
        text = self._pc.localDescription.sdp
        if "PCMA/8000" not in text or self._reader is None:
            await self.close()
            raise BadOffer("no sound in G.711 A-law in this offer")
        return text

    async def candidate(self, candidate: str, mid: str | None, line: int | None) -> None:
        """One more address of the browser. Raises BadOffer."""
        try:
            found = candidate_from_sdp(candidate.removeprefix("candidate:"))
            found.sdpMid, found.sdpMLineIndex = mid, line
            await self._pc.addIceCandidate(found)
        except Exception as error:  # from outside, as above
            raise BadOffer(f"{type(error).__name__}: {error}") from error

    # ---- the mixer's side

    def joined(self) -> None:
        """Part of a call: nothing from before may be heard."""
        self._flush()
        self._pulled_at = time.monotonic()
        self._out.restart()

    def pull(self) -> Frame | None:
        """20 ms of the operator, once enough is gathered; None while there is not."""
        self._pulled_at = time.monotonic()
        self._playing = len(self._heard) >= (_FRAME_BYTES if self._playing else _START_BYTES)
        if not self._playing:
            return None
        frame = np.frombuffer(bytes(self._heard[:_FRAME_BYTES]), np.int16)
        del self._heard[:_FRAME_BYTES]
        return frame

    def push(self, frame: Frame) -> None:
        """20 ms for the operator's ear."""
        if self._up:
            self._out.push(frame)

    # ---- the browser's side

    async def quality(self) -> dict[str, float | None]:
        """Loss (0-1) and round trip as the browser reports them, jitter of what it sends."""
        found: dict[str, float | None] = {"loss": None, "jitter_ms": None, "rtt_ms": None}
        for stat in (await self._pc.getStats()).values():
            if stat.type == "remote-inbound-rtp":
                found["loss"] = round(stat.fractionLost / 256, 4)
                if stat.roundTripTime is not None:
                    found["rtt_ms"] = round(stat.roundTripTime * 1000, 1)
            elif stat.type == "inbound-rtp":
                found["jitter_ms"] = round(stat.jitter / RATE * 1000, 1)
        return found

    async def close(self) -> None:
        """End it without another word."""
        self._on_state = lambda state: None
        if self._reader:
            self._reader.cancel()
        with contextlib.suppress(
            Exception
        ):  # a half-open connection may fail to close; it is dropped all the same
            await self._pc.close()

    def _track(self, track: MediaStreamTrack) -> None:
        if track.kind == "audio" and self._reader is None:
            self._reader = asyncio.ensure_future(self._read(track))

    async def _read(self, track: MediaStreamTrack) -> None:
        with contextlib.suppress(MediaStreamError):
            while True:
                frame = await track.recv()
                if time.monotonic() - self._pulled_at > _UNUSED_S:
                    self._flush()
                elif isinstance(frame, AudioFrame):
                    self._heard += frame.to_ndarray().tobytes()
                    if len(self._heard) > _MOST_BYTES:
                        del self._heard[: len(self._heard) - _START_BYTES]

    def _flush(self) -> None:
        self._heard.clear()
        self._playing = False

    def _state_changed(self) -> None:
        state = self._pc.connectionState
        if state == "connected" and not self._up:
            self._up = True
            self._on_state("up")
        elif state in ("failed", "closed", "disconnected"):
            was_told, self._up = self._on_state, False
            self._on_state = lambda state: None
            was_told("lost")
