"""Voice under load: 60 recorded trunk calls, 3 of them with a browser at the seat; and how soon a call rings.

INVITE → 180 is what SIPp measures with calls that give up while they ring (our own softphone where SIPp is not
installed, said by `invite_to_180_by`). The 60 calls that talk, and INVITE → ring in the browser, are our softphone's: only it can say
when its INVITE left on the browser's clock, and change what it plays while the call stands.

`make bench NAME=voice`. The callers, the browser and the simulated operators run beside the measured process; its own
processor time is read from /proc, so what else the machine does hardly changes `cores`.
"""

import argparse
import asyncio
import contextlib
import json
import os
import shutil
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import numpy as np
from websockets.asyncio.client import connect

from sigap.voice.sip.softphone import PhoneCall, Softphone
from tests.voice import sipp_runner
from tests.voice.browser import SeatPage, chromium, pages
from tests.voice.seat_client import Keys
from tests.voice.voice_process import VoiceProcess, voice

ROOT = Path(__file__).resolve().parents[1]
TONE = (np.sin(np.arange(8000) * 2 * np.pi * 300 / 8000) * 6000).astype(np.int16)
BROWSERS = ["meja-1", "meja-2", "meja-3"]


def p95(values: list[float]) -> float:
    """The 95th percentile, nearest rank."""
    return sorted(values)[max(0, -(-len(values) * 95 // 100) - 1)]


def processor_s(pid: int) -> float:
    """Processor seconds a process has used, all threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def ring_times(
    running: VoiceProcess, phone: Softphone, seats: list[SeatPage], rounds: int
) -> tuple[list[float], list[float]]:
    """Milliseconds from INVITE to 180 at the caller, and to the ring shown in whichever browser it reached."""
    to_180, to_ring = [], []
    for _ in range(rounds):
        marks = [await seat.count() for seat in seats]
        sent = time.time()
        call = await phone.call(*running.sip, number="+6281200000001")
        await call.wait(call.ringing)
        to_180.append((time.time() - sent) * 1000)
        rings = [
            asyncio.ensure_future(seat.until("ring", after=mark, within_s=3))
            for seat, mark in zip(seats, marks, strict=True)
        ]
        done, waiting = await asyncio.wait(rings, return_when=asyncio.FIRST_COMPLETED)
        to_ring.append(next(iter(done)).result()["now"] - sent * 1000)
        for ring in waiting:
            ring.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        await call.hang_up()
        await asyncio.sleep(0.05)
    return to_180, to_ring


async def sipp_times(running: VoiceProcess, folder: Path, rounds: int) -> list[float]:
    """Milliseconds from INVITE to 180 as SIPp sees them; empty where it is not installed."""
    if not shutil.which("sipp"):
        return []
    timed = ("-trace_rtt", "-rtt_freq", "1")
    done = await sipp_runner.run("cancel", running.sip, folder, *timed, calls=rounds, rate=4, timeout=60)
    assert (done.code, len(done.took_ms)) == (0, rounds), done
    return list(done.took_ms)


async def loudest(seat: SeatPage) -> float:
    """What the operator hears; on a crowded machine the callers' own sound may take seconds to come."""
    for _ in range(20):
        if (loudness := await seat.loudness(0.5)) > 0.02:
            return loudness
    return loudness


async def answered_in_browser(running: VoiceProcess, phone: Softphone, seats: list[SeatPage]) -> PhoneCall:
    """One call, answered at whichever browser it rings."""
    marks = [await seat.count() for seat in seats]
    call = await phone.call(*running.sip, number="+6281200000002")
    rings = [
        asyncio.ensure_future(seat.until("ring", after=mark)) for seat, mark in zip(seats, marks, strict=True)
    ]
    done, waiting = await asyncio.wait(rings, return_when=asyncio.FIRST_COMPLETED)
    rang = next(iter(done))
    await seats[rings.index(rang)].say("answer_call", call_id=rang.result()["call"]["call_id"])
    for ring in waiting:
        ring.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    await call.wait(call.answered)
    return call


async def simulated(running: VoiceProcess, token: str, seat: str) -> None:
    """An operator without a browser who answers whatever rings."""
    async with connect(f"ws://127.0.0.1:{running.seat_port}/seat", compression=None, max_size=None) as socket:
        await socket.send(json.dumps({"type": "hello", "token": token, "seat": seat, "media": "none"}))
        async for text in socket:
            message = json.loads(text)
            if message["type"] == "welcome":
                await socket.send('{"type":"ready"}')
            elif message["type"] == "ring":
                await socket.send(json.dumps({"type": "answer_call", "call_id": message["call"]["call_id"]}))


def _all_talk(health: Any, running: Any, home: Path, calls: int) -> None:
    """Raises AssertionError with voice's own words when a call was lost on the way."""
    if health["calls"]["talking"] != calls:
        lost = [fact for fact in running.spooled() if fact["kind"] in ("call_seat_lost", "seat_state")]
        log = (home / "voice.log").read_text()[-2000:]
        raise AssertionError(f"{health['calls']}, of {calls}: {lost[-6:]} {log}")


async def bench(calls: int, seconds: float, rounds: int) -> dict[str, float | int | str]:
    """The whole run."""
    async with AsyncExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sigap-bench-")))
        keys = Keys(home / "keys")
        running = await stack.enter_async_context(voice(home))
        phone = Softphone()
        await phone.start()
        stack.push_async_callback(phone.stop)
        address = stack.enter_context(pages(ROOT / "tests" / "voice"))
        browser = await stack.enter_async_context(chromium())
        seats = []
        for name in BROWSERS:
            page = await browser.new_page()
            await page.goto(f"{address}/seat_page.html")
            seats.append(SeatPage(page))
            await seats[-1].sit(running.seat_port, keys.token(name), name)
        to_180, to_ring = await ring_times(running, phone, seats, rounds)
        by_sipp = await sipp_times(running, home / "sipp", rounds)
        while any((await running.health())["calls"].values()):
            await asyncio.sleep(0.1)
        await asyncio.sleep(1.0)  # the pages have heard of the last ring's end

        others = [f"bench-{number}" for number in range(calls - len(BROWSERS))]
        made = [await answered_in_browser(running, phone, seats) for _ in BROWSERS]
        sitting = [
            asyncio.create_task(simulated(running, keys.token(seat, simulated=True, seats=others), seat))
            for seat in others
        ]
        await asyncio.sleep(1.0)
        for _ in others:
            made.append(await phone.call(*running.sip, number="+6281200000003"))
            await asyncio.sleep(0.05)
        await asyncio.gather(*(call.wait(call.answered, timeout=15) for call in made))
        for call in made:
            call.play(TONE, loop=True)
        await asyncio.sleep(2.0)
        used, began = processor_s(running.process.pid), time.monotonic()
        await asyncio.sleep(seconds)
        cores = (processor_s(running.process.pid) - used) / (time.monotonic() - began)
        health = await running.health()
        heard = [await loudest(seat) for seat in seats]
        for task in sitting:
            task.cancel()
        await asyncio.gather(*sitting, return_exceptions=True)
        recordings = len(list((home / "recordings").rglob("*.wav")))
        _all_talk(health, running, home, calls)
        assert recordings >= calls, recordings
        assert min(heard) > 0.02, heard
        assert all(np.abs(call.sound(2)).max() > 0 for call in made[: len(BROWSERS)])
    return {
        "calls": calls,
        "seats": len(BROWSERS),
        "cores": round(cores, 3),
        "invite_to_180_p95_ms": round(p95(by_sipp or to_180), 2),
        "invite_to_180_by": "sipp" if by_sipp else "softphone",
        "invite_to_ring_p95_ms": round(p95(to_ring), 2),
        "rings": rounds,
        "recordings": recordings,
    }


def main() -> int:
    """Print a table, then one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--rounds", type=int, default=40)
    given = parser.parse_args()
    found = asyncio.run(bench(given.calls, given.seconds, given.rounds))
    for name, limit in (
        ("cores", "< 1"),
        ("invite_to_180_p95_ms", "≤ 50"),
        ("invite_to_ring_p95_ms", "≤ 300"),
    ):
        print(f"{name:24} {found[name]:>10} {limit:>8}")
    print(json.dumps(found))
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
