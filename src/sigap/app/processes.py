"""What the supervisor keeps alive: one child process each, or the database."""

import asyncio
import os
import signal
import ssl
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol

from sigap.app import leash
from sigap.app.postgres import EmbeddedPostgres
from sigap.app.trouble import Trouble

READY_LIMIT_S = 120.0
"""Seconds a part may take from its start until it serves; then it is started anew.

Long, because starting anew helps only against a part that hangs: on a machine under load it makes things worse.
"""
ANSWER_LIMIT_S = 10.0
"""Seconds an answer may take and still count: with the database away, the api's healthz asks it for a second or more."""
STOP_LIMIT_S = 10.0
"""Seconds a part may take to end by itself after it was asked to."""
DONE = "ended with 0"
LOG_LIMIT_BYTES = 20 * 1024 * 1024
"""A log over this is set aside (one older one is kept) when its process starts."""


class Kept(Protocol):
    """One thing that must run: start it, learn that it ended, stop it."""

    name: str

    async def start(self) -> None:
        """Return once it serves. Raises Trouble if it cannot."""
        ...

    async def ended(self) -> str:
        """Wait until it is gone and say how it went."""
        ...

    async def stop(self) -> None:
        """End it cleanly, or by force when it does not listen; harmless when it does not run."""
        ...

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        ...


class Database:
    """The embedded PostgreSQL as a kept thing."""

    name = "database"

    def __init__(self, server: EmbeddedPostgres) -> None:
        self._server = server

    async def start(self) -> None:
        """Start it and wait until crash recovery, if any, is done."""
        self._server.spawn()  # here, not in a thread: the leash holds to the thread that starts it
        await asyncio.to_thread(self._server.wait_ready)

    async def ended(self) -> str:
        """Wait for the postmaster's end."""
        while self._server.pid is not None:
            await asyncio.sleep(0.05)
        return "ended"

    async def stop(self) -> None:
        """Fast, clean stop."""
        await asyncio.to_thread(self._server.stop)

    @property
    def pid(self) -> int | None:
        """The postmaster's process id."""
        return self._server.pid


class Process:
    """One `sigap …` process, with its log in the installation's log folder."""

    def __init__(
        self,
        name: str,
        arguments: Callable[[], list[str]],
        *,
        log: Path,
        environment: dict[str, str],
        ready: Callable[[int], Awaitable[bool]] | None = None,
        nice: int = 0,
    ) -> None:
        """`arguments` is asked at every start (a port once chosen stays); `ready` gets the pid; see leash for `nice`."""
        self.name = name
        self._arguments = arguments
        self._log = log
        self._environment = environment
        self._ready = ready
        self._nice = nice
        self._child: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        return self._child.pid if self._child is not None and self._child.returncode is None else None

    async def start(self) -> None:
        """Start it on a leash and wait until it serves."""
        command = leash.command([sys.executable, "-m", "sigap", *self._arguments()], nice=self._nice)
        if self._log.exists() and self._log.stat().st_size > LOG_LIMIT_BYTES:
            self._log.replace(self._log.with_suffix(".log.1"))
        start_of_log = self._log.stat().st_size if self._log.exists() else 0
        with self._log.open("ab") as log:
            child = self._child = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.PIPE,
                stdout=log,
                stderr=log,
                env={**os.environ, **self._environment},
                start_new_session=True,  # Ctrl-C is ours to pass on, in order
            )
        try:
            async with asyncio.timeout(READY_LIMIT_S):
                while self._ready is not None and not await self._ready(child.pid):
                    if child.returncode is not None:
                        raise self._trouble(child.returncode, start_of_log)
                    await asyncio.sleep(0.05)
        except TimeoutError:
            await self.stop()
            raise Trouble(
                f"{self.name} did not answer within {READY_LIMIT_S:.0f} s.", mend=f"read {self._log}"
            ) from None

    async def ended(self) -> str:
        """Wait for its end."""
        if self._child is None:
            return "not started"
        code = await self._child.wait()
        return f"killed by {signal.Signals(-code).name}" if code < 0 else f"ended with {code}"

    async def stop(self) -> None:
        """SIGTERM, patience, SIGKILL."""
        child = self._child
        if child is None or child.returncode is not None:
            return
        child.terminate()
        try:
            await asyncio.wait_for(child.wait(), STOP_LIMIT_S)
        except TimeoutError:
            child.kill()
            await child.wait()

    def _trouble(self, code: int, start_of_log: int) -> Trouble:
        with self._log.open("rb") as log:
            log.seek(start_of_log)
            lines = [line for line in log.read(65536).decode(errors="replace").splitlines() if line.strip()]
        last = lines[-1].strip() if lines else f"exit {code}, and it said nothing"
        return Trouble(f"{self.name} could not start: {last.rstrip('.')}.", mend=f"read {self._log}")


async def answers(host: str, port: int, path: str, *, tls: bool = False) -> bool:
    """True if an HTTP server there answers `path` with 200 within ANSWER_LIMIT_S."""
    context = ssl.create_default_context() if tls else None
    if context is not None:  # we ask ourselves, by address: the name in the certificate is another
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        async with asyncio.timeout(ANSWER_LIMIT_S):
            reader, writer = await asyncio.open_connection(host, port, ssl=context)
            try:
                writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
                line = await reader.readline()
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return False
    return b" 200 " in line
