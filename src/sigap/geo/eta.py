"""Travel times by road: one search from the incident, against the traffic, gives every unit's time at once.

Pure: arrays in, numbers out; `search_pool` runs it in processes of its own, since a search holds the interpreter. Exact: the
same seconds as a search over every point of the roads. A straight line is never a travel time.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from sigap.geo.graph import Graph
from sigap.geo.snapping import Snap, Snapper
from sigap.geo.speeds import Band, Speeds, Vehicle
from sigap.kernel.place import Point

SNAPPED_FAR_M: Final = 250.0
"""Farther from any road than this: the travel time says so."""
NO_ROUTE: Final = -9999


@dataclass(frozen=True, slots=True)
class Eta:
    """Travel of one unit to the incident. `snapped_far`: either end lies far from a road; the last metres are on foot."""

    seconds: float
    metres: float
    snapped_far: bool
    reachable: bool


@dataclass(frozen=True, slots=True)
class Route:
    """The way itself. `line` is longitude, latitude pairs from start to end."""

    seconds: float
    metres: float
    line: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """Who asks: any key, where it stands, what it drives."""

    key: Hashable
    lon: float
    lat: float
    vehicle_class: str


class Weights:
    """Seconds for one vehicle at one part of the day, along chains and along parts of them."""

    def __init__(
        self, graph: Graph, speeds: Speeds, vehicle: Vehicle, band: Band, factors: Any | None
    ) -> None:
        drive = speeds.drive_s(graph, vehicle, band)
        open_ = graph.usable(vehicle.network)
        if factors is not None:
            open_ = open_ & np.isfinite(factors)
            drive = drive * np.where(open_, factors, 1.0)
        stop_a, stop_b = speeds.stop_s(graph, vehicle)
        self.drive = drive
        self.ahead = Directed(drive, stop_b, open_ & graph.seg_forward)
        self.back = Directed(drive, stop_a, open_ & graph.seg_backward)
        self.metres_before = np.concatenate([[0.0], np.cumsum(graph.seg_m)])
        start, end = graph.chain_start[:-1], graph.chain_start[1:]
        seconds = np.concatenate([self.ahead.between(start, end), self.back.between(start, end)])
        source = np.concatenate([graph.chain_a, graph.chain_b])
        target = np.concatenate([graph.chain_b, graph.chain_a])
        metres = np.tile(self.metres_before[end] - self.metres_before[start], 2)
        passable = np.flatnonzero(np.isfinite(seconds))
        order = passable[np.lexsort((seconds[passable], source[passable], target[passable]))]
        size = len(graph.junction_node)
        key = target[order].astype(np.int64) * size + source[order]
        first = np.concatenate(
            [[True], key[1:] != key[:-1]]
        )  # of two roads between the same junctions the quicker
        order = order[first]
        self.keys = key[first]
        self.chain = order % len(graph.chain_a)
        self.along = order < len(graph.chain_a)
        self.metres = metres[order]
        self.indptr = np.concatenate(
            [[0], np.cumsum(np.bincount(target[order], minlength=size)), [0]]
        ).astype(np.int32)
        self.indices = np.concatenate([source[order], [0, 0]]).astype(np.int32)
        self.data = np.concatenate([seconds[order], [0.0, 0.0]])
        self.size = size

    def edge(self, target: Any, source: Any) -> Any:
        """The edge over which a search against the traffic went from `target` to `source`."""
        return np.searchsorted(self.keys, np.asarray(target, dtype=np.int64) * self.size + source)


class Directed:
    """One direction of travel along the chains: sums over whole segments, infinite across a closed one."""

    def __init__(self, drive: Any, stop: Any, open_: Any) -> None:
        self.stop = stop
        self.open = open_
        self._seconds = np.concatenate([[0.0], np.cumsum(np.where(open_, drive + stop, 0.0))])
        self._closed = np.concatenate([[0], np.cumsum(~open_)])

    def between(self, first: Any, past: Any) -> Any:
        """Seconds over the segments `first` up to, not including, `past`."""
        return np.where(
            self._closed[past] > self._closed[first], np.inf, self._seconds[past] - self._seconds[first]
        )


@dataclass(slots=True)
class Reach:
    """One search against the traffic: seconds from every junction to the target, and the next junction on the way."""

    weights: Weights
    target: Snap
    seconds: Any
    onward: Any


class Roads:
    """The searches over one imported graph. One instance a process; not for threads."""

    def __init__(self, graph: Graph, speeds: Speeds) -> None:
        self.graph = graph
        self.speeds = speeds
        self.plane = graph.plane
        self.factors: Any | None = None
        self._weights: dict[tuple[Vehicle, Band], Weights] = {}
        self._snappers: dict[str, Snapper] = {}

    def close(self, factors: dict[int, float]) -> None:
        """Closures and floods: times each segment's seconds; infinity closes it. Replaces the earlier ones."""
        self.factors = None
        if factors:
            fresh = np.ones(len(self.graph.seg_a))
            fresh[list(factors)] = list(factors.values())
            self.factors = fresh
        self._weights.clear()

    def weights(self, vehicle: Vehicle, band: Band) -> Weights:
        """Seconds of every chain for this vehicle now; kept until closures change."""
        if (vehicle, band) not in self._weights:
            self._weights[vehicle, band] = Weights(self.graph, self.speeds, vehicle, band, self.factors)
        return self._weights[vehicle, band]

    def snap(self, network: str, lon: Sequence[float], lat: Sequence[float]) -> Snap:
        """The nearest road of the connected network."""
        if network not in self._snappers:
            self._snappers[network] = Snapper(self.graph, self.plane, np.asarray(self.graph.main(network)))
        return self._snappers[network].snap(lon, lat)

    def cut_off(self, network: str, lon: Sequence[float], lat: Sequence[float], snap: Snap) -> Any:
        """Points whose own road is an island: it lies near, and the connected network lies far."""
        lost = np.asarray(snap.metres) > SNAPPED_FAR_M
        far = np.flatnonzero(lost)
        if len(far):
            if "any" not in self._snappers:
                self._snappers["any"] = Snapper(
                    self.graph, self.plane, np.ones(len(self.graph.seg_a), dtype=bool)
                )
            own = self._snappers["any"].snap(np.asarray(lon)[far], np.asarray(lat)[far])
            lost[far] = own.metres < SNAPPED_FAR_M
        return lost

    def etas(self, incident: Point, units: Sequence[Unit], at: datetime) -> dict[Hashable, Eta]:
        """Every unit's travel to the incident, by its vehicle, at this hour."""
        band = self.speeds.band(at)
        found: dict[Hashable, Eta] = {}
        by_class: dict[str, list[Unit]] = {}
        for unit in units:
            by_class.setdefault(unit.vehicle_class, []).append(unit)
        by_vehicle: dict[Vehicle, list[Unit]] = {}
        for name, group in by_class.items():
            by_vehicle.setdefault(self.speeds.vehicle(name), []).extend(group)
        for vehicle, group in by_vehicle.items():
            found |= self._etas(incident, group, vehicle, band)
        return found

    def _etas(self, incident: Point, units: list[Unit], vehicle: Vehicle, band: Band) -> dict[Hashable, Eta]:
        target = self.snap(vehicle.network, [incident.lon], [incident.lat])
        lon, lat = [u.lon for u in units], [u.lat for u in units]
        snaps = self.snap(vehicle.network, lon, lat)
        if target.seg[0] < 0:
            return {u.key: Eta(np.inf, np.inf, snapped_far=True, reachable=False) for u in units}
        lost = self.cut_off(vehicle.network, lon, lat, snaps)
        lost |= self.cut_off(vehicle.network, [incident.lon], [incident.lat], target)[0]
        reach = self.reach(target, vehicle, band)
        seconds, metres = self.travel(reach, snaps)
        far = (snaps.metres > SNAPPED_FAR_M) | (target.metres[0] > SNAPPED_FAR_M)
        return {
            unit.key: Eta(float(s), float(m), bool(f), bool(np.isfinite(s) and not x))
            for unit, s, m, f, x in zip(units, seconds, metres, far, lost, strict=True)
        }

    def reach(self, target: Snap, vehicle: Vehicle, band: Band) -> Reach:
        """The search itself: from the target over all junctions, with the target as a node of its own."""
        weights = self.weights(vehicle, band)
        seg, share = int(target.seg[0]), float(target.share[0])
        chain = int(self.graph.seg_chain[seg])
        arrive = [
            (int(self.graph.chain_a[chain]), self._from_start(weights, seg, share)[()]),
            (int(self.graph.chain_b[chain]), self._from_end(weights, seg, share)[()]),
        ]
        arrive = [(node, float(seconds)) for node, seconds in arrive if np.isfinite(seconds)]
        count = len(weights.data) - 2 + len(arrive)
        weights.indices[count - len(arrive) : count] = [node for node, _ in arrive]
        weights.data[count - len(arrive) : count] = [seconds for _, seconds in arrive]
        weights.indptr[-1] = count
        links = csr_array(
            (weights.data[:count], weights.indices[:count], weights.indptr),
            shape=(weights.size + 1, weights.size + 1),
        )
        seconds, onward = dijkstra(links, indices=weights.size, return_predecessors=True)
        return Reach(weights, target, seconds, onward)

    def travel(self, reach: Reach, units: Snap) -> tuple[Any, Any]:
        """Seconds and metres from each snapped unit to the target of the search; infinite where there is no way."""
        by_end, by_start, straight = self._choices(reach, units)
        metres = self._junction_metres(reach)
        before = reach.weights.metres_before
        chain = self.graph.seg_chain[units.seg]
        spot = before[units.seg] + units.share * self.graph.seg_m[units.seg]
        to_end = before[self.graph.chain_start[chain + 1]] - spot + metres[self.graph.chain_b[chain]]
        to_start = spot - before[self.graph.chain_start[chain]] + metres[self.graph.chain_a[chain]]
        goal = before[reach.target.seg[0]] + reach.target.share[0] * self.graph.seg_m[reach.target.seg[0]]
        ways = np.stack([by_end, by_start, straight])
        best = np.argmin(ways, axis=0)
        row = np.arange(len(units))
        seconds = ways[best, row]
        length = np.stack([to_end, to_start, np.abs(goal - spot)])[best, row]
        return seconds, np.where(np.isfinite(seconds), length, np.inf)

    def route(self, start: Point, end: Point, vehicle_class: str, at: datetime) -> Route | None:
        """The quickest way as a line, or None when no road leads there."""
        vehicle, band = self.speeds.vehicle(vehicle_class), self.speeds.band(at)
        both = self.snap(vehicle.network, [start.lon, end.lon], [start.lat, end.lat])
        if (both.seg < 0).any():
            return None
        begin, target = (
            Snap(both.seg[i : i + 1], both.share[i : i + 1], both.metres[i : i + 1]) for i in (0, 1)
        )
        reach = self.reach(target, vehicle, band)
        seconds, metres = self.travel(reach, begin)
        if not np.isfinite(seconds[0]):
            return None
        return Route(float(seconds[0]), float(metres[0]), tuple(self._line(reach, begin)))

    def _from_start(self, weights: Weights, seg: Any, share: Any) -> Any:
        """Seconds from the chain's start to a place on it."""
        first = self.graph.chain_start[self.graph.seg_chain[seg]]
        part = np.where(weights.ahead.open[seg], share * weights.drive[seg], np.inf)
        return weights.ahead.between(first, seg) + part

    def _from_end(self, weights: Weights, seg: Any, share: Any) -> Any:
        """Seconds from the chain's end to a place on it."""
        past = self.graph.chain_start[self.graph.seg_chain[seg] + 1]
        part = np.where(weights.back.open[seg], (1.0 - share) * weights.drive[seg], np.inf)
        return weights.back.between(seg + 1, past) + part

    def _choices(self, reach: Reach, units: Snap) -> tuple[Any, Any, Any]:
        """Three ways to go: by the end of the own chain, by its start, or along it straight to the target."""
        w, graph, seg, share = reach.weights, self.graph, units.seg, units.share
        chain = graph.seg_chain[seg]
        leave_ahead = np.where(w.ahead.open[seg], (1.0 - share) * w.drive[seg] + w.ahead.stop[seg], np.inf)
        leave_back = np.where(w.back.open[seg], share * w.drive[seg] + w.back.stop[seg], np.inf)
        to_end = leave_ahead + w.ahead.between(seg + 1, graph.chain_start[chain + 1])
        to_start = leave_back + w.back.between(graph.chain_start[chain], seg)
        goal, goal_share = int(reach.target.seg[0]), float(reach.target.share[0])
        same_segment = np.where(
            goal_share >= share,
            np.where(w.ahead.open[seg], (goal_share - share) * w.drive[seg], np.inf),
            np.where(w.back.open[seg], (share - goal_share) * w.drive[seg], np.inf),
        )
        into_ahead = goal_share * w.drive[goal] if w.ahead.open[goal] else np.inf
        into_back = (1.0 - goal_share) * w.drive[goal] if w.back.open[goal] else np.inf
        later, earlier = np.minimum(seg + 1, goal), np.minimum(goal + 1, seg)
        ahead = leave_ahead + w.ahead.between(later, np.full_like(seg, goal)) + into_ahead
        behind = leave_back + w.back.between(earlier, seg) + into_back
        straight = np.where(seg == goal, same_segment, np.where(seg < goal, ahead, behind))
        straight = np.where(chain == graph.seg_chain[goal], straight, np.inf)
        return (
            to_end + reach.seconds[graph.chain_b[chain]],
            to_start + reach.seconds[graph.chain_a[chain]],
            straight,
        )

    def _junction_metres(self, reach: Reach) -> Any:
        """Metres from every junction to the target along the quickest way: each adds its step, then doubles its reach."""
        w, graph = reach.weights, self.graph
        root = w.size
        onward = np.where(reach.onward == NO_ROUTE, root, reach.onward).astype(np.int64)
        onward[root] = root
        metres = np.zeros(root + 1)
        node = np.flatnonzero(onward[:root] != root)
        metres[node] = w.metres[w.edge(onward[node], node)]
        goal = int(reach.target.seg[0])
        chain = graph.seg_chain[goal]
        spot = w.metres_before[goal] + reach.target.share[0] * graph.seg_m[goal]
        beside = np.flatnonzero((reach.onward[:root] == root) & (np.arange(root) == graph.chain_b[chain]))
        metres[beside] = w.metres_before[graph.chain_start[chain + 1]] - spot
        first = np.flatnonzero((reach.onward[:root] == root) & (np.arange(root) == graph.chain_a[chain]))
        if graph.chain_a[chain] != graph.chain_b[chain]:
            metres[first] = spot - w.metres_before[graph.chain_start[chain]]
        while (onward != root).any():
            metres = metres + metres[onward]
            onward = onward[onward]
        return metres

    def _line(self, reach: Reach, begin: Snap) -> list[tuple[float, float]]:
        """The points of the way, from the foot of the start to the foot of the target."""
        graph, w, root = self.graph, reach.weights, reach.weights.size
        seg, share = int(begin.seg[0]), float(begin.share[0])
        goal, goal_share = int(reach.target.seg[0]), float(reach.target.share[0])
        chain, goal_chain = int(graph.seg_chain[seg]), int(graph.seg_chain[goal])
        by_end, by_start, straight = (float(way[0]) for way in self._choices(reach, begin))
        points = [self._foot(seg, share)]
        if straight <= min(by_end, by_start):
            ahead = (goal, goal_share) >= (seg, share)
            points += (
                self._nodes(seg + 1, goal + 1, along=True)
                if ahead
                else self._nodes(goal + 1, seg + 1, along=False)
            )
            return [*points, self._foot(goal, goal_share)]
        if by_end <= by_start:
            points += [*self._nodes(seg + 1, int(graph.chain_start[chain + 1]), along=True), self._end(chain)]
            node = int(graph.chain_b[chain])
        else:
            points += self._nodes(int(graph.chain_start[chain]), seg + 1, along=False)
            node = int(graph.chain_a[chain])
        while (onward := int(reach.onward[node])) != root:
            edge = int(w.edge(onward, node))
            step, along = int(w.chain[edge]), bool(w.along[edge])
            first, past = int(graph.chain_start[step]), int(graph.chain_start[step + 1])
            points += [*self._nodes(first + 1, past, along=along), self._junction(onward)]
            node = onward
        forward = (
            float(self._from_start(w, goal, goal_share)) if node == graph.chain_a[goal_chain] else np.inf
        )
        backward = float(self._from_end(w, goal, goal_share)) if node == graph.chain_b[goal_chain] else np.inf
        if forward <= backward:
            points += self._nodes(int(graph.chain_start[goal_chain]) + 1, goal + 1, along=True)
        else:
            points += self._nodes(goal + 1, int(graph.chain_start[goal_chain + 1]), along=False)
        return [*points, self._foot(goal, goal_share)]

    def _nodes(self, first: int, past: int, *, along: bool) -> list[tuple[float, float]]:
        """The starting points of the segments `first` up to `past`, in driving order."""
        nodes = self.graph.seg_a[first:past]
        nodes = nodes if along else nodes[::-1]
        return list(
            zip(self.graph.node_lon[nodes].tolist(), self.graph.node_lat[nodes].tolist(), strict=True)
        )

    def _end(self, chain: int) -> tuple[float, float]:
        return self._junction(int(self.graph.chain_b[chain]))

    def _junction(self, junction: int) -> tuple[float, float]:
        node = self.graph.junction_node[junction]
        return float(self.graph.node_lon[node]), float(self.graph.node_lat[node])

    def _foot(self, seg: int, share: float) -> tuple[float, float]:
        a, b = self.graph.seg_a[seg], self.graph.seg_b[seg]
        lon, lat = self.graph.node_lon, self.graph.node_lat
        return float(lon[a] + share * (lon[b] - lon[a])), float(lat[a] + share * (lat[b] - lat[a]))
