"""`sigap demo`: the whole room on this machine, with a city that calls it."""

import asyncio
import json
import shutil
import sys
import urllib.request
from dataclasses import dataclass
from typing import Any

from sigap.app import installation
from sigap.app.room import Room, RoomOptions
from sigap.kernel.paths import Home

PASSWORD = "sigap-demo"
"""As in sigap.simulation.people, which is not loaded here: the supervisor stays small."""

SHOWN = ("operator1", "dispatcher1", "opd-pln", "crew-dmk-01", "penyelia1", "layar1", "pimpinan1")
"""The accounts named at the terminal; the demo page has them all."""
MADE = ("postgres", "recordings", "spool", "calls", "roads", "keys", "logs", "hold")
MADE_FILES = ("status.json", "voice.json", "worker.json")  # the mark of a demo stays: it still is one


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoOptions:
    """What `sigap demo` was asked for."""

    room: RoomOptions
    fresh: bool
    seconds: float | None
    callers: bool
    calls_per_hour: float | None
    mix: str
    as_json: bool


def run(home: Home, options: DemoOptions) -> None:
    """Until Ctrl-C or `seconds` after it was ready. Raises Trouble."""
    installation.make(home)
    room = Room(home, options.room)
    if options.fresh:
        start_over(home)
        installation.make(home)
    asyncio.run(_run(room, options))


def start_over(home: Home) -> None:
    """Remove what an earlier demo made in this folder, and leave what is not ours. The caller holds the room's lock."""
    for name in MADE:
        shutil.rmtree(home.root / name, ignore_errors=True)
    for name in MADE_FILES:
        (home.root / name).unlink(missing_ok=True)


async def _run(room: Room, options: DemoOptions) -> None:
    if not options.as_json:
        print("Sigap demo is starting …", file=sys.stderr, flush=True)
    await room.supervisor.run(start(room, options), seconds=options.seconds)
    if not options.as_json:
        print("Sigap demo has ended; its data stay in", room.home.root, file=sys.stderr)


async def start(room: Room, options: DemoOptions) -> None:
    """The room, then its city, then the word that it is ready."""
    await room.start()
    accounts = await asyncio.to_thread(_accounts, room.url)
    await room.supervisor.start_part(room.process("city", *_city(room, options)))
    if options.as_json:
        ports = room.voice()
        sip = {"host": ports.sip_host, "port": ports.sip_port}
        told = {"url": room.url, "sip": sip, "accounts": accounts, "home": str(room.home.root)}
        print(json.dumps(told), flush=True)
    else:
        print(_welcome(room, accounts), flush=True)


def _city(room: Room, options: DemoOptions) -> list[str]:
    ports = room.voice()
    words = [
        "city",
        "--http-url",
        room.url,
        "--sip",
        f"{ports.sip_host}:{ports.sip_port}",
        "--mix",
        options.mix,
    ]
    if options.calls_per_hour is not None:
        words += ["--calls-per-hour", str(options.calls_per_hour)]
    return [*words, *([] if options.callers else ["--no-callers"])]


def _accounts(url: str) -> list[dict[str, Any]]:
    with urllib.request.urlopen(f"{url}/api/demo/chairs", timeout=10) as answer:
        chairs = json.load(answer)
    return [
        {"username": chair["username"], "password": PASSWORD, "roles": chair["roles"], "url": chair["url"]}
        for chair in chairs
    ]


def _welcome(room: Room, accounts: list[dict[str, Any]]) -> str:
    known = {account["username"]: account for account in accounts}
    width = max(len(name) for name in SHOWN)
    chairs = "\n".join(f"    {name:<{width}}  {known[name]['url']}" for name in SHOWN if name in known)
    ports = room.voice()
    return f"""
Sigap is running:  {room.url}

  Sit down with one click (password, if asked: {PASSWORD}):
{chairs}

  What to try
    1. Open operator1. Allow the microphone, press Siap. The first call, a house fire, rings within a minute.
    2. Answer, point at the place, open the incident; then open dispatcher1 and send the nearest engine.
    3. All other chairs are played by simulated colleagues; sit on one and it is yours.

  Call it yourself with any SIP phone:  sip:112@{ports.sip_host}:{ports.sip_port}
  Data: {room.home.root}   (start over: make demo FRESH=1)
  Ctrl-C ends everything cleanly.
"""
