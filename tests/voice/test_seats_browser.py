"""A seat in a real browser, a real SIP caller, and nothing else alive: no api, no database."""

import asyncio
import contextlib
import time
import wave
from pathlib import Path

import numpy as np
import pytest

from sigap.voice.rtp.session import RtpSession
from sigap.voice.sip.softphone import Softphone
from tests.voice.browser import SeatPage, chromium, pages
from tests.voice.seat_client import Keys
from tests.voice.voice_process import start, voice

pytestmark = pytest.mark.browser

TONE = (np.sin(np.arange(8000) * 2 * np.pi * 440 / 8000) * 8000).astype(np.int16)


def loudness(samples: np.ndarray) -> float:
    return float(np.sqrt(np.mean(samples.astype(float) ** 2))) if len(samples) else 0.0


async def test_it_rings_is_answered_heard_both_ways_and_recorded(tmp_path: Path):
    keys = Keys(tmp_path / "keys")
    phone = Softphone()
    await phone.start()
    async with voice(tmp_path) as running, chromium() as browser:
        with pages(Path(__file__).parent) as address:
            page = await browser.new_page()
            await page.goto(f"{address}/seat_page.html")
            seat = SeatPage(page)
            await seat.sit(running.seat_port, keys.token("sari"), "meja-1")

            dialled = time.time()
            call = await phone.call(*running.sip, number="+6281200000001")
            ring = await seat.until("ring")
            assert ring["now"] / 1000 - dialled < 0.3
            assert ring["call"]["number"] == "+6281200000001"
            await call.wait(call.ringing)
            call.play(TONE, loop=True)
            await seat.say("answer_call", call_id=ring["call"]["call_id"])
            await seat.until("answered")
            await call.wait(call.answered)
            assert await seat.loudness(1.5) > 0.05
            await asyncio.sleep(1.5)
            beeps = max(loudness(call.sound(3)[at : at + 800]) for at in range(0, 24000 - 800, 800))
            assert beeps > 300
            await seat.say("hang_up", call_id=ring["call"]["call_id"])
            ended = await seat.until("ended")
            assert (ended["cause"], ended["by"]) == ("agent_released", "agent")
            assert (await asyncio.wait_for(call.over, 3)).by == "far"
            stored = await seat.until("recording", "message.state === 'stored'")
            assert stored["seconds"] > 2

            second = await phone.call(*running.sip, number="+6281200000002")
            await seat.say("wrap_up_done")
            again = await seat.until("ring", "message.call.number.endsWith('2')")
            await seat.say("answer_call", call_id=again["call"]["call_id"])
            await second.wait(second.answered)
            second.play(TONE, loop=True)
            assert await seat.loudness(1.0) > 0.05
            await second.hang_up()
            assert (await seat.until("ended", "message.by === 'caller'"))["cause"] == "caller_released"
        facts = running.spooled()
    await phone.stop()
    first = [fact for fact in facts if fact.get("call_id") == ring["call"]["call_id"]]
    file = next(fact["file"] for fact in first if fact["kind"] == "recording_stopped")
    with wave.open(str(tmp_path / "recordings" / file)) as recording:
        assert recording.getnchannels() == 2
        frames = recording.readframes(recording.getnframes())
    sound = np.frombuffer(frames, np.uint8 if recording.getsampwidth() == 1 else np.int16)
    assert len(set(sound[0::2].tolist())) > 20
    assert len(set(sound[1::2].tolist())) > 20


async def test_a_reload_and_a_crash_of_voice_keep_the_caller(tmp_path: Path):
    keys = Keys(tmp_path / "keys")
    phone = Softphone()
    await phone.start()
    running = await start(tmp_path)
    try:
        async with chromium() as browser:
            with pages(Path(__file__).parent) as address:
                page = await browser.new_page()
                await page.goto(f"{address}/seat_page.html")
                seat = SeatPage(page)
                token = keys.token("sari")
                await seat.sit(running.seat_port, token, "meja-1")
                call = await phone.call(*running.sip, number="+6281200000001")
                ring = await seat.until("ring")
                await seat.say("answer_call", call_id=ring["call"]["call_id"])
                await call.wait(call.answered)
                call.play(TONE, loop=True)
                assert await seat.loudness(1.0) > 0.05

                await page.reload()
                await page.evaluate(
                    "([url, token, name]) => seat.start(url, token, name)",
                    [f"ws://127.0.0.1:{running.seat_port}/seat", token, "meja-1"],
                )
                assert (await seat.until("answered"))["resumed"] is True
                assert await seat.loudness(1.0) > 0.05

                mark = await seat.count()
                gaps = asyncio.create_task(longest_gap(call.rtp))
                await running.kill()
                killed = time.time()
                running = await start(tmp_path, sip_port=running.sip[1], seat_port=running.seat_port)
                back = await seat.until("answered", within_s=6, after=mark)
                assert back["resumed"] is True
                assert back["now"] / 1000 - killed < 5
                assert await seat.loudness(1.0) > 0.05
                gaps.cancel()
                assert await gaps < 2.0, "the caller's line was dead for too long"
                await call.hang_up()
                await seat.until("ended", after=mark)
                health = await running.health()
                assert health["calls"] == {"waiting": 0, "ringing": 0, "talking": 0, "held": 0}
    finally:
        await running.stop()
        await phone.stop()
    kinds = [fact["kind"] for fact in running.spooled()]
    assert kinds.count("call_offered") == 1
    assert kinds.count("call_ended") == 1
    assert kinds.count("call_seat_lost") >= 1
    assert list((tmp_path / "recordings").rglob("*.wav"))


async def longest_gap(rtp: RtpSession) -> float:
    """Watch until cancelled: the most seconds between two packets to the caller."""
    longest = 0.0
    with contextlib.suppress(asyncio.CancelledError):
        while True:
            longest = max(longest, time.monotonic() - (rtp.heard_at or time.monotonic()))
            await asyncio.sleep(0.01)
    return longest
