"""Taking in a road extract (impor jalan): graph, gazetteer and tiles from one .osm.pbf, swapped in only when whole.

Stopped at any moment, the old roads stay in use; run again, the leftovers are cleared and the work starts over.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np

from sigap.geo import borders, gazetteer, graph, names, osm_reading, roads, tiles
from sigap.geo.gazetteer import Crossing, KilometreMark, Place
from sigap.geo.osm_reading import CLASS_NUMBER, Reading, RoadsUnusable
from sigap.kernel.paths import Home

CREDIT_OSM: Final = "© OpenStreetMap contributors"
CREDIT_SYNTHETIC: Final = "peta sintetis"
LEAST_INSIDE: Final = 0.01
"""Of the file's points, at least this share must lie in the regency's box, else it is another region's file."""
STREET_CELL_DEGREES: Final = 0.02
BUILDING: Final = ".building-"
type Progress = Callable[[str, float], None]
"""Hears the step in words for the operator and how much of the whole is done, 0 to 1."""


def silent(step: str, done: float) -> None:
    """A progress that nobody watches."""


def import_osm(
    file: Path, home: Home, progress: Progress = silent, *, anywhere: bool = False, with_tiles: bool = True
) -> dict[str, Any]:
    """Build everything from the extract and put it to use; returns the counts. Raises RoadsUnusable, TilesFailed.

    `anywhere` takes a file that does not meet the borders (benches, tests). The running services notice by themselves.
    """
    borders.use(home.root / "borders")
    home.roads.mkdir(parents=True, exist_ok=True)
    for left in home.roads.glob(f"{BUILDING}*"):
        shutil.rmtree(left, ignore_errors=True)
    fresh = Path(tempfile.mkdtemp(prefix=BUILDING, dir=home.roads))
    making: tiles.TileMaking | None = None
    try:
        progress("membaca berkas", 0.0)
        reading = osm_reading.read(file)
        if not anywhere:
            _check_meets_borders(file, reading)
        progress("menyiapkan ubin peta", 0.25)
        making = tiles.begin(reading, fresh) if with_tiles else None
        progress("menyusun graf jalan", 0.4)
        built = graph.build(reading)
        progress("menyusun nama tempat", 0.55)
        counts = _gazetteer(reading, fresh)
        counts |= _counts(reading, built) | {"file": file.name}
        graph.save(built, fresh, reading.way_name, counts)
        progress("menunggu ubin peta", 0.7)
        if making is not None:
            making.wait()
        progress("memasang", 0.98)
        _swap(fresh, home)
    finally:
        if making is not None:
            making.stop()
        shutil.rmtree(fresh, ignore_errors=True)
    progress("selesai", 1.0)
    return counts


def _check_meets_borders(file: Path, reading: Reading) -> None:
    west, south, east, north = borders.current().bounds
    lon, lat = reading.node_lon, reading.node_lat
    inside = float(((lon > west) & (lon < east) & (lat > south) & (lat < north)).mean())
    if inside < LEAST_INSIDE:
        box = f"{lon.min():.2f}..{lon.max():.2f}, {lat.min():.2f}..{lat.max():.2f}"
        raise RoadsUnusable(
            f"{file} does not meet the borders in use: its roads lie at {box}, the borders at "
            f"{west:.2f}..{east:.2f}, {south:.2f}..{north:.2f}. Cut the extract of your region and import that."
        )


def _counts(reading: Reading, built: graph.Graph) -> dict[str, Any]:
    return {
        "nodes": len(built.node_lon),
        "segments": len(built.seg_a),
        "ways": len(reading.way_class),
        "junctions": len(built.junction_node),
        "chains": len(built.chain_a),
        "main_share": round(float(built.main_motorcycle.mean()), 4),
        "bounds": [
            float(v)
            for v in (
                reading.node_lon.min(),
                reading.node_lat.min(),
                reading.node_lon.max(),
                reading.node_lat.max(),
            )
        ],
        "synthetic": reading.synthetic,
        "credit": CREDIT_SYNTHETIC if reading.synthetic else CREDIT_OSM,
    }


def _gazetteer(reading: Reading, folder: Path) -> dict[str, Any]:
    places = gazetteer.placed_all([*_streets(reading), *_things(reading)], borders.current())
    crossings = list(_crossings(reading))
    marks = list(_marks(reading))
    gazetteer.save(folder, places, crossings, marks)
    return {"places": len(places), "crossings": len(crossings), "marks": len(marks)}


def _streets(reading: Reading) -> Iterator[Place]:
    """One place for each street name and desa: a point on the street, as exact as half the street's length there."""
    start = np.array(reading.way_start)
    middle = reading.way_nodes[(start[:-1] + start[1:]) // 2]
    lon, lat = np.asarray(reading.node_lon), np.asarray(reading.node_lat)
    of = borders.current()
    desa = of.desa_numbers(lon[middle], lat[middle])
    pieces: dict[tuple[str, int, int, int], list[int]] = {}
    for way, name in enumerate(reading.way_name):
        if name:
            mark = (name, int(desa[way]), 0, 0)
            if desa[way] < 0:
                node = middle[way]
                mark = (name, -1, int(lon[node] / STREET_CELL_DEGREES), int(lat[node] / STREET_CELL_DEGREES))
            pieces.setdefault(mark, []).append(way)
    for (name, *_), ways in pieces.items():
        nodes = np.concatenate([reading.way_nodes[start[way] : start[way + 1]] for way in ways])
        x, y = lon[nodes], lat[nodes]
        away = np.hypot((x - x.mean()) * 110_700, (y - y.mean()) * 110_574)
        best = int(np.argmin(away))
        yield Place(
            name=name,
            kind="toll" if reading.way_class[ways[0]] == CLASS_NUMBER["motorway"] else "street",
            lon=round(float(x[best]), 6),
            lat=round(float(y[best]), 6),
            accuracy_m=round(max(20.0, float(away.max())), 0),
        )


def _things(reading: Reading) -> Iterator[Place]:
    for thing in reading.things:
        kind = tiles.thing_kind(thing.tags)
        if kind is not None and thing.tags.get("highway") != "milestone":
            yield Place(
                name=thing.name,
                kind=kind,
                lon=round(thing.lon, 6),
                lat=round(thing.lat, 6),
                accuracy_m=round(max(20.0, thing.extent_m, 200.0 if "place" in thing.tags else 0.0), 0),
            )


def _crossings(reading: Reading) -> Iterator[Crossing]:
    """Points that roads of two or more names share."""
    shared = np.bincount(reading.way_nodes) > 1
    at: dict[int, set[str]] = {}
    for way, name in enumerate(reading.way_name):
        if name:
            nodes = reading.way_nodes[reading.way_start[way] : reading.way_start[way + 1]]
            for node in nodes[shared[nodes]].tolist():
                at.setdefault(node, set()).add(names.normalise(name))
    for node, found in at.items():
        if len(found) > 1:
            yield Crossing(
                round(float(reading.node_lon[node]), 6),
                round(float(reading.node_lat[node]), 6),
                frozenset(found),
            )


def _marks(reading: Reading) -> Iterator[KilometreMark]:
    """Kilometre marks of the toll road that say where their carriageway leads."""
    for thing in reading.things:
        if thing.tags.get("highway") == "milestone" and thing.tags.get("destination"):
            try:
                km = float(thing.tags.get("distance", thing.name).replace(",", "."))
            except ValueError:
                continue
            yield KilometreMark(thing.tags["destination"], km, thing.lon, thing.lat)


def _swap(fresh: Path, home: Home) -> None:
    """Give the finished set its name and let `current` point at it in one step; the set before it is removed."""
    number = 1 + max((int(p.name[4:]) for p in home.roads.glob("set-*") if p.name[4:].isdigit()), default=0)
    kept = home.roads / f"set-{number}"
    fresh.chmod(0o755)
    fresh.rename(kept)
    link = home.roads / f".{roads.CURRENT}-{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(kept.name)
    link.replace(home.roads / roads.CURRENT)
    for old in home.roads.glob("set-*"):
        if old != kept:
            shutil.rmtree(old, ignore_errors=True)
