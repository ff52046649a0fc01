"""PIDF-LO documents (RFC 4119, 5139, 5491, 7459): where the trunk or the phone says the caller is.

Elements are matched by local name, since real senders mix up the namespaces; DTD and entities are refused.
"""

import math
from dataclasses import replace
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from sigap.evidence import shapes
from sigap.evidence.model import LocationEvidence, ParseStatus, Source
from sigap.evidence.shapes import Circle, LatLon

MAX_BYTES = 256 * 1024
"""Larger documents are not read (RFC 4119 documents have a few hundred bytes)."""
CIVIC = "urn:ietf:params:xml:ns:pidf:geopriv10:civicAddr"
DEFAULT_CONFIDENCE = 0.95
"""What RFC 7459 §3 lets us assume for a shape that does not say."""
_FOOT_M = 0.3048
_SHAPES = frozenset(["Point", "Circle", "Ellipse", "Ellipsoid", "Sphere", "ArcBand", "Polygon", "Prism"])


class Unreadable(ValueError):
    """An element that is there but gives no place."""


def read(data: bytes, received_at: datetime) -> list[LocationEvidence]:
    """One item per location-info, in document order; what cannot be read is one malformed item. Never raises."""
    broken = LocationEvidence(
        source=Source.PIDF_LO,
        method=None,
        received_at=received_at,
        parse_status=ParseStatus.MALFORMED,
        raw=data[:MAX_BYTES].decode("utf-8", "replace"),
    )
    if len(data) > MAX_BYTES:
        return [broken]
    try:
        root = fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        return [broken]
    parents = {child: parent for parent in root.iter() for child in parent}
    found = [_read_info(info, parents, broken) for info in root.iter() if _name(info) == "location-info"]
    return found or [broken]


def _read_info(info: Element, parents: dict[Element, Element], broken: LocationEvidence) -> LocationEvidence:
    civic = _civic(info)
    item = replace(
        broken, method=_method(info, parents), measured_at=_measured_at(info, parents), civic=civic
    )
    shape = next((element for element in info.iter() if _name(element) in _SHAPES), None)
    if shape is None:
        return replace(item, parse_status=ParseStatus.OK, raw=None) if civic else item
    item = replace(item, shape=_name(shape))
    try:
        circle, altitude, doubtful = _reduce(shape)
    except Unreadable:
        return item
    confidence, said = _confidence(info)
    if confidence is None and circle.radius_m is not None and not said:
        confidence = DEFAULT_CONFIDENCE
    return replace(
        item,
        parse_status=ParseStatus.PARTIAL if doubtful else ParseStatus.OK,
        lat=circle.lat,
        lon=circle.lon,
        uncertainty_m=circle.radius_m,
        confidence=confidence,
        altitude_m=altitude,
        raw=None,
    )


def _reduce(shape: Element) -> tuple[Circle, float | None, bool]:
    """Circle, altitude and whether something was doubtful. Raises Unreadable."""
    kind = _name(shape)
    if kind in ("Polygon", "Prism"):
        ring, closed = _ring(shape)
        return shapes.of_ring(ring), None, not closed
    point, altitude = _position(_only(shape, "pos"))
    if kind == "Point":
        return Circle(*point, None), altitude, False
    if kind == "ArcBand":
        inner, outer = _length(shape, "innerRadius"), _length(shape, "outerRadius")
        start, opening = _angle(shape, "startAngle"), _angle(shape, "openingAngle")
        if not 0 <= inner <= outer or not 0 <= opening <= 360:
            raise Unreadable
        return shapes.of_arc_band(point, inner, outer, start, opening), altitude, False
    size = {"Ellipse": "semiMajorAxis", "Ellipsoid": "semiMajorAxis"}.get(kind, "radius")
    try:
        return Circle(*point, _length(shape, size)), altitude, False
    except Unreadable:
        if len(_named(shape, size)) > 1:
            raise
        return Circle(*point, None), altitude, True


def _ring(shape: Element) -> tuple[list[LatLon], bool]:
    lists = _named(shape, "posList")
    if lists:
        numbers = _numbers(lists[0].text)
        size = _dimensions(shape, lists[0], len(numbers))
        if len(numbers) % size:
            raise Unreadable
        ring = [_point(numbers[at : at + 2]) for at in range(0, len(numbers), size)]
    else:
        ring = [_position(element)[0] for element in _named(shape, "pos")]
    closed = len(ring) > 1 and ring[0] == ring[-1]
    if not closed:
        ring = [*ring, *ring[:1]]
    if len(set(ring)) < 3:
        raise Unreadable
    return ring, closed


def _dimensions(shape: Element, positions: Element, count: int) -> int:
    written = positions.get("srsDimension", "")
    if written in ("2", "3"):
        return int(written)
    names = [element.get("srsName", "") for element in (positions, *shape.iter())]
    if any("4979" in name for name in names):
        return 3
    return 2 if count % 2 == 0 else 3


def _position(element: Element) -> tuple[LatLon, float | None]:
    numbers = _numbers(element.text)
    if len(numbers) not in (2, 3):
        raise Unreadable
    return _point(numbers), numbers[2] if len(numbers) == 3 else None


def _point(numbers: list[float]) -> LatLon:
    """Latitude and longitude; 0,0 is what broken senders write for "nowhere"."""
    lat, lon = numbers[:2]
    if not (-90 <= lat <= 90 and -180 <= lon <= 180) or (lat == 0 and lon == 0):
        raise Unreadable
    return lat, lon


def _numbers(text: str | None) -> list[float]:
    try:
        numbers = [float(word) for word in (text or "").replace(",", " ").split()]
    except ValueError:
        raise Unreadable from None
    if not all(map(math.isfinite, numbers)):
        raise Unreadable
    return numbers


def _length(shape: Element, name: str) -> float:
    element = _only(shape, name)
    numbers = _numbers(element.text)
    if len(numbers) != 1 or numbers[0] < 0:
        raise Unreadable
    return numbers[0] * (_FOOT_M if element.get("uom", "").endswith("::9002") else 1.0)


def _angle(shape: Element, name: str) -> float:
    """Degrees; only radians are converted, since degrees are seen under other codes too."""
    element = _only(shape, name)
    numbers = _numbers(element.text)
    if len(numbers) != 1:
        raise Unreadable
    return math.degrees(numbers[0]) if element.get("uom", "").endswith("::9101") else numbers[0]


def _confidence(info: Element) -> tuple[float | None, bool]:
    """0-1 and whether the document speaks of it at all; `unknown` is None."""
    for element in info.iter():
        if _name(element) == "confidence":
            try:
                percent = _numbers(element.text)
            except Unreadable:
                return None, True
            return (percent[0] / 100 if len(percent) == 1 and 0 <= percent[0] <= 100 else None), True
    return None, False


def _civic(info: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for address in (element for element in info.iter() if _name(element) == "civicAddress"):
        for element in address:
            text = (element.text or "").strip()
            if text and isinstance(element.tag, str):
                known = element.tag.startswith(f"{{{CIVIC}}}") or "}" not in element.tag
                found.setdefault(_name(element) if known else element.tag, text[:500])
    return found


def _method(info: Element, parents: dict[Element, Element]) -> str | None:
    around = parents.get(info)
    for element in around if around is not None else ():
        if _name(element) == "method":
            return (element.text or "").strip()[:100] or None
    return None


def _measured_at(info: Element, parents: dict[Element, Element]) -> datetime | None:
    around = parents.get(info)
    while around is not None:
        for element in around:
            if _name(element) == "timestamp":
                return _moment((element.text or "").strip())
        around = parents.get(around)
    return None


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _only(shape: Element, name: str) -> Element:
    found = _named(shape, name)
    if len(found) != 1:
        raise Unreadable
    return found[0]


def _named(shape: Element, name: str) -> list[Element]:
    return [element for element in shape.iter() if _name(element) == name]


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
