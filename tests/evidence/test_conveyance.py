"""Geolocation, geo: URIs, Call-Info and bodies of several parts."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigap.evidence import conveyance, geo_uri, parts
from sigap.evidence.model import ParseStatus, Source
from sigap.evidence.parts import Part

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
PLACE = Part(
    "application/pidf+xml",
    "a@b",
    b'<presence><tuple><status><geopriv><location-info><Point xmlns="http://www.opengis.net/gml"><pos>-6.2 106.5</pos></Point></location-info></geopriv></status></tuple></presence>',
)


def test_a_cid_finds_its_part_and_a_reference_is_kept():
    found = conveyance.locations(
        ["<cid:a%40b>;inserted-by=x, <https://lis.example/x?a,b>", "<sip:lis@example>"], [PLACE], NOW
    )
    assert [item.source for item in found] == [Source.PIDF_LO] * 3
    assert [item.parse_status for item in found] == [ParseStatus.OK, ParseStatus.PARTIAL, ParseStatus.PARTIAL]
    assert found[0].lat == -6.2
    assert found[1].reference == "https://lis.example/x?a,b"
    assert found[1].lon is None


def test_a_part_nobody_points_at_is_read_once_and_a_lost_pointer_is_said():
    found = conveyance.locations(["<cid:lost@x>"], [PLACE], NOW)
    assert [(item.parse_status, item.lat) for item in found] == [
        (ParseStatus.MALFORMED, None),
        (ParseStatus.OK, -6.2),
    ]
    assert len(conveyance.locations(["<cid:a@b>"], [PLACE], NOW)) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("geo:-6.26571,106.46732;u=35", (-6.26571, 106.46732, 35, ParseStatus.OK)),
        ("GEO:-6.26571,106.46732,12;crs=WGS84;U=5;x=y", (-6.26571, 106.46732, 5, ParseStatus.OK)),
        ("geo:-6.2,106.5", (-6.2, 106.5, None, ParseStatus.OK)),
        ("geo:-6.2,106.5;u=much", (-6.2, 106.5, None, ParseStatus.PARTIAL)),
        ("geo:0,0", (None, None, None, ParseStatus.MALFORMED)),
        ("geo:95,10", (None, None, None, ParseStatus.MALFORMED)),
        ("geo:1,2;crs=moon", (None, None, None, ParseStatus.MALFORMED)),
        ("geo:here", (None, None, None, ParseStatus.MALFORMED)),
    ],
)
def test_geo_uris(text: str, expected: tuple[float | None, float | None, float | None, ParseStatus]):
    item = geo_uri.read(text, NOW)
    assert (item.lat, item.lon, item.uncertainty_m, item.parse_status) == expected
    assert (item.raw is None) == (item.parse_status != ParseStatus.MALFORMED)


def test_call_info_purposes():
    found = conveyance.call_info(
        [
            "<urn:emergency:uid:callid:a56e:bcf.example>;purpose=emergency-CallId, <cid:p@x>;purpose=EmergencyCallData.ProviderInfo",
            "<https://x/y>;purpose=emergency-IncidentId;value=other",
        ]
    )
    assert [item["purpose"] for item in found] == [
        "emergency-CallId",
        "EmergencyCallData.ProviderInfo",
        "emergency-IncidentId",
    ]
    assert found[2]["value"] == "https://x/y"


def test_parts_are_cut_byte_for_byte():
    binary = bytes(range(256))
    body = (
        b"preamble\r\n--b\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n\r\n--b\r\n"
        b"content-type: application/ISUP;version=x\r\nContent-ID:  <i@x> \r\n\r\n"
        + binary
        + b"\r\n--b--\r\nafter"
    )
    first, second = parts.split('multipart/mixed; boundary="b"', body)
    assert (first.content_type, first.body) == ("application/sdp", b"v=0\r\n")
    assert (second.content_type, second.content_id, second.body) == ("application/isup", "i@x", binary)
    assert "base64" in second.as_json()
    assert first.as_json()["text"] == "v=0\r\n"


def test_parts_inside_parts_base64_and_a_boundary_nobody_named():
    inner = b"--i\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\nSGFsbw==\n--i--"
    body = b"--o\nContent-Type: multipart/alternative; boundary=i\n\n" + inner + b"\n--o--\n"
    (only,) = parts.split("multipart/mixed", body)
    assert (only.content_type, only.body) == ("text/plain", b"Halo")


def test_a_cut_body_still_gives_its_parts():
    (only,) = parts.split(
        "multipart/mixed;boundary=b", b"--b\r\nContent-Type: application/sdp\r\n\r\nv=0\r\nm=aud"
    )
    assert only.body == b"v=0\r\nm=aud"


@given(st.text(max_size=60), st.binary(max_size=500))
def test_nothing_raises(kind: str, body: bytes):
    found = parts.split("multipart/" + kind, body)
    conveyance.locations([kind], found, NOW)
    conveyance.call_info([kind])
    geo_uri.read(kind, NOW)
    for part in found:
        part.as_json()
