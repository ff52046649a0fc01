"""Roster, statuses and positions."""

from dataclasses import replace
from datetime import timedelta
from importlib.resources import files

import pytest
from psycopg import AsyncConnection

from sigap.identity.model import Actor
from sigap.incidents.catalogue import TYPES
from sigap.journal import store as journal
from sigap.kernel.clock import ManualClock
from sigap.kernel.ids import new_id
from sigap.kernel.problems import Denied
from sigap.units import actions, store
from sigap.units.model import (
    CREW_MOVES,
    NoSuchAgency,
    NoSuchUnit,
    Position,
    Unit,
    UnitNotAllowedNow,
    UnitStatus,
    catalogue,
)
from sigap.units.roster import Roster, police_areas, shipped
from tests.people import agent, crew, dispatcher, officer

IMPORT = Actor.machine("import")


@pytest.fixture
async def engine(conn: AsyncConnection, clock: ManualClock) -> Unit:
    """DMK-07 of the shipped roster."""
    await actions.seed(conn, roster=shipped(), by=IMPORT, clock=clock)
    return await store.by_code(conn, "DMK-07")


async def test_the_roster_is_entered_once(conn: AsyncConnection, clock: ManualClock) -> None:
    assert await actions.seed(conn, roster=shipped(), by=IMPORT, clock=clock) == 16 + 68
    entries = await journal.after(conn, 0, limit=1000)
    assert await actions.seed(conn, roster=shipped(), by=IMPORT, clock=clock) == 0
    assert len(await journal.after(conn, 0, limit=1000)) == len(entries)
    assert len([one for one in await store.units(conn) if one.agency == "BPBD_DAMKAR"]) == 19


async def test_a_changed_agency_is_registered_again_and_units_keep_their_day(
    conn: AsyncConnection, clock: ManualClock, engine: Unit
) -> None:
    await actions.set_status(conn, unit_id=engine.id, status=UnitStatus.BREAK, by=dispatcher(), clock=clock)
    moved = [replace(one, head_title="Plt. Kepala") if one.id == "PLN" else one for one in shipped().agencies]
    changed = Roster(tuple(moved), shipped().posts)
    assert await actions.seed(conn, roster=changed, by=IMPORT, clock=clock) == 1
    after = await store.agency(conn, "PLN")
    assert (after.head_title, after.rev) == ("Plt. Kepala", 2)
    assert (await store.get(conn, engine.id)).status is UnitStatus.BREAK


async def test_only_an_import_enters_the_roster(conn: AsyncConnection, clock: ManualClock) -> None:
    with pytest.raises(Denied):
        await actions.seed(conn, roster=shipped(), by=dispatcher(), clock=clock)


def test_no_shipped_number_reaches_anybody() -> None:
    phones = [post.phone for post in shipped().posts]
    phones += [number or "" for one in shipped().agencies for number in (one.head_phone, one.contact_phone)]
    assert all(phone.startswith("+62 000 ") for phone in phones)
    assert len(set(phones)) == len(phones)


def test_every_agency_of_the_catalogue_is_in_the_roster() -> None:
    known = {agency.id for agency in shipped().agencies}
    assert {agency for kind in TYPES.values() for agency in kind.agencies} <= known
    assert known == {post.agency for post in shipped().posts}


def test_police_answers_by_table_in_each_of_29_kecamatan() -> None:
    areas = police_areas()
    stations = {post.station for post in shipped().posts if post.agency == "POLRI"}
    assert len(areas) == 29
    assert {area.polsek for area in areas.values()} <= stations
    assert {area.polres for area in areas.values()} == {
        "Polresta Tangerang",
        "Polres Metro Tangerang Kota",
        "Polres Tangerang Selatan",
    }
    assert areas["36.03.30"].polsek == "Polsek Sepatan"


def test_the_data_say_where_they_come_from() -> None:
    notice = (files("sigap") / "data" / "agencies" / "NOTICE.md").read_text(encoding="utf-8")
    for file in (files("sigap") / "data" / "agencies").iterdir():
        assert file.name == "NOTICE.md" or file.name in notice


async def test_what_is_stored_is_what_comes_back(conn: AsyncConnection, engine: Unit) -> None:
    assert type(engine.status) is UnitStatus
    assert await store.get(conn, engine.id) == engine
    with pytest.raises(NoSuchUnit):
        await store.by_code(conn, "DMK-99")
    with pytest.raises(NoSuchAgency):
        await store.agency(conn, "NASA")


@pytest.mark.parametrize("before", list(UnitStatus))
@pytest.mark.parametrize("after", list(UnitStatus))
def test_a_hand_sets_only_what_follows(engine_row: Unit, before: UnitStatus, after: UnitStatus) -> None:
    unit = replace(engine_row, status=before)
    if after in CREW_MOVES.get(before, frozenset()):
        assert unit.moved(after, at=unit.status_since).status is after
    else:
        with pytest.raises(UnitNotAllowedNow):
            unit.moved(after, at=unit.status_since)
    assert not CREW_MOVES.get(before, frozenset()) & {
        UnitStatus.DISPATCHED,
        UnitStatus.ACKNOWLEDGED,
        UnitStatus.CLEARED,
    }


@pytest.fixture
def engine_row(clock: ManualClock) -> Unit:
    """A unit as a value alone."""
    post = shipped().posts[0]
    return Unit(
        id=new_id(),
        code=post.code,
        agency=post.agency,
        type=post.type,
        status=UnitStatus.AVAILABLE,
        status_since=clock.now(),
        status_reason=None,
        station=post.station,
        station_lon=post.place.lon,
        station_lat=post.place.lat,
        approximate_station=True,
        kecamatan_code=post.kecamatan_code,
        assignment_id=None,
        active=True,
        phone=post.phone,
        rev=1,
    )


async def test_who_may_speak_for_a_unit(conn: AsyncConnection, clock: ManualClock, engine: Unit) -> None:
    for by in (dispatcher(), officer("BPBD_DAMKAR"), crew(engine.id)):
        await actions.set_status(conn, unit_id=engine.id, status=UnitStatus.BREAK, by=by, clock=clock)
        await actions.set_status(conn, unit_id=engine.id, status=UnitStatus.AVAILABLE, by=by, clock=clock)
    for by in (agent(), officer("PLN"), crew((await store.by_code(conn, "DMK-01")).id)):
        with pytest.raises(Denied):
            await actions.set_status(conn, unit_id=engine.id, status=UnitStatus.BREAK, by=by, clock=clock)


async def test_the_same_status_again_is_no_event(
    conn: AsyncConnection, clock: ManualClock, engine: Unit
) -> None:
    again = await actions.set_status(
        conn, unit_id=engine.id, status=UnitStatus.AVAILABLE, by=dispatcher(), clock=clock
    )
    assert again == engine
    kinds = [entry.kind for entry in await journal.about(conn, [str(engine.id)])]
    assert kinds == ["unit.registered"]


async def test_what_they_say_as_the_reason_is_sealed(
    conn: AsyncConnection, clock: ManualClock, engine: Unit
) -> None:
    said = "Pak Budi sakit"
    await actions.set_status(
        conn, unit_id=engine.id, status=UnitStatus.BREAK, reason=said, by=crew(engine.id), clock=clock
    )
    [entry] = [one for one in await journal.about(conn, [str(engine.id)]) if one.kind == "unit.status_set"]
    assert entry.facts["has_reason"] is True
    assert said not in str(entry.body())
    personal = (await journal.sealed(conn, entry.seq, entry.seq))[entry.seq]
    assert [part["row"] for part in personal.content] == [{"phone": engine.phone, "status_reason": said}]
    assert (await store.get(conn, engine.id)).status_reason == said


async def test_the_latest_position_wins_whatever_order_they_come_in(
    conn: AsyncConnection, clock: ManualClock, engine: Unit
) -> None:
    def at(seconds: float, lon: float) -> Position:
        when = clock.now() + timedelta(seconds=seconds)
        return Position(
            unit_id=engine.id,
            lon=lon,
            lat=-6.2,
            accuracy_m=5.0,
            measured_at=when,
            speed_kmh=None,
            heading=None,
        )

    before = len(await journal.after(conn, 0, limit=1000))
    for seconds, lon in ((-20, 106.5), (-5, 106.52), (-10, 106.51), (3600, 106.53)):
        await actions.report_positions(conn, positions=[at(seconds, lon)], by=crew(engine.id), clock=clock)
    kept = (await store.positions(conn))[engine.id]
    assert (kept.lon, kept.measured_at) == (
        106.53,
        clock.now(),
    )  # a phone whose clock is fast is taken as now
    assert len(await journal.after(conn, 0, limit=1000)) == before
    other = crew((await store.by_code(conn, "DMK-01")).id)
    with pytest.raises(Denied):
        await actions.report_positions(conn, positions=[at(0, 106.5)], by=other, clock=clock)


def test_the_catalogue_names_every_status_in_both_languages() -> None:
    told = catalogue()["unit_statuses"]
    assert isinstance(told, list)
    assert {one["code"] for one in told if isinstance(one, dict)} == set(UnitStatus)
    assert all(
        isinstance(one, dict) and isinstance(one["name"], dict) and all(one["name"].values()) for one in told
    )
