"""Reading an OpenStreetMap extract (.osm.pbf): the roads a vehicle can use, and the named things beside them.

One pass. Nothing is routed or named here: ways become segments between neighbouring nodes with their tags as numbers.
"""

import re
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import osmium

from sigap.geo.plane import Plane

CLASSES: Final = (
    "motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "living_street", "service",
    "track", "gang",
)  # fmt: skip
"""Road classes, most important first; a `_link` is its class with a flag. A gang is a path that motorcycles may use."""
CLASS_NUMBER: Final = {name: number for number, name in enumerate(CLASSES)} | {"road": 5}
PATHS: Final = frozenset({"path", "footway", "pedestrian", "bridleway"})
YES: Final = frozenset({"yes", "designated", "permissive", "destination"})
UNPAVED: Final = frozenset({"unpaved", "gravel", "fine_gravel", "compacted", "dirt", "earth", "ground", "grass", "mud",
                            "sand", "pebblestone", "wood"})  # fmt: skip
KEYS: Final = ("highway", "place", "amenity", "shop", "office", "man_made", "railway", "tourism", "leisure", "waterway",
               "natural", "landuse", "healthcare", "source")  # fmt: skip
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


class RoadsUnusable(ValueError):
    """The file cannot become roads; the message says why in words for the operator."""


@dataclass(slots=True)
class Thing:
    """A named node, or a named outline by its middle: a landmark, a kampung, a mark beside the toll road."""

    name: str
    lon: float
    lat: float
    tags: dict[str, str]
    extent_m: float = 0.0


@dataclass(slots=True)
class Water:
    """A river as a line, or a lake as a ring."""

    name: str
    closed: bool
    line: list[tuple[float, float]]


@dataclass(slots=True)
class Reading:
    """What one file holds. Way columns are parallel; `way_nodes` are the ways' nodes end to end, cut by `way_start`."""

    node_lon: Any = None
    node_lat: Any = None
    node_signal: Any = None
    way_start: list[int] = field(default_factory=lambda: [0])
    way_nodes: Any = None
    way_class: list[int] = field(default_factory=list)
    way_link: list[bool] = field(default_factory=list)
    way_oneway: list[int] = field(default_factory=list)
    way_maxspeed_kmh: list[float] = field(default_factory=list)
    way_unpaved: list[bool] = field(default_factory=list)
    way_width_m: list[float] = field(default_factory=list)
    way_height_m: list[float] = field(default_factory=list)
    way_weight_t: list[float] = field(default_factory=list)
    way_name: list[str] = field(default_factory=list)
    things: list[Thing] = field(default_factory=list)
    waters: list[Water] = field(default_factory=list)
    synthetic: bool = False

    @property
    def plane(self) -> Plane:
        """A flat map around the roads."""
        return Plane(float(np.median(self.node_lon)), float(np.median(self.node_lat)))


def read(file: Path, progress: Callable[[int], None] = lambda count: None) -> Reading:
    """Read the whole extract. Raises RoadsUnusable when it is no PBF or holds no road; `progress` hears objects read."""
    found = Reading()
    index: dict[int, int] = {}
    lon, lat, nodes = array("d"), array("d"), array("q")
    signals: set[int] = set()
    try:
        objects: Iterable[Any] = (
            osmium.FileProcessor(str(file)).with_locations().with_filter(osmium.filter.KeyFilter(*KEYS))
        )
        for count, thing in enumerate(objects):
            if thing.is_node():
                _node(thing, found, signals)
            elif thing.is_way():
                _way(thing, found, index, lon, lat, nodes)
            if count % 5_000 == 0:
                progress(5_000)
    except (RuntimeError, OSError) as broken:
        raise RoadsUnusable(f"{file}: {broken}") from broken
    if not found.way_class:
        raise RoadsUnusable(f"{file} holds no road that a vehicle can use")
    found.node_lon, found.node_lat = np.array(lon), np.array(lat)
    found.node_signal = np.zeros(len(lon), dtype=bool)
    found.node_signal[[index[ref] for ref in signals if ref in index]] = True
    found.way_nodes = np.array(nodes, dtype=np.int32)
    return found


def _node(node: Any, found: Reading, signals: set[int]) -> None:
    tags = {tag.k: tag.v for tag in node.tags}
    if tags.get("highway") == "traffic_signals":
        signals.add(node.id)
    if tags.get("source") == "synthetic":
        found.synthetic = True
    name = tags.get("name") or (tags.get("distance") if tags.get("highway") == "milestone" else None)
    if name and node.location.valid():
        found.things.append(Thing(name, node.location.lon, node.location.lat, tags))


def _way(
    way: Any, found: Reading, index: dict[int, int], lon: array[float], lat: array[float], nodes: array[int]
) -> None:
    tags = {tag.k: tag.v for tag in way.tags}
    if tags.get("source") == "synthetic":
        found.synthetic = True
    class_number = road_class(tags)
    if class_number is None:
        _outline(way, tags, found)
        return
    began = len(nodes)
    for node in way.nodes:
        ref = node.ref
        number = index.get(ref)
        if number is None:
            place = node.location
            if not place.valid():
                continue
            number = index[ref] = len(lon)
            lon.append(place.lon)
            lat.append(place.lat)
        if len(nodes) == began or nodes[-1] != number:
            nodes.append(number)
    if len(nodes) - began < 2:
        del nodes[began:]
        return
    found.way_start.append(len(nodes))
    found.way_class.append(class_number)
    found.way_link.append(tags["highway"].endswith("_link"))
    found.way_oneway.append(oneway(tags))
    found.way_maxspeed_kmh.append(_speed(tags.get("maxspeed", "")))
    found.way_unpaved.append(tags.get("surface", "") in UNPAVED)
    found.way_width_m.append(_metres(tags.get("width", "")))
    found.way_height_m.append(_metres(tags.get("maxheight", "")))
    found.way_weight_t.append(_metres(tags.get("maxweight", "")))
    found.way_name.append(tags.get("name") or tags.get("ref", ""))


def road_class(tags: dict[str, str]) -> int | None:
    """The number of the road's class, or None for what no vehicle of ours may use."""
    highway = tags.get("highway")
    if highway is None or tags.get("area") == "yes" or tags.get("access") == "no":
        return None
    if highway in PATHS:
        allowed = tags.get("motor_vehicle") in YES or tags.get("motorcycle") in YES
        return CLASS_NUMBER["gang"] if allowed else None
    return CLASS_NUMBER.get(highway.removesuffix("_link"))


def oneway(tags: dict[str, str]) -> int:
    """1 along the way's nodes, -1 against them, 0 both; roundabouts and motorways are one-way unless said otherwise."""
    stated = tags.get("oneway", "")
    if stated in ("yes", "1", "true"):
        return 1
    if stated in ("-1", "reverse"):
        return -1
    round_about = tags.get("junction") in ("roundabout", "circular")
    return 1 if stated != "no" and (round_about or tags.get("highway", "").startswith("motorway")) else 0


def _outline(way: Any, tags: dict[str, str], found: Reading) -> None:
    """A way that is no road: a river, a lake, or a named outline that becomes its middle."""
    line = [(n.location.lon, n.location.lat) for n in way.nodes if n.location.valid()]
    if len(line) < 2:
        return
    closed = line[0] == line[-1]
    if tags.get("waterway") in ("river", "canal", "stream") or tags.get("natural") == "water":
        found.waters.append(Water(tags.get("name", ""), closed, line))
    elif closed and tags.get("name") and "highway" not in tags:
        corners = np.array(line[:-1])
        middle, spread = corners.mean(axis=0), corners.max(axis=0) - corners.min(axis=0)
        extent_m = float(np.hypot(spread[0] * 111_320, spread[1] * 110_574) / 2)
        found.things.append(Thing(tags["name"], float(middle[0]), float(middle[1]), tags, extent_m))


def _speed(text: str) -> float:
    number = _NUMBER.search(text)
    if not number:
        return 0.0
    return float(number[0].replace(",", ".")) * (1.609344 if "mph" in text else 1.0)


def _metres(text: str) -> float:
    number = _NUMBER.search(text)
    return float(number[0].replace(",", ".")) if number else 0.0
