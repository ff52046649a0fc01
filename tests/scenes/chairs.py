"""Chairs of the room in a real browser: each role on a host of its own, played by its keys."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import numpy as np
import numpy.typing as npt
from playwright.async_api import Page, expect

from sigap.voice.sip.softphone import PhoneCall
from tests.scenes.stage import Stage, until
from tests.voice.browser import chromium
from tests.voice.ears import pitch, rms, tone

DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}

# A screen on a loaded machine has as long as any other step: the scenes tell what happens, benches how fast.
expect.set_options(timeout=15_000)

# The page plays the caller by itself; here we only listen along, at the telephone's own rate of 8 kHz.
_LISTEN = """
(() => {
  const Real = window.RTCPeerConnection;
  let ear = null;
  window.ears = 0;
  window.RTCPeerConnection = class extends Real {
    constructor(...given) {
      super(...given);
      this.addEventListener("track", (event) => {
        window.ears += 1;
        const context = new AudioContext({ sampleRate: 8000 });
        ear = context.createAnalyser();
        ear.fftSize = 8192;
        context.createMediaStreamSource(new MediaStream([event.track])).connect(ear);
      });
    }
  };
  window.heardBySeat = () => {
    const samples = new Float32Array(8192);
    ear?.getFloatTimeDomainData(samples);
    return [...samples];
  };
})();
"""


class Browser:
    """One Chromium with a context, so a person, per chair; keeps what went wrong on the pages."""

    def __init__(self, chromium: Any, stage: Stage) -> None:
        self._chromium, self._stage = chromium, stage
        self.errors: list[str] = []
        self.contexts: list[Any] = []

    async def sit(self, username: str, size: dict[str, int] | None = None, **context: Any) -> Page:
        """Sit down with one click and wait for the chair's screen."""
        opened = await self._chromium.new_context(
            viewport=size or DESK, permissions=["microphone", "notifications"], locale="id-ID", **context
        )
        self.contexts.append(opened)
        page = await opened.new_page()
        await page.add_init_script(_LISTEN)
        page.on("pageerror", lambda error: self.errors.append(f"{username}: {error}"))
        page.set_default_timeout(15_000)
        await page.goto(self._stage.chair(username))
        return page


@asynccontextmanager
async def browser(stage: Stage) -> AsyncIterator[Browser]:
    """A browser before this room. A script error on any page fails the scene."""
    async with chromium() as started:
        opened = Browser(started, stage)
        yield opened
        assert opened.errors == []


async def ready_at_seat(page: Page) -> None:
    """Meja Panggilan by its keys: test the microphone, sit down and be ready."""
    await expect(page.get_by_role("button", name="Tes mikrofon")).to_be_visible()
    await page.keyboard.press("Alt+m")
    await expect(
        page.get_by_text("Mikrofon terbuka").or_(page.get_by_text("Mikrofon terdengar"))
    ).to_be_visible()
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_text("Menunggu panggilan")).to_be_visible()


async def rings(page: Page, within_s: float = 10.0) -> None:
    """The desk rings."""
    await expect(page.get_by_role("alert", name="Panggilan masuk")).to_be_visible(timeout=within_s * 1000)


async def answer(page: Page) -> float:
    """F2, until the desk says that it is connected; seconds."""
    began = time.monotonic()
    await page.keyboard.press("F2")
    await expect(page.get_by_text("Tersambung")).to_be_visible()
    return time.monotonic() - began


async def shell_kept(page: Page) -> None:
    """Until the service worker has the whole page, so that it opens without the server."""
    await page.wait_for_function(
        """async () => {
          await navigator.serviceWorker.ready;
          const names = await caches.keys();
          const shell = names.find((name) => name.includes("shell"));
          return shell && (await (await caches.open(shell)).match("/")) && navigator.serviceWorker.controller;
        }""",
        polling=200,
    )


async def hears_each_other(page: Page, call: PhoneCall, hertz: float) -> None:
    """Sound energy on both ends: the caller's tone in the page, the fake microphone's beeps at the caller."""
    call.play(tone(hertz), loop=True)

    async def the_tone() -> bool:
        return await hears_tone(page, hertz)

    def the_beeps() -> bool:
        heard = call.sound(3)
        return max((rms(heard[at : at + 800]) for at in range(0, len(heard), 800)), default=0.0) > 300

    await until(the_tone, 5, f"the operator hears {hertz} Hz")
    await until(the_beeps, 5, "the caller hears the operator's microphone")


async def hears_tone(page: Page, hertz: float) -> bool:
    """Whether this tone is what the operator hears now."""
    heard = await seat_hears(page)
    return rms(heard) > 1000 and abs(pitch(heard) - hertz) < 5


async def connections(page: Page) -> int:
    """How many sound connections the page has had."""
    return await page.evaluate("window.ears")


async def seat_hears(page: Page) -> npt.NDArray[np.int16]:
    """The last second of what the operator hears, as samples of 8 kHz."""
    samples = await page.evaluate("window.heardBySeat()")
    return (np.array(samples) * 32767).astype(np.int16)
