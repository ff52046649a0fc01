"""The softphone against an other end of raw bytes: lost packets, refusals, forks, early media."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest

from sigap.voice.sip.softphone import Softphone, softphone
from tests.voice.exchange import SDP, header


class OtherEnd:
    """A UDP socket that answers by hand."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.setblocking(False)
        self.peer: tuple[str, int] = ("", 0)

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens."""
        return self.socket.getsockname()

    async def next(self, method: str, timeout: float = 3.0) -> bytes:
        """The next request of a method."""
        async with asyncio.timeout(timeout):
            while True:
                data, self.peer = await asyncio.get_running_loop().sock_recvfrom(self.socket, 65536)
                if data.startswith(method.encode() + b" "):
                    return data

    def answer(
        self, request: bytes, status: int, *, tag: str = "far", body: str = "", extra: str = ""
    ) -> None:
        """A response to it."""
        lines = [f"SIP/2.0 {status} Whatever"]
        for name in ("Via", "From", "Call-ID", "CSeq"):
            lines.append(f"{name}: {header(request, name)}")
        to = header(request, "To")
        lines.append(f"To: {to}" + (f";tag={tag}" if tag and "tag=" not in to else ""))
        lines.append(f"Contact: <sip:{tag}@127.0.0.1:{self.address[1]}>")
        if body:
            lines.append("Content-Type: application/sdp")
        data = "\r\n".join([*lines, f"Content-Length: {len(body)}", ""]) + f"{extra}\r\n{body}"
        self.socket.sendto(data.encode(), self.peer)


@pytest.fixture
async def other() -> AsyncIterator[OtherEnd]:
    """An other end."""
    one = OtherEnd()
    yield one
    one.socket.close()


@pytest.fixture
async def phone() -> AsyncIterator[Softphone]:
    """A softphone."""
    async with softphone() as one:
        yield one


async def test_a_lost_invite_is_sent_again_and_a_refusal_acknowledged_on_its_branch(
    phone: Softphone, other: OtherEnd
):
    call = await phone.call(*other.address)
    first = await other.next("INVITE")
    again = await other.next("INVITE", timeout=1.0)
    assert again == first
    other.answer(again, 486)
    ack = await other.next("ACK")
    assert header(ack, "Via") == header(first, "Via")
    assert header(ack, "To").endswith(";tag=far")
    other.answer(again, 486)
    assert await other.next("ACK") == ack
    assert (await call.over).status == 486


async def test_a_forked_call_keeps_the_first_answer_and_leaves_the_second(phone: Softphone, other: OtherEnd):
    call = await phone.call(*other.address)
    invite = await other.next("INVITE")
    other.answer(invite, 200, tag="one", body=SDP)
    await call.wait(call.answered)
    ack = await other.next("ACK")
    assert "tag=one" in header(ack, "To")
    assert header(ack, "CSeq") == "1 ACK"
    assert header(ack, "Via") != header(invite, "Via")
    other.answer(invite, 200, tag="one", body=SDP)
    assert "tag=one" in header(await other.next("ACK"), "To")
    other.answer(invite, 200, tag="two", body=SDP)
    assert "tag=two" in header(await other.next("ACK"), "To")
    bye = await other.next("BYE")
    assert bye.startswith(b"BYE sip:two@")
    other.answer(bye, 200)
    await call.hang_up()
    bye = await other.next("BYE")
    assert bye.startswith(b"BYE sip:one@")
    other.answer(bye, 200)


async def test_early_media_is_acknowledged_when_it_must_be(phone: Softphone, other: OtherEnd):
    call = await phone.call(*other.address)
    invite = await other.next("INVITE")
    other.answer(invite, 183, body=SDP, extra="Require: 100rel\r\nRSeq: 77\r\n")
    prack = await other.next("PRACK")
    assert header(prack, "RAck") == "77 1 INVITE"
    other.answer(prack, 200)
    await call.wait(call.early)


async def test_giving_up_before_anything_was_heard_waits_for_the_first_sign(
    phone: Softphone, other: OtherEnd
):
    call = await phone.call(*other.address)
    leaving = asyncio.ensure_future(call.hang_up())
    invite = await other.next("INVITE")
    other.answer(invite, 180)
    cancel = await other.next("CANCEL")
    assert header(cancel, "Via") == header(invite, "Via")
    other.answer(cancel, 200)
    other.answer(invite, 487)
    await other.next("ACK")
    await leaving
    assert (await call.over).by == "us"


async def test_an_answer_that_crosses_a_cancel_is_taken_and_let_go(phone: Softphone, other: OtherEnd):
    call = await phone.call(*other.address)
    invite = await other.next("INVITE")
    other.answer(invite, 180)
    await call.wait(call.ringing)
    leaving = asyncio.ensure_future(call.hang_up())
    await other.next("CANCEL")
    other.answer(invite, 200, body=SDP)
    await other.next("ACK")
    other.answer(await other.next("BYE"), 200)
    await leaving
