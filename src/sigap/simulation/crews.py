"""Simulated officers and crews: take the job, drive along roads, work, report."""

import asyncio
import logging
from random import Random
from typing import Any, Final

from sigap.simulation.chairs import Chairs
from sigap.simulation.colleague import Colleague, Refused
from sigap.simulation.driving import drive, way_between
from sigap.simulation.eye import Eye, Row
from sigap.simulation.people import crew_name, officer_name
from sigap.simulation.results import result_of

log = logging.getLogger("sigap.city")

ACKNOWLEDGE_S: Final = (5.0, 25.0)
TURNOUT_S: Final = (20.0, 55.0)
WORK_S: Final = (60.0, 180.0)
NO_ROUTE_S: Final = (120.0, 300.0)
"""How long a drive takes where no road could be found (nothing is drawn then)."""
REFUSES: Final = 0.04
"""Share of jobs that are refused, as in life: no driver."""
LIVE: Final = frozenset({"sent", "acknowledged", "departed", "arrived"})


class Field:
    """All agencies' officers and all crews; each acts under its own account, and signs in when it first has to."""

    def __init__(
        self,
        eye: Eye,
        chairs: Chairs,
        chance: Random,
        colleagues: dict[str, Colleague],
        *,
        pace: float = 1.0,
    ) -> None:
        self._eye, self._chairs, self._chance, self._colleagues = eye, chairs, chance, colleagues
        self._pace = pace
        self._jobs: dict[str, asyncio.Task[None]] = {}

    def start(self) -> None:
        """From now on take every assignment that the room shows."""
        self._eye.listen(self._seen)

    def _seen(self, table: str, before: Row | None, now: Row | None) -> None:
        if table == "assignment" and now:
            self.take(now)

    def take(self, job: Row) -> None:
        """Carry out an assignment, unless it is over or in somebody's hands already."""
        if job["state"] in LIVE and job["id"] not in self._jobs:
            task = asyncio.create_task(self._carry_out(job["id"]))
            self._jobs[job["id"]] = task
            task.add_done_callback(lambda done: self._ended(job["id"], done))

    def _ended(self, assignment_id: str, task: asyncio.Task[None]) -> None:
        self._jobs.pop(assignment_id, None)
        if not task.cancelled() and (error := task.exception()):
            log.warning("A crew failed.", exc_info=error, extra={"action": "city.crew_failed"})

    async def _carry_out(self, assignment_id: str) -> None:
        """One assignment from sent to done; where a person plays a chair, wait for what the person does."""
        while (job := self._eye.row("assignment", assignment_id)) and job["state"] in LIVE:
            who = self._who(job)
            if who is None:
                await asyncio.sleep(2.0)
                continue
            try:
                await self._step(who, job)
            except Refused as refused:
                log.info("The room refused.", extra={"action": "city.refused", "code": refused.code})
                await asyncio.sleep(5.0)
            await self._until_changed(assignment_id, job["rev"])

    async def _until_changed(self, assignment_id: str, rev: int) -> None:
        for _ in range(20):
            job = self._eye.row("assignment", assignment_id)
            if job is None or job["rev"] != rev:
                return
            await asyncio.sleep(0.2)

    def _who(self, job: Row) -> Colleague | None:
        """The simulated colleague whose turn it is; None while a person sits there."""
        unit = self._eye.row("unit", job["unit_id"])
        agency = self._eye.row("agency", job["agency"])
        if unit is None and agency and agency["phone_only"]:
            return None
        name = crew_name(unit["code"]) if unit else officer_name(job["agency"])
        return self._colleagues.get(name) if self._chairs.free(name) else None

    async def _step(self, who: Colleague, job: Row) -> None:
        path = f"/api/assignments/{job['id']}"
        match job["state"]:
            case "sent":
                await self._pause(ACKNOWLEDGE_S)
                await self._acknowledge(who, job, path)
            case "acknowledged" if job["unit_id"] is None:
                await self._pause(WORK_S)
                await who.post(f"{path}/finish", self._result(job))
            case "acknowledged":
                await self._pause(TURNOUT_S)
                await who.post(f"{path}/depart")
            case "departed":
                await self._drive(who, job)
                if self._still(job, "departed"):
                    await who.post(f"{path}/arrive")
            case "arrived":
                await self._pause(WORK_S)
                if self._still(job, "arrived"):
                    await who.post(f"{path}/finish", self._result(job))
            case _:
                pass

    def _still(self, job: Row, state: str) -> bool:
        now = self._eye.row("assignment", job["id"])
        return now is not None and now["state"] == state and self._who(now) is not None

    async def _acknowledge(self, who: Colleague, job: Row, path: str) -> None:
        if not self._still(job, "sent"):
            return
        if self._chance.random() < REFUSES and job["role"] != "inform":
            await who.post(f"{path}/refuse", {"reason": "no_driver"})
            return
        agency = self._eye.row("agency", job["agency"])
        body: dict[str, Any] = {}
        if job["unit_id"] is None and job["role"] != "inform" and agency and agency["sends_crews"]:
            free = [
                unit["id"]
                for unit in self._eye.rows("unit")
                if unit["agency"] == job["agency"] and unit["status"] == "available"
            ]
            if free:
                body["unit_id"] = self._chance.choice(free)
        await who.post(f"{path}/acknowledge", body)

    def _result(self, job: Row) -> dict[str, Any]:
        if job["role"] == "inform":
            return {}
        incident = self._eye.row("incident", job["incident_id"]) or {}
        return {"result": result_of(job, incident)}

    async def _pause(self, seconds: tuple[float, float]) -> None:
        await asyncio.sleep(self._chance.uniform(*seconds) / self._pace)

    async def _drive(self, who: Colleague, job: Row) -> None:
        """Move along the route at its own speed; without a route it takes its time, and nothing is drawn."""
        detail = (await who.get(f"/api/incidents/{job['incident_id']}"))["incident"]
        way = None
        if detail.get("lon") is not None and (here := self._eye.where(job["unit_id"])):
            way = await way_between(who, here, (detail["lon"], detail["lat"]))
        if way is None:
            await self._pause(NO_ROUTE_S)
            return
        await drive(who, job["unit_id"], way, pace=self._pace, going=lambda: self._still(job, "departed"))
