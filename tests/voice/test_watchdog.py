"""A call whose end got lost does not stay for ever, and one that only is quiet is not thrown away."""

import asyncio
import socket

import pytest

from sigap.kernel import settings
from sigap.voice.pbx import CallEnded, CallHeld, EndedBy
from tests.voice.exchange import SDP, Exchange, Wire, answered, header, inside

pytestmark = pytest.mark.sip


def limits(patch: pytest.MonkeyPatch, **seconds: float) -> None:
    for name, value in seconds.items():
        patch.setitem(settings._overrides, f"voice.{name}", value)


def reply(request: bytes, status: str) -> bytes:
    """The far end's answer to a request of ours."""
    kept = [
        line
        for line in request.split(b"\r\n")
        if line.lower().split(b":")[0] in (b"via", b"from", b"to", b"call-id", b"cseq")
    ]
    return b"\r\n".join([b"SIP/2.0 " + status.encode(), *kept, b"Content-Length: 0", b"", b""])


async def asked(wire: Wire) -> bytes:
    request = await wire.receive(4.0)
    assert request.startswith(b"OPTIONS "), request
    return request


async def test_a_far_end_that_knows_the_call_no_more_ends_it(
    running: Exchange, wire: Wire, monkeypatch: pytest.MonkeyPatch
):
    limits(monkeypatch, silence_ask_s=0.5)
    await answered(running, wire)
    wire.send(reply(await asked(wire), "481 Call/Transaction Does Not Exist"))
    ended = await running.event(CallEnded)
    assert (ended.cause, ended.by, ended.sip_code) == ("lost", EndedBy.SYSTEM, 481)
    assert (await wire.receive()).startswith(b"BYE ")
    assert running.pbx.calls() == []


async def test_a_trunk_that_answers_no_question_does_not_take_a_silent_caller_away(
    running: Exchange, wire: Wire, monkeypatch: pytest.MonkeyPatch
):
    limits(monkeypatch, silence_ask_s=0.5, silence_end_s=4.0)
    monkeypatch.setattr("sigap.voice.sip.transactions.GIVE_UP", 0.6)
    await answered(running, wire)
    await asked(wire)
    await asyncio.sleep(1.5)
    assert running.none(CallEnded)
    ended = await running.event(CallEnded)
    assert (ended.cause, ended.sip_code) == ("no_sound", None)


async def test_a_silent_call_that_stands_is_ended_only_after_the_limit(
    running: Exchange, wire: Wire, monkeypatch: pytest.MonkeyPatch
):
    limits(monkeypatch, silence_ask_s=0.5, silence_end_s=2.5)
    await answered(running, wire)
    for _ in range(2):
        wire.send(reply(await asked(wire), "200 OK"))
        assert running.none(CallEnded)
    ended = await running.event(CallEnded)
    assert (ended.cause, ended.by, ended.sip_code) == ("no_sound", EndedBy.SYSTEM, None)
    assert (await wire.receive()).startswith(b"BYE ")


async def put_on_hold(running: Exchange, wire: Wire) -> None:
    """An answered call that its far end then puts on hold."""
    first, answer = await answered(running, wire)
    held = SDP.replace("a=sendrecv\r\n", "") + "a=sendonly\r\n"
    wire.send(inside(first, header(answer, "To"), "INVITE", 2, body=held))
    await wire.until(200)
    wire.send(inside(first, header(answer, "To"), "ACK", 2))
    await running.event(CallHeld)


async def test_a_held_call_is_asked_about_and_keeps_its_own_limit(
    running: Exchange, wire: Wire, monkeypatch: pytest.MonkeyPatch
):
    limits(monkeypatch, silence_ask_s=0.5, silence_end_s=0.2)
    await put_on_hold(running, wire)
    wire.send(reply(await asked(wire), "200 OK"))
    assert running.none(CallEnded)
    limits(monkeypatch, held_end_s=0.1)
    assert (await running.event(CallEnded)).cause == "no_sound"


async def test_a_held_call_that_was_taken_up_again_is_not_given_up_for_its_silence(
    running: Exchange, wire: Wire, monkeypatch: pytest.MonkeyPatch
):
    await put_on_hold(running, wire)
    next(iter(running.pbx.standing.values())).restored = True
    limits(monkeypatch, restored_silence_s=0.2, silence_ask_s=0.5)
    for _ in range(2):
        wire.send(reply(await asked(wire), "200 OK"))
        assert running.none(CallEnded)


async def test_a_call_with_sound_is_left_alone(
    running: Exchange, wire: Wire, monkeypatch: pytest.MonkeyPatch
):
    limits(monkeypatch, silence_ask_s=0.5, silence_end_s=0.5)
    await answered(running, wire)
    standing = next(iter(running.pbx.standing.values()))
    assert standing.rtp
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as far:
        far.setblocking(False)
        for number in range(12):
            head = bytes([0x80, 8]) + number.to_bytes(2, "big") + (160 * number).to_bytes(4, "big")
            far.sendto(head + b"\0\0\0\1" + b"\xd5" * 160, ("127.0.0.1", standing.rtp.port))
            assert await wire.quiet(0.2)
    assert running.none(CallEnded)
