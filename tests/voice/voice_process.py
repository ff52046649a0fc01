"""A real voice process in a home folder of its own, for tests: no api, no database, any free ports."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class VoiceProcess:
    """One run of `sigap voice`."""

    process: asyncio.subprocess.Process
    home: Path
    ports: dict[str, Any]

    @property
    def sip(self) -> tuple[str, int]:
        return self.ports["sip"]["host"], self.ports["sip"]["port"]

    @property
    def seat_port(self) -> int:
        return self.ports["seat"]["port"]

    async def health(self) -> dict[str, Any]:
        async with httpx.AsyncClient(trust_env=False) as http:
            return (await http.get(f"http://127.0.0.1:{self.seat_port}/healthz")).json()

    async def kill(self) -> None:
        """kill -9."""
        self.process.send_signal(signal.SIGKILL)
        await self.process.wait()

    async def stop(self) -> int:
        """SIGTERM; the exit code."""
        with contextlib.suppress(ProcessLookupError):
            self.process.terminate()
        try:
            return await asyncio.wait_for(self.process.wait(), 10)
        except TimeoutError:
            await self.kill()
            return -9

    def spooled(self) -> list[dict[str, Any]]:
        """The facts on disk."""
        lines = (self.home / "spool" / "facts.jsonl").read_text().splitlines()[1:]
        return [json.loads(line) for line in lines]


async def start(
    home: Path, *, sip_port: int = 0, seat_port: int = 0, http_url: str = "", **more: str
) -> VoiceProcess:
    """Start it and wait until it listens; ports of an earlier run may be given again."""
    arguments = ["--sip-port", str(sip_port), "--seat-port", str(seat_port), "--rtp-ports", "0-0"]
    arguments += ["--http-url", http_url, "--allow-loopback"]
    for name, value in more.items():
        arguments += [f"--{name.replace('_', '-')}", value]
    log = (home / "voice.log").open("ab")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sigap.voice.main", *arguments,
        env={**os.environ, "SIGAP_HOME": str(home), "PYTHONPATH": str(ROOT / "src")},
        stdout=asyncio.subprocess.PIPE, stderr=log,
    )  # fmt: skip
    assert process.stdout is not None
    line = await asyncio.wait_for(process.stdout.readline(), 20)
    if not line:
        raise AssertionError((home / "voice.log").read_text()[-3000:])
    return VoiceProcess(process, home, json.loads(line))


@asynccontextmanager
async def voice(home: Path, **options: Any) -> AsyncIterator[VoiceProcess]:
    """A running voice; stopped at the end."""
    running = await start(home, **options)
    try:
        yield running
    finally:
        if running.process.returncode is None:
            await running.stop()
