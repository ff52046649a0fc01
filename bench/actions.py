"""Opening incidents over HTTP against the same SQL and the same lock straight to PostgreSQL, alternating in one run.

The statements of one real `open_incident` are recorded as the api's database role runs them (session look-up included)
and played again with fresh ids. `make bench NAME=actions`; last line: one JSON object.
"""

import argparse
import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from statistics import median
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection, AsyncCursor
from psycopg.types.json import Jsonb

from bench.room import BenchRoom, RawHttp, bench_room
from sigap.identity import store as identity
from sigap.identity.actions import token_digest
from sigap.identity.model import Actor, Role
from sigap.intake import actions
from sigap.intake.model import Place, Report
from sigap.kernel.clock import SystemClock
from sigap.kernel.ids import new_id
from sigap.kernel.place import Point

POINT = Point(106.5421, -6.1743)
TEXT, NARRATIVE = "Gg. Melati 3", "Rumah petak, api dari dapur, asap tebal."
BODY = json.dumps(
    {
        "type": "FIR01",
        "place": {"lon": POINT.lon, "lat": POINT.lat, "text": TEXT},
        "narrative": NARRATIVE,
        "intake_channel": "radio",
    }
).encode()


@dataclass(slots=True)
class Tape:
    """Statements of one real run: (query, parameters)."""

    statements: list[tuple[Any, Any]] = field(default_factory=list)
    running: bool = False


TAPE = Tape()


class RecordingCursor(AsyncCursor[Any]):
    """A cursor that keeps what it runs while the tape runs."""

    async def execute(self, query: Any, params: Any = None, **options: Any) -> "RecordingCursor":  # pyrefly: ignore
        """Run and keep."""
        if TAPE.running:
            TAPE.statements.append((query, params))
        await super().execute(query, params, **options)
        return self


async def record(room: BenchRoom) -> tuple[list[tuple[Any, Any]], UUID, str]:
    """One real open_incident: its statements, the incident's id and ticket number."""
    async with await AsyncConnection.connect(
        room.database_url, autocommit=True, cursor_factory=RecordingCursor
    ) as conn:
        TAPE.running = True
        session = await identity.session_of(conn, token_digest(room.token), SystemClock().now())
        assert session is not None
        report = Report(
            type="FIR01", place=Place(point=POINT, text=TEXT), narrative=NARRATIVE, intake_channel="radio"
        )
        opened = await actions.open_incident(
            conn, report, call_id=None, by=Actor.person(session.account), clock=SystemClock()
        )
        TAPE.running = False
    return TAPE.statements, opened.id, opened.ticket_number


class Straight:
    """The recorded statements on one connection, with fresh ids each time."""

    count = 0

    def __init__(self, conn: AsyncConnection, tape: tuple[list[tuple[Any, Any]], UUID, str]) -> None:
        self._conn, (self._statements, self._incident, self._ticket) = conn, tape

    async def once(self) -> None:
        """One incident's worth of statements in one transaction (the session look-up before it, as the api does)."""
        Straight.count += 1
        fresh = {self._incident: new_id(), self._ticket: f"bench-{Straight.count}"}
        first, *rest = self._statements
        await (await self._conn.execute(*first)).fetchone()
        async with self._conn.transaction():
            head: Any = None
            for query, params in rest:
                cursor = await self._conn.execute(query, self._renewed(params, fresh, head))
                if cursor.description:
                    rows = await cursor.fetchall()
                    if "journal_head FOR UPDATE" in str(query):
                        head = rows[0]

    def _renewed(self, params: Any, fresh: dict[Any, Any], head: Any) -> Any:
        if isinstance(params, dict):
            renewed = {name: _fresh(value, fresh) for name, value in params.items()}
            if head is not None and "seq" in renewed:
                renewed |= {
                    "seq": head[0] + 1,
                    "hash": sha256(bytes(head[1])).digest(),
                    "subject": str(fresh[self._incident]),
                }
            return renewed
        if isinstance(params, Sequence) and not isinstance(params, str | bytes):
            return [_fresh(value, fresh) for value in params]
        return params


def _fresh(value: Any, fresh: dict[Any, Any]) -> Any:
    return value if isinstance(value, Jsonb | list | dict) else fresh.get(value, value)


async def rate(workers: Sequence[Callable[[], Awaitable[None]]], seconds: float) -> float:
    """How often per second all workers together get it done."""
    ends, done = time.perf_counter() + seconds, 0

    async def work(once: Callable[[], Awaitable[None]]) -> None:
        nonlocal done
        while time.perf_counter() < ends:
            await once()
            done += 1

    begun = time.perf_counter()
    await asyncio.gather(*(work(once) for once in workers))
    return done / (time.perf_counter() - begun)


async def one_client(room: BenchRoom, times: int) -> list[float]:
    """Milliseconds of single creates, one after the other."""
    http, took = await RawHttp.connect(room), []
    for _ in range(times):
        begun = time.perf_counter()
        await create(http)
        took.append((time.perf_counter() - begun) * 1000)
    http.close()
    return took


async def create(http: RawHttp) -> None:
    """One incident over HTTP."""
    status, body = await http.post("/api/incidents", BODY)
    if status != 201:
        raise RuntimeError(f"{status}: {body.decode()}")


async def main() -> None:
    """Alternate both ways and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4.0)
    options = parser.parse_args()
    async with bench_room(Role.AGENT) as room:
        tape = await record(room)
        await one_client(room, 30)
        single = await one_client(room, 200)
        pairs = await compare(room, tape, options.clients, options.rounds, options.seconds)
    ratio = median(over_http / straight for over_http, straight in pairs)
    print(f"{'round':>6} {'HTTP /s':>9} {'SQL /s':>9} {'ratio':>6}")
    for number, (over_http, straight) in enumerate(pairs, 1):
        print(f"{number:>6} {over_http:>9.0f} {straight:>9.0f} {over_http / straight:>6.2f}")
    print(f"one client: p50 {median(single):.2f} ms, p95 {sorted(single)[int(len(single) * 0.95)]:.2f} ms")
    print(
        json.dumps(
            {
                "create_p50_ms": round(median(single), 2),
                "creates_per_s": round(median(over_http for over_http, _ in pairs), 1),
                "ratio_to_sql": round(ratio, 3),
            }
        )
    )


async def compare(
    room: BenchRoom, tape: tuple[list[tuple[Any, Any]], UUID, str], clients: int, rounds: int, seconds: float
) -> list[tuple[float, float]]:
    """Creates per second over HTTP and straight, in turns."""
    connections = [await AsyncConnection.connect(room.database_url, autocommit=True) for _ in range(clients)]
    https = [await RawHttp.connect(room) for _ in range(clients)]
    straight = [Straight(conn, tape) for conn in connections]
    pairs = []
    for _ in range(rounds):
        over_http = await rate([lambda http=http: create(http) for http in https], seconds)
        by_sql = await rate([each.once for each in straight], seconds)
        pairs.append((over_http, by_sql))
    for http in https:
        http.close()
    for conn in connections:
        await conn.close()
    return pairs


if __name__ == "__main__":
    asyncio.run(main())
