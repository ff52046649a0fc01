"""Signing in and out over HTTP: one person, one cookie, one bearer token, and what goes wrong."""

import asyncio
from collections import Counter
from importlib.resources import files
from pathlib import Path

import httpx
import jwt
import pytest
from fastapi import FastAPI
from psycopg import AsyncConnection

from sigap.app.http import create_app
from sigap.identity.actions import HASHED_AT_ONCE
from sigap.identity.model import MACHINES, PERMISSIONS, Role
from sigap.kernel.paths import Home
from tests.conftest import FreshDatabase, running
from tests.people import PASSWORD, as_, enrol, sign_in


async def test_an_operator_signs_in_and_learns_where_her_seat_is(
    client: httpx.AsyncClient, connect: AsyncConnection, home: Home
) -> None:
    account = await enrol(connect, "siti", Role.AGENT)
    answer = await client.post("/api/session", json={"username": " Siti ", "password": PASSWORD})
    assert answer.status_code == 200
    told = answer.json()
    assert told["home"] == "/panggilan"
    assert set(told["permissions"]) == PERMISSIONS[Role.AGENT]
    assert told["voice"]["seats"] == ["meja-1", "meja-2", "meja-3", "penyelia"]
    claims = jwt.decode(
        told["voice"]["token"], (home.keys / "seat_verify.pub").read_bytes(), algorithms=["EdDSA"]
    )
    assert claims["sub"] == str(account.id)
    assert claims["perms"] == ["seat.take"]
    assert claims["simulated"] is False
    assert claims["exp"] - claims["iat"] >= 8 * 3600
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


async def test_the_cookie_alone_is_enough_in_a_browser(
    client: httpx.AsyncClient, connect: AsyncConnection
) -> None:
    await enrol(connect, "siti", Role.AGENT)
    await client.post("/api/session", json={"username": "siti", "password": PASSWORD})
    me = await client.get("/api/session")
    assert me.status_code == 200
    assert me.json()["account"]["username"] == "siti"
    assert me.json()["token"] is None


async def test_another_sites_page_cannot_use_the_cookie(
    client: httpx.AsyncClient, connect: AsyncConnection
) -> None:
    await enrol(connect, "siti", Role.AGENT)
    await client.post("/api/session", json={"username": "siti", "password": PASSWORD})
    refused = await client.delete("/api/session", headers={"Origin": "http://elsewhere.test"})
    assert (refused.status_code, refused.json()["code"]) == (403, "session.cross_site")
    for odd in ({"Origin": "null"}, {"Origin": "http://["}, {"Sec-Fetch-Site": "cross-site"}):
        refused = await client.delete("/api/session", headers=odd)
        assert (refused.status_code, refused.json()["code"]) == (403, "session.cross_site")
    assert (await client.delete("/api/session", headers={"Origin": "http://sigap.test"})).status_code == 204
    assert (await client.get("/api/session")).status_code == 401


async def test_a_wrong_name_and_a_wrong_password_are_told_alike(
    client: httpx.AsyncClient, connect: AsyncConnection
) -> None:
    await enrol(connect, "siti", Role.AGENT)
    answers = [
        await client.post("/api/session", json={"username": name, "password": "guess"})
        for name in ("siti", "nobody")
    ]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].json() == answers[1].json()
    assert answers[0].headers["content-type"] == "application/problem+json"
    assert answers[0].json()["title"] == "Nama atau kata sandi salah"


async def test_guessing_has_to_wait_and_the_right_person_is_told(
    client: httpx.AsyncClient, connect: AsyncConnection
) -> None:
    await enrol(connect, "siti", Role.AGENT)
    for _ in range(8):
        await client.post("/api/session", json={"username": "siti", "password": "guess"})
    waiting = await client.post(
        "/api/session", json={"username": "siti", "password": PASSWORD}, headers={"Accept-Language": "en"}
    )
    assert (waiting.status_code, waiting.json()["code"]) == (429, "session.too_many_tries")
    assert f"Wait {waiting.json()['facts']['wait_s']} seconds" in waiting.json()["detail"]


async def test_signing_out_makes_the_token_worthless(
    client: httpx.AsyncClient, connect: AsyncConnection
) -> None:
    headers = await as_(client, connect, "siti", Role.AGENT)
    assert (await client.get("/api/session", headers=headers)).status_code == 200
    assert (await client.delete("/api/session", headers=headers)).status_code == 204
    assert (await client.get("/api/session", headers=headers)).status_code == 401


async def test_sessions_are_facts_without_names(client: httpx.AsyncClient, connect: AsyncConnection) -> None:
    await as_(client, connect, "siti", Role.AGENT)
    cursor = await connect.execute("SELECT kind, actor, facts::text FROM journal ORDER BY seq")
    rows = await cursor.fetchall()
    assert [row[0] for row in rows] == ["account.created", "session.opened"]
    assert "siti" not in rows[1][1] + rows[1][2]


@pytest.mark.parametrize(
    ("body", "code", "status"),
    [
        (b"{", "request.not_json", 400),
        (b'{"username": "\xff", "password": "x"}', "request.not_json", 400),
        (b'{"username": "a\\u0000b", "password": "x"}', "request.invalid", 422),
        (b'{"username": "\\ud800", "password": "x"}', "request.invalid", 422),
        (b'{"username": "a", "password": "x", "extra": 1}', "request.invalid", 422),
        (b'{"username": 7, "password": "x"}', "request.invalid", 422),
        (b'{"username": "a", "password": "' + b"x" * 1_100_000 + b'"}', "request.too_large", 413),
    ],
)
async def test_bad_input_gets_a_clear_answer(
    client: httpx.AsyncClient, body: bytes, code: str, status: int
) -> None:
    answer = await client.post("/api/session", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.json()["type"] == f"urn:sigap:problem:{code}"


async def test_the_machines_token_is_not_a_persons(client: httpx.AsyncClient, home: Home) -> None:
    token = (home.keys / "voice.token").read_text()
    answer = await client.get("/api/session", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401
    assert (home.keys / "voice.token").stat().st_mode & 0o777 == 0o600


async def test_a_token_of_other_letters_is_no_token(client: httpx.AsyncClient) -> None:
    for token in ("kunci-\u00fc".encode(), b"\xff\xfe"):
        answer = await client.get("/api/calls", headers={b"Authorization": b"Bearer " + token})
        assert (answer.status_code, answer.json()["code"]) == (401, "session.missing")


def test_every_permission_is_asked_for_somewhere() -> None:
    """A permission that no verb asks for promises something that nobody can do."""
    table = Path(str(files("sigap") / "identity" / "model.py"))
    code = "".join(file.read_text() for file in table.parents[1].rglob("*.py") if file != table)
    granted = frozenset().union(*PERMISSIONS.values(), *MACHINES.values())
    assert sorted(one for one in granted if f'"{one}"' not in code) == []


async def test_the_administrator_lands_where_there_is_a_page(
    client: httpx.AsyncClient, connect: AsyncConnection
) -> None:
    await enrol(connect, "admin", Role.ADMIN)
    answer = await client.post("/api/session", json={"username": "admin", "password": PASSWORD})
    assert answer.json()["home"] == "/"


@pytest.mark.parametrize(("demo", "status"), [(False, 403), (True, 200)])
async def test_simulated_colleagues_sit_only_in_a_demo(
    app: FastAPI, client: httpx.AsyncClient, connect: AsyncConnection, demo: bool, status: int
) -> None:
    app.state.demo = demo
    await enrol(connect, "siti", Role.AGENT)
    body = {"username": "siti", "password": PASSWORD, "client": "simulation"}
    answer = await client.post("/api/session", json=body)
    assert answer.status_code == status
    if not demo:
        assert answer.json()["code"] == "session.no_simulation"


async def test_guesses_side_by_side_are_counted(client: httpx.AsyncClient, connect: AsyncConnection) -> None:
    await enrol(connect, "siti", Role.AGENT)
    body = {"username": "siti", "password": "guess"}
    answers = await asyncio.gather(*(client.post("/api/session", json=body) for _ in range(20)))
    assert Counter(answer.status_code for answer in answers) == {401: 8, 429: 12}


async def test_guessing_elsewhere_keeps_nobody_out(
    app: FastAPI, client: httpx.AsyncClient, connect: AsyncConnection
) -> None:
    await enrol(connect, "siti", Role.AGENT)
    elsewhere = httpx.ASGITransport(app=app, client=("203.0.113.9", 4000))
    async with httpx.AsyncClient(transport=elsewhere, base_url="http://sigap.test") as guesser:
        for _ in range(9):
            guess = await guesser.post("/api/session", json={"username": "siti", "password": "guess"})
    assert guess.status_code == 429
    answer = await client.post("/api/session", json={"username": "siti", "password": PASSWORD})
    assert answer.status_code == 200


async def test_looking_at_a_password_holds_no_connection(
    fresh: FreshDatabase, home: Home, connect: AsyncConnection
) -> None:
    await enrol(connect, "siti", Role.AGENT)
    app = create_app(home, fresh.app_url, pool_size=1)
    hashing = app.state.tries.hashing
    async with running(app) as client:
        headers = await sign_in(client, "siti")
        for _ in range(HASHED_AT_ONCE):
            await hashing.acquire()
        body = {"username": "siti", "password": PASSWORD}
        waiting = [asyncio.create_task(client.post("/api/session", json=body)) for _ in range(3)]
        await asyncio.sleep(0.3)
        assert (await client.get("/api/session", headers=headers)).status_code == 200
        assert not any(task.done() for task in waiting)
        for _ in range(HASHED_AT_ONCE):
            hashing.release()
        assert [answer.status_code for answer in await asyncio.gather(*waiting)] == [200, 200, 200]
