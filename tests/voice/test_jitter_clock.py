"""A sender whose clock stood still for a while is heard again, whatever it lost."""

import numpy as np
import pytest

from sigap.voice.rtp.jitter import JitterBuffer


@pytest.mark.parametrize("pause_ticks", [1, 5, 12, 20, 40, 49, 51, 200])
def test_a_clock_that_stood_still_costs_a_moment_not_the_call(pause_ticks: int):
    buffer = JitterBuffer(silence=0)
    timestamp, heard = 1000, 0
    for _ in range(50):
        buffer.put(timestamp, b"\x01" * 160)
        timestamp += 160
        buffer.take(160)
    for _ in range(pause_ticks):
        buffer.take(160)  # nothing comes, and the sender's timestamps stay where they were
    for _ in range(50):
        buffer.put(timestamp, b"\x01" * 160)
        timestamp += 160
        taken = buffer.take(160)
        heard += taken is not None and bool(np.all(taken == 1))
    assert heard >= 35


def test_one_straggler_does_not_move_the_clock():
    buffer = JitterBuffer(silence=0)
    heard = 0
    for tick in range(60):
        buffer.put(1000 + 160 * tick, b"\x01" * 160)
        if tick == 30:
            buffer.put(1000, b"\x02" * 160)
        taken = buffer.take(160)
        heard += taken is not None and bool(np.all(taken == 1))
    assert heard >= 55
