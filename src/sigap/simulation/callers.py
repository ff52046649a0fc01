"""Citizens who call 112: real SIP, a spoken voice, a phone that often says where it is."""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any, Final
from xml.sax.saxutils import escape

import numpy as np

from sigap.evidence.parts import Part
from sigap.kernel.clock import WIB
from sigap.simulation import scenes
from sigap.simulation.chairs import Chairs
from sigap.simulation.scenes import Happening, Scene
from sigap.voice.sip.softphone import PhoneCall, Softphone

log = logging.getLogger("sigap.city")

PATIENCE_MEDIAN_S: Final = 45.0
"""Half of the callers wait longer than this for an answer; a real room's figure is shorter, a demo should be kinder."""
PAUSE_S: Final = 4.0
"""Between one telling and the next."""
TALK_LIMIT_S: Final = 150.0
"""After this a caller hangs up by itself."""
REMEMBERED: Final = 200
LATELY: Final = 10
"""A scene is not told again before so many others were."""
SEEN_AGAIN: Final = 0.35
"""Share of what happens in the open that a second caller reports."""
SEEN_AGAIN_AFTER_S: Final = (40.0, 110.0)
FIRST_AFTER_S: Final = 8.0
"""The first call of a fresh demo: time to open a page, and well within the first minute."""
WELCOME_AFTER_S: Final = 8.0
"""From a visitor's first Siap to the house fire that rings for the visitor."""

_PIDF = """<?xml version="1.0" encoding="UTF-8"?>
<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:gp="urn:ietf:params:xml:ns:pidf:geopriv10"
 xmlns:gs="http://www.opengis.net/pidflo/1.0" xmlns:gml="http://www.opengis.net/gml"
 xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model" entity="pres:{entity}">
<dm:device id="phone"><gp:geopriv><gp:location-info>
<gs:Circle srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>{lat} {lon}</gml:pos>
<gs:radius uom="urn:ogc:def:uom:EPSG::9001">{radius}</gs:radius></gs:Circle>
</gp:location-info><gp:usage-rules/><gp:method>GPS</gp:method></gp:geopriv>
<dm:timestamp>{at}</dm:timestamp></dm:device></presence>
"""


def location_part(happening: Happening) -> Part | None:
    """What the phone sends of its place (PIDF-LO, RFC 5491 circle); None where it sends none."""
    if happening.point is None or not happening.scene.place:
        return None
    text = _PIDF.format(
        entity=escape(happening.number or "anonymous@anonymous.invalid"),
        lat=happening.point.lat,
        lon=happening.point.lon,
        radius=happening.uncertainty_m,
        at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    )
    return Part("application/pidf+xml", "place@phone.invalid", text.encode())


@dataclass(slots=True)
class Truth:
    """What really happens to the callers of the last while, by number: how a simulated operator "hears" what is said."""

    by_number: dict[str, Happening] = field(default_factory=dict)
    anonymous: Happening | None = None

    def keep(self, happening: Happening) -> None:
        """Remember; the oldest are forgotten."""
        if happening.number is None:
            self.anonymous = happening
            return
        self.by_number[happening.number] = happening
        while len(self.by_number) > REMEMBERED:
            del self.by_number[next(iter(self.by_number))]

    def heard(self, number: str | None) -> Happening | None:
        """What this caller tells."""
        return self.by_number.get(number) if number else self.anonymous


class Callers:
    """Places calls at a pace a person can follow."""

    def __init__(
        self,
        sip: tuple[str, int],
        truth: Truth,
        chairs: Chairs,
        *,
        calls_per_hour: float,
        mix: str,
        chance: Random,
    ) -> None:
        self._host, self._port = sip
        self._truth, self._pace, self._mix, self._chance = truth, calls_per_hour, mix, chance
        self._chairs, self._welcomed = chairs, False
        self._running: set[asyncio.Task[None]] = set()
        self._lately: deque[str] = deque(maxlen=LATELY)

    async def run(self) -> None:
        """The house fire first, then one call after the other for ever; a visitor who is ready has a house fire too."""
        phone = Softphone()
        await phone.start()
        try:
            await asyncio.sleep(FIRST_AFTER_S)
            self._begin(phone, scenes.first_call())
            while True:
                if await self._visitor_within(self._gap_s()):
                    await asyncio.sleep(WELCOME_AFTER_S)
                    self._begin(phone, scenes.first_call())
                    continue
                hour = datetime.now(WIB).hour if self._mix == "real" else None
                self._begin(phone, scenes.choose(self._chance, self._mix, hour, self._lately))
        finally:
            await phone.stop()

    async def _visitor_within(self, gap_s: float) -> bool:
        """Wait for the next call's time, but no longer than until a visitor is ready for the first time: then True."""
        if self._welcomed:
            await asyncio.sleep(gap_s)
            return False
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(gap_s):
                await self._chairs.visitor_ready.wait()
        self._welcomed = self._chairs.visitor_ready.is_set()
        return self._welcomed

    def _gap_s(self) -> float:
        """Seconds to the next call: random as in life, but never two at once and never a quarter of an hour of nothing."""
        mean = 3600 / self._pace
        return min(max(self._chance.expovariate(1 / mean), mean / 4), mean * 3)

    def _begin(self, phone: Softphone, scene: Scene) -> None:
        """It happens: somebody calls, and of what stands in the open sometimes a second person."""
        if scene.kind == "real":
            self._lately.append(scene.id)
        happening = scenes.happen(scene, self._chance)
        self._start(self._one(phone, happening))
        if scene.type in scenes.SEEN_BY_MANY and self._chance.random() < SEEN_AGAIN:
            self._start(self._another(phone, happening))

    async def _another(self, phone: Softphone, first: Happening) -> None:
        await asyncio.sleep(self._chance.uniform(*SEEN_AGAIN_AFTER_S))
        await self._one(phone, scenes.seen_again(first, self._chance))

    def _start(self, calling: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(calling)
        self._running.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.warning("A caller failed.", exc_info=error, extra={"action": "city.caller_failed"})

    async def _one(self, phone: Softphone, happening: Happening) -> None:
        self._truth.keep(happening)
        part = location_part(happening)
        headers = [("Geolocation", f"<cid:{part.content_id}>")] if part else []
        if happening.number:
            headers.append(("P-Asserted-Identity", f"<sip:{happening.number}@{self._host}>"))
        call = await phone.call(
            self._host,
            self._port,
            uri="urn:service:sos" if self._chance.random() < 0.3 else "",
            number=happening.number or "anonymous",
            headers=headers,
            parts=[part] if part else [],
        )
        patience = self._chance.lognormvariate(np.log(PATIENCE_MEDIAN_S), 0.6)
        try:
            await call.wait(call.answered, timeout=patience)
        except TimeoutError:
            await call.hang_up()
            return
        except ConnectionError:
            return
        await self._talk(call, happening.scene)

    async def _talk(self, call: PhoneCall, scene: Scene) -> None:
        """Tell it, wait, tell it again, until somebody hangs up."""
        limit = TALK_LIMIT_S if scene.kind == "real" else self._chance.uniform(8, 25)
        spoken = scenes.sound(scene.id)
        try:
            async with asyncio.timeout(limit):
                await asyncio.sleep(1.0)
                while not call.over.done():
                    if spoken is None:
                        await call.over
                        return
                    call.play(spoken)
                    told = asyncio.ensure_future(call.played.wait())
                    await asyncio.wait([told, call.over], return_when=asyncio.FIRST_COMPLETED)
                    told.cancel()
                    await asyncio.wait([call.over], timeout=PAUSE_S)
        except TimeoutError:
            await call.hang_up()
