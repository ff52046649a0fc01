"""Datagrams and connections: bytes in, messages with the flow they came on out (RFC 3261 §18).

One UDP socket sends and receives, never shared with another process; replies go back on the flow of the request.
"""

import asyncio
import contextlib
import logging
import socket
import ssl
import traceback
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Protocol, override

from sigap.evidence import address
from sigap.voice.sip import message as sip
from sigap.voice.sip import via
from sigap.voice.sip.message import Message

log = logging.getLogger(__name__)

type OnMessage = Callable[[Message, "Flow"], None]
type Admits = Callable[[str], bool]

CONNECT_S = 4.0
"""Seconds to open a TCP connection for a request of ours."""
IDLE_S = 600.0
"""Seconds a silent connection may stay open without a message."""


class Flow(Protocol):
    """Where a message came from, and the way back."""

    @property
    def transport(self) -> str:
        """UDP, TCP or TLS."""
        ...

    @property
    def host(self) -> str:
        """The peer's address."""
        ...

    @property
    def port(self) -> int:
        """The peer's port."""
        ...

    @property
    def reliable(self) -> bool:
        """The transport itself repeats what is lost."""
        ...

    def send(self, data: bytes) -> None:
        """Send one message; a lost flow swallows it (the transaction times out)."""
        ...


@dataclass(frozen=True, slots=True)
class UdpFlow:
    """A peer's address on our one UDP socket."""

    endpoint: "Endpoint"
    host: str
    port: int
    transport: str = "UDP"
    reliable: bool = False

    def send(self, data: bytes) -> None:
        """Send one datagram."""
        self.endpoint.send_udp(data, self.host, self.port)


class StreamFlow:
    """One TCP or TLS connection."""

    reliable = True

    def __init__(self, endpoint: "Endpoint", writer: asyncio.StreamWriter, transport: str) -> None:
        self._endpoint, self.writer, self.transport = endpoint, writer, transport
        self.host, self.port = writer.get_extra_info("peername")[:2]

    def send(self, data: bytes) -> None:
        """Write one message; dropped when its peer does not read. A response finds its way when the connection broke."""
        if not self.alive:
            self._endpoint.answer_anew(data, self)
        elif self.writer.transport.get_write_buffer_size() <= sip.MAX_BODY_BYTES:
            self.writer.write(data)

    @property
    def alive(self) -> bool:
        """Whether something can still be sent."""
        return not self.writer.is_closing()


class Endpoint:
    """Our SIP address: UDP and TCP on one port, TLS on another when a context is given."""

    def __init__(self, on_message: OnMessage, *, admits: Admits = lambda host: True) -> None:
        self._on_message, self._admits = on_message, admits
        self.counted: Counter[str] = Counter()
        """What was dropped, by reason: stranger, unreadable, overlong, failed."""
        self.host, self.port = "", 0
        self._waiting: list[tuple[bytes, Flow]] | None = []
        self._udp: asyncio.DatagramTransport | None = None
        self._servers: list[asyncio.Server] = []
        self._streams: dict[tuple[str, int], StreamFlow] = {}
        self._readers: set[asyncio.Task[None]] = set()

    async def start(self, host: str, port: int, *, tls: tuple[int, ssl.SSLContext] | None = None) -> None:
        """Open UDP and TCP on the same port; port 0 takes a free one. Then `listen`. Raises OSError when taken."""
        for attempt in range(20):
            server = await asyncio.start_server(self._accept, host, port)
            chosen = server.sockets[0].getsockname()[1]
            try:
                await self._open_udp(host, chosen)
            except OSError:
                server.close()
                if port or attempt == 19:
                    raise
                continue
            self._servers.append(server)
            self.host, self.port = host, chosen
            break
        if tls:
            self._servers.append(await asyncio.start_server(self._accept, host, tls[0], ssl=tls[1]))

    def listen(self) -> None:
        """Handle what has arrived since the port was opened, and from now on what arrives."""
        waiting, self._waiting = self._waiting or [], None
        for data, flow in waiting:
            self.received(data, flow)

    async def stop(self) -> None:
        """Close every socket."""
        for server in self._servers:
            server.close()
        for reader in list(self._readers):
            reader.cancel()
        for flow in self._streams.values():
            flow.writer.close()
        if self._udp:
            self._udp.close()
        await asyncio.sleep(0)

    def udp(self, host: str, port: int) -> UdpFlow:
        """The flow to a UDP address."""
        return UdpFlow(self, host, port)

    def open_stream(self, host: str, port: int) -> StreamFlow | None:
        """The open connection to an address, if there is one."""
        known = self._streams.get((host, port))
        return known if known and known.alive else None

    async def connect(self, host: str, port: int) -> Flow:
        """A TCP flow to an address, the open one if there is one. Raises OSError or TimeoutError."""
        if known := self.open_stream(host, port):
            return known
        reader, writer = await asyncio.wait_for(asyncio.open_connection(host, port), CONNECT_S)
        flow = self._streams[host, port] = StreamFlow(self, writer, "TCP")
        self._spawn(self._read_stream(reader, flow))
        return flow

    def answer_anew(self, data: bytes, broken: StreamFlow) -> None:
        """Send a response over a new connection, to the port its Via names (RFC 3261 §18.2.2)."""
        response = sip.read(data)
        found = via.top(response) if response and response.status and broken.transport == "TCP" else None
        if found:
            port = address.split_host(found.sent_by)[1] or 5060
            self._spawn(self._answer_anew(data, broken.host, port))

    async def _answer_anew(self, data: bytes, host: str, port: int) -> None:
        with contextlib.suppress(OSError, TimeoutError):
            flow = await self.connect(host, port)
            flow.send(data)

    def send_udp(self, data: bytes, host: str, port: int) -> None:
        """Send one datagram; an unreachable peer is the transaction's business."""
        if self._udp and not self._udp.is_closing():
            with contextlib.suppress(OSError, ValueError):
                self._udp.sendto(data, (host, port))

    async def _open_udp(self, host: str, port: int) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        sock = socket.socket(family, socket.SOCK_DGRAM)
        try:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * 1024 * 1024)
            sock.bind((host, port))
            sock.setblocking(False)
            transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
                lambda: _Datagrams(self), sock=sock
            )
        except OSError:
            sock.close()
            raise
        self._udp = transport

    def received(self, data: bytes, flow: Flow) -> None:
        """Handle one message's bytes; whatever goes wrong stays with this message."""
        if self._waiting is not None:
            self._waiting.append((data, flow))
            return
        if data.strip(b"\r\n\0 ") == b"":
            if flow.transport == "UDP" and data.count(b"\n") >= 2:
                flow.send(b"\r\n")
            return
        message = sip.read(data)
        if message is None:
            self.counted["unreadable"] += 1
            return
        try:
            self._on_message(message, flow)
        except Exception as error:  # noqa: BLE001  # one bad message must not end the process
            self.counted["failed"] += 1
            where = traceback.format_tb(error.__traceback__)[-3:]  # frames only: errors may quote the message
            kind = type(error).__name__
            told = {"action": "sip.failed", "kind": kind, "where": where}
            log.error("A message could not be handled.", extra=told)

    def datagram(self, data: bytes, host: str, port: int) -> None:
        """One datagram of a peer that may speak to us."""
        if not self._admits(host):
            self.counted["stranger"] += 1
        else:
            self.received(data, UdpFlow(self, host, port))

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host = writer.get_extra_info("peername")[0]
        if not self._admits(host):
            self.counted["stranger"] += 1
            writer.close()
            return
        secure = writer.get_extra_info("ssl_object") is not None
        self._spawn(self._read_stream(reader, StreamFlow(self, writer, "TLS" if secure else "TCP")))

    def _spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._readers.add(task)
        task.add_done_callback(self._readers.discard)

    async def _read_stream(self, reader: asyncio.StreamReader, flow: StreamFlow) -> None:
        self._streams[flow.host, flow.port] = flow
        framing = Framing()
        try:
            while data := await asyncio.wait_for(reader.read(65536), IDLE_S):
                for piece in framing.feed(data):
                    self.received(piece, flow) if piece else flow.send(b"\r\n")
                if framing.lost:
                    self.counted["overlong"] += 1
                    break
            if rest := framing.rest():
                self.received(rest, flow)
        except (OSError, TimeoutError):
            pass
        finally:
            if self._streams.get((flow.host, flow.port)) is flow:
                del self._streams[flow.host, flow.port]
            flow.writer.close()


class Framing:
    """Cuts a byte stream into messages. An empty piece is a keep-alive to be answered (RFC 5626 §3.5.1)."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._skip = 0
        self.lost = False
        """The stream cannot be cut any more: headers without end."""

    def feed(self, data: bytes) -> list[bytes]:
        """Take what arrived, give back the messages that are complete."""
        if self._skip:
            skipped = min(self._skip, len(data))
            data, self._skip = data[skipped:], self._skip - skipped
        self._held += data
        pieces: list[bytes] = []
        while self._held and not self.lost:
            if self._held[:1] in (b"\r", b"\n"):
                blank = len(self._held) - len(self._held.lstrip(b"\r\n"))
                if self._held[:4] == b"\r\n\r\n":
                    pieces.append(b"")
                del self._held[:blank]
                continue
            piece = self._next()
            if piece is None:
                break
            pieces.append(piece)
        return pieces

    def rest(self) -> bytes:
        """What is left when the peer closed in the middle of a message: it may be an INVITE."""
        return bytes(self._held)

    def _next(self) -> bytes | None:
        head = sip.head_length(self._held)
        if head is None:
            if len(self._held) > sip.MAX_HEADER_BYTES:
                self.lost = True
            return None
        length = head[1] or 0
        whole = head[0] + length
        if length > sip.MAX_BODY_BYTES:
            if len(self._held) < head[0] + sip.MAX_BODY_BYTES:
                return None
            piece = bytes(self._held[: head[0] + sip.MAX_BODY_BYTES])
            self._skip = max(0, whole - len(self._held))
            del self._held[:whole]
            return piece
        if len(self._held) < whole:
            return None
        piece = bytes(self._held[:whole])
        del self._held[:whole]
        return piece


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    @override
    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._endpoint.datagram(data, addr[0], addr[1])

    @override
    def error_received(self, exc: Exception) -> None:
        self._endpoint.counted["unreachable"] += 1


def in_networks(networks: tuple[str, ...]) -> Admits:
    """A test whether an address lies in one of the networks (CIDR, or single addresses)."""
    known = [ip_network(network, strict=False) for network in networks]

    def admits(host: str) -> bool:
        try:
            found = ip_address(host.partition("%")[0])
        except ValueError:
            return False
        mapped = getattr(found, "ipv4_mapped", None) or found
        return any(mapped in network for network in known)

    return admits
