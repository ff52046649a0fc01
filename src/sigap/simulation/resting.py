"""Simulated crews between two jobs: they say that they are ready again, and drive home to their post."""

import asyncio
import logging
from collections.abc import Coroutine
from random import Random
from typing import Any, Final

from sigap.simulation.chairs import Chairs
from sigap.simulation.colleague import Colleague, Refused
from sigap.simulation.driving import drive, metres, way_between
from sigap.simulation.eye import Eye, Row
from sigap.simulation.people import crew_name

log = logging.getLogger("sigap.city")

LOOK_EVERY_S: Final = 5.0
AT_HOME_M: Final = 250.0
REST_S: Final = (10.0, 40.0)
"""At the place, before a crew that is done says that it is ready again."""
NO_DRIVER_S: Final = (180.0, 420.0)
"""Until a crew without a driver has one again."""


class Resting:
    """Looks after every unit that has no job and whose crew is simulated."""

    def __init__(
        self, eye: Eye, chairs: Chairs, chance: Random, crews: dict[str, Colleague], *, pace: float
    ) -> None:
        self._eye, self._chairs, self._chance, self._crews, self._pace = eye, chairs, chance, crews, pace
        self._busy: dict[str, asyncio.Task[None]] = {}

    async def watch(self) -> None:
        """Look again and again."""
        await self._eye.ready.wait()
        while True:
            for unit in self._eye.rows("unit"):
                if unit["id"] not in self._busy and (work := self._work(unit)):
                    task = asyncio.create_task(work)
                    self._busy[unit["id"]] = task
                    task.add_done_callback(lambda done, unit_id=unit["id"]: self._ended(unit_id, done))
            await asyncio.sleep(LOOK_EVERY_S)

    def _work(self, unit: Row) -> Coroutine[Any, Any, None] | None:
        if not self._chairs.free(crew_name(unit["code"])):
            return None
        if unit["status"] == "unmanned":
            return self._ready_again(unit, NO_DRIVER_S)
        if unit["status"] == "cleared":
            return self._ready_again(unit, REST_S)
        here = self._eye.where(unit["id"])
        if self._idle(unit) and here and metres(here, _home(unit)) > AT_HOME_M:
            return self._go_home(unit)
        return None

    def _idle(self, unit: Row) -> bool:
        now = self._eye.row("unit", unit["id"])
        return now is not None and now["status"] == "available" and self._chairs.free(crew_name(unit["code"]))

    def _ended(self, unit_id: str, task: asyncio.Task[None]) -> None:
        self._busy.pop(unit_id, None)
        error = None if task.cancelled() else task.exception()
        if isinstance(error, Refused):
            log.info("The room refused.", extra={"action": "city.refused", "code": error.code})
        elif error:
            log.warning("A crew failed.", exc_info=error, extra={"action": "city.crew_failed"})

    async def _ready_again(self, unit: Row, after: tuple[float, float]) -> None:
        await asyncio.sleep(self._chance.uniform(*after) / self._pace)
        now = self._eye.row("unit", unit["id"])
        if now and now["status"] == unit["status"] and self._chairs.free(crew_name(unit["code"])):
            await self._crews[crew_name(unit["code"])].post(
                f"/api/units/{unit['id']}/status", {"status": "available"}
            )

    async def _go_home(self, unit: Row) -> None:
        here = self._eye.where(unit["id"])
        if here is None or not self._idle(unit):
            return
        who = self._crews[crew_name(unit["code"])]
        way = await way_between(who, here, _home(unit))
        if way is None:
            await asyncio.sleep(60.0)
            return
        await drive(who, unit["id"], way, pace=self._pace, going=lambda: self._idle(unit))


def _home(unit: Row) -> tuple[float, float]:
    return (unit["station_lon"], unit["station_lat"])
