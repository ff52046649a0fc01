"""`sigap voice`: the exchange, the queue, the seats' socket and the road to the api, in one process.

Needs nothing but its home folder. Prints one JSON line with its ports when it is ready, and writes the same to `voice.json`.
SIGTERM: no new seats, the spool is flushed; answered calls are kept on disk and taken up by the next start within a second or two.
"""

import argparse
import asyncio
import contextlib
import importlib
import json
import logging
import os
import shutil
import signal
import ssl
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import uvloop

from sigap.kernel import clock, logs, settings
from sigap.kernel.clock import SystemClock
from sigap.kernel.hosts import reached_at
from sigap.kernel.paths import Home
from sigap.voice import policy
from sigap.voice.forwarder import Api, Forwarder
from sigap.voice.pbx_config import LOOPBACK, PbxConfig, TrunkPeer
from sigap.voice.pbx_embedded import EmbeddedPbx
from sigap.voice.queue.model import SeatState, Stage
from sigap.voice.queue.runner import QueueRunner
from sigap.voice.spool import Spool

if TYPE_CHECKING:
    from sigap.voice.seats.server import SeatServer

log = logging.getLogger(__name__)

_NICENESS = -10
LOW_DISK = settings.declare(
    "voice.low_disk", 0.05, "Free part of the recordings' disk below which the alarm says so.", owner="admin"
)
LOW_DISK_MB = settings.declare(
    "voice.low_disk_mb",
    200,
    "Free megabytes on the recordings' disk below which the alarm says so.",
    owner="admin",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the command line may choose. Port 0 is any free one."""

    home: Home
    sip_host: str
    sip_port: int
    rtp_ports: tuple[int, int]
    advertised_host: str | None
    trunks: tuple[TrunkPeer, ...]
    seat_host: str
    seat_port: int
    seat_origins: tuple[str, ...]
    media_addresses: tuple[str, ...]
    allow_loopback: bool
    voices: Path | None
    tls: tuple[Path, Path] | None
    """Certificate and key of the seats' socket, PEM."""
    http_url: str | None


def main(argv: list[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT. Exit code 0; 2 when a port is taken or the home folder is unusable."""
    options = _options(argv)
    logs.start()
    with contextlib.suppress(
        OSError
    ):  # sound comes before everything else on this machine, where we may say so
        os.setpriority(os.PRIO_PROCESS, 0, _NICENESS)
    try:
        settings.load(options.home.settings_file)
        options.home.make()
    except ValueError as error:
        print(f"sigap voice: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        log.error("home is not writable; going on", extra={"action": "voice.home", "why": str(error)})
    try:
        uvloop.run(Voice(options).run())
    except OSError as error:
        print(
            f"sigap voice: cannot listen: {error}. Choose another port with --sip-port or --seat-port.",
            file=sys.stderr,
        )
        return 2
    return 0


class Voice:
    """The process's parts and their life."""

    def __init__(self, options: Options) -> None:
        self._options, self._home = options, options.home
        self._started_at = SystemClock().now()
        self._policy_file = self._home.spool / "policy.json"
        self._loop: asyncio.AbstractEventLoop | None = None
        self._snapshot: object = None
        self._ports: dict[str, object] = {}

    async def run(self) -> None:
        """Start, wait for the signal, stop. Raises OSError when a port is taken."""
        self._loop = asyncio.get_running_loop()
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            self._loop.add_signal_handler(number, stop.set)
        options = self._options
        self._pbx = EmbeddedPbx(
            PbxConfig(
                recordings=self._home.recordings,
                saved_calls=self._home.root / "calls",
                sip_host=options.sip_host,
                sip_port=options.sip_port,
                advertised_host=options.advertised_host,
                rtp_ports=options.rtp_ports,
                peers=options.trunks or LOOPBACK,
            )
        )
        self._spool = Spool(self._home.spool, on_trouble=self._trouble)
        self._runner = QueueRunner(
            self._pbx,
            self._spool,
            policy.load(self._policy_file),
            memory_file=self._home.spool / "queue.json",
        )
        forwarder = self._forwarder()
        await self._runner.start()
        server = await self._open_seats()
        if forwarder:
            forwarder.start()
        self._announce(server.port)
        watch = self._loop.create_task(self._watch_disk())
        await stop.wait()
        log.info("voice stops", extra={"action": "voice.stopping"})
        watch.cancel()
        await server.stop()
        await self._runner.stop()
        if forwarder:
            await asyncio.to_thread(forwarder.stop, 2.0)
        await asyncio.to_thread(self._spool.close)
        with contextlib.suppress(OSError):
            (self._home.root / "voice.json").unlink()

    def health(self) -> Mapping[str, object]:
        """How voice is, for /healthz and for people who ask it."""
        room = self._runner.acd.room
        stages = [call.stage for call in room.calls.values()]
        forwarder = self._road
        return {
            "node": self._spool.node,
            "started_at": clock.text(self._started_at),
            "pbx": "embedded",
            "calls": {
                "waiting": stages.count(Stage.WAITING),
                "ringing": stages.count(Stage.RINGING) + stages.count(Stage.CONNECTING),
                "talking": stages.count(Stage.TALKING),
                "held": stages.count(Stage.HELD),
            },
            "seats": [
                {"seat": seat.name, "state": seat.state.value, "media": "up" if seat.audio else "none"}
                for seat in room.seats.values()
            ],
            "seats_connected": sum(seat.state is not SeatState.SIGNED_OUT for seat in room.seats.values()),
            "spool": self._spool.state().public(),
            "api_reachable": forwarder.reachable if forwarder else None,
            "recordings": _disk(self._home.recordings),
            "policy_known": room.policy.known,
            "alarms": dict(room.alarms),
            **self._ports,
        }

    # ---- parts

    async def _open_seats(self) -> "SeatServer":
        """The seats' socket. Its libraries load beside callers who already hear us again: half of a start is theirs."""
        seats, leg = await asyncio.to_thread(
            lambda: [importlib.import_module(f"sigap.voice.seats.{name}") for name in ("server", "leg")]
        )
        options = self._options
        leg.offer_addresses(options.media_addresses, loopback=options.allow_loopback)
        server: SeatServer = seats.SeatServer(
            self._runner,
            node=self._spool.node,
            key_file=self._home.keys / "seat_verify.pub",
            health=self.health,
            origins=options.seat_origins,
            voices=options.voices,
        )
        self._runner.seats = server
        await server.start(options.seat_host, options.seat_port, tls=_tls(options.tls))
        return server

    def _forwarder(self) -> Forwarder | None:
        self._road: Forwarder | None = None
        if self._options.http_url:
            self._road = Forwarder(
                self._spool,
                Api(self._options.http_url.rstrip("/"), self._home.keys / "voice.token"),
                refused_file=self._home.spool / "refused.jsonl",
                on_policy=self._new_policy,
                on_trouble=self._trouble,
            )
        return self._road

    def _announce(self, seat_port: int) -> None:
        """Say where we listen."""
        host, port = self._pbx.sip_address
        self._ports = {
            "sip": {"host": host, "port": port},
            "seat": {"host": self._options.seat_host, "port": seat_port},
        }
        scheme = "https" if self._options.tls else "http"
        health = f"{scheme}://{reached_at(self._options.seat_host)}:{seat_port}/healthz"
        told = {"pid": os.getpid(), "node": self._spool.node, **self._ports, "health": health}
        with contextlib.suppress(OSError):
            partial = self._home.root / "voice.json.new"
            partial.write_text(json.dumps(told) + "\n", encoding="utf-8")
            partial.replace(self._home.root / "voice.json")
        print(json.dumps(told), flush=True)

    def _new_policy(self, snapshot: object) -> None:
        """From the forwarder's thread: a fresh snapshot; kept on disk, then used."""
        if snapshot == self._snapshot and self._policy_file.exists():
            return
        self._snapshot = snapshot
        with contextlib.suppress(OSError):
            policy.save(self._policy_file, snapshot)
        fresh = policy.from_snapshot(snapshot)
        self._soon(lambda: self._runner.post(lambda now: self._runner.acd.new_policy(now, fresh)))

    def _trouble(self, what: str, detail: str) -> None:
        """From another thread: an alarm, or that one is over."""
        if what == "spool_recovered":
            self._soon(lambda: self._runner.say_over("spool_write_failed"))
            self._soon(lambda: self._runner.say_over("disk_full"))
        lasting = what == "spool_write_failed"
        say = self._runner.say if lasting else self._runner.say_for_a_while
        self._soon(lambda: say(what, detail))

    def _soon(self, act: object) -> None:
        if self._loop is not None and callable(act):
            with contextlib.suppress(RuntimeError):  # the loop may just have ended
                self._loop.call_soon_threadsafe(act)

    async def _watch_disk(self) -> None:
        """An alarm before the recordings' disk is full, and its end."""
        while True:
            disk = _disk(self._home.recordings)
            free, part = disk["free_bytes"], disk["free_fraction"]
            if free is not None and part is not None:
                if part < LOW_DISK.value or free < LOW_DISK_MB.value * 1_000_000:
                    self._runner.say("disk_low", f"{free // 1_000_000} MB free for recordings")
                else:
                    self._runner.say_over("disk_low")
            await asyncio.sleep(10)


def _tls(files: tuple[Path, Path] | None) -> ssl.SSLContext | None:
    if files is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*files)
    return context


def _disk(folder: Path) -> dict[str, int | float | None]:
    try:
        usage = shutil.disk_usage(folder)
    except OSError:
        return {"free_bytes": None, "free_fraction": None}
    return {"free_bytes": usage.free, "free_fraction": round(usage.free / max(usage.total, 1), 4)}


def _options(argv: list[str] | None) -> Options:
    parser = argparse.ArgumentParser(prog="sigap voice", description="Answer, queue, ring, record.")
    parser.add_argument("--home", type=Path, help="folder of the installation (default: SIGAP_HOME)")
    parser.add_argument("--sip-host", default="127.0.0.1", help="address of the SIP trunk")
    parser.add_argument("--sip-port", type=int, default=5112, help="UDP and TCP; 0: any free one")
    parser.add_argument("--rtp-ports", default="40000-40999", metavar="FROM-TO", help="0-0: any free ones")
    parser.add_argument("--advertised-host", help="our address as the trunk sees it, behind NAT")
    parser.add_argument(
        "--trunk",
        action="append",
        default=[],
        metavar="NAME=NETWORK",
        help="who may call; default: this machine",
    )
    parser.add_argument("--seat-host", default="127.0.0.1", help="address of the seats' socket")
    parser.add_argument("--seat-port", type=int, default=8113, help="0: any free one")
    parser.add_argument(
        "--seat-origin", action="append", default=[], metavar="ORIGIN", help="further page origins"
    )
    parser.add_argument(
        "--media-address", action="append", default=[], help="address offered to browsers for sound"
    )
    parser.add_argument("--allow-loopback", action="store_true", help="offer 127.0.0.1 to browsers as well")
    parser.add_argument("--tls-cert", type=Path, help="certificate of the seats' socket (then wss and https)")
    parser.add_argument("--tls-key", type=Path, help="its key")
    parser.add_argument("--voices", type=Path, help="folder of <seat>.wav for simulated colleagues")
    parser.add_argument(
        "--http-url", default="http://127.0.0.1:8112", help="the api; empty: facts stay in the spool"
    )
    given = parser.parse_args(argv)
    low, _, high = given.rtp_ports.partition("-")
    trunks = [entry.partition("=") for entry in given.trunk]
    if not low.isdecimal() or not high.isdecimal() or any(not network for _, _, network in trunks):
        parser.error("--rtp-ports is FROM-TO, --trunk is NAME=NETWORK")
    return Options(
        home=Home(given.home.expanduser().resolve()) if given.home else Home.from_environment(),
        sip_host=given.sip_host,
        sip_port=given.sip_port,
        rtp_ports=(int(low), int(high)),
        advertised_host=given.advertised_host,
        trunks=tuple(TrunkPeer(name=name, network=network) for name, _, network in trunks),
        seat_host=given.seat_host,
        seat_port=given.seat_port,
        seat_origins=tuple(given.seat_origin),
        media_addresses=tuple(given.media_address),
        allow_loopback=given.allow_loopback,
        voices=given.voices,
        tls=(given.tls_cert, given.tls_key) if given.tls_cert and given.tls_key else None,
        http_url=given.http_url or None,
    )


if __name__ == "__main__":
    sys.exit(main())
