"""Perumahan: housing estates as small grids with one or two gates, streets Blok A to H, walled off from the kampung."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from scipy.spatial import KDTree

from sigap.simulation.roads import names
from sigap.simulation.roads.main_roads import Builder
from sigap.simulation.roads.net import Net, Style

MOST: Final = 620
APART_M: Final = 380.0
CLEAR_M: Final = 175.0
"""From the estate's middle to the nearest road, river, railway or toll road."""
INLAND_M: Final = 150.0
"""From the estate's middle to the shore or the map's edge, besides the ground's own distance."""
HOUSE_M: Final = 31.0
ROW_M: Final = 36.0


@dataclass(frozen=True, slots=True)
class Estate:
    """A rectangle: middle, half width, half depth, turn, rows, columns."""

    x: float
    y: float
    rows: int
    columns: int
    turn: float
    name: str

    def spot(self, row: float, column: float) -> tuple[float, float]:
        """Where the house at a row and column stands."""
        across = (column - (self.columns - 1) / 2) * HOUSE_M
        along = (row - (self.rows - 1) / 2) * ROW_M
        cos, sin = float(np.cos(self.turn)), float(np.sin(self.turn))
        return self.x + across * cos - along * sin, self.y + across * sin + along * cos

    @property
    def outline(self) -> Any:
        """Its wall, a little outside the streets."""
        corners = [
            (-0.45, -0.5),
            (-0.45, self.columns - 0.5),
            (self.rows - 0.55, self.columns - 0.5),
            (self.rows - 0.55, -0.5),
        ]
        return shapely.Polygon([self.spot(row, column) for row, column in corners])


def choose(builder: Builder, town: Any, rng: np.random.Generator) -> list[Estate]:
    """Sites away from everything built, more of them where there is town."""
    ground = builder.mesh.ground
    roads = KDTree(np.column_stack([ground.x[builder.on_road], ground.y[builder.on_road]]))
    spots = np.column_stack([ground.x, ground.y])
    free = np.flatnonzero(roads.query(spots)[0] > CLEAR_M)
    lines = shapely.union_all([*ground.rivers.values(), ground.railway, ground.toll])
    shapely.prepare(lines)
    dry = ground.region.buffer(-INLAND_M, quad_segs=2)
    shapely.prepare(dry)
    free = free[shapely.contains_xy(dry, *spots[free].T)]
    away: Any = shapely.distance(shapely.points(spots[free]), lines)
    free = free[away > CLEAR_M]
    order = free[np.argsort(rng.exponential(1.0, len(free)) / np.maximum(town[free], 0.02))]
    kept: list[int] = []
    cells: dict[tuple[int, int], list[int]] = {}
    for point in order.tolist():
        cell = (int(ground.x[point] // APART_M), int(ground.y[point] // APART_M))
        near = [
            q for dx in (-1, 0, 1) for dy in (-1, 0, 1) for q in cells.get((cell[0] + dx, cell[1] + dy), ())
        ]
        if all(
            np.hypot(ground.x[point] - ground.x[q], ground.y[point] - ground.y[q]) >= APART_M for q in near
        ):
            kept.append(point)
            cells.setdefault(cell, []).append(point)
            if len(kept) >= MOST:
                break
    return [
        Estate(
            float(ground.x[point]),
            float(ground.y[point]),
            int(rng.integers(4, 8)),
            int(rng.integers(5, 9)),
            float(rng.uniform(0, np.pi)),
            f"Perumahan {names.ESTATES[rng.integers(len(names.ESTATES))]} "
            f"{names.ESTATE_ENDINGS[rng.integers(len(names.ESTATE_ENDINGS))]}",
        )
        for point in kept
    ]


def inside(builder: Builder, estates: list[Estate]) -> tuple[Any, Any]:
    """Mesh points and mesh edges that the estates' walls take away from everybody else."""
    ground = builder.mesh.ground
    walls = [estate.outline for estate in estates]
    tree = shapely.STRtree(walls)
    points = np.zeros(len(ground.x), dtype=bool)
    points[tree.query(shapely.points(ground.x, ground.y), predicate="intersects")[0]] = True
    ends = np.stack(
        [
            np.column_stack([ground.x[ground.edge_a], ground.y[ground.edge_a]]),
            np.column_stack([ground.x[ground.edge_b], ground.y[ground.edge_b]]),
        ],
        axis=1,
    )
    edges = np.zeros(len(ground.edge_a), dtype=bool)
    edges[tree.query(shapely.linestrings(ends), predicate="intersects")[0]] = True
    return points, edges


def gates(
    builder: Builder, estate: Estate, free: Any, rng: np.random.Generator
) -> list[tuple[tuple[float, float], int]]:
    """One gate, or two: a corner of the grid and the mesh point outside that it opens to."""
    tree: KDTree = free
    found = []
    corners = [(0.0, 0.0), (estate.rows - 1.0, estate.columns - 1.0)]
    for row, column in corners[: 1 if rng.random() < 0.6 else 2]:
        spot = estate.spot(row, column)
        found.append((spot, int(tree.query(spot)[1])))
    return found


def draw(net: Net, estate: Estate, rng: np.random.Generator) -> dict[tuple[int, int], int]:
    """The estate's streets: a block a row, a street along each side. Returns its corner points."""
    grid = [
        [net.point(*estate.spot(row, column)) for column in range(estate.columns)]
        for row in range(estate.rows)
    ]
    for row, points in enumerate(grid):
        highway = "living_street" if rng.random() < 0.12 else "residential"
        net.road(points, Style(highway, f"{estate.name} Blok {'ABCDEFGH'[row]}"))
    for column in (0, estate.columns - 1):
        net.road([grid[row][column] for row in range(estate.rows)], Style("residential", estate.name))
    net.landmark(
        *estate.spot(estate.rows / 2, estate.columns / 2),
        estate.name,
        landuse="residential",
        place="neighbourhood",
    )
    return {
        (0, 0): grid[0][0],
        (estate.rows - 1, estate.columns - 1): grid[-1][-1],
    }
