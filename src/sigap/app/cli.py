"""The `sigap` command. As thin as an endpoint: read the words, call one function, say how it went.

Exit code 0: done; 1: it could not be done, and the last line says why and what mends it; 2: wrong words.
Each command loads only what it needs: the supervisor must stay small, voice must not load the rooms.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path

from sigap.app import accounts, care, installation
from sigap.app.room import RoomOptions
from sigap.app.trouble import Trouble
from sigap.kernel.paths import Home

type Command = Callable[[argparse.Namespace, Home], int | None]


def main(argv: list[str] | None = None) -> int:
    """Run one command."""
    words = sys.argv[1:] if argv is None else argv
    if words[:1] == ["voice"]:
        from sigap.voice.main import main as voice

        return voice(words[1:])
    if words[:1] == ["city"]:
        from sigap.simulation.city import main as city

        return city(words[1:])
    given = _parser().parse_args(words)
    command: Command = given.command
    try:
        home = Home.from_environment()
        if not getattr(given, "any_account", False):
            installation.refuse_foreign(home)
        return command(given, home) or 0
    except Trouble as trouble:
        print(f"sigap: {trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


# ---------------------------------------------------------------- the room
def _demo(given: argparse.Namespace, home: Home) -> None:
    from sigap.app import demo

    options = demo.DemoOptions(
        room=_room(given, demo=True),
        fresh=given.fresh,
        seconds=given.seconds,
        callers=not given.no_callers,
        calls_per_hour=given.calls_per_hour,
        mix=given.mix,
        as_json=given.json,
    )
    demo.run(home, options)


def _serve(given: argparse.Namespace, home: Home) -> None:
    from sigap.app import serve

    serve.run(home, serve.ServeOptions(room=_room(given, demo=False), admin=given.admin))


def _room(given: argparse.Namespace, *, demo: bool) -> RoomOptions:
    if bool(given.tls_cert) != bool(given.tls_key):
        raise Trouble("A certificate needs its key.", mend="give both --tls-cert and --tls-key")
    return RoomOptions(
        demo=demo,
        host=given.host,
        http_port=given.http_port,
        sip_host=given.sip_host,
        sip_port=given.sip_port,
        rtp_ports=given.rtp_ports,
        seat_host=given.seat_host or given.host,
        seat_port=given.seat_port,
        advertised_host=given.advertised_host,
        trunks=tuple(given.trunk),
        media_addresses=tuple(given.media_address),
        certificate=given.tls_cert,
        key=given.tls_key,
        trusted_proxies=given.trusted_proxies,
        with_roster=getattr(given, "with_roster", False),
    )


def _dev(given: argparse.Namespace, home: Home) -> None:
    from sigap.app import dev

    dev.run(home, _room(given, demo=True))


def _hold(given: argparse.Namespace, home: Home) -> None:
    from sigap.app.supervisor import hold_folder

    hold_folder(home).mkdir(exist_ok=True)
    for part in given.part:
        (hold_folder(home) / part).touch()


def _release(given: argparse.Namespace, home: Home) -> None:
    from sigap.app.supervisor import hold_folder

    for part in given.part:
        (hold_folder(home) / part).unlink(missing_ok=True)


# ---------------------------------------------------------------- its processes
def _api(given: argparse.Namespace, home: Home) -> None:
    from sigap.app import api_process

    api_process.run(
        home,
        _service_url(),
        host=given.host,
        port=given.http_port,
        seat_port=given.seat_port,
        demo=given.demo,
        certificate=given.tls_cert,
        key=given.tls_key,
        inner_port=given.inner_port,
        trusted_proxies=given.trusted_proxies,
    )


def _worker(given: argparse.Namespace, home: Home) -> None:
    from sigap.app import worker
    from sigap.reactions import runner

    asyncio.run(worker.run(home, lambda stop: runner.run(_service_url(), stop)))


def _prepare(given: argparse.Namespace, home: Home) -> None:
    from sigap.app.prepare import prepare

    with installation.database(home) as addresses:
        prepare(home, addresses, demo=given.demo, with_roster=given.with_roster)


def _service_url() -> str:
    from sigap.app.installation import SERVICE_URL

    if url := os.environ.get(SERVICE_URL):
        return url
    raise Trouble(
        f"{SERVICE_URL} is not set.", mend="start the whole room with sigap serve, or set it to your database"
    )


# ---------------------------------------------------------------- care
def _migrate(given: argparse.Namespace, home: Home) -> None:
    from sigap.app.migrate import migrate

    with installation.database(home) as addresses:
        addresses.require_owner()
        applied = migrate(addresses.owner)
    print("\n".join(applied) if applied else "The database is up to date.")


# ---------------------------------------------------------------- words
def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sigap", description="Emergency call and dispatch for a 112 room.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Command, text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=text)
        made.set_defaults(command=command)
        return made

    demo = add("demo", _demo, "the whole room on this machine, with a city that calls it")
    demo.add_argument("--fresh", action="store_true", help="start over: remove the earlier demo's data")
    demo.add_argument("--seconds", type=float, metavar="N", help="end by itself after so long")
    demo.add_argument(
        "--no-callers", action="store_true", help="nobody calls; colleagues still play their chairs"
    )
    demo.add_argument("--calls-per-hour", type=float, metavar="N", help="pace of the callers")
    demo.add_argument(
        "--mix", choices=("half", "real", "published"), default="half", help="how many calls are real"
    )
    demo.add_argument(
        "--json", action="store_true", help="first line printed: one JSON object with the addresses"
    )
    _network(demo)
    serve = add("serve", _serve, "the room for real use; the first start makes the administrator")
    serve.add_argument("--admin", metavar="NAME", help="administrator to make at the first start")
    serve.add_argument("--with-roster", action="store_true", help="enter the shipped agencies and units")
    _network(serve)
    dev = add("dev", _dev, "the demo for those who change it: parts start again when their code changes")
    _network(dev)
    for name, command in (("hold", _hold), ("release", _release)):
        verb = "keep parts of a running room stopped" if name == "hold" else "let held parts run again"
        add(name, command, verb).add_argument(
            "part", nargs="+", choices=("database", "api", "worker", "voice", "city"), help="which"
        )

    api = add("api", _api, "the HTTP app alone")
    api.add_argument("--demo", action="store_true", help=argparse.SUPPRESS)
    api.add_argument("--inner-port", type=int, help="with a certificate: also plain, on this machine alone")
    _http(api)
    api.add_argument(
        "--seat-port", type=int, default=8113, help="voice's seat port, until voice says its own"
    )
    add("worker", _worker, "timers and reactions alone")
    commands.add_parser("voice", help="telephone exchange, queue and seats alone (voice --help)")
    commands.add_parser("city", help="the demo's callers and colleagues alone (city --help)")
    prepare = add("prepare", _prepare, "schema, seats and keys; done by demo and serve")
    prepare.add_argument("--demo", action="store_true", help="with the demo city's people")
    prepare.add_argument("--with-roster", action="store_true", help="with the shipped agencies and units")
    add("migrate", _migrate, "bring the database to this version's schema")
    care.add_commands(commands)
    accounts.add_commands(commands)
    return parser


def _http(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address of the pages and the API")
    parser.add_argument("--http-port", type=int, default=8112, help="0: any free one")
    parser.add_argument(
        "--tls-cert", type=Path, metavar="FILE", help="certificate chain (PEM); else use a proxy"
    )
    parser.add_argument("--tls-key", type=Path, metavar="FILE", help="its key (PEM)")
    parser.add_argument(
        "--trusted-proxies", default="", metavar="ADDRESSES", help="proxies whose X-Forwarded-* count"
    )


def _network(parser: argparse.ArgumentParser) -> None:
    _http(parser)
    parser.add_argument("--sip-host", default="127.0.0.1", help="address of the SIP trunk")
    parser.add_argument("--sip-port", type=int, default=5112, help="UDP and TCP; 0: any free one")
    parser.add_argument("--rtp-ports", default="40000-40999", metavar="FROM-TO", help="0-0: any free ones")
    parser.add_argument("--seat-host", default=None, help="address of the seats' socket (default: --host)")
    parser.add_argument("--seat-port", type=int, default=8113, help="0: any free one")
    parser.add_argument("--advertised-host", help="our address as the trunk sees it, behind NAT")
    parser.add_argument("--trunk", action="append", default=[], metavar="NAME=NETWORK", help="who may call")
    parser.add_argument(
        "--media-address", action="append", default=[], help="address offered to browsers for sound"
    )
