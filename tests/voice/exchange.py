"""A real exchange on free loopback ports, with its events kept, and raw SIP sockets to speak to it."""

import asyncio
import secrets
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from sigap.voice.pbx import CallAnswered, CallOffered, PbxEvent
from sigap.voice.pbx_config import PbxConfig
from sigap.voice.pbx_embedded import EmbeddedPbx

needs_sipp = pytest.mark.skipif(not shutil.which("sipp"), reason="sipp (sip-tester) is not installed")


class Exchange:
    """A started EmbeddedPbx and everything it reported."""

    def __init__(self, pbx: EmbeddedPbx, recordings: Path) -> None:
        self.pbx, self.recordings = pbx, recordings
        self.seen: list[PbxEvent] = []
        self._news = asyncio.Condition()

    async def listen(self) -> None:
        """Keep every event, and on offering ring at once."""
        async for event in self.pbx.events():
            self.seen.append(event)
            async with self._news:
                self._news.notify_all()

    async def event[E: PbxEvent](
        self, kind: type[E], call_id: UUID | None = None, *, count: int = 1, timeout: float = 5.0
    ) -> E:
        """The count-th event of a kind (of a call), when it comes. Raises TimeoutError."""

        def found() -> list[E]:
            return [e for e in self.seen if isinstance(e, kind) and (call_id is None or e.call_id == call_id)]

        async with asyncio.timeout(timeout):
            async with self._news:
                await self._news.wait_for(lambda: len(found()) >= count)
        return found()[count - 1]

    def none[E: PbxEvent](self, kind: type[E]) -> bool:
        """Whether no event of this kind was seen."""
        return not any(isinstance(event, kind) for event in self.seen)

    async def offered(self, count: int = 1) -> CallOffered:
        """The count-th call."""
        return await self.event(CallOffered, count=count)


@asynccontextmanager
async def exchange(folder: Path, **settings: Any) -> AsyncIterator[Exchange]:
    """Start one with these settings of PbxConfig; stop it at the end."""
    chosen: dict[str, Any] = {"sip_port": 0, "rtp_ports": (0, 0), **settings}
    config = PbxConfig(recordings=folder / "recordings", saved_calls=folder / "calls", **chosen)
    pbx = EmbeddedPbx(config)
    await pbx.start()
    running = Exchange(pbx, config.recordings)
    listening = asyncio.ensure_future(running.listen())
    try:
        yield running
    finally:
        listening.cancel()
        await pbx.stop()


class Wire:
    """A UDP socket that sends bytes as they are and reads raw answers: what SIPp hides can be seen here."""

    def __init__(self, address: tuple[str, int]) -> None:
        self._address = address
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.setblocking(False)
        self.port = self._socket.getsockname()[1]

    def send(self, data: bytes | str) -> None:
        """One datagram."""
        self._socket.sendto(data.encode("latin-1") if isinstance(data, str) else data, self._address)

    async def receive(self, timeout: float = 2.0) -> bytes:
        """The next datagram. Raises TimeoutError."""
        async with asyncio.timeout(timeout):
            return await asyncio.get_running_loop().sock_recv(self._socket, 65536)

    async def until(self, status: int, timeout: float = 3.0) -> bytes:
        """The next answer with this status, skipping others."""
        async with asyncio.timeout(timeout):
            while True:
                data = await self.receive(timeout)
                if data.startswith(f"SIP/2.0 {status} ".encode()):
                    return data

    async def final(self, timeout: float = 3.0) -> int:
        """The status of the next final answer."""
        async with asyncio.timeout(timeout):
            while True:
                status = int((await self.receive(timeout))[8:11])
                if status >= 200:
                    return status

    async def quiet(self, seconds: float = 0.3) -> bool:
        """Whether nothing arrives for a while."""
        try:
            await self.receive(seconds)
        except TimeoutError:
            return True
        return False

    def close(self) -> None:
        """Give the port back."""
        self._socket.close()

    def __enter__(self) -> "Wire":
        return self

    def __exit__(self, *what: object) -> None:
        self.close()


SDP = (
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    "m=audio 49170 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n"
)


def invite(
    port: int, *, uri: str = "sip:112@127.0.0.1", body: str = SDP, extra: str = "", **over: str
) -> str:
    """An INVITE; named header lines may be replaced whole (`via`, `sender`, `to`, `call_id`, `cseq`, `contact`)."""
    lines = {
        "via": f"Via: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK{secrets.token_hex(6)};rport",
        "sender": f"From: <sip:+62812000111@127.0.0.1>;tag={secrets.token_hex(4)}",
        "to": f"To: <{uri}>",
        "call_id": f"Call-ID: {secrets.token_hex(8)}@test",
        "cseq": "CSeq: 1 INVITE",
        "contact": f"Contact: <sip:caller@127.0.0.1:{port}>",
        "content": "Content-Type: application/sdp",
        "length": f"Content-Length: {len(body.encode('latin-1', 'replace'))}",
        **over,
    }
    head = "\r\n".join([f"INVITE {uri} SIP/2.0", *(line for line in lines.values() if line)])
    return f"{head}\r\n{extra}\r\n{body}"


def header(data: bytes, name: str) -> str:
    """One header's value of a raw answer, exactly as sent."""
    for line in data.decode("latin-1").split("\r\n"):
        if line.lower().startswith(name.lower() + ":"):
            return line.partition(":")[2].strip()
    return ""


def inside(first: str, to: str, method: str, number: int, *, body: str = "", extra: str = "") -> str:
    """A request inside the call that the INVITE `first` began; `to` is the answer's To with its tag."""
    lines = [line for line in first.split("\r\n\r\n")[0].split("\r\n") if not line.startswith("Content-")]
    port = lines[1].partition(";")[0].rpartition(":")[2]
    branch = f"Via: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK{secrets.token_hex(6)};rport"
    over = {"To": f"To: {to}", "CSeq": f"CSeq: {number} {method}", "Via": branch}
    lines = [over.get(line.partition(":")[0], line) for line in lines]
    lines[0] = lines[0].replace("INVITE", method, 1)
    if body:
        lines.append("Content-Type: application/sdp")
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", ""]) + f"{extra}\r\n{body}"


async def answered(running: Exchange, wire: Wire, **over: str) -> tuple[str, bytes]:
    """An answered and confirmed call: its INVITE and its 200."""
    first = invite(wire.port, **over)
    wire.send(first)
    offered = await running.offered()
    await running.pbx.answer(offered.call_id, None)
    answer = await wire.until(200)
    wire.send(inside(first, header(answer, "To"), "ACK", 1))
    await running.event(CallAnswered)
    return first, answer


async def alive(running: Exchange, within_s: float = 1.0) -> bool:
    """Whether the exchange still answers a life sign."""
    with Wire(running.pbx.sip_address) as probe:
        probe.send(
            f"OPTIONS sip:probe SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{probe.port};branch=z9hG4bK{secrets.token_hex(4)}\r\n"
            f"From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: {secrets.token_hex(4)}\r\nCSeq: 1 OPTIONS\r\n\r\n"
        )
        return await probe.final(within_s) == 200
