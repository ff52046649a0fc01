"""The made-up roads: like a regency's, connected, on land, the same for the same seed."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from sigap.geo import borders, graph, importer, roads
from sigap.geo.eta import Roads, Unit
from sigap.geo.osm_reading import CLASS_NUMBER, Reading, read
from sigap.geo.places import Places, open_places
from sigap.geo.speeds import Speeds
from sigap.kernel.paths import Home
from sigap.kernel.place import Point
from sigap.simulation.roads import generator

NOON_WIB = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
HOSPITAL = Point(106.6356, -6.1696)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    file = tmp_path_factory.mktemp("roads") / "sintetis.osm.pbf"
    return file, generator.generate(file)


@pytest.fixture(scope="module")
def reading(drawn: tuple[Path, dict[str, Any]]) -> Reading:
    return read(drawn[0])


@pytest.fixture(scope="module")
def laid(drawn: tuple[Path, dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with the drawn roads imported like any other file: the borders' check included."""
    home = Home(tmp_path_factory.mktemp("home"))
    importer.import_osm(drawn[0], home, with_tiles=False)
    return home


@pytest.fixture(scope="module")
def searches(laid: Home) -> Roads:
    folder = roads.folder(laid)
    assert folder is not None
    return Roads(graph.load(folder), Speeds.from_settings())


@pytest.fixture(scope="module")
def search(laid: Home) -> Places:
    return open_places(roads.folder(laid))


def test_the_same_seed_draws_the_same_bytes(drawn: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    again = tmp_path / "again.osm.pbf"
    generator.generate(again)
    assert again.read_bytes() == drawn[0].read_bytes()


def test_size_connection_and_mix_are_those_of_a_regency(
    drawn: tuple[Path, dict[str, Any]], reading: Reading, searches: Roads
) -> None:
    counts = drawn[1]
    assert drawn[0].stat().st_size < 3_000_000
    assert 150_000 <= counts["points"] <= 250_000
    assert counts["connected_share"] >= 0.995
    assert 30_000 <= len(searches.graph.junction_node) <= 60_000
    assert searches.graph.main("motorcycle").all()
    ways = len(reading.way_class)
    share = {name: reading.way_class.count(number) / ways for name, number in CLASS_NUMBER.items()}
    assert 0.5 < share["residential"] < 0.7
    assert 0.1 < share["living_street"] + share["gang"] < 0.2
    assert 0.05 < share["service"] < 0.13
    assert 0.04 < share["tertiary"] < 0.1
    arms = np.bincount(np.concatenate([searches.graph.chain_a, searches.graph.chain_b]))
    assert 0.25 < (arms == 1).mean() < 0.5, "many dead ends, as kampung have"


def test_no_road_lies_in_the_sea_or_leaves_the_margin(reading: Reading) -> None:
    of = borders.current()
    points = shapely.points(of.plane.x(reading.node_lon), of.plane.y(reading.node_lat))
    land = of.land
    shapely.prepare(land)
    assert shapely.contains(land, points).all()
    wide = of.regency.buffer(3_200)
    hospital = shapely.Point(of.plane.x(HOSPITAL.lon), of.plane.y(HOSPITAL.lat)).buffer(2_500)
    both = shapely.union_all([wide, hospital])
    shapely.prepare(both)
    assert shapely.contains(both, points).all()


def test_every_desa_has_a_road_near_its_middle(searches: Roads) -> None:
    desa = [a for a in borders.current().areas if a.kind != "kecamatan"]
    snap = searches.snap("car", [a.lon for a in desa], [a.lat for a in desa])
    assert snap.metres.max() < 250


def test_fire_engines_reach_every_desa_and_the_hospital_beyond_the_border(searches: Roads) -> None:
    desa = [a for a in borders.current().areas if a.kind != "kecamatan"]
    units = [Unit(a.code, a.lon, a.lat, "fire_engine") for a in desa]
    etas = searches.etas(HOSPITAL, units, NOON_WIB)
    assert all(eta.reachable and not eta.snapped_far for eta in etas.values())
    assert max(eta.seconds for eta in etas.values()) < 3 * 3600


def test_the_toll_road_has_four_exits_and_is_entered_nowhere_else(reading: Reading) -> None:
    start = reading.way_start
    motorway, link, street = set(), set(), set()
    for way, number in enumerate(reading.way_class):
        nodes = set(reading.way_nodes[start[way] : start[way + 1]].tolist())
        if number == CLASS_NUMBER["motorway"]:
            (link if reading.way_link[way] else motorway).update(nodes)
        else:
            street.update(nodes)
    assert not motorway & street
    assert len(link & street) == 4
    assert sum(thing.tags.get("highway") == "milestone" for thing in reading.things) > 200


def test_few_bridges_cross_a_river(reading: Reading) -> None:
    of = borders.current()
    x, y = of.plane.x(reading.node_lon), of.plane.y(reading.node_lat)
    start = reading.way_start
    lines = [
        shapely.LineString(np.column_stack([x[n], y[n]]))
        for way in range(len(reading.way_class))
        if reading.way_class[way] != CLASS_NUMBER["motorway"]
        for n in [reading.way_nodes[start[way] : start[way + 1]]]
    ]
    tree = shapely.STRtree(lines)
    for river in reading.waters:
        course = np.array(river.line)
        line = shapely.LineString(np.column_stack([of.plane.x(course[:, 0]), of.plane.y(course[:, 1])]))
        crossed = len(tree.query(line, predicate="intersects"))
        assert 1 <= crossed <= 24, river.name


def test_a_closed_bridge_means_a_detour(searches: Roads) -> None:
    west, east = Point(106.44, -6.06), Point(106.50, -6.06)
    before = searches.route(west, east, "ambulance", NOON_WIB)
    assert before is not None
    spots = [p for p in before.line if 106.455 < p[0] < 106.49]
    snap = searches.snap("car", [p[0] for p in spots], [p[1] for p in spots])
    searches.close({int(seg): float("inf") for seg in snap.seg})
    after = searches.route(west, east, "ambulance", NOON_WIB)
    searches.close({})
    assert after is None or after.seconds > before.seconds * 1.1


@pytest.mark.parametrize(
    ("text", "name", "kecamatan"),
    [
        ("RSUD Balaraja", "RSUD Balaraja", "Balaraja"),
        ("psr cikupa", "Pasar Cikupa", "Cikupa"),
        ("jl raya serang balaraja", "Jalan Raya Serang", "Balaraja"),
        (
            "simpang jl raya serang dengan jl raya mauk",
            "Simpang Jalan Raya Serang – Jalan Raya Mauk",
            "Cikupa",
        ),
    ],
)
def test_the_names_of_the_roads_are_found(search: Places, text: str, name: str, kecamatan: str) -> None:
    found = search.search(text)[0]
    assert (found.place.name, found.place.kecamatan) == (name, kecamatan)
    assert not found.place.area


def test_a_common_name_asks_for_the_kecamatan(search: Places) -> None:
    found = search.search("jalan melati")
    assert len({f.place.kecamatan for f in found}) > 3
    assert found[0].ask == "kecamatan"
    near = search.search("jalan melati", found[-1].place.point)
    assert near[0].place == found[-1].place


def test_a_toll_kilometre_is_a_point_of_its_carriageway(search: Places, searches: Roads) -> None:
    both = search.search("tol km 31+400")
    assert {f.ask for f in both} == {"direction"}
    assert len(both) == 2
    for found in both:
        snap = searches.snap("car", [found.place.lon], [found.place.lat])
        assert searches.graph.seg_class[snap.seg[0]] == CLASS_NUMBER["motorway"]
        assert snap.metres[0] < 12
