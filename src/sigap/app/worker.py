"""`sigap worker`: follows the journal and runs the timers that come of it (sigap.reactions)."""

import asyncio
import contextlib
import json
import os
import signal
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from sigap.app.supervisor import write_whole
from sigap.kernel import logs
from sigap.kernel.paths import Home

SIGN_EVERY_S = 2.0
"""Seconds between two signs of life in SIGAP_HOME/worker.json."""


async def run(home: Home, work: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    """Work until SIGTERM or SIGINT, signing our life meanwhile. Raises what ends the work early."""
    logs.start()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    signing = asyncio.create_task(_sign(home))
    try:
        await work(stop)
    finally:
        signing.cancel()
        with contextlib.suppress(OSError):
            sign_file(home).unlink(missing_ok=True)
    if not stop.is_set():
        raise RuntimeError("the reactions ended without being told to")


async def _sign(home: Home) -> None:
    while True:
        write_whole(sign_file(home), json.dumps({"pid": os.getpid(), "at": time.time()}))
        await asyncio.sleep(SIGN_EVERY_S)


def sign_file(home: Home) -> Path:
    """Where a worker says that it lives."""
    return home.root / "worker.json"
