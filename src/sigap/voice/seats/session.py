"""One browser at one seat, from `hello` to the end of its socket."""

import asyncio
import contextlib
import json
import logging
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from sigap.kernel import clock
from sigap.voice import token
from sigap.voice.queue import incoming
from sigap.voice.queue.model import Effect, Occupant, Refused
from sigap.voice.seats import protocol
from sigap.voice.seats.leg import BadOffer, BrowserLeg, SeatLeg
from sigap.voice.seats.silent import SilentLeg, spoken, usual
from sigap.voice.token import TokenRefused

if TYPE_CHECKING:
    from sigap.voice.seats.server import SeatServer

log = logging.getLogger(__name__)

_HELLO_S: Final = 10.0
_WAITING_MESSAGES: Final = 256
_WAITING_CHARS: Final = 1024 * 1024
_QUALITY_S: Final = 5.0


class _Over(Exception):
    """The session ends with this close code; an error message goes first."""

    def __init__(self, close_code: int, code: str, **fields: object) -> None:
        super().__init__(code)
        self.close_code, self.code, self.fields = close_code, code, fields


class Session:
    """The life of one socket."""

    def __init__(self, server: "SeatServer", socket: ServerConnection) -> None:
        self._server, self._socket = server, socket
        self._outbox: deque[str] = deque()
        self._outbox_chars = 0
        self._queue_view: str | None = None
        """The room as a whole, waiting to be sent; a newer one takes its place."""
        self._news = asyncio.Event()
        self._closing: tuple[int, str] | None = None
        self._held: list[str] | None = []
        """What the queue says before `welcome` is sent."""
        self._made_legs = 0
        self.seat = ""
        self.who = Occupant(account_id="", username="", name="")
        self.leg: SeatLeg | None = None

    async def run(self) -> None:
        """Until the socket is closed."""
        writer = asyncio.get_running_loop().create_task(self._write())
        checker = asyncio.get_running_loop().create_task(self._watch_quality())
        left = False
        try:
            await self._say_hello()
            async for text in self._socket:
                if await self._take(text):
                    left = True
                    break
        except _Over as over:
            self._queue({"type": "error", "code": over.code, **over.fields})
            self.close(over.close_code, over.code)
        except ConnectionClosed:
            pass
        except Exception:  # one seat's trouble must not touch another; its socket is closed and it comes back
            log.exception(
                "a seat's session broke", extra={"action": "seat.session_failed", "seat": self.seat}
            )
            self.close(1011, "voice failed")
        finally:
            checker.cancel()
            self._leave("left" if left else "lost")
            self.close(1000, "")
            with contextlib.suppress(TimeoutError, ConnectionClosed):
                await asyncio.wait_for(writer, 5)
            if self.leg:
                await self.leg.close()

    # ---- sending

    def send(self, message: dict[str, object]) -> None:
        """Send when the socket can; a browser that does not read is dropped."""
        self.send_text(json.dumps(message, ensure_ascii=False, separators=(",", ":")))

    def send_text(self, text: str) -> None:
        """The same with a message already written out."""
        if self._held is not None:
            self._held.append(text)
        else:
            self._enqueue(text)

    def send_queue(self, text: str) -> None:
        """The room as a whole; one that was not sent yet is forgotten."""
        if self._held is None and self._closing is None:
            self._queue_view = text
            self._news.set()

    def close(self, code: int, reason: str) -> None:
        """Close once everything queued is sent."""
        if self._closing is None:
            self._closing = (code, reason)
            self._news.set()

    def _queue(self, message: dict[str, object]) -> None:
        self._enqueue(json.dumps(message, ensure_ascii=False, separators=(",", ":")))

    def _enqueue(self, text: str) -> None:
        if self._closing is not None:
            return
        self._outbox.append(text)
        self._outbox_chars += len(text)
        if len(self._outbox) > _WAITING_MESSAGES or self._outbox_chars > _WAITING_CHARS:
            log.warning(
                "a seat does not read and is dropped", extra={"action": "seat.slow", "seat": self.seat}
            )
            self._outbox.clear()
            self._closing = (1013, "too slow")
            self._socket.transport.abort()
        self._news.set()

    async def _write(self) -> None:
        with contextlib.suppress(ConnectionClosed):
            while True:
                while self._outbox:
                    text = self._outbox.popleft()
                    self._outbox_chars -= len(text)
                    await self._socket.send(text)
                if self._queue_view is not None:
                    text, self._queue_view = self._queue_view, None
                    await self._socket.send(text)
                    continue
                if self._closing is not None:
                    break
                self._news.clear()
                await self._news.wait()
        code, reason = self._closing or (1000, "")
        await self._socket.close(code, reason)

    # ---- sitting down

    async def _say_hello(self) -> None:
        hello = await self._first_message()
        try:
            who = token.verify(hello.token, self._server.key_file)
        except TokenRefused as refused:
            raise _Over(4003, "token.refused", why=refused.why, about="hello") from refused
        if hello.seat not in who.seats:
            raise _Over(4003, "seat.not_allowed", about="hello")
        if hello.silent and not who.simulated:
            raise _Over(4003, "media.none_not_allowed", about="hello")
        if there := self._server.taken_by(hello.seat, who, take_over=hello.take_over):
            raise _Over(4009, "seat.taken", by=there.public(), about="hello")
        self.seat, self.who = hello.seat, who
        if hello.silent:
            self.leg = self._silent_leg()
        await self._server.sit_down(self, self.seat, who)
        seat, runner = self.seat, self._server.runner
        await runner.do(
            lambda now: runner.acd.seat_on(now, seat, who, resume=hello.resume, audio=hello.silent)
        )
        self._welcome()

    async def _first_message(self) -> protocol.Hello:
        try:
            text = await asyncio.wait_for(self._socket.recv(), _HELLO_S)
            received = protocol.read(text)
        except TimeoutError as late:
            raise _Over(4002, "hello.expected") from late
        except protocol.Unreadable as error:
            raise _Over(4002, error.code, about=error.about, re=error.re) from error
        if not isinstance(received.message, protocol.Hello):
            raise _Over(4002, "hello.expected", about=received.about, re=received.re)
        return received.message

    def _welcome(self) -> None:
        runner = self._server.runner
        room = runner.acd.room
        seat = room.seats[self.seat].public()
        view = runner.view()
        self._queue(
            {
                "type": "welcome",
                **{name: seat[name] for name in ("seat", "state", "reason", "since")},
                "node": self._server.node,
                "server_time": clock.text(datetime.now(UTC)),
                "current_call": incoming.current_call(room, self.seat),
                "queue": view["waiting"],
                "seats": view["seats"],
                "wrap_up_s": room.policy.wrap_up_s,
                "ring_s": room.policy.ring_s,
            }
        )
        held, self._held = self._held or [], None
        for what, detail in room.alarms.items():
            self._queue({"type": "alarm", "what": what, "detail": detail})
        for text in held:
            self._enqueue(text)

    async def displaced(self, by: Occupant) -> None:
        """Somebody else has the seat now: the queue lets go of us, then we say so and close."""
        runner, seat = self._server.runner, self.seat
        await runner.do(lambda now: runner.acd.seat_off(now, seat, why="lost"))
        self._held = None
        self._queue({"type": "displaced", "by": by.public()})
        self.close(4001, "displaced")

    def _leave(self, why: str) -> None:
        if self.seat and self._server.stand_up(self, self.seat):
            runner, seat = self._server.runner, self.seat
            runner.post(lambda now: runner.acd.seat_off(now, seat, why=why))

    # ---- receiving

    async def _take(self, text: str | bytes) -> bool:
        """One message; True when the seat is left on purpose."""
        try:
            received = protocol.read(text)
        except protocol.Unreadable as error:
            self.send({"type": "error", "code": error.code, "about": error.about, "re": error.re})
            return False
        if not self._server.owns(self, self.seat):
            return False
        try:
            return await self._do(received.message)
        except Refused as refused:
            self._refuse(refused.code, received)
        except BadOffer as bad:
            log.warning(
                "an offer was refused", extra={"action": "seat.bad_offer", "seat": self.seat, "why": str(bad)}
            )
            self._refuse("media.bad_offer", received)
        return False

    def _refuse(self, code: str, received: protocol.Received) -> None:
        call_id = getattr(received.message, "call_id", None)
        self.send(
            {
                "type": "error",
                "code": code,
                "about": received.about,
                "re": received.re,
                **({"call_id": str(call_id)} if call_id else {}),
            }
        )

    async def _do(self, message: protocol.Message) -> bool:
        acd, seat = self._server.runner.acd, self.seat
        step: Callable[[float], list[Effect]]
        match message:
            case protocol.Hello():
                raise Refused("message.invalid")
            case protocol.Ping(t):
                self.send({"type": "pong", "t": t, "server_time": clock.text(datetime.now(UTC))})
                return False
            case protocol.SignOut():
                return True
            case protocol.Offer(sdp):
                await self._connect(sdp)
                return False
            case protocol.Candidate(candidate, mid, line):
                if candidate and isinstance(self.leg, BrowserLeg):
                    await self.leg.candidate(candidate, mid, line)
                return False
            case protocol.Ready():
                step = lambda now: acd.ready(now, seat)  # noqa: E731
            case protocol.NotReady(reason):
                step = lambda now: acd.not_ready(now, seat, reason)  # noqa: E731
            case protocol.AnswerCall(call_id):
                step = lambda now: acd.answer(now, seat, call_id)  # noqa: E731
            case protocol.HangUpCall(call_id):
                step = lambda now: acd.hang_up(now, seat, call_id)  # noqa: E731
            case protocol.WrapUpDone():
                step = lambda now: acd.wrap_up_done(now, seat)  # noqa: E731
        await self._server.runner.do(step)
        return False

    # ---- sound

    def _silent_leg(self) -> SilentLeg:
        voices = self._server.voices
        said = spoken(voices / f"{self.seat}.wav") if voices else ()
        return SilentLeg(f"{self.seat}#silent", said or usual())

    async def _connect(self, sdp: str) -> None:
        """A new sound connection in place of the old one."""
        if isinstance(self.leg, SilentLeg):
            raise Refused("media.bad_offer")
        runner, seat = self._server.runner, self.seat
        if self.leg is not None:
            old, self.leg = self.leg, None
            await runner.do(lambda now: runner.acd.audio_lost(now, seat))
            await old.close()
        self._made_legs += 1
        leg = BrowserLeg(f"{seat}#{self._made_legs}-{id(self):x}", lambda state: self._sound(leg, state))
        answer = await leg.accept(sdp)
        self.leg = leg
        self.send({"type": "answer", "sdp": answer})
        self.send({"type": "media", "state": "connecting"})

    def _sound(self, leg: BrowserLeg, state: str) -> None:
        if self.leg is not leg or not self._server.owns(self, self.seat):
            return
        runner, seat = self._server.runner, self.seat
        self.send({"type": "media", "state": state})
        if state == "up":
            runner.post(lambda now: runner.acd.audio_up(now, seat))
        else:
            runner.post(lambda now: runner.acd.audio_lost(now, seat))

    async def _watch_quality(self) -> None:
        while True:
            await asyncio.sleep(_QUALITY_S)
            seat = self._server.runner.acd.room.seats.get(self.seat)
            if seat and seat.call_id and isinstance(self.leg, BrowserLeg) and self._held is None:
                with contextlib.suppress(Exception):  # figures only; the next ones come in five seconds
                    self.send({"type": "quality", **await self.leg.quality()})
