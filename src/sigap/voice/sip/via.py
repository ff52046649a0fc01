"""The Via header: where a response goes, which transaction a message belongs to (RFC 3261 §17, §18, RFC 3581)."""

import re
import secrets
from dataclasses import dataclass

from sigap.evidence import address
from sigap.voice.sip.message import Message

COOKIE = "z9hG4bK"


@dataclass(frozen=True, slots=True)
class Via:
    """The topmost Via, read as far as it goes."""

    transport: str
    sent_by: str
    branch: str


def top(message: Message) -> Via | None:
    """Read the topmost Via; None when there is none that names a sender."""
    items = address.split_list(message.get("via"))
    if not items:
        return None
    found = re.match(
        r"SIP\s*/\s*[^/]+?\s*/\s*([A-Za-z0-9-]+)\s+([^;]+?)\s*(?:;(.*))?$", items[0], re.I | re.S
    )
    if not found:
        return None
    params = address.read_params(found[3] or "")
    return Via(found[1].upper(), found[2].lower(), params.get("branch", ""))


def new_branch() -> str:
    """A branch that nobody used before."""
    return COOKIE + secrets.token_hex(12)


def new_tag() -> str:
    """A dialog tag that nobody used before."""
    return secrets.token_hex(8)


def echoed(message: Message, host: str, port: int) -> list[tuple[str, str]]:
    """The request's Via headers for our response: as written, `received` and `rport` filled in on the topmost."""
    values = message.all("via")
    if not values:
        return []
    first = address.split_list(values[0])
    if first:
        first[0] = _with_source(first[0], host, port)
        values = [", ".join(first), *values[1:]]
    return [("Via", value) for value in values]


def _with_source(value: str, host: str, port: int) -> str:
    asked = re.search(r";\s*rport\s*(?==|;|$)", value, re.I)
    if asked:
        filled = re.sub(
            r"(;\s*rport)\s*(?:=\s*\d*)?(?=\s*(?:;|$))", rf"\g<1>={port}", value, count=1, flags=re.I
        )
        return f"{filled};received={host}"
    found = re.match(r"SIP\s*/\s*[^/]+?\s*/\s*\S+\s+([^;]+)", value, re.I | re.S)
    return value if found and address.split_host(found[1])[0] == host else f"{value};received={host}"


def server_key(message: Message) -> tuple[str, ...]:
    """What makes two requests copies of one: branch, sender and method (ACK counts as its INVITE)."""
    method = "INVITE" if message.method == "ACK" else message.method
    via = top(message)
    if via and via.branch.startswith(COOKIE) and len(via.branch) > len(COOKIE):
        return via.branch, via.sent_by, method
    number = str(message.cseq[0]) if message.cseq else message.get("cseq")
    return message.call_id, message.from_tag, number, via.sent_by if via else "", method
