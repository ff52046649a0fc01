"""A seat's browser half without a browser, and a room of real parts on a fake exchange, for tests."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from sigap.voice import policy
from sigap.voice.pbx_fake import FakePbx
from sigap.voice.queue.runner import QueueRunner
from sigap.voice.seats.server import SeatServer
from sigap.voice.spool import Spool

SEATS = ["meja-1", "meja-2", "meja-3", "penyelia"]


@dataclass
class Keys:
    """The key pair of a shift."""

    folder: Path
    private: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        pem = self.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        self.file.write_bytes(pem)

    @property
    def file(self) -> Path:
        return self.folder / "seat_verify.pub"

    def token(self, username: str, *, simulated: bool = False, ttl_s: float = 3600, **claims: object) -> str:
        whole = {
            "sub": f"id-{username}", "username": username, "name": username.title(), "seats": SEATS,
            "perms": ["seat.take"], "simulated": simulated, "exp": time.time() + ttl_s, **claims,
        }  # fmt: skip
        return jwt.encode(whole, self.private, algorithm="EdDSA")


@dataclass
class Client:
    """One socket and everything it was told."""

    socket: ClientConnection
    heard: list[dict[str, Any]] = field(default_factory=list)

    async def say(self, message_type: str, **fields: object) -> None:
        await self.socket.send(json.dumps({"type": message_type, **fields}))

    async def until(self, message_type: str, within_s: float = 3.0, **fields: object) -> dict[str, Any]:
        """The next message of this type with these fields; others are kept in `heard`."""
        async with asyncio.timeout(within_s):
            while True:
                message = json.loads(await self.socket.recv())
                self.heard.append(message)
                if message["type"] == message_type and all(message.get(k) == v for k, v in fields.items()):
                    return message

    async def close_code(self, within_s: float = 3.0) -> int:
        async with asyncio.timeout(within_s):
            try:
                while True:
                    self.heard.append(json.loads(await self.socket.recv()))
            except ConnectionClosed as closed:
                return closed.rcvd.code if closed.rcvd else 1006


@dataclass
class Room:
    """Queue, spool and socket, running; the exchange is a fake."""

    pbx: FakePbx
    spool: Spool
    runner: QueueRunner
    server: SeatServer
    keys: Keys
    port: int

    def facts(self, kind: str) -> list[dict[str, Any]]:
        return [fact for fact in self.spool.pending(limit=100_000, limit_bytes=10**9) if fact["kind"] == kind]

    @asynccontextmanager
    async def socket(self, **options: Any) -> AsyncIterator[Client]:
        async with connect(f"ws://127.0.0.1:{self.port}/seat", compression=None, **options) as socket:
            yield Client(socket)

    @asynccontextmanager
    async def seat(
        self,
        name: str,
        username: str | None = None,
        *,
        ready: bool = True,
        simulated: bool = True,
        **hello: object,
    ) -> AsyncIterator[Client]:
        """Somebody without a browser on this seat, ready."""
        async with self.socket() as client:
            token = self.keys.token(username or f"sim-{name}", simulated=simulated)
            await client.say("hello", token=token, seat=name, **{"media": "none", **hello})
            await client.until("welcome")
            if ready:
                await client.say("ready")
                await client.until("seat", state="ready")
            yield client

    async def settled(self, true: Callable[[], object], within_s: float = 3.0) -> None:
        async with asyncio.timeout(within_s):
            while not true():
                await asyncio.sleep(0.01)


@asynccontextmanager
async def room(folder: Path, *, pbx: FakePbx | None = None, snapshot: object = None) -> AsyncIterator[Room]:
    """A running room; the policy's times are a few tenths where `snapshot` says so."""
    pbx = pbx or FakePbx()
    spool = Spool(folder / "spool")
    rules = policy.built_in() if snapshot == "none" else policy.from_snapshot(snapshot or {})
    runner = QueueRunner(pbx, spool, rules, memory_file=folder / "queue.json")
    keys = Keys(folder / "keys")
    server = SeatServer(
        runner, node="test", key_file=keys.file, health=lambda: {"node": "test"}, voices=folder
    )
    runner.seats = server
    port = await server.start("127.0.0.1", 0)
    await runner.start()
    try:
        yield Room(pbx, spool, runner, server, keys, port)
    finally:
        await server.stop()
        await runner.stop()
        spool.close()


def call_of(ring: dict[str, Any]) -> UUID:
    """The call a ring is about."""
    return UUID(ring["call"]["call_id"])
