"""GET /api/room and its stream over a real socket: snapshot, changes, heartbeat, the end of a session."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from psycopg import AsyncConnection

from sigap.identity.model import Role
from sigap.kernel.clock import SystemClock
from sigap.live import api, hub
from tests.intake.given import BODY, incident
from tests.people import as_


@pytest.fixture
async def served(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """The app behind a real server: an in-memory transport would wait for the end of a stream."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
        running = asyncio.create_task(server.serve(sockets=[listening]))
        while not (server.started and app.state.hub.ready):
            await asyncio.sleep(0.01)
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{listening.getsockname()[1]}", timeout=10
        ) as client:
            yield client
        server.should_exit = True
        await running


async def events(lines: AsyncIterator[str]) -> AsyncIterator[tuple[str, str | None, dict[str, Any]]]:
    """Server-Sent Events: (event, id, data); the heartbeat, a comment, under its name."""
    event, number = "", None
    async for line in lines:
        if line.startswith(": heartbeat "):
            yield "heartbeat", None, json.loads(line.removeprefix(": heartbeat "))
        elif line.startswith("event: "):
            event = line[7:]
        elif line.startswith("id: "):
            number = line[4:]
        elif line.startswith("data: "):
            yield event, number, json.loads(line[6:])
            number = None


async def test_a_desk_takes_the_room_and_follows_it(
    served: httpx.AsyncClient, connect: AsyncConnection
) -> None:
    headers = await as_(served, connect, "dina", Role.DISPATCHER)
    room = (await served.get("/api/room", headers=headers)).json()
    assert room["tables"]["incident"] == {}
    assert {row["username"] for row in room["tables"]["account"].values()} == {"dina"}
    async with served.stream(
        "GET", "/api/room/stream", params={"after": room["seq"]}, headers=headers
    ) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        told = events(answer.aiter_lines())
        assert (await anext(told))[0] == "heartbeat"
        fire = await incident(connect, SystemClock())
        event, number, data = await anext(told)
        assert (event, number, data["kind"]) == ("changes", str(data["seq"]), "incident.opened")
        (change,) = [change for change in data["changes"] if change["table"] == "incident"]
        assert (change["id"], change["rev"], change["row"]["narrative"]) == (
            str(fire.id),
            fire.rev,
            fire.narrative,
        )


async def test_the_one_who_pressed_the_key_takes_the_same_road(
    served: httpx.AsyncClient, connect: AsyncConnection
) -> None:
    headers = await as_(served, connect, "siti", Role.AGENT)
    seq = (await served.get("/api/room", headers=headers)).json()["seq"]
    async with served.stream("GET", "/api/room/stream", params={"after": seq}, headers=headers) as answer:
        told = events(answer.aiter_lines())
        await anext(told)
        opened = await served.post("/api/incidents", json=BODY, headers=headers)
        assert opened.status_code == 201, opened.text
        _, _, data = await anext(told)
        assert opened.json()["id"] in {change["id"] for change in data["changes"]}


async def test_a_browser_that_reconnects_names_its_last_event(
    served: httpx.AsyncClient, connect: AsyncConnection
) -> None:
    headers = await as_(served, connect, "dina", Role.DISPATCHER)
    seq = (await served.get("/api/room", headers=headers)).json()["seq"]
    fires = [await incident(connect, SystemClock()) for _ in range(3)]
    path = "/api/room/stream"
    async with served.stream("GET", path, params={"after": seq}, headers=headers) as answer:
        told = [item async for item in _until(events(answer.aiter_lines()), 3)]
    again = headers | {"Last-Event-ID": str(told[0][1])}
    async with served.stream("GET", path, params={"after": 0}, headers=again) as answer:
        missed = [item async for item in _until(events(answer.aiter_lines()), 2)]
    assert [item[1] for item in missed] == [item[1] for item in told[1:]]
    assert len(fires) == 3


async def test_a_stream_begins_with_what_was_missed_and_holds_the_three_events_alone(
    served: httpx.AsyncClient, connect: AsyncConnection
) -> None:
    headers = await as_(served, connect, "dina", Role.DISPATCHER)
    seq = (await served.get("/api/room", headers=headers)).json()["seq"]
    await incident(connect, SystemClock())
    while (now := (await served.get("/api/room", headers=headers)).json()["seq"]) == seq:
        await asyncio.sleep(0.02)
    for after, first in ((seq, "changes"), (now + 1000, "reset")):
        async with served.stream(
            "GET", "/api/room/stream", params={"after": after}, headers=headers
        ) as answer:
            lines = answer.aiter_lines()
            names = [line async for line in _first_event(lines)]
            assert names == [f"event: {first}"]


async def _first_event(lines: AsyncIterator[str]) -> AsyncIterator[str]:
    """The line that names the stream's first event; nothing but its id may stand before it."""
    async for line in lines:
        if line.startswith("event: "):
            yield line
            return
        assert line.startswith("id: "), line


async def _until(told: AsyncIterator[Any], changes: int) -> AsyncIterator[Any]:
    async for item in told:
        if item[0] == "changes":
            yield item
            changes -= 1
            if changes == 0:
                return


async def test_nobody_follows_without_a_session_or_with_nothing_to_see(
    served: httpx.AsyncClient, connect: AsyncConnection
) -> None:
    assert (await served.get("/api/room")).status_code == 401
    assert (await served.get("/api/room/stream")).status_code == 401
    headers = await as_(served, connect, "boss", Role.EXECUTIVE)
    refused = await served.get("/api/room", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "denied")


async def test_signing_out_ends_the_stream(
    served: httpx.AsyncClient, connect: AsyncConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "HEARTBEAT_S", 0.1)
    monkeypatch.setattr(api, "SESSION_CHECK_S", 0.2)
    headers = await as_(served, connect, "dina", Role.DISPATCHER)
    seq = (await served.get("/api/room", headers=headers)).json()["seq"]
    async with (
        asyncio.timeout(8),
        served.stream("GET", "/api/room/stream", params={"after": seq}, headers=headers) as answer,
    ):
        told = events(answer.aiter_lines())
        await anext(told)
        assert (await served.delete("/api/session", headers=headers)).status_code == 204
        async for _ in told:
            pass


async def test_the_wall_stays_signed_in_while_it_looks(
    served: httpx.AsyncClient, connect: AsyncConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "HEARTBEAT_S", 0.1)
    monkeypatch.setattr(api, "SESSION_CHECK_S", 0.2)
    headers = await as_(served, connect, "layar", Role.WALL_DEVICE)
    await connect.execute("UPDATE session SET ends_at = now() + interval '1 minute'")
    seq = (await served.get("/api/room", headers=headers)).json()["seq"]
    async with served.stream("GET", "/api/room/stream", params={"after": seq}, headers=headers) as answer:
        told = events(answer.aiter_lines())
        async with asyncio.timeout(8):
            async for _ in told:
                cursor = await connect.execute("SELECT ends_at > now() + interval '11 hours' FROM session")
                if await cursor.fetchone() == (True,):
                    break
            else:
                pytest.fail("the stream ended before the session was prolonged")
