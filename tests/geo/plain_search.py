"""The search that the fast one must equal: every point of every road is a node, and the snapped places are nodes too.

It knows nothing of chains: it splits the segments at the snapped places and asks scipy for the shortest way.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from sigap.geo.graph import Graph
from sigap.geo.snapping import Snap
from sigap.geo.speeds import Band, Speeds, Vehicle


class PlainSearch:
    """Seconds over the raw roads for one vehicle and band."""

    def __init__(
        self, graph: Graph, speeds: Speeds, vehicle: Vehicle, band: Band, closed: Sequence[int] = ()
    ) -> None:
        self.graph = graph
        self.drive = speeds.drive_s(graph, vehicle, band)
        self.stop_a, self.stop_b = speeds.stop_s(graph, vehicle)
        usable = graph.usable(vehicle.network)
        usable[list(closed)] = False
        self.forward = usable & graph.seg_forward
        self.backward = usable & graph.seg_backward

    def seconds(self, units: Snap, target: Snap) -> Any:
        """From every unit to the target, splitting the segments they stand on."""
        nodes = len(self.graph.node_lon)
        count = len(units)
        source, dest, cost = [], [], []
        for a, b, weight, mask in self._whole():
            source.append(a[mask])
            dest.append(b[mask])
            cost.append(weight[mask])
        goal = nodes + count
        extra: list[tuple[int, int, float]] = []
        for i in range(count):
            extra += self._leave(nodes + i, int(units.seg[i]), float(units.share[i]))
            if units.seg[i] == target.seg[0]:
                extra += self._beside(
                    nodes + i, goal, int(units.seg[i]), float(units.share[i]), float(target.share[0])
                )
        extra += self._arrive(goal, int(target.seg[0]), float(target.share[0]))
        source.append(np.array([e[0] for e in extra]))
        dest.append(np.array([e[1] for e in extra]))
        cost.append(np.array([e[2] for e in extra]))
        s, d, c = np.concatenate(source), np.concatenate(dest), np.concatenate(cost)
        order = np.lexsort((c, s, d))  # reversed graph: rows are destinations
        s, d, c = s[order], d[order], c[order]
        first = np.concatenate([[True], (s[1:] != s[:-1]) | (d[1:] != d[:-1])])
        s, d, c = s[first], d[first], c[first]
        size = goal + 1
        indptr = np.concatenate([[0], np.cumsum(np.bincount(d, minlength=size))])
        links = csr_array((c, s, indptr), shape=(size, size))
        return dijkstra(links, indices=goal)[nodes:goal]

    def _whole(self) -> list[tuple[Any, Any, Any, Any]]:
        g = self.graph
        a, b = np.asarray(g.seg_a), np.asarray(g.seg_b)
        return [
            (a, b, self.drive + self.stop_b, self.forward),
            (b, a, self.drive + self.stop_a, self.backward),
        ]

    def _leave(self, node: int, seg: int, share: float) -> list[tuple[int, int, float]]:
        out = []
        if self.forward[seg]:
            out.append((node, int(self.graph.seg_b[seg]), (1 - share) * self.drive[seg] + self.stop_b[seg]))
        if self.backward[seg]:
            out.append((node, int(self.graph.seg_a[seg]), share * self.drive[seg] + self.stop_a[seg]))
        return out

    def _arrive(self, node: int, seg: int, share: float) -> list[tuple[int, int, float]]:
        out = []
        if self.forward[seg]:
            out.append((int(self.graph.seg_a[seg]), node, share * self.drive[seg]))
        if self.backward[seg]:
            out.append((int(self.graph.seg_b[seg]), node, (1 - share) * self.drive[seg]))
        return out

    def _beside(
        self, node: int, goal: int, seg: int, share: float, at: float
    ) -> list[tuple[int, int, float]]:
        allowed = self.forward[seg] if at >= share else self.backward[seg]
        return [(node, goal, abs(at - share) * self.drive[seg])] if allowed else []
