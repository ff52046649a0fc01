"""The major roads as plain lines, for maps that are drawn without tiles (the wall)."""

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from sigap.geo.osm_reading import CLASS_NUMBER, CLASSES
from sigap.kernel.place import metres_between

LEAST: Final = "secondary"
"""The least important class that is drawn."""
APART_M: Final = 80.0
"""Points nearer to the last one are left out: about a pixel where the regency fills a wall."""


@cache
def major_roads_json(folder: Path) -> bytes:
    """GeoJSON of an imported road set: one MultiLineString per class, the most important first. Links are left out."""
    return json.dumps(_major_roads(folder), separators=(",", ":")).encode()


def _major_roads(folder: Path) -> dict[str, Any]:
    def array(name: str) -> Any:
        return np.load(folder / f"{name}.npy", mmap_mode="r")

    starts, seg_a, seg_b = array("chain_start"), array("seg_a"), array("seg_b")
    lon, lat = array("node_lon"), array("node_lat")
    classes = array("seg_class")[starts[:-1]]
    drawn = (classes <= CLASS_NUMBER[LEAST]) & (array("seg_link")[starts[:-1]] == 0)
    lines: dict[int, list[list[list[float]]]] = {}
    for chain in np.flatnonzero(drawn):
        first, last = int(starts[chain]), int(starts[chain + 1])
        nodes = [int(seg_a[first]), *map(int, seg_b[first:last])]
        points = [(float(lon[node]), float(lat[node])) for node in nodes]
        lines.setdefault(int(classes[chain]), []).append(_thinned(points))
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"class": CLASSES[number]},
                "geometry": {"type": "MultiLineString", "coordinates": lines[number]},
            }
            for number in sorted(lines)
        ],
    }


def _thinned(points: list[tuple[float, float]]) -> list[list[float]]:
    kept = [points[0]]
    for point in points[1:-1]:
        (lon, lat), (last_lon, last_lat) = point, kept[-1]
        if metres_between(last_lat, last_lon, lat, lon) >= APART_M:
            kept.append(point)
    return [[round(lon, 5), round(lat, 5)] for lon, lat in [*kept, points[-1]]]
