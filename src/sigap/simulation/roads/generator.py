"""From a seed to a file: ground, main roads, estates, kampung, landmarks, one connected net, an .osm.pbf."""

import csv
import itertools
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy.spatial import KDTree

from sigap.geo import borders
from sigap.simulation.roads import estates, ground, kampung, main_roads, names, writing
from sigap.simulation.roads.ground import HOSPITAL
from sigap.simulation.roads.kampung import Kampung
from sigap.simulation.roads.main_roads import Builder
from sigap.simulation.roads.net import Net, Style
from sigap.simulation.roads.walks import Mesh

SEED: Final = 3603
SERVICE_SHARE: Final = 0.42
"""Of the points on larger roads, this share has a drive into a yard, a works or a shop."""
LANE_SHARE: Final = 0.075
"""Of the points in kampung streets, this share has a short gang of its own."""
FACILITY_TAGS: Final = {
    "hospital": ("amenity", "hospital"), "fire_post": ("amenity", "fire_station"), "puskesmas": ("amenity", "clinic"),
    "police_station": ("amenity", "police"), "police_hq": ("amenity", "police"), "disaster_post": ("office", "government"),
}  # fmt: skip


def generate(file: Path, seed: int = SEED) -> dict[str, Any]:
    """Write the made-up roads of the borders in use; returns counts. The same seed gives the same bytes."""
    net, plane = draw(seed)
    share, _ = writing.connected_share(net)
    file.parent.mkdir(parents=True, exist_ok=True)
    return writing.write(net, plane, file) | {"connected_share": round(share, 5)}


def draw(seed: int = SEED) -> tuple[Net, Any]:
    """The net and the plane it is drawn in."""
    rng = np.random.default_rng(seed)
    base = ground.lay(borders.current(), rng)
    mesh = Mesh(base, rng)
    builder = main_roads.build(mesh, rng)
    town = density(builder)
    sites = estates.choose(builder, town, rng)
    walled_points, walled_edges = estates.inside(builder, sites)
    free = ~(base.over_river | base.over_rail | base.over_toll | walled_edges | mesh.built)
    open_points = np.flatnonzero(~walled_points & ~builder.on_road)
    doors = _doors(builder, sites, open_points, rng)
    wanted = [point for _, gate_list in doors for _, point in gate_list]
    homes = kampung.grow(builder, free, wanted, town, rng)
    net = Net()
    point_of = _points(net, builder, homes)
    main_roads.toll_road(net, builder, point_of)
    _main_edges(net, builder, point_of, rng)
    bends = _kampung_edges(net, builder, homes, point_of, rng)
    _estate_edges(net, doors, point_of, rng)
    _lanes(net, bends, rng)
    _drives(net, builder, point_of, rng)
    _kampung_landmarks(net, base, homes, point_of, rng)
    _facilities(net, builder, point_of, rng)
    _signals(net, builder, point_of)
    main_roads.lines_on_map(net, base)
    return net, base.plane


def density(builder: Builder) -> Any:
    """How much town there is at each mesh point: around the kecamatan, thicker in the east and beside larger roads."""
    mesh = builder.mesh
    base = mesh.ground
    town = np.full(mesh.size, 0.16)
    for area in base.borders.areas:
        reach, weight = (2_600.0, 0.55) if area.kind == "kecamatan" else (850.0, 0.3)
        x, y = float(base.plane.x(area.lon)), float(base.plane.y(area.lat))
        town += weight * np.exp(-((base.x - x) ** 2 + (base.y - y) ** 2) / (2 * reach**2))
    east = 1.0 / (1.0 + np.exp(-(base.x + 2_000.0) / 5_000.0))
    return town * (0.55 + east)


def _doors(
    builder: Builder, sites: list[estates.Estate], open_points: Any, rng: np.random.Generator
) -> list[Any]:
    base = builder.mesh.ground
    tree = KDTree(np.column_stack([base.x[open_points], base.y[open_points]]))
    doors = []
    for site in sites:
        gate_list = [
            (spot, int(open_points[number])) for spot, number in estates.gates(builder, site, tree, rng)
        ]
        doors.append((site, gate_list))
    return doors


def _points(net: Net, builder: Builder, homes: Kampung) -> dict[int, int]:
    """Mesh points that bear a road, as points of the net; bends of larger roads are eased a little."""
    base = builder.mesh.ground
    x, y = _eased(builder)
    used = set(np.flatnonzero(builder.on_road).tolist()) | {p for street in homes.streets for p in street.way}
    return {point: net.point(x[point], y[point]) for point in sorted(used) if 0 <= point < len(base.x)}


def _eased(builder: Builder) -> tuple[Any, Any]:
    base = builder.mesh.ground
    edges = np.array(sorted(builder.style))
    a, b = base.edge_a[edges], base.edge_b[edges]
    x, y = base.x.copy(), base.y.copy()
    degree = np.bincount(np.concatenate([a, b]), minlength=len(x))
    bend = degree == 2
    for _ in range(2):
        for values in (x, y):
            total = np.bincount(a, values[b], minlength=len(x)) + np.bincount(b, values[a], minlength=len(x))
            values[bend] = 0.5 * values[bend] + 0.25 * total[bend]
    return x, y


def _pieces(net: Net, a: int, b: int, parts: int, sway_m: float, rng: np.random.Generator) -> list[int]:
    """A line from a to b with points between that sway off it."""
    dx, dy = net.x[b] - net.x[a], net.y[b] - net.y[a]
    length = max(float(np.hypot(dx, dy)), 1.0)
    points = [a]
    for part in range(1, parts):
        share = (part + rng.uniform(-0.2, 0.2)) / parts
        sway = rng.uniform(-sway_m, sway_m)
        points.append(
            net.point(net.x[a] + share * dx - sway * dy / length, net.y[a] + share * dy + sway * dx / length)
        )
    return [*points, b]


def _main_edges(net: Net, builder: Builder, point_of: dict[int, int], rng: np.random.Generator) -> None:
    base = builder.mesh.ground
    for edge in sorted(builder.style):
        style = builder.style[edge]
        a, b = point_of[int(base.edge_a[edge])], point_of[int(base.edge_b[edge])]
        if base.over_river[edge] or base.over_toll[edge]:
            style = Style(style.highway, style.name, (*style.tags, ("bridge", "yes"), ("layer", "1")))
        points = _pieces(net, a, b, 2, 5.0, rng)
        if base.over_rail[edge]:
            net.node_tags[points[1]] = {"railway": "level_crossing"}
        net.road(points, style)


def _kampung_edges(
    net: Net, builder: Builder, homes: Kampung, point_of: dict[int, int], rng: np.random.Generator
) -> list[tuple[int, int]]:
    """The streets of the kampung; returns the bends that a gang may leave from, with their neighbours."""
    bends: list[tuple[int, int]] = []
    for street in homes.streets:
        way = [point_of[point] for point in street.way]
        for a, b in itertools.pairwise(way):
            points = _pieces(net, a, b, 4, 8.0, rng)
            net.road(points, street.style)
            bends += [(one, before) for before, one in itertools.pairwise(points[:-1])]
    return bends


def _estate_edges(net: Net, doors: list[Any], point_of: dict[int, int], rng: np.random.Generator) -> None:
    for site, gate_list in doors:
        corners = list(estates.draw(net, site, rng).values())
        for number, (_, outside) in enumerate(gate_list):
            if outside in point_of:
                net.road(
                    _pieces(net, corners[number], point_of[outside], 2, 3.0, rng),
                    Style("residential", site.name),
                )


def _lanes(net: Net, bends: list[tuple[int, int]], rng: np.random.Generator) -> None:
    """Short dead ends off the kampung streets."""
    for point, beside in bends:
        if rng.random() < LANE_SHARE:
            end = _stub(net, point, beside, rng.uniform(25.0, 48.0), rng)
            name = f"Gang {names.GANGS[int(rng.integers(len(names.GANGS)))]}"
            style = kampung.gang(name, rng) if rng.random() < 0.72 else Style("residential", name)
            net.road(_pieces(net, point, end, 2, 3.0, rng), style)


def _stub(net: Net, point: int, beside: int, length: float, rng: np.random.Generator) -> int:
    """A new point to one side of a street."""
    dx, dy = net.x[beside] - net.x[point], net.y[beside] - net.y[point]
    size = max(float(np.hypot(dx, dy)), 1.0)
    sign = 1.0 if rng.random() < 0.5 else -1.0
    lean = rng.uniform(-0.3, 0.3)
    return net.point(
        net.x[point] + length * (-sign * dy + lean * dx) / size,
        net.y[point] + length * (sign * dx + lean * dy) / size,
    )


def _drives(net: Net, builder: Builder, point_of: dict[int, int], rng: np.random.Generator) -> None:
    """Service roads off the larger roads, each to a landmark or a yard."""
    base = builder.mesh.ground
    seen: dict[str, int] = {}
    for edge in sorted(builder.style):
        a, b = int(base.edge_a[edge]), int(base.edge_b[edge])
        if (
            rng.random() > SERVICE_SHARE
            or base.over_river[edge]
            or base.over_toll[edge]
            or base.over_rail[edge]
        ):
            continue
        end = _stub(net, point_of[a], point_of[b], rng.uniform(28.0, 60.0), rng)
        net.road([point_of[a], end], Style("service"))
        if rng.random() < 0.6:
            _landmark(net, end, builder.style[edge].highway, seen, rng)


def _landmark(net: Net, point: int, highway: str, seen: dict[str, int], rng: np.random.Generator) -> None:
    def one(of: tuple[str, ...]) -> str:
        return of[int(rng.integers(len(of)))]

    kinds = (
        ("minimarket", "mosque", "school", "works", "fuel")
        if highway != "unclassified"
        else ("minimarket", "mosque", "school")
    )
    x, y = net.x[point], net.y[point]
    match one(kinds):
        case "minimarket":
            net.landmark(x, y, f"Minimarket {one(names.SHOPS)}", shop="convenience")
        case "mosque":
            net.landmark(x, y, f"Masjid {one(names.MOSQUES)}", amenity="place_of_worship", religion="muslim")
        case "school":
            level = one(("SD Negeri", "SD Negeri", "SMP Negeri", "SMA Negeri"))
            where = one(names.LOCAL)
            number = seen[f"{level}{where}"] = seen.get(f"{level}{where}", 0) + 1
            net.landmark(x, y, f"{level} {where} {number}", amenity="school")
        case "works":
            net.landmark(x, y, f"Pabrik {one(names.WORKS)}", man_made="works")
        case _:
            net.landmark(x, y, f"SPBU {rng.integers(34, 36)}.15{rng.integers(100, 900)}", amenity="fuel")


def _kampung_landmarks(
    net: Net, base: ground.Ground, homes: Kampung, point_of: dict[int, int], rng: np.random.Generator
) -> None:
    for name, point in homes.middles:
        x, y = net.x[point_of[point]], net.y[point_of[point]]
        net.landmark(x, y, name, place="hamlet")
        if rng.random() < 0.45:
            mosque = names.MOSQUES[int(rng.integers(len(names.MOSQUES)))]
            net.landmark(x + 14, y + 11, f"Masjid {mosque}", amenity="place_of_worship", religion="muslim")
    for area in base.borders.areas:
        if area.kind == "kecamatan":
            x, y = float(base.plane.x(area.lon)), float(base.plane.y(area.lat))
            net.landmark(x + 60, y + 40, f"Pasar {area.name}", amenity="marketplace")


def _facilities(net: Net, builder: Builder, point_of: dict[int, int], rng: np.random.Generator) -> None:
    """The named hospitals, posts and stations, each beside a larger road of its kecamatan: places made up, names real."""
    base = builder.mesh.ground
    kecamatan = {a.code: a for a in base.borders.areas if a.kind == "kecamatan"}
    roads = np.array(sorted(builder.major_points()))
    with (borders.PACKAGED / "facilities.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            if row["name"].startswith("RSU Kabupaten"):
                lon, lat = HOSPITAL
            elif row["kecamatan_code"] in kecamatan:
                lon, lat = kecamatan[row["kecamatan_code"]].lon, kecamatan[row["kecamatan_code"]].lat
            else:
                continue
            away = np.hypot(base.x[roads] - base.plane.x(lon), base.y[roads] - base.plane.y(lat))
            nearest = np.argsort(away, kind="stable")[: 1 if lon == HOSPITAL[0] else 9]
            point = point_of[int(roads[rng.choice(nearest)])]
            key, value = FACILITY_TAGS[row["kind"]]
            net.landmark(
                net.x[point] + 12, net.y[point] + 9, row["name"], **{key: value}, note="letak buatan"
            )


def _signals(net: Net, builder: Builder, point_of: dict[int, int]) -> None:
    """Traffic lights where two large roads of different names meet."""
    base = builder.mesh.ground
    meeting: dict[int, set[str]] = {}
    for edge, style in builder.style.items():
        if style.highway in ("trunk", "primary", "secondary"):
            for point in (int(base.edge_a[edge]), int(base.edge_b[edge])):
                meeting.setdefault(point, set()).add(style.name)
    for point, found in meeting.items():
        if len(found) > 1:
            net.node_tags[point_of[point]] = {"highway": "traffic_signals"}
