"""The demo city as one process: it knows the room's address and its telephone line, and nothing else of it."""

import argparse
import asyncio
import contextlib
import json
import logging
import signal
from pathlib import Path
from random import Random
from typing import Final

import httpx

from sigap.simulation.callers import Callers, Truth
from sigap.simulation.chairs import Chairs
from sigap.simulation.colleague import Colleague
from sigap.simulation.crews import Field
from sigap.simulation.dispatchers import Dispatcher
from sigap.simulation.eye import Eye
from sigap.simulation.operators import Operator, seats_for
from sigap.simulation.people import crew_name, officer_name
from sigap.simulation.resting import Resting

log = logging.getLogger("sigap.city")

OPERATORS: Final = 3


async def city(
    http_url: str,
    sip: tuple[str, int],
    *,
    calls_per_hour: float,
    mix: str,
    callers: bool,
    pace: float,
    seed: int | None,
    voice_file: Path | None,
) -> None:
    """Play the city until cancelled."""
    chance = Random(seed)
    limits = httpx.Limits(max_connections=64, max_keepalive_connections=32)
    async with httpx.AsyncClient(base_url=http_url, timeout=15, limits=limits) as http:
        chairs, truth = Chairs(http), Truth()
        dispatcher = Colleague(http, "dispatcher1")
        # The city's eye: what the dispatcher's chair sees is what the radio and the phones in the room carry.
        eye = Eye(http, Colleague(http, "dispatcher1"))
        await _until_open(http)
        agencies = await _agencies(dispatcher)
        work = [chairs.watch(), eye.watch(), Dispatcher(dispatcher, eye, chairs, chance, agencies).run()]
        work.append(_field(eye, chairs, chance, http, pace))
        for number, seat in enumerate(seats_for(OPERATORS), start=1):
            operator = Colleague(http, f"operator{number}")
            work.append(Operator(operator, seat, chairs, truth, chance, lambda: _seat_url(voice_file)).run())
        if callers:
            pace_of_calls = Callers(sip, truth, chairs, calls_per_hour=calls_per_hour, mix=mix, chance=chance)
            work.append(pace_of_calls.run())
        async with asyncio.TaskGroup() as tasks:
            for each in work:
                tasks.create_task(each)


async def _field(eye: Eye, chairs: Chairs, chance: Random, http: httpx.AsyncClient, pace: float) -> None:
    await eye.ready.wait()
    names = [officer_name(agency["id"]) for agency in eye.rows("agency")]
    names += [crew_name(unit["code"]) for unit in eye.rows("unit")]
    colleagues = {name: Colleague(http, name) for name in names}
    field = Field(eye, chairs, chance, colleagues, pace=pace)
    field.start()
    for job in eye.rows("assignment"):
        field.take(job)
    await Resting(eye, chairs, chance, colleagues, pace=pace).watch()


async def _until_open(http: httpx.AsyncClient) -> None:
    """Wait until the room answers."""
    while True:
        with contextlib.suppress(httpx.HTTPError):
            if (await http.get("/api/healthz")).status_code == 200:
                return
        await asyncio.sleep(0.3)


async def _agencies(colleague: Colleague) -> dict[str, list[str]]:
    """Who is sent to what, the lead first, from the room's own catalogue."""
    catalogue = await colleague.get("/api/catalogue")
    return {kind["code"]: kind["agencies"] for kind in catalogue["incident_types"]}


def _seat_url(voice_file: Path | None) -> str | None:
    """Where voice says that its seats connect; None asks the room instead."""
    if voice_file is None or not voice_file.exists():
        return None
    with contextlib.suppress(ValueError, KeyError, TypeError):
        return f"ws://127.0.0.1:{json.loads(voice_file.read_text())['seat']['port']}/seat"
    return None


def main(argv: list[str] | None = None) -> int:
    """`python -m sigap city …`."""
    parser = argparse.ArgumentParser(
        prog="sigap city", description="The demo city: callers, colleagues, crews."
    )
    parser.add_argument("--http-url", required=True)
    parser.add_argument("--sip", required=True, metavar="HOST:PORT")
    parser.add_argument("--calls-per-hour", type=float, default=60.0)
    parser.add_argument(
        "--mix", choices=("half", "real"), default="half", help="real: the published share of real calls"
    )
    parser.add_argument("--no-callers", action="store_true", help="colleagues only; nobody calls")
    parser.add_argument(
        "--pace", type=float, default=1.0, help="how much faster crews turn out, drive and work"
    )
    parser.add_argument("--seed", type=int, default=None, help="the same city again")
    parser.add_argument("--voice-file", type=Path, default=None, help="voice.json of the installation")
    options = parser.parse_args(argv)
    host, _, port = options.sip.rpartition(":")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)

    async def run() -> None:
        task = asyncio.current_task()
        assert task is not None
        for end in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(end, task.cancel)
        await city(
            options.http_url,
            (host or "127.0.0.1", int(port)),
            calls_per_hour=options.calls_per_hour,
            mix=options.mix,
            callers=not options.no_callers,
            pace=options.pace,
            seed=options.seed,
            voice_file=options.voice_file,
        )

    with contextlib.suppress(asyncio.CancelledError):
        asyncio.run(run())
    return 0
