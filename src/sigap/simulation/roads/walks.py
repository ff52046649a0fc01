"""Quickest walks on the mesh: how every made-up road finds its way round bends, over few bridges, into older roads."""

import itertools
from typing import Any, Final

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import KDTree

from sigap.simulation.roads.ground import Ground

BRIDGE_M: Final = 1_800.0
LEVEL_CROSSING_M: Final = 700.0
FLYOVER_M: Final = 250.0
WORN: Final = 0.62
"""A road already there is this much cheaper to follow: roads join instead of running side by side."""
NOBODY: Final = -9999


class Mesh:
    """The mesh with what it costs to build along each edge; costs fall where a road is already built."""

    def __init__(self, ground: Ground, rng: np.random.Generator) -> None:
        self.ground = ground
        self.size = len(ground.x)
        self.tree = KDTree(np.column_stack([ground.x, ground.y]))
        whim = np.exp(rng.normal(0.0, 0.22, len(ground.edge_m)))
        self.cost = (
            ground.edge_m * whim
            + ground.over_river * BRIDGE_M
            + ground.over_rail * LEVEL_CROSSING_M
            + ground.over_toll * FLYOVER_M
        )
        self.built = np.zeros(len(self.cost), dtype=bool)
        self._number = {
            pair: i for i, pair in enumerate(zip(ground.edge_a.tolist(), ground.edge_b.tolist(), strict=True))
        }

    def near(self, x: float, y: float) -> int:
        """The mesh point nearest to a place."""
        return int(self.tree.query([x, y])[1])

    def edge(self, a: int, b: int) -> int:
        """The number of the edge between two neighbouring points."""
        return self._number[(a, b) if a < b else (b, a)]

    def links(self, chosen: Any | None = None, cost: Any | None = None) -> csr_array:
        """The mesh as a matrix of costs, of the chosen edges only."""
        a, b = self.ground.edge_a, self.ground.edge_b
        worth = self.cost if cost is None else cost
        if chosen is not None:
            a, b, worth = a[chosen], b[chosen], worth[chosen]
        return csr_array(
            (np.concatenate([worth, worth]), (np.concatenate([a, b]), np.concatenate([b, a]))),
            shape=(self.size, self.size),
        )

    def walk(self, *stops: int) -> list[int]:
        """The cheapest way over the stops, in order."""
        links = self.links()
        way = [stops[0]]
        for start, goal in itertools.pairwise(stops):
            reach = 3.0 * float(
                np.hypot(
                    self.ground.x[start] - self.ground.x[goal], self.ground.y[start] - self.ground.y[goal]
                )
            )
            _, before = dijkstra(
                links, directed=False, indices=start, return_predecessors=True, limit=reach + 9_000.0
            )
            way += back(before, goal, start)[1:]
        return way

    def build(self, way: list[int]) -> None:
        """The way is a road now: others may follow it cheaply."""
        for a, b in itertools.pairwise(way):
            number = self.edge(a, b)
            if not self.built[number]:
                self.built[number] = True
                self.cost[number] *= WORN


def back(before: Any, goal: int, start: int) -> list[int]:
    """The points from `start` to `goal` out of a search's predecessors; only `goal` when it was not reached."""
    way = [goal]
    while way[-1] != start:
        previous = int(before[way[-1]])
        if previous == NOBODY:
            return [goal]
        way.append(previous)
    return way[::-1]


def relative_neighbours(x: Any, y: Any) -> list[tuple[int, int]]:
    """Pairs with nobody nearer to both than they are to each other: who would build a road to whom."""
    away = np.hypot(x[:, None] - x[None, :], y[:, None] - y[None, :])
    pairs = []
    for a in range(len(x)):
        for b in range(a + 1, len(x)):
            nearer = np.maximum(away[a], away[b]) < away[a, b] - 1e-9
            if not nearer.any():
                pairs.append((a, b))
    return pairs
