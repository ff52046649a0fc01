"""One call's signalling state between two ends, enough of it on disk to go on after a restart (RFC 3261 §12)."""

from dataclasses import asdict, dataclass
from typing import Any, Self

from sigap.evidence import address
from sigap.voice.sip import via
from sigap.voice.sip.message import Message
from sigap.voice.sip.transport import Flow


@dataclass(slots=True)
class Dialog:
    """`local` and `remote` are whole From/To values with their tags, as they go into our requests."""

    call_id: str
    local: str
    local_tag: str
    remote: str
    remote_tag: str
    target: str
    """The far end's Contact: the Request-URI of what we send."""
    routes: list[str]
    local_cseq: int
    remote_cseq: int
    invite_cseq: int
    transport: str
    host: str
    port: int
    """The flow's far address at the last request received."""
    contact: str = ""
    """Our own Contact value."""

    @classmethod
    def of_invite(cls, invite: Message, flow: Flow, *, local_tag: str, contact: str) -> Self:
        """The callee's side."""
        to = invite.get("to") or f"<{invite.uri}>"
        number = invite.cseq[0] if invite.cseq else 1
        return cls(
            call_id=invite.call_id,
            local=to if invite.to_tag else f"{to};tag={local_tag}",
            local_tag=local_tag,
            remote=invite.get("from"),
            remote_tag=invite.from_tag,
            target=contact_uri(invite),
            routes=invite.items("record-route"),
            local_cseq=0,
            remote_cseq=number,
            invite_cseq=number,
            transport=flow.transport,
            host=flow.host,
            port=flow.port,
            contact=contact,
        )

    @classmethod
    def of_response(cls, invite: Message, response: Message, flow: Flow) -> Self:
        """The caller's side, from a provisional or 2xx response with a tag."""
        number = invite.cseq[0] if invite.cseq else 1
        return cls(
            call_id=invite.call_id,
            local=invite.get("from"),
            local_tag=invite.from_tag,
            remote=response.get("to"),
            remote_tag=response.to_tag,
            target=contact_uri(response) or invite.uri,
            routes=response.items("record-route")[::-1],
            local_cseq=number,
            remote_cseq=0,
            invite_cseq=number,
            transport=flow.transport,
            host=flow.host,
            port=flow.port,
            contact=invite.get("contact"),
        )

    def request(
        self,
        method: str,
        *,
        sent_by: str,
        headers: list[tuple[str, str]] | None = None,
        body: bytes = b"",
        cseq: int | None = None,
    ) -> Message:
        """A new request inside the dialog; `cseq` given for ACK, else the next number."""
        if cseq is None:
            self.local_cseq += 1
            cseq = self.local_cseq
        uri, routes = self._way()
        found = [
            ("Via", f"SIP/2.0/{self.transport} {sent_by};branch={via.new_branch()};rport"),
            ("Max-Forwards", "70"),
            *(("Route", route) for route in routes),
            ("From", self.local),
            ("To", self.remote),
            ("Call-ID", self.call_id),
            ("CSeq", f"{cseq} {method}"),
            *([("Contact", self.contact)] if self.contact and method != "BYE" else []),
            *(headers or []),
        ]
        return Message(method, uri, headers=[(name.lower(), value) for name, value in found], body=body)

    def next_hop(self) -> tuple[str, int] | None:
        """Address of the first route, or of the target, when it is written as an address; else None."""
        raw = self.routes[0] if self.routes else self.target
        uri = address.read_address(raw).uri
        if not uri.host or not uri.host.replace(".", "").replace(":", "").isalnum():
            return None
        return uri.host, uri.port or 5060

    def as_json(self) -> dict[str, Any]:
        """For the saved call."""
        return asdict(self)

    def _way(self) -> tuple[str, list[str]]:
        target = self.target or f"sip:{self.host}:{self.port}"
        if self.routes and ";lr" not in self.routes[0].lower().replace(" ", ""):
            return address.read_address(self.routes[0]).uri.raw, [*self.routes[1:], f"<{target}>"]
        return target, self.routes


def contact_uri(message: Message) -> str:
    """The URI of the first Contact, '' when there is none."""
    items = message.items("contact")
    return address.read_address(items[0]).uri.raw if items else ""
