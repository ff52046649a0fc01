"""Keeps the parts of the room alive: starts them in order, starts again what dies, stops them in reverse.

A part that dies is started again at once, then with growing pauses while it keeps dying. SIGAP_HOME/status.json
always says what runs; a file SIGAP_HOME/hold/<part> keeps a part stopped until it is removed (for drills and
for work on one part). When we are killed, the leash ends the parts.
"""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Coroutine
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from sigap.app.processes import DONE, Kept
from sigap.app.trouble import Trouble
from sigap.kernel.paths import Home

FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 5.0
CALM_S = 30.0
"""Seconds a part must have lived for its next death to count as the first."""
HOLD_POLL_S = 0.2


@dataclass(slots=True)
class Condition:
    """What is known of one part."""

    state: str = (
        "stopped"  # starting | running | restarting | held | stopped; an errand: running | done | failed
    )
    pid: int | None = None
    since: str = ""
    restarts: int = 0
    last_end: str | None = None


class Supervisor:
    """Runs parts until told to stop."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._parts: list[Kept] = []
        self._conditions: dict[str, Condition] = {}
        self._keepers: list[asyncio.Task[None]] = []
        self._stop = asyncio.Event()

    async def start_part(self, part: Kept) -> None:
        """Start one part and keep it from then on. Raises Trouble if it cannot start: try again, or `stop` the rest."""
        if not self._parts:
            self._forget_holds()
            self._keepers.append(asyncio.create_task(self._watch_holds()))
        if part not in self._parts:
            self._parts.append(part)
        self._conditions[part.name] = Condition()
        self._note(part, "starting")
        await part.start()
        self._note(part, "running")
        self._keepers.append(asyncio.create_task(self._keep(part)))

    async def errand(self, part: Kept) -> None:
        """Start something that ends by itself; it is not started again, and stopped with everything else."""
        self._parts.append(part)
        self._conditions[part.name] = Condition()
        await part.start()
        self._note(part, "running")
        self._keepers.append(asyncio.create_task(self._see_off(part)))

    async def run(self, starting: Coroutine[object, object, None], *, seconds: float | None = None) -> None:
        """Start up, then stay until SIGINT, SIGTERM or `seconds` later; then stop everything.

        A signal while starting ends that too. Raises what went wrong in `starting`, with everything stopped.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stop.set)
        told, start = asyncio.create_task(self._stop.wait()), asyncio.create_task(starting)
        try:
            await asyncio.wait({told, start}, return_when=asyncio.FIRST_COMPLETED)
            if start.done():
                start.result()
                await asyncio.wait({told}, timeout=seconds)
        finally:
            start.cancel()
            await asyncio.gather(start, return_exceptions=True)
            told.cancel()
            await self.stop()

    async def restart(self, names: tuple[str, ...]) -> None:
        """End these parts; they are started again at once."""
        await asyncio.gather(*(part.stop() for part in self._parts if part.name in names))

    async def stop(self) -> None:
        """End the parts, the last started first."""
        self._stop.set()
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        for part in reversed(self._parts):
            await part.stop()
            self._note(part, "stopped")

    # ------------------------------------------------------------ inside
    async def _keep(self, part: Kept) -> None:
        pause, born = FIRST_PAUSE_S, time.monotonic()
        condition = self._conditions[part.name]
        while True:
            condition.last_end = await part.ended()
            if time.monotonic() - born > CALM_S:
                pause = FIRST_PAUSE_S
            if not self._held(part):
                say(f"{part.name} {condition.last_end}; starting it again")
                condition.restarts += 1
            self._note(part, "held" if self._held(part) else "restarting")
            await asyncio.sleep(pause)
            while self._held(part):
                await asyncio.sleep(HOLD_POLL_S)
            pause, born = min(pause * 2, LONGEST_PAUSE_S), time.monotonic()
            try:
                await part.start()
                self._note(part, "running")
            except (
                Trouble,
                OSError,
                psycopg.Error,
            ) as error:  # no memory, no log file, a database that goes again
                say(f"{part.name} is not back: {error}")

    async def _see_off(self, part: Kept) -> None:
        how = self._conditions[part.name].last_end = await part.ended()
        self._note(part, "done" if how == DONE else "failed")
        if how != DONE:
            say(f"{part.name} {how}; read its log in {self._home.logs}")

    def _forget_holds(self) -> None:
        for leftover in hold_folder(self._home).glob("*"):
            leftover.unlink()

    async def _watch_holds(self) -> None:
        while True:
            for part in self._parts:
                if self._held(part) and part.pid is not None:
                    await part.stop()
            await asyncio.sleep(HOLD_POLL_S)

    def _held(self, part: Kept) -> bool:
        return (hold_folder(self._home) / part.name).exists()

    def _note(self, part: Kept, state: str) -> None:
        condition = self._conditions[part.name]
        condition.state, condition.pid = state, part.pid
        condition.since = datetime.now(UTC).isoformat(timespec="milliseconds")
        parts = {name: asdict(known) for name, known in self._conditions.items()}
        write_whole(
            status_file(self._home), json.dumps({"supervisor": os.getpid(), "parts": parts}, indent=1)
        )


def status_file(home: Home) -> Path:
    """What runs, as JSON; written whole at every change."""
    return home.root / "status.json"


def hold_folder(home: Home) -> Path:
    """A file in it named after a part keeps that part stopped."""
    return home.root / "hold"


def write_whole(file: Path, text: str) -> None:
    """Readers see the old text or the new, never half of it. A full disk must not stop the supervisor."""
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        fresh.write_text(text)
        fresh.replace(file)
    except OSError as error:
        say(f"{file} could not be written: {error.strerror}")


def say(sentence: str) -> None:
    """One line for the person at the terminal (or the system's journal)."""
    print(f"{datetime.now().astimezone():%H:%M:%S} {sentence}", file=sys.stderr, flush=True)
