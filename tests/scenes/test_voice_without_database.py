"""With api and database stopped a reloaded seat still rings, is answered and writes down; all of it arrives once."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.async_api import Page, expect

from sigap.voice.sip.softphone import Softphone, softphone
from tests.scenes import chairs
from tests.scenes.chairs import browser
from tests.scenes.stage import Stage, stage, until

pytestmark = [pytest.mark.scene, pytest.mark.browser, pytest.mark.sip]

PRANK, FIRE = "+6281200000007", "+6281200000113"
NOTE = "Anak-anak bernyanyi, tidak ada keadaan darurat"


async def test_a_seat_goes_on_while_the_server_is_away() -> None:
    async with stage() as room, browser(room) as window, softphone() as phone:
        operator = await window.sit("operator1")
        await chairs.ready_at_seat(operator)
        await chairs.shell_kept(operator)
        await room.hold("api", "database")

        await operator.reload()
        await expect(operator.get_by_text("Menunggu panggilan")).to_be_visible()
        await expect(operator.get_by_text("Mode darurat").first).to_be_visible()
        await prank_call(room, phone, operator)
        await fire_call(room, phone, operator)
        back_at = datetime.now(UTC)

        await room.release("api", "database")
        await all_of_it_arrives(room, back_at)
        await nothing_arrives_twice(room, back_at)


async def prank_call(room: Stage, phone: Softphone, operator: Page) -> None:
    """Rings, is answered and heard; a note, F7, and the caller hangs up."""
    call = await room.dial(phone, PRANK)
    await chairs.rings(operator)
    await chairs.answer(operator)
    await call.wait(call.answered)
    await chairs.hears_each_other(operator, call, 440)
    await operator.get_by_label("Uraian").fill(NOTE)
    await operator.keyboard.press("F7")
    await call.hang_up()
    await expect(operator.get_by_text("Menunggu panggilan")).to_be_visible()


async def fire_call(room: Stage, phone: Softphone, operator: Page) -> None:
    """A fire with the phone's point: kept at the desk until the server is there."""
    call = await room.dial(phone, FIRE, with_place=True)
    await chairs.rings(operator)
    await chairs.answer(operator)
    await call.wait(call.answered)
    await operator.keyboard.press("Alt+l")
    await operator.keyboard.press("Alt+j")
    await operator.keyboard.type("kebakaran rumah")
    await operator.keyboard.press("Enter")
    await operator.keyboard.press("Control+Enter")
    await expect(operator.get_by_role("heading", name="Menunggu dikirim ke server")).to_be_visible()
    await operator.keyboard.press("Control+F2")
    assert (await call.over).by == "far"


async def all_of_it_arrives(room: Stage, back_at: datetime) -> None:
    """Both calls with their own times, the outcome, the note, the incident, the recordings."""
    supervisor = await room.sign_in("penyelia1")

    async def calls() -> dict[str, dict[str, Any]] | None:
        rows = {row["caller_number"]: row for row in await supervisor.rows("call")}
        whole = set(rows) == {PRANK, FIRE} and rows[PRANK]["disposition"] and rows[FIRE]["incident_id"]
        return rows if whole and rows[PRANK]["note"] else None

    arrived = await until(calls, 20, "calls, outcome, note and incident have arrived")
    prank, fire = arrived[PRANK], arrived[FIRE]
    assert (prank["disposition"], prank["note"], prank["incident_id"]) == ("prank", NOTE, None)
    for moment in ("offered_at", "answered_at", "ended_at"):
        assert datetime.fromisoformat(prank[moment]) < back_at, moment
    (incident,) = await supervisor.rows("incident")
    assert (incident["id"], incident["type"]) == (fire["incident_id"], "FIR01")
    assert {call["recording_state"] for call in (prank, fire)} == {"stored"}


async def nothing_arrives_twice(room: Stage, back_at: datetime) -> None:
    """The journal has one entry of each kind for each call, and knows when the outcome key was pressed."""
    entries = await room.journal()
    kinds = Counter(entry["kind"] for entry in entries)
    assert kinds["call.offered"] == kinds["call.answered"] == kinds["call.ended"] == 2
    once = ("call.classified", "call.noted", "incident.opened")
    assert {kind: kinds[kind] for kind in once} == dict.fromkeys(once, 1)
    (classified,) = [entry for entry in entries if entry["kind"] == "call.classified"]
    assert datetime.fromisoformat(classified["occurred_at"]) < back_at
    assert datetime.fromisoformat(classified["recorded_at"]) > back_at
