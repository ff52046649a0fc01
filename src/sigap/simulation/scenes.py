"""What the demo city's callers say, and how often."""

import math
import tomllib
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from random import Random
from typing import Final

import av
import numpy as np
import numpy.typing as npt

from sigap.geo import borders
from sigap.kernel.place import Point

KINDS: Final = ("real", "prank", "ghost", "information", "non_emergency")
MIXES: Final[dict[str, dict[str, float]]] = {
    "half": {"real": 0.5, "prank": 0.2, "ghost": 0.2, "information": 0.07, "non_emergency": 0.03},
    "real": {"real": 0.025, "prank": 0.41, "ghost": 0.45, "information": 0.10, "non_emergency": 0.015},
}
"""Share of each kind. `real` is the published share of a 112 room: nine calls in ten are none."""

HOUR_SHARES: Final = {
    "real": (
        2.2,
        1.8,
        1.6,
        1.5,
        1.8,
        2.6,
        3.8,
        4.8,
        5.0,
        5.0,
        5.0,
        4.8,
        4.8,
        4.8,
        5.0,
        5.2,
        5.6,
        6.0,
        6.2,
        6.0,
        5.4,
        4.6,
        3.6,
        2.9,
    ),
    "junk": (
        2.4,
        1.6,
        1.1,
        0.8,
        0.8,
        1.0,
        1.8,
        2.8,
        3.8,
        4.6,
        5.4,
        5.8,
        6.2,
        6.4,
        6.4,
        6.4,
        6.4,
        6.2,
        6.4,
        6.6,
        6.2,
        5.0,
        3.6,
        2.3,
    ),
}
"""Percent of a day's calls by local hour (assumed, for simulation alone)."""

SAMPLE_RATE: Final = 8000
SPREAD_M: Final = 450.0
"""A scene happens this near the inside point of some desa of its kecamatan, elsewhere each time."""
NEIGHBOURS_M: Final = 90.0
"""Whoever calls about the same thing stands this near."""
SEEN_BY_MANY: Final = frozenset({"FIR01", "FIR02", "FIR05", "TRA01", "DIS01", "SEC02", "OTH01", "OTH04"})
"""Types in the open: some of these are reported by more than one caller."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One thing that can happen to a caller."""

    id: str
    kind: str
    weight: float
    spoken: str
    type: str | None = None
    desa: str | None = None
    landmark: str = ""
    narrative: str = ""
    dangers: list[str] = field(default_factory=list)
    place: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """A scene as it happens once: by whom, where."""

    scene: Scene
    number: str | None
    point: Point | None
    uncertainty_m: float


@cache
def scenes() -> tuple[Scene, ...]:
    """All scenes."""
    raw = tomllib.loads((files("sigap.simulation") / "scenes.toml").read_text(encoding="utf-8"))
    return tuple(Scene(**item) for item in raw["scene"])


def first_call() -> Scene:
    """The house fire that a fresh demo begins with."""
    return scenes()[0]


def choose(chance: Random, mix: str, hour: int | None = None, lately: Collection[str] = ()) -> Scene:
    """A scene by the mix, none of those told `lately` (ids) if others are left.

    With `hour` (local) real calls and junk keep to their hours.
    """
    shares = dict(MIXES[mix])
    if hour is not None:
        for kind in shares:
            shares[kind] *= HOUR_SHARES["real" if kind == "real" else "junk"][hour]
    kind = chance.choices(list(shares), weights=list(shares.values()))[0]
    of_kind = [scene for scene in scenes() if scene.kind == kind]
    of_kind = [scene for scene in of_kind if scene.id not in lately] or of_kind
    return chance.choices(of_kind, weights=[scene.weight for scene in of_kind])[0]


def happen(scene: Scene, chance: Random) -> Happening:
    """Give a scene a caller and a place. Some phones send no number; junk comes from few numbers, again and again."""
    if chance.random() < 0.05:
        number = None
    elif scene.kind in {"prank", "ghost"}:
        number = f"+62000112{chance.choice((9001, 9002, 9003, chance.randrange(9100, 9199)))}"
    else:
        number = _number(chance)
    point = _somewhere(scene.desa, chance) if scene.desa else None
    return Happening(scene=scene, number=number, point=point, uncertainty_m=round(chance.uniform(8, 60), 1))


def seen_again(first: Happening, chance: Random) -> Happening:
    """The same thing as another caller sees it, some steps away."""
    point = first.point and _near(first.point, NEIGHBOURS_M, chance)
    return replace(first, number=_number(chance), point=point, uncertainty_m=round(chance.uniform(8, 60), 1))


def _number(chance: Random) -> str:
    return f"+62000113{chance.randrange(10000):04d}"


def _somewhere(desa: str, chance: Random) -> Point:
    """In the kecamatan of this desa: what the caller says names the kecamatan alone."""
    areas = {area.code: area for area in borders.current().areas if area.kind != "kecamatan"}
    kecamatan = areas[desa].kecamatan_code
    around = [area for area in areas.values() if area.kecamatan_code == kecamatan]
    for _ in range(20):
        area = chance.choice(around)
        point = _near(Point(area.lon, area.lat), SPREAD_M, chance)
        if borders.where(point).kecamatan_code == kecamatan:
            return point
    return Point(areas[desa].lon, areas[desa].lat)


def _near(centre: Point, spread_m: float, chance: Random) -> Point:
    distance, angle = spread_m * math.sqrt(chance.random()), chance.uniform(0, 2 * math.pi)
    lat = centre.lat + distance * math.cos(angle) / 111_320
    lon = centre.lon + distance * math.sin(angle) / (111_320 * math.cos(math.radians(centre.lat)))
    return Point(round(lon, 6), round(lat, 6))


@cache
def sound(scene_id: str) -> npt.NDArray[np.int16] | None:
    """What is heard: 8 kHz mono. None for a scene in which nobody speaks."""
    file = files("sigap.simulation") / "sounds" / f"{scene_id}.ogg"
    if not file.is_file():
        return None
    parts: list[npt.NDArray[np.int16]] = []
    with file.open("rb") as opened, av.open(opened, mode="r") as container:
        resampler = av.AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE)
        for frame in [*container.decode(audio=0), None]:
            parts.extend(
                np.asarray(out.to_ndarray(), np.int16).reshape(-1) for out in resampler.resample(frame)
            )
    return np.concatenate(parts)
