"""Bent, cut and hostile SIP by raw sockets: what looks like an INVITE is answered, the rest is counted, nothing crashes."""

import asyncio
import random
import secrets
from pathlib import Path
from typing import Any

import pytest

from sigap.voice.pbx import CallCancelled, CallEnded, CallOffered, TrunkCounted
from sigap.voice.pbx_config import TrunkPeer
from tests.shared_cases import cases, data
from tests.voice.exchange import SDP, Exchange, Wire, alive, exchange, header, invite

LONG = "x" * 3000
TORTURE = {
    "service urn": {"uri": "urn:service:sos"},
    "service urn with subtype": {"uri": "urn:service:sos.fire"},
    "tel uri": {"uri": "tel:112;phone-context=+62"},
    "sips uri": {"uri": "sips:112@127.0.0.1"},
    "user part with parameters": {"uri": "sip:112;ext=1@127.0.0.1?X=1"},
    "uri that is none": {"uri": "112"},
    "uri of nonsense": {"uri": "::::<<>>"},
    "unknown scheme": {"uri": "nobodyKnows:112"},
    "folded header": {"sender": "From:\r\n  <sip:1@h>\r\n ;tag=fold"},
    "compact names": {
        "sender": "f: <sip:1@h>;tag=c",
        "to": "t: <sip:112@h>",
        "call_id": f"i: {secrets.token_hex(6)}",
        "contact": "m: <sip:1@127.0.0.1>",
        "content": "c: application/sdp",
        "length": f"l: {len(SDP)}",
    },
    "strange case and spaces": {"call_id": f"cALL-iD   :   {secrets.token_hex(6)}", "cseq": "cseq:  0001   INVITE"},
    "latin-1 name": {"sender": 'From: "Andr\xe9" <sip:1@h>;tag=lat'},
    "quoted quote and bracket": {"sender": 'From: "a \\"<x>" <sip:1@h>;tag=q'},
    "unbalanced quote": {"to": 'To: "Mr. J <sip:112@h>'},
    "no contact": {"contact": ""},
    "no To": {"to": ""},
    "To with a tag of nobody": {"to": "To: <sip:112@h>;tag=lost"},
    "no From tag": {"sender": "From: <sip:1@h>"},
    "ipv6 contact": {"contact": "Contact: <sip:1@[::1]:5070>"},
    "huge CSeq": {"cseq": "CSeq: 1099511627776 INVITE"},
    "CSeq of another method": {"cseq": "CSeq: 7 OPTIONS"},
    "negative length": {"length": "Content-Length: -5"},
    "length too short": {"length": "Content-Length: 20"},
    "length too long": {"length": "Content-Length: 99999"},
    "length of words": {"length": "Content-Length: many"},
    "no length": {"length": ""},
    "no content type": {"content": ""},
    "unknown content type": {"content": "Content-Type: application/unknownformat", "body": "<audio/>"},
    "no description": {"body": "", "content": ""},
    "description that is none": {"body": "v=0\r\nm=audio nowhere RTP\r\n"},
    "only video": {"body": "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=video 5000 RTP/AVP 31\r\n"},
    "only an unknown codec": {"body": "v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 5000 RTP/AVP 96\r\na=rtpmap:96 opus/48000/2\r\n"},
    "only secured sound": {"body": "v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 5000 RTP/SAVP 8\r\n"},
    "multipart without boundary": {"content": "Content-Type: multipart/mixed", "body": "no parts"},
    "multipart cut short": {"content": "Content-Type: multipart/mixed;boundary=b", "body": f"--b\r\nContent-Type: application/sdp\r\n\r\n{SDP}"},
    "switch's binary part": {
        "content": "Content-Type: multipart/mixed;boundary=b",
        "body": f"--b\r\nContent-Type: application/sdp\r\n\r\n{SDP}\r\n--b\r\nContent-Type: application/ISUP;version=itu\r\n\r\n\x01\x00\x49\x00\x00\x0a\xff\r\n--b--\r\n",
    },
    "broken location": {"extra": "Geolocation: <cid:nothing@here>\r\nGeolocation-Routing: perhaps\r\n"},
    "location bomb": {
        "content": "Content-Type: multipart/mixed;boundary=b",
        "body": f'--b\r\nContent-Type: application/sdp\r\n\r\n{SDP}\r\n--b\r\nContent-Type: application/pidf+xml\r\n\r\n<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><presence>&c;</presence>\r\n--b--\r\n',
    },
    "broken optional headers": {"extra": "Date: yesterday\r\nSession-Expires: soon\r\nMin-SE: -1\r\nP-Asserted-Identity: <<<\r\nCall-Info: ;;;\r\nRequire: teleport\r\nnonsense\r\n: empty\r\n"},
    "session timer too short": {"extra": "Session-Expires: 1;refresher=uac\r\nSupported: timer\r\n"},
    "no hops left": {"extra": "Max-Forwards: 0\r\n"},
    "long values": {"extra": f"Subject: {LONG}\r\nX-Long: {LONG * 5}\r\n"},
    "a thousand headers": {"extra": "".join(f"X-{n}: {n}\r\n" for n in range(1000))},
    "null octets": {"extra": "X-Null: a\0b\r\n"},
    "other protocol version": {},
    "line ends without CR": {},
}  # fmt: skip


@pytest.mark.parametrize("name", TORTURE)
async def test_what_looks_like_an_invite_becomes_a_call_and_is_answered(
    name: str, running: Exchange, wire: Wire
):
    message = invite(wire.port, **TORTURE[name])
    if name == "line ends without CR":
        message = message.replace("\r\n", "\n")
    if name == "other protocol version":
        message = message.replace("SIP/2.0\r\n", "SIP/7.0\r\n", 1)
    wire.send(message)
    offered = await running.offered()
    await running.pbx.ring(offered.call_id)
    await wire.until(180)
    await running.pbx.answer(offered.call_id, None)
    answer = await wire.until(200)
    assert b"m=audio " in answer
    assert b"m=audio 0 " not in answer
    assert await alive(running)


async def test_two_vias_on_a_line_and_ipv6_come_back_as_they_were(running: Exchange, wire: Wire):
    via = 'Via: SIP / 2.0 / UDP [2001:db8::9]:5070 ; branch = z9hG4bK+a*b%c!~ , SIP/2.0/TCP gw.example.com;x="a,b"\r\nVia: SIP/2.0/UDP last;branch=z9hG4bKz'
    wire.send(invite(wire.port, via=via, extra="Record-Route: <sip:p1;lr>, <sip:p2;lr>\r\n"))
    offered = await running.offered()
    await running.pbx.ring(offered.call_id)
    ringing = await wire.until(180)
    text = ringing.decode("latin-1")
    first, second = (line for line in text.split("\r\n") if line.startswith("Via:"))
    assert first.startswith(
        "Via: SIP / 2.0 / UDP [2001:db8::9]:5070 ; branch = z9hG4bK+a*b%c!~;received=127.0.0.1, "
    )
    assert first.endswith('SIP/2.0/TCP gw.example.com;x="a,b"')
    assert second == "Via: SIP/2.0/UDP last;branch=z9hG4bKz"
    assert header(ringing, "Record-Route") == "<sip:p1;lr>, <sip:p2;lr>"


async def test_rport_is_filled_in(running: Exchange, wire: Wire):
    wire.send(invite(wire.port, via="Via: SIP/2.0/UDP 10.0.0.1:5060;rport;branch=z9hG4bKr"))
    trying = await wire.until(100)
    assert (
        header(trying, "Via")
        == f"SIP/2.0/UDP 10.0.0.1:5060;rport={wire.port};branch=z9hG4bKr;received=127.0.0.1"
    )


async def test_latin_1_bytes_are_echoed_unharmed(running: Exchange, wire: Wire):
    wire.send(invite(wire.port, sender='From: "Andr\xe9 \xc3\xa9" <sip:1@h>;tag=Ab+*%2F'))
    trying = await wire.until(100)
    assert b'From: "Andr\xe9 \xc3\xa9" <sip:1@h>;tag=Ab+*%2F\r\n' in trying


async def test_copies_ring_once_and_get_the_last_answer_with_the_same_tag(running: Exchange, wire: Wire):
    message = invite(wire.port)
    for _ in range(3):
        wire.send(message)
    offered = await running.offered()
    await running.pbx.ring(offered.call_id)
    first = await wire.until(180)
    wire.send(message)
    again = await wire.until(180)
    assert again == first
    assert header(first, "To").count(";tag=") == 1
    await asyncio.sleep(0.1)
    assert sum(isinstance(event, CallOffered) for event in running.seen) == 1


async def test_an_answer_is_repeated_until_it_is_acknowledged_and_survives_copies(
    running: Exchange, wire: Wire
):
    message = invite(wire.port)
    wire.send(message)
    offered = await running.offered()
    await running.pbx.answer(offered.call_id, None)
    first = await wire.until(200)
    assert await wire.until(200, timeout=1.0) == first
    wire.send(message)
    assert await wire.until(200, timeout=0.3) == first
    ack = message.split("\r\n\r\n")[0].replace("INVITE", "ACK").replace(
        next(line for line in message.split("\r\n") if line.startswith("To:")), f"To: {header(first, 'To')}"
    )  # fmt: skip
    ack = "\r\n".join(line for line in ack.split("\r\n") if not line.lower().startswith(("content-",)))
    branch = next(line for line in ack.split("\r\n") if line.startswith("Via:"))
    wire.send(ack.replace(branch, f"Via: SIP/2.0/UDP 127.0.0.1:{wire.port};branch=z9hG4bKack") + "\r\n\r\n")
    assert await wire.quiet(1.3)


async def test_a_refusal_is_repeated_until_its_ack(running: Exchange, wire: Wire):
    message = invite(wire.port)
    wire.send(message)
    offered = await running.offered()
    await running.pbx.hang_up(offered.call_id, "no_agent")
    first = await wire.until(480)
    assert await wire.until(480, timeout=1.0) == first
    lines = message.split("\r\n\r\n")[0].split("\r\n")
    to = f"To: {header(first, 'To')}"
    ack = [line if not line.startswith("To:") else to for line in lines if not line.startswith("Content-")]
    ack[0], ack = ack[0].replace("INVITE", "ACK", 1), [line.replace("1 INVITE", "1 ACK") for line in ack]
    ack[0] = lines[0].replace("INVITE", "ACK", 1)
    wire.send("\r\n".join(ack) + "\r\n\r\n")
    assert await wire.quiet(1.3)
    await running.event(CallEnded, offered.call_id)


async def test_a_cancel_with_a_branch_of_its_own_still_finds_its_call(running: Exchange, wire: Wire):
    message = invite(wire.port)
    wire.send(message)
    offered = await running.offered()
    head = [line for line in message.split("\r\n\r\n")[0].split("\r\n") if not line.startswith("Content-")]
    cancel = "\r\n".join(head).replace("INVITE", "CANCEL").replace("branch=z9hG4bK", "branch=z9hG4bKother")
    wire.send(cancel + "\r\n\r\n")
    await wire.until(200)
    await wire.until(487)
    await running.event(CallCancelled, offered.call_id)


async def test_the_same_invite_by_a_second_way_is_a_loop_not_a_second_ring(running: Exchange, wire: Wire):
    message = invite(wire.port)
    wire.send(message)
    await running.offered()
    wire.send(message.replace("branch=z9hG4bK", "branch=z9hG4bKsecond"))
    await wire.until(482)
    assert len(running.pbx.calls()) == 1


async def test_unknown_methods_in_a_call_get_501_and_outside_405_or_501(running: Exchange, wire: Wire):
    message = invite(wire.port)
    wire.send(message)
    offered = await running.offered()
    await running.pbx.ring(offered.call_id)
    to = header(await wire.until(180), "To")
    lines = [line for line in message.split("\r\n\r\n")[0].split("\r\n") if not line.startswith("Content-")]
    lines = [f"To: {to}" if line.startswith("To:") else line for line in lines]
    inside = "\r\n".join(lines).replace("INVITE", "REFER").replace("CSeq: 1", "CSeq: 2") + "\r\n\r\n"
    wire.send(inside.replace("branch=z9hG4bK", "branch=z9hG4bKrefer"))
    assert await wire.final() == 501
    outside = invite(wire.port).replace("INVITE", "PUBLISH")
    wire.send(outside)
    assert await wire.final() == 405
    wire.send(invite(wire.port).replace("INVITE", "FROBNICATE"))
    assert await wire.final() == 501


@pytest.mark.parametrize("missing", ["via", "sender", "call_id", "cseq"])
async def test_an_invite_without_what_an_answer_needs_is_refused_not_lost(
    missing: str, running: Exchange, wire: Wire
):
    wire.send(invite(wire.port, **{missing: ""}))
    assert (await wire.receive()).startswith(b"SIP/2.0 400 ")
    await running.event(TrunkCounted)
    assert running.none(CallOffered)


@pytest.mark.parametrize(
    "garbage",
    [
        b"\0" * 100,
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        secrets.token_bytes(400),
        b"INVITE",
        b"SIP/2.0",
        b"\x80\x08" * 90,
    ],
    ids=["zeros", "http", "random", "one word", "half a status line", "rtp"],
)
async def test_garbage_is_counted_and_never_answered(garbage: bytes, running: Exchange, wire: Wire):
    wire.send(garbage)
    assert await wire.quiet()
    assert await alive(running)


async def test_a_keep_alive_is_answered_with_one_line_end(running: Exchange, wire: Wire):
    wire.send(b"\r\n\r\n")
    assert await wire.receive() == b"\r\n"


async def test_strangers_get_no_answer(tmp_path: Path):
    async with exchange(tmp_path, peers=(TrunkPeer(name="telco", network="192.0.2.0/24"),)) as running:
        with Wire(running.pbx.sip_address) as wire:
            wire.send(invite(wire.port))
            assert await wire.quiet()
        counted = await running.event(TrunkCounted)
        assert (counted.what, counted.count) == ("stranger", 1)


@pytest.mark.parametrize("case", cases("rfc4475"))
async def test_rfc_4475(case: dict[str, Any], running: Exchange, wire: Wire):
    wire.send(data("rfc4475", case))
    expected = case["answer"]
    ringing = asyncio.ensure_future(refuse_all(running))
    try:
        if expected == "none":
            assert await wire.quiet()
        else:
            status = await wire.final(2.0)
            lenient = bool(case["lenient_allowed"]) and case["method"] == "INVITE"
            if lenient and status not in expected:
                assert status == 480
            elif isinstance(expected, list):
                assert status in expected or (case["lenient_allowed"] and status == 200)
            elif expected.startswith("any_but_"):
                assert status != int(expected[8:])
    finally:
        ringing.cancel()
    assert await alive(running)


async def refuse_all(running: Exchange) -> None:
    """Let every call go as soon as it comes."""
    count = 0
    while True:
        offered = await running.event(CallOffered, count=count + 1, timeout=30)
        count += 1
        await running.pbx.hang_up(offered.call_id, "no_agent")


async def test_a_thousand_broken_invites_leave_a_whole_exchange(running: Exchange, wire: Wire):
    luck = random.Random(112)
    for number in range(1000):
        data = bytearray(invite(wire.port, extra="Geolocation: <cid:x>\r\nSupported: 100rel\r\n").encode())
        for _ in range(luck.randrange(1, 12)):
            at = luck.randrange(len(data))
            match luck.randrange(3):
                case 0:
                    data[at] = luck.randrange(256)
                case 1:
                    del data[at : at + luck.randrange(1, 40)]
                case _:
                    data[at:at] = luck.randbytes(luck.randrange(1, 10))
        wire.send(bytes(data))
        if number % 50 == 0:
            await asyncio.sleep(0.02)
    assert await alive(running, within_s=10.0)
    assert len(running.pbx.calls()) > 100
    await asyncio.sleep(1.1)
    assert not [event for event in running.seen if isinstance(event, TrunkCounted) and event.what == "failed"]
