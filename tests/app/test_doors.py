"""What comes to the front door without a name: odd paths and endless bodies get a clear answer."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import psycopg
import pytest
from starlette.types import Message, Receive, Scope, Send

from sigap.app.answers import AnsweredToTheEnd
from sigap.app.http import create_app
from sigap.kernel import messages
from sigap.kernel.paths import Home
from tests.conftest import FreshDatabase, running


@pytest.mark.parametrize(
    "path", ["/" + "a" * 300, "/a%00b", "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/api/nothing"]
)
async def test_a_path_that_is_no_page_is_not_found_or_the_page(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert answer.status_code in (200, 404)
    assert "root:" not in answer.text
    if answer.status_code == 404:
        assert answer.json()["code"] == "not_found"


async def test_an_endless_body_is_cut_off_and_named(client: httpx.AsyncClient) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b'{"x": "' + b"y" * 50_000

    answer = await client.post(
        "/api/session", content=endless(), headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "request.too_large")
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b'{"username": "siti", "username": "budi", "password": "x"}', "name_twice"),
        (b'{"username": "siti", "password": {"a": 1, "a": 1}}', "name_twice"),
        ('{"username": "siti", "password": "x"}'.encode("utf-16"), "not_utf8"),
        (b'{"username": "\xff", "password": "x"}', "not_utf8"),
        (b'{"username": "siti", "password": NaN}', "no_json_number"),
        (b'{"username": "siti", "password"', "broken_json"),
        (b"[" * 100_000, "nested_too_deeply"),
        (b'{"username": ' + b"9" * 5000 + b"}", "broken_json"),
    ],
)
async def test_json_that_could_be_read_in_two_ways_is_refused(
    client: httpx.AsyncClient, body: bytes, why: str
) -> None:
    for language in messages.LANGUAGES:
        answer = await client.post(
            "/api/session",
            content=body,
            headers={"Content-Type": "application/json", "Accept-Language": language},
        )
        assert (answer.status_code, answer.json()["code"]) == (400, "request.not_json")
        assert answer.json()["facts"]["why"] == why
        assert messages.words(language)[why] in answer.json()["detail"]


async def test_no_answer_is_framed_sniffed_or_kept(home: Home, fresh: FreshDatabase, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<!doctype html>")
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "a.js").write_text("1")
    async with running(create_app(home, fresh.app_url, web_folder=tmp_path, pool_size=2)) as client:
        page, script = await client.get("/panggilan"), await client.get("/assets/a.js")
        answer, refusal = await client.get("/api/healthz"), await client.get("/api/session")
    for one in (page, script, answer, refusal):
        assert (one.headers["x-content-type-options"], one.headers["x-frame-options"]) == ("nosniff", "DENY")
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert "'unsafe-eval'" not in page.headers["content-security-policy"]
    assert [one.headers["cache-control"] for one in (answer, refusal)] == ["no-store", "no-store"]
    assert page.headers["cache-control"] == "no-cache"
    assert "immutable" in script.headers["cache-control"]


async def test_a_failure_of_ours_has_the_headers_of_every_answer(
    client: httpx.AsyncClient, owner: psycopg.Connection
) -> None:
    owner.execute("ALTER TABLE account RENAME TO account_gone")
    owner.commit()
    answer = await client.post("/api/session", json={"username": "siti", "password": "salah sekali"})
    assert (answer.status_code, answer.json()["code"]) == (500, "server.failed")
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.headers["x-content-type-options"], answer.headers["x-frame-options"]) == (
        "nosniff",
        "DENY",
    )
    assert answer.headers["cache-control"] == "no-store"


async def test_who_still_waits_when_the_api_ends_is_answered() -> None:
    async def never(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.Event().wait()

    async def nothing() -> Message:
        return {"type": "http.request"}

    async def kept(message: Message) -> None:
        sent.append(message)

    sent: list[Message] = []
    scope = {"type": "http", "method": "GET", "path": "/api/units", "headers": []}
    asked = asyncio.create_task(AnsweredToTheEnd(never)(scope, nothing, kept))
    await asyncio.sleep(0)
    asked.cancel()
    await asked
    assert sent[0]["status"] == 503
    assert (b"content-type", b"application/problem+json") in sent[0]["headers"]
    assert json.loads(sent[1]["body"])["code"] == "server.stopping"
