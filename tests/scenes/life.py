"""One call from the ring to the closed incident, without a browser: over SIP, the seat's socket and HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime
from typing import Any

from websockets.asyncio.client import connect

from sigap.kernel.clock import WIB
from sigap.voice.sip.softphone import Softphone
from tests.scenes.stage import LAT, LON, PASSWORD, Person, Stage, until
from tests.voice.ears import tone
from tests.voice.seat_client import Client

PLACE = {"lon": LON, "lat": LAT, "text": "Kampung Sodong, belakang pasar"}


@asynccontextmanager
async def seated(room: Stage, seat: str = "meja-1", username: str = "operator1") -> AsyncIterator[Client]:
    """A colleague at a seat, ready, as the simulated ones sit: without sound of their own."""
    person = await room.sign_in(username)
    body = {"username": username, "password": PASSWORD, "client": "simulation"}
    voice = (await person.post("/api/session", body))["voice"]
    person.http.cookies.clear()
    async with connect(voice["url"], compression=None) as socket:
        client = Client(socket)
        await client.say("hello", token=voice["token"], seat=seat, media="none")
        await client.until("welcome")
        await client.say("ready")
        await client.until("seat", state="ready")
        yield client


async def call_taken(room: Stage, phone: Softphone, seat: Client, number: str) -> str:
    """A call that is answered, lasts a moment and ends by the caller; its id once the room has it whole."""
    call = await room.dial(phone, number)
    ring = await seat.until("ring", within_s=5)
    call_id = ring["call"]["call_id"]
    await seat.say("answer_call", call_id=call_id)
    await seat.until("answered", within_s=5)
    await call.wait(call.answered)
    call.play(tone(440, 0.5))
    await call.wait(call.played)
    await call.hang_up()
    await seat.until("ended", within_s=5)
    supervisor = await room.sign_in("penyelia1")

    async def whole() -> bool:
        calls = {row["id"]: row for row in await supervisor.rows("call")}
        return call_id in calls and calls[call_id]["recording_state"] == "stored"

    await until(whole, 15, "the call is in the room's tables, with its recording")
    return call_id


async def handled(room: Stage, call_id: str | None, unit_code: str = "DMK-01") -> dict[str, Any]:
    """A house fire opened, sent, acknowledged, driven to, put out and closed; the incident."""
    operator, desk = await room.sign_in("operator1"), await room.sign_in("dispatcher1")
    body: dict[str, Any] = {"type": "FIR01", "place": PLACE, "narrative": "Dapur terbakar"}
    body |= {"call_id": call_id, "intake_channel": "phone"} if call_id else {"intake_channel": "radio"}
    incident = await operator.post("/api/incidents", body)
    unit = next(unit for unit in await desk.rows("unit") if unit["code"] == unit_code)
    order = [
        {"agency": unit["agency"], "unit_id": unit["id"], "role": "lead"},
        {"agency": "PLN", "role": "inform"},
    ]
    sent = await desk.post(f"/api/incidents/{incident['id']}/assignments", {"assign": order})
    lead, told = sent["assignments"]
    crew, officer = await room.sign_in(f"crew-{unit_code.lower()}"), await room.sign_in("opd-pln")
    for verb in ("acknowledge", "depart", "arrive"):
        await crew.post(f"/api/assignments/{lead['id']}/{verb}")
    await crew.post(f"/api/assignments/{lead['id']}/finish", {"result": "fire_extinguished"})
    await officer.post(f"/api/assignments/{told['id']}/acknowledge")
    await officer.post(f"/api/assignments/{told['id']}/finish")
    return await desk.post(f"/api/incidents/{incident['id']}/close")


def local_day(moment: str) -> date:
    """The local day of a moment as the server tells it: the report that counts it, also when midnight passes meanwhile."""
    return datetime.fromisoformat(moment).astimezone(WIB).date()


async def reported(person: Person, day: date | None = None) -> dict[str, Any]:
    """The report of a day, today's if none is named."""
    asked = {"date": day.isoformat()} if day else {}
    return await person.get("/api/reports/daily", format="json", **asked)
