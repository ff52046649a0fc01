"""Shapes of RFC 5491 reduced to a circle: where to put the marker, and how far off it may be."""

import itertools
import math
from dataclasses import dataclass

from sigap.kernel.place import EARTH_RADIUS_M, metres_between

type LatLon = tuple[float, float]
"""Degrees, latitude first, as location documents write it; only inside this folder."""


@dataclass(frozen=True, slots=True)
class Circle:
    """Centre in degrees and radius in metres; radius None is unknown, not zero."""

    lat: float
    lon: float
    radius_m: float | None


def moved(start: LatLon, metres: float, bearing_deg: float) -> LatLon:
    """The point this far away in this direction, clockwise from north."""
    lat, lon, bearing, arc = (*map(math.radians, start), math.radians(bearing_deg), metres / EARTH_RADIUS_M)
    north = math.asin(math.sin(lat) * math.cos(arc) + math.cos(lat) * math.sin(arc) * math.cos(bearing))
    east = lon + math.atan2(
        math.sin(bearing) * math.sin(arc) * math.cos(lat), math.cos(arc) - math.sin(lat) * math.sin(north)
    )
    return math.degrees(north), (math.degrees(east) + 540) % 360 - 180


def of_ring(ring: list[LatLon]) -> Circle:
    """A polygon: its centroid, and its farthest corner. The ring is closed, at least three corners."""
    centre = _centroid(ring)
    if not _inside(ring, centre):
        centre = min(ring, key=lambda corner: metres_between(*corner, *centre))
    return Circle(*centre, max(metres_between(*centre, *corner) for corner in ring))


def of_arc_band(apex: LatLon, inner_m: float, outer_m: float, start_deg: float, opening_deg: float) -> Circle:
    """A band of an arc (timing advance of one cell): its middle, wide enough to cover it. The apex is outside."""
    centre = moved(apex, (inner_m + outer_m) / 2, start_deg + opening_deg / 2)
    steps = [start_deg + opening_deg * step / 8 for step in range(9)]
    rim = [moved(apex, metres, bearing) for metres in (inner_m, outer_m) for bearing in steps]
    return Circle(*centre, max(metres_between(*centre, *point) for point in rim))


def _centroid(ring: list[LatLon]) -> LatLon:
    """Area centroid on a plane laid at the first corner; the mean of the corners when there is no area."""
    lat0, lon0 = ring[0]
    plane = [(lat - lat0, (lon - lon0 + 540) % 360 - 180) for lat, lon in ring]
    area = north = east = 0.0
    for (lat1, lon1), (lat2, lon2) in itertools.pairwise(plane):
        cross = lon1 * lat2 - lon2 * lat1
        area += cross
        north += (lat1 + lat2) * cross
        east += (lon1 + lon2) * cross
    if abs(area) < 1e-12:
        corners = plane[:-1]
        north, east = (sum(part) / len(corners) for part in zip(*corners, strict=True))
    else:
        north, east = north / (3 * area), east / (3 * area)
    return lat0 + north, (lon0 + east + 540) % 360 - 180


def _inside(ring: list[LatLon], point: LatLon) -> bool:
    lat, lon = point
    inside = False
    for (lat1, lon1), (lat2, lon2) in itertools.pairwise(ring):
        if (lat1 > lat) != (lat2 > lat) and lon < lon1 + (lat - lat1) / (lat2 - lat1) * (lon2 - lon1):
            inside = not inside
    return inside
