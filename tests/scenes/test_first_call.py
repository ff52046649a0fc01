"""The first call: one line through the whole room, by SIP, microphone, keyboard and telephone screen."""

import asyncio
import json
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.async_api import Page, expect

from sigap.evidence.parts import Part
from sigap.voice.sip.softphone import PhoneCall, softphone
from tests.scenes import chairs
from tests.scenes.chairs import PHONE, browser
from tests.scenes.stage import Stage, stage, until
from tests.voice.ears import level_of, pitch, rms, tone

pytestmark = [pytest.mark.scene, pytest.mark.browser, pytest.mark.sip]

NUMBER = "+6281200000112"
CALLER_HERTZ = 440
LON, LAT = 106.4766, -6.2702
PLACE = f"""<?xml version="1.0"?>
<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:gp="urn:ietf:params:xml:ns:pidf:geopriv10"
 xmlns:gml="http://www.opengis.net/gml" xmlns:gs="http://www.opengis.net/pidflo/1.0" entity="pres:caller@example.org">
<tuple id="a"><status><gp:geopriv><gp:location-info>
<gs:Circle srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>{LAT} {LON}</gml:pos>
<gs:radius uom="urn:ogc:def:uom:EPSG::9001">35</gs:radius></gs:Circle>
</gp:location-info><gp:usage-rules/><gp:method>GPS</gp:method></gp:geopriv></status></tuple></presence>"""


async def test_the_first_call() -> None:
    async with stage(roads=True) as room, browser(room) as window, softphone() as phone:
        operator = await window.sit("operator1")
        await chairs.ready_at_seat(operator)

        call = await room.dial(
            phone, NUMBER,
            headers=[("Geolocation", "<cid:place@example.org>")],
            parts=[Part("application/pidf+xml", "place@example.org", PLACE.encode())],
        )  # fmt: skip
        await chairs.rings(operator)
        await call.wait(call.ringing)
        await chairs.answer(operator)
        await call.wait(call.answered)
        await heard_both_ways(operator, call)

        incident = await opened_by_keyboard(room, operator)

        dispatcher = await window.sit("dispatcher1")
        jobs = await sent_by_keyboard(room, dispatcher, incident["id"])


async def heard_both_ways(operator: Page, call: PhoneCall) -> None:
    """Sound energy on both ends: the caller's tone in the page, the fake microphone's beeps at the caller."""
    call.play(tone(CALLER_HERTZ), loop=True)

    async def the_tone() -> bool:
        heard = await chairs.seat_hears(operator)
        return rms(heard) > 1000 and abs(pitch(heard) - CALLER_HERTZ) < 5

    def the_beeps() -> bool:
        heard = call.sound(3)
        return max((rms(heard[at : at + 800]) for at in range(0, len(heard), 800)), default=0.0) > 300

    await until(the_tone, 5, f"the operator hears {CALLER_HERTZ} Hz")
    await until(the_beeps, 5, "the caller hears the operator's microphone")


async def opened_by_keyboard(room: Stage, operator: Page) -> dict[str, Any]:
    """Take the phone's point, choose the type, say what happens, open."""
    keys = operator.keyboard
    await expect(operator.get_by_role("region", name="Bukti Lokasi").get_by_text("±35 m")).to_be_visible()
    await keys.press("Alt+l")
    await keys.press("Alt+j")
    await keys.type("kebakaran rumah")
    await keys.press("Enter")
    await operator.get_by_label("Uraian").focus()
    await keys.type("Dapur terbakar, api sudah ke atap")
    await keys.press("Control+Enter")
    await expect(operator.get_by_role("region", name="Kejadian 0001")).to_be_visible()
    dispatcher = await room.sign_in("dispatcher1")
    (incident,) = await dispatcher.rows("incident")
    assert (incident["type"], incident["priority"]) == ("FIR01", "P1")
    return incident


async def sent_by_keyboard(room: Stage, desk: Page, incident_id: str) -> dict[str, dict[str, Any]]:
    """Send what is proposed; the assignments by agency."""
    detail = desk.get_by_role("region", name="Rincian kejadian")
    await expect(detail.get_by_role("checkbox", name="PLN")).to_be_checked()
    await expect(detail.get_by_role("checkbox", name="DMK", checked=True)).to_have_count(1)
    await desk.keyboard.press("Control+Enter")
    await expect(detail.get_by_role("group", name="Penugasan")).to_be_visible()
    dispatcher = await room.sign_in("dispatcher1")
    jobs = {job["agency"]: job for job in await dispatcher.rows("assignment")}
    assert all(job["incident_id"] == incident_id for job in jobs.values())
    assert jobs["BPBD_DAMKAR"]["role"] == "lead"
    assert jobs["PLN"]["role"] == "inform"
    return jobs
