"""The roads between places: toll road, national road, primaries, the coast road, roads between kecamatan and desa."""

import itertools
from typing import Any, Final

import numpy as np
import shapely
from scipy.sparse.csgraph import dijkstra

from sigap.geo.borders import Area
from sigap.simulation.roads.ground import HOSPITAL
from sigap.simulation.roads.net import Net, Style
from sigap.simulation.roads.walks import NOBODY, Mesh, back, relative_neighbours

CARRIAGEWAY_M: Final = 13.0
EXITS: Final = {"Bitung": (106.566, -6.223), "Cikupa": (106.512, -6.207), "Balaraja Timur": (106.462, -6.203),
                "Balaraja Barat": (106.424, -6.206)}  # fmt: skip
FIRST_KM: Final = 24.0
"""The kilometre at the toll road's eastern end here; they count from Jakarta."""
NATIONAL: Final = ("36.03.02", "36.03.01", "36.03.18", "36.03.17")
"""Jayanti, Balaraja, Cikupa, Curug."""
PRIMARIES: Final = {
    "Jalan Raya Kresek": ("36.03.07", "36.03.06", "36.03.01", "36.03.03", "36.03.04"),
    "Jalan Raya Mauk": ("36.03.08", "36.03.11", "36.03.12", "36.03.18", "36.03.19", "36.03.20"),
}
COAST: Final = ("36.03.07", "36.03.09", "36.03.08", "36.03.10", "36.03.15", "36.03.13", "36.03.14")


class Builder:
    """Lays roads on the mesh in order of importance and remembers which mesh edge bears what."""

    def __init__(self, mesh: Mesh, rng: np.random.Generator) -> None:
        self.mesh = mesh
        self.rng = rng
        self.style: dict[int, Style] = {}
        self.on_road = np.zeros(mesh.size, dtype=bool)

    def lay(self, way: list[int], style: Style) -> None:
        """A road along the way; where an older one lies, that one stays."""
        self.mesh.build(way)
        for a, b in itertools.pairwise(way):
            self.style.setdefault(self.mesh.edge(a, b), style)
        if len(way) > 1:
            self.on_road[way] = True

    def major_points(self) -> set[int]:
        """Mesh points on trunk, primary and secondary roads: where a toll gate may join."""
        ground = self.mesh.ground
        edges = [e for e, style in self.style.items() if style.highway in ("trunk", "primary", "secondary")]
        return set(ground.edge_a[edges].tolist()) | set(ground.edge_b[edges].tolist())


def build(mesh: Mesh, rng: np.random.Generator) -> Builder:
    """Every road down to the desa roads; kampung and housing come after."""
    builder = Builder(mesh, rng)
    areas = mesh.ground.borders.areas
    kecamatan = {area.code: area for area in areas if area.kind == "kecamatan"}
    desa = [area for area in areas if area.kind != "kecamatan"]
    at = {code: _mesh_point(mesh, area) for code, area in kecamatan.items()}
    west, east = _ends(mesh)
    builder.lay(
        mesh.walk(west, *(at[c] for c in NATIONAL if c in at), east), Style("trunk", "Jalan Raya Serang")
    )
    for name, codes in PRIMARIES.items():
        builder.lay(mesh.walk(*(at[code] for code in codes if code in at)), Style("primary", name))
    builder.lay(
        mesh.walk(*(at[code] for code in COAST if code in at)), Style("secondary", "Jalan Raya Pantai Utara")
    )
    _between_kecamatan(builder, list(kecamatan.values()), at)
    plane = mesh.ground.plane
    hospital = mesh.near(float(plane.x(HOSPITAL[0])), float(plane.y(HOSPITAL[1])))
    builder.lay(
        mesh.walk(hospital, _nearest_on_road(builder, hospital)),
        Style("secondary", "Jalan Jenderal Ahmad Yani"),
    )
    _to_desa(builder, desa)
    return builder


def _mesh_point(mesh: Mesh, area: Area) -> int:
    plane = mesh.ground.plane
    return mesh.near(float(plane.x(area.lon)), float(plane.y(area.lat)))


def _ends(mesh: Mesh) -> tuple[int, int]:
    """Where the national road leaves the map, a little north of the toll road's ends."""
    line = np.array(mesh.ground.toll.coords)
    line = line if line[0, 0] < line[-1, 0] else line[::-1]
    return mesh.near(line[0, 0], line[0, 1] + 700.0), mesh.near(line[-1, 0], line[-1, 1] + 700.0)


def _nearest_on_road(builder: Builder, point: int) -> int:
    ground = builder.mesh.ground
    on = np.flatnonzero(builder.on_road)
    away = np.hypot(ground.x[on] - ground.x[point], ground.y[on] - ground.y[point])
    return int(on[np.argmin(away)])


def _between_kecamatan(builder: Builder, kecamatan: list[Area], at: dict[str, int]) -> None:
    """Neighbouring kecamatan are joined: the longer half by secondary roads, the others by tertiary ones."""
    points = np.array([at[area.code] for area in kecamatan])
    ground = builder.mesh.ground
    pairs = relative_neighbours(ground.x[points], ground.y[points])
    pairs.sort(key=lambda p: -float(np.hypot(*(ground.x[points[p[0]]] - ground.x[points[p[1]]],
                                               ground.y[points[p[0]]] - ground.y[points[p[1]]]))))  # fmt: skip
    for rank, (one, other) in enumerate(pairs):
        highway = "secondary" if rank < len(pairs) // 2 else "tertiary"
        name = f"Jalan Raya {kecamatan[one].name}–{kecamatan[other].name}"
        builder.lay(builder.mesh.walk(int(points[one]), int(points[other])), Style(highway, name))


def _to_desa(builder: Builder, desa: list[Area]) -> None:
    """Each desa to the nearest larger road, and on to its neighbours where that takes no bridge."""
    mesh = builder.mesh
    points = [_mesh_point(mesh, area) for area in desa]
    sources = np.flatnonzero(builder.on_road)
    _, before, _ = dijkstra(
        mesh.links(), directed=False, indices=sources, return_predecessors=True, min_only=True
    )
    for area, point in sorted(zip(desa, points, strict=True), key=lambda item: item[0].code):
        way = [point]
        while int(before[way[-1]]) != NOBODY:
            way.append(int(before[way[-1]]))
        builder.lay(way, Style("tertiary", f"Jalan Raya {area.name}"))
    ground = mesh.ground
    spots = np.array(points)
    dry = ~(ground.over_river | ground.over_rail)
    links = mesh.links(dry)
    by_first: dict[int, list[int]] = {}
    for one, other in relative_neighbours(ground.x[spots], ground.y[spots]):
        by_first.setdefault(one, []).append(other)
    for one, others in by_first.items():
        _, before = dijkstra(
            links, directed=False, indices=points[one], return_predecessors=True, limit=6_000.0
        )
        for other in others:
            way = back(before, points[other], points[one])
            name = f"Jalan {desa[one].name}–{desa[other].name}"
            builder.lay(way, Style("unclassified", name))


def toll_road(net: Net, builder: Builder, point_of: dict[int, int]) -> None:
    """Two one-way carriageways, links at the named exits only, turned back into each other at the map's edge.

    Traffic keeps left: towards Jakarta (east) on the northern carriageway. Nothing crosses it with a point of its own.
    """
    ground, plane = builder.mesh.ground, builder.mesh.ground.plane
    line = np.array(ground.toll.coords)
    line = line if line[0, 0] < line[-1, 0] else line[::-1]
    side = np.gradient(line, axis=0)
    side = np.column_stack([-side[:, 1], side[:, 0]]) / np.maximum(np.hypot(*side.T), 1e-9)[:, None]
    east = [net.point(x, y) for x, y in line + side * CARRIAGEWAY_M]
    west = [net.point(x, y) for x, y in (line - side * CARRIAGEWAY_M)[::-1]]
    for points, towards in ((east, "Jakarta"), (west, "Merak")):
        tags = (("ref", "JLJ"), ("destination", towards))
        net.road(points, Style("motorway", "Jalan Tol Jakarta–Merak", tags, oneway=True))
    link = Style("motorway_link", "", (), oneway=True)
    net.road([east[-1], west[0]], link)
    net.road([west[-1], east[0]], link)
    major = np.array(sorted(builder.major_points()))
    for name, (lon, lat) in EXITS.items():
        x, y = float(plane.x(lon)), float(plane.y(lat))
        index = int(np.argmin(np.hypot(line[:, 0] - x, line[:, 1] - y)))
        index = min(max(index, 5), len(line) - 6)
        away = np.hypot(ground.x[major] - line[index, 0], ground.y[major] - line[index, 1])
        away[away < 220.0] = np.inf
        gate = int(major[np.argmin(away)])
        door = net.point(*_between(line[index], (ground.x[gate], ground.y[gate]), 0.8))
        for points, spot in ((east, index), (west, len(line) - 1 - index)):
            off, on = points[spot - 4], points[spot + 4]
            net.road(
                [off, _beside(net, off, door), door],
                Style("motorway_link", f"Keluar {name}", (), oneway=True),
            )
            net.road([door, _beside(net, door, on), on], link)
        net.road([door, point_of[gate]], Style("primary", f"Jalan Gerbang Tol {name}"))
        net.landmark(
            net.x[door], net.y[door], f"Gerbang Tol {name}", barrier="toll_booth", amenity="toll_booth"
        )
    _kilometre_marks(net, line, side)


def _between(one: Any, other: Any, share: float) -> tuple[float, float]:
    return float(one[0] + share * (other[0] - one[0])), float(one[1] + share * (other[1] - one[1]))


def _beside(net: Net, one: int, other: int) -> int:
    """A bend between two points, a little to the left."""
    x, y = (net.x[one] + net.x[other]) / 2, (net.y[one] + net.y[other]) / 2
    dx, dy = net.x[other] - net.x[one], net.y[other] - net.y[one]
    return net.point(x - dy * 0.12, y + dx * 0.12)


def _kilometre_marks(net: Net, line: Any, side: Any) -> None:
    """A mark each 200 m on both carriageways, counted from the eastern end."""
    eastward = line[::-1]
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(eastward, axis=0).T))])
    for metres in np.arange(0.0, along[-1], 200.0):
        spot = [float(np.interp(metres, along, eastward[:, axis])) for axis in (0, 1)]
        across = [float(np.interp(metres, along, side[::-1][:, axis])) for axis in (0, 1)]
        for sign, towards in ((1.0, "Jakarta"), (-1.0, "Merak")):
            x, y = spot[0] + sign * across[0] * CARRIAGEWAY_M, spot[1] + sign * across[1] * CARRIAGEWAY_M
            km = f"{FIRST_KM + metres / 1000:.1f}"
            net.landmark(x, y, f"km {km}", highway="milestone", distance=km, destination=towards)


def lines_on_map(net: Net, ground: Any) -> None:
    """Rivers and the railway, for the map."""
    for name, river in ground.rivers.items():
        for part in shapely.get_parts(river):
            net.lines.append(([net.point(x, y) for x, y in part.coords], {"waterway": "river", "name": name}))
    rail = [net.point(x, y) for x, y in ground.railway.coords]
    net.lines.append((rail, {"railway": "rail", "name": "Jalur Rangkasbitung"}))
