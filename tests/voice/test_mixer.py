"""Who hears whom, and what goes into the recording."""

import asyncio
import gc
from typing import override

import numpy as np
import pytest

from sigap.voice import prompts
from sigap.voice.mixer import RECORD_TICKS, SILENCE, Mixer, Room, mixed
from sigap.voice.pbx import FRAME, Frame
from sigap.voice.ticker import CATCH_UP, Ticker
from tests.voice.ears import ToneLeg, level_of, pitch, tone


def of(leg: ToneLeg, *hertz: float) -> list[bool]:
    """Which of these tones a leg hears."""
    return [level_of(leg.sound(1.0), one) > 1000 for one in hertz]


def test_everybody_hears_all_others_and_never_themselves():
    caller, first, second = ToneLeg(400, "trunk"), ToneLeg(700, "meja-1"), ToneLeg(1100, "penyelia")
    room = Room(caller)
    room.legs = {leg.leg_id: leg for leg in (first, second)}
    for _ in range(50):
        room.tick()
    assert of(caller, 400, 700, 1100) == [False, True, True]
    assert of(first, 400, 700, 1100) == [True, False, True]
    assert of(second, 400, 700, 1100) == [True, True, False]


def test_the_recording_has_the_caller_left_and_the_room_right_announcements_too():
    kept: list[bytes] = []
    caller, seat = ToneLeg(400, "trunk"), ToneLeg(700)
    room = Room(caller)
    room.legs = {seat.leg_id: seat}
    room.record = kept.append
    announced = tone(1500)
    room.announce(tuple(announced[at : at + FRAME] for at in range(0, 8000, FRAME)), loop=False)
    for _ in range(55):
        room.tick()
    assert len(kept) == 5
    room.flush_recording()
    sound = np.frombuffer(b"".join(kept), "<i2").reshape(-1, 2)
    assert len(sound) == 55 * FRAME
    left, right = sound[:8000, 0].copy(), sound[:8000, 1].copy()
    assert [level_of(left, hertz) > 1000 for hertz in (400, 700, 1500)] == [True, False, False]
    assert [level_of(right, hertz) > 1000 for hertz in (400, 700, 1500)] == [False, True, True]
    assert not of(seat, 1500)[0]
    assert len(kept[0]) == RECORD_TICKS * FRAME * 4


def test_an_announcement_ends_or_goes_round():
    caller = ToneLeg(400, "trunk")
    room = Room(caller)
    piece = tuple(tone(1500, 0.1)[at : at + FRAME] for at in range(0, 800, FRAME))
    room.announce(piece, loop=False)
    for _ in range(10):
        room.tick()
    assert [bool(frame.any()) for frame in caller.heard] == [True] * 5 + [False] * 5
    caller.heard.clear()
    room.announce(piece, loop=True)
    for _ in range(12):
        room.tick()
    assert all(frame.any() for frame in caller.heard)
    room.announce((), loop=False)
    room.tick()
    assert not caller.heard[-1].any()


def test_loud_voices_are_clipped_not_wrapped():
    loud = np.full(FRAME, 30000, np.int16)
    assert mixed([loud, loud])[0] == 32767
    assert mixed([-loud, -loud])[0] == -32768
    assert mixed([loud]) is loud
    assert mixed([]) is SILENCE


class Broken(ToneLeg):
    """A leg whose browser is in trouble."""

    @override
    def pull(self) -> Frame | None:
        """Fail."""
        raise RuntimeError("gone")

    @override
    def push(self, frame: Frame) -> None:
        """Fail."""
        raise RuntimeError("gone")


class Short(ToneLeg):
    """A leg that gives frames of the wrong size."""

    @override
    def pull(self) -> Frame | None:
        """Too little."""
        return np.zeros(80, np.int16)


def test_a_broken_leg_leaves_the_others_talking():
    caller, seat = ToneLeg(400, "trunk"), ToneLeg(700)
    room = Room(caller)
    room.legs = {leg.leg_id: leg for leg in (Broken(900, "broken"), Short(900, "short"), seat)}
    for _ in range(50):
        room.tick()
    assert of(caller, 700) == [True]
    assert of(seat, 400) == [True]


async def test_the_beat_keeps_time_and_makes_up_for_a_pause():
    beats = 0

    def beat() -> None:
        nonlocal beats
        beats += 1

    ticker = Ticker(beat)
    loop = asyncio.get_running_loop()
    began = loop.time()
    ticker.start()
    await asyncio.sleep(0.5)
    import time

    time.sleep(0.1)  # noqa: ASYNC251  # the pause is the point
    await asyncio.sleep(0.1)
    ticker.stop()
    assert abs(beats - (loop.time() - began) / 0.02) <= 2
    assert ticker.skipped == 0
    assert max(ticker.lateness) > 0.07
    before = beats
    ticker.start()
    time.sleep(1.0)  # noqa: ASYNC251
    await asyncio.sleep(0.01)
    ticker.stop()
    assert beats - before <= CATCH_UP + 2
    assert ticker.skipped > 30


async def test_a_beat_that_fails_is_not_the_last():
    mixer = Mixer()

    class Wall:
        def pull(self) -> Frame | None:
            raise RuntimeError("no sound")

        def push(self, frame: Frame) -> None:
            """Nothing."""

    from uuid import uuid4

    caller = ToneLeg(400, "trunk")
    mixer.rooms[uuid4()] = Room(Wall())
    mixer.rooms[uuid4()] = Room(caller)
    mixer.start()
    await asyncio.sleep(0.2)
    mixer.stop()
    assert len(caller.heard) >= 8
    assert gc.isenabled()


@pytest.mark.parametrize("prompt", list(prompts.Prompt))
def test_prompts_are_short_audible_and_whole_ticks(prompt: prompts.Prompt):
    frames = prompts.frames(prompt)
    assert all(len(frame) == FRAME for frame in frames)
    sound = np.concatenate(frames)
    assert 1000 < np.abs(sound).max() < 32000
    assert len(sound) / 8000 <= (5.0 if prompt == prompts.Prompt.QUEUE else 7.0)


def test_ringback_is_the_tone_people_know():
    sound = np.concatenate(prompts.frames("ringback"))
    assert level_of(sound[:8000], 440) > 2000
    assert level_of(sound[:8000], 480) > 2000
    assert not np.abs(sound[9000:]).max() > 16
    assert pitch(sound[:8000]) in (440, 480)


def test_an_unknown_prompt_is_a_clear_error():
    with pytest.raises(ValueError, match="nothing"):
        prompts.frames("nothing")
