"""The report and the feed of a real day in the room, over HTTP and as files."""

import csv
import io
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from psycopg import AsyncConnection

from sigap.dispatch import actions, closing, sending
from sigap.dispatch.model import Role as Part
from sigap.identity.model import Actor, Role
from sigap.kernel.clock import WIB, ManualClock
from sigap.kernel.paths import Home
from sigap.reporting import feed
from sigap.reporting.model import Period
from sigap.units import actions as units
from sigap.units import store as unit_store
from sigap.units.roster import shipped
from tests.calls.speaking import Voice
from tests.conftest import START
from tests.intake.given import incident
from tests.people import agent, as_, crew, dispatcher

TODAY = START.astimezone(WIB).date()


async def a_fire_from_ring_to_close(conn: AsyncConnection, clock: ManualClock, type: str = "FIR01") -> Any:
    """One call, one incident, one engine, closed; answered after 4 s, there after 636 s."""
    await units.seed(conn, roster=shipped(), by=Actor.machine("import"), clock=clock)
    voice = Voice(clock)
    call_id = await voice.answered(conn, agent().account_id)
    clock.tick(seconds=26)
    fire = await incident(conn, clock, type, call_id=call_id)
    unit = await unit_store.by_code(conn, "DMK-07")
    order = sending.Order(agency="BPBD_DAMKAR", unit_id=unit.id, role=Part.LEAD)
    [job] = await sending.assign_units(
        conn, incident_id=fire.id, orders=[order], promised={}, by=dispatcher(), clock=clock
    )
    for verb, seconds in (
        (actions.acknowledge, 20),
        (actions.depart, 60),
        (actions.arrive, 526),
        (actions.finish, 1200),
    ):
        clock.tick(seconds=seconds)
        await verb(conn, assignment_id=job.id, by=crew(unit.id), clock=clock)
    await voice.tells(conn, "call_ended", call_id=call_id, cause="agent_released", by="agent", sip_code=200)
    return await closing.close_incident(
        conn, incident_id=fire.id, results={"BPBD_DAMKAR": "fire_extinguished"}, by=dispatcher(), clock=clock
    )


async def test_a_day_stands_in_its_report(client: httpx.AsyncClient, connect: AsyncConnection) -> None:
    await a_fire_from_ring_to_close(connect, ManualClock(START))
    headers = await as_(client, connect, "penyelia", Role.SUPERVISOR)
    answer = await client.get("/api/reports/daily", params={"date": str(TODAY)}, headers=headers)
    report = answer.raise_for_status().json()
    assert report["calls"] == {"offered": 1, "answered": 1, "lost": 0, "waiting": 0}
    assert report["dispositions"] == {"normal": 1}
    assert report["incidents"]["by_category"]["FIR"] == 1
    assert report["incidents"]["by_kecamatan"] == {"36.03.12": 1}
    assert [line["agency"] for line in report["agencies"]] == ["BPBD_DAMKAR"]
    assert report["reconciles"] is True
    head = await (await connect.execute("SELECT seq, hash FROM journal_head")).fetchone()
    assert head is not None
    assert report["journal"]["seq"] <= head[0]
    yesterday = {"date": str(TODAY - timedelta(days=1))}
    assert (await client.get("/api/reports/daily", params=yesterday, headers=headers)).json()["calls"][
        "offered"
    ] == 0


@pytest.mark.parametrize(("format", "start"), [("csv", "﻿Laporan Harian".encode()), ("xlsx", b"PK")])
async def test_the_report_comes_as_a_file(
    client: httpx.AsyncClient, connect: AsyncConnection, format: str, start: bytes
) -> None:
    headers = await as_(client, connect, "pengamat", Role.MINISTRY_VIEWER)
    answer = await client.get(
        "/api/reports/daily", params={"date": str(TODAY), "format": format}, headers=headers
    )
    assert answer.status_code == 200
    assert answer.content.startswith(start)
    assert f"laporan-112-{TODAY:%Y%m%d}.{format}" in answer.headers["content-disposition"]


async def test_figures_are_for_those_who_may_read_them(
    client: httpx.AsyncClient, connect: AsyncConnection
) -> None:
    operator = await as_(client, connect, "siti", Role.AGENT)
    boss = await as_(client, connect, "bupati", Role.EXECUTIVE)
    assert (await client.get("/api/reports/daily", headers=operator)).status_code == 403
    assert (await client.get("/api/reports/daily", headers=boss)).status_code == 403
    assert (await client.get("/api/dashboard", headers=operator)).status_code == 403
    shown = (await client.get("/api/dashboard", params={"days": "7"}, headers=boss)).raise_for_status().json()
    assert len(shown["trend"]) == 30
    assert "Melati" not in json.dumps(shown)


async def test_the_feed_tells_each_closed_ticket(conn: AsyncConnection, clock: ManualClock) -> None:
    fire = await a_fire_from_ring_to_close(conn, clock)
    period = Period.day(TODAY)
    (ticket,) = await feed.tickets_of(conn, period)
    profile = feed.load_profile()
    told = feed.record(ticket, profile)
    assert told["nomor_tiket"] == fire.ticket_number
    assert (told["kecamatan"], told["instansi"], told["hasil"]) == (
        "Pasar Kemis",
        ["BPBD_DAMKAR"],
        ["BPBD_DAMKAR:fire_extinguished"],
    )
    assert datetime.fromisoformat(told["waktu_jawab"]) - datetime.fromisoformat(
        told["waktu_panggilan"]
    ) == timedelta(seconds=4)
    assert told["bujur"] == round(fire.lon, 3)
    assert feed.gaps(ticket, profile) == []
    text = feed.as_csv([ticket], profile, ";").decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text), delimiter=";")
    assert row["nomor_tiket"] == fire.ticket_number
    whole = json.loads(feed.as_json([ticket], profile, period))
    assert (len(whole["tickets"]), whole["gaps"]) == (1, {})
    for secret in ("0812", "Melati", fire.narrative):
        assert secret not in text + json.dumps(whole)


async def test_a_restricted_case_gives_the_feed_no_place(conn: AsyncConnection, clock: ManualClock) -> None:
    await a_fire_from_ring_to_close(conn, clock, "PPA01")
    (ticket,) = await feed.tickets_of(conn, Period.day(TODAY))
    told = feed.record(ticket, feed.load_profile())
    assert (told["jenis_kejadian"], told["kecamatan"], told["desa"], told["bujur"]) == (
        "Kasus Terbatas",
        None,
        None,
        None,
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("profile = ", "Invalid value"),
        ('profile = "x"', "at least one"),
        ('profile = "x"\n[[field]]\nname = "a"\n', "needs name, source, type"),
        (
            'profile = "x"\n[[field]]\nname = "a"\nsource = "caller"\ntype = "text"\n',
            "no such source: caller",
        ),
        ('profile = "x"\n[[field]]\nname = "a"\nsource = "lon"\ntype = "float"\n', "no such type: float"),
        (
            'profile = "x"\n[[field]]\nname = "a"\nsource = "lon"\ntype = "number"\nmask = "rot13"\n',
            "no such mask",
        ),
    ],
)
def test_a_profile_with_a_mistake_names_it(tmp_path: Path, text: str, why: str) -> None:
    file = tmp_path / "feed.toml"
    file.write_text(text)
    with pytest.raises(feed.ProfileUnusable) as refused:
        feed.load_profile(file)
    assert why in str(refused.value.facts["why"])


async def test_the_sites_own_profile_shapes_the_feed(
    client: httpx.AsyncClient, connect: AsyncConnection, home: Home
) -> None:
    fire = await a_fire_from_ring_to_close(connect, ManualClock(START))
    (home.root / "feed.toml").write_text(
        'profile = "regency"\n[[field]]\nname = "id"\nsource = "ticket_number"\ntype = "text"\nmask = "last3"\n'
    )
    headers = await as_(client, connect, "pengamat", Role.MINISTRY_VIEWER)
    days = {"first": str(TODAY), "last": str(TODAY)}
    told = (await client.get("/api/feed/tickets", params=days, headers=headers)).raise_for_status().json()
    assert told["tickets"] == [{"id": fire.ticket_number[-3:]}]
    long = {"first": "2026-01-01", "last": "2026-03-01"}
    refused = await client.get("/api/feed/tickets", params=long, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (422, "report.period_unusable")
