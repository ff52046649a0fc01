"""The first call: one line through the whole room, by SIP, microphone, keyboard and telephone screen."""

import json
import wave
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.async_api import Page, expect

from sigap.voice.sip.softphone import PhoneCall, softphone
from tests.scenes import chairs
from tests.scenes.chairs import PHONE, Browser, browser
from tests.scenes.life import local_day, reported
from tests.scenes.stage import Stage, stage, until
from tests.voice.ears import pitch, rms

pytestmark = [pytest.mark.scene, pytest.mark.browser, pytest.mark.sip]

NUMBER = "+6281200000112"
CALLER_HERTZ = 440
SEEN = {"BPBD_DAMKAR", "PLN"}
"""The agencies whose screens are played here."""


class Days(NamedTuple):
    """The local days of what the scene makes, each counted in its own report."""

    call: date
    incident: date
    jobs: date


async def test_the_first_call(tmp_path: Path) -> None:
    async with stage(roads=True) as room, browser(room) as window, softphone() as phone:
        operator = await window.sit("operator1")
        await chairs.ready_at_seat(operator)
        call = await room.dial(phone, NUMBER, with_place=True)
        await chairs.rings(operator)
        await call.wait(call.ringing)
        await chairs.answer(operator)
        await call.wait(call.answered)
        await chairs.hears_each_other(operator, call, CALLER_HERTZ)
        incident = await opened_by_keyboard(room, operator)

        desk = await window.sit("dispatcher1")
        jobs = await sent_by_keyboard(room, desk, incident["id"])
        await hung_up_by_keyboard(operator, call)
        await driven_by_thumb(room, window, jobs["BPBD_DAMKAR"])
        await told_by_keyboard(room, window)
        await closed_by_keyboard(room, desk, [job for agency, job in jobs.items() if agency not in SEEN])

        days = await days_of(room, incident, jobs["BPBD_DAMKAR"])
        report = await in_the_report(room, incident, days)
        await on_the_report_page(window, days)
        await in_the_journal(room, tmp_path / "journal.jsonl", incident, report["journal"])
        await on_the_recording(room)


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


async def hung_up_by_keyboard(operator: Page, call: PhoneCall) -> None:
    """Ctrl F2, Alt W: the operator ends the call and is free for the next."""
    await operator.keyboard.press("Control+F2")
    assert (await call.over).by == "far"
    await expect(operator.get_by_role("button", name="Selesai")).to_be_enabled()
    await operator.keyboard.press("Alt+w")
    await expect(operator.get_by_text("Menunggu panggilan")).to_be_visible()


async def driven_by_thumb(room: Stage, window: Browser, job: dict[str, Any]) -> None:
    """The crew's telephone: accept, depart, arrive, done with the result."""
    dispatcher = await room.sign_in("dispatcher1")
    unit = next(unit for unit in await dispatcher.rows("unit") if unit["id"] == job["unit_id"])

    async def state() -> str:
        (now,) = [one for one in await dispatcher.rows("assignment") if one["id"] == job["id"]]
        return now["state"]

    phone = await window.sit(f"crew-{unit['code'].lower()}", PHONE, has_touch=True, is_mobile=True)
    for press, expected in (
        ("Terima Tugas", "acknowledged"), ("Berangkat", "departed"), ("Tiba di Lokasi", "arrived"),
    ):  # fmt: skip
        # A thumb rests between two steps: what comes sooner counts as a double tap.
        await phone.wait_for_timeout(600)
        await phone.get_by_role("button", name=press).tap()
        await until(async_equals(state, expected), 10, f"{unit['code']} is {expected}")
    await phone.wait_for_timeout(600)
    await phone.get_by_role("button", name="Selesai").tap()
    await phone.get_by_role("radio", name="Kebakaran dipadamkan").tap()
    await phone.get_by_role("button", name="Selesai").tap()
    await until(async_equals(state, "done"), 10, f"{unit['code']} is done")


async def told_by_keyboard(room: Stage, window: Browser) -> None:
    """PLN's console: accept, and report that it is done."""
    officer = await room.sign_in("opd-pln")

    async def state() -> str:
        (now,) = [one for one in await officer.rows("assignment") if one["agency"] == "PLN"]
        return now["state"]

    console = await window.sit("opd-pln")
    await expect(console.get_by_role("button", name="Terima Tugas")).to_be_enabled()
    await console.keyboard.press("Control+Enter")
    await until(async_equals(state, "acknowledged"), 10, "PLN has accepted")
    await expect(console.get_by_role("button", name="Catat selesai")).to_be_enabled()
    await console.keyboard.press("Alt+a")
    await console.keyboard.type("bahaya diamankan")
    await console.keyboard.press("Enter")
    await until(async_equals(state, "done"), 10, "PLN is done")


async def closed_by_keyboard(room: Stage, desk: Page, others: list[dict[str, Any]]) -> None:
    """The other agencies report over HTTP; then Ctrl Enter, and the results that are still missing, one after the other."""
    for job in others:
        await report_for(room, job)
    await expect(desk.get_by_role("button", name="Tutup kejadian")).to_be_enabled()
    await desk.keyboard.press("Control+Enter")
    await expect(desk.get_by_text("Semua hasil ada.")).to_be_visible()
    await desk.keyboard.press("Control+Enter")
    await expect(desk.get_by_text("Kejadian 0001 ditutup.")).to_be_visible()


async def report_for(room: Stage, job: dict[str, Any]) -> None:
    """A job that no page of this scene plays, to its end under its own account."""
    dispatcher = await room.sign_in("dispatcher1")
    units = {unit["id"]: unit for unit in await dispatcher.rows("unit")}
    path = f"/api/assignments/{job['id']}"
    if job["unit_id"]:
        crew = await room.sign_in(f"crew-{units[job['unit_id']]['code'].lower()}")
        for verb in ("acknowledge", "depart", "arrive"):
            await crew.post(f"{path}/{verb}")
        await crew.post(f"{path}/finish", {"result": "handled_on_scene"})
    else:
        officer = await room.sign_in(f"opd-{job['agency'].lower().replace('_', '-')}")
        await officer.post(f"{path}/acknowledge")
        await officer.post(f"{path}/finish", {"result": "information_given"})


async def days_of(room: Stage, incident: dict[str, Any], job: dict[str, Any]) -> Days:
    """Which day's report counts each: one and the same, unless midnight passed meanwhile."""
    (call,) = await (await room.sign_in("penyelia1")).rows("call")
    return Days(*(local_day(at) for at in (call["offered_at"], incident["opened_at"], job["sent_at"])))


async def in_the_report(room: Stage, incident: dict[str, Any], days: Days) -> dict[str, Any]:
    """The day's report counts the call and the incident, and its sums come out; the last one made."""
    supervisor = await room.sign_in("penyelia1")
    report = await reported(supervisor, days.call)
    assert report["reconciles"] is True
    assert report["calls"] == {"offered": 1, "answered": 1, "lost": 0, "waiting": 0}
    assert report["dispositions"] == {"normal": 1}
    report = await reported(supervisor, days.incident)
    assert report["reconciles"] is True
    assert (report["incidents"]["by_category"]["FIR"], report["incidents"]["by_state"]) == (1, {"closed": 1})
    assert report["incidents"]["by_kecamatan"] == {incident["kecamatan_code"]: 1}
    report = await reported(supervisor, days.jobs)
    assert report["reconciles"] is True
    by_agency = {line["agency"]: line for line in report["agencies"]}
    assert all((by_agency[agency]["acknowledged"], by_agency[agency]["done"]) == (1, 1) for agency in SEEN)
    return report


async def on_the_report_page(window: Browser, days: Days) -> None:
    """Laporan shows the same numbers; it opens on today, `[` goes a day back."""
    page = await window.sit("penyelia1")
    async with page.expect_response(lambda answer: "/api/reports/daily" in answer.url) as first:
        await page.evaluate("location.assign('/laporan')")
    await expect(page.get_by_role("heading", name="Laporan Harian Darurat 112")).to_be_visible()
    shown = date.fromisoformat(parse_qs(urlsplit((await first.value).url).query)["date"][0])
    rows = [
        (days.incident, "FIR01 Kebakaran rumah/bangunan 1"), (days.incident, "36.03.03 Tigaraksa 1"),
        (days.call, "Ditawarkan 1"), (days.call, "Terjawab 1"),
    ]  # fmt: skip
    for day, name in rows:
        for _ in range((shown - day).days):
            await page.keyboard.press("[")
        shown = day
        await expect(page.get_by_role("row", name=name)).to_be_visible()


async def in_the_journal(room: Stage, file: Path, incident: dict[str, Any], head: dict[str, Any]) -> None:
    """The export verifies against the head printed on the report, and tells the whole story."""
    await room.sigap("journal", "export", str(file))
    verified = json.loads(
        (await room.sigap("journal", "verify", str(file), "--head", head["hash"], "--json")).out
    )
    assert verified["ok"] is True
    assert verified["head_seq"] == head["seq"]
    entries = [json.loads(line)["entry"] for line in file.read_text().splitlines()[1:]]
    kinds = [entry["kind"] for entry in entries if entry["subject"] == incident["id"]]
    assert kinds[0] == "incident.opened"
    assert kinds[-1] == "incident.closed"
    told = ("assignment.sent", "assignment.acknowledged", "assignment.departed", "assignment.arrived")
    assert set(told) < set(kinds)
    assert NUMBER not in file.read_text()


async def on_the_recording(room: Stage) -> None:
    """One file with the caller on one side and the operator on the other."""
    supervisor = await room.sign_in("penyelia1")
    (call,) = await supervisor.rows("call")
    assert call["recording_state"] == "stored"
    (file,) = (room.home / "recordings").rglob("*.wav")
    assert file.stem == call["id"]
    with wave.open(str(file)) as recording:
        assert (recording.getnchannels(), recording.getsampwidth(), recording.getframerate()) == (2, 2, 8000)
        assert recording.getnframes() / 8000 == pytest.approx(call["recording_s"], abs=0.1)
        both = np.frombuffer(recording.readframes(recording.getnframes()), np.int16)
    caller, seat = both[0::2], both[1::2]
    loudest = max(range(0, len(caller) - 8000, 4000), key=lambda at: rms(caller[at : at + 8000]))
    assert abs(pitch(caller[loudest : loudest + 8000]) - CALLER_HERTZ) < 5
    assert max(rms(seat[at : at + 800]) for at in range(0, len(seat), 800)) > 300


def async_equals(read: Callable[[], Awaitable[str]], expected: str) -> Callable[[], Awaitable[bool]]:
    """For `until`: whether what is read is this now."""

    async def equal() -> bool:
        return await read() == expected

    return equal
