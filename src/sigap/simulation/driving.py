"""How a simulated crew drives: along the road, at the road's speed, telling where it is."""

import asyncio
import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from sigap.kernel.place import metres_between
from sigap.simulation.colleague import Colleague, Refused

REPORT_EVERY_S: Final = 3.0
"""Seconds between two positions."""

type Place = tuple[float, float]
"""Longitude, latitude."""


@dataclass(frozen=True, slots=True)
class Way:
    """A route: how long it takes, and its line."""

    seconds: float
    line: list[Place]


async def way_between(who: Colleague, start: Place, to: Place) -> Way | None:
    """The quickest way by road; None where the room knows none."""
    try:
        found = await who.post("/api/geo/route", {"from": list(start), "to": list(to)})
    except Refused:
        return None
    return Way(float(found["seconds"]), [(float(lon), float(lat)) for lon, lat in found["line"]])


async def drive(who: Colleague, unit_id: str, way: Way, *, pace: float, going: Callable[[], bool]) -> None:
    """Move the unit along the way, `pace` times as fast as life, as long as `going` says so."""
    seconds = max(way.seconds / pace, 0.1)
    marks = marks_of(way.line)
    loop = asyncio.get_running_loop()
    begun = loop.time()
    while (share := (loop.time() - begun) / seconds) < 1.0:
        if not going():
            return
        lon, lat, heading = along(way.line, marks, share)
        await _say_where(who, unit_id, (lon, lat), marks[-1] / seconds * 3.6, heading)
        await asyncio.sleep(min(REPORT_EVERY_S, seconds / 4))
    if going():
        await _say_where(who, unit_id, way.line[-1], 0.0, None)


async def _say_where(who: Colleague, unit_id: str, place: Place, speed: float, heading: float | None) -> None:
    body: dict[str, Any] = {
        "lon": place[0],
        "lat": place[1],
        "accuracy_m": 8.0,
        "speed_kmh": round(min(speed, 400.0), 1),
    }
    if heading is not None:
        body["heading"] = round(heading, 1)
    await who.post(f"/api/units/{unit_id}/position", body)


def metres(one: Place, other: Place) -> float:
    """Between two places."""
    return metres_between(one[1], one[0], other[1], other[0])


def marks_of(line: list[Place]) -> list[float]:
    """Metres from the start to each point of a line."""
    found = [0.0]
    for one, other in pairwise(line):
        found.append(found[-1] + metres(one, other))
    return found


def along(line: list[Place], marks: list[float], share: float) -> tuple[float, float, float]:
    """The point at a share of the way, and the heading there in degrees."""
    goal = share * marks[-1]
    place = next((number for number, mark in enumerate(marks[1:], 1) if mark >= goal), len(marks) - 1)
    (lon1, lat1), (lon2, lat2) = line[place - 1], line[place]
    step = marks[place] - marks[place - 1]
    part = (goal - marks[place - 1]) / step if step else 0.0
    heading = math.degrees(math.atan2((lon2 - lon1) * math.cos(math.radians(lat1)), lat2 - lat1)) % 360
    return lon1 + (lon2 - lon1) * part, lat1 + (lat2 - lat1) * part, heading
