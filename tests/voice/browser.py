"""Headless Chromium with the smallest seat page, for tests."""

import asyncio
import functools
import shutil
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, override

import pytest

FLAGS = [
    "--no-sandbox",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--allow-loopback-in-peer-connection",
    "--disable-gpu",
]


class _Quiet(SimpleHTTPRequestHandler):
    @override
    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def pages(folder: Path) -> Iterator[str]:
    """Serve a folder on 127.0.0.1; gives its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class SeatPage:
    """One tab at one seat."""

    page: Any

    async def sit(self, seat_port: int, token: str, name: str) -> None:
        """Sign in and wait until sound is up and the seat is ready."""
        address = f"ws://127.0.0.1:{seat_port}/seat"
        await self.page.evaluate(
            "([url, token, name]) => seat.start(url, token, name)", [address, token, name]
        )
        await self.until("seat", "message.state === 'ready'", 8)

    async def until(
        self, message_type: str, true: str = "true", within_s: float = 5.0, after: int = 0
    ) -> dict[str, Any]:
        """The first message of this type for which the expression holds, from position `after` on."""
        script = f"seat.heard.slice({after}).find((message) => message.type === {message_type!r} && ({true}))"
        handle = await self.page.wait_for_function(script, timeout=within_s * 1000, polling=20)
        return await handle.json_value()

    async def count(self) -> int:
        return await self.page.evaluate("seat.heard.length")

    async def say(self, message_type: str, **fields: object) -> None:
        await self.page.evaluate("([type, fields]) => seat.say(type, fields)", [message_type, fields])

    async def loudness(self, seconds: float = 1.0) -> float:
        """The loudest of some looks at what the operator hears (RMS, full scale 1)."""
        loudest = 0.0
        for _ in range(int(seconds / 0.05)):
            loudest = max(loudest, await self.page.evaluate("seat.loudness()"))
            await asyncio.sleep(0.05)
        return loudest


@asynccontextmanager
async def chromium() -> AsyncIterator[Any]:
    """A browser; skips, saying so, where there is none."""
    if not shutil.which("chromium"):
        pytest.skip("chromium is missing: apt-get install chromium")
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        try:
            yield browser
        finally:
            await browser.close()
