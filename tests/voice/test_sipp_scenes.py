"""Somebody else's SIP against ours: whole calls by SIPp, and what the recording holds of them."""

import asyncio
import wave
from pathlib import Path

import numpy as np
import pytest

from sigap.evidence.model import NumberClass, ParseStatus
from sigap.voice.pbx import (
    CallAnswered,
    CallCancelled,
    CallEnded,
    CallHeld,
    CallOffered,
    EndedBy,
    RecordingStopped,
)
from tests.voice import sipp_runner as sipp
from tests.voice.ears import ToneLeg, level_of, pitch, rms
from tests.voice.exchange import Exchange, exchange, needs_sipp

pytestmark = [pytest.mark.sip, needs_sipp]


async def take_calls(running: Exchange) -> None:
    """A seat that rings and answers every call with a tone of 700 Hz."""
    taken = 0
    while True:
        offered = await running.event(CallOffered, count=taken + 1, timeout=60)
        taken += 1
        await running.pbx.ring(offered.call_id)
        await running.pbx.answer(offered.call_id, ToneLeg(700, f"meja-{taken}"))


def recorded(running: Exchange, stopped: RecordingStopped) -> tuple[np.ndarray, np.ndarray]:
    """Left and right of a recording."""
    with wave.open(str(running.recordings / stopped.file)) as file:
        assert (file.getnchannels(), file.getframerate(), file.getsampwidth()) == (2, 8000, 2)
        sound = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)
    return sound[:, 0], sound[:, 1]


@pytest.mark.parametrize(
    ("scene", "transport"),
    [("call", "u1"), ("call", "t1"), ("urn", "u1"), ("delayed_offer", "u1")],
)
async def test_a_call_is_answered_and_recorded_with_both_voices(tmp_path: Path, scene: str, transport: str):
    async with exchange(tmp_path) as running:
        seat = asyncio.ensure_future(take_calls(running))
        address = running.pbx.sip_address
        outcome = await sipp.run(scene, address, tmp_path / "sipp", "-t", transport, talk_s=1.5)
        assert outcome.code == 0, outcome.log
        stopped = await running.event(RecordingStopped)
        ended = await running.event(CallEnded)
        seat.cancel()
        assert (ended.by, ended.cause) == (EndedBy.CALLER, "caller_released")
        assert sum(isinstance(event, CallOffered) for event in running.seen) == 1
        assert sum(isinstance(event, CallAnswered) for event in running.seen) == 1
        caller, room = recorded(running, stopped)
        assert 1.2 < stopped.seconds < 2.5
        assert stopped.gaps == ()
        middle = slice(len(caller) // 3, -1600)
        assert abs(pitch(caller[middle]) - 440) < 10
        assert rms(caller[middle]) > 1000
        assert abs(pitch(room[middle]) - 700) < 10
        assert level_of(caller[middle], 700) < 100
        assert level_of(room[middle], 440) < 100


async def test_a_caller_who_gives_up_gets_200_and_487_and_is_reported_once(tmp_path: Path):
    async with exchange(tmp_path) as running:
        playing = asyncio.ensure_future(sipp.run("cancel", running.pbx.sip_address, tmp_path / "sipp"))
        offered = await running.offered()
        await running.pbx.ring(offered.call_id)
        outcome = await playing
        assert outcome.code == 0, outcome.log
        await running.event(CallCancelled, offered.call_id)
        assert running.none(CallEnded)
        assert running.pbx.calls() == []


async def test_the_life_sign_is_answered(tmp_path: Path):
    async with exchange(tmp_path) as running:
        for transport in ("u1", "t1"):
            outcome = await sipp.run(
                "options", running.pbx.sip_address, tmp_path / "sipp", "-t", transport, calls=5
            )
            assert (outcome.code, outcome.successful) == (0, 5), outcome.log
        assert running.none(CallOffered)


async def test_place_number_and_call_id_arrive_with_the_call(tmp_path: Path):
    async with exchange(tmp_path) as running:
        seat = asyncio.ensure_future(take_calls(running))
        outcome = await sipp.run("location", running.pbx.sip_address, tmp_path / "sipp", talk_s=0.3)
        seat.cancel()
        assert outcome.code == 0, outcome.log
        offered = await running.offered()
        assert (offered.number, offered.number_class) == ("+6281299988877", NumberClass.USABLE)
        (place,) = offered.evidence
        assert (place.parse_status, place.method, place.shape) == (ParseStatus.OK, "GPS", "Circle")
        assert (place.lon, place.lat, place.uncertainty_m) == (106.6319, -6.1783, 35)
        assert offered.call_info[0]["purpose"] == "emergency-CallId"
        assert offered.call_info[0]["value"].startswith("urn:emergency:uid:callid:")
        assert [part["content_type"] for part in offered.raw["parts"]] == ["application/pidf+xml"]  # type: ignore[index,union-attr]


async def test_a_far_end_that_holds_is_not_sent_sound(tmp_path: Path):
    async with exchange(tmp_path) as running:
        seat = asyncio.ensure_future(take_calls(running))
        playing = asyncio.ensure_future(
            sipp.run("far_hold", running.pbx.sip_address, tmp_path / "sipp", talk_s=0.8)
        )
        held = await running.event(CallHeld)
        assert held.held
        (call,) = running.pbx.calls()
        assert call.held
        rtp = next(iter(running.pbx.standing.values())).rtp
        assert rtp
        before = rtp.sent
        await asyncio.sleep(0.4)
        assert rtp.sent == before
        back = await running.event(CallHeld, count=2)
        assert not back.held
        await asyncio.sleep(0.3)
        assert rtp.sent > before
        outcome = await playing
        seat.cancel()
        assert outcome.code == 0, outcome.log


async def test_the_room_can_let_go(tmp_path: Path):
    async with exchange(tmp_path) as running:
        seat = asyncio.ensure_future(take_calls(running))
        playing = asyncio.ensure_future(
            sipp.run("answered_by_room", running.pbx.sip_address, tmp_path / "sipp")
        )
        answered = await running.event(CallAnswered)
        await running.pbx.hang_up(answered.call_id, "agent_released")
        outcome = await playing
        seat.cancel()
        assert outcome.code == 0, outcome.log
        ended = await running.event(CallEnded)
        assert (ended.by, ended.cause) == (EndedBy.ROOM, "agent_released")


async def test_forty_calls_at_once_are_all_answered_without_a_repetition(tmp_path: Path):
    async with exchange(tmp_path) as running:
        seat = asyncio.ensure_future(take_calls(running))
        outcome = await sipp.run(
            "call", running.pbx.sip_address, tmp_path / "sipp", calls=40, rate=40, talk_s=2
        )
        await running.event(RecordingStopped, count=40)
        seat.cancel()
        assert (outcome.code, outcome.successful, outcome.failed, outcome.retransmissions) == (0, 40, 0, 0), (
            outcome.log
        )
        assert running.pbx.calls() == []
