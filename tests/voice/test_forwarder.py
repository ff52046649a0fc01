"""Facts reach the api in order and each once, through outages, lost answers and a fact it refuses."""

import asyncio
import json
import queue
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import override

import pytest

from sigap.voice.forwarder import Api, Forwarder
from sigap.voice.spool import Spool


class Intake:
    """The api's end of the road: keeps facts by (node, voice_seq), misbehaves on demand."""

    def __init__(self, port: int = 0) -> None:
        self.taken: dict[tuple[str, int], str] = {}
        self.arrivals: list[int] = []
        self.tokens: set[str | None] = set()
        self.policy: object = None
        self.drop_answers = 0
        self.status = 200
        self.poison: str | None = None
        self.limit_bytes = 10_000_000
        intake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                intake.tokens.add(self.headers["Authorization"])
                if intake.status != 200:
                    self._answer(intake.status, {})
                elif len(json.dumps(body)) > intake.limit_bytes:
                    self._answer(413, {"code": "request.too_large"})
                elif any(fact["kind"] == intake.poison for fact in body["facts"]):
                    self._answer(422, {"code": "invalid"})
                else:
                    for fact in body["facts"]:
                        intake.arrivals.append(fact["voice_seq"])
                        intake.taken.setdefault((body["node"], fact["voice_seq"]), fact["kind"])
                    if intake.drop_answers:
                        intake.drop_answers -= 1
                        self.connection.close()
                        return
                    self._answer(200, {"accepted_through": body["facts"][-1]["voice_seq"]})

            def do_GET(self) -> None:
                self._answer(404 if intake.policy is None else 200, intake.policy)

            def _answer(self, status: int, body: object) -> None:
                data = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            @override
            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def kinds(self) -> list[str]:
        return [kind for _, kind in sorted((seq, kind) for (_, seq), kind in self.taken.items())]

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def intake() -> Iterator[Intake]:
    server = Intake()
    yield server
    server.stop()


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    spool = Spool(tmp_path / "spool")
    yield spool
    spool.close()


def forwarder(spool: Spool, intake_port: int, folder: Path, **options: object) -> Forwarder:
    token = folder / "voice.token"
    token.write_text("machine-secret\n")
    road = Forwarder(
        spool,
        Api(f"http://127.0.0.1:{intake_port}", token),
        refused_file=folder / "refused.jsonl",
        backoff_s=(0.05,),
        **options,  # pyrefly: ignore[bad-argument-type]
    )
    road.start()
    return road


async def until_empty(spool: Spool, seconds: float = 5.0) -> None:
    end = time.monotonic() + seconds
    while spool.state().backlog:
        assert time.monotonic() < end, spool.state()
        await asyncio.sleep(0.02)


def put(spool: Spool, *kinds: str) -> None:
    spool.write([{"kind": kind} for kind in kinds]).result(5)


async def test_facts_arrive_in_order_with_the_machine_token(spool: Spool, intake: Intake, tmp_path: Path):
    put(spool, *[f"k{n}" for n in range(450)])
    road = forwarder(spool, intake.port, tmp_path)
    await until_empty(spool)
    road.stop()
    assert intake.kinds == [f"k{n}" for n in range(450)]
    assert intake.arrivals == sorted(intake.arrivals)
    assert intake.tokens == {"Bearer machine-secret"}


async def test_a_lost_answer_makes_no_double(spool: Spool, intake: Intake, tmp_path: Path):
    intake.drop_answers = 2
    put(spool, "a", "b")
    road = forwarder(spool, intake.port, tmp_path)
    await until_empty(spool)
    road.stop()
    assert intake.kinds == ["a", "b"]
    assert len(intake.arrivals) > 2


async def test_an_absent_api_is_waited_for(spool: Spool, tmp_path: Path):
    absent = Intake()
    absent.stop()
    road = forwarder(spool, absent.port, tmp_path)
    put(spool, "a")
    await asyncio.sleep(0.3)
    assert road.reachable is False
    assert spool.state().backlog == 1
    back = Intake(absent.port)
    await until_empty(spool)
    road.stop()
    back.stop()
    assert back.kinds == ["a"]


@pytest.mark.parametrize("status", [401, 500, 503])
async def test_an_unwilling_api_loses_nothing(spool: Spool, intake: Intake, tmp_path: Path, status: int):
    intake.status = status
    put(spool, "a")
    road = forwarder(spool, intake.port, tmp_path)
    await asyncio.sleep(0.2)
    assert spool.state().backlog == 1
    intake.status = 200
    await until_empty(spool)
    road.stop()
    assert intake.kinds == ["a"]


async def test_one_refused_fact_is_put_aside_and_the_others_pass(
    spool: Spool, intake: Intake, tmp_path: Path
):
    troubles: list[tuple[str, str]] = []
    intake.poison = "odd"
    put(spool, "a", "b", "odd", "c", "d")
    road = forwarder(spool, intake.port, tmp_path, on_trouble=lambda *what: troubles.append(what))
    await until_empty(spool)
    road.stop()
    assert intake.kinds == ["a", "b", "c", "d"]
    assert [json.loads(line)["kind"] for line in (tmp_path / "refused.jsonl").read_text().splitlines()] == [
        "odd"
    ]
    assert troubles == [("fact_refused", "fact 3 (odd) is in refused.jsonl")]


async def test_a_call_with_too_much_baggage_arrives_without_it(spool: Spool, intake: Intake, tmp_path: Path):
    intake.limit_bytes = 5000
    spool.write(
        [{"kind": "call_offered", "number": "1", "raw": {"parts": ["x" * 9000]}}, {"kind": "b"}]
    ).result(5)
    road = forwarder(spool, intake.port, tmp_path)
    await until_empty(spool)
    road.stop()
    assert intake.kinds == ["call_offered", "b"]
    assert "x" * 9000 in (tmp_path / "refused.jsonl").read_text()


async def test_the_position_outlives_a_restart(intake: Intake, tmp_path: Path):
    first = Spool(tmp_path / "spool")
    put(first, "a", "b")
    road = forwarder(first, intake.port, tmp_path)
    await until_empty(first)
    road.stop()
    first.close()
    second = Spool(tmp_path / "spool")
    assert second.state().backlog == 0
    put(second, "c")
    road = forwarder(second, intake.port, tmp_path)
    await until_empty(second)
    road.stop()
    second.close()
    assert intake.kinds == ["a", "b", "c"]
    assert len(intake.arrivals) == 3


async def test_the_ring_policy_is_fetched(spool: Spool, intake: Intake, tmp_path: Path):
    snapshots: queue.SimpleQueue[object] = queue.SimpleQueue()
    intake.policy = {"seats": ["meja-1"], "ring_s": 5}
    road = forwarder(spool, intake.port, tmp_path, on_policy=snapshots.put)
    assert snapshots.get(timeout=3) == {"seats": ["meja-1"], "ring_s": 5}
    road.stop()
