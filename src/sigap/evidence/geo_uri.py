"""geo: URIs (RFC 5870): `geo:-6.26571,106.46732;u=35`."""

import math
import re
from datetime import datetime

from sigap.evidence.model import LocationEvidence, ParseStatus, Source

_NUMBER = r"\s*([+-]?\d+(?:\.\d+)?)\s*"


def read(text: str, received_at: datetime) -> LocationEvidence:
    """The place a geo: URI names; anything else is malformed and kept raw."""
    found = re.fullmatch(rf"geo:{_NUMBER},{_NUMBER}(?:,{_NUMBER})?((?:;[^;]*)*)", text.strip(), re.I)
    broken = LocationEvidence(
        source=Source.GEO_URI,
        method=None,
        received_at=received_at,
        parse_status=ParseStatus.MALFORMED,
        raw=text[:2000],
    )
    if not found:
        return broken
    lat, lon = float(found[1]), float(found[2])
    params = {}
    for piece in found[4].split(";"):
        name, _, value = piece.partition("=")
        params.setdefault(name.strip().lower(), value.strip())
    known_system = params.get("crs", "wgs84").lower() == "wgs84"
    if not known_system or abs(lat) > 90 or abs(lon) > 180 or (lat == 0 and lon == 0):
        return broken
    uncertainty, bent = _uncertainty(params.get("u"))
    return LocationEvidence(
        source=Source.GEO_URI,
        method=None,
        received_at=received_at,
        parse_status=ParseStatus.PARTIAL if bent else ParseStatus.OK,
        lon=lon,
        lat=lat,
        uncertainty_m=uncertainty,
        altitude_m=float(found[3]) if found[3] else None,
        shape="Point",
    )


def _uncertainty(text: str | None) -> tuple[float | None, bool]:
    if text is None:
        return None, False
    try:
        metres = float(text)
    except ValueError:
        return None, True
    return (metres, False) if math.isfinite(metres) and metres >= 0 else (None, True)
