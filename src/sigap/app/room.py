"""The whole room under one supervisor: what `sigap demo` and `sigap serve` have in common."""

import asyncio
import os
import ssl
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psycopg

from sigap.app import installation
from sigap.app.lock import Lock
from sigap.app.ports import HeldPort
from sigap.app.postgres import EmbeddedPostgres
from sigap.app.processes import Database, Kept, Process, answers
from sigap.app.supervisor import Supervisor, say
from sigap.app.trouble import Trouble
from sigap.app.voice_address import VoicePorts, voice_ports
from sigap.app.worker import sign_file
from sigap.kernel.hosts import reached_at
from sigap.kernel.paths import Home


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomOptions:
    """What a person chooses about the whole room; ports 0 are any free ones."""

    demo: bool
    host: str = "127.0.0.1"
    http_port: int = 8112
    sip_host: str = "127.0.0.1"
    sip_port: int = 5112
    rtp_ports: str = "40000-40999"
    seat_host: str = "127.0.0.1"
    seat_port: int = 8113
    advertised_host: str | None = None
    trunks: tuple[str, ...] = ()
    media_addresses: tuple[str, ...] = ()
    certificate: Path | None = None
    key: Path | None = None
    trusted_proxies: str = ""
    with_roster: bool = False


RETRY_S = 5.0
"""Seconds between two tries to reach a database that does not let the room open."""
OPENED = "opened"
"""In the home of a room for real use once it has its schema, keys and an administrator."""
DEMO = "demo"
"""In the home of a demo."""


class Room:
    """One running installation."""

    def __init__(self, home: Home, options: RoomOptions) -> None:
        """Takes folder and HTTP port at once, so that what is taken is said before anything starts or is removed."""
        _check_certificate(options)
        self.home = home
        self._lock = Lock(home.root / "room.lock")
        self._lock.take()
        _keep_apart(home, demo=options.demo)
        self.options = options
        self._http = HeldPort(options.host, options.http_port, "--http-port")
        self._inner = HeldPort("127.0.0.1", 0, "--http-port") if options.certificate else None
        self._addresses: installation.Addresses | None = None
        self._server = None if installation.external() else EmbeddedPostgres.of(home)
        self._database = Database(self._server) if self._server else None
        self._keeps_database = False
        self._sip_port, self._seat_port = options.sip_port, options.seat_port
        self.supervisor = Supervisor(home)

    @property
    def has_been_open(self) -> bool:
        """Prepared before, with its administrator: voice can ring without waiting for the database."""
        return (self.home.root / OPENED).exists()

    @property
    def url(self) -> str:
        """Where the room's pages are."""
        scheme = "https" if self.options.certificate else "http"
        return f"{scheme}://{reached_at(self._http.host)}:{self._http.number}"

    @property
    def inner_url(self) -> str:
        """Where the room's own processes reach the API: never through the certificate."""
        return f"http://127.0.0.1:{self._inner.number}" if self._inner else self.url

    def voice(self) -> VoicePorts:
        """Where voice listens. Raises Trouble while it does not."""
        ports = voice_ports(self.home)
        if ports is None:
            raise Trouble("voice is not running.", mend=f"read {self.home.logs / 'voice.log'}")
        return ports

    async def start(self) -> None:
        """Database, schema, then api, worker and voice together. Raises Trouble; the supervisor stops the rest.

        A room for real use that has been open before rings first: its voice waits for no database.
        """
        voice, early = self._voice(), not self.options.demo and self.has_been_open
        if early:
            await self.supervisor.start_part(voice)
        await self._done(self._open_database, patient=early)
        if self.options.demo and not (self.home.roads / "current").exists():
            await self.supervisor.errand(self.process("roads", "import", "made-up-roads", nice=19))
        try:
            async with asyncio.TaskGroup() as together:
                for part in (self._api(), self._worker(), *([] if early else [voice])):
                    starting = partial(self.supervisor.start_part, part)
                    together.create_task(self._done(starting, patient=early))
        except ExceptionGroup as several:
            raise several.exceptions[0] from None
        await self._done(self._keep_ports, patient=early)

    def process(self, name: str, *arguments: str, nice: int = 0) -> Process:
        """One more `sigap …` process of this room, with nothing to wait for."""
        return Process(
            name,
            lambda: list(arguments),
            log=self.home.logs / f"{name}.log",
            environment=self._environment(),
            nice=nice,
        )

    # ------------------------------------------------------------ inside
    async def _done(self, step: Callable[[], Awaitable[None]], *, patient: bool) -> None:
        """Do a step; `patient`: again and again until it is done, since calls are being answered already."""
        said = ""
        while True:
            try:
                await step()
            except (Trouble, OSError, psycopg.Error) as error:  # the database may go between two questions
                if not patient:
                    raise
                if said != (now := " ".join(str(error).split())):
                    said = now
                    say(f"{said} Calls are answered meanwhile; trying again every {RETRY_S:.0f} s.")
                await asyncio.sleep(RETRY_S)
            else:
                return

    async def _keep_ports(self) -> None:
        ports = self.voice()  # the same ones at every later start
        self._sip_port, self._seat_port = ports.sip_port, ports.seat_port

    async def _open_database(self) -> None:
        if self._server is None or self._database is None:
            self._addresses = await asyncio.to_thread(installation.settle_external, self.home)
        else:
            if not self._keeps_database:
                await self.supervisor.start_part(self._database)
                self._keeps_database = True  # from here on the supervisor starts it again, alone
            self._addresses = await asyncio.to_thread(installation.prepare_database, self._server)
        await self._prepare()

    def _environment(self) -> dict[str, str]:
        assert self._addresses is not None, "after the database"
        return {"SIGAP_HOME": str(self.home.root), **self._addresses.environment()}

    async def _prepare(self) -> None:
        """In a process of its own: it loads the rooms, the supervisor stays small."""
        words = ["prepare", *(["--demo"] if self.options.demo else [])]
        if self.options.with_roster:
            words.append("--with-roster")
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "sigap", *words),
            stdout=asyncio.subprocess.DEVNULL,
            env={**os.environ, **self._environment()},
        )
        try:
            code = await child.wait()
        except asyncio.CancelledError:
            child.terminate()
            raise
        if code != 0:
            raise Trouble("The database could not be prepared; the lines above say why.", mend="sigap doctor")

    def _api(self) -> Kept:
        chosen = self.options
        words = ["api", "--host", chosen.host, "--http-port", str(self._http.number)]
        words += ["--demo"] if chosen.demo else []
        words += ["--seat-port", str(self._seat_port), "--trusted-proxies", chosen.trusted_proxies]
        if chosen.certificate and chosen.key:
            words += ["--tls-cert", str(chosen.certificate), "--tls-key", str(chosen.key)]
            words += ["--inner-port", str(self._inner.number)] if self._inner else []
        host, port, tls = reached_at(chosen.host), self._http.number, chosen.certificate is not None
        return Process(
            "api",
            lambda: words,
            log=self.home.logs / "api.log",
            environment=self._environment(),
            ready=lambda pid: answers(host, port, "/api/healthz", tls=tls),
        )

    def _worker(self) -> Kept:
        async def signed(pid: int) -> bool:
            file = sign_file(self.home)
            return file.exists() and f'"pid": {pid},' in file.read_text()

        return Process(
            "worker",
            lambda: ["worker"],
            log=self.home.logs / "worker.log",
            environment=self._environment(),
            ready=signed,
        )

    def _voice(self) -> Kept:
        async def listening(pid: int) -> bool:
            ports = voice_ports(self.home)
            return ports is not None and ports.pid == pid

        def words() -> list[str]:
            chosen = self.options
            listed = ["voice", "--sip-host", chosen.sip_host, "--sip-port", str(self._sip_port)]
            listed += ["--rtp-ports", chosen.rtp_ports, "--http-url", self.inner_url]
            listed += ["--seat-host", chosen.seat_host, "--seat-port", str(self._seat_port)]
            for trunk in chosen.trunks:
                listed += ["--trunk", trunk]
            for address in chosen.media_addresses:
                listed += ["--media-address", address]
            if chosen.advertised_host:
                listed += ["--advertised-host", chosen.advertised_host]
            if chosen.certificate and chosen.key:
                listed += ["--tls-cert", str(chosen.certificate), "--tls-key", str(chosen.key)]
            return [*listed, *(["--allow-loopback"] if chosen.demo else [])]

        # Voice gets the folder only: it must not lean on the database.
        return Process(
            "voice",
            words,
            log=self.home.logs / "voice.log",
            environment={"SIGAP_HOME": str(self.home.root)},
            ready=listening,
        )


def _keep_apart(home: Home, *, demo: bool) -> None:
    """A demo must not seed or remove a real room, and a demo's accounts, whose password all know, open no real one."""
    if demo and (home.root / OPENED).exists():
        raise Trouble(
            f"{home.root} holds a room for real use.", mend="give the demo its own: SIGAP_HOME=… make demo"
        )
    if not demo and (home.root / DEMO).exists():
        raise Trouble(
            f"{home.root} holds a demo, and everyone knows the password of its accounts.",
            mend=f"give the room its own SIGAP_HOME, or remove the demo: rm -r {home.root}",
        )
    if demo:
        (home.root / DEMO).touch()


def _check_certificate(options: RoomOptions) -> None:
    """Both files can be read and belong together, before anything starts."""
    if options.certificate is None or options.key is None:
        return
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(
            options.certificate, options.key, ""
        )
    except ssl.SSLError as error:
        raise Trouble(
            f"{options.certificate} and {options.key} do not make a certificate: {error.reason or error}.",
            mend="give --tls-cert the chain and --tls-key its key, both PEM, the key without a passphrase",
        ) from error
    except OSError as error:
        raise Trouble(
            f"The certificate cannot be read: {error.strerror}.",
            mend=f"ls -l {options.certificate} {options.key}; the account that runs Sigap must read both",
        ) from error
