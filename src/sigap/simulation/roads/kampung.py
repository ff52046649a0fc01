"""Kampung: streets that branch off the larger roads like trees, three to five deep, and end in a gang."""

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from scipy.sparse.csgraph import dijkstra

from sigap.simulation.roads import names
from sigap.simulation.roads.main_roads import Builder
from sigap.simulation.roads.net import Style
from sigap.simulation.roads.walks import NOBODY

REACH_M: Final = 1_050.0
LOOPS: Final = 0.075
"""Of the free edges between two kampung points, this share closes a loop."""
HOMES: Final = 21_000


@dataclass(slots=True)
class Street:
    """One street of a kampung: its mesh points from the larger road inwards, and what it is called."""

    way: list[int]
    style: Style
    kampung: str


@dataclass(slots=True)
class Kampung:
    """All streets, and the middle of each kampung by name."""

    streets: list[Street] = field(default_factory=list)
    middles: list[tuple[str, int]] = field(default_factory=list)


def grow(
    builder: Builder, free_edges: Any, wanted: list[int], town: Any, rng: np.random.Generator
) -> Kampung:
    """Trees from the roads over the free mesh: to every point that is wanted and to homes sown by density."""
    mesh = builder.mesh
    whim = mesh.ground.edge_m * np.exp(rng.normal(0.0, 0.45, len(mesh.cost)))
    roots = np.flatnonzero(builder.on_road)
    metres, before, _ = dijkstra(
        mesh.links(free_edges, whim), directed=False, indices=roots, return_predecessors=True, min_only=True
    )
    reached = (metres < REACH_M) & ~builder.on_road
    homes = np.flatnonzero(reached)
    chance = town[homes] / town[homes].sum()
    homes = rng.choice(homes, size=min(HOMES, len(homes)), replace=False, p=chance)
    children = _tree([*wanted, *homes.tolist()], before, builder)
    found = Kampung()
    for root in sorted(p for p in children if builder.on_road[p]):
        for child in children[root]:
            _branch(root, child, children, found, rng)
    _loops(builder, children, free_edges, found, rng)
    return found


def _tree(goals: list[int], before: Any, builder: Builder) -> dict[int, list[int]]:
    """Children by point, of all walks from the roads to the goals."""
    children: dict[int, list[int]] = {}
    seen: set[int] = set()
    for goal in goals:
        point = int(goal)
        while point not in seen and not builder.on_road[point] and int(before[point]) != NOBODY:
            seen.add(point)
            parent = int(before[point])
            children.setdefault(parent, []).append(point)
            point = parent
    return children


def _branch(
    root: int, child: int, children: dict[int, list[int]], found: Kampung, rng: np.random.Generator
) -> None:
    """Cut one tree into streets: the largest branch goes on under the same name, the others begin their own."""
    sizes = _sizes(child, children)
    kampung = (
        f"{_one(names.LOCAL, rng)} {_one(names.ENDINGS, rng)}"
        if rng.random() < 0.7
        else _one(names.LOCAL, rng)
    )
    if sizes[child] >= 6:
        found.middles.append((f"Kampung {kampung}", child))
    count = 0
    heads = [(root, child)]
    while heads:
        start, point = heads.pop()
        way = [start, point]
        while children.get(point):
            following = sorted(children[point], key=lambda p: -sizes[p])
            heads += [(point, other) for other in following[1:]]
            point = following[0]
            way.append(point)
        size = sizes[way[1]]
        if start == root and size >= 6:
            style = Style("residential", f"Jalan Kampung {kampung}")
        elif size >= 3:
            style = Style("residential", f"Jalan {_one(names.STREETS, rng)}")
        else:
            count += 1
            style = gang(f"Gang {_one(names.GANGS, rng)}" + (f" {count}" if rng.random() < 0.5 else ""), rng)
        found.streets.append(Street(way, style, kampung))


def gang(name: str, rng: np.random.Generator) -> Style:
    draw = rng.random()
    if draw < 0.10:
        return Style("path", name, (("motorcycle", "yes"), ("width", "1.5")))
    if draw < 0.36:
        return Style("living_street", name, (("width", "2.5"),))
    return Style("residential", name)


def _sizes(root: int, children: dict[int, list[int]]) -> dict[int, int]:
    order, at = [root], 0
    while at < len(order):
        order += children.get(order[at], [])
        at += 1
    sizes: dict[int, int] = {}
    for point in reversed(order):
        sizes[point] = 1 + sum(sizes[child] for child in children.get(point, ()))
    return sizes


def _loops(
    builder: Builder,
    children: dict[int, list[int]],
    free_edges: Any,
    found: Kampung,
    rng: np.random.Generator,
) -> None:
    """A few streets that join two branches."""
    ground = builder.mesh.ground
    taken = np.zeros(len(ground.x), dtype=bool)
    for parent, own in children.items():
        taken[own] = True
        taken[parent] = True
    joined = {(min(p, c), max(p, c)) for p, own in children.items() for c in own}
    for edge in np.flatnonzero(free_edges & taken[ground.edge_a] & taken[ground.edge_b]).tolist():
        a, b = int(ground.edge_a[edge]), int(ground.edge_b[edge])
        if rng.random() < LOOPS and (a, b) not in joined and not (builder.on_road[a] and builder.on_road[b]):
            found.streets.append(
                Street([a, b], Style("residential", f"Jalan {_one(names.STREETS, rng)}"), "")
            )


def _one(of: tuple[str, ...], rng: np.random.Generator) -> str:
    return of[int(rng.integers(len(of)))]
