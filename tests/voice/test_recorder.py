"""Recordings: readable at every moment, true about what is missing, and never in the way of a call."""

import asyncio
import hashlib
import json
import subprocess
import time
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest

from sigap.voice import recorder as recording_module
from sigap.voice import wav
from sigap.voice.pbx import (
    CallAnswered,
    CallEnded,
    PbxAlarm,
    RecordingFailed,
    RecordingStarted,
    RecordingStopped,
)
from sigap.voice.recorder import Recorder, Recording, Stopped
from sigap.voice.sip.softphone import softphone
from tests.voice.ears import ToneLeg, level_of, tone
from tests.voice.exchange import exchange

NOW = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
SECOND = np.repeat(tone(440)[:, None], 2, axis=1).astype("<i2").tobytes()


class Reports:
    """What the recorder said, from its thread."""

    def __init__(self) -> None:
        self.said: list[Stopped | str] = []

    def __call__(self, recording: Recording, what: Stopped | str) -> None:
        """Keep it."""
        self.said.append(what)

    def stopped(self, within_s: float = 5.0) -> Stopped:
        """The end of the recording, when it is told."""
        until(lambda: any(isinstance(one, Stopped) for one in self.said), within_s)
        return next(one for one in self.said if isinstance(one, Stopped))


def until(true: Callable[[], object], within_s: float = 5.0) -> None:
    """Wait for the recorder's thread."""
    end = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


@contextmanager
def recorder(folder: Path) -> Iterator[tuple[Recorder, Reports]]:
    """A running recorder."""
    reports = Reports()
    one = Recorder(folder, reports)
    one.start()
    yield one, reports
    one.stop()


def frames(path: Path) -> int:
    """Moments in the file, by its own header."""
    with wave.open(str(path)) as file:
        return file.getnframes()


def test_the_file_is_readable_while_it_is_written_and_ends_with_its_digest(tmp_path: Path):
    with recorder(tmp_path) as (one, reports):
        call_id = uuid4()
        recording = one.begin(call_id, NOW)
        assert recording.file == f"2026/11/25/{call_id}.wav"
        path = tmp_path / recording.file
        for second in range(1, 4):
            one.write(recording, SECOND)
            until(lambda second=second: path.exists() and frames(path) == 8000 * second)
            assert json.loads(path.with_suffix(".json").read_text())["state"] == "recording"
        one.end(recording)
        stopped = reports.stopped()
        assert (stopped.seconds, stopped.gaps) == (3.0, ())
        assert stopped.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
        told = json.loads(path.with_suffix(".json").read_text())
        assert (told["state"], told["sha256"], told["seconds"]) == ("stored", stopped.sha256, 3.0)


def test_a_resumed_recording_has_silence_and_a_marker_for_the_time_between(tmp_path: Path):
    call_id = uuid4()
    with recorder(tmp_path) as (one, _):
        recording = one.begin(call_id, NOW)
        one.write(recording, SECOND)
    path = tmp_path / recording.file
    path.write_bytes(path.read_bytes()[:-4002])
    with recorder(tmp_path) as (one, reports):
        again = one.resume(call_id, recording.file, NOW, NOW + timedelta(seconds=3))
        one.write(again, SECOND)
        one.end(again)
        stopped = reports.stopped()
    (gap,) = stopped.gaps
    assert (gap["reason"], gap["at_s"]) == ("process_restarted", pytest.approx(0.87, abs=0.01))
    assert stopped.seconds == pytest.approx(4.0, abs=0.01)
    with wave.open(str(path)) as file:
        sound = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)
    assert not sound[7100:23900].any()
    assert level_of(sound[-8000:, 0].copy(), 440) > 5000


def test_a_folder_that_refuses_is_reported_once_and_used_as_soon_as_it_is_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(recording_module, "RETRY_S", 0.05)
    (tmp_path / "2026").write_text("in the way")
    with recorder(tmp_path) as (one, reports):
        recording = one.begin(uuid4(), NOW)
        for _ in range(3):
            one.write(recording, SECOND)
        until(lambda: recording.lost_bytes == 3 * len(SECOND))
        assert [isinstance(said, str) for said in reports.said] == [True]
        (tmp_path / "2026").unlink()
        time.sleep(0.06)
        one.write(recording, SECOND)
        one.end(recording)
        stopped = reports.stopped()
    assert stopped.gaps == ({"at_s": 0.0, "seconds": 3.0, "reason": reports.said[0]},)
    assert stopped.seconds == 1.0
    assert frames(tmp_path / recording.file) == 8000


def test_a_disk_that_is_nearly_full_stops_recording_before_it_stops_the_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(recording_module.settings._overrides, recording_module.MIN_FREE.name, 1.0)
    with recorder(tmp_path) as (one, reports):
        recording = one.begin(uuid4(), NOW)
        one.write(recording, SECOND)
        one.end(recording)
        stopped = reports.stopped()
    assert reports.said[0] == "disk nearly full"
    assert stopped.gaps[0]["seconds"] == 1.0


def test_a_short_write_is_taken_back_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    descriptor, size = wav.open_for_append(tmp_path / "x.wav")
    size = wav.append(descriptor, size, SECOND)
    monkeypatch.setattr(wav.os, "pwrite", lambda *_: 7)
    with pytest.raises(OSError):
        wav.append(descriptor, size, SECOND)
    assert frames(tmp_path / "x.wav") == 8000
    assert (tmp_path / "x.wav").stat().st_size == wav.HEADER + len(SECOND)


async def test_seconds_in_which_the_exchange_stood_still_are_named(tmp_path: Path):
    async with exchange(tmp_path) as running, softphone() as phone:
        call = await phone.call(*running.pbx.sip_address)
        offered = await running.offered()
        await running.pbx.answer(offered.call_id, ToneLeg(700))
        await call.wait(call.answered)
        await asyncio.sleep(0.3)
        time.sleep(1.0)  # noqa: ASYNC251  # the stand-still
        await asyncio.sleep(0.3)
        await call.hang_up()
        stopped = await running.event(RecordingStopped)
    (gap,) = stopped.gaps
    assert gap["reason"] == "exchange_late"
    assert 0.6 < float(str(gap["seconds"])) < 1.0
    assert stopped.seconds == pytest.approx(1.6, abs=0.2)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 600 KiB."""
    folder = tmp_path / "small"
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", str(folder)], capture_output=True
    )
    if made.returncode:
        pytest.skip("mounting a small tmpfs is not allowed here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


async def test_on_a_full_disk_the_call_goes_on_and_what_is_missing_is_named(small_disk: Path):
    async with exchange(small_disk) as running, softphone() as phone:
        call = await phone.call(*running.pbx.sip_address)
        offered = await running.offered()
        seat = ToneLeg(700)
        (small_disk / "filler").write_bytes(bytes(520_000))
        await running.pbx.answer(offered.call_id, seat)
        await call.wait(call.answered)
        call.play(tone(440), loop=True)
        await running.event(RecordingStarted)
        failed = await running.event(RecordingFailed, timeout=10)
        assert failed.call_id == offered.call_id
        await running.event(PbxAlarm)
        seat.heard.clear()
        await _later(lambda: len(seat.heard) > 25)
        assert level_of(seat.sound(0.4), 440) > 2000
        assert level_of(call.sound(0.4), 700) > 2000
        second = await phone.call(*running.pbx.sip_address)
        also = await running.offered(2)
        await running.pbx.answer(also.call_id, None)
        await second.wait(second.answered)
        await running.event(CallAnswered, also.call_id)
        await call.hang_up()
        await running.event(CallEnded, offered.call_id)
        stopped = await running.event(RecordingStopped, offered.call_id)
        assert stopped.gaps
        assert sum(float(str(gap["seconds"])) for gap in stopped.gaps) > 0.2


async def _later(true: Callable[[], object], within_s: float = 5.0) -> None:
    async with asyncio.timeout(within_s):
        while not true():
            await asyncio.sleep(0.02)
