"""The import: whole or not at all, any extract of ours, and searched by processes that survive."""

import os
import signal
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from pmtiles.reader import MmapSource, Reader

from sigap.geo import graph, importer, roads
from sigap.geo.osm_reading import RoadsUnusable
from sigap.geo.search_pool import SearchPool
from sigap.kernel.paths import Home
from sigap.kernel.place import Point
from tests.geo.extracts import extract

NOON_WIB = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "least_main", "named"),
    [("monaco", 0.9, 400), ("balikpapan-kota-roads", 0.97, 100), ("malta", 0.6, 5000)],
)
def test_an_extract_becomes_roads_names_and_tiles(
    home: Home, name: str, least_main: float, named: int
) -> None:
    steps: list[float] = []
    counts = importer.import_osm(extract(name), home, lambda _, done: steps.append(done), anywhere=True)
    assert steps == sorted(steps)
    assert steps[-1] == 1.0
    folder = roads.folder(home)
    assert folder is not None
    built = graph.load(folder)
    assert len(built.seg_a) == counts["segments"]
    assert built.main("motorcycle").mean() >= least_main
    assert counts["places"] >= named
    assert sorted(p.name for p in home.roads.iterdir()) == ["current", folder.name]
    with (folder / "roads.pmtiles").open("rb") as file:
        header = Reader(MmapSource(file)).header()
    assert header["max_zoom"] == 14
    west, _, east, _ = counts["bounds"]
    assert header["min_lon_e7"] / 1e7 == pytest.approx(west, abs=0.05)
    assert header["max_lon_e7"] / 1e7 == pytest.approx(east, abs=0.05)


def test_chains_follow_the_roads_without_a_gap(home: Home) -> None:
    importer.import_osm(extract("monaco"), home, anywhere=True, with_tiles=False)
    folder = roads.folder(home)
    assert folder is not None
    built = graph.load(folder)
    within = np.diff(built.seg_chain) == 0
    assert (built.seg_b[:-1][within] == built.seg_a[1:][within]).all()
    assert (built.junction_node[built.chain_a] == built.seg_a[built.chain_start[:-1]]).all()
    assert (built.junction_node[built.chain_b] == built.seg_b[built.chain_start[1:] - 1]).all()


def test_another_region_s_file_is_refused_and_the_old_roads_stay(home: Home) -> None:
    importer.import_osm(extract("balikpapan-kota-roads"), home, anywhere=True, with_tiles=False)
    before = roads.folder(home)
    with pytest.raises(RoadsUnusable, match="does not meet the borders"):
        importer.import_osm(extract("monaco"), home)
    assert roads.folder(home) == before
    assert not list(home.roads.glob(f"{importer.BUILDING}*"))


def test_a_broken_file_is_refused_in_words(home: Home, tmp_path: Path) -> None:
    cut = tmp_path / "cut.osm.pbf"
    cut.write_bytes(extract("monaco").read_bytes()[:100_000])
    with pytest.raises(RoadsUnusable, match=r"cut\.osm\.pbf"):
        importer.import_osm(cut, home, anywhere=True)
    assert roads.folder(home) is None


def test_an_import_that_is_stopped_leaves_the_old_roads(home: Home) -> None:
    def stop_late(step: str, done: float) -> None:
        if done > 0.5:
            raise KeyboardInterrupt(step)

    with pytest.raises(KeyboardInterrupt):
        importer.import_osm(extract("monaco"), home, stop_late, anywhere=True)
    assert list(home.roads.iterdir()) == []


async def test_searches_run_in_a_process_that_may_die_and_follow_a_new_import(home: Home) -> None:
    importer.import_osm(extract("monaco"), home, anywhere=True, with_tiles=False)
    pool = SearchPool(home)
    incident, unit = Point(7.4246, 43.7384), Point(7.4197, 43.7313)
    try:
        first = await pool.etas(incident, [("a", unit, "ambulance"), ("b", unit, "fire_engine")], NOON_WIB)
        assert 0 < first["a"].seconds < first["b"].seconds
        assert pool._pool is not None
        for process in list(pool._pool._processes.values()):
            assert process.pid is not None
            os.kill(process.pid, signal.SIGKILL)
        again = await pool.etas(incident, [("a", unit, "ambulance")], NOON_WIB)
        assert again["a"] == first["a"]
        folder = roads.folder(home)
        assert folder is not None
        slow = len(graph.load(folder).seg_a)
        pool.close_roads(dict.fromkeys(range(slow), 2.0))
        flooded = await pool.etas(incident, [("a", unit, "ambulance")], NOON_WIB)
        assert first["a"].seconds * 1.5 < flooded["a"].seconds <= first["a"].seconds * 2
        importer.import_osm(extract("balikpapan-kota-roads"), home, anywhere=True, with_tiles=False)
        route = await pool.route(Point(116.82, -1.27), Point(116.85, -1.26), "car", NOON_WIB)
        assert route.metres > 3000
        assert (
            await pool.travel_s(Point(116.82, -1.27), [(1, Point(116.85, -1.26), "car")], NOON_WIB) or {}
        )[1] > 60
    finally:
        pool.stop()


async def test_without_roads_there_is_no_travel_time(home: Home) -> None:
    pool = SearchPool(home)
    assert await pool.travel_s(Point(106.5, -6.2), [(1, Point(106.4, -6.2), "car")], NOON_WIB) is None
    with pytest.raises(roads.RoadsNotImported):
        await pool.route(Point(106.5, -6.2), Point(106.4, -6.2), "car", NOON_WIB)
