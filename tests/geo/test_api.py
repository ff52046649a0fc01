"""Places, borders, routes and tiles over HTTP, on the real app."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from psycopg import AsyncConnection

from sigap.geo import importer
from sigap.kernel.paths import Home
from tests.conftest import running
from tests.geo.extracts import extract
from tests.people import Role, as_


@pytest.fixture
async def agent(client: httpx.AsyncClient, connect: AsyncConnection) -> httpx.AsyncClient:
    """A call-taker's client; no roads are imported."""
    client.headers.update(await as_(client, connect, "agent1", Role.AGENT))
    return client


@pytest.fixture
async def with_roads(home: Home, app: FastAPI, connect: AsyncConnection) -> AsyncIterator[httpx.AsyncClient]:
    """The same with a small city's roads in use."""
    importer.import_osm(extract("monaco"), home, anywhere=True)
    async with running(app) as client:
        client.headers.update(await as_(client, connect, "agent1", Role.AGENT))
        yield client


async def test_where_and_places_answer_without_roads(agent: httpx.AsyncClient) -> None:
    where = await agent.get("/api/geo/where", params={"lon": 106.456972, "lat": -6.192145})
    assert where.json()["desa_code"] == "36.03.01.1001"
    found = (await agent.get("/api/geo/places", params={"q": "ds caringin kec legok rt 3/5"})).json()
    assert (found[0]["name"], found[0]["kecamatan"], found[0]["detail"]) == (
        "Caringin",
        "Legok",
        "RT 03/RW 05",
    )
    assert found[0]["area"] is True


async def test_what_is_asked_in_a_body_has_the_answer_of_the_address(agent: httpx.AsyncClient) -> None:
    point = {"lon": 106.456972, "lat": -6.192145}
    for door, question in (
        ("where", point),
        ("places", {"q": "ds caringin kec legok rt 3/5"}),
        ("places", {"q": "pasar"} | point),
    ):
        by_address = await agent.get(f"/api/geo/{door}", params=question)
        by_body = await agent.post(f"/api/geo/{door}", json=question)
        assert by_body.status_code == 200, by_body.text
        assert by_body.json()
        assert by_body.json() == by_address.json()
    route = await agent.post("/api/geo/route", json={"from": [106.45, -6.19], "to": [106.5, -6.2]})
    assert (route.status_code, route.json()["code"]) == (503, "geo.roads_not_imported")


@pytest.mark.parametrize(
    ("door", "question"),
    [
        ("places", {"q": "x", "lon": 106}),
        ("places", {"q": "a" * 401}),
        ("places", {"q": "a\0"}),
        ("places", {}),
        ("where", {"lon": 181, "lat": 0}),
        ("where", {"lon": 106}),
        ("route", {"from": [7.41], "to": [7.42, 43.7]}),
        ("route", {"from": [7.41, 95], "to": [7.42, 43.7]}),
        ("route", {"from": [7.41, 43.7], "to": [7.42, 43.7], "vehicle": "boat"}),
    ],
)
async def test_a_body_that_cannot_be_meant_is_refused(
    agent: httpx.AsyncClient, door: str, question: dict[str, Any]
) -> None:
    answer = await agent.post(f"/api/geo/{door}", json=question)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_travel_time_is_refused_and_not_guessed_without_roads(agent: httpx.AsyncClient) -> None:
    answer = await agent.get("/api/geo/route", params={"from": "106.45,-6.19", "to": "106.5,-6.2"})
    assert answer.status_code == 503
    assert answer.json()["code"] == "geo.roads_not_imported"
    assert "belum diimpor" in answer.json()["title"]
    assert (await agent.get("/api/geo/style-info")).json()["imported"] is False
    assert (await agent.get("/api/tiles/roads.pmtiles")).status_code == 503


async def test_borders_come_compressed_and_are_not_sent_twice(agent: httpx.AsyncClient) -> None:
    first = await agent.get("/api/geo/borders/kecamatan")
    assert first.headers["content-type"] == "application/geo+json"
    assert first.headers["content-encoding"] == "gzip"
    assert len(first.json()["features"]) == 29
    again = await agent.get("/api/geo/borders/kecamatan", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert (await agent.get("/api/geo/borders/rt")).status_code == 422


@pytest.mark.parametrize(
    "query", [{"q": "x", "lon": "106"}, {"q": "x", "lon": "nan", "lat": "0"}, {"q": "a" * 401}, {}]
)
async def test_a_question_that_cannot_be_meant_is_refused(
    agent: httpx.AsyncClient, query: dict[str, str]
) -> None:
    answer = await agent.get("/api/geo/places", params=query)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_stranger_gets_no_places(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/geo/places", params={"q": "balaraja"})).status_code == 401
    for door in ("places", "where", "route"):
        assert (await client.post(f"/api/geo/{door}", json={"q": "balaraja"})).status_code == 401


async def test_a_route_a_tile_range_and_the_credit(with_roads: httpx.AsyncClient) -> None:
    route = await with_roads.get("/api/geo/route", params={"from": "7.4197,43.7313", "to": "7.4246,43.7384"})
    assert route.status_code == 200, route.text
    body = route.json()
    assert 60 < body["seconds"] < 900
    assert 700 < body["metres"] < 5000
    assert len(body["line"]) > 10
    ends = {"from": [7.4197, 43.7313], "to": [7.4246, 43.7384]}
    assert (await with_roads.post("/api/geo/route", json=ends)).json() == body
    slower = await with_roads.post("/api/geo/route", json=ends | {"vehicle": "truck"})
    assert slower.json()["seconds"] > body["seconds"]
    style = (await with_roads.get("/api/geo/style-info")).json()
    assert (style["synthetic"], style["credit"]) == (False, "© OpenStreetMap contributors")
    part = await with_roads.get(style["tiles"], headers={"Range": "bytes=0-6"})
    assert (part.status_code, part.content) == (206, b"PMTiles")
    assert part.headers["accept-ranges"] == "bytes"
    assert part.headers["etag"]
    for wrong in ("7.41", "x,y", "7.41,95", "nan,3"):
        refused = await with_roads.get("/api/geo/route", params={"from": wrong, "to": "7.4246,43.7384"})
        assert (refused.status_code, refused.json()["code"]) == (422, "geo.no_such_point")


async def test_the_street_names_of_the_import_are_found(with_roads: httpx.AsyncClient) -> None:
    found = (await with_roads.get("/api/geo/places", params={"q": "avenue de la cosat"})).json()
    assert found[0]["name"] == "Avenue de la Costa"
    assert found[0]["kind"] == "street"
    assert found[0]["area"] is False


async def test_the_major_roads_are_lines_by_class(with_roads: httpx.AsyncClient) -> None:
    answer = await with_roads.get("/api/geo/roads/major")
    assert answer.headers["content-type"] == "application/geo+json"
    found = {
        feature["properties"]["class"]: feature["geometry"]["coordinates"]
        for feature in answer.json()["features"]
    }
    assert set(found) <= {"motorway", "trunk", "primary", "secondary"}
    assert found["primary"]
    assert all(len(line) >= 2 for lines in found.values() for line in lines)


async def test_no_major_roads_are_drawn_before_an_import(agent: httpx.AsyncClient) -> None:
    assert (await agent.get("/api/geo/roads/major")).status_code == 503
