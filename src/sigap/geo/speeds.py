"""How fast a vehicle drives: by road class, vehicle, hour and rain. Starting values by judgement, not measured here.

Every number is a setting. A site compares promised and real arrivals and changes them; nothing retunes itself.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np

from sigap.geo.graph import Graph
from sigap.geo.osm_reading import CLASS_NUMBER, CLASSES
from sigap.kernel import settings

_SOURCE: Final = "judgement, to be fitted to the site's own arrivals"
_PLAIN: Final = (80.0, 45.0, 40.0, 35.0, 30.0, 22.0, 18.0, 10.0, 12.0, 8.0, 8.0)
_BLUE: Final = (1.10, 1.25, 1.30, 1.30, 1.25, 1.15, 1.10, 1.00, 1.00, 1.00, 1.00)
TIME_ZONE = settings.declare(
    "geo.time_zone", "Asia/Jakarta", "The clock that traffic follows.", owner="admin"
)
SPEEDS: Final = [
    settings.declare(f"geo.speed_kmh.{name}", speed, f"km/h on {name} outside the peaks.", source=_SOURCE)
    for name, speed in zip(CLASSES, _PLAIN, strict=True)
]
BLUE_LIGHTS: Final = [
    settings.declare(
        f"geo.blue_light.{name}", factor, f"Times the plain speed on {name} with blue lights.", source=_SOURCE
    )
    for name, factor in zip(CLASSES, _BLUE, strict=True)
]
LINK = settings.declare("geo.link_factor", 0.7, "Times the class's speed on its slip roads.", source=_SOURCE)
UNPAVED = settings.declare(
    "geo.unpaved_factor", 0.7, "Times the speed where the surface is not paved.", source=_SOURCE
)
RAIN = settings.declare(
    "geo.rain_factor", 1.0, "Times every speed; 0.85 in rain, set by the supervisor.", source=_SOURCE
)
PEAK = settings.declare(
    "geo.peak_factor", 0.6, "Times the plain speed 06–09 and 16–20, trunk to tertiary.", source=_SOURCE
)
NIGHT = settings.declare(
    "geo.night_factor", 1.2, "Times the plain speed 22–05, trunk to tertiary.", source=_SOURCE
)
FILTERING = settings.declare(
    "geo.motorcycle_peak_factor", 1.3, "Times for a motorcycle in the peaks.", source=_SOURCE
)
FIRE_ENGINE = settings.declare("geo.fire_engine_factor", 0.85, "Times for a fire engine.", source=_SOURCE)
CROSSING_S = settings.declare("geo.crossing_s", 6.0, "Seconds to give way at a junction.", source=_SOURCE)
CROSSING_BLUE_S = settings.declare("geo.crossing_blue_s", 2.0, "The same with blue lights.", source=_SOURCE)
SIGNAL_S = settings.declare("geo.signal_s", 15.0, "Seconds at a traffic light.", source=_SOURCE)
SIGNAL_BLUE_S = settings.declare("geo.signal_blue_s", 3.0, "The same with blue lights.", source=_SOURCE)


class Band(StrEnum):
    """Parts of the day with a traffic of their own."""

    PEAK = "peak"
    NIGHT = "night"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A class of vehicle: the network it uses, whether it has blue lights, how quick it is on its own."""

    network: str
    blue: bool
    factor: float = 1.0


@dataclass(frozen=True, slots=True)
class Speeds:
    """The settings as numbers, read once where they are loaded and handed to the searching processes."""

    plain_kmh: tuple[float, ...]
    blue: tuple[float, ...]
    link: float
    unpaved: float
    rain: float
    peak: float
    night: float
    filtering: float
    fire_engine: float
    crossing_s: tuple[float, float]
    signal_s: tuple[float, float]
    time_zone: str

    @classmethod
    def from_settings(cls) -> "Speeds":
        """What holds at this site now."""
        return cls(
            plain_kmh=tuple(s.value for s in SPEEDS),
            blue=tuple(s.value for s in BLUE_LIGHTS),
            link=LINK.value,
            unpaved=UNPAVED.value,
            rain=RAIN.value,
            peak=PEAK.value,
            night=NIGHT.value,
            filtering=FILTERING.value,
            fire_engine=FIRE_ENGINE.value,
            crossing_s=(CROSSING_S.value, CROSSING_BLUE_S.value),
            signal_s=(SIGNAL_S.value, SIGNAL_BLUE_S.value),
            time_zone=TIME_ZONE.value,
        )

    def band(self, at: datetime) -> Band:
        """The part of the day at this instant, by the room's clock."""
        hour = at.astimezone(ZoneInfo(self.time_zone)).hour
        if 6 <= hour < 9 or 16 <= hour < 20:
            return Band.PEAK
        return Band.NIGHT if hour >= 22 or hour < 5 else Band.DAY

    def vehicle(self, vehicle_class: str) -> Vehicle:
        """A vehicle class by name; one that is not known drives as a car without blue lights."""
        known = {
            "ambulance": Vehicle("car", blue=True),
            "police_car": Vehicle("car", blue=True),
            "rescue": Vehicle("car", blue=True),
            "fire_engine": Vehicle("truck", blue=True, factor=self.fire_engine),
            "motorcycle": Vehicle("motorcycle", blue=True),
            "car": Vehicle("car", blue=False),
            "truck": Vehicle("truck", blue=False),
        }
        return known.get(vehicle_class, known["car"])

    def drive_s(self, graph: Graph, vehicle: Vehicle, band: Band) -> Any:
        """Seconds to drive each segment from end to end, stops not counted."""
        kmh = np.array(self.plain_kmh)[graph.seg_class]
        kmh = kmh * np.where(graph.seg_link, self.link, 1.0) * np.where(graph.seg_unpaved, self.unpaved, 1.0)
        main_road = (graph.seg_class >= CLASS_NUMBER["trunk"]) & (graph.seg_class <= CLASS_NUMBER["tertiary"])
        hour = {Band.PEAK: self.peak, Band.NIGHT: self.night, Band.DAY: 1.0}[band]
        if vehicle.blue:
            kmh = kmh * np.array(self.blue)[graph.seg_class]
            hour = (1.0 + hour) / 2
        else:
            kmh = np.where(graph.seg_maxspeed_kmh > 0, np.minimum(kmh, graph.seg_maxspeed_kmh), kmh)
        kmh = kmh * np.where(main_road, hour, 1.0) * self.rain * vehicle.factor
        if vehicle.network == "motorcycle" and band is Band.PEAK:
            kmh = kmh * np.where(graph.seg_class >= CLASS_NUMBER["trunk"], self.filtering, 1.0)
        return np.asarray(graph.seg_m / (kmh / 3.6), dtype=np.float64)

    def stop_s(self, graph: Graph, vehicle: Vehicle) -> tuple[Any, Any]:
        """Seconds lost on arriving at `seg_a`, at `seg_b`: a signal, else a road to give way to."""
        crossing, signal = self.crossing_s[vehicle.blue], self.signal_s[vehicle.blue]
        return (
            np.where(graph.seg_stop_a, signal, np.where(graph.seg_cross_a, crossing, 0.0)),
            np.where(graph.seg_stop_b, signal, np.where(graph.seg_cross_b, crossing, 0.0)),
        )
