"""The net as an OpenStreetMap file: pieces of equal style in a row become one way, only what is connected is written."""

import contextlib
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import osmium
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from sigap.geo.plane import Plane
from sigap.simulation.roads.net import Net, Style

FIRST_ID: Final = 9_000_000_001
CUT: Final = frozenset({"motorway", "trunk", "primary", "secondary", "tertiary", "unclassified"})
PIECE_POINTS: Final = 3
MADE: Final = ("source", "synthetic")


def connected_share(net: Net) -> tuple[float, Any]:
    """How much of the roads lies in the largest part where everybody reaches everybody, and which points do."""
    a = np.array([edge[0] for edge in net.edges])
    b = np.array([edge[1] for edge in net.edges])
    both = np.array([not style.oneway for style in net.edges.values()])
    source, target = np.concatenate([a, b[both]]), np.concatenate([b, a[both]])
    size = len(net.x)
    links = csr_array((np.ones(len(source), dtype=np.int8), (source, target)), shape=(size, size))
    _, label = connected_components(links, directed=True, connection="strong")
    used = np.zeros(size, dtype=bool)
    used[a] = used[b] = True
    largest = np.bincount(label[used]).argmax()
    kept = used & (label == largest)
    return float(kept.sum() / used.sum()), kept


def write(net: Net, plane: Plane, file: Path) -> dict[str, int]:
    """Write the file; returns the ways by class and the number of points. The same net gives the same bytes."""
    _, kept = connected_share(net)
    ways = [(points, style) for points, style in chains(net) if all(kept[p] for p in points)]
    used = {p for points, _ in ways for p in points} | {p for points, _ in net.lines for p in points}
    lon, lat = np.round(plane.lon(np.array(net.x)), 7), np.round(plane.lat(np.array(net.y)), 7)
    counts: dict[str, int] = {}
    with contextlib.closing(osmium.SimpleWriter(str(file), overwrite=True)) as out:
        for point in sorted(used):
            tags = net.node_tags.get(point, {})
            out.add_node(_node(FIRST_ID + point, float(lon[point]), float(lat[point]), tags))
        first = FIRST_ID + len(net.x)
        for number, mark in enumerate(net.landmarks):
            x, y = round(float(plane.lon(mark.x)), 7), round(float(plane.lat(mark.y)), 7)
            out.add_node(_node(first + number, x, y, mark.tags))
        number = FIRST_ID
        for points, style in ways:
            tags = (
                {"highway": style.highway} | ({"name": style.name} if style.name else {}) | dict(style.tags)
            )
            tags |= {"oneway": "yes"} if style.oneway else {}
            out.add_way(_way(number, points, tags))
            counts[style.highway] = counts.get(style.highway, 0) + 1
            number += 1
        for points, tags in net.lines:
            out.add_way(_way(number, points, tags))
            number += 1
    return counts | {"points": len(used)}


def _node(number: int, lon: float, lat: float, tags: dict[str, str]) -> Any:
    return osmium.osm.mutable.Node(id=number, version=1, location=(lon, lat), tags=tags)


def _way(number: int, points: list[int], tags: dict[str, str]) -> Any:
    return osmium.osm.mutable.Way(
        id=number, version=1, nodes=[FIRST_ID + p for p in points], tags=tags | dict([MADE])
    )


def chains(net: Net) -> list[tuple[list[int], Style]]:
    """Edges of equal style, joined where exactly two of them meet and the direction agrees."""
    touching: dict[tuple[int, Style], list[tuple[int, int]]] = {}
    for edge, style in net.edges.items():
        for point in edge:
            touching.setdefault((point, style), []).append(edge)
    done: set[tuple[int, int]] = set()
    found: list[tuple[list[int], Style]] = []
    for edge, style in net.edges.items():
        if edge in done:
            continue
        done.add(edge)
        way = [edge[0], edge[1]]
        for forward in (True, False):
            while True:
                point = way[-1] if forward else way[0]
                arms = touching[point, style]
                onward = next((e for e in arms if e not in done), None)
                if len(arms) != 2 or onward is None:
                    break
                if style.oneway and (onward[0] if forward else onward[1]) != point:
                    break
                done.add(onward)
                other = onward[1] if onward[0] == point else onward[0]
                if forward:
                    way.append(other)
                else:
                    way.insert(0, other)
        found += _cut(way, style)
    return found


def _cut(way: list[int], style: Style) -> list[tuple[list[int], Style]]:
    """Larger roads are mapped in pieces of a few hundred metres."""
    if style.highway not in CUT:
        return [(way, style)]
    parts = max(1, round((len(way) - 1) / PIECE_POINTS))
    ends = [round(part * (len(way) - 1) / parts) for part in range(parts + 1)]
    return [(way[first : last + 1], style) for first, last in pairwise(ends)]
