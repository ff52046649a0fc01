"""Reading SIP messages leniently, and writing ours.

Bytes become text as latin-1, one to one, so that what we echo leaves exactly as it came. `read` never raises: what cannot
be a SIP message is None.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from sigap.evidence import address

MAX_HEADER_BYTES = 64 * 1024
MAX_HEADERS = 256
MAX_BODY_BYTES = 1024 * 1024

KNOWN_METHODS = frozenset(
    [
        "INVITE",
        "ACK",
        "BYE",
        "CANCEL",
        "OPTIONS",
        "REGISTER",
        "PRACK",
        "UPDATE",
        "INFO",
        "REFER",
        "NOTIFY",
        "SUBSCRIBE",
        "MESSAGE",
        "PUBLISH",
    ]
)
_COMPACT = {
    "a": "accept-contact",
    "b": "referred-by",
    "c": "content-type",
    "d": "request-disposition",
    "e": "content-encoding",
    "f": "from",
    "i": "call-id",
    "j": "reject-contact",
    "k": "supported",
    "l": "content-length",
    "m": "contact",
    "n": "identity-info",
    "o": "event",
    "r": "refer-to",
    "s": "subject",
    "t": "to",
    "u": "allow-events",
    "v": "via",
    "x": "session-expires",
    "y": "identity",
}
_ESSENTIAL = frozenset(
    [
        "via",
        "from",
        "to",
        "call-id",
        "cseq",
        "contact",
        "record-route",
        "content-type",
        "content-length",
        "require",
        "supported",
        "geolocation",
    ]
)
_TOKEN = re.compile(r"[A-Za-z0-9\-.!%*_+`'~]+")
_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")


@dataclass(slots=True)
class Message:
    """One SIP message: a request when `method` is set, a response when `status` is.

    `headers` are (lower-case full name, value) in the order received, unfolded; `flags` names what was bent or cut
    to read it: headers_cut, body_cut, body_short, version, length.
    """

    method: str = ""
    uri: str = ""
    version: str = "SIP/2.0"
    status: int = 0
    reason: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    beyond: bytes = b""
    """Bytes of the datagram after Content-Length."""
    flags: set[str] = field(default_factory=set)

    def get(self, name: str) -> str:
        """The first value of a header, or ''."""
        for key, value in self.headers:
            if key == name:
                return value
        return ""

    def all(self, name: str) -> list[str]:
        """Every value of a header, as written."""
        return [value for key, value in self.headers if key == name]

    def items(self, name: str) -> list[str]:
        """Every element of a comma-list header."""
        return [item for value in self.all(name) for item in address.split_list(value)]

    def tokens(self, name: str) -> set[str]:
        """The elements of a header such as Supported, lower case."""
        return {item.lower() for item in self.items(name)}

    @property
    def call_id(self) -> str:
        """Call-ID as text."""
        return self.get("call-id")

    @property
    def cseq(self) -> tuple[int, str] | None:
        """Number and method of CSeq, or None when unusable."""
        found = re.match(r"(\d{1,20})\s+(\S+)", self.get("cseq"))
        return (int(found[1]), found[2]) if found else None

    @property
    def from_tag(self) -> str:
        """The sender's tag, '' when there is none (RFC 2543)."""
        return tag_of(self.get("from"))

    @property
    def to_tag(self) -> str:
        """The receiver's tag, '' outside a dialog."""
        return tag_of(self.get("to"))


def tag_of(value: str) -> str:
    """The tag of a From or To value."""
    return address.read_address(value).params.get("tag", "") if "tag" in value.lower() else ""


def read(data: bytes) -> Message | None:
    """Read one datagram, or one framed message of a stream; None when it is no SIP message at all."""
    data = data.lstrip(b"\r\n")
    end = _END_OF_HEADERS.search(data)
    head, body = (data[: end.start()], data[end.end() :]) if end else (data.rstrip(b"\r\n"), b"")
    message = Message()
    if len(head) > MAX_HEADER_BYTES:
        head = head[:MAX_HEADER_BYTES]
        message.flags.add("headers_cut")
    lines = _unfold(head.decode("latin-1"))
    if not lines or not _read_start(message, lines[0]):
        return None
    _read_headers(message, lines[1:])
    _read_body(message, body)
    return message


def head_length(data: bytes | bytearray) -> tuple[int, int | None] | None:
    """For streams: (bytes up to and with the blank line, Content-Length or None); None while the head is incomplete."""
    end = _END_OF_HEADERS.search(data, 0, MAX_HEADER_BYTES)
    if not end:
        return None
    found = re.search(
        rb"\n(?:content-length|l)[ \t]*:\s*(\d{1,9})[ \t]*\r?(?:\n|$)", bytes(data[: end.start()]), re.I
    )
    return end.end(), int(found[1]) if found else None


def write_request(method: str, uri: str, headers: Iterable[tuple[str, str]], body: bytes = b"") -> bytes:
    """A request in bytes, with its Content-Length."""
    return _write(f"{method} {uri} SIP/2.0", headers, body)


def write_response(status: int, reason: str, headers: Iterable[tuple[str, str]], body: bytes = b"") -> bytes:
    """A response in bytes, with its Content-Length."""
    return _write(f"SIP/2.0 {status} {reason}", headers, body)


def _write(start: str, headers: Iterable[tuple[str, str]], body: bytes) -> bytes:
    lines = [start, *(f"{name}: {value}" for name, value in headers), f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode("latin-1", "replace") + body


def _unfold(head: str) -> list[str]:
    lines: list[str] = []
    for line in head.split("\n"):
        line = line.rstrip("\r").replace("\r", " ")
        if line[:1] in (" ", "\t") and lines:
            lines[-1] = f"{lines[-1].rstrip()} {line.strip()}"
        else:
            lines.append(line)
    return lines


def _read_start(message: Message, line: str) -> bool:
    if answered := re.match(r"SIP/[\d.]+\s+(\d{3})(?:\s(.*))?$", line, re.I):
        message.status, message.reason = int(answered[1]), (answered[2] or "").strip()
        return 100 <= message.status < 700
    method, _, rest = line.strip().partition(" ")
    rest = rest.strip()
    if not rest or not _TOKEN.fullmatch(method):
        return False
    versioned = re.match(r"(.*\S)\s+(SIP/\S+)$", rest, re.I)
    message.uri, message.version = (versioned[1], versioned[2].upper()) if versioned else (rest, "")
    if message.version != "SIP/2.0":
        message.flags.add("version")
    message.method = method.upper() if method.upper() in KNOWN_METHODS else method
    return bool(versioned) or message.method in KNOWN_METHODS


def _read_headers(message: Message, lines: list[str]) -> None:
    others, essential = 0, 0
    for line in lines:
        name, colon, value = line.partition(":")
        name = name.strip().lower()
        if not colon or not _TOKEN.fullmatch(name):
            continue
        name = _COMPACT.get(name, name)
        if name in _ESSENTIAL:
            essential += 1
            keep = essential <= MAX_HEADERS
        else:
            others += 1
            keep = others <= MAX_HEADERS
        if keep:
            message.headers.append((name, value.strip()))
        else:
            message.flags.add("headers_cut")


def _read_body(message: Message, body: bytes) -> None:
    if len(body) > MAX_BODY_BYTES:
        body = body[:MAX_BODY_BYTES]
        message.flags.add("body_cut")
    written = message.get("content-length")
    if not written:
        message.body = body
    elif not re.fullmatch(r"\d{1,9}", written):
        message.body = body
        message.flags.add("length")
    else:
        length = int(written)
        message.body, message.beyond = body[:length], body[length:]
        if length > len(body) and "body_cut" not in message.flags:
            message.flags.add("body_short")
