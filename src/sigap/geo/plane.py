"""A local flat map in metres, good to a few metres over a regency: x east, y north of an origin."""

from dataclasses import dataclass
from math import cos, radians
from typing import Any

METRES_PER_DEGREE_LAT = 110_574.0
METRES_PER_DEGREE_LON = 111_320.0


@dataclass(frozen=True, slots=True)
class Plane:
    """An equirectangular projection around one point; works on floats and on numpy arrays alike."""

    lon0: float
    lat0: float

    @property
    def x_scale(self) -> float:
        """Metres in one degree of longitude at the origin's latitude."""
        return METRES_PER_DEGREE_LON * cos(radians(self.lat0))

    def x(self, lon: Any) -> Any:
        """Metres east of the origin."""
        return (lon - self.lon0) * self.x_scale

    def y(self, lat: Any) -> Any:
        """Metres north of the origin."""
        return (lat - self.lat0) * METRES_PER_DEGREE_LAT

    def lon(self, x: Any) -> Any:
        """Longitude of a point `x` metres east of the origin."""
        return self.lon0 + x / self.x_scale

    def lat(self, y: Any) -> Any:
        """Latitude of a point `y` metres north of the origin."""
        return self.lat0 + y / METRES_PER_DEGREE_LAT
