"""Inside a call: reliable provisional answers, session timers, changes of the description, keys, early ends."""

import asyncio
from pathlib import Path

import pytest

from sigap.evidence import conveyance
from sigap.voice.pbx import CallAnswered, CallCancelled, CallEnded, CallHeld, Dtmf
from sigap.voice.sip import session_timer
from sigap.voice.sip.transactions import ServerTransaction
from tests.voice.exchange import SDP, Exchange, Wire, answered, exchange, header, inside, invite


async def test_a_required_100rel_makes_every_provisional_answer_wait_for_its_prack(
    running: Exchange, wire: Wire
):
    first = invite(wire.port, extra="Require: 100rel\r\n")
    wire.send(first)
    offered = await running.offered()
    await running.pbx.ring(offered.call_id)
    ringing = await wire.until(180)
    assert header(ringing, "Require") == "100rel"
    assert await wire.until(180, timeout=1.0) == ringing
    await running.pbx.announce(offered.call_id, "queue")
    wire.send(
        inside(
            first, header(ringing, "To"), "PRACK", 2, extra=f"RAck: {header(ringing, 'RSeq')} 1 INVITE\r\n"
        )
    )
    await wire.until(200)
    early = await wire.until(183)
    assert int(header(early, "RSeq")) == int(header(ringing, "RSeq")) + 1
    assert b"m=audio" in early
    await running.pbx.answer(offered.call_id, None)
    assert await wire.quiet(0.3)
    wire.send(
        inside(first, header(early, "To"), "PRACK", 3, extra=f"RAck: {header(early, 'RSeq')} 1 INVITE\r\n")
    )
    answers = [await wire.until(200), await wire.until(200)]
    assert {header(answer, "CSeq") for answer in answers} == {"3 PRACK", "1 INVITE"}


async def test_a_prack_for_nothing_is_refused_and_one_that_never_comes_does_not_stop_the_answer(
    running: Exchange, wire: Wire
):
    first = invite(wire.port, extra="Supported: 100rel\r\n")
    wire.send(first)
    offered = await running.offered()
    await running.pbx.announce(offered.call_id, "queue")
    early = await wire.until(183)
    wire.send(inside(first, header(early, "To"), "PRACK", 2, extra="RAck: 7 7 INVITE\r\n"))
    await wire.until(481)
    await running.pbx.answer(offered.call_id, None)
    answer = await wire.until(200, timeout=4.0)
    assert header(answer, "CSeq") == "1 INVITE"


async def test_a_delayed_offer_with_100rel_has_early_media_and_takes_the_answer_from_the_prack(
    running: Exchange, wire: Wire
):
    first = invite(wire.port, body="", content="", extra="Supported: 100rel\r\n")
    wire.send(first)
    offered = await running.offered()
    await running.pbx.announce(offered.call_id, "queue")
    early = await wire.until(183)
    assert b"m=audio" in early
    rack = f"RAck: {header(early, 'RSeq')} 1 INVITE\r\n"
    wire.send(inside(first, header(early, "To"), "PRACK", 2, body=SDP, extra=rack))
    await wire.until(200)
    standing = next(iter(running.pbx.standing.values()))
    assert standing.rtp
    assert standing.rtp.as_json()["far"] == ("127.0.0.1", 49170)


async def test_the_session_timer_is_granted_and_we_refresh_when_it_is_ours(
    running: Exchange, wire: Wire, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(session_timer, "LEAST_S", 1)
    _, answer = await answered(
        running, wire, extra="Supported: timer\r\nSession-Expires: 1\r\nAllow: INVITE, UPDATE\r\n"
    )
    assert header(answer, "Session-Expires") == "1;refresher=uas"
    update = await wire.receive(2.0)
    assert update.startswith(b"UPDATE sip:caller@127.0.0.1")
    assert header(update, "Session-Expires") == "1;refresher=uac"


async def test_a_refresher_who_falls_silent_loses_the_call(
    running: Exchange, wire: Wire, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(session_timer, "LEAST_S", 1)
    _, answer = await answered(
        running, wire, extra="Supported: timer\r\nSession-Expires: 1;refresher=uac\r\n"
    )
    assert header(answer, "Session-Expires") == "1;refresher=uac"
    ended = await running.event(CallEnded)
    assert ended.cause == "lost"
    assert (await wire.receive()).startswith(b"BYE ")


async def test_a_changed_description_is_taken_and_an_unusable_one_leaves_the_call_as_it_is(
    running: Exchange, wire: Wire
):
    first, answer = await answered(running, wire)
    to = header(answer, "To")
    wire.send(
        inside(
            first,
            to,
            "INVITE",
            2,
            body=SDP.replace(" 8 101", " 97").replace("101 telephone-event", "97 opus"),
        )
    )
    await wire.until(488)
    wire.send(inside(first, to, "UPDATE", 3, body=SDP + "a=inactive\r\n"))
    held = await wire.until(200)
    assert b"a=inactive" in held
    assert (await running.event(CallHeld)).held
    wire.send(inside(first, to, "INVITE", 4))
    assert b"a=sendrecv" in await wire.until(200)
    wire.send(inside(first, to, "ACK", 4, body=SDP))
    assert not (await running.event(CallHeld, count=2)).held
    assert len(running.pbx.calls()) == 1


async def test_an_old_request_is_refused_and_a_second_bye_forgiven(running: Exchange, wire: Wire):
    first, answer = await answered(running, wire)
    to = header(answer, "To")
    wire.send(inside(first, to, "INFO", 5))
    await wire.until(200)
    wire.send(inside(first, to, "INFO", 4))
    await wire.until(500)
    for number in (6, 7):
        wire.send(inside(first, to, "BYE", number))
        await wire.until(200)
    wire.send(inside(first, to, "INVITE", 8, body=SDP))
    await wire.until(481)
    assert sum(isinstance(event, CallEnded) for event in running.seen) == 1


async def test_keys_arrive_by_info(running: Exchange, wire: Wire):
    first, answer = await answered(running, wire)
    body = "Signal=5\r\nDuration=160\r\n"
    message = inside(first, header(answer, "To"), "INFO", 2, body=body)
    wire.send(message.replace("application/sdp", "application/dtmf-relay"))
    assert (await running.event(Dtmf)).digit == "5"


async def test_a_bye_before_the_answer_is_a_caller_who_gave_up(running: Exchange, wire: Wire):
    first = invite(wire.port)
    wire.send(first)
    offered = await running.offered()
    await running.pbx.ring(offered.call_id)
    ringing = await wire.until(180)
    wire.send(inside(first, header(ringing, "To"), "BYE", 2))
    await wire.until(487)
    await running.event(CallCancelled)


async def test_a_bye_whose_tag_got_lost_still_ends_the_call(running: Exchange, wire: Wire):
    first, _ = await answered(running, wire)
    wire.send(inside(first, "<sip:112@127.0.0.1>", "BYE", 2))
    await running.event(CallEnded)


async def test_the_room_that_lets_go_at_once_waits_for_the_ack_with_its_bye(running: Exchange, wire: Wire):
    first = invite(wire.port)
    wire.send(first)
    offered = await running.offered()
    await running.pbx.answer(offered.call_id, None)
    answer = await wire.until(200)
    await running.pbx.hang_up(offered.call_id, "agent_released")
    await running.event(CallEnded)
    wire.send(inside(first, header(answer, "To"), "ACK", 1))
    while not (data := await wire.receive()).startswith(b"BYE "):
        assert data.startswith(b"SIP/2.0 200 ")
    assert header(data, "CSeq") == "1 BYE"
    assert header(data, "To") == next(line[6:] for line in first.split("\r\n") if line.startswith("From:"))


async def test_requests_of_ours_follow_the_recorded_route_but_never_leave_the_peers(
    running: Exchange, wire: Wire
):
    route = f"Record-Route: <sip:127.0.0.1:{wire.port};lr>\r\n"
    _, _ = await answered(running, wire, contact="Contact: <sip:caller@198.51.100.9>", extra=route)
    await running.pbx.hang_up(running.pbx.calls()[0].call_id, "agent_released")
    bye = await wire.receive()
    assert bye.startswith(b"BYE sip:caller@198.51.100.9 SIP/2.0\r\n")
    assert header(bye, "Route") == f"<sip:127.0.0.1:{wire.port};lr>"


async def test_a_contact_outside_the_peers_is_answered_where_the_call_came_from(
    running: Exchange, wire: Wire
):
    await answered(running, wire, contact="Contact: <sip:caller@198.51.100.9>")
    await running.pbx.hang_up(running.pbx.calls()[0].call_id, "agent_released")
    assert (await wire.receive()).startswith(b"BYE sip:caller@198.51.100.9 ")


async def test_nobody_needs_to_tell_the_exchange_to_ring(running: Exchange, wire: Wire):
    wire.send(invite(wire.port))
    await wire.until(180, timeout=1.5)


async def test_no_words_of_a_message_reach_the_log(
    running: Exchange, wire: Wire, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    def broken(transaction: ServerTransaction) -> None:
        raise ValueError(transaction.request.get("from"))

    monkeypatch.setattr(running.pbx.trunk, "_on_invite", broken)
    wire.send(invite(wire.port, sender='From: "RAHASIA" <sip:+62812RAHASIA@h>;tag=1'))
    await wire.until(500)
    await asyncio.sleep(0)
    assert caplog.records
    assert "RAHASIA" not in "".join(str(vars(record)) for record in caplog.records)


async def test_an_offer_that_cannot_be_read_at_all_still_rings(
    running: Exchange, wire: Wire, monkeypatch: pytest.MonkeyPatch
):
    def broken(*_: object) -> None:
        raise RuntimeError("nobody thought of this")

    monkeypatch.setattr(conveyance, "locations", broken)
    wire.send(invite(wire.port))
    offered = await running.offered()
    assert (offered.number, offered.raw["flags"]) == (None, ["unread"])
    await wire.until(180, timeout=2.0)


async def test_a_changed_description_is_confirmed_until_its_ack(running: Exchange, wire: Wire):
    first, answer = await answered(running, wire)
    to = header(answer, "To")
    wire.send(inside(first, to, "INVITE", 2, body=SDP))
    changed = await wire.until(200)
    assert await wire.until(200, timeout=1.0) == changed
    wire.send(inside(first, to, "ACK", 2))
    assert await wire.quiet(1.3)


async def test_an_answer_nobody_confirmed_is_repeated_by_the_next_process(tmp_path: Path):
    async with exchange(tmp_path) as before:
        address = before.pbx.sip_address
        with Wire(address) as wire:
            first = invite(wire.port)
            wire.send(first)
            offered = await before.offered()
            await before.pbx.answer(offered.call_id, None)
            answer = await wire.until(200)
            await before.pbx.stop()
            async with exchange(tmp_path, sip_port=address[1]) as after:
                assert await wire.until(200) == answer
                assert await wire.until(200) == answer
                wire.send(inside(first, header(answer, "To"), "ACK", 1))
                await after.event(CallAnswered, offered.call_id)
                wire.send(inside(first, header(answer, "To"), "BYE", 2))
                await after.event(CallEnded, offered.call_id)


@pytest.mark.parametrize("who", ["room", "caller"])
async def test_a_call_that_ends_while_its_answer_waits_for_a_prack_gets_a_final_answer(
    who: str, running: Exchange, wire: Wire
):
    first = invite(wire.port, extra="Supported: 100rel\r\n")
    wire.send(first)
    offered = await running.offered()
    await running.pbx.announce(offered.call_id, "queue")
    early = await wire.until(183)
    await running.pbx.answer(offered.call_id, None)
    if who == "room":
        await running.pbx.hang_up(offered.call_id, "agent_released")
        await wire.until(480)
    else:
        wire.send(inside(first, header(early, "To"), "BYE", 2))
        await wire.until(487)
    await running.event(CallEnded)
