"""What a SIP request carries about place and call: Geolocation, location parts, Call-Info (RFC 6442, RFC 7852)."""

from collections.abc import Sequence
from datetime import datetime

from sigap.evidence import address, geo_uri, pidf
from sigap.evidence.model import LocationEvidence, ParseStatus, Source
from sigap.evidence.parts import Part

MAX_ITEMS = 16
"""Statements kept of one call; real ones carry one to three."""
_LOCATION_TYPES = frozenset(("application/pidf+xml", "application/held+xml"))


def locations(
    geolocation: Sequence[str], parts: Sequence[Part], received_at: datetime
) -> tuple[LocationEvidence, ...]:
    """Every statement about the place: in the header's order, then location parts nobody points at. Never raises."""
    found: list[LocationEvidence] = []
    used: set[int] = set()
    for value in geolocation[:MAX_ITEMS]:
        for item in address.split_list(value)[:MAX_ITEMS]:
            found += _referred(address.read_address(item).uri.raw or item, parts, used, received_at)
    for at, part in enumerate(parts):
        if part.content_type in _LOCATION_TYPES and at not in used:
            found += pidf.read(part.body, received_at)
    return tuple(found[:MAX_ITEMS])


def call_info(values: Sequence[str]) -> tuple[dict[str, str], ...]:
    """Call-Info as {purpose, value, …}: emergency ids and pointers to data blocks."""
    found: list[dict[str, str]] = []
    for value in values:
        for item in address.split_list(value):
            read = address.read_address(item)
            params = {name: address.text(text)[:500] for name, text in read.params.items() if name != "value"}
            found.append({"purpose": "", **params, "value": address.text(read.uri.raw)[:2000]})
    return tuple(found[:MAX_ITEMS])


def _referred(
    uri: str, parts: Sequence[Part], used: set[int], received_at: datetime
) -> list[LocationEvidence]:
    scheme, _, rest = uri.partition(":")
    scheme = scheme.strip().lower()
    if scheme == "cid":
        wanted = address.unescape(rest.strip())
        for at, part in enumerate(parts):
            if part.content_id == wanted:
                used.add(at)
                return pidf.read(part.body, received_at)
    elif scheme == "geo":
        return [geo_uri.read(uri, received_at)]
    elif scheme in ("https", "http", "sip", "sips", "pres"):
        return [
            LocationEvidence(
                source=Source.PIDF_LO,
                method=None,
                received_at=received_at,
                parse_status=ParseStatus.PARTIAL,
                reference=uri[:2000],
            )
        ]
    return [
        LocationEvidence(
            source=Source.PIDF_LO,
            method=None,
            received_at=received_at,
            parse_status=ParseStatus.MALFORMED,
            raw=address.text(uri)[:2000],
        )
    ]
