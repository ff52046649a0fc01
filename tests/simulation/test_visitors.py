"""What the simulated colleagues do while a person sits in the room: make way, but leave no caller alone."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random
from typing import Any, override

import httpx
import pytest
import websockets

from sigap.simulation import callers, dispatchers, operators
from sigap.simulation.callers import Callers, Truth
from sigap.simulation.chairs import Chairs
from sigap.simulation.colleague import Colleague
from sigap.simulation.dispatchers import Dispatcher
from sigap.simulation.eye import Eye
from sigap.simulation.operators import Operator


class Desk:
    """The far end of one seat's socket: what the operator said, and a mouth to tell it something."""

    def __init__(self) -> None:
        self.heard: asyncio.Queue[str] = asyncio.Queue()
        self.socket: websockets.ServerConnection | None = None

    async def serve(self, socket: websockets.ServerConnection) -> None:
        """Take the operator's words until it leaves."""
        self.socket = socket
        async for message in socket:
            kind = json.loads(message)["type"]
            if kind == "hello":
                await self.tell({"type": "welcome"})
            self.heard.put_nowait(kind)

    async def tell(self, message: dict[str, Any]) -> None:
        """Say it to the operator."""
        assert self.socket is not None
        await self.socket.send(json.dumps(message))

    async def queue(self, person: str, *stages: str) -> None:
        """How the queue stands: the state of a person's seat, and the stage of each caller."""
        seats = [{"username": "operator1", "simulated": False, "state": person}]
        await self.tell({"type": "queue", "seats": seats, "waiting": [{"stage": stage} for stage in stages]})

    async def next(self, within_s: float = 2.0) -> str:
        """What the operator says next."""
        return await asyncio.wait_for(self.heard.get(), within_s)


@asynccontextmanager
async def _operator(chairs: Chairs) -> AsyncIterator[Desk]:
    desk = Desk()
    async with (
        websockets.serve(desk.serve, "127.0.0.1", 0) as server,
        httpx.AsyncClient(base_url="http://room", transport=httpx.MockTransport(_room)) as http,
    ):
        port = next(iter(server.sockets)).getsockname()[1]
        who = Colleague(http, "operator2")
        operator = Operator(who, "meja-2", chairs, Truth(), Random(1), lambda: f"ws://127.0.0.1:{port}")
        sitting = asyncio.create_task(operator.run())
        assert await desk.next() == "hello"
        assert await desk.next() == "ready"
        yield desk
        sitting.cancel()
        await asyncio.gather(sitting, return_exceptions=True)


def _room(request: httpx.Request) -> httpx.Response:
    if request.url.path == "/api/session":
        return httpx.Response(201, json={"token": "t", "voice": {"url": "ws://unused", "token": "v"}})
    return httpx.Response(200, json=[])


async def test_a_helper_answers_the_ring_it_came_back_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operators, "HELP_AFTER_S", 0.05)
    async with httpx.AsyncClient(base_url="http://room") as http, _operator(Chairs(http)) as desk:
        await desk.queue("talking")
        assert await desk.next() == "not_ready"
        await desk.queue("talking", "waiting")
        assert await desk.next() == "ready"
        await desk.tell({"type": "ring", "call": {"call_id": "c", "number": None}})
        await desk.queue("talking", "ringing")
        assert await desk.next(6.0) == "answer_call"


async def test_colleagues_take_the_calls_while_the_person_is_not_ready() -> None:
    async with httpx.AsyncClient(base_url="http://room") as http, _operator(Chairs(http)) as desk:
        await desk.queue("ready")
        assert await desk.next() == "not_ready"
        await desk.queue("not_ready")
        assert await desk.next() == "ready"


async def test_a_visitor_who_is_ready_gets_a_house_fire_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callers, "FIRST_AFTER_S", 0.0)
    monkeypatch.setattr(callers, "WELCOME_AFTER_S", 0.1)
    rung: asyncio.Queue[bytes] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    async with httpx.AsyncClient(base_url="http://room") as http:
        chairs = Chairs(http)
        transport, _ = await loop.create_datagram_endpoint(lambda: _Trunk(rung), ("127.0.0.1", 0))
        trunk = transport.get_extra_info("sockname")
        calling = Callers(trunk, Truth(), chairs, calls_per_hour=1, mix="half", chance=Random(4))
        work = asyncio.create_task(calling.run())
        await asyncio.wait_for(rung.get(), 5.0)
        chairs.visitor_ready.set()
        await asyncio.wait_for(rung.get(), 5.0)
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
        transport.close()


class _Trunk(asyncio.DatagramProtocol):
    """A trunk that notes each new call and says no more than that it is trying."""

    def __init__(self, rung: asyncio.Queue[bytes]) -> None:
        self._rung, self._known = rung, set[bytes]()

    @override
    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        """One INVITE counts once, however often it is sent again."""
        del addr
        call_id = next((line for line in data.split(b"\r\n") if line.lower().startswith(b"call-id")), b"")
        if data.startswith(b"INVITE") and call_id not in self._known:
            self._known.add(call_id)
            self._rung.put_nowait(call_id)


@pytest.mark.parametrize(("sitting", "sends"), [(frozenset[str](), True), (frozenset({"operator1"}), False)])
async def test_a_visitors_first_incident_is_left_for_the_visitor_to_send(
    monkeypatch: pytest.MonkeyPatch, sitting: frozenset[str], sends: bool
) -> None:
    monkeypatch.setattr(dispatchers, "LOOK_EVERY_S", 0.02)
    sent: list[str] = []

    def room(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/session":
            return httpx.Response(201, json={"token": "t"})
        if request.method == "POST":
            sent.append(request.url.path)
        return httpx.Response(200, json={"units": [], "incident": {"type": "FIR01"}})

    async with httpx.AsyncClient(base_url="http://room", transport=httpx.MockTransport(room)) as http:
        eye, chairs = Eye(http, Colleague(http, "dispatcher1")), Chairs(http)
        chairs.people = sitting
        eye.tables = {"incident": {"i": {"id": "i", "state": "new"}}, "assignment": {}}
        eye.ready.set()
        agencies = {"FIR01": ["BPBD_DAMKAR"]}
        dispatcher = Dispatcher(Colleague(http, "dispatcher1"), eye, chairs, _Hasty(), agencies)
        work = asyncio.create_task(dispatcher.run())
        await asyncio.sleep(0.4)
        work.cancel()
    assert ("/api/incidents/i/assignments" in sent) is sends


class _Hasty(Random):
    """A hundred times as fast as a dispatcher who thinks."""

    @override
    def uniform(self, a: float, b: float) -> float:
        """The shortest wait that is allowed, in a hundredth of its time."""
        return min(a, b) / 100
