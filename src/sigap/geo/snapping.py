"""From a point to the road beside it: the segment, how far along it, and how far away it lies."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.spatial import KDTree

from sigap.geo.graph import Graph
from sigap.geo.plane import Plane

SPACING_M: Final = 40.0
CANDIDATES: Final = 8


@dataclass(slots=True)
class Snap:
    """Parallel columns: segment, share of it that lies before the point (0 at `seg_a`), metres to the road."""

    seg: Any
    share: Any
    metres: Any

    def __len__(self) -> int:
        return len(self.seg)


class Snapper:
    """Nearest segment of a chosen set: points along every segment in a tree, then the exact foot on the nearest few."""

    def __init__(self, graph: Graph, plane: Plane, chosen: Any) -> None:
        self._plane = plane
        self._segs = np.flatnonzero(chosen)
        a, b = graph.seg_a[self._segs], graph.seg_b[self._segs]
        x, y = plane.x(np.asarray(graph.node_lon)), plane.y(np.asarray(graph.node_lat))
        self._ax, self._ay = x[a], y[a]
        self._dx, self._dy = x[b] - x[a], y[b] - y[a]
        steps = np.maximum(1, np.ceil(np.hypot(self._dx, self._dy) / SPACING_M).astype(int))
        self._of = np.repeat(np.arange(len(self._segs)), steps)
        nth = np.arange(len(self._of)) - np.repeat(np.cumsum(steps) - steps, steps)
        share = (nth + 0.5) / steps[self._of]
        spots = np.column_stack([self._ax[self._of] + share * self._dx[self._of],
                                 self._ay[self._of] + share * self._dy[self._of]])  # fmt: skip
        self._tree = KDTree(spots, balanced_tree=False, compact_nodes=False) if len(spots) else None

    def snap(self, lon: Any, lat: Any) -> Snap:
        """The nearest of the chosen segments for each point; infinitely far when there is none."""
        px, py = self._plane.x(np.asarray(lon, dtype=float)), self._plane.y(np.asarray(lat, dtype=float))
        if self._tree is None:
            return Snap(np.full(len(px), -1), np.zeros(len(px)), np.full(len(px), np.inf))
        _, near = self._tree.query(np.column_stack([px, py]), k=min(CANDIDATES, len(self._of)))
        local = self._of[np.asarray(near).reshape(len(px), -1)]
        ax, ay, dx, dy = self._ax[local], self._ay[local], self._dx[local], self._dy[local]
        length2 = np.maximum(dx * dx + dy * dy, 1e-9)
        share = np.clip(((px[:, None] - ax) * dx + (py[:, None] - ay) * dy) / length2, 0.0, 1.0)
        away = np.hypot(px[:, None] - ax - share * dx, py[:, None] - ay - share * dy)
        best = np.argmin(away, axis=1)
        row = np.arange(len(px))
        return Snap(self._segs[local[row, best]], share[row, best], away[row, best])
