"""One call's sound on the wire: a port of ours, the far end's address, both clocks."""

import asyncio
import contextlib
import random
import secrets
import socket
import time
from collections.abc import Callable
from typing import Any, override

from sigap.kernel.hosts import ANY_HOST
from sigap.voice.pbx import FRAME, RATE, Frame
from sigap.voice.rtp import g711, packet
from sigap.voice.rtp.jitter import JitterBuffer
from sigap.voice.sip.sdp import OFFERED_DTMF, PCMA, PCMU, Audio

RESUME_AHEAD = 25
"""Packets the counters jump beyond the clock when a call is taken up again, so that none repeats."""


class PortsExhausted(OSError):
    """No free RTP port in the range."""


class RtpPorts:
    """The range RTP may use; even ports, handed out at random so that old packets find no new call."""

    def __init__(self, host: str, low: int, high: int) -> None:
        self._host, self._low, self._high = host, low, high

    def open(self, port: int | None = None) -> socket.socket:
        """A bound socket on the wanted port, or on any free one. Raises PortsExhausted, or OSError for a wanted one."""
        if port is not None or self._high == 0:
            return self._bind(port or 0)
        choices = list(range(self._low + self._low % 2, self._high + 1, 2))
        random.shuffle(choices)
        for choice in choices:
            with contextlib.suppress(OSError):
                return self._bind(choice)
        raise PortsExhausted(f"no free RTP port between {self._low} and {self._high}")

    def _bind(self, port: int) -> socket.socket:
        sock = socket.socket(socket.AF_INET6 if ":" in self._host else socket.AF_INET, socket.SOCK_DGRAM)
        try:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 256 * 1024)
            sock.bind((self._host, port))
        except OSError:
            sock.close()
            raise
        sock.setblocking(False)
        return sock


class RtpSession(asyncio.DatagramProtocol):
    """Sends a frame each tick, keeps what arrives until its tick. Use `await RtpSession.open(...)`."""

    def __init__(self, on_key: Callable[[str], None], admits: Callable[[str], bool]) -> None:
        self._on_key, self._admits = on_key, admits
        self._socket: asyncio.DatagramTransport | None = None
        self.port, self._family = 0, socket.AF_INET
        self._far: tuple[str, int] | None = None
        self._payload, self._codec = PCMA, PCMA
        self._heard_payload, self._heard_codec = PCMA, PCMA
        self._described = False
        self._dtmf: int | None = OFFERED_DTMF
        self._jitter = JitterBuffer(g711.ALAW_SILENCE)
        self._decode, self._encode = g711.decode_alaw, g711.encode_alaw
        self.sending = True
        self.ssrc = secrets.randbits(32)
        self._sequence, self._timestamp = secrets.randbits(15), secrets.randbits(31)
        self._far_ssrc: int | None = None
        self._last_key: int | None = None
        self._marker = True
        self.heard_at: float | None = None
        """Monotonic time of the last packet from the far end."""
        self.received = self.sent = self.strangers = 0

    @classmethod
    async def open(
        cls,
        ports: RtpPorts,
        *,
        on_key: Callable[[str], None] = lambda key: None,
        admits: Callable[[str], bool] = lambda host: True,
        port: int | None = None,
    ) -> "RtpSession":
        """Bind a port. `admits` says which far addresses besides the described one may speak."""
        sock = ports.open(port)
        session = cls(on_key, admits)
        session.port, session._family = sock.getsockname()[1], sock.family
        session._socket, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: session, sock=sock
        )
        return session

    def close(self) -> None:
        """Give the port back."""
        if self._socket:
            self._socket.close()

    def describe(self, audio: Audio, fallback_host: str) -> None:
        """Take what the far end described: its address, codec and whether it wants to hear us."""
        host = audio.host if self._sendable(audio.host) else fallback_host
        self._far = (host, audio.port)
        self.sending = not audio.held
        self._dtmf = audio.dtmf
        self._described = True
        self._hear(audio.payload, audio.codec)
        self._speak(audio.payload, audio.codec)

    def _hear(self, payload: int, codec: int) -> None:
        """Take packets of this type from now on."""
        if payload != self._heard_payload or codec != self._heard_codec:
            self._heard_payload, self._heard_codec = payload, codec
            alaw = codec == PCMA
            self._jitter = JitterBuffer(g711.ALAW_SILENCE if alaw else g711.ULAW_SILENCE)
            self._decode = g711.decode_alaw if alaw else g711.decode_ulaw

    def _speak(self, payload: int, codec: int) -> None:
        """Send packets of this type from now on."""
        self._payload, self._codec = payload, codec
        self._encode = g711.encode_alaw if codec == PCMA else g711.encode_ulaw

    def pull(self) -> Frame | None:
        """What the far end said in this tick."""
        taken = self._jitter.take(FRAME)
        return None if taken is None else self._decode(taken)

    def push(self, frame: Frame) -> None:
        """Send one tick of sound. The clock goes on also while nothing is sent."""
        if self.sending and self._far and self._socket:
            data = packet.write(
                self._payload,
                self._sequence,
                self._timestamp,
                self.ssrc,
                self._encode(frame),
                marker=self._marker,
            )
            self._send(data)
            self._marker = False
            self.sent += 1
        else:
            self._marker = True
        self._timestamp = (self._timestamp + FRAME) & 0xFFFFFFFF

    def flush(self) -> None:
        """Throw away what has arrived so far."""
        self._jitter.restart()

    def press(self, key: str, *, ticks: int = 5) -> None:
        """Send one DTMF key as an event of `ticks` × 20 ms; nothing happens when the far end takes none."""
        if self._dtmf is None or not self._far or not self._socket:
            return
        at = self._timestamp
        for step in range(ticks + 3):
            duration = FRAME * min(step + 1, ticks)
            payload = packet.write_key(key, duration, end=step >= ticks - 1)
            self._send(packet.write(self._dtmf, self._sequence, at, self.ssrc, payload, marker=step == 0))

    def as_json(self) -> dict[str, Any]:
        """What a restart needs: port, far end, codec, and the clocks at a known time."""
        return {
            "port": self.port,
            "far": self._far,
            "payload": self._payload,
            "codec": self._codec,
            "dtmf": self._dtmf,
            "ssrc": self.ssrc,
            "sequence": self._sequence,
            "timestamp": self._timestamp,
            "at": time.time(),
            "sending": self.sending,
        }

    def resume(self, saved: dict[str, Any]) -> None:
        """Go on where the dead process must have been by now, a little ahead of it."""
        ticks = int(max(0.0, time.time() - saved["at"]) * RATE / FRAME) + RESUME_AHEAD
        self.ssrc = saved["ssrc"]
        self._sequence = (saved["sequence"] + ticks) & 0xFFFF
        self._timestamp = (saved["timestamp"] + ticks * FRAME) & 0xFFFFFFFF
        host, port = saved["far"] or ("", 0)
        self.describe(
            Audio(host, port, saved["payload"], saved["codec"], saved["dtmf"], "sendrecv"), fallback_host=host
        )
        self.sending = saved["sending"]

    @override
    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        found = packet.read(data)
        if found is None or not self._from_far_end(addr):
            self.strangers += 1
            return
        if found.ssrc != self._far_ssrc:
            self._far_ssrc = found.ssrc
            self._jitter.restart()
        self.heard_at = time.monotonic()
        self.received += 1
        if found.payload_type in (PCMU, PCMA) and found.payload_type != self._heard_payload:
            self._hear(found.payload_type, found.payload_type)  # it chose the other of the two we offered
            if not self._described:
                self._speak(found.payload_type, found.payload_type)
        if found.payload_type == self._heard_payload:
            self._jitter.put(found.timestamp, found.payload)
        elif found.payload_type == self._dtmf:
            self._on_event(found)

    @override
    def error_received(self, exc: Exception) -> None:
        """An unreachable far end shows as missing packets; nothing to do here."""

    def _send(self, data: bytes) -> None:
        """One packet out; a far end that cannot be reached must not disturb the mixer."""
        if self._socket:
            with contextlib.suppress(OSError, ValueError):
                self._socket.sendto(data, self._far)
        self._sequence = (self._sequence + 1) & 0xFFFF

    def _on_event(self, found: packet.Packet) -> None:
        if found.timestamp != self._last_key:
            self._last_key = found.timestamp
            if key := packet.read_key(found.payload):
                self._on_key(key)

    def _from_far_end(self, addr: tuple[str, int]) -> bool:
        """The described address, or one that may speak: then we answer there (symmetric RTP, behind NAT)."""
        if addr[:2] == self._far:
            return True
        if (self._far is None or addr[0] != self._far[0]) and not self._admits(addr[0]):
            return False
        if self._far is None or self.heard_at is None or time.monotonic() - self.heard_at > 1.0:
            self._far = addr[0], addr[1]
        return True

    def _sendable(self, host: str) -> bool:
        """Whether sound can and may go to this address: written as one, of our socket's family, admitted."""
        try:
            socket.inet_pton(self._family, host)
        except OSError:
            return False
        return self._admits(host) and host not in ANY_HOST  # a hold as RFC 2543 wrote it
