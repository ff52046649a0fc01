"""Who should go: capability, then readiness, then travel time; and why."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from fastapi import FastAPI
from psycopg import AsyncConnection

from sigap.dispatch import actions, store
from sigap.dispatch.ranking.order import Ground, Travel, rank
from sigap.dispatch.ranking.proposal import recommend
from sigap.dispatch.ranking.response import informed, reserves, wanted
from sigap.dispatch.ranking.roads import DRIVES_AS, by_road
from sigap.geo import importer
from sigap.incidents.catalogue import TYPES
from sigap.kernel.clock import ManualClock, SystemClock
from sigap.kernel.ids import new_id
from sigap.kernel.paths import Home
from sigap.kernel.place import Point
from sigap.units import store as units
from sigap.units.model import UNIT_TYPES, Position, Unit, UnitStatus
from sigap.units.roster import shipped
from tests.conftest import running
from tests.dispatch.conftest import Given
from tests.dispatch.test_api import Room
from tests.geo.extracts import extract
from tests.people import officer

AT = datetime(2026, 3, 1, tzinfo=UTC)
HERE = Point(106.5365, -6.1650)


def unit(code: str, *, agency: str = "BPBD_DAMKAR", type: str = "fire_engine", **changes: object) -> Unit:
    """A ready unit at the incident's kecamatan, with what a test changes."""
    ready = Unit(
        id=new_id(),
        code=code,
        agency=agency,
        type=type,
        status=UnitStatus.AVAILABLE,
        status_since=AT,
        status_reason=None,
        station=f"Pos {code}",
        station_lon=HERE.lon,
        station_lat=HERE.lat,
        approximate_station=True,
        kecamatan_code="36.03.12",
        assignment_id=None,
        active=True,
        phone=None,
        rev=1,
    )
    return replace(ready, **changes)  # pyrefly: ignore[bad-argument-type]


def ground(type: str = "FIR01", *, polsek: str | None = None, tried: dict[UUID, str] | None = None) -> Ground:
    """The incident's side."""
    return Ground(
        place=HERE,
        kecamatan_code="36.03.12",
        wanted=wanted(type),
        reserves=reserves(type),
        polsek=polsek,
        tried=tried or {},
    )


def codes(
    units: list[Unit], travel: dict[UUID, Travel] | None, type: str = "FIR01", **about: object
) -> list[str]:
    """The call signs in the order of the proposal."""
    ranked = rank(units, ground(type, **about), travel=travel, positions={})  # pyrefly: ignore[bad-argument-type]
    return [one.unit.code for one in ranked]


def test_capability_then_readiness_then_travel_time() -> None:
    near_tanker, far, near = unit("TKI-01", type="water_tender"), unit("DMK-01"), unit("DMK-02")
    resting = unit("DMK-03", status=UnitStatus.BREAK)
    broken = unit("DMK-04", status=UnitStatus.OUT_OF_SERVICE)
    everyone = [broken, resting, far, near, near_tanker]
    travel = {one.id: Travel(60.0) for one in everyone} | {far.id: Travel(500.0), near.id: Travel(200.0)}
    assert codes(everyone, travel) == ["DMK-02", "DMK-01", "DMK-03", "TKI-01", "DMK-04"]


def test_the_better_ambulance_is_preferred_but_not_at_any_price() -> None:
    als = unit("AMB-01", agency="DINKES_PSC119", type="als_ambulance")
    bls = unit("AMB-12", agency="DINKES_PSC119", type="bls_ambulance")
    close = {als.id: Travel(500.0), bls.id: Travel(360.0)}
    assert codes([bls, als], close, "MED03") == ["AMB-01", "AMB-12"]
    far = {als.id: Travel(1680.0), bls.id: Travel(360.0)}
    assert codes([bls, als], far, "MED03") == ["AMB-12", "AMB-01"]


def test_only_the_nearest_is_called_the_nearest() -> None:
    als = unit("AMB-01", agency="DINKES_PSC119", type="als_ambulance")
    bls = unit("AMB-12", agency="PMI", type="bls_ambulance")
    ranked = rank(
        [bls, als],
        ground("MED06"),
        travel={als.id: Travel(500.0), bls.id: Travel(360.0)},
        positions={},
    )
    said = [(one.unit.code, one.reason_facts["nearest"], one.reason_facts["stands_for"]) for one in ranked]
    assert said == [("AMB-01", False, "DINKES_PSC119"), ("AMB-12", True, "DINKES_PSC119")]


def test_who_refused_this_incident_is_not_proposed_again() -> None:
    one, two = unit("DMK-01"), unit("DMK-02")
    ranked = rank(
        [one, two],
        ground(tried={one.id: "refused"}),
        travel={one.id: Travel(10.0), two.id: Travel(900.0)},
        positions={},
    )
    assert [(p.unit.code, p.suitable, p.reason_code) for p in ranked] == [
        ("DMK-02", True, "travel_time"),
        ("DMK-01", False, "tried_before"),
    ]


def test_a_unit_that_no_road_reaches_comes_last_without_a_number() -> None:
    cut_off, far = unit("DMK-01"), unit("DMK-02")
    ranked = rank([cut_off, far], ground(), travel={far.id: Travel(3000.0)}, positions={})
    assert [(p.unit.code, p.eta_s, p.reason_code) for p in ranked] == [
        ("DMK-02", 3000.0, "travel_time"),
        ("DMK-01", None, "no_road"),
    ]


def test_without_roads_there_is_an_order_and_no_number() -> None:
    other = unit("DMK-01", kecamatan_code="36.03.11", station_lat=HERE.lat - 0.01)
    farther = unit("DMK-02", kecamatan_code="36.03.01", station_lat=HERE.lat - 0.2)
    own = unit("DMK-03", station_lat=HERE.lat - 0.05)
    ranked = rank([farther, other, own], ground(), travel=None, positions={})
    assert [one.unit.code for one in ranked] == ["DMK-03", "DMK-01", "DMK-02"]
    assert {(one.eta_s, one.distance_m, one.reason_code) for one in ranked} == {
        (None, None, "roads_not_imported")
    }
    assert not any("metres" in one.reason_facts or "distance" in one.reason_facts for one in ranked)


def test_the_police_station_of_the_place_comes_first() -> None:
    near = unit("POL-01", agency="POLRI", type="patrol", station="Polsek Cikupa")
    theirs = unit("POL-09", agency="POLRI", type="patrol", station="Polsek Pasar Kemis")
    travel = {near.id: Travel(60.0), theirs.id: Travel(600.0)}
    assert codes([near, theirs], travel, "SEC05", polsek="Polsek Pasar Kemis") == ["POL-09", "POL-01"]


def test_other_ambulances_stand_in_for_the_pscs() -> None:
    psc = unit("AMB-01", agency="DINKES_PSC119", type="bls_ambulance", status=UnitStatus.UNMANNED)
    pmi = unit("AMB-11", agency="PMI", type="bls_ambulance")
    assert codes([psc, pmi], None, "MED01") == ["AMB-11", "AMB-01"]


@pytest.mark.parametrize("type", sorted(TYPES))
def test_every_agency_of_a_type_is_asked_or_told(type: str) -> None:
    known = {agency.id for agency in shipped().agencies}
    asked, told = set(wanted(type)), set(informed(type))
    assert asked | told == set(TYPES[type].agencies)
    assert asked | told <= known
    assert not asked & told


def test_every_unit_of_the_roster_answers_something() -> None:
    asked = {(agency, kind) for type in TYPES for agency, kinds in wanted(type).items() for kind in kinds}
    idle = [post.code for post in shipped().posts if (post.agency, post.type) not in asked]
    assert idle == ["KOM-01"]  # the command car is sent by name, not by type
    assert set(DRIVES_AS) <= set(UNIT_TYPES)


async def test_from_the_roster_of_the_room(conn: AsyncConnection, given: Given, clock: ManualClock) -> None:
    incident = await given.incident("MED03")
    refused = await given.sent("AMB-09", agency="DINKES_PSC119", incident=incident)
    await actions.refuse(
        conn, assignment_id=refused.id, reason="already_committed", by=officer("DINKES_PSC119"), clock=clock
    )
    found = await recommend(conn, incident, travel_times=by_road(None), at=clock.now())
    best = found.units[0]
    assert (best.unit.type, best.suitable) == ("als_ambulance", True)
    tried = next(one for one in found.units if one.unit.code == "AMB-09")
    assert (tried.suitable, tried.reason_code) == (False, "tried_before")
    assert found.inform == []


async def test_by_road_the_nearer_crew_comes_first_and_its_time_is_promised(
    home: Home, app: FastAPI, connect: AsyncConnection
) -> None:
    importer.import_osm(extract("monaco"), home, anywhere=True)
    async with running(app) as client:
        room = Room(client, connect)
        await room.open()
        near, far = room.unit["DMK-01"], room.unit["DMK-07"]
        now = SystemClock().now()
        where = {near: (7.4205, 43.7330), far: (7.4370, 43.7480)}
        spots = [
            Position(
                unit_id=one, lon=lon, lat=lat, accuracy_m=None, measured_at=now, speed_kmh=None, heading=None
            )
            for one, (lon, lat) in where.items()
        ]
        await units.put_positions(connect, spots, at=now)
        place = {"lon": 7.4200, "lat": 43.7325, "text": "Quai"}
        report = {"type": "FIR01", "place": place, "narrative": "Api.", "intake_channel": "radio"}
        incident = (await room.post("agent", "/incidents", report)).json()["id"]
        answer = await client.get(f"/api/incidents/{incident}/recommendation", headers=room.headers["desk"])
        engines = [one for one in answer.json()["units"] if one["unit_id"] in (str(near), str(far))]
        assert [one["unit_id"] for one in engines] == [str(near), str(far)]
        assert [one["reason_code"] for one in engines] == ["travel_time", "travel_time"]
        assert 0 < engines[0]["eta_s"] < engines[1]["eta_s"]
        assert engines[0]["distance_m"] > 0
        sent = await room.send(incident, "DMK-01")
        kept = await store.get(connect, UUID(sent.json()["assignments"][0]["id"]))
        assert kept.eta_s == pytest.approx(engines[0]["eta_s"], rel=0.2)
