"""Which kecamatan and desa a point lies in, from the borders that come with the package or that the operator imported.

A point on no desa (sea, a sliver between layers) belongs to the nearest desa within 300 m and is marked `snapped`;
farther away it is `outside`, with the neighbouring regency or city when it lies in one. Never refuses a point.
"""

import json
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon, mapping, shape

from sigap.geo.plane import Plane
from sigap.kernel.place import Point

PACKAGED: Final = Path(__file__).resolve().parent.parent / "data" / "borders"
SNAP_M: Final = 300.0
"""A point on no polygon takes the nearest desa up to this far (shore, rivers between two drawings)."""
SLIVER_M: Final = 60.0
"""Desa and neighbours were simplified apart: inside a neighbour but this near a desa, the desa has the word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """The administrative place of a point. Codes are null when it lies outside the regency."""

    kecamatan_code: str | None
    kecamatan: str | None
    desa_code: str | None
    desa: str | None
    outside: bool
    neighbour: str | None
    snapped: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A kecamatan or a desa: its name, its size, and a point surely inside it."""

    code: str
    name: str
    kind: str
    kecamatan_code: str
    kecamatan: str
    lon: float
    lat: float
    radius_m: float
    """Of the circle with the same area: how little a mere name says about the place."""


class BordersUnusable(ValueError):
    """The file is no GeoJSON of desa with `code` and `name`; the message says what is missing."""


class Borders:
    """One set of borders, ready to be asked. A lookup takes well under a millisecond."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        desa = _features(folder / "desa.geojson")
        if not desa:
            raise BordersUnusable(f"{folder / 'desa.geojson'} has no features")
        self._kecamatan_names = {
            f["properties"]["code"]: f["properties"]["name"] for f in _features(folder / "kecamatan.geojson")
        }
        outline = shapely.union_all([shape(f["geometry"]).envelope for f in desa])
        self.bounds: tuple[float, float, float, float] = outline.bounds
        west, south, east, north = self.bounds
        self.plane = Plane((west + east) / 2, (south + north) / 2)
        self._desa = [(f["properties"]["code"], f["properties"]["name"], _kind(f)) for f in desa]
        self._desa_shapes = self._flat(desa)
        self._desa_tree = shapely.STRtree(self._desa_shapes)
        neighbours = _features(folder / "neighbours.geojson")
        self._neighbours = [str(f["properties"]["name"]) for f in neighbours]
        self._neighbour_shapes = self._flat(neighbours)
        self._neighbour_tree = shapely.STRtree(self._neighbour_shapes)

    def where(self, point: Point) -> Where:
        """Desa and kecamatan of the point, or the neighbour it lies in, or neither."""
        spot = shapely.Point(self.plane.x(point.lon), self.plane.y(point.lat))
        hits = self._desa_tree.query(spot, predicate="intersects")
        if len(hits):
            return self._inside(int(hits.min()), snapped=False)
        neighbour = self._neighbour_tree.query(spot, predicate="intersects")
        reach = SLIVER_M if len(neighbour) else SNAP_M
        near = self._desa_tree.query_nearest(spot, max_distance=reach, all_matches=False)
        if len(near):
            return self._inside(int(near[0]), snapped=True)
        name = self._neighbours[int(neighbour.min())] if len(neighbour) else None
        return Where(
            kecamatan_code=None,
            kecamatan=None,
            desa_code=None,
            desa=None,
            outside=True,
            neighbour=name,
            snapped=False,
        )

    def where_all(self, lon: Any, lat: Any) -> list[Where]:
        """`where` for many points at once."""
        found = self.desa_numbers(lon, lat)
        inside = {
            number: self._inside(number, snapped=False) for number in np.unique(found).tolist() if number >= 0
        }
        return [
            inside[number] if number >= 0 else self.where(Point(float(x), float(y)))
            for number, x, y in zip(found.tolist(), lon, lat, strict=True)
        ]

    def desa_numbers(self, lon: Any, lat: Any) -> Any:
        """For many points at once: the number of the desa each lies in, -1 for none."""
        spots = shapely.points(self.plane.x(lon), self.plane.y(lat))
        spot, desa = self._desa_tree.query(spots, predicate="intersects")
        found = np.full(len(spots), -1)
        found[spot[::-1]] = desa[::-1]
        return found

    @cached_property
    def areas(self) -> tuple[Area, ...]:
        """Every kecamatan, then every desa, in the order of their codes."""
        by_kecamatan: dict[str, list[Any]] = {}
        desa = []
        for (code, name, kind), outline in zip(self._desa, self._desa_shapes, strict=True):
            by_kecamatan.setdefault(code[:8], []).append(outline)
            desa.append(self._area(code, name, kind, outline))
        kecamatan = [
            self._area(code, self._kecamatan_names.get(code, code), "kecamatan", shapely.union_all(shapes))
            for code, shapes in by_kecamatan.items()
        ]
        return (*sorted(kecamatan, key=lambda a: a.code), *sorted(desa, key=lambda a: a.code))

    @cached_property
    def land(self) -> Any:
        """The regency and its neighbours as drawn, in the plane's metres: everything that is not sea."""
        return shapely.union_all([*self._desa_shapes, *self._neighbour_shapes])

    @cached_property
    def regency(self) -> Any:
        """The regency alone, in the plane's metres."""
        return shapely.union_all(self._desa_shapes)

    def _inside(self, index: int, *, snapped: bool) -> Where:
        code, name, _ = self._desa[index]
        return Where(
            kecamatan_code=code[:8],
            kecamatan=self._kecamatan_names.get(code[:8]),
            desa_code=code,
            desa=name,
            outside=False,
            neighbour=None,
            snapped=snapped,
        )

    def _area(self, code: str, name: str, kind: str, outline: Any) -> Area:
        inside = outline.representative_point()
        return Area(
            code=code,
            name=name,
            kind=kind,
            kecamatan_code=code[:8],
            kecamatan=self._kecamatan_names.get(code[:8], code[:8]),
            lon=float(self.plane.lon(inside.x)),
            lat=float(self.plane.lat(inside.y)),
            radius_m=float((outline.area / np.pi) ** 0.5),
        )

    def _flat(self, features: list[Any]) -> list[Any]:
        def metres(coordinates: Any) -> Any:
            return np.column_stack([self.plane.x(coordinates[:, 0]), self.plane.y(coordinates[:, 1])])

        shapes = [shapely.transform(shape(f["geometry"]), metres) for f in features]
        for one in shapes:
            shapely.prepare(one)
        return shapes


def _kind(feature: Any) -> str:
    return str(feature["properties"].get("type") or "desa")


def _features(path: Path) -> list[Any]:
    if not path.exists():
        return []
    return list(json.loads(path.read_text(encoding="utf-8"))["features"])


_loaded: dict[Path, Borders] = {}
_folder = PACKAGED


def use(imported: Path) -> None:
    """From now on ask the borders imported into this folder; where there are none, the packaged ones."""
    global _folder
    _folder = imported if (imported / "desa.geojson").exists() else PACKAGED
    _loaded.pop(_folder, None)


def current() -> Borders:
    """The borders in use, read once."""
    if _folder not in _loaded:
        _loaded[_folder] = Borders(_folder)
    return _loaded[_folder]


def where(point: Point) -> Where:
    """Kecamatan and desa of a point (kecamatan dan desa/kelurahan)."""
    return current().where(point)


def import_borders(source: Path, into: Path, neighbours: Path | None = None) -> int:
    """Take over a GeoJSON of desa (properties `code` as 36.03.01.2001, `name`, `kecamatan_name`); returns their number.

    Kecamatan are dissolved from desa, so the two always agree. The new set replaces the old one only when whole.
    """
    desa = _checked(source)
    kecamatan: dict[str, list[Any]] = {}
    names: dict[str, str] = {}
    for one in desa:
        code = one["properties"]["code"]
        kecamatan.setdefault(code[:8], []).append(shape(one["geometry"]))
        names.setdefault(code[:8], str(one["properties"].get("kecamatan_name") or code[:8]))
    dissolved = [_dissolved(code, names[code], shapes) for code, shapes in sorted(kecamatan.items())]
    into.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=".borders-", dir=into.parent))
    _write(fresh / "desa.geojson", desa)
    _write(fresh / "kecamatan.geojson", dissolved)
    _write(fresh / "neighbours.geojson", _features(neighbours) if neighbours else [])
    fresh.chmod(0o755)
    Borders(fresh)
    old = into.with_name(into.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if into.exists():
        into.replace(old)
    fresh.replace(into)
    shutil.rmtree(old, ignore_errors=True)
    return len(desa)


def _checked(source: Path) -> list[Any]:
    try:
        features = _features(source)
    except (ValueError, KeyError, TypeError) as broken:
        raise BordersUnusable(f"{source} is no GeoJSON feature collection: {broken}") from broken
    if not features:
        raise BordersUnusable(f"{source} does not exist or has no features")
    for number, one in enumerate(features):
        properties = one.get("properties") or {}
        code = str(properties.get("code", ""))
        if len(code) != 13 or not properties.get("name"):
            raise BordersUnusable(f"feature {number}: needs `code` like 36.03.01.2001 and `name`")
        if not isinstance(shape(one["geometry"]), Polygon | MultiPolygon):
            raise BordersUnusable(f"feature {number} ({code}): geometry is no polygon")
    return features


def _dissolved(code: str, name: str, shapes: Iterable[Any]) -> dict[str, Any]:
    whole = shapely.union_all(list(shapes))
    label = whole.representative_point()
    properties = {"code": code, "name": name, "label_lon": round(label.x, 5), "label_lat": round(label.y, 5)}
    return {"type": "Feature", "id": code, "properties": properties, "geometry": mapping(whole)}


def _write(path: Path, features: list[Any]) -> None:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
