"""A point on the earth. Longitude first, WGS 84, everywhere inside Sigap."""

from dataclasses import dataclass
from math import asin, cos, isfinite, radians, sin, sqrt

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius (IUGG)."""


@dataclass(frozen=True, slots=True)
class Point:
    """Longitude and latitude in degrees, WGS 84. Raises ValueError outside the globe."""

    lon: float
    lat: float

    def __post_init__(self) -> None:
        if not (isfinite(self.lon) and isfinite(self.lat)) or abs(self.lon) > 180 or abs(self.lat) > 90:
            raise ValueError(f"no such place: lon {self.lon}, lat {self.lat}")

    def metres_to(self, other: "Point") -> float:
        """Great-circle distance in metres (haversine). Never shown as a travel distance."""
        lat1, lat2 = radians(self.lat), radians(other.lat)
        half = (
            sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin(radians(other.lon - self.lon) / 2) ** 2
        )
        return 2 * EARTH_RADIUS_M * asin(sqrt(half))
