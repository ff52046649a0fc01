"""Simulated crews between two jobs, and what the city reports as done."""

import asyncio
import json
from random import Random
from typing import Any

import httpx
import pytest

from sigap.dispatch.words import RESULTS
from sigap.incidents.catalogue import TYPES
from sigap.simulation import dispatchers, resting
from sigap.simulation.chairs import Chairs
from sigap.simulation.colleague import Colleague
from sigap.simulation.eye import Eye
from sigap.simulation.results import ASSISTING, LEAD, LEAD_OF_TYPE, result_of

HOME, SCENE = (106.50, -6.20), (106.52, -6.18)


class Town:
    """A room's doors as a crew between jobs uses them: what was sent to each."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, dict[str, Any]]] = []

    def answer(self, request: httpx.Request) -> httpx.Response:
        """What the room says."""
        body = json.loads(request.content or b"{}")
        if request.url.path == "/api/session":
            return httpx.Response(201, json={"token": "t"})
        self.sent.append((request.url.path, body))
        if request.url.path == "/api/geo/route":
            return httpx.Response(
                200, json={"seconds": 2.0, "metres": 3000, "line": [body["from"], body["to"]]}
            )
        return httpx.Response(204)


async def _rest(monkeypatch: pytest.MonkeyPatch, town: Town, status: str, place: tuple[float, float]) -> None:
    """Let a unit rest for some tenths of a second, at a pace at which minutes pass in them."""
    monkeypatch.setattr(resting, "LOOK_EVERY_S", 0.02)
    async with httpx.AsyncClient(base_url="http://room", transport=httpx.MockTransport(town.answer)) as http:
        eye = Eye(http, Colleague(http, "dispatcher1"))
        unit = {"id": "u", "code": "DMK-07", "status": status, "station_lon": HOME[0], "station_lat": HOME[1]}
        eye.tables, eye.positions = {"unit": {"u": unit}}, {"u": list(place)}
        eye.ready.set()
        crews = {"crew-dmk-07": Colleague(http, "crew-dmk-07")}
        watching = asyncio.create_task(
            resting.Resting(eye, Chairs(http), Random(1), crews, pace=10_000).watch()
        )
        await asyncio.sleep(0.4)
        watching.cancel()


async def test_a_crew_drives_home_when_it_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    town = Town()
    await _rest(monkeypatch, town, "available", SCENE)
    assert ("/api/geo/route", {"from": list(SCENE), "to": list(HOME)}) in town.sent
    told = [body for path, body in town.sent if path == "/api/units/u/position"]
    assert HOME in [(body["lon"], body["lat"]) for body in told]


@pytest.mark.parametrize("status", ["en_route", "available"])
async def test_a_crew_at_work_or_at_home_stays_where_it_is(
    monkeypatch: pytest.MonkeyPatch, status: str
) -> None:
    town = Town()
    await _rest(monkeypatch, town, status, HOME if status == "available" else SCENE)
    assert town.sent == []


@pytest.mark.parametrize("status", ["unmanned", "cleared"])
async def test_a_crew_becomes_ready_again(monkeypatch: pytest.MonkeyPatch, status: str) -> None:
    town = Town()
    await _rest(monkeypatch, town, status, HOME)
    assert town.sent[0] == ("/api/units/u/status", {"status": "available"})


def test_reports_use_the_rooms_own_results() -> None:
    said = {*LEAD.values(), *LEAD_OF_TYPE.values(), *ASSISTING.values()}
    assert said <= set(RESULTS)
    assert set(LEAD_OF_TYPE) <= set(TYPES)


def test_only_the_fire_brigade_reports_a_fire_as_put_out() -> None:
    fire = {"type": "FIR01", "category": "FIR"}
    assert result_of({"role": "lead", "agency": "BPBD_DAMKAR"}, fire) == "fire_extinguished"
    assert result_of({"role": "assist", "agency": "PLN"}, fire) == "hazard_secured"
    assert result_of({"role": "assist", "agency": "POLRI"}, fire) == "handled_on_scene"


def test_a_refused_job_is_given_to_one_other_unit() -> None:
    refused = {"id": "a", "agency": "BPBD_DAMKAR", "state": "refused", "replaces_id": None}
    sent_anew = {"id": "b", "agency": "BPBD_DAMKAR", "state": "departed", "replaces_id": None}
    assert dispatchers._takes_over(sent_anew, refused)
    assert not dispatchers._takes_over(sent_anew | {"agency": "PLN"}, refused)
    assert dispatchers._takes_over(sent_anew | {"state": "refused", "replaces_id": "a"}, refused)
