"""kill -9 of each part in the middle of a call: what was acknowledged is neither missing nor doubled, and sound comes back.

Acknowledged is a 2xx that was received, or `Tersambung` on the desk.
"""

import asyncio
import contextlib
import json
import resource
import sys
import wave
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from playwright.async_api import Page, expect

from sigap.kernel.ids import new_id
from sigap.voice.sip.softphone import PhoneCall, Softphone, softphone
from tests.app.test_leash import alive
from tests.scenes import chairs
from tests.scenes.chairs import browser
from tests.scenes.life import PLACE
from tests.scenes.stage import Person, Seconds, Stage, stage, start, until
from tests.voice import sipp_runner
from tests.voice.ears import rms
from tests.voice.test_seats_browser import longest_gap

pytestmark = [pytest.mark.scene, pytest.mark.browser, pytest.mark.sip]

HERTZ = 440
PARTS = ("database", "api", "worker", "voice")
TRUNK_BACK_S, SEAT_BACK_S, DATABASE_BACK_S = 2.0, 5.0, 5.0
"""What the room promises on a machine of its own."""
SETTINGS = '"assignment.ack_alert_s.p1" = 4.0\n'


@dataclass
class Scene:
    """One room, one operator at a seat, one telephone."""

    room: Stage
    operator: Page
    phone: Softphone
    supervisor: Person

    async def call_row(self, number: str) -> dict[str, Any] | None:
        """The only call of this number, as the room has it."""
        rows = [row for row in await self.supervisor.rows("call") if row["caller_number"] == number]
        assert len(rows) < 2, f"the call came twice: {rows}"
        return rows[0] if rows else None

    async def ended_whole(self, number: str) -> dict[str, Any]:
        """The call of this number once all of it has arrived: answered, ended, recorded."""

        async def whole() -> dict[str, Any] | None:
            row = await self.call_row(number)
            return row if row and row["ended_at"] and row["recording_state"] == "stored" else None

        row = await until(whole, 20, f"the call of {number} is whole")
        assert row["answered_at"] is not None
        return row

    @asynccontextmanager
    async def talking(self, number: str) -> AsyncIterator[PhoneCall]:
        """A call that is answered and heard both ways; hung up by the caller at the end, and the desk free again."""
        await expect(self.operator.get_by_text("Menunggu panggilan")).to_be_visible(timeout=15_000)
        call = await self.room.dial(self.phone, number)
        await chairs.rings(self.operator)
        await chairs.answer(self.operator)
        await call.wait(call.answered)
        await chairs.hears_each_other(self.operator, call, HERTZ)
        yield call
        await chairs.hears_each_other(self.operator, call, HERTZ)
        await call.hang_up()
        await expect(self.operator.get_by_text("ditutup penelepon")).to_be_visible()
        await self.operator.keyboard.press("F9")
        await expect(self.operator.get_by_text("Menunggu panggilan")).to_be_visible()


@pytest.fixture(scope="module")
async def scene() -> AsyncIterator[Scene]:
    async with stage(settings=SETTINGS) as room, browser(room) as window, softphone() as phone:
        operator = await window.sit("operator1")
        await chairs.ready_at_seat(operator)
        yield Scene(room, operator, phone, await room.sign_in("penyelia1"))


@dataclass
class Writer:
    """Somebody who opens incidents all the time and repeats, under the same key, what was not acknowledged."""

    person: Person
    acknowledged: dict[str, str] = field(default_factory=dict)
    stopping: bool = False

    @classmethod
    @asynccontextmanager
    async def at_work(cls, room: Stage) -> AsyncIterator["Writer"]:
        """Writes until the end of the block; then everything acknowledged must be there, once."""
        writer = cls(await room.sign_in("operator2"))
        task = asyncio.create_task(writer._write())
        try:
            await until(lambda: len(writer.acknowledged) >= 3, 10, "three incidents are acknowledged")
            yield writer
            enough = len(writer.acknowledged) + 3
            await until(lambda: len(writer.acknowledged) >= enough, 20, "three more are acknowledged")
        finally:
            writer.stopping = True
            await asyncio.wait_for(task, 20)
        await writer._check(room)

    async def _write(self) -> None:
        while not self.stopping:
            await self._open(str(new_id()))
            await asyncio.sleep(0.2)

    async def _open(self, key: str) -> None:
        body = {"type": "OTH01", "place": PLACE, "narrative": key, "intake_channel": "radio"}
        while True:
            with contextlib.suppress(httpx.HTTPError):
                answer = await self.person.send("/api/incidents", body, key=key)
                if answer.is_success:
                    self.acknowledged[key] = answer.json()["id"]
                    return
                assert answer.status_code >= 500, answer.text
            await asyncio.sleep(0.1)

    async def _check(self, room: Stage) -> None:
        rows = await (await room.sign_in("dispatcher1")).rows("incident")
        found = Counter(row["narrative"] for row in rows)
        assert {key: found[key] for key in self.acknowledged} == dict.fromkeys(self.acknowledged, 1)
        assert set(self.acknowledged.values()) <= {row["id"] for row in rows}


async def test_the_api_dies(scene: Scene, tmp_path: Path) -> None:
    room, operator = scene.room, scene.operator
    async with Writer.at_work(room):
        caller = asyncio.create_task(sipp_runner.run("location", room.sip, tmp_path, talk_s=6))
        await chairs.rings(operator)
        await chairs.answer(operator)
        room.kill("api")
        await until(
            lambda: chairs.hears_tone(operator, HERTZ), 5, "the operator hears the caller without the api"
        )
        await operator.keyboard.press("F9")
        outcome = await caller
        assert (outcome.code, outcome.successful) == (0, 1), outcome.log
        await until(room.well, 30, "the room is well")
    row = await scene.ended_whole("+6281299988877")

    async def classified() -> bool:
        return (await scene.call_row("+6281299988877") or {}).get("disposition") == "test"

    await until(classified, 15, "the outcome key that was pressed without the api has arrived")
    assert row["evidence"]


async def test_the_worker_dies(scene: Scene) -> None:
    room = scene.room
    desk = await room.sign_in("dispatcher1")
    body = {"type": "FIR01", "place": PLACE, "narrative": "Tanpa jawaban", "intake_channel": "radio"}
    incident = await desk.post("/api/incidents", body)
    unit = next(unit for unit in await desk.rows("unit") if unit["code"] == "DMK-02")
    order = {"assign": [{"agency": unit["agency"], "unit_id": unit["id"], "role": "lead"}]}
    (job,) = (await desk.post(f"/api/incidents/{incident['id']}/assignments", order))["assignments"]
    await room.killed_and_back("worker")

    async def sounded_again() -> bool:
        (row,) = [row for row in await desk.rows("assignment") if row["id"] == job["id"]]
        return row["escalation"] != "none"

    await until(sounded_again, 20, "the unanswered job sounds again although the worker was killed")
    told = [entry for entry in await room.journal() if entry["facts"].get("assignment_id") == job["id"]]
    assert Counter(entry["kind"] for entry in told)["assignment.realerted"] == 1
    await desk.post(f"/api/assignments/{job['id']}/cancel", {"reason": "no_longer_needed"})


async def test_voice_dies(scene: Scene) -> None:
    room, number = scene.room, "+6281200000202"
    async with scene.talking(number) as call:
        before = await chairs.connections(scene.operator)
        gaps = asyncio.create_task(longest_gap(call.rtp))
        clock = Seconds()
        room.kill("voice")

        async def seat_is_back() -> bool:
            return await chairs.connections(scene.operator) > before and await chairs.hears_tone(
                scene.operator, HERTZ
            )

        await until(seat_is_back, 20, "the operator hears the caller again")
        seat_s = clock.passed
        await expect(scene.operator.get_by_text("Tersambung")).to_be_visible()
        gaps.cancel()
        trunk_s = await gaps
        slow = await slowness()
        told = (
            f"trunk silent for {trunk_s:.2f} s, seat for {seat_s:.2f} s on a machine {slow:.1f} times as slow"
        )
        print(f"voice killed: {told}", file=sys.stderr)
        assert trunk_s < TRUNK_BACK_S * slow, told
        assert seat_s < SEAT_BACK_S * slow, told
    row = await scene.ended_whole(number)
    check_recording(room, row)


async def test_the_database_dies(scene: Scene) -> None:
    room, number = scene.room, "+6281200000303"
    async with Writer.at_work(room), scene.talking(number):
        clock = Seconds()
        room.kill("database")
        await until(database_is("ok", room), 20, "the database is back")
        back_s = clock.passed
        slow = await slowness()
        print(f"database killed: back after {back_s:.2f} s", file=sys.stderr)
        assert back_s < DATABASE_BACK_S * slow
    await scene.ended_whole(number)


async def test_the_seat_says_that_the_database_is_away(scene: Scene) -> None:
    await scene.room.hold("database")
    await expect(scene.operator.get_by_text("Mode darurat").first).to_be_visible(timeout=15_000)
    await scene.room.release("database")
    await expect(scene.operator.get_by_text("Mode darurat")).to_have_count(0, timeout=15_000)


async def test_the_supervisor_dies(scene: Scene) -> None:
    room, number = scene.room, "+6281200000404"
    ports = room.ports
    async with Writer.at_work(room), scene.talking(number):
        pids = [room.condition(part)["pid"] for part in PARTS]
        room.kill("supervisor")
        await room.process.wait()
        await until(lambda: not any(alive(pid) for pid in pids), 10, "its children have ended")
        again = await start(room.home, ports)
        room.process, room.told = again.process, again.told
        await expect(scene.operator.get_by_text("Tersambung")).to_be_visible(timeout=15_000)
    check_recording(room, await scene.ended_whole(number))


async def test_the_books_are_whole(scene: Scene, tmp_path: Path) -> None:
    kinds = Counter(entry["kind"] for entry in await scene.room.journal())
    assert kinds["call.offered"] == kinds["call.ended"] == 4
    file = tmp_path / "journal.jsonl"
    await scene.room.sigap("journal", "export", str(file))
    assert json.loads((await scene.room.sigap("journal", "verify", str(file), "--json")).out)["ok"] is True


async def slowness() -> float:
    """How many times longer than alone things take now, on a machine that others use too; 1 on a quiet one."""
    clock, before = Seconds(), resource.getrusage(resource.RUSAGE_CHILDREN)
    for _ in range(3):
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", "import sigap.voice.main")
        assert await process.wait() == 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return max(1.0, clock.passed / used_s)


def database_is(state: str, room: Stage) -> Any:
    """For `until`: whether health says this of the database."""

    async def look() -> bool:
        return (await room.parts())["database"]["state"] == state

    return look


def check_recording(room: Stage, row: dict[str, Any]) -> None:
    """Readable to its end, with both voices before and after the cut."""
    (file,) = (room.home / "recordings").rglob(f"{row['id']}.wav")
    with wave.open(str(file)) as recording:
        assert recording.getnframes() / 8000 == pytest.approx(row["recording_s"], abs=0.1)
        both = np.frombuffer(recording.readframes(recording.getnframes()), np.int16)
    caller, seat = both[0::2], both[1::2]
    half = len(caller) // 2
    for part in (slice(0, half), slice(half, None)):
        loud = max(rms(caller[part][at : at + 4000]) for at in range(0, half - 4000, 2000))
        assert loud > 1000
        assert max(rms(seat[part][at : at + 800]) for at in range(0, half, 800)) > 300
