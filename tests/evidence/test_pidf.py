"""Location documents: the third-party set against its expected results, and what must never come of a broken one."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigap.evidence import pidf, shapes
from sigap.evidence.model import LocationEvidence, ParseStatus
from sigap.kernel.place import metres_between
from tests.shared_cases import cases, data

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
TEMPLATE = """<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:gp="urn:ietf:params:xml:ns:pidf:geopriv10"
 xmlns:gml="http://www.opengis.net/gml" xmlns:gs="http://www.opengis.net/pidflo/1.0" xmlns:con="urn:ietf:params:xml:ns:geopriv:conf">
<tuple id="t"><status><gp:geopriv><gp:location-info>{}</gp:location-info><gp:method>GPS</gp:method></gp:geopriv></status>
<timestamp>2026-11-24T07:59:00Z</timestamp></tuple></presence>"""


def read(inside: str) -> LocationEvidence:
    """The one item of a document with this location-info."""
    (item,) = pidf.read(TEMPLATE.format(inside).encode(), NOW)
    return item


@pytest.mark.parametrize("case", cases("pidf-lo"))
def test_third_party_documents(case: dict[str, Any]):
    items = pidf.read(data("pidf-lo", case), NOW)
    assert any(item.lon is not None for item in items) == case["usable_point"]
    assert any(item.civic for item in items) == case["usable_civic"]
    if not case["xml_well_formed"]:
        (item,) = items
        assert item.parse_status == ParseStatus.MALFORMED
        assert item.raw
        return
    assert len(items) == len(case["locations"])
    for item, expected in zip(items, case["locations"], strict=True):
        check(item, expected)
        if case["timestamp"] and "note" not in case:
            assert item.measured_at in (None, datetime.fromisoformat(case["timestamp"]))


def check(item: LocationEvidence, expected: dict[str, Any]) -> None:
    """One item against one location of the set."""
    assert item.method == expected["method"]
    assert item.civic == expected.get("civic", {})
    assert item.shape == expected.get("shape")
    if expected.get("unusable"):
        assert (item.parse_status, item.lon, item.lat, item.uncertainty_m) == (
            ParseStatus.MALFORMED,
            None,
            None,
            None,
        )
        assert item.raw
        return
    if "shape" not in expected:
        assert item.lon is None
        return
    assert item.lat is not None
    assert item.lon is not None
    here = (item.lat, item.lon)
    if expected["shape"] == "ArcBand":
        away = metres_between(expected["lat"], expected["lon"], *here)
        assert expected["inner_m"] <= away <= expected["outer_m"]
        assert item.uncertainty_m
        assert 500 < item.uncertainty_m < 1500
    elif "ring" in expected:
        assert here == pytest.approx((expected["centroid_lat"], expected["centroid_lon"]), abs=0.005)
        assert item.uncertainty_m == pytest.approx(
            max(metres_between(*here, lat, lon) for lat, lon in expected["ring"]), rel=1e-3
        )
    else:
        assert here == pytest.approx((expected["lat"], expected["lon"]), abs=1e-6)
        assert item.uncertainty_m == expected.get("radius_m", expected.get("semi_major_m"))
    if "confidence_pct" in expected:
        assert item.confidence == pytest.approx(expected["confidence_pct"] / 100)
    elif item.uncertainty_m is not None:
        assert item.confidence == 0.95
    if "alt_m" in expected:
        assert item.altitude_m == expected["alt_m"]


def test_a_point_has_an_unknown_uncertainty_not_none_at_all():
    item = read("<gml:Point><gml:pos>-6.2 106.5</gml:pos></gml:Point>")
    assert (item.lat, item.lon, item.uncertainty_m, item.confidence) == (-6.2, 106.5, None, None)


@pytest.mark.parametrize(
    ("inside", "radius"),
    [
        ("<gs:Ellipse><gml:pos>-6.2 106.5</gml:pos><gs:semiMajorAxis>7</gs:semiMajorAxis><gs:semiMinorAxis>3</gs:semiMinorAxis><gs:orientation>9</gs:orientation></gs:Ellipse>", 7),
        ("<gs:Sphere><gml:pos>-6.2 106.5 26</gml:pos><gs:radius>12</gs:radius></gs:Sphere>", 12),
        ("<gml:Circle><gml:pos>-6.2,106.5</gml:pos><gml:radius> 40 </gml:radius></gml:Circle>", 40),
        ("<gs:Circle><gml:pos>-6.2 106.5</gml:pos><gs:radius uom='urn:ogc:def:uom:EPSG::9002'>100</gs:radius></gs:Circle>", 30.48),
    ],
    ids=["ellipse", "sphere", "circle in gml with a comma", "feet"],
)  # fmt: skip
def test_shapes_become_circles(inside: str, radius: float):
    item = read(inside)
    assert (item.lat, item.lon) == (-6.2, 106.5)
    assert item.uncertainty_m == pytest.approx(radius)
    assert item.parse_status == ParseStatus.OK


@pytest.mark.parametrize(
    "inside",
    [
        "<gml:Point><gml:pos>0 0</gml:pos></gml:Point>",
        "<gml:Point><gml:pos>91 10</gml:pos></gml:Point>",
        "<gml:Point><gml:pos>10 181</gml:pos></gml:Point>",
        "<gml:Point><gml:pos>nan inf</gml:pos></gml:Point>",
        "<gml:Point><gml:pos></gml:pos></gml:Point>",
        "<gml:Point/>",
        "<gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>1 2 3 4</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>",
        "<gs:ArcBand><gml:pos>1 2</gml:pos></gs:ArcBand>",
        "",
    ],
)
def test_what_gives_no_place_gives_no_marker_and_is_kept(inside: str):
    item = read(inside)
    assert (item.parse_status, item.lon, item.lat) == (ParseStatus.MALFORMED, None, None)
    assert item.raw
    assert "presence" in item.raw


def test_a_circle_whose_radius_is_missing_is_still_a_point():
    item = read("<gs:Circle><gml:pos>-6.2 106.5</gml:pos></gs:Circle>")
    assert (item.parse_status, item.lat, item.uncertainty_m) == (ParseStatus.PARTIAL, -6.2, None)


def test_confidence_unknown_is_not_95_percent():
    circle = "<gs:Circle><gml:pos>-6.2 106.5</gml:pos><gs:radius>9</gs:radius></gs:Circle>"
    assert read(circle + "<con:confidence>unknown</con:confidence>").confidence is None
    assert read(circle).confidence == 0.95


def test_a_hollow_area_is_marked_inside_it_not_in_its_middle():
    horseshoe = [
        (0.0, 0.0),
        (0.0, 3.0),
        (3.0, 3.0),
        (3.0, 2.9),
        (0.1, 2.9),
        (0.1, 0.1),
        (3.0, 0.1),
        (3.0, 0.0),
        (0.0, 0.0),
    ]
    circle = shapes.of_ring([(lat + 1, lon + 100) for lat, lon in horseshoe])
    assert (circle.lat - 1, circle.lon - 100) in [pytest.approx(corner) for corner in horseshoe]


@pytest.mark.parametrize(
    "document",
    [
        b'<!DOCTYPE a [<!ENTITY b "x">]><presence>&b;</presence>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><presence/>',
        b"<presence" + b" " * (300 * 1024) + b"/>",
        b"\xff\xfe\x00",
        b"",
        b"<?xml version='1.0' encoding='nonsense'?><presence/>",
    ],
    ids=["entity", "outside", "huge", "noise", "empty", "unknown encoding"],
)
def test_hostile_documents_are_malformed(document: bytes):
    (item,) = pidf.read(document, NOW)
    assert item.parse_status == ParseStatus.MALFORMED
    assert item.raw is not None
    assert len(item.raw) <= pidf.MAX_BYTES


@given(
    st.binary(max_size=400)
    | st.text(max_size=300).map(lambda text: TEMPLATE.format(text).encode("utf-8", "replace"))
)
def test_nothing_raises(document: bytes):
    for item in pidf.read(document, NOW):
        assert (item.lon is None) == (item.lat is None)
        item.as_json()


@given(st.lists(st.tuples(st.floats(-80, 80), st.floats(-179, 179)), min_size=3, max_size=9, unique=True))
def test_any_ring_gives_a_circle_that_covers_it(corners: list[tuple[float, float]]):
    circle = shapes.of_ring([*corners, corners[0]])
    assert circle.radius_m is not None
    for corner in corners:
        assert metres_between(circle.lat, circle.lon, *corner) <= circle.radius_m + 1e-3
