"""Transactions: copies of a request are handled once, answers arrive in spite of loss (RFC 3261 §17, RFC 6026)."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from sigap.voice.sip import via
from sigap.voice.sip.message import Message, write_request, write_response
from sigap.voice.sip.transport import Flow

T1 = 0.5
"""Seconds: first retransmission (RFC 3261 §17.1.1.1)."""
T2 = 4.0
"""Seconds: longest pause between retransmissions."""
GIVE_UP = 64 * T1
"""Seconds until a transaction gives up, and how long a finished one is remembered."""


class ServerTransaction:
    """One received request and our answer; copies of it get the answer again."""

    def __init__(self, layer: "Transactions", key: tuple[str, ...], request: Message, flow: Flow) -> None:
        self._layer, self.key, self.request, self.flow = layer, key, request, flow
        self.status = 0
        self.acked = False
        self.to_tag = request.to_tag or via.new_tag()
        """Our side of the dialog this request makes or belongs to."""
        self._last = b""
        self._repeat: asyncio.TimerHandle | None = None

    def respond(self, status: int, reason: str, headers: list[tuple[str, str]], body: bytes = b"") -> bytes:
        """Send a response built on the request's own Via, From, To, Call-ID and CSeq. Returns what was sent."""
        if self.status >= 200:
            return self._last
        tag = self.to_tag if status > 100 else ""
        data = write_response(status, reason, echo(self.request, self.flow, tag) + headers, body)
        self.status, self._last = status, data
        self.flow.send(data)
        if status >= 200:
            self._layer.later(GIVE_UP, self._forget)
            if status >= 300 and self.request.method == "INVITE" and not self.flow.reliable:
                self._repeat_until_ack(T1)
        return data

    def again(self) -> None:
        """Send the last response once more."""
        if self._last:
            self.flow.send(self._last)

    def on_ack(self) -> None:
        """The refusal arrived."""
        self.acked = True
        if self._repeat:
            self._repeat.cancel()

    def _repeat_until_ack(self, pause: float) -> None:
        def fire() -> None:
            if not self.acked and self._layer.server.get(self.key) is self:
                self.again()
                self._repeat_until_ack(min(2 * pause, T2))

        self._repeat = self._layer.later(pause, fire)

    def _forget(self) -> None:
        if self._layer.server.get(self.key) is self:
            del self._layer.server[self.key]
        if self._repeat:
            self._repeat.cancel()


class ClientTransaction:
    """One request of ours and the responses to it. `on_response` gets None when nobody answered in time."""

    def __init__(
        self,
        layer: "Transactions",
        request: Message,
        flow: Flow,
        on_response: Callable[[Message | None], None],
    ) -> None:
        self._layer, self.request, self.flow, self._on_response = layer, request, flow, on_response
        found = via.top(request)
        self.branch = found.branch if found else ""
        self.status = 0
        self._data = write_request(request.method, request.uri, request.headers, request.body)
        self._ack = b""
        self._timers: list[asyncio.TimerHandle] = []

    def start(self) -> None:
        """Send it, and again until something answers."""
        self.flow.send(self._data)
        if not self.flow.reliable:
            self._again_after(T1)
        self._timers.append(self._layer.later(GIVE_UP, self._give_up))

    def on_response(self, response: Message) -> None:
        """Take a response: repeat the ACK for a refusal's copies, hand new ones (and every 2xx) up."""
        first, self.status = self.status, max(self.status, response.status)
        if response.status >= 300 and self.request.method == "INVITE":
            if self._ack:
                self.flow.send(self._ack)
                return
            self._ack = self._ack_for(response)
            self.flow.send(self._ack)
        elif (first >= 200 and self.request.method != "INVITE") or (first >= 200 and response.status < 200):
            return
        if response.status >= 200 and first < 200:
            self._layer.later(GIVE_UP, self._forget)
        self._on_response(response)

    def _again_after(self, pause: float) -> None:
        def fire() -> None:
            if self.status >= 200 or (self.status and self.request.method == "INVITE"):
                return
            self.flow.send(self._data)
            self._again_after(2 * pause if self.request.method == "INVITE" else min(2 * pause, T2))

        self._timers.append(self._layer.later(pause, fire))

    def _give_up(self) -> None:
        if self.status == 0 or (self.status < 200 and self.request.method != "INVITE"):
            self._forget()
            self._on_response(None)

    def _forget(self) -> None:
        self._layer.client.pop((self.branch, self.request.method), None)
        for timer in self._timers:
            timer.cancel()

    def _ack_for(self, response: Message) -> bytes:
        kept = [
            (name, value)
            for name, value in self.request.headers
            if name.lower() in ("from", "call-id", "route")
        ]
        number = self.request.cseq[0] if self.request.cseq else 1
        headers = [
            ("Via", self.request.get("via")),
            ("Max-Forwards", "70"),
            *kept,
            ("To", response.get("to")),
            ("CSeq", f"{number} ACK"),
        ]
        return write_request("ACK", self.request.uri, headers)


class Core(Protocol):
    """Who decides: the trunk's end, or a softphone."""

    def on_request(self, transaction: ServerTransaction) -> None:
        """A request that is no copy, no ACK and no CANCEL of a known INVITE."""
        ...

    def on_cancel(self, invite: ServerTransaction) -> None:
        """The caller gives up on an INVITE; its CANCEL has been answered."""
        ...

    def on_ack(self, ack: Message, flow: Flow) -> None:
        """The ACK of a 2xx."""
        ...

    def on_stray_response(self, response: Message, flow: Flow) -> None:
        """A response no transaction waits for."""
        ...


class Transactions:
    """Sorts messages into transactions and keeps them as long as copies may arrive."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self.server: dict[tuple[str, ...], ServerTransaction] = {}
        self.client: dict[tuple[str, str], ClientTransaction] = {}
        self._closed = False

    def later(self, seconds: float, what: Callable[[], None]) -> asyncio.TimerHandle:
        """Call something after a while, unless the layer was closed."""
        loop = asyncio.get_running_loop()
        return loop.call_later(seconds, lambda: None if self._closed else what())

    def close(self) -> None:
        """Stop every timer."""
        self._closed = True
        self.server.clear()
        self.client.clear()

    def on_message(self, message: Message, flow: Flow) -> None:
        """Take one message from the transport."""
        if message.status:
            self._on_response(message, flow)
        elif message.method == "ACK":
            self._on_ack(message, flow)
        else:
            self._on_request(message, flow)

    def request(
        self, request: Message, flow: Flow, on_response: Callable[[Message | None], None]
    ) -> ClientTransaction:
        """Send a request; its topmost Via carries a fresh branch."""
        transaction = ClientTransaction(self, request, flow, on_response)
        self.client[transaction.branch, request.method] = transaction
        transaction.start()
        return transaction

    def _on_request(self, message: Message, flow: Flow) -> None:
        key = via.server_key(message)
        known = self.server.get(key)
        if known:
            known.flow = flow
            known.again()
            return
        transaction = ServerTransaction(self, key, message, flow)
        self.server[key] = transaction
        if message.method == "CANCEL":
            self._on_cancel(transaction)
            return
        try:
            self._core.on_request(transaction)
        except Exception:
            if not transaction.status or transaction.status < 200:
                transaction.respond(500, "Server Internal Error", [])
            raise

    def _on_cancel(self, cancel: ServerTransaction) -> None:
        invite = self.server.get((*cancel.key[:-1], "INVITE")) or self._invite_of(cancel.request)
        if invite is None:
            cancel.respond(481, "Call/Transaction Does Not Exist", [])
            return
        cancel.respond(200, "OK", [])
        if invite.status < 200:
            invite.flow = cancel.flow
            self._core.on_cancel(invite)

    def _invite_of(self, cancel: Message) -> ServerTransaction | None:
        """For senders that give CANCEL a branch of its own: the one open INVITE of the same call and number."""
        wanted = (cancel.call_id, cancel.from_tag, cancel.cseq and cancel.cseq[0])
        waiting = (one for one in self.server.values() if one.request.method == "INVITE" and one.status < 200)
        for one in waiting:
            if (
                one.request.call_id,
                one.request.from_tag,
                one.request.cseq and one.request.cseq[0],
            ) == wanted:
                return one
        return None

    def _on_ack(self, message: Message, flow: Flow) -> None:
        known = self.server.get(via.server_key(message))
        if known and known.status >= 300:
            known.on_ack()
        else:
            self._core.on_ack(message, flow)

    def _on_response(self, message: Message, flow: Flow) -> None:
        found = via.top(message)
        method = message.cseq[1] if message.cseq else ""
        known = self.client.get((found.branch, method)) if found else None
        if known:
            known.on_response(message)
        else:
            self._core.on_stray_response(message, flow)


def echo(request: Message, flow: Flow, to_tag: str = "") -> list[tuple[str, str]]:
    """What every response repeats of its request; our tag goes on a To that has none."""
    found = via.echoed(request, flow.host, flow.port)
    to = request.get("to") or f"<{request.uri}>"
    if to_tag and not request.to_tag:
        to = f"{to};tag={to_tag}"
    for name, value in (("From", request.get("from")), ("To", to), ("Call-ID", request.call_id)):
        if value:
            found.append((name, value))
    found.append(("CSeq", request.get("cseq") or f"1 {request.method}"))
    return found
