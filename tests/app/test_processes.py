"""When a part counts as serving: an answer that takes its time is an answer, another status or none is not."""

import asyncio
import shutil
from pathlib import Path

import pytest

from sigap.app import installation
from sigap.app.processes import Process, answers
from sigap.app.supervisor import Supervisor
from sigap.kernel.paths import Home


async def served(status: str, after_s: float) -> bool:
    """What `answers` says of a server that takes so long for so much."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        await asyncio.sleep(after_s)
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        return await answers("127.0.0.1", server.sockets[0].getsockname()[1], "/api/healthz")


async def test_an_api_whose_database_is_away_answers_late_and_counts() -> None:
    assert await served("200 OK", after_s=1.2)


@pytest.mark.parametrize("status", ["503 Service Unavailable", "404 Not Found"])
async def test_another_status_does_not_count(status: str) -> None:
    assert not await served(status, after_s=0)


async def test_nobody_there_does_not_count() -> None:
    async with await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
    assert not await answers("127.0.0.1", port, "/api/healthz")


async def test_a_part_that_cannot_even_be_begun_is_tried_again(tmp_path: Path) -> None:
    home = installation.make(Home(tmp_path))
    room, log = Supervisor(home), home.logs / "part.log"
    part = Process("part", lambda: ["--help"], log=log, environment={})
    try:
        await room.start_part(part)
        shutil.rmtree(home.logs)  # a start that fails in the system, not in the part
        async with asyncio.timeout(30):
            while room._conditions["part"].restarts < 2:
                await asyncio.sleep(0.05)
            home.logs.mkdir()
            while not log.exists():
                await asyncio.sleep(0.05)
    finally:
        await room.stop()
