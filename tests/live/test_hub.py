"""Each screen sees its part of the room and no more, follows every change once, and starts over when it must."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from psycopg import AsyncConnection

from sigap.dispatch import actions, closing, sending
from sigap.dispatch.model import Role as Part
from sigap.identity.model import Actor, Role
from sigap.intake import actions as intake
from sigap.kernel.clock import SystemClock
from sigap.kernel.pool import Database
from sigap.live import hub as hub_module
from sigap.live import store
from sigap.live.hub import Hub, Screen
from sigap.live.model import Audience
from sigap.live.show import show_positions
from sigap.units import actions as units
from sigap.units import store as unit_store
from sigap.units.model import Position, UnitStatus
from sigap.units.roster import shipped
from tests.conftest import FreshDatabase
from tests.intake.given import incident
from tests.people import agent, crew, dispatcher, officer, person, ppa, supervisor

CLOCK = SystemClock()
WALL = person("layar1", Role.WALL_DEVICE)


@pytest.fixture
async def hub(fresh: FreshDatabase, connect: AsyncConnection) -> AsyncIterator[Hub]:
    """A hub on a room with its roster."""
    await units.seed(connect, roster=shipped(), by=Actor.machine("import"), clock=CLOCK)
    database = Database(fresh.app_url, size=2)
    await database.open()
    running = Hub(fresh.app_url, database)
    tail = asyncio.create_task(running.run())
    while running.seq == 0:
        await asyncio.sleep(0.01)
    yield running
    running.close()
    await tail
    await database.close()


def audience(actor: Actor) -> Audience:
    """Who sees as this actor sees."""
    return Audience.of(actor)


async def caught_up(hub: Hub, conn: AsyncConnection) -> None:
    """Until the hub has taken in everything."""
    cursor = await conn.execute("SELECT seq FROM journal_head")
    row = await cursor.fetchone()
    assert row is not None
    async with asyncio.timeout(5):
        while hub.seq < row[0]:
            await asyncio.sleep(0.005)


def queued(screen: Screen) -> list[tuple[str, dict[str, Any]]]:
    """The events waiting for a screen: (event, data). A heartbeat is a comment and none of them."""
    found: list[tuple[str, dict[str, Any]]] = []
    while not screen.queue.empty():
        message = screen.queue.get_nowait()
        if message is None:
            found.append(("end", {}))
            continue
        if message.startswith(b": heartbeat "):
            continue
        lines = dict(line.split(": ", 1) for line in message.decode().strip().split("\n"))
        found.append((lines["event"], json.loads(lines["data"])))
    return found


def seen(hub: Hub, actor: Actor, table: str, row_id: UUID) -> dict[str, Any] | None:
    """One row as somebody sees it now."""
    return hub.room(audience(actor))[1][table].get(str(row_id))


async def send(
    conn: AsyncConnection, incident_id: UUID, unit: str | None, agency: str, role: Part = Part.LEAD
) -> Any:
    """Send one agency or unit."""
    unit_id = (await unit_store.by_code(conn, unit)).id if unit else None
    order = sending.Order(agency=agency, unit_id=unit_id, role=role)
    [sent] = await sending.assign_units(
        conn, incident_id=incident_id, orders=[order], promised={}, by=dispatcher(), clock=CLOCK
    )
    return sent


async def test_the_desk_sees_a_fire_with_its_place(hub: Hub, connect: AsyncConnection) -> None:
    fire = await incident(connect, CLOCK)
    await caught_up(hub, connect)
    for desk in (agent(), dispatcher(), supervisor()):
        row = seen(hub, desk, "incident", fire.id)
        assert row is not None
        assert (row["lon"], row["narrative"]) == (fire.lon, fire.narrative)


async def test_an_agency_sees_an_incident_once_it_is_sent_to_it(hub: Hub, connect: AsyncConnection) -> None:
    fire = await incident(connect, CLOCK)
    await caught_up(hub, connect)
    pln = audience(officer("PLN"))
    screen = hub.join(pln, hub.room(pln)[0])
    assert seen(hub, officer("PLN"), "incident", fire.id) is None
    await send(connect, fire.id, None, "PLN")
    await caught_up(hub, connect)
    (event, data), *_ = queued(screen)
    assert event == "changes"
    tables = {change["table"] for change in data["changes"]}
    assert {"incident", "assignment"} <= tables
    assert seen(hub, officer("PLN"), "incident", fire.id) is not None
    assert seen(hub, officer("PMI"), "incident", fire.id) is None


async def test_a_refusing_crew_loses_sight_of_it(hub: Hub, connect: AsyncConnection) -> None:
    fire = await incident(connect, CLOCK)
    job = await send(connect, fire.id, "DMK-07", "BPBD_DAMKAR")
    by = crew(job.unit_id)
    await caught_up(hub, connect)
    assert seen(hub, by, "incident", fire.id) is not None
    screen = hub.join(audience(by), hub.seq)
    await actions.refuse(connect, assignment_id=job.id, reason="no_driver", by=by, clock=CLOCK)
    await caught_up(hub, connect)
    gone = {
        (change["table"], change["row"] is None) for _, data in queued(screen) for change in data["changes"]
    }
    assert ("incident", True) in gone
    assert seen(hub, by, "incident", fire.id) is None


async def test_a_restricted_case_shows_its_clock_alone(hub: Hub, connect: AsyncConnection) -> None:
    case = await incident(connect, CLOCK, "PPA01")
    await caught_up(hub, connect)
    row = seen(hub, dispatcher(), "incident", case.id)
    assert row is not None
    assert row["masked"] is True
    assert {"lon", "lat", "place_text", "narrative", "kecamatan_code", "type", "category"}.isdisjoint(row)
    full = seen(hub, ppa(), "incident", case.id)
    assert full is not None
    assert full["narrative"] == case.narrative


async def test_an_informed_agency_learns_of_a_restricted_case_no_more_than_its_clock(
    hub: Hub, connect: AsyncConnection
) -> None:
    case = await incident(connect, CLOCK, "PPA01")
    await intake.open_restricted(
        connect, incident_id=case.id, reason="Mengirim bantuan", by=dispatcher(), clock=CLOCK
    )
    informed = await send(connect, case.id, None, "PMI", Part.INFORM)
    leading = await send(connect, case.id, None, "POLRI", Part.LEAD)
    await caught_up(hub, connect)
    own = seen(hub, officer("PMI"), "assignment", informed.id)
    assert own is not None
    assert own["masked"] is True
    assert seen(hub, officer("PMI"), "assignment", leading.id) is None
    told, sent = (
        seen(hub, officer("PMI"), "incident", case.id),
        seen(hub, officer("POLRI"), "incident", case.id),
    )
    assert told is not None
    assert told["masked"] is True
    assert sent is not None
    assert sent["narrative"] == case.narrative


async def test_the_wall_shows_no_person_and_no_house(hub: Hub, connect: AsyncConnection) -> None:
    fire = await incident(connect, CLOCK, reporter_name="Ibu Demo", callback_number="+62000113001")
    case = await incident(connect, CLOCK, "PPA01")
    await caught_up(hub, connect)
    _, tables = hub.room(audience(WALL))
    shown = json.dumps(tables, ensure_ascii=False)
    for secret in (fire.narrative, fire.place_text, "Ibu Demo", "+62000113001", "+62 000", "Belakang pasar"):
        assert secret not in shown
    row = tables["incident"][str(fire.id)]
    assert (row["lon"], row["lat"]) != (fire.lon, fire.lat)
    assert abs(row["lon"] - fire.lon) < 0.002
    assert str(case.id) not in tables["incident"]
    assert tables["account"] == {}
    assert tables["callback"] == {}


async def test_those_who_see_figures_only_see_no_room(hub: Hub, connect: AsyncConnection) -> None:
    await incident(connect, CLOCK)
    await caught_up(hub, connect)
    for reader in (person("pimpinan1", Role.EXECUTIVE), person("kementerian1", Role.MINISTRY_VIEWER)):
        _, tables = hub.room(audience(reader))
        assert not tables["incident"]
        assert not tables["call"]
        assert "+62 000" not in json.dumps(tables)


async def test_a_screen_that_comes_back_is_told_what_it_missed_once(
    hub: Hub, connect: AsyncConnection
) -> None:
    desk = audience(dispatcher())
    before, _ = hub.room(desk)
    for _ in range(3):
        await incident(connect, CLOCK)
    await caught_up(hub, connect)
    first = queued(hub.join(desk, before))
    assert [data["kind"] for event, data in first if event == "changes"] == ["incident.opened"] * 3
    middle = first[0][1]["seq"]
    again = [data["seq"] for event, data in queued(hub.join(desk, middle)) if event == "changes"]
    assert again == [data["seq"] for event, data in first[1:] if event == "changes"]


async def test_an_unknown_cursor_starts_over(hub: Hub, connect: AsyncConnection) -> None:
    await incident(connect, CLOCK)
    await caught_up(hub, connect)
    desk = audience(dispatcher())
    for cursor in (0, hub.seq + 1000):
        assert [event for event, _ in queued(hub.join(desk, cursor))] == ["reset", "end"]


async def test_a_slow_screen_is_told_to_start_over(
    hub: Hub, connect: AsyncConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_module, "SCREEN_BACKLOG", 20)
    desk = audience(dispatcher())
    slow = Screen(queue=asyncio.Queue(2))
    hub.room(desk)
    fast = hub.join(desk, hub.seq)
    hub._watches[desk].screens.add(slow)
    for _ in range(4):
        await incident(connect, CLOCK)
    await caught_up(hub, connect)
    assert [event for event, _ in queued(slow)] == ["reset", "end"]
    assert len([event for event, _ in queued(fast) if event == "changes"]) == 4


async def test_positions_reach_those_who_see_the_unit(hub: Hub, connect: AsyncConnection) -> None:
    unit = await unit_store.by_code(connect, "DMK-07")
    screens = {
        name: hub.join(audience(who), _join_seq(hub, who))
        for name, who in {
            "desk": dispatcher(),
            "own": officer("BPBD_DAMKAR"),
            "other": officer("PLN"),
            "wall": WALL,
        }.items()
    }
    position = Position(
        unit_id=unit.id,
        lon=106.54321,
        lat=-6.17171,
        accuracy_m=8.0,
        measured_at=datetime.now(UTC),
        speed_kmh=40.0,
        heading=90.0,
    )
    await units.report_positions(connect, positions=[position], by=crew(unit.id), clock=CLOCK)
    seen_by: dict[str, dict[str, Any]] = {name: {} for name in screens}
    async with asyncio.timeout(5):
        while "positions" not in seen_by["desk"]:
            await asyncio.sleep(0.02)
            for name, screen in screens.items():
                seen_by[name] |= dict(queued(screen))
    told = {name: events.get("positions") for name, events in seen_by.items()}
    assert told["desk"] is not None
    assert told["desk"][str(unit.id)][:2] == [106.54321, -6.17171]
    assert told["own"] == told["desk"]
    assert told["other"] is None
    assert told["wall"] is not None
    assert told["wall"][str(unit.id)][:2] == [106.5425, -6.1725]


def _join_seq(hub: Hub, who: Actor) -> int:
    return hub.room(audience(who))[0]


async def test_the_hub_survives_the_loss_of_all_its_connections(
    hub: Hub, connect: AsyncConnection, fresh: FreshDatabase
) -> None:
    desk = audience(dispatcher())
    screen = hub.join(desk, hub.room(desk)[0])
    await connect.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
    )
    async with await AsyncConnection.connect(fresh.app_url, autocommit=True) as conn:
        await incident(conn, CLOCK)
        await caught_up(hub, conn)
    assert [data["kind"] for event, data in queued(screen) if event == "changes"] == ["incident.opened"]


async def test_who_gives_a_reason_reads_the_case_and_others_do_not(
    hub: Hub, connect: AsyncConnection
) -> None:
    case = await incident(connect, CLOCK, "PPA01")
    await caught_up(hub, connect)
    one, other = dispatcher("dina"), dispatcher("doni")
    screens = {who.name: hub.join(hub.audience(who), hub.seq, str(who.account_id)) for who in (one, other)}
    await intake.open_restricted(connect, incident_id=case.id, reason="Mengirim bantuan", by=one, clock=CLOCK)
    await caught_up(hub, connect)
    assert [event for event, _ in queued(screens["dina"])][-2:] == ["reset", "end"]
    assert "reset" not in [event for event, _ in queued(screens["doni"])]
    read = hub.room(hub.audience(one))[1]["incident"][str(case.id)]
    assert read["narrative"] == case.narrative
    assert hub.room(hub.audience(other))[1]["incident"][str(case.id)]["masked"] is True


async def test_whose_right_ended_while_away_starts_over(hub: Hub, connect: AsyncConnection) -> None:
    case = await incident(connect, CLOCK, "PPA01")
    dina = dispatcher("dina")
    await intake.open_restricted(connect, incident_id=case.id, reason="Mengirim unit", by=dina, clock=CLOCK)
    await caught_up(hub, connect)
    who, now_over = hub.audience(dina), audience(dina)
    assert case.id in {UUID(one) for one in who.granted}
    hub.room(now_over)  # her colleagues look on: nothing else would make her start over
    seq, tables = hub.room(who, str(dina.account_id))
    assert tables["incident"][str(case.id)]["narrative"] == case.narrative
    back = hub.join(now_over, seq, str(dina.account_id))
    assert [event for event, _ in queued(back)] == ["reset", "end"]
    seq, tables = hub.room(now_over, str(dina.account_id))
    assert tables["incident"][str(case.id)]["masked"] is True
    assert [event for event, _ in queued(hub.join(now_over, seq, str(dina.account_id)))] == []


async def test_the_opener_reads_her_case_while_it_is_open(hub: Hub, connect: AsyncConnection) -> None:
    case = await incident(connect, CLOCK, "PPA01", by=agent("siti"))
    await caught_up(hub, connect)
    assert hub.room(hub.audience(agent("siti")))[1]["incident"][str(case.id)]["narrative"] == case.narrative
    await closing.cancel_incident(
        connect, incident_id=case.id, reason="entered_in_error", by=supervisor(), clock=CLOCK
    )
    await caught_up(hub, connect)
    assert hub.room(hub.audience(agent("siti")))[1]["incident"][str(case.id)]["masked"] is True


async def test_a_crew_sees_the_others_while_it_belongs_to_them(hub: Hub, connect: AsyncConnection) -> None:
    fire = await incident(connect, CLOCK)
    first = await send(connect, fire.id, "DMK-07", "BPBD_DAMKAR")
    second = crew((await unit_store.by_code(connect, "PLN-01")).id)
    await caught_up(hub, connect)
    assert seen(hub, second, "unit", first.unit_id) is None
    job = await send(connect, fire.id, "PLN-01", "PLN", Part.ASSIST)
    await caught_up(hub, connect)
    other = seen(hub, second, "unit", first.unit_id)
    assert other is not None
    assert "phone" not in other
    await actions.refuse(connect, assignment_id=job.id, reason="no_driver", by=second, clock=CLOCK)
    await caught_up(hub, connect)
    assert seen(hub, second, "unit", first.unit_id) is None
    assert seen(hub, second, "unit", job.unit_id) is not None


async def test_a_case_that_becomes_restricted_takes_its_unit_off_the_wall(
    hub: Hub, connect: AsyncConnection
) -> None:
    fire = await incident(connect, CLOCK)
    job = await send(connect, fire.id, "DMK-07", "BPBD_DAMKAR")
    await caught_up(hub, connect)
    row = seen(hub, WALL, "unit", job.unit_id)
    assert row is not None
    assert (row["assignment_id"], row["status"]) == (str(job.id), "dispatched")
    await intake.reclassify(connect, incident_id=fire.id, type="PPA01", by=agent(), clock=CLOCK)
    await caught_up(hub, connect)
    row = seen(hub, WALL, "unit", job.unit_id)
    assert row is not None
    assert (row["assignment_id"], row["status"]) == (None, "available")


async def test_a_masked_job_keeps_its_clock_and_tells_nothing_else(
    hub: Hub, connect: AsyncConnection
) -> None:
    case = await incident(connect, CLOCK, "PPA01")
    await intake.open_restricted(
        connect, incident_id=case.id, reason="Mengirim bantuan", by=dispatcher(), clock=CLOCK
    )
    job = await send(connect, case.id, "DMK-07", "BPBD_DAMKAR")
    by = crew(job.unit_id)
    await actions.refuse(connect, assignment_id=job.id, reason="no_driver", by=by, clock=CLOCK)
    await caught_up(hub, connect)
    masked, full = seen(hub, dispatcher(), "assignment", job.id), seen(hub, ppa(), "assignment", job.id)
    assert full is not None
    assert full["reason"] == "no_driver"
    assert masked is not None
    blank = {"eta_s", "result", "reason", "proposed_unit_id", "by_phone"}
    assert {name: masked[name] for name in blank} == dict.fromkeys(blank)
    assert (masked["flags"], masked["masked"]) == ([], True)
    for name in ("agency", "role", "state", "sent_at", "acknowledged_at", "ended_at", "escalation"):
        assert masked[name] == full[name]


async def moved(hub: Hub, conn: AsyncConnection, unit_id: UUID, lon: float) -> None:
    """A unit says where it is, and the hub has heard it."""
    position = Position(
        unit_id=unit_id,
        lon=lon,
        lat=-6.17171,
        accuracy_m=8.0,
        measured_at=datetime.now(UTC),
        speed_kmh=None,
        heading=None,
    )
    await units.report_positions(conn, positions=[position], by=crew(unit_id), clock=CLOCK)
    async with asyncio.timeout(5):
        while hub.positions(audience(crew(unit_id))).get(str(unit_id), [0])[0] != lon:
            await asyncio.sleep(0.02)


async def test_no_position_gives_a_restricted_place_away(hub: Hub, connect: AsyncConnection) -> None:
    case = await incident(connect, CLOCK, "PPA01")
    await intake.open_restricted(
        connect, incident_id=case.id, reason="Mengirim bantuan", by=dispatcher(), clock=CLOCK
    )
    job = await send(connect, case.id, "DMK-07", "BPBD_DAMKAR")
    by, unit = crew(job.unit_id), str(job.unit_id)
    readers = {"desk": dispatcher(), "wall": WALL, "own": officer("BPBD_DAMKAR")}
    await caught_up(hub, connect)
    screens = {name: hub.join(audience(who), _join_seq(hub, who)) for name, who in readers.items()}

    def told() -> set[str]:
        return {name for name, who in readers.items() if unit in hub.positions(audience(who))}

    await moved(hub, connect, job.unit_id, 106.541)
    heard = {
        name for name, screen in screens.items() if any(event == "positions" for event, _ in queued(screen))
    }
    assert heard == told() == {"own"}
    assert not [event for event, _ in queued(hub.join(audience(dispatcher()), hub.seq))]
    for verb in (actions.acknowledge, actions.depart, actions.arrive):
        await verb(connect, assignment_id=job.id, by=by, clock=CLOCK)
    await actions.finish(connect, assignment_id=job.id, result="handled_on_scene", by=by, clock=CLOCK)
    await caught_up(hub, connect)
    assert told() == {"own"}
    _, world = await store.snapshot(connect, case.opened_at)
    assert not show_positions(world, audience(dispatcher()), {unit: [106.541, -6.1717, 0, None, None]})
    await units.set_status(connect, unit_id=job.unit_id, status=UnitStatus.AVAILABLE, by=by, clock=CLOCK)
    await caught_up(hub, connect)
    assert told() == set(readers)


async def test_the_wall_hears_nothing_of_a_unit_at_a_restricted_case(
    hub: Hub, connect: AsyncConnection
) -> None:
    case = await incident(connect, CLOCK, "PPA01")
    await intake.open_restricted(
        connect, incident_id=case.id, reason="Mengirim bantuan", by=dispatcher(), clock=CLOCK
    )
    screen = hub.join(audience(WALL), _join_seq(hub, WALL))
    unit = await unit_store.by_code(connect, "DMK-07")
    before = seen(hub, WALL, "unit", unit.id)
    job = await send(connect, case.id, "DMK-07", "BPBD_DAMKAR")
    by = crew(unit.id)
    for verb in (actions.acknowledge, actions.depart, actions.arrive):
        await verb(connect, assignment_id=job.id, by=by, clock=CLOCK)
    await actions.finish(connect, assignment_id=job.id, result="handled_on_scene", by=by, clock=CLOCK)
    await units.set_status(connect, unit_id=unit.id, status=UnitStatus.AVAILABLE, by=by, clock=CLOCK)
    await caught_up(hub, connect)
    assert before is not None
    assert (before["status"], before["status_since"]) == ("available", None)
    assert seen(hub, WALL, "unit", unit.id) == before
    assert queued(screen) == []
