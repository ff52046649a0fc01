"""From commit to every screen: 200 streams, 50 events a second, nothing lost, nothing twice.

Events are real verbs on a connection of the bench's own; the moment after their commit is compared with the moment at
which each stream's reader (raw sockets, two processes) has the event. `make bench NAME=live`; last line: one JSON object.
"""

import argparse
import asyncio
import json
import multiprocessing
import time
from multiprocessing.connection import Connection

from psycopg import AsyncConnection

from bench.room import BenchRoom, bench_room
from sigap.identity.model import Role
from sigap.intake import actions
from sigap.intake.model import Place, Report
from sigap.kernel.clock import SystemClock
from sigap.kernel.place import Point
from tests.people import agent

READERS = 2
"""Processes that read: the readers must not be what is measured."""


def read_streams(room: BenchRoom, after: int, clients: int, until: int, answer: Connection) -> None:
    """In a process of its own: follow `clients` streams until entry `until`; send back [(seq, seen_at), …] per client."""
    answer.send(asyncio.run(_read(room, after, clients, until, answer)))


async def _read(
    room: BenchRoom, after: int, clients: int, until: int, answer: Connection
) -> list[list[tuple[int, float]]]:
    opened = [await _open(room, after) for _ in range(clients)]
    answer.send("ready")
    return await asyncio.gather(*(_follow(reader, until) for reader, _ in opened))


async def _open(room: BenchRoom, after: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection(room.host, room.port)
    writer.write(
        f"GET /api/room/stream?after={after} HTTP/1.1\r\nHost: {room.host}:{room.port}\r\n"
        f"Authorization: Bearer {room.token}\r\n\r\n".encode()
    )
    await reader.readuntil(b": heartbeat")
    return reader, writer


async def _follow(reader: asyncio.StreamReader, until: int) -> list[tuple[int, float]]:
    seen: list[tuple[int, float]] = []
    try:
        async with asyncio.timeout(120):
            while not seen or seen[-1][0] < until:
                line = await reader.readline()
                if line.startswith(b"id: "):
                    seen.append((int(line[4:]), time.time()))
                elif not line:
                    break
    except TimeoutError:
        pass
    return seen


async def produce(room: BenchRoom, events: int, rate: float) -> dict[int, float]:
    """Open incidents at a steady rate; {entry number: moment after its commit}."""
    committed: dict[int, float] = {}
    report = Report(
        type="FIR01",
        place=Place(point=Point(106.5421, -6.1743), text="Gg. Melati 3"),
        narrative="Rumah petak, api dari dapur.",
        intake_channel="radio",
    )
    async with await AsyncConnection.connect(room.database_url, autocommit=True) as conn:
        seq = await head(conn)
        begun = time.time()
        for number in range(events):
            await asyncio.sleep(max(0.0, begun + number / rate - time.time()))
            await actions.open_incident(conn, report, by=agent(), clock=SystemClock())
            seq += 1
            committed[seq] = time.time()
    return committed


async def head(conn: AsyncConnection) -> int:
    """The number of the last entry."""
    row = await (await conn.execute("SELECT seq FROM journal_head")).fetchone()
    assert row is not None
    return row[0]


async def main() -> None:
    """Run it and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--rate", type=float, default=50.0)
    parser.add_argument("--events", type=int, default=500)
    options = parser.parse_args()
    async with bench_room(Role.DISPATCHER) as room:
        async with await AsyncConnection.connect(room.database_url, autocommit=True) as conn:
            await actions.open_incident(
                conn,
                Report(
                    type="OTH05",
                    place=Place(point=Point(106.5, -6.2), text="-"),
                    narrative="-",
                    intake_channel="radio",
                ),
                by=agent(),
                clock=SystemClock(),
            )
            start = await head(conn)
        seen, committed = await run(room, start, options.clients, options.events, options.rate)
    report(seen, committed)


async def run(
    room: BenchRoom, start: int, clients: int, events: int, rate: float
) -> tuple[list[list[tuple[int, float]]], dict[int, float]]:
    """Readers first, then the events."""
    await asyncio.sleep(1.5)  # the api has taken the last entry in
    context = multiprocessing.get_context("spawn")
    pipes, readers = [], []
    for _ in range(READERS):
        ours, theirs = context.Pipe()
        reader = context.Process(
            target=read_streams, args=(room, start, clients // READERS, start + events, theirs)
        )
        reader.start()
        pipes.append(ours)
        readers.append(reader)
    for pipe in pipes:
        await asyncio.to_thread(pipe.recv)
    committed = await produce(room, events, rate)
    seen = [stream for pipe in pipes for stream in await asyncio.to_thread(pipe.recv)]
    for reader in readers:
        await asyncio.to_thread(reader.join)
    return seen, committed


def report(seen: list[list[tuple[int, float]]], committed: dict[int, float]) -> None:
    """The table, and the JSON line."""
    late = sorted((at - committed[seq]) * 1000 for stream in seen for seq, at in stream if seq in committed)
    lost = sum(len(set(committed) - {seq for seq, _ in stream}) for stream in seen)
    twice = sum(len(stream) - len({seq for seq, _ in stream}) for stream in seen)
    print(f"streams {len(seen)}, events {len(committed)}, deliveries {len(late)}")
    for share in (0.5, 0.95, 0.99, 1.0):
        print(f"  p{share * 100:<5.0f} {late[min(len(late) - 1, int(share * len(late)))]:8.1f} ms")
    p95 = late[int(0.95 * len(late))]
    print(json.dumps({"p95_ms": round(p95, 1), "lost": lost, "duplicated": twice}))


if __name__ == "__main__":
    asyncio.run(main())
