"""Addresses as they stand in SIP headers: name-addr, sip:, tel:, urn:. Lenient, never raising (RFC 3261 §20, §25)."""

import re
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes


@dataclass(frozen=True, slots=True)
class Uri:
    """One URI, read as far as it goes; `scheme` is '' when there is none."""

    raw: str
    scheme: str
    user: str = ""
    host: str = ""
    port: int | None = None
    params: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Address:
    """A header value `"name" <uri>;params` in its parts; `display` is None when absent."""

    display: str | None
    uri: Uri
    params: dict[str, str]


def text(value: str) -> str:
    """A header value for people: the bytes were kept as latin-1; they are UTF-8 where that is valid."""
    raw = value.encode("latin-1", "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return value


def split_list(value: str) -> list[str]:
    """Cut a comma list, leaving commas inside quotes and angle brackets alone."""
    if "," not in value:
        return [value.strip()] if value.strip() else []
    parts: list[str] = []
    start, quoted, angle, skip = 0, False, False, False
    for at, char in enumerate(value):
        if skip:
            skip = False
        elif char == "\\" and quoted:
            skip = True
        elif char == '"' and not angle:
            quoted = not quoted
        elif char == "<" and not quoted:
            angle = True
        elif char == ">":
            angle = False
        elif char == "," and not quoted and not angle:
            parts.append(value[start:at].strip())
            start = at + 1
    parts.append(value[start:].strip())
    return [part for part in parts if part]


def read_params(tail: str) -> dict[str, str]:
    """Read `;name=value;flag` into lower-case names; the first of two wins."""
    found: dict[str, str] = {}
    for piece in _split_outside_quotes(tail, ";"):
        name, _, value = piece.partition("=")
        name = name.strip().lower()
        if name:
            found.setdefault(name, value.strip().strip('"'))
    return found


def read_address(value: str) -> Address:
    """Read a From, To, Contact, P-Asserted-Identity or Geolocation value."""
    value = value.strip()
    quoted = re.match(r'"((?:[^"\\]|\\.)*)"\s*', value)
    if quoted:
        display, rest = re.sub(r"\\(.)", r"\1", quoted[1]), value[quoted.end() :]
    else:
        display, rest = None, value
    opened = rest.find("<") if quoted else rest.rfind("<")
    if opened < 0:
        uri, _, tail = rest.partition(";")
        return Address(display and text(display), read_uri(uri), read_params(tail))
    if display is None:
        display = rest[:opened].strip().strip('"').strip() or None
    inside, _, tail = rest[opened + 1 :].partition(">")
    return Address(display and text(display), read_uri(inside), read_params(tail))


def read_uri(value: str) -> Uri:
    """Read one URI. Anything that is none comes back with scheme ''."""
    raw = value.strip()
    scheme, colon, rest = raw.partition(":")
    scheme = scheme.strip().lower()
    if not colon or not re.fullmatch(r"[a-z][a-z0-9+.-]*", scheme):
        return Uri(raw, "")
    if scheme == "tel":
        number, _, tail = rest.partition(";")
        return Uri(raw, scheme, user=unescape(number.strip()), params=read_params(tail))
    if scheme not in ("sip", "sips"):
        return Uri(raw, scheme, user=rest.strip())
    user, at, place = rest.partition("@")
    if not at:
        user, place = "", rest
    place = place.partition("?")[0]
    hostport, _, tail = place.partition(";")
    host, port = split_host(hostport)
    return Uri(raw, scheme, unescape(user.strip()), host, port, read_params(tail))


def split_host(value: str) -> tuple[str, int | None]:
    """`host:port` or `[v6]:port` into its two parts; a port that is no port is None."""
    value = value.strip()
    found = re.match(r"\[([^\]]*)\](?:\s*:\s*(\d{1,5}))?", value) or re.match(
        r"([^:]*)(?:\s*:\s*(\d{1,5}))?", value
    )
    if not found:
        return value, None
    port = int(found[2]) if found[2] else None
    return found[1].strip(), port if port is not None and 0 < port < 65536 else None


def unescape(value: str) -> str:
    """Undo %xx; what is no escape stays as it is."""
    return (
        text(unquote_to_bytes(value.encode("latin-1", "replace")).decode("latin-1"))
        if "%" in value
        else text(value)
    )


def _split_outside_quotes(value: str, mark: str) -> list[str]:
    if '"' not in value:
        return value.split(mark)
    return re.findall(rf'(?:"(?:[^"\\]|\\.)*"|[^{mark}])+', value)
