"""A point on the earth. Longitude first, WGS 84, everywhere inside Sigap."""

from dataclasses import dataclass
from math import asin, cos, isfinite, radians, sin, sqrt

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius (IUGG)."""


def metres_between(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance in metres (haversine) between two points in degrees."""
    north1, north2, east = radians(lat1), radians(lat2), radians(lon2 - lon1)
    half = sin((north2 - north1) / 2) ** 2 + cos(north1) * cos(north2) * sin(east / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(half)))  # antipodes: rounding lifts the root above one


@dataclass(frozen=True, slots=True)
class Point:
    """Longitude and latitude in degrees, WGS 84. Raises ValueError outside the globe."""

    lon: float
    lat: float

    def __post_init__(self) -> None:
        if not (isfinite(self.lon) and isfinite(self.lat)) or abs(self.lon) > 180 or abs(self.lat) > 90:
            raise ValueError(f"no such place: lon {self.lon}, lat {self.lat}")

    def metres_to(self, other: "Point") -> float:
        """Great-circle distance in metres. Never shown as a travel distance."""
        return metres_between(self.lat, self.lon, other.lat, other.lon)
