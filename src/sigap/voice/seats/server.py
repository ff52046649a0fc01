"""The seats' socket: lets people sit down, carries their messages to the queue and the queue's to them."""

import json
import logging
import ssl
from collections.abc import Callable, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.http11 import Request, Response

from sigap.voice.pbx import MediaLeg
from sigap.voice.queue.model import Occupant, SeatState
from sigap.voice.queue.runner import QueueRunner
from sigap.voice.seats.protocol import MAX_BYTES
from sigap.voice.seats.session import Session

log = logging.getLogger(__name__)

_PING_S: Final = 3.0
_PONG_S: Final = 5.0


class SeatServer:
    """One socket per seat. It is the queue's SeatPort."""

    def __init__(
        self,
        runner: QueueRunner,
        *,
        node: str,
        key_file: Path,
        health: Callable[[], Mapping[str, object]],
        origins: tuple[str, ...] = (),
        voices: Path | None = None,
    ) -> None:
        """`voices`: folder of `<seat>.wav`, what simulated colleagues say; `origins`: further web origins let in."""
        self.runner, self.node, self.key_file, self.voices = runner, node, key_file, voices
        self._health, self._origins = health, frozenset(origins)
        self._sessions: dict[str, Session] = {}
        self._server: Server | None = None
        self.port = 0

    async def start(self, host: str, port: int, *, tls: ssl.SSLContext | None = None) -> int:
        """Listen; returns the port. Raises OSError when it is taken."""
        self._server = await serve(
            self._handle,
            host,
            port,
            ssl=tls,
            process_request=self._admit,
            max_size=MAX_BYTES,
            max_queue=32,
            write_limit=256 * 1024,
            compression=None,
            ping_interval=_PING_S,
            ping_timeout=_PONG_S,
            close_timeout=2,
            open_timeout=10,
            logger=logging.getLogger("websockets.seats"),
        )
        self.port = next(iter(self._server.sockets)).getsockname()[1]
        return self.port

    async def stop(self) -> None:
        """Tell every seat to come back later, and close."""
        for session in list(self._sessions.values()):
            session.send({"type": "error", "code": "voice.stopping"})
            session.close(1012, "voice is stopping")
        if self._server:
            self._server.close()
            await self._server.wait_closed()

    # ---- the queue's side

    def tell(self, seat: str, message: dict[str, object]) -> None:
        """Send to one seat, if its socket is open."""
        if session := self._sessions.get(seat):
            session.send(message)

    def broadcast(self, message: dict[str, object]) -> None:
        """Send to every seat; written out once."""
        text = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
        for session in self._sessions.values():
            if message["type"] == "queue":
                session.send_queue(text)
            else:
                session.send_text(text)

    def leg(self, seat: str) -> MediaLeg | None:
        """The seat's sound."""
        session = self._sessions.get(seat)
        return session.leg if session else None

    # ---- sitting down

    def taken_by(self, seat: str, who: Occupant, *, take_over: bool) -> Occupant | None:
        """Who must be asked before `who` may sit here; None when the seat is free for them."""
        session, known = self._sessions.get(seat), self.runner.acd.room.seats.get(seat)
        there = (
            session.who if session else known.occupant if known and known.state is SeatState.LOST else None
        )
        if there is None or there.account_id == who.account_id or (there.simulated and not who.simulated):
            return None
        if session is None and not who.simulated:
            return None  # only a simulated colleague waits for somebody whose line broke
        return None if take_over and not (who.simulated and not there.simulated) else there

    async def sit_down(self, session: Session, seat: str, who: Occupant) -> None:
        """From now on this session is the seat; the one before is told and closed."""
        before = self._sessions.get(seat)
        self._sessions[seat] = session
        if before is not None:
            await before.displaced(who)

    def stand_up(self, session: Session, seat: str) -> bool:
        """The session is over; False when another one has the seat already."""
        if self._sessions.get(seat) is not session:
            return False
        del self._sessions[seat]
        return True

    def owns(self, session: Session, seat: str) -> bool:
        """Whether this session still is the seat."""
        return self._sessions.get(seat) is session

    # ---- the network's side

    async def _handle(self, socket: ServerConnection) -> None:
        await Session(self, socket).run()

    def _admit(self, socket: ServerConnection, request: Request) -> Response | None:
        """Health over plain HTTP; a socket only on /seat and only for pages we know."""
        path = urlsplit(request.path).path
        if path == "/healthz":
            response = socket.respond(HTTPStatus.OK, json.dumps(self._health()) + "\n")
            del response.headers["Content-Type"]
            response.headers["Content-Type"] = "application/json"
            return response
        if path != "/seat":
            return socket.respond(HTTPStatus.NOT_FOUND, "nothing here\n")
        origins = request.headers.get_all("Origin")
        if origins and not (len(origins) == 1 and self._known(origins[0], request)):
            log.warning("a page of another site was refused", extra={"action": "seat.origin_refused"})
            return socket.respond(HTTPStatus.FORBIDDEN, "not from this page\n")
        return None

    def _known(self, origin: str, request: Request) -> bool:
        if origin in self._origins:
            return True
        try:
            page = urlsplit(origin).hostname or ""
            here = urlsplit(f"//{request.headers.get('Host', '')}").hostname or ""
        except ValueError:
            return False
        return page in ("localhost", "127.0.0.1", "::1", here) or page.endswith(".localhost")
