"""Travel times: the contracted search equals the plain one, and says honestly where it knows nothing."""

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from sigap.geo.eta import Roads, Unit
from sigap.geo.graph import Graph
from sigap.geo.speeds import Band, Speeds, Vehicle
from sigap.kernel.place import Point
from tests.geo.extracts import roads_of
from tests.geo.plain_search import PlainSearch

NOON_WIB = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
PEAK_WIB = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
MONACO = Point(7.4246, 43.7384)
EXTRACTS = ["monaco", "balikpapan-kota-roads", "malta"]


def random_points(graph: Graph, count: int, seed: int) -> tuple[Any, Any]:
    rng = np.random.default_rng(seed)
    west, east = np.percentile(graph.node_lon, [2, 98])
    south, north = np.percentile(graph.node_lat, [2, 98])
    return rng.uniform(west, east, count), rng.uniform(south, north, count)


@pytest.mark.parametrize("name", EXTRACTS)
@pytest.mark.parametrize("vehicle_class", ["ambulance", "fire_engine", "motorcycle"])
def test_the_fast_search_equals_the_plain_one(name: str, vehicle_class: str) -> None:
    graph = roads_of(name)
    speeds = Speeds.from_settings()
    roads, vehicle = Roads(graph, speeds), speeds.vehicle(vehicle_class)
    plain = PlainSearch(graph, speeds, vehicle, Band.DAY)
    for seed in range(4):
        lon, lat = random_points(graph, 61, seed)
        if seed == 3:  # everybody around one street: own chain, own segment
            lon, lat = lon[0] + (lon - lon[0]) * 0.004, lat[0] + (lat - lat[0]) * 0.004
        target = roads.snap(vehicle.network, lon[:1], lat[:1])
        units = roads.snap(vehicle.network, lon[1:], lat[1:])
        seconds, metres = roads.travel(roads.reach(target, vehicle, Band.DAY), units)
        expected = plain.seconds(units, target)
        assert np.isfinite(expected).all()
        assert np.abs(seconds - expected).max() < 1e-6
        assert (metres / np.maximum(seconds, 1) < 110 / 3.6).all()


@pytest.mark.parametrize("name", EXTRACTS)
def test_the_route_is_as_long_as_the_travel_it_shows(name: str) -> None:
    graph = roads_of(name)
    roads = Roads(graph, Speeds.from_settings())
    lon, lat = random_points(graph, 24, 7)
    plane = roads.plane
    end = Point(float(lon[0]), float(lat[0]))
    for x, y in zip(lon[1:], lat[1:], strict=True):
        start = Point(float(x), float(y))
        route = roads.route(start, end, "ambulance", NOON_WIB)
        eta = roads.etas(end, [Unit("u", start.lon, start.lat, "ambulance")], NOON_WIB)["u"]
        assert route is not None
        assert route.seconds == pytest.approx(eta.seconds)
        line = np.array(route.line)
        drawn = np.hypot(np.diff(plane.x(line[:, 0])), np.diff(plane.y(line[:, 1]))).sum()
        assert drawn == pytest.approx(route.metres, rel=0.01, abs=2)
        assert eta.metres == pytest.approx(route.metres)


def test_a_closed_road_is_driven_around_and_opened_again() -> None:
    graph = roads_of("monaco")
    speeds = Speeds.from_settings()
    roads = Roads(graph, speeds)
    unit = Unit("u", 7.4197, 43.7313, "ambulance")
    before = roads.etas(MONACO, [unit], NOON_WIB)["u"]
    route = roads.route(Point(unit.lon, unit.lat), MONACO, "ambulance", NOON_WIB)
    assert route is not None
    middle = route.line[len(route.line) // 2]
    closed = int(roads.snap("car", [middle[0]], [middle[1]]).seg[0])
    roads.close({closed: float("inf")})
    after = roads.etas(MONACO, [unit], NOON_WIB)["u"]
    assert after.seconds > before.seconds
    target, start = (roads.snap("car", [p.lon], [p.lat]) for p in (MONACO, Point(unit.lon, unit.lat)))
    plain = PlainSearch(graph, speeds, speeds.vehicle("ambulance"), Band.DAY, closed=[closed])
    assert after.seconds == pytest.approx(float(plain.seconds(start, target)[0]))
    roads.close({})
    assert roads.etas(MONACO, [unit], NOON_WIB)["u"].seconds == before.seconds


def test_the_hour_and_the_vehicle_change_the_travel() -> None:
    roads = Roads(roads_of("balikpapan-kota-roads"), Speeds.from_settings())
    lon, lat = random_points(roads.graph, 2, 5)
    incident = Point(float(lon[0]), float(lat[0]))

    def seconds(vehicle: str, at: datetime) -> float:
        return roads.etas(incident, [Unit(1, float(lon[1]), float(lat[1]), vehicle)], at)[1].seconds

    assert seconds("ambulance", NOON_WIB) < seconds("car", NOON_WIB)
    assert seconds("ambulance", NOON_WIB) < seconds("fire_engine", NOON_WIB)
    assert seconds("car", NOON_WIB) < seconds("car", PEAK_WIB)
    assert seconds("ambulance", PEAK_WIB) / seconds("ambulance", NOON_WIB) < seconds(
        "car", PEAK_WIB
    ) / seconds("car", NOON_WIB)


def test_an_island_is_not_reachable_and_a_field_is_far() -> None:
    roads = Roads(roads_of("malta"), Speeds.from_settings())
    valletta, gozo, sea = Point(14.5141, 35.8989), Point(14.2366, 36.0443), Point(14.60, 35.80)
    etas = roads.etas(
        valletta,
        [Unit("gozo", gozo.lon, gozo.lat, "ambulance"), Unit("sea", sea.lon, sea.lat, "car")],
        NOON_WIB,
    )
    assert not etas["gozo"].reachable
    assert etas["gozo"].snapped_far
    assert etas["sea"].snapped_far
    assert etas["sea"].reachable


def test_one_way_streets_are_not_driven_against() -> None:
    graph = roads_of("monaco")
    roads = Roads(graph, Speeds.from_settings())
    one_way = np.flatnonzero(graph.seg_forward & ~graph.seg_backward & graph.main("car") & (graph.seg_m > 40))
    seg = int(one_way[0])
    lon, lat = graph.node_lon, graph.node_lat
    a, b = int(graph.seg_a[seg]), int(graph.seg_b[seg])

    def on(share: float) -> Point:
        return Point(float(lon[a] + share * (lon[b] - lon[a])), float(lat[a] + share * (lat[b] - lat[a])))

    early, late = on(0.3), on(0.7)
    with_traffic = roads.etas(late, [Unit("u", early.lon, early.lat, "car")], NOON_WIB)["u"]
    against = roads.etas(early, [Unit("u", late.lon, late.lat, "car")], NOON_WIB)["u"]
    assert with_traffic.metres == pytest.approx(float(graph.seg_m[seg]) * 0.4, rel=0.02)
    assert against.metres > 2 * with_traffic.metres


def test_a_fire_engine_takes_no_narrow_road() -> None:
    speeds = Speeds.from_settings()
    assert speeds.vehicle("fire_engine") == Vehicle("truck", blue=True, factor=0.85)
    graph = roads_of("malta")
    assert (graph.usable("truck") & ~graph.usable("car")).sum() == 0
    assert graph.usable("car").sum() < graph.usable("motorcycle").sum()
