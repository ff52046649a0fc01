"""A throw-away room for benchmarks: durable PostgreSQL, the api in a process of its own, one signed-in account."""

import asyncio
import contextlib
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from psycopg import AsyncConnection

from sigap.app.migrate import migrate
from sigap.app.postgres import EmbeddedPostgres
from sigap.identity import actions as identity
from sigap.identity.model import Actor, Role
from sigap.kernel.clock import SystemClock
from sigap.units import actions as units
from sigap.units.roster import shipped

PASSWORD = "for benchmarks alone"


@dataclass(frozen=True, slots=True)
class BenchRoom:
    """Where it is and how to get in."""

    url: str
    host: str
    port: int
    database_url: str
    token: str
    pid: int


@asynccontextmanager
async def bench_room(*roles: Role) -> AsyncIterator[BenchRoom]:
    """Start it, give an account with these roles, end everything afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="sigap-bench-", dir="/tmp"))
    folder.chmod(0o755)
    server = EmbeddedPostgres(folder / "pg")
    server.start()
    try:
        server.create_database("bench")
        migrate(server.owner_url("bench"))
        app_url = server.app_url("bench")
        async with await AsyncConnection.connect(app_url, autocommit=True) as conn:
            machine, clock = Actor.machine("import"), SystemClock()
            await units.seed(conn, roster=shipped(), by=machine, clock=clock)
            await identity.create_account(
                conn,
                username="bench",
                display_name="Bench",
                password_hash=identity.hash_password(PASSWORD),
                roles=[role.value for role in roles],
                by=machine,
                clock=clock,
            )
        async with _api(folder, app_url) as (port, pid):
            url = f"http://127.0.0.1:{port}"
            async with httpx.AsyncClient(base_url=url) as http:
                answer = await http.post("/api/session", json={"username": "bench", "password": PASSWORD})
                token = answer.raise_for_status().json()["token"]
            yield BenchRoom(url, "127.0.0.1", port, app_url, token, pid)
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@asynccontextmanager
async def _api(folder: Path, app_url: str) -> AsyncIterator[tuple[int, int]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"SIGAP_HOME": str(folder / "home"), "SIGAP_DATABASE_URL": app_url}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "sigap", "api", "--host", "127.0.0.1", "--http-port", str(port)),
        env=environment,
    )
    try:
        async with httpx.AsyncClient() as http, asyncio.timeout(30):
            while True:
                with contextlib.suppress(httpx.TransportError):
                    health = (await http.get(f"http://127.0.0.1:{port}/api/healthz")).json()
                    if health["parts"]["database"]["state"] == "ok":
                        break
                await asyncio.sleep(0.1)
        yield port, process.pid
    finally:
        process.terminate()
        await process.wait()


class RawHttp:
    """One keep-alive connection that sends ready bytes: the client must not be what is measured."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, room: BenchRoom) -> None:
        self._reader, self._writer, self._room = reader, writer, room

    @classmethod
    async def connect(cls, room: BenchRoom) -> "RawHttp":
        """Open a connection."""
        reader, writer = await asyncio.open_connection(room.host, room.port)
        return cls(reader, writer, room)

    async def post(self, path: str, body: bytes) -> tuple[int, bytes]:
        """Send one request; status and body of the answer."""
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {self._room.host}:{self._room.port}\r\nAuthorization: Bearer {self._room.token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self._writer.write(head.encode() + body)
        return await self._answer()

    async def _answer(self) -> tuple[int, bytes]:
        head = await self._reader.readuntil(b"\r\n\r\n")
        status = int(head.split(b" ", 2)[1])
        length = next(
            int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")
        )
        return status, await self._reader.readexactly(length)

    def close(self) -> None:
        """Close the connection."""
        self._writer.close()
