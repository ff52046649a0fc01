"""The web's files as a browser gets them: compressed, asked for once, and whole where a part was asked for."""

import gzip
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from sigap.app.web_files import add_web_files

SCRIPT = b"export const a = 1;\n" * 500


@pytest.fixture
def web(tmp_path: Path) -> httpx.AsyncClient:
    """A client of a build with one page, one script and one font."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html>")
    (tmp_path / "assets" / "a.js").write_bytes(SCRIPT)
    (tmp_path / "assets" / "a.woff2").write_bytes(SCRIPT)
    app = FastAPI()
    add_web_files(app, tmp_path)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://room")


async def test_text_comes_compressed(web: httpx.AsyncClient) -> None:
    answer = await web.get("/assets/a.js", headers={"Accept-Encoding": "gzip, br"})
    assert answer.content == SCRIPT
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert int(answer.headers["content-length"]) == len(gzip.compress(SCRIPT, 6, mtime=0)) < len(SCRIPT) / 3
    again = await web.get("/assets/a.js", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/assets/a.js", {"Accept-Encoding": "identity"}),
        ("/assets/a.woff2", {"Accept-Encoding": "gzip"}),
    ],
)
async def test_the_rest_comes_as_it_is(web: httpx.AsyncClient, path: str, headers: dict[str, str]) -> None:
    answer = await web.get(path, headers=headers)
    assert answer.content == SCRIPT
    assert "content-encoding" not in answer.headers


async def test_a_part_is_cut_from_the_file_itself(web: httpx.AsyncClient) -> None:
    answer = await web.get("/assets/a.js", headers={"Accept-Encoding": "gzip", "Range": "bytes=0-5"})
    assert (answer.status_code, answer.content) == (206, b"export")
