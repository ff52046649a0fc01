"""Borders: every desa finds itself, the shore and the neighbours are told apart, an operator's file can take over."""

import csv
import json
import time
from pathlib import Path

import pytest

from sigap.geo import borders
from sigap.kernel.place import Point


def test_every_desa_s_inside_point_lies_in_that_desa() -> None:
    with (borders.PACKAGED / "desa.csv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table))
    assert len(rows) == 274
    for row in rows:
        found = borders.where(Point(float(row["point_lon"]), float(row["point_lat"])))
        assert (found.desa_code, found.desa, found.kecamatan) == (row["code"], row["name"], row["kecamatan"])
        assert not found.outside
        assert not found.snapped


def test_a_point_in_the_java_sea_is_outside_and_nobody_s() -> None:
    found = borders.where(Point(106.52, -5.85))
    assert found.outside
    assert found.neighbour is None
    assert found.desa_code is None


def test_the_regency_s_hospital_in_the_city_is_outside_and_names_the_city() -> None:
    found = borders.where(Point(106.6356, -6.1696))
    assert found.outside
    assert found.neighbour == "Kota Tangerang"


def test_a_point_just_off_the_shore_belongs_to_the_desa_it_touches() -> None:
    current = borders.current()
    north = max(
        current.regency.exterior.coords
        if hasattr(current.regency, "exterior")
        else (c for part in current.regency.geoms for c in part.exterior.coords),
        key=lambda c: c[1],
    )
    at_sea = Point(float(current.plane.lon(north[0])), float(current.plane.lat(north[1] + 120)))
    found = borders.where(at_sea)
    assert found.snapped
    assert not found.outside
    assert found.desa_code
    far = borders.where(Point(at_sea.lon, float(current.plane.lat(north[1] + 900))))
    assert far.outside


def test_there_are_29_kecamatan_and_274_desa_and_their_points_lie_inside() -> None:
    areas = borders.current().areas
    assert [a.kind for a in areas].count("kecamatan") == 29
    assert len(areas) == 29 + 274
    for area in areas:
        assert borders.where(Point(area.lon, area.lat)).kecamatan_code == area.kecamatan_code


def test_a_lookup_takes_well_under_a_millisecond() -> None:
    spots = [Point(106.34 + i * 0.0004, -6.35 + i * 0.0003) for i in range(900)]
    borders.where(spots[0])
    began = time.process_time()
    for spot in spots:
        borders.where(spot)
    assert (time.process_time() - began) / len(spots) < 0.001


def _desa(code: str, name: str, west: float) -> dict[str, object]:
    ring = [[west, -7.0], [west + 0.1, -7.0], [west + 0.1, -6.9], [west, -6.9], [west, -7.0]]
    properties = {"code": code, "name": name, "kecamatan_name": "Contoh"}
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def test_an_operator_s_borders_take_over_when_they_are_whole(tmp_path: Path) -> None:
    source = tmp_path / "desa.geojson"
    two = [_desa("33.01.01.2001", "Utara", 108.0), _desa("33.01.01.2002", "Selatan", 108.1)]
    source.write_text(json.dumps({"type": "FeatureCollection", "features": two}))
    into = tmp_path / "borders"
    assert borders.import_borders(source, into) == 2
    imported = borders.Borders(into)
    found = imported.where(Point(108.15, -6.95))
    assert (found.kecamatan, found.desa) == ("Contoh", "Selatan")
    bad = tmp_path / "bad.geojson"
    bad.write_text(json.dumps({"features": [{"properties": {}, "geometry": two[0]["geometry"]}]}))
    with pytest.raises(borders.BordersUnusable, match="code"):
        borders.import_borders(bad, into)
    assert borders.Borders(into).where(Point(108.05, -6.95)).desa == "Utara"
