"""The trunk's end: takes INVITEs from admitted peers, keeps their calls, answers everything else as RFC 3261 wants.

An INVITE with usable Via, From, Call-ID and CSeq always becomes a call. Only one addressed to a named mailbox, which no
caller in need dials, is refused as the letter of the RFC says when it contradicts itself.
"""

import asyncio
import contextlib
import logging
import re
import socket
import ssl
from collections import Counter
from collections.abc import Callable
from typing import Any, Protocol

from sigap.evidence import address
from sigap.kernel.hosts import ANY_HOST
from sigap.voice.pbx import CallState, EndedBy
from sigap.voice.sip import via
from sigap.voice.sip.dialog import Dialog
from sigap.voice.sip.message import KNOWN_METHODS, Message, read, write_request
from sigap.voice.sip.sdp import Audio
from sigap.voice.sip.transactions import GIVE_UP, ServerTransaction, Transactions
from sigap.voice.sip.transport import Admits, Endpoint, Flow
from sigap.voice.sip.trunk_call import ALLOW, SUPPORTED, TrunkCall

log = logging.getLogger(__name__)

ACCEPT = "application/sdp, multipart/mixed, application/pidf+xml, application/dtmf-relay"
EMERGENCY_NAMES = frozenset(("sos", "emergency", "darurat"))


class TrunkListener(Protocol):
    """Who owns the calls (adds the beginning to what `trunk_call.Listener` hears)."""

    def offered(self, call: TrunkCall, invite: Message, flow: Flow) -> None:
        """A new call; 100 has been sent."""
        ...

    def confirmed(self, call: TrunkCall) -> None:
        """See Listener."""
        ...

    def cancelled(self, call: TrunkCall) -> None:
        """See Listener."""
        ...

    def ended(self, call: TrunkCall, by: EndedBy, sip_code: int | None) -> None:
        """See Listener."""
        ...

    def described(self, call: TrunkCall, audio: Audio) -> None:
        """See Listener."""
        ...

    def key(self, call: TrunkCall, key: str) -> None:
        """See Listener."""
        ...

    def hears(self, call: TrunkCall) -> bool:
        """See Listener."""
        ...


class Trunk:
    """All trunk peers on one port. Start it, then calls arrive at the listener."""

    def __init__(
        self, listener: TrunkListener, *, admits: Admits, advertised_host: str | None = None
    ) -> None:
        self._listener, self._admits, self._advertised = listener, admits, advertised_host
        self.transactions = Transactions(self)
        self.endpoint = Endpoint(self.transactions.on_message, admits=admits)
        self._calls: dict[tuple[str, str], TrunkCall] = {}
        """By Call-ID and our tag."""
        self._by_caller: dict[tuple[str, str], TrunkCall] = {}
        """By Call-ID and the far end's tag."""
        self._sending: set[asyncio.Task[None]] = set()
        self._tls_port = 0

    @property
    def counted(self) -> Counter[str]:
        """Traffic that became no call, by reason."""
        return self.endpoint.counted

    async def start(self, host: str, port: int, *, tls: tuple[int, ssl.SSLContext] | None = None) -> None:
        """Open the port (0: any free one); what arrives waits for `endpoint.listen`. Raises OSError when it is taken."""
        await self.endpoint.start(host, port, tls=tls)
        self._tls_port = tls[0] if tls else 0

    async def stop(self) -> None:
        """Close the port, after what is being sent has left."""
        for task in list(self._sending):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(task), 1.0)
        self.transactions.close()
        await self.endpoint.stop()

    def restore(self, call: TrunkCall) -> None:
        """Take up a call that stood when the last process died; the port is open."""
        self._keep(call)
        dialog = call.dialog
        if dialog.transport == "UDP":
            call.answer_again(self.endpoint.udp(dialog.host, dialog.port).send)

    def offer_again(self, waiting: dict[str, Any]) -> TrunkCall | None:
        """An INVITE that rang when the last process died, as its `as_json` was saved: it goes on ringing.

        None when it cannot: a connection of the dead process is gone for ever.
        """
        invite = read(waiting["invite"].encode("latin-1"))
        if invite is None or waiting["transport"] != "UDP":
            return None
        flow = self.endpoint.udp(waiting["host"], waiting["port"])
        transaction = ServerTransaction(self.transactions, via.server_key(invite), invite, flow)
        transaction.to_tag = waiting["to_tag"]
        self.transactions.server[transaction.key] = transaction
        dialog = Dialog.of_invite(
            invite, flow, local_tag=transaction.to_tag, contact=self.contact(flow.transport, flow.host)
        )
        call = TrunkCall(self, self._listener, dialog, transaction)
        call.resume_waiting(waiting)
        self._keep(call)
        self._listener.offered(call, invite, flow)
        return call

    def local_host(self, peer: str) -> str:
        """Our address as this peer sees it."""
        if self._advertised:
            return self._advertised
        if self.endpoint.host not in (*ANY_HOST, ""):
            return self.endpoint.host
        with socket.socket(socket.AF_INET6 if ":" in peer else socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect((peer, 9))
            return str(probe.getsockname()[0])

    # ------------------------------------------------------------ Line, for the calls

    def contact(self, transport: str, peer: str) -> str:
        """Our Contact value towards a peer."""
        host = self.local_host(peer)
        host = f"[{host}]" if ":" in host else host
        tail = "" if transport == "UDP" else f";transport={transport.lower()}"
        port = self._tls_port if transport == "TLS" else self.endpoint.port
        return f"<sip:112@{host}:{port}{tail}>"

    def send(self, call: TrunkCall, request: Message, on_response: Callable[[Message | None], None]) -> None:
        """Send a request of ours inside a call; on_response gets None when it could not be sent."""

        async def go() -> None:
            try:
                flow = await self._flow(call.dialog)
            except (OSError, TimeoutError):
                on_response(None)
                return
            self.transactions.request(request, flow, on_response)

        task = asyncio.ensure_future(go())
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    def send_ack(self, call: TrunkCall, ack: Message) -> None:
        """Send the ACK of a 2xx."""

        async def go() -> None:
            with contextlib.suppress(OSError, TimeoutError):
                flow = await self._flow(call.dialog)
                flow.send(write_request("ACK", ack.uri, ack.headers))

        task = asyncio.ensure_future(go())
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    def forget(self, call: TrunkCall) -> None:
        """The call is over; keep it a while for what is still on the way."""
        dialog = call.dialog

        def drop() -> None:
            self._calls.pop((dialog.call_id, dialog.local_tag), None)
            if self._by_caller.get((dialog.call_id, dialog.remote_tag)) is call:
                del self._by_caller[dialog.call_id, dialog.remote_tag]

        self.transactions.later(GIVE_UP, drop)

    # ------------------------------------------------------------ Core, for the transactions

    def on_request(self, transaction: ServerTransaction) -> None:
        """A new request."""
        request = transaction.request
        if self._refused(transaction):
            return
        call = self._find(request)
        if call:
            call.on_request(transaction)
        elif request.method == "INVITE":
            self._on_invite(transaction)
        elif request.method in ("BYE", "PRACK", "UPDATE", "INFO") or request.to_tag:
            transaction.respond(481, "Call/Transaction Does Not Exist", [])
        elif request.method == "OPTIONS":
            self._on_options(transaction)
        else:
            known = request.method in KNOWN_METHODS
            status, reason = (405, "Method Not Allowed") if known else (501, "Not Implemented")
            transaction.respond(status, reason, [("Allow", ALLOW)])

    def on_cancel(self, invite: ServerTransaction) -> None:
        """The caller gives up."""
        call = self._calls.get((invite.request.call_id, invite.to_tag))
        if call:
            call.on_cancel()

    def on_ack(self, ack: Message, flow: Flow) -> None:
        """The ACK of a 2xx."""
        call = self._find(ack)
        if call:
            call.on_ack(ack)
        else:
            self.counted["stray_ack"] += 1

    def on_stray_response(self, response: Message, flow: Flow) -> None:
        """A response nobody waits for is never sent on."""
        self.counted["stray_response"] += 1

    # ------------------------------------------------------------ inside

    def _keep(self, call: TrunkCall) -> None:
        self._calls[call.dialog.call_id, call.dialog.local_tag] = call
        self._by_caller[call.dialog.call_id, call.dialog.remote_tag] = call

    def _on_invite(self, transaction: ServerTransaction) -> None:
        invite, flow = transaction.request, transaction.flow
        twin = self._twin(invite)
        if twin:
            self._on_twin(transaction, twin)
            return
        transaction.respond(100, "Trying", [])
        contact = self.contact(flow.transport, flow.host)
        dialog = Dialog.of_invite(invite, flow, local_tag=transaction.to_tag, contact=contact)
        call = TrunkCall(self, self._listener, dialog, transaction)
        self._keep(call)
        self._listener.offered(call, invite, flow)

    def _twin(self, invite: Message) -> TrunkCall | None:
        call = self._by_caller.get((invite.call_id, invite.from_tag)) if invite.from_tag else None
        number = invite.cseq[0] if invite.cseq else 1
        return call if call and call.state != CallState.ENDED and call.dialog.invite_cseq == number else None

    def _on_twin(self, transaction: ServerTransaction, twin: TrunkCall) -> None:
        """The same INVITE by a second way is a loop; after a restart it is the copy of one we had answered."""
        if twin.answer_bytes and not twin.confirmed:
            transaction.flow.send(twin.answer_bytes)
            self.transactions.server.pop(transaction.key, None)
        else:
            transaction.respond(482, "Loop Detected", [])

    def _find(self, request: Message) -> TrunkCall | None:
        """The call a request belongs to; where the To tag was lost on the way, the only one of that Call-ID."""
        tag = request.to_tag
        if tag:
            return self._calls.get((request.call_id, tag))
        if request.method in ("INVITE", "OPTIONS"):
            return None
        same = [call for key, call in self._calls.items() if key[0] == request.call_id]
        return same[0] if len(same) == 1 else None

    def _on_options(self, transaction: ServerTransaction) -> None:
        scheme = address.read_uri(transaction.request.uri).scheme
        if scheme not in ("sip", "sips", "tel", "urn", ""):
            transaction.respond(416, "Unsupported URI Scheme", [])
        else:
            headers = [("Allow", ALLOW), ("Accept", ACCEPT), ("Supported", SUPPORTED)]
            transaction.respond(200, "OK", headers)

    def _refused(self, transaction: ServerTransaction) -> bool:
        """Refuse what cannot be served; True when it was."""
        request = transaction.request
        usable = via.top(request) and request.get("from") and request.call_id and request.cseq
        if not usable:
            self.counted["unusable"] += 1
            transaction.respond(400, "Bad Request", [])
            return True
        if request.method == "INVITE":
            found = None if reaches_the_room(request.uri) else contradiction(request, transaction.flow)
        else:
            found = bent(request)
        if found:
            self.counted["refused"] += 1
            extra = [("Accept", ACCEPT)] if found[0] == 415 else []
            transaction.respond(*found, extra)
        return found is not None

    async def _flow(self, dialog: Dialog) -> Flow:
        """The way to the far end: what it named, if that is a peer we speak to, else where its request came from."""
        hop = dialog.next_hop()
        host, port = hop if hop and self._admits(hop[0]) else (dialog.host, dialog.port)
        if dialog.transport == "UDP":
            return self.endpoint.udp(host, port)
        open_flow = self.endpoint.open_stream(dialog.host, dialog.port)
        return open_flow or await self.endpoint.connect(host, port)


def reaches_the_room(uri: str) -> bool:
    """Whether a Request-URI may be somebody dialling for help: anything but another person's mailbox."""
    found = address.read_uri(uri)
    if found.scheme not in ("sip", "sips"):
        return True
    user = found.user.partition(";")[0].lower()
    return not re.search(r"[a-z]", user) or user in EMERGENCY_NAMES


def contradiction(invite: Message, flow: Flow) -> tuple[int, str] | None:
    """Why the RFC would refuse this INVITE; only asked about mailboxes."""
    for name in ("call-id", "cseq", "from", "to"):
        if len(set(invite.all(name))) > 1:
            return 400, f"Several {name.title()}"
    if "body_short" in invite.flags and not flow.reliable:
        return 400, "Body Shorter Than Content-Length"
    kind = invite.get("content-type").partition(";")[0].strip().lower()
    if invite.body.strip() and kind and not kind.startswith(("multipart/", "application/sdp")):
        return 415, "Unsupported Media Type"
    return None


def bent(request: Message) -> tuple[int, str] | None:
    """Why a request that is no INVITE is refused."""
    if "version" in request.flags:
        return 505, "Version Not Supported"
    if request.method not in KNOWN_METHODS:
        return 501, "Not Implemented"
    if request.cseq and request.cseq[0] >= 2**32:
        return 400, "CSeq Out Of Range"
    return None
