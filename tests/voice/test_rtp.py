"""Sound on the wire: G.711, packets, the jitter buffer, keys, and a far end that moves or restarts."""

import asyncio
import secrets
import socket
import struct
import time
from collections.abc import AsyncIterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigap.voice.rtp import g711, packet
from sigap.voice.rtp.jitter import MAX_DELAY, START_DELAY, JitterBuffer
from sigap.voice.rtp.session import PortsExhausted, RtpPorts, RtpSession
from sigap.voice.sip.sdp import PCMA, PCMU, Audio
from tests.voice.ears import level_of, rms, tone


@pytest.mark.parametrize(
    ("encode", "decode", "code", "level"),
    [
        (g711.encode_alaw, g711.decode_alaw, b"\xd5", 8),
        (g711.encode_alaw, g711.decode_alaw, b"\x55", -8),
        (g711.encode_alaw, g711.decode_alaw, b"\xaa", 32256),
        (g711.encode_alaw, g711.decode_alaw, b"\x2a", -32256),
        (g711.encode_alaw, g711.decode_alaw, b"\x80", 5504),
        (g711.encode_ulaw, g711.decode_ulaw, b"\xff", 0),
        (g711.encode_ulaw, g711.decode_ulaw, b"\x80", 32124),
        (g711.encode_ulaw, g711.decode_ulaw, b"\x00", -32124),
        (g711.encode_ulaw, g711.decode_ulaw, b"\xce", 988),
    ],
)
def test_g711_levels_are_those_of_the_recommendation(encode, decode, code: bytes, level: int):
    assert decode(code)[0] == level
    if code not in (b"\xff",):
        assert encode(np.array([level], np.int16)) == code


@pytest.mark.parametrize(
    ("encode", "decode"), [(g711.encode_alaw, g711.decode_alaw), (g711.encode_ulaw, g711.decode_ulaw)]
)
def test_g711_there_and_back_stays_close(encode, decode):
    samples = np.arange(-32768, 32768, dtype=np.int32).astype(np.int16)
    error = np.abs(decode(encode(samples)).astype(int) - samples)
    assert (error <= np.maximum(16, np.abs(samples.astype(int)) / 16)).all()
    codes = bytes(range(256))
    assert (decode(encode(decode(codes))) == decode(codes)).all()


def test_packets_there_and_back_with_everything_a_sender_may_add():
    data = packet.write(8, 65536 + 7, 2**32 + 9, 5, b"abc", marker=True)
    found = packet.read(data)
    assert found
    assert (found.payload_type, found.marker, found.sequence, found.timestamp, found.payload) == (
        8,
        True,
        7,
        9,
        b"abc",
    )
    extended = (
        bytes([0xB1, 8]) + data[2:12] + b"CSRC" + struct.pack("!HH", 1, 1) + b"exte" + b"sound" + b"\0\0\3"
    )
    found = packet.read(extended)
    assert found
    assert found.payload == b"sound"


@given(st.binary(max_size=80))
def test_a_packet_never_raises(data: bytes):
    packet.read(data)
    packet.read(b"\x80\x08" + data)
    packet.read(b"\xbf\x08" + data)
    packet.read_key(data)


def played(buffer: JitterBuffer, ticks: int) -> bytes:
    """What comes out; silence where nothing does."""
    return b"".join(
        bytes(160) if (taken := buffer.take(160)) is None else taken.tobytes() for _ in range(ticks)
    )


def test_packets_of_any_length_come_out_in_order_whole_and_once():
    buffer = JitterBuffer(0)
    sound = bytes(range(1, 241)) * 8
    pieces = [(at, sound[at : at + 240]) for at in range(0, len(sound), 240)]
    pieces[2], pieces[3] = pieces[3], pieces[2]
    for at, piece in [*pieces, pieces[4]]:
        buffer.put(2**32 - 700 + at, piece)
    assert played(buffer, 20)[START_DELAY:][: len(sound)] == sound


def test_a_lost_packet_is_silence_in_its_place():
    buffer = JitterBuffer(0)
    for at in (0, 160, 480):
        buffer.put(at, b"\x01" * 160)
    assert played(buffer, 7)[START_DELAY:] == b"\x01" * 320 + bytes(160) + b"\x01" * 160


def test_a_late_sender_is_given_more_time_but_never_more_than_is_bearable():
    buffer = JitterBuffer(0)
    buffer.put(0, b"\x01" * 160)
    played(buffer, 6)
    buffer.put(160, b"\x02" * 160)
    assert buffer.late == 1
    assert b"\x02" * 160 in played(buffer, 4)
    buffer.put(320 - 3 * MAX_DELAY + 2**32, b"\x03" * 160)
    assert b"\x03" not in played(buffer, 4)


def test_a_punctual_sender_is_heard_sooner_after_a_while():
    buffer = JitterBuffer(0)
    delays = []
    for tick in range(250):
        buffer.put(tick * 160, bytes([1 + tick % 250]) * 160)
        taken = buffer.take(160)
        if taken is not None and taken[0]:
            delays.append(tick - (int(taken[0]) - 1))
    assert delays[0] == 3
    assert delays[-1] <= 2


def test_a_jump_of_the_clock_starts_anew():
    buffer = JitterBuffer(0)
    buffer.put(1000, b"\x01" * 160)
    played(buffer, 10)
    buffer.put(900_000_000, b"\x02" * 160)
    assert b"\x02" * 160 in played(buffer, 5)


class FarEnd:
    """A socket that plays the trunk's media gateway."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.setblocking(False)
        self.port = self.socket.getsockname()[1]

    def says(
        self, to: RtpSession, payload_type: int, sequence: int, timestamp: int, payload: bytes, ssrc: int = 7
    ) -> None:
        """Send one packet."""
        self.socket.sendto(
            packet.write(payload_type, sequence, timestamp, ssrc, payload), ("127.0.0.1", to.port)
        )

    def hears(self) -> list[packet.Packet]:
        """Everything that arrived."""
        found = []
        while True:
            try:
                one = packet.read(self.socket.recv(2048))
            except BlockingIOError:
                return found
            if one:
                found.append(one)


@pytest.fixture
async def far() -> AsyncIterator[FarEnd]:
    """A far end."""
    one = FarEnd()
    yield one
    one.socket.close()


async def opened(far: FarEnd, keys: list[str] | None = None, codec: int = PCMA) -> RtpSession:
    """A session that knows this far end."""
    session = await RtpSession.open(
        RtpPorts("127.0.0.1", 0, 0), on_key=(keys if keys is not None else []).append
    )
    session.describe(Audio("127.0.0.1", far.port, codec, codec, 101, "sendrecv"), "127.0.0.1")
    return session


@pytest.mark.parametrize(
    ("codec", "encode", "decode"),
    [(PCMA, g711.encode_alaw, g711.decode_alaw), (PCMU, g711.encode_ulaw, g711.decode_ulaw)],
)
async def test_sound_goes_both_ways_in_either_law(far: FarEnd, codec: int, encode, decode):
    session = await opened(far, codec=codec)
    voice = tone(500)
    for at in range(0, 4800, 160):
        session.push(voice[at : at + 160])
        far.says(session, codec, at // 160, at, encode(voice[at : at + 160]))
        await asyncio.sleep(0)
    await asyncio.sleep(0.05)
    heard = np.concatenate(
        [frame if (frame := session.pull()) is not None else np.zeros(160, np.int16) for _ in range(30)]
    )
    assert level_of(heard[1600:], 500) > 7000
    sent = far.hears()
    assert len(sent) == 30
    assert {(one.ssrc, one.payload_type) for one in sent} == {(session.ssrc, codec)}
    assert np.diff([one.sequence for one in sent]).tolist() == [1] * 29
    assert np.diff([one.timestamp for one in sent]).tolist() == [160] * 29
    assert [one.marker for one in sent] == [True] + [False] * 29
    assert rms(decode(sent[10].payload)) > 4000
    session.close()


async def test_a_key_is_heard_once_however_often_it_is_sent_and_even_without_its_end(far: FarEnd):
    keys: list[str] = []
    session = await opened(far, keys)
    for number, key in enumerate("5#"):
        for step in range(4):
            payload = packet.write_key(key, 160 * (step + 1), end=step == 3 and key == "5")
            far.says(session, 101, number * 10 + step, 9000 + 1000 * number, payload)
    await asyncio.sleep(0.05)
    assert keys == ["5", "#"]
    session.close()


async def test_keys_pressed_here_arrive_there(far: FarEnd):
    session = await opened(far)
    session.press("*")
    await asyncio.sleep(0.02)
    sent = far.hears()
    assert {packet.read_key(one.payload) for one in sent} == {"*"}
    assert len({one.timestamp for one in sent}) == 1
    assert sent[-1].payload[1] & 0x80
    session.close()


async def test_on_hold_nothing_is_sent_but_the_clock_goes_on(far: FarEnd):
    session = await opened(far)
    session.push(tone(500)[:160])
    session.sending = False
    for _ in range(10):
        session.push(tone(500)[:160])
    session.sending = True
    session.push(tone(500)[:160])
    await asyncio.sleep(0.02)
    first, second = far.hears()
    assert ((second.timestamp - first.timestamp) & 0xFFFFFFFF, second.marker) == (11 * 160, True)
    assert (second.sequence - first.sequence) & 0xFFFF == 1
    session.close()


async def test_a_far_end_behind_nat_is_answered_where_it_speaks_from(far: FarEnd):
    session = await RtpSession.open(RtpPorts("127.0.0.1", 0, 0))
    session.describe(Audio("127.0.0.1", 9, PCMA, PCMA, None, "sendrecv"), "127.0.0.1")
    far.says(session, PCMA, 1, 1, b"\xd5" * 160)
    await asyncio.sleep(0.02)
    session.push(tone(500)[:160])
    await asyncio.sleep(0.02)
    assert len(far.hears()) == 1
    session.close()


async def test_a_far_end_that_described_nothing_is_heard_and_answered_in_its_own_law(far: FarEnd):
    session = await RtpSession.open(RtpPorts("127.0.0.1", 0, 0))
    voice = tone(500)
    for at in range(0, 4800, 160):
        far.says(session, PCMU, at // 160, at, g711.encode_ulaw(voice[at : at + 160]))
    await asyncio.sleep(0.05)
    heard = [frame for _ in range(30) if (frame := session.pull()) is not None]
    assert level_of(np.concatenate(heard)[1600:], 500) > 7000
    session.push(voice[:160])
    await asyncio.sleep(0.02)
    (answer,) = far.hears()
    assert answer.payload_type == PCMU
    assert abs(g711.decode_ulaw(answer.payload).astype(int) - voice[:160]).max() < 300
    session.close()


async def test_a_second_speaker_cannot_take_a_call_over_while_the_first_is_heard(far: FarEnd):
    session = await opened(far)
    far.says(session, PCMA, 1, 1, b"\xd5" * 160)
    await asyncio.sleep(0.02)
    intruder = FarEnd()
    intruder.says(session, PCMA, 1, 1, b"\xd5" * 160, ssrc=99)
    await asyncio.sleep(0.02)
    session.push(tone(500)[:160])
    await asyncio.sleep(0.02)
    assert (len(far.hears()), len(intruder.hears())) == (1, 0)
    intruder.socket.close()
    session.close()


async def test_a_stranger_is_not_heard(far: FarEnd):
    session = await RtpSession.open(RtpPorts("127.0.0.1", 0, 0), admits=lambda host: False)
    far.says(session, PCMA, 1, 1, b"\xd5" * 160)
    await asyncio.sleep(0.02)
    assert (session.received, session.strangers, session.heard_at) == (0, 1, None)
    session.close()


async def test_a_session_taken_up_again_is_the_same_to_the_far_end_and_ahead_in_time(far: FarEnd):
    session = await opened(far)
    for _ in range(5):
        session.push(tone(500)[:160])
    saved = session.as_json() | {"at": time.time() - 1.0}
    session.close()
    await asyncio.sleep(0.01)
    again = await RtpSession.open(RtpPorts("127.0.0.1", 0, 0), port=saved["port"])
    again.resume(saved)
    again.push(tone(500)[:160])
    await asyncio.sleep(0.02)
    *_, last, fresh = far.hears()
    assert (fresh.ssrc, again.port) == (last.ssrc, saved["port"])
    assert 50 <= (fresh.sequence - last.sequence) & 0xFFFF < 120
    assert (fresh.timestamp - last.timestamp) & 0xFFFFFFFF == 160 * (
        (fresh.sequence - last.sequence) & 0xFFFF
    )
    again.close()


async def test_noise_on_the_port_is_harmless(far: FarEnd):
    session = await opened(far)
    for _ in range(50):
        far.socket.sendto(secrets.token_bytes(secrets.randbelow(300)), ("127.0.0.1", session.port))
    voice = tone(500)
    for at in range(0, 4800, 160):
        far.says(session, PCMA, at // 160, at, g711.encode_alaw(voice[at : at + 160]))
        await asyncio.sleep(0)
    await asyncio.sleep(0.05)
    heard = [frame for _ in range(30) if (frame := session.pull()) is not None]
    assert level_of(np.concatenate(heard)[1600:], 500) > 7000
    session.close()


def test_a_full_range_says_so():
    ports = RtpPorts("127.0.0.1", 0, 0)
    held = ports.open()
    number = held.getsockname()[1]
    number -= number % 2
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        if held.getsockname()[1] != number:
            other.bind(("127.0.0.1", number))
        with pytest.raises(PortsExhausted):
            RtpPorts("127.0.0.1", number, number + 1).open()
    held.close()
