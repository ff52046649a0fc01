"""What comes to the front door without a name: odd paths and endless bodies get a clear answer."""

from collections.abc import AsyncIterator

import httpx
import pytest


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
