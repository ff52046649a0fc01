"""One call from the trunk, signalling only: from INVITE to BYE, the callee's side of RFC 3261 §13-15."""

import logging
import secrets
from collections.abc import Callable
from typing import Any, Protocol

from sigap.voice.pbx import CallState, EndedBy
from sigap.voice.sip import sdp
from sigap.voice.sip.bodies import has_description, offered_audio
from sigap.voice.sip.dialog import Dialog, contact_uri
from sigap.voice.sip.message import Message, write_request
from sigap.voice.sip.reliable import Provisional
from sigap.voice.sip.sdp import Audio
from sigap.voice.sip.session_timer import SessionTimer
from sigap.voice.sip.transactions import GIVE_UP, T1, T2, ServerTransaction, Transactions

log = logging.getLogger(__name__)

ALLOW = "INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE, INFO"
SUPPORTED = "100rel, timer"
GONE = (408, 481)
"""What says that the far end is not there any more, or does not know the call (RFC 3261 §12.2.1.2)."""
KEEP_RINGING_S = 60.0
"""Seconds between two provisional answers, so that no proxy on the way gives up (RFC 3261 §13.3.1.1)."""


class Line(Protocol):
    """What a call needs of the trunk it came on."""

    transactions: Transactions

    def contact(self, transport: str, peer: str) -> str:
        """Our Contact value towards this peer."""
        ...

    def send(
        self, call: "TrunkCall", request: Message, on_response: Callable[[Message | None], None]
    ) -> None:
        """Send a request of ours inside the call."""
        ...

    def send_ack(self, call: "TrunkCall", ack: Message) -> None:
        """Send the ACK of a 2xx."""
        ...

    def forget(self, call: "TrunkCall") -> None:
        """The call is over; copies of its messages may still come for a while."""
        ...


class Listener(Protocol):
    """Who owns the calls."""

    def confirmed(self, call: "TrunkCall") -> None:
        """The far end acknowledged our answer."""
        ...

    def cancelled(self, call: "TrunkCall") -> None:
        """The caller gave up before the answer."""
        ...

    def ended(self, call: "TrunkCall", by: EndedBy, sip_code: int | None) -> None:
        """The answered call is over, by the far end or by trouble."""
        ...

    def described(self, call: "TrunkCall", audio: Audio) -> None:
        """The far end said where it listens and what it speaks; also later, on hold and back."""
        ...

    def key(self, call: "TrunkCall", key: str) -> None:
        """A DTMF key arrived by INFO."""
        ...

    def hears(self, call: "TrunkCall") -> bool:
        """Whether sound arrived in the last seconds: such a call is never dropped for a lost message."""
        ...


class TrunkCall:
    """State of one call. Methods may be called at any time; what no longer applies does nothing."""

    def __init__(
        self, line: Line, listener: Listener, dialog: Dialog, invite: ServerTransaction | None
    ) -> None:
        self._line, self._listener, self.dialog, self._invite = line, listener, dialog, invite
        self.state = CallState.OFFERED
        self.local: tuple[str, int] = ("", 0)
        """Where our sound comes from: host and RTP port, set before the first description is sent."""
        self.audio: Audio | None = None
        self.confirmed = False
        self.answer_bytes = b""
        self._session, self._version = secrets.randbits(31), 0
        self._description = b""
        self._we_offered = False
        self._hang_up_when_confirmed = False
        self._pending_reinvite = False
        self._acks = 0
        self._reliable = Provisional(line.transactions, self._reply)
        self.timer = SessionTimer(line.transactions, self._refresh, self._stale)
        self._ringing = 0
        if invite:
            self._read_invite(invite.request)

    # ------------------------------------------------------------ towards the caller

    def ring(self) -> None:
        """180, once; repeated only so that nobody on the way gives up."""
        if self.state == CallState.OFFERED:
            self.state = CallState.RINGING
            self._reliable.send(180, "Ringing", self._headers(), b"")
            self._keep_ringing(self._ringing)

    def progress(self) -> bool:
        """183 with our description, so that the caller hears announcements. False when this call cannot have it."""
        if self.state == CallState.EARLY:
            return True
        if self.state not in (CallState.OFFERED, CallState.RINGING):
            return False
        if self.audio is None and not self._reliable.possible:
            return False
        self.state = CallState.EARLY
        headers = [*self._headers(), ("Content-Type", "application/sdp")]
        self._reliable.send(183, "Session Progress", headers, self._describe())
        self._keep_ringing(self._ringing)
        return True

    def accept(self) -> bool:
        """200. False when the call is over or answered already."""
        if self.state not in (CallState.OFFERED, CallState.RINGING, CallState.EARLY):
            return False
        self.state = CallState.ANSWERED
        self._reliable.then(self._send_answer)
        return True

    def refuse(self, status: int, reason: str) -> None:
        """A final refusal before the answer."""
        if self._invite and self.state in (CallState.OFFERED, CallState.RINGING, CallState.EARLY):
            self.state = CallState.ENDED
            self._reliable.stop()
            self._reply(status, reason, [], b"")
            self._line.forget(self)

    def hang_up(self) -> None:
        """BYE; when our answer has not been confirmed yet, as soon as it is (RFC 3261 §15)."""
        if self.state != CallState.ANSWERED:
            return
        self.state = CallState.ENDED
        self.timer.stop()
        if self._invite and self._invite.status < 200:
            self._reliable.stop()
            self._reply(480, "Temporarily Unavailable", [], b"")
            self._line.forget(self)
        elif self.confirmed:
            self._bye()
        else:
            self._hang_up_when_confirmed = True

    def ask(self) -> None:
        """Ask the far end whether it still knows this call; with a no it is over."""
        if self.state == CallState.ANSWERED and self.confirmed:
            self._line.send(self, self._request("OPTIONS"), self._on_asked)

    # ------------------------------------------------------------ from the caller

    def on_cancel(self) -> None:
        """The caller gives up."""
        if self._invite and self.state in (CallState.OFFERED, CallState.RINGING, CallState.EARLY):
            self.state = CallState.ENDED
            self._reliable.stop()
            self._reply(487, "Request Terminated", [], b"")
            self._line.forget(self)
            self._listener.cancelled(self)

    def on_ack(self, ack: Message) -> None:
        """The answer arrived; the ACK may bring the description we asked for."""
        first, self.confirmed = not self.confirmed, True
        self._acks += 1
        if self._hang_up_when_confirmed:
            self._hang_up_when_confirmed = False
            self._bye()
            return
        if self._we_offered and (audio := offered_audio(ack)):
            self._we_offered = False
            self._take(audio)
        if first and self.state == CallState.ANSWERED:
            self._listener.confirmed(self)

    def on_request(self, transaction: ServerTransaction) -> None:
        """A request inside the call."""
        request = transaction.request
        number = request.cseq[0] if request.cseq else self.dialog.remote_cseq
        if request.method == "BYE":
            self._on_bye(transaction)
            return
        if self.state == CallState.ENDED:
            transaction.respond(481, "Call/Transaction Does Not Exist", [])
            return
        if number < self.dialog.remote_cseq and request.method != "PRACK":
            transaction.respond(500, "Server Internal Error", [("Retry-After", "1")])
            return
        self.dialog.remote_cseq = max(number, self.dialog.remote_cseq)
        handle = {
            "INVITE": self._on_reinvite,
            "UPDATE": self._on_update,
            "PRACK": self._on_prack,
            "INFO": self._on_info,
            "OPTIONS": self._on_options,
        }.get(request.method)
        if handle:
            handle(transaction)
        else:
            transaction.respond(501, "Not Implemented", [("Allow", ALLOW)])

    # ------------------------------------------------------------ over a restart

    def as_json(self) -> dict[str, Any]:
        """What a restart needs."""
        return {
            "dialog": self.dialog.as_json(),
            "confirmed": self.confirmed,
            "answer": self.answer_bytes.decode("latin-1"),
            "session": self._session,
            "version": self._version,
            "timer": self.timer.as_json(),
        }

    def waiting_json(self) -> dict[str, Any]:
        """What a restart needs to let a call that is not answered yet ring on."""
        request, flow = (self._invite.request, self._invite.flow) if self._invite else (Message(), None)
        return {
            "invite": write_request(request.method, request.uri, _plain(request), request.body).decode(
                "latin-1"
            ),
            "to_tag": self.dialog.local_tag,
            "transport": self.dialog.transport,
            "host": flow.host if flow else "",
            "port": flow.port if flow else 0,
            "session": self._session,
            "number": self._reliable.number,
        }

    def resume_waiting(self, saved: dict[str, Any]) -> None:
        """Go on as the call that was saved: the same description and numbering."""
        self._session, self._reliable.number = saved["session"], saved["number"]

    @classmethod
    def restored(cls, line: Line, listener: Listener, saved: dict[str, Any]) -> "TrunkCall":
        """An answered call taken up again."""
        call = cls(line, listener, Dialog(**saved["dialog"]), None)
        call.state = CallState.ANSWERED
        call.answer_bytes = saved["answer"].encode("latin-1")
        call._session, call._version = saved["session"], saved["version"]
        call.confirmed = saved["confirmed"]
        call.timer.resume(saved["timer"])
        return call

    def answer_again(self, send: Callable[[bytes], None]) -> None:
        """After a restart: the 200 nobody confirmed yet is repeated by hand, its transaction died."""
        if not self.confirmed:
            send(self.answer_bytes)
            self._repeat_until_ack(lambda: send(self.answer_bytes), self._never_confirmed)

    # ------------------------------------------------------------ inside

    def _read_invite(self, invite: Message) -> None:
        self._reliable.read(invite)
        self.timer.read(invite)
        self.audio = offered_audio(invite)

    def _headers(self) -> list[tuple[str, str]]:
        request = self._invite.request if self._invite else Message()
        routes = [("Record-Route", value) for value in request.all("record-route")]
        return [*routes, ("Contact", self.dialog.contact), ("Allow", ALLOW)]

    def _reply(self, status: int, reason: str, headers: list[tuple[str, str]], body: bytes) -> bytes:
        return self._invite.respond(status, reason, headers, body) if self._invite else b""

    def _keep_ringing(self, turn: int) -> None:
        self._ringing = turn + 1

        def fire() -> None:
            if self._ringing == turn + 1 and self.state in (CallState.RINGING, CallState.EARLY):
                if not self._reliable.waiting and self._invite:
                    self._invite.again()
                self._keep_ringing(self._ringing)

        self._line.transactions.later(KEEP_RINGING_S, fire)

    def _describe(self) -> bytes:
        """Our description for the INVITE: made once, the same in every answer to it."""
        if not self._description:
            self._version += 1
            host, port = self.local
            self._we_offered = self.audio is None
            self._description = sdp.write(
                host, port, session=self._session, version=self._version, offer=self.audio
            )
        return self._description

    def _send_answer(self) -> None:
        if self.state != CallState.ANSWERED:
            return
        headers = [*self._headers(), ("Supported", SUPPORTED), *self.timer.headers()]
        body = self._describe()
        headers.append(("Content-Type", "application/sdp"))
        self.answer_bytes = self._reply(200, "OK", headers, body)
        self.timer.start()
        if self._invite:
            self._repeat_until_ack(self._invite.again, self._never_confirmed)

    def _repeat_until_ack(
        self, again: Callable[[], None], never: Callable[[], None], pause: float = T1, waited: float = 0.0
    ) -> None:
        """A 200 again until its ACK comes, also over TCP (RFC 3261 §13.3.1.4)."""
        acks = self._acks

        def fire() -> None:
            if self._acks != acks or (self.state == CallState.ENDED and self.confirmed):
                return
            if waited + pause < GIVE_UP:
                again()
                self._repeat_until_ack(again, never, min(2 * pause, T2), waited + pause)
            else:
                never()

        self._line.transactions.later(pause, fire)

    def _never_confirmed(self) -> None:
        self.confirmed = True
        if self._hang_up_when_confirmed:
            self._hang_up_when_confirmed = False
            self._bye()
        elif self.state == CallState.ANSWERED and not self._listener.hears(self):
            self.state = CallState.ENDED
            self._bye()
            self._listener.ended(self, EndedBy.SYSTEM, 408)

    def _bye(self) -> None:
        self._line.send(self, self._request("BYE"), lambda response: None)
        self._line.forget(self)

    def _request(
        self, method: str, headers: list[tuple[str, str]] | None = None, body: bytes = b""
    ) -> Message:
        sent_by = self.dialog.contact.partition("@")[2].partition(">")[0].partition(";")[0]
        return self.dialog.request(method, sent_by=sent_by, headers=headers, body=body)

    def _on_bye(self, transaction: ServerTransaction) -> None:
        transaction.respond(200, "OK", [])
        if self.state == CallState.ENDED:
            return
        answered = self.state == CallState.ANSWERED
        self.state = CallState.ENDED
        self.confirmed = True
        self._reliable.stop()
        self.timer.stop()
        if self._invite and self._invite.status < 200:
            self._reply(487, "Request Terminated", [], b"")
        self._line.forget(self)
        if answered:
            self._listener.ended(self, EndedBy.CALLER, 200)
        else:
            self._listener.cancelled(self)

    def _on_options(self, transaction: ServerTransaction) -> None:
        transaction.respond(200, "OK", [("Allow", ALLOW), ("Supported", SUPPORTED)])

    def _on_reinvite(self, transaction: ServerTransaction) -> None:
        if self._pending_reinvite or not self.confirmed:
            transaction.respond(491, "Request Pending", [])
            return
        transaction.respond(100, "Trying", [])
        self._renegotiate(transaction, offer_wanted=True)

    def _on_update(self, transaction: ServerTransaction) -> None:
        self._renegotiate(transaction, offer_wanted=False)

    def _renegotiate(self, transaction: ServerTransaction, *, offer_wanted: bool) -> None:
        """Answer a re-INVITE or UPDATE: its offer, or ours where it brings none."""
        request = transaction.request
        if target := contact_uri(request):
            self.dialog.target = target
        body, audio = b"", None
        if has_description(request):
            audio = offered_audio(request)
            if audio is None:
                transaction.respond(488, "Not Acceptable Here", [])
                return
        self.timer.read(request)
        headers = [("Contact", self.dialog.contact), ("Allow", ALLOW), ("Supported", SUPPORTED)]
        headers += self.timer.headers()
        if audio or offer_wanted:
            self._version += 1
            self._we_offered = audio is None
            host, port = self.local
            body = sdp.write(host, port, session=self._session, version=self._version, offer=audio)
            headers.append(("Content-Type", "application/sdp"))
        transaction.respond(200, "OK", headers, body)
        if request.method == "INVITE":
            self._repeat_until_ack(transaction.again, lambda: None)
        self.timer.start()
        if audio:
            self._take(audio)

    def _take(self, audio: Audio) -> None:
        self.audio = audio
        self._listener.described(self, audio)

    def _on_prack(self, transaction: ServerTransaction) -> None:
        request = transaction.request
        if not self._reliable.on_prack(request):
            transaction.respond(481, "Call/Transaction Does Not Exist", [])
            return
        transaction.respond(200, "OK", [])
        if self._we_offered and (audio := offered_audio(request)):
            self._we_offered = False
            self._take(audio)

    def _on_info(self, transaction: ServerTransaction) -> None:
        transaction.respond(200, "OK", [])
        kind = transaction.request.get("content-type").lower()
        text = transaction.request.body.decode("latin-1").strip()
        key = ""
        if kind.startswith("application/dtmf-relay"):
            pairs = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
            key = next(
                (value.strip() for name, value in pairs.items() if name.strip().lower() == "signal"), ""
            )
        elif kind.startswith("application/dtmf"):
            key = text
        if key and key[0].upper() in "0123456789*#ABCD":
            self._listener.key(self, key[0].upper())

    def _refresh(self) -> None:
        """Our turn to refresh the session: UPDATE, or a re-INVITE where the far end knows no UPDATE."""
        if self.state != CallState.ANSWERED:
            return
        headers = [("Supported", SUPPORTED), *self.timer.headers(refreshing=True)]
        if self.timer.by_update:
            self._line.send(self, self._request("UPDATE", headers), self._on_refreshed)
            return
        host, port = self.local
        body = sdp.write(host, port, session=self._session, version=self._version)
        self._pending_reinvite = True
        request = self._request("INVITE", [*headers, ("Content-Type", "application/sdp")], body)
        self._line.send(self, request, lambda response: self._on_reinvite_answered(request, response))

    def _on_reinvite_answered(self, request: Message, response: Message | None) -> None:
        if response and response.status < 200:
            return
        self._pending_reinvite = False
        if response and response.status < 300 and request.cseq:
            sent_by = self.dialog.contact.partition("@")[2].partition(">")[0].partition(";")[0]
            self._line.send_ack(self, self.dialog.request("ACK", sent_by=sent_by, cseq=request.cseq[0]))
        self._on_refreshed(response)

    def _on_refreshed(self, response: Message | None) -> None:
        if response is not None and response.status < 200:
            return
        if response is None or response.status in GONE:
            self._stale(response)
        else:
            self.timer.start()

    def _on_asked(self, response: Message | None) -> None:
        # RFC 3261 12.2.1.2 would end it unanswered too; but a trunk may drop such questions and send nothing
        # for a caller who dares not speak: only a no ends the call, silence has its own limit.
        if response is not None and response.status in GONE:
            self._stale(response)

    def _stale(self, answer: Message | None = None) -> None:
        """Nobody refreshed the session, or the far end does not know it any more. With sound coming the call stays."""
        if self.state != CallState.ANSWERED:
            return
        if self._listener.hears(self):
            self.timer.start()
            return
        self.state = CallState.ENDED
        self.timer.stop()
        self._bye()
        self._listener.ended(self, EndedBy.SYSTEM, answer.status if answer else 408)


def _plain(message: Message) -> list[tuple[str, str]]:
    return [(name, value) for name, value in message.headers if name != "content-length"]
