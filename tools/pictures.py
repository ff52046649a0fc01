"""Take the pictures of docs/screens: a demo city that lives for some minutes, seen from each of its chairs.

    .venv/bin/python tools/pictures.py [--minutes 4] [--only opd lapangan …]

The demo has a folder of its own and is removed afterwards. Files are named <screen>-<width>[-terang].png. What is
on them is whatever the city did: names and numbers are made up.
"""

import argparse
import asyncio
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from playwright.async_api import Browser, Page, async_playwright, expect

from sigap.evidence.parts import Part
from sigap.voice.sip.softphone import PhoneCall, softphone

OUT = Path(__file__).resolve().parents[1] / "docs" / "screens"
PASSWORD = "sigap-demo"
DESK, WALL, PHONE = (1366, 768), (1600, 900), (390, 844)
LARGEST_BYTES = 300_000
UNDO_MS = 15_000
"""A step on the phone can be taken back for some seconds; the picture is taken when it no longer can."""
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--allow-loopback-in-peer-connection",
    "--enable-unsafe-swiftshader",
)
LON, LAT = 106.5289, -6.1836
PLACE = f"""<?xml version="1.0"?>
<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:gp="urn:ietf:params:xml:ns:pidf:geopriv10"
 xmlns:gml="http://www.opengis.net/gml" xmlns:gs="http://www.opengis.net/pidflo/1.0" entity="pres:caller@example.org">
<tuple id="a"><status><gp:geopriv><gp:location-info>
<gs:Circle srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>{LAT} {LON}</gml:pos>
<gs:radius uom="urn:ogc:def:uom:EPSG::9001">35</gs:radius></gs:Circle>
</gp:location-info><gp:usage-rules/><gp:method>GPS</gp:method></gp:geopriv></status></tuple></presence>"""


@dataclass(frozen=True)
class City:
    """The demo that is photographed."""

    url: str
    sip: tuple[str, int]
    chairs: dict[str, str]
    home: Path

    async def desk(self) -> httpx.AsyncClient:
        """The dispatcher over HTTP, beside the pages."""
        http = httpx.AsyncClient(base_url=self.url, timeout=15)
        answer = await http.post("/api/session", json={"username": "dispatcher1", "password": PASSWORD})
        http.headers["Authorization"] = f"Bearer {answer.raise_for_status().json()['token']}"
        http.cookies.clear()
        return http

    async def leave_to_us(self, username: str) -> None:
        """The simulated colleague of this chair stands up."""
        async with httpx.AsyncClient(base_url=self.url) as http:
            answer = await http.post(f"/api/demo/chairs/{username}", json={"simulated": False})
            answer.raise_for_status()

    @asynccontextmanager
    async def holding_its_breath(self) -> AsyncIterator[None]:
        """No other call comes meanwhile, and nobody else answers ours."""
        await self._sigap("hold")
        await asyncio.sleep(3)
        try:
            yield
        finally:
            await self._sigap("release")

    async def _sigap(self, verb: str) -> None:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "sigap", verb, "city"), env={**os.environ, "SIGAP_HOME": str(self.home)}
        )
        await process.wait()


class Camera:
    """Sits down on chairs and takes pictures, in the dark and, where asked, in the light theme."""

    def __init__(self, browser: Browser, city: City) -> None:
        self._browser, self.city = browser, city

    @asynccontextmanager
    async def page(
        self, address: str, size: tuple[int, int], theme: str = "gelap", **more: Any
    ) -> AsyncIterator[Page]:
        """A page of its own person, in this theme."""
        context = await self._browser.new_context(
            viewport={"width": size[0], "height": size[1]}, locale="id-ID", timezone_id="Asia/Jakarta",
            permissions=["microphone", "geolocation"],
            geolocation={"longitude": LON - 0.021, "latitude": LAT - 0.017}, **more,
        )  # fmt: skip
        await context.add_init_script(f"localStorage.setItem('sigap.theme', '{theme}')")
        page = await context.new_page()
        page.set_default_timeout(20_000)
        try:
            for _ in range(10):
                answer = await page.goto(address)
                if answer and answer.ok:
                    break
                await page.wait_for_timeout(1000)  # the pages are being built just now
            yield page
        finally:
            await context.close()

    def sit(self, username: str, size: tuple[int, int], theme: str = "gelap", **more: Any) -> Any:
        """The screen of one chair."""
        return self.page(self.city.chairs[username], size, theme, **more)

    async def take(self, page: Page, name: str, theme: str = "gelap") -> None:
        """Write one picture once the map and the fonts are there."""
        await page.evaluate("document.fonts.ready")
        await page.wait_for_timeout(2500)
        width = page.viewport_size["width"] if page.viewport_size else 0
        file = OUT / f"{name}-{width}{'-terang' if theme == 'terang' else ''}.png"
        await page.screenshot(path=file, animations="disabled", scale="css")
        size = file.stat().st_size
        print(f"{file.name}: {size // 1024} KiB{'  too large' if size > LARGEST_BYTES else ''}", flush=True)


# ---------------------------------------------------------------- the screens
async def plain(camera: Camera, username: str, name: str, path: str, size: tuple[int, int]) -> None:
    """A screen as it stands, in both themes."""
    for theme in ("gelap", "terang"):
        async with camera.sit(username, size, theme) as page:
            await page.evaluate("path => location.assign(path)", path)
            await page.wait_for_timeout(3000)
            await camera.take(page, name, theme)


async def sign_in(camera: Camera) -> None:
    for theme in ("gelap", "terang"):
        async with camera.page(f"{camera.city.url}/masuk", DESK, theme) as page:
            await camera.take(page, "masuk", theme)


async def demo(camera: Camera) -> None:
    async with camera.page(f"{camera.city.url}/demo", DESK) as page:
        await camera.take(page, "demo")


async def intake(camera: Camera) -> None:
    """The call desk: free, ringing, and with the form half filled while the caller talks."""
    async with (
        camera.city.holding_its_breath(), camera.sit("operator1", DESK) as page, softphone() as phone,
    ):  # fmt: skip
        await expect(page.get_by_role("button", name="Tes mikrofon")).to_be_visible()
        await page.keyboard.press("Alt+m")
        await page.wait_for_timeout(1500)
        await camera.take(page, "panggilan-duduk")
        await page.keyboard.press("Control+Enter")
        await expect(page.get_by_text("Menunggu panggilan")).to_be_visible()
        await camera.take(page, "panggilan-siap")
        call: PhoneCall = await phone.call(
            *camera.city.sip, number="+6281290001120", headers=[("Geolocation", "<cid:place@example.org>")],
            parts=[Part("application/pidf+xml", "place@example.org", PLACE.encode())],
        )  # fmt: skip
        await expect(page.get_by_role("alert", name="Panggilan masuk")).to_be_visible()
        await page.wait_for_timeout(1000)
        await page.screenshot(path=OUT / "panggilan-berdering-1366.png", animations="disabled")
        await page.keyboard.press("F2")
        await expect(page.get_by_text("Tersambung")).to_be_visible()
        await call.wait(call.answered)
        await page.keyboard.type("pasar cikupa", delay=30)
        await page.wait_for_timeout(1500)
        await page.keyboard.press("Alt+j")
        await page.keyboard.type("kebakaran rumah")
        await page.keyboard.press("Enter")
        await page.get_by_label("Uraian").fill("Dapur rumah terbakar, api sudah ke atap, satu orang di dalam")
        await camera.take(page, "panggilan-bicara")
        await page.keyboard.press("Alt+l")
        await page.keyboard.press("Control+Enter")
        await expect(page.get_by_text("dibuka")).to_be_visible()
        await camera.take(page, "panggilan-kejadian")
        await call.hang_up()


async def fire(camera: Camera, order: dict[str, str]) -> None:
    """A fire that is sent to a chair which we keep for ourselves."""
    desk = await camera.city.desk()
    body = {
        "type": "FIR01", "narrative": "Dapur rumah terbakar, api sudah ke atap, satu orang di dalam",
        "place": {"lon": LON, "lat": LAT, "text": "Jalan Raya Serang km 18, Cikupa", "landmark": "seberang pabrik ubin"},
        "intake_channel": "radio",
    }  # fmt: skip
    incident = (await desk.post("/api/incidents", json=body)).raise_for_status().json()
    sent = await desk.post(f"/api/incidents/{incident['id']}/assignments", json={"assign": [order]})
    sent.raise_for_status()
    await desk.aclose()


async def agency(camera: Camera) -> None:
    await camera.city.leave_to_us("opd-bpbd-damkar")
    await fire(camera, {"agency": "BPBD_DAMKAR", "role": "lead"})
    for theme in ("gelap", "terang"):
        async with camera.sit("opd-bpbd-damkar", DESK, theme) as page:
            await expect(page.get_by_role("button", name="Terima Tugas").first).to_be_visible()
            await camera.take(page, "opd", theme)


async def crew(camera: Camera) -> None:
    """The crew's telephone: a new task, on the way, and at the place in the sun's theme of its own."""
    desk = await camera.city.desk()
    room = (await desk.get("/api/room")).json()["tables"]
    unit = next(
        unit for unit in room["unit"].values()
        if unit["type"] == "fire_engine" and unit["status"] == "available"
    )  # fmt: skip
    name = f"crew-{unit['code'].lower()}"
    await camera.city.leave_to_us(name)
    await fire(camera, {"agency": unit["agency"], "unit_id": unit["id"], "role": "lead"})
    await desk.aclose()
    async with camera.sit(name, PHONE, has_touch=True, is_mobile=True) as page:
        await expect(page.get_by_role("button", name="Terima Tugas")).to_be_visible()
        await camera.take(page, "lapangan-tugas-baru")
        await page.get_by_role("button", name="Terima Tugas").tap()
        await page.wait_for_timeout(600)  # sooner would be the second half of a double tap
        await page.get_by_role("button", name="Berangkat").tap()
        await expect(page.get_by_role("button", name="Tiba di Lokasi")).to_be_visible()
        await expect(page.get_by_role("button", name="Urungkan")).to_be_hidden(timeout=UNDO_MS)
        await camera.take(page, "lapangan-menuju")
        await page.get_by_role("button", name="Tiba di Lokasi").tap()
        await expect(page.get_by_role("button", name="Selesai")).to_be_visible()
        await expect(page.get_by_role("button", name="Urungkan")).to_be_hidden(timeout=UNDO_MS)
        await camera.take(page, "lapangan-tiba")


SCREENS: dict[str, Callable[[Camera], Awaitable[None]]] = {
    "opd": agency,
    "lapangan": crew,
    "dispatch": lambda camera: plain(camera, "dispatcher1", "dispatch", "/dispatch", DESK),
    "supervisor": lambda camera: plain(camera, "penyelia1", "supervisor", "/supervisor", DESK),
    "laporan": lambda camera: plain(camera, "penyelia1", "laporan", "/laporan", DESK),
    "dasbor": lambda camera: plain(camera, "pimpinan1", "dasbor", "/dasbor", DESK),
    "layar": lambda camera: plain(camera, "layar1", "layar", "/layar", WALL),
    "masuk": sign_in,
    "demo": demo,
    "panggilan": intake,
}


# ---------------------------------------------------------------- the city
@asynccontextmanager
async def own_city(minutes: float) -> AsyncIterator[City]:
    """A demo in a folder of its own, after it has lived for some minutes."""
    home = Path(tempfile.mkdtemp(prefix="sigap-pictures-", dir="/tmp"))
    os.chmod(home, 0o755)  # noqa: PTH101 — the database's own account must pass
    words = ["demo", "--json", "--calls-per-hour", "150", "--mix", "half", "--http-port", "0"]
    words += ["--sip-port", "0", "--seat-port", "0", "--rtp-ports", "0-0"]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sigap", *words,
        env={**os.environ, "SIGAP_HOME": str(home)}, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        line = await process.stdout.readline()
        if not line:
            sys.exit("the demo did not start")
        print(f"The city lives for {minutes:g} minutes …", flush=True)
        await asyncio.sleep(minutes * 60)
        yield city_of(json.loads(line))
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
        await process.wait()
        shutil.rmtree(home, ignore_errors=True)


def city_of(told: dict[str, Any]) -> City:
    """From the first line of `sigap demo --json`."""
    chairs = {one["username"]: one["url"] for one in told["accounts"]}
    return City(told["url"], (told["sip"]["host"], told["sip"]["port"]), chairs, Path(told["home"]))


async def photograph(options: argparse.Namespace) -> int:
    """All screens, or those asked for; the number that failed."""
    OUT.mkdir(parents=True, exist_ok=True)
    chosen = options.only or list(SCREENS)
    failed = 0
    async with own_city(options.minutes) as city, async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(CHROMIUM_FLAGS)
        )
        camera = Camera(browser, city)
        for name in chosen:
            try:
                await SCREENS[name](camera)
            except Exception as error:  # noqa: BLE001 — one screen that fails must not cost the others
                failed += 1
                print(f"{name}: {error}", file=sys.stderr)
        await browser.close()
    return failed


def main() -> int:
    """Read the words, take the pictures."""
    parser = argparse.ArgumentParser(description="Take the pictures of docs/screens.")
    parser.add_argument("--minutes", type=float, default=4.0, help="how long our own city lives first")
    parser.add_argument("--only", nargs="+", choices=tuple(SCREENS), help="just these screens")
    return 1 if asyncio.run(photograph(parser.parse_args())) else 0


if __name__ == "__main__":
    sys.exit(main())
