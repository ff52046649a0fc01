"""The whole room as the scenes play in it: `sigap demo` on free ports, real telephones, real browsers, real kills.

The simulated colleagues are held, so that nobody acts but the scene. Every wait is bounded and says what it waited for.
"""

import asyncio
import inspect
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from sigap.evidence.parts import Part
from sigap.voice.sip.softphone import PhoneCall, Softphone

ROOT = Path(__file__).resolve().parents[2]
FREE_PORTS = ("--http-port", "0", "--sip-port", "0", "--seat-port", "0", "--rtp-ports", "0-0")
PASSWORD = "sigap-demo"
LON, LAT = 106.4766, -6.2702
"""Sodong in Tigaraksa: where the scenes burn."""
PLACE = f"""<?xml version="1.0"?>
<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:gp="urn:ietf:params:xml:ns:pidf:geopriv10"
 xmlns:gml="http://www.opengis.net/gml" xmlns:gs="http://www.opengis.net/pidflo/1.0" entity="pres:caller@example.org">
<tuple id="a"><status><gp:geopriv><gp:location-info>
<gs:Circle srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>{LAT} {LON}</gml:pos>
<gs:radius uom="urn:ogc:def:uom:EPSG::9001">35</gs:radius></gs:Circle>
</gp:location-info><gp:usage-rules/><gp:method>GPS</gp:method></gp:geopriv></status></tuple></presence>"""
LONGEST_S = 900
"""Seconds after which a room ends by itself, should the scene that started it be killed."""


async def until[T](found: Callable[[], T | Awaitable[T | None] | None], within_s: float, what: str) -> T:
    """The first true answer of `found`. A server that is away is not an answer; the limit fails the scene."""
    limit = time.monotonic() + within_s
    seen: object = None
    while True:
        try:
            answer = found()
            seen = value = await answer if inspect.isawaitable(answer) else answer
            if value:
                return value
        except (httpx.HTTPError, OSError) as error:
            seen = error
        if time.monotonic() > limit:
            pytest.fail(f"not within {within_s:g} s: {what}; last seen: {seen!r}")
        await asyncio.sleep(0.05)


class Seconds:
    """Measures how long something took."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    @property
    def passed(self) -> float:
        """Since it was made."""
        return time.monotonic() - self._began


@dataclass
class Person:
    """One signed-in account over HTTP."""

    http: httpx.AsyncClient
    session: dict[str, Any]

    async def get(self, path: str, **params: Any) -> Any:
        """Read; anything but 200 fails the scene."""
        answer = await self.http.get(path, params=params)
        assert answer.status_code == 200, f"GET {path}: {answer.status_code} {answer.text}"
        return answer.json()

    async def post(self, path: str, body: dict[str, Any] | None = None, *, key: str | None = None) -> Any:
        """Act; a refusal fails the scene."""
        answer = await self.send(path, body, key=key)
        assert answer.is_success, f"POST {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    async def send(
        self, path: str, body: dict[str, Any] | None = None, *, key: str | None = None
    ) -> httpx.Response:
        """Act, and look at the answer."""
        headers = {"Idempotency-Key": key} if key else {}
        return await self.http.post(path, json=body or {}, headers=headers)

    async def rows(self, table: str) -> list[dict[str, Any]]:
        """A table of the live room as this person sees it."""
        return list((await self.get("/api/room"))["tables"][table].values())


@dataclass
class Stage:
    """One running room and its folder."""

    home: Path
    process: asyncio.subprocess.Process
    told: dict[str, Any]
    clients: list[httpx.AsyncClient] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where the room's pages are."""
        return self.told["url"]

    @property
    def ports(self) -> list[str]:
        """The flags that give a later start the same addresses."""
        seat = json.loads((self.home / "voice.json").read_text())["seat"]["port"]
        http = self.url.rsplit(":", 1)[1]
        return [
            "--http-port", http, "--sip-port", str(self.sip[1]), "--seat-port", str(seat), "--rtp-ports", "0-0",
        ]  # fmt: skip

    @property
    def sip(self) -> tuple[str, int]:
        """The telephone line."""
        return self.told["sip"]["host"], self.told["sip"]["port"]

    def chair(self, username: str) -> str:
        """The one-click address of a chair, on a host of its own."""
        return next(one["url"] for one in self.told["accounts"] if one["username"] == username)

    def condition(self, part: str) -> dict[str, Any]:
        """What the supervisor says of one part; empty before it was started."""
        try:
            return json.loads((self.home / "status.json").read_text())["parts"].get(part, {})
        except FileNotFoundError:
            return {}

    async def parts(self) -> dict[str, Any]:
        """The parts as GET /api/healthz tells them."""
        async with httpx.AsyncClient(base_url=self.url, timeout=3, trust_env=False) as http:
            return (await http.get("/api/healthz")).json()["parts"]

    async def well(self) -> bool:
        """Every part serves."""
        parts = await self.parts()
        return all(parts[part]["state"] == "ok" for part in ("api", "database", "worker")) and (
            parts["voice"]["state"] != "down"
        )

    async def sigap(self, *words: str, check: bool = True) -> "Done":
        """One `sigap` command to its end."""
        return await sigap(self.home, *words, check=check)

    def kill(self, part: str) -> int:
        """kill -9 of one part by its name; its process id."""
        pid = self.process.pid if part == "supervisor" else self.condition(part)["pid"]
        os.kill(pid, signal.SIGKILL)
        return pid

    async def killed_and_back(self, part: str, within_s: float = 30.0) -> float:
        """kill -9 of one part; seconds until the supervisor runs it again and the room is well."""
        clock, before = Seconds(), self.kill(part)
        await until(
            lambda: self.condition(part).get("pid") not in {before, None}
            and self.condition(part)["state"] == "running",
            within_s, f"{part} runs again",
        )  # fmt: skip
        await until(self.well, within_s, f"the room is well after {part} was killed")
        return clock.passed

    async def sign_in(self, username: str) -> Person:
        """A person over HTTP."""
        http = httpx.AsyncClient(base_url=self.url, timeout=15, trust_env=False)
        self.clients.append(http)
        answer = await http.post("/api/session", json={"username": username, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        http.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        http.cookies.clear()
        return Person(http, answer.json())

    async def hold(self, *parts: str) -> None:
        """Stop these parts and keep them stopped."""
        await self.sigap("hold", *parts)
        await until(
            lambda: all(self.condition(part).get("state") == "held" for part in parts),
            20,
            f"{parts} are held",
        )

    async def release(self, *parts: str) -> None:
        """Let them run again, until the room is well."""
        await self.sigap("release", *parts)
        await until(self.well, 40, f"the room is well after {parts} came back")

    async def journal(self) -> list[dict[str, Any]]:
        """Every entry so far, as the command exports them."""
        done = await self.sigap("journal", "export", "-")
        return [json.loads(line)["entry"] for line in done.out.splitlines()[1:]]

    async def dial(self, phone: Softphone, number: str, *, with_place: bool = False) -> PhoneCall:
        """Call 112 on the room's line; a telephone that knows its place sends it along."""
        if not with_place:
            return await phone.call(*self.sip, number=number)
        return await phone.call(
            *self.sip,
            number=number,
            headers=[("Geolocation", "<cid:place@example.org>")],
            parts=[Part("application/pidf+xml", "place@example.org", PLACE.encode())],
        )

    async def stop(self) -> int:
        """Ctrl-C; the exit code."""
        for http in self.clients:
            await http.aclose()
        self.clients.clear()
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGINT)
        return await asyncio.wait_for(self.process.wait(), 60)


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str


async def sigap(home: Path, *words: str, check: bool = True) -> Done:
    """One `sigap` command on this installation, to its end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sigap", *words,
        env=_environment(home), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await asyncio.wait_for(process.communicate(), 120)
    done = Done(process.returncode or 0, out.decode(), err.decode())
    assert not check or done.code == 0, f"sigap {' '.join(words)}: {done}"
    return done


async def start(home: Path, ports: Sequence[str] = FREE_PORTS) -> Stage:
    """`sigap demo` in this folder, ready, with the simulated colleagues held before they act and roads drawn."""
    log = (home / "supervisor.log").open("ab")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sigap", "demo", "--no-callers", "--json", "--seconds", str(LONGEST_S), *ports,
        env=_environment(home), stdout=asyncio.subprocess.PIPE, stderr=log,
    )  # fmt: skip
    stage = Stage(home, process, {})
    # Holds are forgotten when a room starts: it has started once the database is named.
    await until(
        lambda: _supervised_by(home, process.pid) or process.returncode is not None, 40, "the room starts"
    )
    assert process.returncode is None, (home / "supervisor.log").read_text()
    await stage.sigap("hold", "city")
    assert process.stdout is not None
    line = await asyncio.wait_for(process.stdout.readline(), 120)
    assert line, (home / "supervisor.log").read_text()
    stage.told = json.loads(line)
    await until(lambda: stage.condition("city").get("state") == "held", 20, "the colleagues are held")
    await until(lambda: stage.condition("roads").get("state", "done") == "done", 120, "the roads are drawn")
    await until(stage.well, 30, "every part serves")
    return stage


def _supervised_by(home: Path, pid: int) -> bool:
    try:
        told = json.loads((home / "status.json").read_text())
    except (FileNotFoundError, ValueError):
        return False
    return told["supervisor"] == pid and "database" in told["parts"]


def _environment(home: Path) -> dict[str, str]:
    return {**os.environ, "SIGAP_HOME": str(home)}


@asynccontextmanager
async def folder(*, roads: bool = False) -> AsyncIterator[Path]:
    """An installation's folder directly under /tmp: short for a socket's path, open to the database's own account.

    Without `roads` none are drawn: they take a core for half a minute, and units are ranked by kecamatan then.
    """
    if not (ROOT / "src/sigap/pages/index.html").is_file():
        pytest.skip("the pages are not built: make setup")
    home = Path(tempfile.mkdtemp(prefix="sigap-scene-", dir="/tmp"))
    home.chmod(0o755)
    if not roads:
        (home / "roads" / "current").mkdir(parents=True)
    try:
        yield home
    finally:
        if os.environ.get("SIGAP_KEEP_SCENES"):
            print(f"kept: {home}", file=sys.stderr)
        else:
            shutil.rmtree(home, ignore_errors=True)


@asynccontextmanager
async def stage(*, roads: bool = False, settings: str = "") -> AsyncIterator[Stage]:
    """A running room; stopped at the end. `settings` are the site's own, as settings.toml."""
    async with folder(roads=roads) as home:
        (home / "settings.toml").write_text(settings)
        running = await start(home)
        try:
            yield running
        finally:
            await running.stop()
