"""kill -9 of the exchange in the middle of a call: the caller stays on the line, the recording says what is missing."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
import wave
from pathlib import Path

import numpy as np
import pytest

from sigap.voice.pbx import CallEnded
from sigap.voice.sip.softphone import PhoneCall, softphone
from tests.voice import sipp_runner as sipp
from tests.voice.ears import ToneLeg, level_of, tone
from tests.voice.exchange import Wire, exchange, invite, needs_sipp

ROOT = Path(__file__).parents[2]


class Process:
    """The exchange's process and its lines."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    @classmethod
    async def start(cls, folder: Path, port: int) -> "Process":
        """Start it; the port is 0 the first time."""
        script = ROOT / "tests" / "voice" / "exchange_process.py"
        environment = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}"}
        return cls(
            await asyncio.create_subprocess_exec(
                *(sys.executable, str(script), str(folder), str(port)),
                stdout=subprocess.PIPE,
                env=environment,
            )
        )

    async def line(self, event: str, timeout: float = 10.0) -> dict[str, object]:
        """The next line about this event."""
        assert self.process.stdout
        async with asyncio.timeout(timeout):
            while True:
                told = json.loads(await self.process.stdout.readline())
                if told["event"] == event:
                    return told

    async def kill(self) -> None:
        """kill -9."""
        self.process.send_signal(signal.SIGKILL)
        await self.process.wait()


async def hears_tone(call: PhoneCall, timeout: float = 5.0) -> float:
    """Seconds until the seat's 700 Hz are heard in the last 0.2 s."""
    start = time.monotonic()
    async with asyncio.timeout(timeout):
        while len(call.heard) < 10 or level_of(call.sound(0.2), 700) < 2000:
            await asyncio.sleep(0.02)
    return time.monotonic() - start


@pytest.mark.clocked
@pytest.mark.parametrize("transport", ["UDP", "TCP"])
async def test_a_killed_exchange_takes_its_call_up_again(tmp_path: Path, transport: str):
    running = await Process.start(tmp_path, 0)
    try:
        port = int(str((await running.line("started"))["port"]))
        async with softphone() as phone:
            call = await phone.call("127.0.0.1", port, number="+6281234567", transport=transport)
            await call.wait(call.answered)
            call.play(tone(440), loop=True)
            answered = await running.line("CallAnswered")
            await hears_tone(call)
            await asyncio.sleep(0.6)
            far, ssrc = call.rtp._far, call.rtp._far_ssrc
            await running.kill()
            killed_at = time.monotonic()
            call.heard.clear()
            running = await Process.start(tmp_path, port)
            started = await running.line("started")
            assert started["restored"] == [answered["call_id"]]
            call.heard.clear()
            await hears_tone(call)
            assert time.monotonic() - killed_at < 2.0
            assert (call.rtp._far, call.rtp._far_ssrc) == (far, ssrc)
            await asyncio.sleep(0.6)
            await call.hang_up()
            ended = await running.line("CallEnded")
            assert ended["call_id"] == answered["call_id"]
            await running.line("RecordingStopped")
        (recording,) = (tmp_path / "recordings").rglob("*.wav")
        told = json.loads(recording.with_suffix(".json").read_text())
        (gap,) = told["gaps"]
        assert (told["state"], gap["reason"]) == ("stored", "process_restarted")
        assert 0.1 < gap["seconds"] < 2.5
        with wave.open(str(recording)) as file:
            sound = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)
        starts = int(gap["at_s"] * 8000)
        ends = starts + int(gap["seconds"] * 8000)
        assert not sound[starts + 80 : ends - 80].any()
        assert level_of(sound[starts - 2400 : starts, 0].copy(), 440) > 3000
        assert level_of(sound[-2400:, 0].copy(), 440) > 3000
        assert level_of(sound[-2400:, 1].copy(), 700) > 3000
        assert list((tmp_path / "calls").glob("*.json")) == []
    finally:
        if running.process.returncode is None:
            await running.kill()


@pytest.mark.sip
@needs_sipp
async def test_sipp_does_not_notice_that_the_exchange_was_killed(tmp_path: Path):
    running = await Process.start(tmp_path, 0)
    try:
        port = int(str((await running.line("started"))["port"]))
        playing = asyncio.ensure_future(
            sipp.run("call", ("127.0.0.1", port), tmp_path / "sipp", calls=5, rate=50, talk_s=4.0)
        )
        for _ in range(5):
            await running.line("CallAnswered")
        await asyncio.sleep(0.5)
        await running.kill()
        running = await Process.start(tmp_path, port)
        restored = (await running.line("started"))["restored"]
        assert isinstance(restored, list)
        assert len(restored) == 5
        outcome = await playing
        assert (outcome.code, outcome.successful, outcome.failed) == (0, 5, 0), outcome.log
        for _ in range(5):
            await running.line("RecordingStopped")
        for recording in (tmp_path / "recordings").rglob("*.wav"):
            told = json.loads(recording.with_suffix(".json").read_text())
            assert [gap["reason"] for gap in told["gaps"]] == ["process_restarted"]
            with wave.open(str(recording)) as file:
                sound = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)
            assert level_of(sound[-4000:, 0].copy(), 440) > 2000
    finally:
        if running.process.returncode is None:
            await running.kill()


async def test_a_recording_whose_process_died_is_completed_at_the_next_start(tmp_path: Path):
    running = await Process.start(tmp_path, 0)
    try:
        port = int(str((await running.line("started"))["port"]))
        async with softphone() as phone:
            call = await phone.call("127.0.0.1", port)
            await call.wait(call.answered)
            call.play(tone(440), loop=True)
            await asyncio.sleep(1.0)
            await running.kill()
            (recording,) = (tmp_path / "recordings").rglob("*.wav")
            with wave.open(str(recording)) as file:
                assert file.getnframes() > 4000
            for saved in (tmp_path / "calls").glob("*.json"):
                saved.unlink()
            with recording.open("ab") as file:
                file.write(b"\1\2\3")
            running = await Process.start(tmp_path, port)
            await running.line("RecordingStopped")
            told = json.loads(recording.with_suffix(".json").read_text())
            assert (told["state"], told["gaps"][0]["reason"]) == ("stored", "process_ended")
            with wave.open(str(recording)) as file:
                assert file.getnframes() * 4 + 44 == recording.stat().st_size
            call.finish("far", None)
    finally:
        if running.process.returncode is None:
            await running.kill()


@pytest.mark.parametrize("early", [False, True], ids=["ringing", "hearing the announcement"])
async def test_a_caller_who_waits_while_the_exchange_dies_rings_on(tmp_path: Path, early: bool):
    async with softphone() as phone:
        async with exchange(tmp_path) as first:
            call = await phone.call(*first.pbx.sip_address, number="+6281234567")
            offered = await first.offered()
            await first.pbx.ring(offered.call_id)
            await call.wait(call.ringing)
            if early:
                await first.pbx.announce(offered.call_id, "ringback", loop=True)
                await call.wait(call.early)
            port = first.pbx.sip_address[1]
        async with exchange(tmp_path, sip_port=port) as second:
            again = await second.offered()
            assert again.number == "+6281234567"
            assert again.call_id != offered.call_id
            seat = ToneLeg(700)
            await second.pbx.answer(again.call_id, seat)
            await call.wait(call.answered)
            call.play(tone(440), loop=True)
            await hears_tone(call)
            await asyncio.sleep(0.3)
            assert level_of(seat.sound(0.2), 440) > 2000
            await call.hang_up()
            await second.event(CallEnded, again.call_id)
    assert list((tmp_path / "calls").glob("*.json")) == []


async def test_a_caller_who_waited_yesterday_does_not_ring_today(tmp_path: Path):
    async with exchange(tmp_path) as first:
        with Wire(first.pbx.sip_address) as wire:
            wire.send(invite(wire.port))
            await first.offered()
    (saved,) = (tmp_path / "calls").glob("*.json")
    os.utime(saved, (time.time() - 60, time.time() - 60))
    async with exchange(tmp_path) as second:
        assert second.pbx.calls() == []
        assert list((tmp_path / "calls").glob("*.json")) == []


async def test_a_second_exchange_on_the_same_folder_refuses_and_harms_nothing(tmp_path: Path):
    async with exchange(tmp_path) as running, softphone() as phone:
        call = await phone.call(*running.pbx.sip_address)
        offered = await running.offered()
        await running.pbx.answer(offered.call_id, None)
        await call.wait(call.answered)
        async with asyncio.timeout(5):  # the recorder writes in a thread of its own
            while not list((tmp_path / "recordings").rglob("*.json")):
                await asyncio.sleep(0.01)
        with pytest.raises(OSError, match="another exchange"):
            async with exchange(tmp_path):
                pass
        (recording,) = (tmp_path / "recordings").rglob("*.json")
        assert json.loads(recording.read_text())["state"] == "recording"
        assert len(list((tmp_path / "calls").glob("*.json"))) == 1
        await call.hang_up()
        await running.event(CallEnded)
