"""The road graph as plain arrays on disk, mapped by every process that searches it.

A *segment* lies between two neighbouring points of a road. Points where a road only bends are contracted: the segments
between two junctions lie one behind another and form a *chain*, the edge that a search sees. Seconds are not stored: they
follow from class, vehicle, hour and settings.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from sigap.geo.osm_reading import CLASS_NUMBER, Reading
from sigap.geo.plane import Plane

NETWORKS: Final = ("motorcycle", "car", "truck")
"""Who may drive where: a motorcycle everywhere, a car on no track and no gang, a truck where width and height allow."""
TRUCK_WIDTH_M: Final = 3.0
ARRAYS: Final = (
    "node_lon", "node_lat", "junction_node",
    "seg_a", "seg_b", "seg_m", "seg_forward", "seg_backward", "seg_class", "seg_link", "seg_maxspeed_kmh",
    "seg_unpaved", "seg_width_m", "seg_height_m", "seg_weight_t", "seg_name", "seg_stop_a", "seg_stop_b",
    "seg_cross_a", "seg_cross_b", "seg_chain", "chain_start", "chain_a", "chain_b",
    "main_motorcycle", "main_car", "main_truck",
)  # fmt: skip


@dataclass(slots=True)
class Graph:
    """The arrays; `node_*` by point, `junction_node` by junction, `seg_*` by segment in chain order, `chain_*` by chain.

    `seg_forward` and `seg_backward`: whether one may drive from `seg_a` to `seg_b`, and back. `seg_cross_a`, `_b`: arriving
    there means crossing a road as important or more; `seg_stop_a`, `_b`: there is a signal. `main_<network>`: the segment
    belongs to the largest part of that network where every place reaches every other.
    """

    node_lon: Any
    node_lat: Any
    junction_node: Any
    seg_a: Any
    seg_b: Any
    seg_m: Any
    seg_forward: Any
    seg_backward: Any
    seg_class: Any
    seg_link: Any
    seg_maxspeed_kmh: Any
    seg_unpaved: Any
    seg_width_m: Any
    seg_height_m: Any
    seg_weight_t: Any
    seg_name: Any
    seg_stop_a: Any
    seg_stop_b: Any
    seg_cross_a: Any
    seg_cross_b: Any
    seg_chain: Any
    chain_start: Any
    chain_a: Any
    chain_b: Any
    main_motorcycle: Any = None
    main_car: Any = None
    main_truck: Any = None

    @property
    def plane(self) -> Plane:
        """The flat map in which snapping measures."""
        return Plane(
            float(self.node_lon[len(self.node_lon) // 2]), float(self.node_lat[len(self.node_lat) // 2])
        )

    def usable(self, network: str) -> Any:
        """Segments that a vehicle of this network may use at all."""
        if network == "motorcycle":
            return np.ones(len(self.seg_a), dtype=bool)
        driven = np.asarray(self.seg_class) < CLASS_NUMBER["track"]
        if network == "car":
            return driven
        width, height, weight = (
            np.asarray(a) for a in (self.seg_width_m, self.seg_height_m, self.seg_weight_t)
        )
        narrow = (width > 0) & (width < TRUCK_WIDTH_M)
        return driven & ~narrow & ~((height > 0) & (height < 3.5)) & ~((weight > 0) & (weight < 12.0))

    def main(self, network: str) -> Any:
        """The segments from which and to which this network reaches everywhere else."""
        return {"motorcycle": self.main_motorcycle, "car": self.main_car, "truck": self.main_truck}[network]


def build(reading: Reading) -> Graph:
    """Segments, junctions and chains of what was read, and the largest strongly connected part of each network."""
    seg_way, seg_a, seg_b = _segments(reading)
    bends = _bends(reading, seg_way, seg_a, seg_b)
    order, flipped, chain_start = _chains(bends, seg_a, seg_b)
    seg_way, flip = seg_way[order], flipped
    a, b = np.where(flip, seg_b[order], seg_a[order]), np.where(flip, seg_a[order], seg_b[order])
    one = np.array(reading.way_oneway, dtype=np.int8)[seg_way] * np.where(flip, -1, 1)
    ends = np.unique(np.concatenate([a[chain_start[:-1]], b[chain_start[1:] - 1]]))
    junction_of = np.full(len(reading.node_lon), -1, dtype=np.int32)
    junction_of[ends] = np.arange(len(ends), dtype=np.int32)
    lon, lat = np.asarray(reading.node_lon), np.asarray(reading.node_lat)
    seg_class = np.array(reading.way_class, dtype=np.uint8)[seg_way]
    cross_a, cross_b = _crossed(len(lon), a, b, seg_class)
    graph = Graph(
        node_lon=lon,
        node_lat=lat,
        junction_node=ends.astype(np.int32),
        seg_a=a.astype(np.int32),
        seg_b=b.astype(np.int32),
        seg_m=_lengths(lon, lat, a, b),
        seg_forward=one >= 0,
        seg_backward=one <= 0,
        seg_class=seg_class,
        seg_link=np.array(reading.way_link, dtype=bool)[seg_way],
        seg_maxspeed_kmh=np.array(reading.way_maxspeed_kmh, dtype=np.float32)[seg_way],
        seg_unpaved=np.array(reading.way_unpaved, dtype=bool)[seg_way],
        seg_width_m=np.array(reading.way_width_m, dtype=np.float32)[seg_way],
        seg_height_m=np.array(reading.way_height_m, dtype=np.float32)[seg_way],
        seg_weight_t=np.array(reading.way_weight_t, dtype=np.float32)[seg_way],
        seg_name=_name_numbers(reading.way_name)[seg_way],
        seg_stop_a=reading.node_signal[a],
        seg_stop_b=reading.node_signal[b],
        seg_cross_a=cross_a,
        seg_cross_b=cross_b,
        seg_chain=np.repeat(np.arange(len(chain_start) - 1, dtype=np.int32), np.diff(chain_start)),
        chain_start=chain_start.astype(np.int32),
        chain_a=junction_of[a[chain_start[:-1]]],
        chain_b=junction_of[b[chain_start[1:] - 1]],
    )
    for network in NETWORKS:
        setattr(graph, f"main_{network}", _main_part(graph, network))
    return graph


def _segments(reading: Reading) -> tuple[Any, Any, Any]:
    """Way number and both points of every segment."""
    nodes, start = reading.way_nodes, np.array(reading.way_start)
    counts = np.diff(start) - 1
    way = np.repeat(np.arange(len(counts)), counts)
    first = np.arange(counts.sum()) + way  # each way has one point more than segments
    return way, nodes[first].astype(np.int64), nodes[first + 1].astype(np.int64)


def _bends(reading: Reading, seg_way: Any, seg_a: Any, seg_b: Any) -> Any:
    """Points where a road only bends: two arms, and the same vehicles may use both."""
    nodes = len(reading.node_lon)
    way_class, width = np.array(reading.way_class), np.array(reading.way_width_m)
    limits = [width, np.array(reading.way_height_m), np.array(reading.way_weight_t)]
    allowed = np.where(
        way_class >= CLASS_NUMBER["track"], 0, 1 + sum((a > 0) * 2**i for i, a in enumerate(limits, 1))
    )
    least, most = np.full(nodes, 99), np.full(nodes, -1)
    for ends in (seg_a, seg_b):
        np.minimum.at(least, ends, allowed[seg_way])
        np.maximum.at(most, ends, allowed[seg_way])
    degree = np.bincount(seg_a, minlength=nodes) + np.bincount(seg_b, minlength=nodes)
    return (degree == 2) & (least == most)


def _chains(bends: Any, seg_a: Any, seg_b: Any) -> tuple[Any, Any, Any]:
    """Segments in chain order, which of them are turned round, and where each chain begins."""
    nodes = len(bends)
    degree = np.bincount(seg_a, minlength=nodes) + np.bincount(seg_b, minlength=nodes)
    at = np.argsort(np.concatenate([seg_a, seg_b]), kind="stable")
    offsets = np.concatenate([[0], np.cumsum(degree)]).tolist()
    touching = (at % len(seg_a)).tolist()
    bend, a, b = bends.tolist(), seg_a.tolist(), seg_b.tolist()
    used = bytearray(len(a))
    order: list[int] = []
    flips: list[bool] = []
    start = [0]

    def follow(segment: int, node: int) -> None:
        while True:
            used[segment] = 1
            turned = a[segment] != node
            order.append(segment)
            flips.append(turned)
            node = a[segment] if turned else b[segment]
            if not bend[node]:
                break
            one, other = touching[offsets[node]], touching[offsets[node] + 1]
            segment = other if one == segment else one
            if used[segment]:
                break
        start.append(len(order))

    for node in np.flatnonzero(~bends & (degree > 0)).tolist():
        for segment in touching[offsets[node] : offsets[node + 1]]:
            if not used[segment]:
                follow(segment, node)
    for segment in range(len(a)):  # rings without a junction
        if not used[segment]:
            follow(segment, a[segment])
    return np.array(order), np.array(flips, dtype=bool), np.array(start)


def _crossed(nodes: int, a: Any, b: Any, seg_class: Any) -> tuple[Any, Any]:
    """Whether arriving at `a`, at `b`, means giving way: at least two other arms as important as the one driven."""
    arms = np.zeros((nodes, int(seg_class.max()) + 1), dtype=np.uint8)
    np.add.at(arms, (a, seg_class), 1)
    np.add.at(arms, (b, seg_class), 1)
    as_important = np.cumsum(arms, axis=1)
    return as_important[a, seg_class] >= 3, as_important[b, seg_class] >= 3


def _lengths(lon: Any, lat: Any, a: Any, b: Any) -> Any:
    """Metres of each segment on the sphere; never nothing."""
    half = np.radians(lat[a] + lat[b]) / 2
    x = np.radians(lon[b] - lon[a]) * np.cos(half)
    y = np.radians(lat[b] - lat[a])
    return np.maximum(np.hypot(x, y) * 6_371_008.8, 0.01)


def _name_numbers(way_names: Sequence[str]) -> Any:
    numbers = {name: number for number, name in enumerate(sorted({n for n in way_names if n}))}
    return np.array([numbers.get(name, -1) for name in way_names], dtype=np.int32)


def _main_part(graph: Graph, network: str) -> Any:
    usable = graph.usable(network)
    start = graph.chain_start[:-1]
    forward = np.logical_and.reduceat(usable & graph.seg_forward, start)
    backward = np.logical_and.reduceat(usable & graph.seg_backward, start)
    source = np.concatenate([graph.chain_a[forward], graph.chain_b[backward]])
    target = np.concatenate([graph.chain_b[forward], graph.chain_a[backward]])
    size = len(graph.junction_node)
    links = csr_array((np.ones(len(source), dtype=np.int8), (source, target)), shape=(size, size))
    _, label = connected_components(links, directed=True, connection="strong")
    metres = np.add.reduceat(np.where(usable, graph.seg_m, 0.0), start)
    whole = (forward | backward) & (label[graph.chain_a] == label[graph.chain_b])
    weight = np.bincount(label[graph.chain_a[whole]], weights=metres[whole], minlength=int(label.max()) + 1)
    return (whole & (label[graph.chain_a] == int(np.argmax(weight))))[graph.seg_chain]


def save(graph: Graph, folder: Path, names: Sequence[str], facts: dict[str, Any]) -> None:
    """Write every array, the road names and the facts of the import."""
    for name in ARRAYS:
        np.save(folder / f"{name}.npy", np.ascontiguousarray(getattr(graph, name)))
    (folder / "names.json").write_text(
        json.dumps(sorted({n for n in names if n}), ensure_ascii=False), encoding="utf-8"
    )
    (folder / "roads.json").write_text(json.dumps(facts, ensure_ascii=False, indent=1), encoding="utf-8")


def load(folder: Path) -> Graph:
    """Map the arrays of a finished import; nothing is copied."""
    return Graph(**{name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in ARRAYS})
