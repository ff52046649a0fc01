"""A telephone in software: calls the trunk like any caller, with a voice and ears. For the simulation, tests and benches."""

import asyncio
import contextlib
import logging
import secrets
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sigap.evidence.parts import Part
from sigap.voice.pbx import FRAME, Frame
from sigap.voice.rtp.session import RtpPorts, RtpSession
from sigap.voice.sip import sdp, via
from sigap.voice.sip.dialog import Dialog
from sigap.voice.sip.message import Message, write_request
from sigap.voice.sip.transactions import ClientTransaction, ServerTransaction, Transactions
from sigap.voice.sip.transport import Endpoint, Flow
from sigap.voice.ticker import Ticker

log = logging.getLogger(__name__)

HEARD_LIMIT = 50 * 60 * 10
"""Ticks of heard sound that a call keeps (10 min)."""
_SILENCE: Frame = np.zeros(FRAME, np.int16)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a call ended: by "far" or "us", and the final status code where there was one."""

    by: str
    status: int | None


class PhoneCall:
    """One call made by a softphone. Wait for its events, play to it, listen to it."""

    def __init__(self, phone: "Softphone", invite: Message, rtp: RtpSession) -> None:
        self._phone, self._invite, self.rtp = phone, invite, rtp
        self.dialog: Dialog | None = None
        self.ringing: asyncio.Event = asyncio.Event()
        """180 arrived."""
        self.early: asyncio.Event = asyncio.Event()
        """183 with a description arrived: there is something to hear."""
        self.answered: asyncio.Event = asyncio.Event()
        """200 arrived and was acknowledged."""
        self.over: asyncio.Future[Ended] = asyncio.get_running_loop().create_future()
        """Done when the call ended, one way or another."""
        self.statuses: list[int] = []
        self.heard: list[Frame] = []
        """What we heard, tick by tick (silence where nothing came)."""
        self._playing: npt.NDArray[np.int16] = np.zeros(0, np.int16)
        self._loop = False
        self._at = 0
        self.played: asyncio.Event = asyncio.Event()
        """What was to be played has been played to its end."""
        self.transaction: ClientTransaction | None = None
        self._cancelled = False

    @property
    def call_id(self) -> str:
        """SIP Call-ID."""
        return self._invite.call_id

    def play(self, samples: npt.NDArray[np.int16], *, loop: bool = False) -> None:
        """Say this from now on (8 kHz mono), after it silence; `loop` says it for ever."""
        self._playing, self._at, self._loop = samples, 0, loop
        self.played.clear()

    def press(self, key: str) -> None:
        """Press a DTMF key (RFC 4733)."""
        self.rtp.press(key)

    def sound(self, last_s: float = 1.0) -> npt.NDArray[np.int16]:
        """What was heard in the last seconds."""
        ticks = self.heard[-max(1, int(last_s * 50)) :]
        return np.concatenate(ticks) if ticks else np.zeros(0, np.int16)

    async def wait(self, *events: asyncio.Event, timeout: float = 5.0) -> None:
        """Until all of these happened. Raises TimeoutError, or ConnectionError when the call ended before."""
        waiting = asyncio.ensure_future(
            asyncio.wait([asyncio.ensure_future(event.wait()) for event in events])
        )
        await asyncio.wait([waiting, self.over], timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        if all(event.is_set() for event in events):
            return
        waiting.cancel()
        if self.over.done():
            raise ConnectionError(f"the call ended: {self.over.result()}")
        raise TimeoutError("the other end did not get so far")

    async def hang_up(self) -> None:
        """Let go of it: CANCEL before the answer, BYE after it."""
        if self.over.done():
            return
        if self.answered.is_set():
            self._request("BYE")
            self.finish("us", None)
        else:
            self._cancelled = True
            if self.statuses:
                self._cancel()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(self.over), 5.0)

    async def hold(self, on: bool) -> None:
        """Put the other end on hold or take it back (re-INVITE)."""
        body = self._phone.describe(self.rtp.port, direction="sendonly" if on else "sendrecv")
        self._request("INVITE", [("Content-Type", "application/sdp")], body)

    def finish(self, by: str, status: int | None) -> None:
        """The call is over."""
        if not self.over.done():
            self.over.set_result(Ended(by, status))
        self._phone.calls.pop(self.call_id, None)
        self.rtp.close()

    def tick(self) -> None:
        """Move 20 ms of sound both ways."""
        if not (self.answered.is_set() or self.early.is_set()):
            return
        heard = self.rtp.pull()
        if len(self.heard) < HEARD_LIMIT:
            self.heard.append(_SILENCE if heard is None else heard)
        self.rtp.push(self._next_said() if self.answered.is_set() else _SILENCE)

    def on_response(self, response: Message | None) -> None:
        """A response to our INVITE; None when nobody answered."""
        if response is None:
            self.finish("far", 408)
            return
        self.statuses.append(response.status)
        if 200 <= response.status < 300 and self.answered.is_set() and self._is_surplus(response):
            return
        if response.status < 300 and response.to_tag:
            self._learn(response)
        if response.status < 200:
            self._on_provisional(response)
        elif response.status < 300:
            self._on_answer(response)
        else:
            self.finish("us" if self._cancelled else "far", response.status)

    def on_request(self, transaction: ServerTransaction) -> None:
        """A request of the other end inside the call."""
        request = transaction.request
        if request.method == "BYE":
            transaction.respond(200, "OK", [])
            self.finish("far", 200)
        elif request.method == "INVITE":
            body = self._phone.describe(self.rtp.port)
            headers = [("Contact", self._invite.get("contact")), ("Content-Type", "application/sdp")]
            transaction.respond(200, "OK", headers, body)
        elif request.method in ("UPDATE", "OPTIONS", "INFO"):
            transaction.respond(200, "OK", [("Contact", self._invite.get("contact"))])
        else:
            transaction.respond(501, "Not Implemented", [])

    # ------------------------------------------------------------ inside

    def _next_said(self) -> Frame:
        frame = self._playing[self._at : self._at + FRAME]
        self._at += FRAME
        if self._at >= len(self._playing):
            self._at = 0
            if not self._loop:
                self._playing = self._playing[:0]
                self.played.set()
        return frame if len(frame) == FRAME else np.concatenate([frame, _SILENCE[: FRAME - len(frame)]])

    def _learn(self, response: Message) -> None:
        flow = self.transaction.flow if self.transaction else None
        if flow and (self.dialog is None or response.status >= 200):
            number = self.dialog.local_cseq if self.dialog else 0
            self.dialog = Dialog.of_response(self._invite, response, flow)
            self.dialog.local_cseq = max(number, self.dialog.local_cseq)
        if (audio := sdp.read(response.body)) and flow:
            self.rtp.describe(audio, flow.host)

    def _is_surplus(self, response: Message) -> bool:
        """A second one answered (the call was forked): thank and leave. The first one's copies are not surplus."""
        if not self.transaction or not self.dialog or response.to_tag == self.dialog.remote_tag:
            return False
        other = Dialog.of_response(self._invite, response, self.transaction.flow)
        ack = other.request("ACK", sent_by=self._phone.sent_by, cseq=other.invite_cseq)
        self._phone.send(self.transaction, write_request("ACK", ack.uri, ack.headers))
        bye = other.request("BYE", sent_by=self._phone.sent_by)
        self._phone.request(self.transaction, bye, lambda answer: None)
        return True

    def _on_provisional(self, response: Message) -> None:
        if self._cancelled:
            self._cancel()
        if response.status == 180:
            self.ringing.set()
        if response.body and sdp.read(response.body):
            self.early.set()
        if "100rel" in response.tokens("require") and self.dialog and self._invite.cseq:
            rack = f"{response.get('rseq')} {self._invite.cseq[0]} INVITE"
            self._request("PRACK", [("RAck", rack)])

    def _on_answer(self, response: Message) -> None:
        if self.dialog is None or self._invite.cseq is None:
            return
        ack = self.dialog.request("ACK", sent_by=self._phone.sent_by, cseq=self._invite.cseq[0])
        self._phone.send(self.transaction, write_request("ACK", ack.uri, ack.headers))
        if self._cancelled and not self.over.done():
            self._request("BYE")
            self.finish("us", None)
            return
        self.answered.set()

    def _cancel(self) -> None:
        """CANCEL carries the INVITE's own branch."""
        if not self.transaction:
            return
        kept = [
            (name, value) for name, value in self._invite.headers if name in ("via", "from", "to", "call-id")
        ]
        number = self._invite.cseq[0] if self._invite.cseq else 1
        headers = [*kept, ("cseq", f"{number} CANCEL"), ("max-forwards", "70")]
        cancel = Message("CANCEL", self._invite.uri, headers=headers)
        self._phone.transactions.request(cancel, self.transaction.flow, lambda response: None)

    def _request(self, method: str, headers: list[tuple[str, str]] | None = None, body: bytes = b"") -> None:
        if not self.dialog or not self.transaction:
            return
        dialog = self.dialog
        request = dialog.request(method, sent_by=self._phone.sent_by, headers=headers, body=body)

        def on_response(response: Message | None) -> None:
            if method == "INVITE" and response and 200 <= response.status < 300 and request.cseq:
                ack = dialog.request("ACK", sent_by=self._phone.sent_by, cseq=request.cseq[0])
                self._phone.send(self.transaction, write_request("ACK", ack.uri, ack.headers))
                if (audio := sdp.read(response.body)) and self.transaction:
                    self.rtp.describe(audio, self.transaction.flow.host)

        self._phone.request(self.transaction, request, on_response)


class Softphone:
    """A line that can make many calls at once. `async with softphone() as phone:`"""

    def __init__(self, *, host: str = "127.0.0.1", rtp_ports: tuple[int, int] = (0, 0)) -> None:
        self._host = host
        self.transactions = Transactions(self)
        self._endpoint = Endpoint(self.transactions.on_message)
        self._ports = RtpPorts(host, *rtp_ports)
        self._ticker = Ticker(self._tick)
        self.calls: dict[str, PhoneCall] = {}
        self._sending: set[asyncio.Task[None]] = set()

    @property
    def sent_by(self) -> str:
        """Our address as it stands in Via."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"{host}:{self._endpoint.port}"

    async def start(self) -> None:
        """Open a free port."""
        await self._endpoint.start(self._host, 0)
        self._endpoint.listen()
        self._ticker.start()

    async def stop(self) -> None:
        """Hang up everything and close the port."""
        await asyncio.gather(*(call.hang_up() for call in list(self.calls.values())))
        self._ticker.stop()
        await asyncio.gather(*self._sending)
        self.transactions.close()
        await self._endpoint.stop()

    def describe(self, port: int, *, direction: str = "sendrecv") -> bytes:
        """Our session description."""
        return sdp.write(self._host, port, session=secrets.randbits(31), direction=direction)

    async def call(
        self,
        host: str,
        port: int,
        *,
        uri: str = "",
        number: str = "anonymous",
        name: str = "",
        headers: Sequence[tuple[str, str]] = (),
        parts: Sequence[Part] = (),
        transport: str = "UDP",
    ) -> PhoneCall:
        """Call 112 (or `uri`) at a SIP address. `parts` travel beside the description, e.g. a location document."""
        rtp = await RtpSession.open(self._ports)
        flow: Flow = (
            self._endpoint.udp(host, port) if transport == "UDP" else await self._endpoint.connect(host, port)
        )
        sent_by = self.sent_by
        kind, body = _with_parts(self.describe(rtp.port), parts)
        caller = f'"{name}" <sip:{number}@{self._host}>' if name else f"<sip:{number}@{self._host}>"
        target = uri or f"sip:112@{host}:{port}"
        found = [
            ("via", f"SIP/2.0/{transport} {sent_by};branch={via.new_branch()};rport"),
            ("max-forwards", "70"),
            ("from", f"{caller};tag={via.new_tag()}"),
            ("to", f"<{target}>"),
            ("call-id", secrets.token_hex(12)),
            ("cseq", "1 INVITE"),
            ("contact", f"<sip:phone@{sent_by}{';transport=tcp' if transport == 'TCP' else ''}>"),
            ("allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, INFO"),
            ("supported", "100rel, timer"),
            *((header.lower(), value) for header, value in headers),
            ("content-type", kind),
        ]
        invite = Message("INVITE", target, headers=found, body=body)
        call = PhoneCall(self, invite, rtp)
        self.calls[call.call_id] = call
        call.transaction = self.transactions.request(invite, flow, call.on_response)
        return call

    def request(
        self, of: ClientTransaction, request: Message, on_response: Callable[[Message | None], None]
    ) -> None:
        """Send a request inside a call, on a new connection where the old one broke."""

        async def go() -> None:
            try:
                flow = await self._flow(of)
            except (OSError, TimeoutError):
                on_response(None)
                return
            self.transactions.request(request, flow, on_response)

        self._spawn(go())

    def send(self, of: ClientTransaction | None, data: bytes) -> None:
        """Send an ACK inside a call, on a new connection where the old one broke."""

        async def go() -> None:
            with contextlib.suppress(OSError, TimeoutError):
                if of:
                    (await self._flow(of)).send(data)

        self._spawn(go())

    async def _flow(self, of: ClientTransaction) -> Flow:
        flow = of.flow
        return flow if flow.transport == "UDP" else await self._endpoint.connect(flow.host, flow.port)

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.ensure_future(work)
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    # ------------------------------------------------------------ Core

    def on_request(self, transaction: ServerTransaction) -> None:
        """A request of the other end."""
        call = self.calls.get(transaction.request.call_id)
        if call:
            call.on_request(transaction)
        elif transaction.request.method == "OPTIONS":
            transaction.respond(200, "OK", [])
        else:
            transaction.respond(481, "Call/Transaction Does Not Exist", [])

    def on_cancel(self, invite: ServerTransaction) -> None:
        """Nobody calls a softphone."""

    def on_ack(self, ack: Message, flow: Flow) -> None:
        """The ACK of a 2xx of ours."""

    def on_stray_response(self, response: Message, flow: Flow) -> None:
        """A copy of something finished; a 2xx of a call given up is the other end's to time out."""

    def _tick(self) -> None:
        for call in list(self.calls.values()):
            call.tick()


@asynccontextmanager
async def softphone(host: str = "127.0.0.1") -> AsyncIterator[Softphone]:
    """A started softphone, stopped at the end."""
    phone = Softphone(host=host)
    await phone.start()
    try:
        yield phone
    finally:
        await phone.stop()


def _with_parts(description: bytes, parts: Sequence[Part]) -> tuple[str, bytes]:
    """Content-Type and body: the description alone, or multipart with the other parts."""
    if not parts:
        return "application/sdp", description
    mark = f"b{secrets.token_hex(8)}"
    pieces = [Part("application/sdp", None, description), *parts]
    body = b""
    for piece in pieces:
        head = f"--{mark}\r\nContent-Type: {piece.content_type}\r\n"
        if piece.content_id:
            head += f"Content-ID: <{piece.content_id}>\r\n"
        body += head.encode() + b"\r\n" + piece.body + b"\r\n"
    return f"multipart/mixed;boundary={mark}", body + f"--{mark}--\r\n".encode()
