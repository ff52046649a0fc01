"""The ground the roads are drawn on: land inside the margin, rivers, the railway, the toll road's course, and a mesh.

The mesh is a jittered triangle grid; every road but the toll road is a walk on it, so crossings share their points by
construction.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from scipy.spatial import Delaunay
from shapely.geometry import LineString

from sigap.geo.borders import Borders
from sigap.geo.plane import Plane

MARGIN_M: Final = 3_000.0
SPACING_M: Final = 132.0
SHORE_M: Final = 75.0
HOSPITAL: Final = (106.6356, -6.1696)
"""RSU Kabupaten Tangerang stands in the city beside the regency: the roads reach it."""
RIVERS: Final = {
    "Kali Cidurian": (
        (106.372, -6.42),
        (106.385, -6.30),
        (106.378, -6.18),
        (106.402, -6.08),
        (106.418, -5.98),
    ),
    "Kali Cimanceuri": (
        (106.500, -6.42),
        (106.492, -6.32),
        (106.472, -6.20),
        (106.478, -6.10),
        (106.462, -5.96),
    ),
    "Kali Cisadane": (
        (106.660, -6.42),
        (106.652, -6.30),
        (106.628, -6.18),
        (106.622, -6.10),
        (106.612, -5.96),
    ),
}
RAILWAY: Final = (
    (106.76, -6.296),
    (106.66, -6.321),
    (106.57, -6.342),
    (106.49, -6.334),
    (106.42, -6.338),
    (106.30, -6.33),
)
TOLL: Final = (
    (106.76, -6.222),
    (106.66, -6.229),
    (106.565, -6.223),
    (106.512, -6.207),
    (106.447, -6.203),
    (106.40, -6.209),
    (106.28, -6.196),
)


@dataclass(slots=True)
class Ground:
    """Arrays of the mesh and the lines that cut it. `edge_*` are parallel; barriers are what a road crosses there."""

    borders: Borders
    plane: Plane
    region: Any
    rivers: dict[str, Any]
    railway: Any
    toll: Any
    x: Any
    y: Any
    edge_a: Any
    edge_b: Any
    edge_m: Any
    over_river: Any
    over_rail: Any
    over_toll: Any


def lay(borders: Borders, rng: np.random.Generator) -> Ground:
    """The ground of the regency within its margin, none of it in the sea."""
    plane = borders.plane
    hospital = shapely.Point(plane.x(HOSPITAL[0]), plane.y(HOSPITAL[1]))
    wide = shapely.union_all([borders.regency.buffer(MARGIN_M, quad_segs=4), hospital.buffer(2_000.0)])
    region = wide.intersection(borders.land).buffer(-SHORE_M, quad_segs=2)
    region = max(shapely.get_parts(region), key=lambda part: part.area)
    shapely.prepare(region)
    rivers = {name: _course(course, plane, rng, 260.0, borders.land) for name, course in RIVERS.items()}
    railway = _course(RAILWAY, plane, rng, 90.0, wide)
    toll = _course(TOLL, plane, rng, 110.0, region.buffer(-200))
    x, y = _points(region, [*rivers.values(), railway, toll], rng)
    a, b = _edges(x, y, region)
    lines: Any = shapely.linestrings(
        np.stack([np.column_stack([x[a], y[a]]), np.column_stack([x[b], y[b]])], axis=1)
    )
    tree = shapely.STRtree(lines)

    def crossing(*barriers: Any) -> Any:
        found = np.zeros(len(a), dtype=bool)
        for barrier in barriers:
            found[tree.query(barrier, predicate="intersects")] = True
        return found

    return Ground(
        borders=borders,
        plane=plane,
        region=region,
        rivers=rivers,
        railway=railway,
        toll=toll,
        x=x,
        y=y,
        edge_a=a,
        edge_b=b,
        edge_m=np.hypot(x[a] - x[b], y[a] - y[b]),
        over_river=crossing(*rivers.values()),
        over_rail=crossing(railway),
        over_toll=crossing(toll),
    )


def _course(course: Any, plane: Plane, rng: np.random.Generator, swing_m: float, inside: Any) -> Any:
    """A winding line through the given places, a point about every 120 m, cut to `inside`."""
    corners = np.array([(plane.x(lon), plane.y(lat)) for lon, lat in course])
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(corners, axis=0).T))])
    at = np.linspace(0.0, along[-1], max(8, int(along[-1] / 120.0)))
    smooth = np.column_stack([_smooth(np.interp(at, along, corners[:, axis]), 31) for axis in (0, 1)])
    direction = np.gradient(smooth, axis=0)
    direction /= np.maximum(np.hypot(*direction.T), 1e-9)[:, None]
    swing = sum(
        swing_m / rank * np.sin(at / length * 2 * np.pi + rng.uniform(0, 6.28))
        for rank, length in ((1, 7_300.0), (2, 2_900.0), (4, 1_100.0))
    )
    line = smooth + np.column_stack([-direction[:, 1], direction[:, 0]]) * np.asarray(swing)[:, None]
    cut = LineString(line).intersection(inside)
    return max(shapely.get_parts(cut), key=lambda part: part.length)


def _smooth(values: Any, window: int) -> Any:
    padded = np.concatenate([np.full(window // 2, values[0]), values, np.full(window // 2, values[-1])])
    return np.convolve(padded, np.ones(window) / window, mode="valid")


def _points(region: Any, barriers: list[Any], rng: np.random.Generator) -> tuple[Any, Any]:
    """A jittered triangle grid over the region, none within 18 m of a barrier."""
    west, south, east, north = region.bounds
    rows = np.arange(south, north, SPACING_M * 0.866)
    columns = np.arange(west, east, SPACING_M)
    x, y = np.meshgrid(columns, rows)
    x = x + (np.arange(len(rows)) % 2)[:, None] * SPACING_M / 2
    x = (x + rng.uniform(-0.33, 0.33, x.shape) * SPACING_M).ravel()
    y = (y + rng.uniform(-0.33, 0.33, y.shape) * SPACING_M).ravel()
    kept = shapely.contains_xy(region, x, y)
    bank = shapely.union_all(barriers).buffer(18.0)
    shapely.prepare(bank)
    kept &= ~shapely.contains_xy(bank, x, y)
    return x[kept], y[kept]


def _edges(x: Any, y: Any, region: Any) -> tuple[Any, Any]:
    """Neighbouring points, joined where the line between them stays on land."""
    corners = Delaunay(np.column_stack([x, y])).simplices
    pairs = np.sort(np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]]), axis=1)
    pairs = np.unique(pairs, axis=0)
    a, b = pairs[:, 0], pairs[:, 1]
    near = np.hypot(x[a] - x[b], y[a] - y[b]) < SPACING_M * 2.2
    for share in (0.25, 0.5, 0.75):
        near &= shapely.contains_xy(region, x[a] + share * (x[b] - x[a]), y[a] + share * (y[b] - y[a]))
    return a[near], b[near]
