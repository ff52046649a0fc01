"""A simulated dispatcher: sends what is recommended, phones agencies without a screen, replaces refusals, closes."""

import asyncio
import logging
from random import Random
from typing import Any, Final

from sigap.simulation.chairs import Chairs
from sigap.simulation.colleague import Colleague, Refused
from sigap.simulation.eye import Eye, Row
from sigap.simulation.results import result_of

log = logging.getLogger("sigap.city")

LOOK_EVERY_S: Final = 1.5
LIVE: Final = frozenset({"sent", "acknowledged", "departed", "arrived"})
FINAL_UNDONE: Final = frozenset({"refused", "timed_out"})
THINK_S: Final = (6.0, 14.0)
"""Seconds that a dispatcher looks at something new before acting."""
VISITOR_S: Final = (38.0, 46.0)
"""Before anything is sent to a new incident while a person sits at an operator's desk and has not seen Meja Dispatch yet:
time to open it and send."""


class Dispatcher:
    """Plays one dispatcher's chair."""

    def __init__(
        self,
        colleague: Colleague,
        eye: Eye,
        chairs: Chairs,
        chance: Random,
        agencies: dict[str, list[str]],
    ) -> None:
        self._who, self._eye, self._chairs, self._chance = colleague, eye, chairs, chance
        self._agencies = agencies
        """By incident type, the lead first."""
        self._due: dict[tuple[str, str], float] = {}
        self._tried: set[tuple[str, str]] = set()
        self._visited = False
        """Whether a person has sat here: who knows the way is not waited for again."""

    async def run(self) -> None:
        """Look at the room again and again."""
        await self._eye.ready.wait()
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            if not self._chairs.free(self._who.username):
                self._due.clear()
                self._visited = True
                continue
            for incident in self._eye.rows("incident"):
                try:
                    await self._mind(incident)
                except Refused as refused:
                    log.info("The room refused.", extra={"action": "city.refused", "code": refused.code})
                except Exception:  # a colleague's mistake must not stop the city
                    log.exception("A dispatcher failed.", extra={"action": "city.dispatcher_failed"})

    async def _mind(self, incident: Row) -> None:
        jobs = self._eye.assignments_of(incident["id"])
        state = incident["state"]
        if state in {"new", "awaiting_dispatch"} and not any(job["state"] in LIVE for job in jobs):
            awaited = self._chairs.visitor_answers and not self._visited and not jobs
            wait = VISITOR_S if awaited else THINK_S
            if self._ripe("send", f"{incident['id']}:{len(jobs)}", wait):
                await self._send(incident)
        elif state == "resolved" and self._ripe("close", incident["id"]):
            await self._close(incident, jobs)
        for job in jobs:
            await self._follow(incident, job, jobs)

    async def _follow(self, incident: Row, job: Row, jobs: list[Row]) -> None:
        agency = self._eye.row("agency", job["agency"])
        if job["state"] == "sent" and agency and agency["phone_only"] and self._ripe("phone", job["id"]):
            await self._who.post(
                f"/api/assignments/{job['id']}/acknowledge", {"contact": "Petugas piket Demo"}
            )
        elif job["state"] == "acknowledged" and agency and agency["phone_only"] and not job["unit_id"]:
            if self._ripe("told", job["id"], (25.0, 60.0)):
                await self._who.post(f"/api/assignments/{job['id']}/finish", {"result": "handed_over"})
        elif job["state"] in FINAL_UNDONE and job["role"] != "inform" and self._ripe("again", job["id"]):
            if not any(_takes_over(other, job) for other in jobs):
                await self._next_unit(incident, job)
        elif (
            job["alarm_acknowledged_at"] is None
            and job["escalation"] in {"supervisor", "agency_head"}
            and self._ripe("alarm", job["id"])
        ):
            await self._who.post(f"/api/assignments/{job['id']}/alarm/acknowledge")

    def _ripe(self, what: str, key: str, wait: tuple[float, float] = THINK_S) -> bool:
        """True once, some seconds after it was first seen."""
        now, slot = asyncio.get_running_loop().time(), (what, key)
        if slot in self._tried:
            return False
        due = self._due.setdefault(slot, now + self._chance.uniform(*wait))
        if now < due:
            return False
        self._tried.add(slot)
        return True

    async def _send(self, incident: Row) -> None:
        if incident.get("masked"):
            await self._who.post(
                f"/api/incidents/{incident['id']}/access", {"reason": "Penugasan oleh dispatch demo"}
            )
        advice = await self._who.get(f"/api/incidents/{incident['id']}/recommendation")
        detail = (await self._who.get(f"/api/incidents/{incident['id']}"))["incident"]
        agencies = self._agencies.get(detail["type"], [])
        orders: list[dict[str, Any]] = []
        for place, agency in enumerate(agencies):
            role = "lead" if place == 0 else "assist"
            unit = next(
                (
                    unit
                    for unit in advice["units"]
                    if unit["agency"] == agency and unit["suitable"] and self._is_free(unit["unit_id"])
                ),
                None,
            )
            if unit is not None:
                orders.append({"agency": agency, "unit_id": unit["unit_id"], "role": role})
            else:
                orders.append({"agency": agency, "role": role if place == 0 else "inform"})
        if orders:
            await self._who.post(f"/api/incidents/{incident['id']}/assignments", {"assign": orders})

    def _is_free(self, unit_id: str) -> bool:
        unit = self._eye.row("unit", unit_id)
        return unit is not None and unit["status"] == "available"

    async def _next_unit(self, incident: Row, job: Row) -> None:
        advice = await self._who.get(f"/api/incidents/{incident['id']}/recommendation")
        for unit in advice["units"]:
            if unit["agency"] == job["agency"] and unit["suitable"] and self._is_free(unit["unit_id"]):
                order = {"agency": job["agency"], "unit_id": unit["unit_id"], "role": job["role"]}
                await self._who.post(f"/api/incidents/{incident['id']}/assignments", {"assign": [order]})
                return

    async def _close(self, incident: Row, jobs: list[Row]) -> None:
        detail = (await self._who.get(f"/api/incidents/{incident['id']}"))["incident"]
        results = {
            job["agency"]: result_of(job, detail)
            for job in jobs
            if job["state"] == "done" and job["role"] != "inform" and job["result"] is None
        }
        await self._who.post(f"/api/incidents/{incident['id']}/close", {"results": results})


def _takes_over(other: Row, job: Row) -> bool:
    """Whether another job does what a refused one should have: it replaces it, or its agency has sent anew."""
    if other["replaces_id"] == job["id"]:
        return True
    return other["agency"] == job["agency"] and other["state"] in LIVE | {"done"}
