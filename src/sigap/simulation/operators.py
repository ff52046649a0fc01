"""Simulated operators: sit at a seat, answer, listen, open the incident or press the outcome key, hang up."""

import asyncio
import json
import logging
from collections.abc import Callable
from random import Random
from typing import Any, Final

import websockets

from sigap.simulation.callers import Truth
from sigap.simulation.chairs import Chairs
from sigap.simulation.colleague import Colleague, Refused
from sigap.simulation.driving import Place, metres
from sigap.simulation.scenes import Happening

log = logging.getLogger("sigap.city")

HELP_AFTER_S: Final = 15.0
"""While a person sits in the room the simulated operators leave the ringing to them, and help when a caller waits longer."""
AWAY: Final = frozenset({"signed_out", "lost", "not_ready"})
"""A person's seat in these states leaves the ringing to the others."""
JUNK: Final = {
    "prank": "prank",
    "ghost": "ghost",
    "information": "information",
    "non_emergency": "non_emergency",
}

SAME_PLACE_M: Final = 300.0
"""Two calls of one type this near to each other are taken as one incident."""
OPEN: Final = frozenset({"new", "awaiting_dispatch", "assigned", "en_route", "on_scene", "under_control"})


class Operator:
    """One simulated operator at one seat."""

    def __init__(
        self,
        colleague: Colleague,
        seat: str,
        chairs: Chairs,
        truth: Truth,
        chance: Random,
        seat_url: Callable[[], str | None],
    ) -> None:
        self._who, self._seat, self._chairs, self._truth, self._chance = (
            colleague,
            seat,
            chairs,
            truth,
            chance,
        )
        self._seat_url = seat_url
        self._socket: websockets.ClientConnection | None = None
        self._ready = False
        self._talking: dict[str, asyncio.Task[None]] = {}
        self._calls: dict[str, dict[str, Any]] = {}
        self._helping: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Sit while the chair is free, for ever."""
        while True:
            try:
                if self._chairs.free(self._who.username):
                    await self._shift()
            except (OSError, websockets.WebSocketException, Refused) as error:
                log.info(
                    "A seat is not to be had.",
                    extra={"action": "city.seat", "seat": self._seat, "why": str(error)},
                )
            await asyncio.sleep(2.0)

    async def _shift(self) -> None:
        session = await self._who.sign_in()
        url = self._seat_url() or session["voice"]["url"]
        if url is None:
            return
        async with websockets.connect(url) as socket:
            self._socket, self._ready = socket, False
            hello = {"type": "hello", "token": session["voice"]["token"], "seat": self._seat, "media": "none"}
            await self._say(hello)
            leaving = asyncio.create_task(self._stand_up_for_people())
            try:
                async for message in socket:
                    await self._hear(json.loads(message))
            finally:
                leaving.cancel()
                self._stop_helping()
                for task in self._talking.values():
                    task.cancel()
                self._talking.clear()
        await self._who.sign_out()

    async def _stand_up_for_people(self) -> None:
        """Leave when a person takes this chair, but never in the middle of a call."""
        while self._chairs.free(self._who.username) or self._talking:
            await asyncio.sleep(0.5)
        await self._say({"type": "sign_out"})

    async def _say(self, message: dict[str, Any]) -> None:
        if self._socket is not None:
            await self._socket.send(json.dumps(message))

    async def _hear(self, message: dict[str, Any]) -> None:
        match message["type"]:
            case "welcome":
                await self._be_ready(True)
            case "queue":
                await self._mind_the_queue(message)
            case "ring":
                call = message["call"]
                self._calls[call["call_id"]] = call
                self._spawn(call["call_id"], self._answer(call["call_id"]))
            case "answered":
                self._spawn(message["call_id"], self._converse(message["call_id"]))
            case "ended" | "ring_cancelled":
                self._calls.pop(message["call_id"], None)
                if message["type"] == "ring_cancelled" and (
                    task := self._talking.pop(message["call_id"], None)
                ):
                    task.cancel()
            case _:
                pass

    async def _be_ready(self, ready: bool) -> None:
        if ready != self._ready:
            self._ready = ready
            await self._say({"type": "ready"} if ready else {"type": "not_ready", "reason": "break"})

    async def _mind_the_queue(self, queue: dict[str, Any]) -> None:
        """With a person who takes calls, be ready only while somebody has waited for long."""
        people = [seat["state"] for seat in queue["seats"] if seat["username"] and not seat["simulated"]]
        if "ready" in people:
            self._chairs.visitor_ready.set()
        waiting = [call for call in queue["waiting"] if call["stage"] == "waiting"]
        if AWAY.issuperset(people):
            self._stop_helping()
            await self._be_ready(True)
        elif self._talking:
            pass  # what rings here or is spoken here is brought to its end: going away would put the caller back
        elif not waiting:
            self._stop_helping()
            await self._be_ready(False)
        elif self._helping is None or self._helping.done():
            self._helping = asyncio.create_task(self._help_later())

    def _stop_helping(self) -> None:
        if self._helping is not None:
            self._helping.cancel()
            self._helping = None

    async def _help_later(self) -> None:
        await asyncio.sleep(HELP_AFTER_S)
        await self._be_ready(True)

    def _spawn(self, key: str, work: Any) -> None:
        if (old := self._talking.pop(key, None)) and not old.done():
            old.cancel()
        task = asyncio.create_task(work)
        self._talking[key] = task
        task.add_done_callback(lambda done: self._forget(key, done))

    def _forget(self, key: str, task: asyncio.Task[None]) -> None:
        if self._talking.get(key) is task:
            del self._talking[key]
        if not task.cancelled() and (error := task.exception()):
            log.warning("An operator failed.", exc_info=error, extra={"action": "city.operator_failed"})

    async def _answer(self, call_id: str) -> None:
        await asyncio.sleep(self._chance.uniform(1.5, 4.5))
        await self._say({"type": "answer_call", "call_id": call_id})

    async def _converse(self, call_id: str) -> None:
        call = self._calls.get(call_id, {})
        happening = self._truth.heard(call.get("number"))
        if happening is None or happening.scene.kind in JUNK:
            await asyncio.sleep(self._chance.uniform(5, 12))
            await self._say({"type": "hang_up", "call_id": call_id})
            kind = happening.scene.kind if happening else "ghost"
            await self._try(f"/api/calls/{call_id}/disposition", {"disposition": JUNK.get(kind, "ghost")})
        else:
            await asyncio.sleep(self._chance.uniform(12, 20))
            report = self._report(call_id, call, happening)
            known = await self._known(report)
            if known is None:
                await self._try("/api/incidents", report)
            else:
                await self._try(f"/api/incidents/{known}/calls", {"call_id": call_id})
            await asyncio.sleep(self._chance.uniform(5, 12))
            await self._say({"type": "hang_up", "call_id": call_id})
        await self._say({"type": "wrap_up_done"})

    def _report(self, call_id: str, call: dict[str, Any], happening: Happening) -> dict[str, Any]:
        """What an operator types: the place that the phone sent, else the one that the caller described."""
        point = happening.point
        sent = next((item for item in call.get("evidence") or [] if item.get("lon") is not None), None)
        lon, lat = (
            (sent["lon"], sent["lat"]) if sent else (point.lon, point.lat) if point else (106.5191, -6.1742)
        )
        place: dict[str, Any] = {"lon": lon, "lat": lat, "text": happening.scene.landmark or "lokasi dari HP"}
        if happening.scene.landmark:
            place["landmark"] = happening.scene.landmark
        if sent and sent.get("uncertainty_m"):
            place["uncertainty_m"] = float(sent["uncertainty_m"])
        return {
            "type": happening.scene.type,
            "place": place,
            "narrative": happening.scene.narrative,
            "call_id": call_id,
            "intake_channel": "phone",
            "dangers": happening.scene.dangers,
        }

    async def _known(self, report: dict[str, Any]) -> str | None:
        """The open incident of this type at this place, if the room has one: another caller reports the same."""
        room = await self._who.get("/api/room")
        here = report["place"]
        for incident in room["tables"]["incident"].values():
            same = incident.get("type") == report["type"] and incident["state"] in OPEN
            if (
                same
                and incident.get("lon") is not None
                and metres(_place(incident), _place(here)) <= SAME_PLACE_M
            ):
                return str(incident["id"])
        return None

    async def _try(self, path: str, body: dict[str, Any]) -> None:
        """Send it; a call that the room does not know yet (its fact is on the way) is tried again."""
        for _ in range(10):
            try:
                await self._who.post(path, body)
            except Refused as refused:
                if refused.code != "call.not_yet_known":
                    log.info("The room refused.", extra={"action": "city.refused", "code": refused.code})
                    return
                await asyncio.sleep(1.0)
            else:
                return


def seats_for(operators: int) -> list[str]:
    """Simulated operators sit at Meja 1, 2, 3."""
    return [f"meja-{number}" for number in range(1, operators + 1)]


def _place(row: dict[str, Any]) -> Place:
    return (row["lon"], row["lat"])
