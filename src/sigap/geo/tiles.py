"""Map tiles of the imported roads: GeoJSON lines to tippecanoe, one .pmtiles file with roads, water and landmarks."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np

from sigap.geo.osm_reading import CLASSES, Reading, RoadsUnusable

FIRST_ZOOM: Final = (6, 8, 9, 10, 11, 12, 13, 13, 13, 13, 14)
"""By road class: the zoom from which it is drawn."""
LANDMARK_ZOOM: Final = 13
PLACE_ZOOM: Final = 11
ARGUMENTS: Final = ("-Z6", "-z14", "-P", "-q", "--force", "--drop-densest-as-needed", "--no-tile-stats")


class TilesFailed(RoadsUnusable):
    """tippecanoe did not make the tiles; the message is its own."""


class TileMaking:
    """tippecanoe at work beside the import; `wait` for it before the new roads go live."""

    def __init__(self, process: subprocess.Popen[str], out: Path, source: Path) -> None:
        self._process = process
        self._out = out
        self._source = source

    def wait(self) -> Path:
        """Until the tiles are whole. Raises TilesFailed."""
        _, errors = self._process.communicate()
        self._source.unlink(missing_ok=True)
        if self._process.returncode:
            raise TilesFailed(errors.strip()[-400:] or f"tippecanoe ended with {self._process.returncode}")
        return self._out

    def stop(self) -> None:
        """Give up; harmless when it is done."""
        if self._process.poll() is None:
            self._process.terminate()
            self._process.wait(timeout=10)


def begin(reading: Reading, folder: Path) -> TileMaking:
    """Write the features and start tippecanoe on them."""
    source, out = folder / "features.geojsonl", folder / "roads.pmtiles"
    with source.open("w", encoding="utf-8") as lines:
        for feature in features(reading):
            lines.write(json.dumps(feature, ensure_ascii=False, separators=(",", ":")) + "\n")
    beside = Path(sys.executable).parent / "tippecanoe"
    binary = str(beside) if beside.exists() else shutil.which("tippecanoe")
    if binary is None:
        raise TilesFailed("tippecanoe is missing: run make setup, or install the package tippecanoe")
    command = [binary, *ARGUMENTS, "-o", str(out), str(source)]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=folder
    )
    return TileMaking(process, out, source)


def features(reading: Reading) -> Iterator[dict[str, Any]]:
    """One GeoJSON feature for each road, water and landmark, with the layer and the zoom it starts at."""
    lon, lat = np.round(reading.node_lon, 6), np.round(reading.node_lat, 6)
    for way, number in enumerate(reading.way_class):
        nodes = reading.way_nodes[reading.way_start[way] : reading.way_start[way + 1]]
        line = np.column_stack([lon[nodes], lat[nodes]]).tolist()
        properties = {"class": CLASSES[number]}
        if reading.way_link[way]:
            properties["link"] = "yes"
        if reading.way_name[way]:
            properties["name"] = reading.way_name[way]
        if reading.way_oneway[way]:
            properties["oneway"] = "yes"
        yield _feature("roads", FIRST_ZOOM[number], "LineString", line, properties)
    for water in reading.waters:
        kind = "Polygon" if water.closed else "LineString"
        shape = [water.line] if water.closed else water.line
        yield _feature("water", 8, kind, shape, {"name": water.name} if water.name else {})
    for thing in reading.things:
        kind = thing_kind(thing.tags)
        if kind is not None:
            zoom = PLACE_ZOOM if "place" in thing.tags else LANDMARK_ZOOM
            yield _feature(
                "landmarks", zoom, "Point", [thing.lon, thing.lat], {"kind": kind, "name": thing.name}
            )


def _feature(layer: str, zoom: int, kind: str, shape: Any, properties: dict[str, str]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "tippecanoe": {"layer": layer, "minzoom": zoom},
        "properties": properties,
        "geometry": {"type": kind, "coordinates": shape},
    }


KINDS: Final = {
    ("amenity", "place_of_worship"): "worship", ("amenity", "marketplace"): "market", ("amenity", "school"): "school",
    ("amenity", "hospital"): "hospital", ("amenity", "clinic"): "clinic", ("amenity", "police"): "police_station",
    ("amenity", "fire_station"): "fire_post", ("amenity", "fuel"): "fuel", ("shop", "convenience"): "minimarket",
    ("shop", "mall"): "mall", ("man_made", "works"): "factory", ("landuse", "industrial"): "factory",
    ("landuse", "residential"): "housing", ("railway", "station"): "station",
}  # fmt: skip
LANDMARK_KEYS: Final = (
    "amenity",
    "shop",
    "healthcare",
    "office",
    "tourism",
    "leisure",
    "man_made",
    "railway",
    "landuse",
)


def thing_kind(tags: dict[str, str]) -> str | None:
    """What a named thing is to a caller: a mosque, a market, a kampung; None for what nobody names."""
    if tags.get("landuse") == "residential":
        return "housing"
    if "place" in tags:
        return (
            "kampung"
            if tags["place"] in ("hamlet", "village", "neighbourhood", "isolated_dwelling")
            else "district"
        )
    if tags.get("amenity") == "place_of_worship":
        return "mosque" if tags.get("religion") == "muslim" else "worship"
    for key in LANDMARK_KEYS:
        if key in tags:
            return KINDS.get((key, tags[key])) or (
                tags[key] if key in ("amenity", "shop", "tourism") else key
            )
    return None
