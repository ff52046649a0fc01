"""The seats' socket with the real queue and spool behind it, on a fake exchange."""

import asyncio
import json
import wave
from pathlib import Path

import httpx
import numpy as np
import pytest
from websockets.exceptions import InvalidStatus

from sigap.voice.pbx import FRAME, PbxDown
from tests.voice.seat_client import Client, Keys, Room, call_of, room


@pytest.fixture
async def desk(tmp_path: Path):
    async with room(tmp_path) as running:
        yield running


async def talking(desk: Room, client: Client):
    call_id = desk.pbx.rings("+6281200000001")
    await client.until("ring")
    await client.say("answer_call", call_id=str(call_id))
    await client.until("answered")
    return call_id


async def test_a_call_rings_is_answered_and_ended_by_the_caller(desk: Room):
    async with desk.seat("meja-1") as seat:
        call_id = desk.pbx.rings("+6281200000001")
        ring = await seat.until("ring")
        assert call_of(ring) == call_id
        assert ring["call"]["number"] == "+6281200000001"
        assert ring["call"]["number_class"] == "usable"
        assert ring["ring_s"] == 8.0
        await seat.say("answer_call", call_id=str(call_id))
        answered = await seat.until("answered")
        assert (answered["call_id"], answered["resumed"]) == (str(call_id), False)
        assert answered["answered_at"].endswith("Z")
        assert (await seat.until("recording"))["state"] == "recording"
        desk.pbx.caller_hangs_up(call_id)
        ended = await seat.until("ended")
        assert (ended["cause"], ended["by"]) == ("caller_released", "caller")
        await seat.until("seat", state="wrap_up")
        await seat.say("wrap_up_done")
        await seat.until("seat", state="ready")
    kinds = [str(fact["kind"]) for fact in desk.spool.pending() if fact.get("call_id") == str(call_id)]
    assert kinds[:3] == ["call_offered", "call_alerted", "call_answered"]
    assert sorted(kinds[3:]) == ["call_ended", "recording_started", "recording_stopped"]
    numbers = [int(str(fact["voice_seq"])) for fact in desk.spool.pending()]
    assert numbers == sorted(numbers)


async def test_answered_is_shown_only_when_it_is_on_disk(desk: Room, tmp_path: Path):
    async with desk.seat("meja-1") as seat:
        call_id = await talking(desk, seat)
        lines = (tmp_path / "spool" / "facts.jsonl").read_text().splitlines()
        assert any(str(call_id) in line and "call_answered" in line for line in lines)


async def test_the_operator_hangs_up(desk: Room):
    async with desk.seat("meja-1") as seat:
        call_id = await talking(desk, seat)
        await seat.say("hang_up", call_id=str(call_id))
        ended = await seat.until("ended")
        assert (ended["cause"], ended["by"]) == ("agent_released", "agent")
        await desk.settled(lambda: not desk.pbx.calls())


async def test_several_seats_race_and_exactly_one_wins(tmp_path: Path):
    async with (
        room(tmp_path, snapshot="none") as desk,
        desk.seat("meja-1") as one,
        desk.seat("meja-2") as two,
    ):
        async with desk.seat("meja-3") as three:
            seats = [one, two, three]
            for _ in range(10):
                call_id = desk.pbx.rings("+628111")
                await asyncio.gather(*(seat.until("ring") for seat in seats))
                await asyncio.gather(*(seat.say("answer_call", call_id=str(call_id)) for seat in seats))
                outcomes = await asyncio.gather(*(outcome(seat, str(call_id)) for seat in seats))
                assert sorted(outcomes) == ["answered", "call.taken", "call.taken"]
                desk.pbx.caller_hangs_up(call_id)
                winner = seats[outcomes.index("answered")]
                await winner.until("ended")
                await winner.say("wrap_up_done")
                await winner.until("seat", state="ready")
        assert len(desk.facts("call_answered")) == 10


async def outcome(seat: Client, call_id: str) -> str:
    while True:
        message = json.loads(await asyncio.wait_for(seat.socket.recv(), 3))
        if message.get("call_id") == call_id and message["type"] == "answered":
            return "answered"
        if message["type"] == "error" and message["call_id"] == call_id:
            return message["code"]


async def test_a_failed_answer_goes_to_the_next_seat(desk: Room):
    async with desk.seat("meja-1") as one, desk.seat("meja-2") as two:
        call_id = desk.pbx.rings("+628111")
        await one.until("ring")
        desk.pbx.fail_next = PbxDown("no port left")
        await one.say("answer_call", call_id=str(call_id))
        assert (await one.until("error"))["code"] == "call.answer_failed"
        await two.until("ring")
        await two.say("answer_call", call_id=str(call_id))
        await two.until("answered")


async def test_a_caller_who_gives_up_while_it_rings(desk: Room):
    async with desk.seat("meja-1") as seat:
        call_id = desk.pbx.rings(None)
        assert (await seat.until("ring"))["call"]["number"] is None
        desk.pbx.caller_hangs_up(call_id)
        assert (await seat.until("ring_cancelled"))["why"] == "abandoned"
        await seat.say("answer_call", call_id=str(call_id))
        assert (await seat.until("error"))["code"] == "call.gone"
    assert desk.facts("call_abandoned")[0]["stage"] == "alerting"


async def test_nobody_there_the_caller_is_rung_announced_and_kept(tmp_path: Path):
    async with room(tmp_path, snapshot={"announce_after_s": 0.1}) as desk:
        call_id = desk.pbx.rings("+628111")
        await desk.settled(lambda: desk.pbx.heard(call_id) == ["queue"])
        assert [name for name, _ in desk.pbx.commands] == ["ring", "announce"]
        async with desk.seat("meja-1") as seat:
            alarms = [message for message in seat.heard if message["type"] == "alarm"]
            assert [alarm["what"] for alarm in alarms] == ["nobody_ready"]
            await seat.until("ring")
            await seat.until("alarm_cleared", what="nobody_ready")


async def test_a_reload_keeps_the_caller_and_gives_the_call_back(desk: Room):
    async with desk.seat("meja-1", "sari", ready=True) as seat, desk.seat("meja-2"):
        call_id = await talking(desk, seat)
    assert call_id in {call.call_id for call in desk.pbx.calls()}
    await desk.settled(lambda: desk.pbx.heard(call_id) == ["hold …"])
    assert desk.pbx.calls()[0].legs == ()
    async with desk.seat("meja-1", "sari", ready=False, resume=str(call_id)) as again:
        welcome = next(message for message in again.heard if message["type"] == "welcome")
        assert welcome["current_call"]["call_id"] == str(call_id)
        assert (await again.until("answered"))["resumed"] is True
        assert desk.pbx.heard(call_id)[-1] == "-"
        assert len(desk.pbx.calls()[0].legs) == 1
    await desk.settled(
        lambda: [fact["seat"] for fact in desk.facts("call_seat_lost")] == ["meja-1", "meja-1"]
    )


async def test_a_taken_seat_is_asked_for_and_then_given(desk: Room):
    async with desk.seat("meja-1", "sari", simulated=True) as first, desk.socket() as second:
        await second.say("hello", token=desk.keys.token("robot", simulated=True), seat="meja-1", media="none")
        refusal = await second.until("error")
        assert (refusal["code"], refusal["by"]["username"]) == ("seat.taken", "sari")
        assert await second.close_code() == 4009
        async with desk.seat("meja-1", "robot", take_over=True):
            assert (await first.until("displaced"))["by"]["username"] == "robot"
            assert await first.close_code() == 4001
    assert [fact["account_id"] for fact in desk.facts("seat_signed_in")] == ["id-sari", "id-robot"]


async def test_a_person_displaces_a_simulated_colleague_and_never_the_other_way(desk: Room):
    async with desk.seat("meja-1", "robot") as robot, desk.socket() as person:
        await person.say("hello", token=desk.keys.token("sari"), seat="meja-1", media="webrtc")
        await person.until("welcome")
        assert await robot.close_code() == 4001
        async with desk.socket() as back:
            token = desk.keys.token("robot", simulated=True)
            await back.say("hello", token=token, seat="meja-1", media="none", take_over=True)
            assert (await back.until("error"))["code"] == "seat.taken"


async def test_signing_out_frees_the_seat_at_once(desk: Room):
    async with desk.seat("meja-1") as seat:
        await seat.say("sign_out")
        assert await seat.close_code() == 1000
    await desk.settled(lambda: desk.facts("seat_signed_out"))
    assert desk.facts("seat_signed_out")[0]["why"] == "left"


REFUSED_TOKENS = {
    "expired": lambda keys: keys.token("sari", ttl_s=-3600),
    "bad_signature": lambda keys: Keys(keys.folder / "other").token("sari"),
    "not_for_seats": lambda keys: keys.token("sari", perms=["report.read"]),
    "unreadable": lambda keys: "abc.def.ghi",
}


@pytest.mark.parametrize("why", REFUSED_TOKENS)
async def test_a_token_that_opens_no_seat(desk: Room, why: str):
    async with desk.socket() as client:
        await client.say("hello", token=REFUSED_TOKENS[why](desk.keys), seat="meja-1")
        refusal = await client.until("error")
        assert (refusal["code"], refusal["why"]) == ("token.refused", why)
        assert await client.close_code() == 4003


async def test_silence_is_only_for_simulated_colleagues_and_seats_only_as_named(desk: Room):
    async with desk.socket() as client:
        await client.say("hello", token=desk.keys.token("sari"), seat="meja-1", media="none")
        assert (await client.until("error"))["code"] == "media.none_not_allowed"
    async with desk.socket() as client:
        await client.say("hello", token=desk.keys.token("sari", seats=["meja-2"]), seat="meja-1")
        assert (await client.until("error"))["code"] == "seat.not_allowed"
    assert desk.facts("seat_signed_in") == []


BAD = [
    (b"\x00\xff", "message.not_json"),
    ("{", "message.not_json"),
    ("[1]", "message.not_json"),
    ("[" * 50_000, "message.not_json"),
    ('{"type":"dance"}', "message.unknown_type"),
    ('{"type":["x"]}', "message.unknown_type"),
    ("{}", "message.unknown_type"),
    ('{"type":"answer_call"}', "message.invalid"),
    ('{"type":"answer_call","call_id":"x"}', "message.invalid"),
    ('{"type":"answer_call","call_id":7}', "message.invalid"),
    ('{"type":"not_ready","reason":"<b>"}', "message.invalid"),
    ('{"type":"not_ready","reason":"DROP"}', "message.invalid"),
    ('{"type":"candidate","candidate":3}', "message.invalid"),
    ('{"type":"offer","sdp":""}', "message.invalid"),
    ('{"type":"hello","token":"x","seat":"meja-1"}', "message.invalid"),
    ('{"type":"answer_call","call_id":"01890a5d-ac96-774b-bcce-b302099a8057"}', "call.gone"),
    ('{"type":"hang_up","call_id":"01890a5d-ac96-774b-bcce-b302099a8057"}', "call.gone"),
]


@pytest.mark.parametrize(("text", "code"), BAD)
async def test_what_is_not_understood_gets_an_error_and_the_seat_works_on(
    desk: Room, text: str | bytes, code: str
):
    async with desk.seat("meja-1") as seat:
        await seat.socket.send(text)
        assert (await seat.until("error"))["code"] == code
        await seat.say("ping", t=5)
        assert (await seat.until("pong"))["t"] == 5


async def test_an_error_repeats_the_id_it_is_about(desk: Room):
    async with desk.seat("meja-1") as seat:
        await seat.say("answer_call", id="k1", call_id="01890a5d-ac96-774b-bcce-b302099a8057")
        error = await seat.until("error")
        assert (error["re"], error["about"]) == ("k1", "answer_call")


async def test_unusable_sound_offers_are_refused(desk: Room):
    async with desk.socket() as client:
        await client.say("hello", token=desk.keys.token("sari"), seat="meja-1")
        await client.until("welcome")
        for sdp in (
            "nonsense",
            "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n",
            "v=0\r\nm=audio 9 RTP/AVP 0\r\n",
        ):
            await client.say("offer", sdp=sdp)
            assert (await client.until("error"))["code"] == "media.bad_offer"
        await client.say("ready")
        assert (await client.until("seat"))["reason"] == "connecting"


async def test_a_message_too_large_closes_only_that_seat(desk: Room):
    async with desk.seat("meja-1") as one, desk.seat("meja-2") as two:
        await one.socket.send('{"type":"offer","sdp":"' + "x" * 70_000 + '"}')
        assert await one.close_code() == 1009
        await two.say("ping")
        await two.until("pong")


async def test_something_before_hello_is_refused(desk: Room):
    async with desk.socket() as client:
        await client.say("ready")
        assert (await client.until("error"))["code"] == "hello.expected"
        assert await client.close_code() == 4002


async def test_pages_of_other_sites_are_refused(desk: Room):
    for origin, let_in in [
        ("http://dispatch.localhost:8112", True),
        ("http://127.0.0.1:8112", True),
        ("https://evil.example", False),
        ("http://localhost.evil.example", False),
        ("null", False),
        ("http://[", False),
    ]:
        if let_in:
            async with desk.socket(additional_headers={"Origin": origin}) as client:
                await client.say("ready")
                await client.until("error")
        else:
            with pytest.raises(InvalidStatus) as refused:
                async with desk.socket(additional_headers={"Origin": origin}):
                    pass
            assert refused.value.response.status_code == 403


async def test_health_is_plain_http_on_the_same_port(desk: Room):
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.get(f"http://127.0.0.1:{desk.port}/healthz")
        assert (answer.status_code, answer.json()) == (200, {"node": "test"})
        assert answer.headers["content-type"] == "application/json"
        assert (await http.get(f"http://127.0.0.1:{desk.port}/secrets")).status_code == 404


async def test_a_seat_that_does_not_read_is_dropped_and_the_others_work_on(desk: Room):
    async with desk.socket(max_queue=1, ping_interval=None) as slow, desk.seat("meja-2") as quick:
        await slow.say("hello", token=desk.keys.token("slow", simulated=True), seat="meja-1", media="none")
        await slow.until("welcome")
        await slow.say("ready")
        await slow.until("seat", state="ready")
        slow.socket.transport.pause_reading()
        await slow.say("not_ready", reason="meal")
        for _ in range(60):
            desk.server.tell("meja-1", {"type": "alarm", "what": "x", "detail": "y" * 50_000})
        await desk.settled(lambda: desk.facts("seat_state")[-1]["state"] == "lost", within_s=8)
        await quick.say("ping")
        await quick.until("pong")


async def test_of_many_views_of_the_room_only_the_last_is_kept(desk: Room):
    async with desk.seat("meja-1") as seat:
        for number in range(500):
            desk.server.broadcast({"type": "queue", "waiting": [], "seats": [], "number": number})
        desk.server.tell("meja-1", {"type": "pong", "t": "end"})
        await seat.until("queue", number=499)
        shown = [message["number"] for message in seat.heard if "number" in message]
        assert len(shown) < 10


async def test_a_simulated_colleague_is_heard(desk: Room, tmp_path: Path):
    voice = (np.sin(np.arange(8000) * 2 * np.pi * 440 / 8000) * 8000).astype(np.int16)
    with wave.open(str(tmp_path / "meja-1.wav"), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(voice.tobytes())
    async with desk.seat("meja-1") as seat:
        call_id = await talking(desk, seat)
        heard = [desk.pbx.caller_says(call_id, np.zeros(FRAME, np.int16)) for _ in range(50)]
    assert np.array_equal(np.concatenate(heard), voice)


async def test_after_a_crash_the_call_waits_for_its_seat(tmp_path: Path):
    async with room(tmp_path) as desk:
        async with desk.seat("meja-1", "sari") as seat:
            call_id = await talking(desk, seat)
            await asyncio.sleep(0.2)
        pbx = desk.pbx
        pbx.crashes()
    async with room(tmp_path, pbx=pbx) as again:
        assert again.facts("voice_started")[-1]["restored"] == [str(call_id)]
        again.keys.private = desk.keys.private
        Keys(tmp_path / "keys", desk.keys.private)
        async with again.seat("meja-1", "sari", ready=False, resume=str(call_id)) as seat:
            assert (await seat.until("answered"))["resumed"] is True
            await seat.say("hang_up", call_id=str(call_id))
            await seat.until("ended")
            await seat.say("wrap_up_done")
            await seat.until("seat", state="ready")


async def test_a_broken_event_stops_nobody_else(desk: Room):
    def breaks(now: float):
        raise RuntimeError("a defect")

    async with desk.seat("meja-1") as seat:
        desk.runner.post(breaks)
        assert (await seat.until("alarm"))["what"] == "queue_step_failed"
        assert desk.facts("voice_alarm")[-1]["what"] == "queue_step_failed"
        await talking(desk, seat)


async def test_an_alarm_about_one_moment_goes_by_itself(desk: Room):
    desk.runner.alarm_stands_s = 0.5
    async with desk.seat("meja-1") as seat:
        desk.runner.say_for_a_while("tick_late", "29 ms")
        await seat.until("alarm", what="tick_late")
        await seat.until("alarm_cleared", what="tick_late", within_s=5)


async def test_a_call_the_queue_never_heard_of_is_taken_up(desk: Room):
    async with desk.seat("meja-1") as seat:
        call_id = desk.pbx.rings("+628111")
        desk.pbx._events.get_nowait()  # the report gets lost
        ring = await seat.until("ring", within_s=8)
        assert call_of(ring) == call_id


async def test_without_a_voice_of_its_own_a_colleague_says_the_usual(desk: Room):
    async with desk.seat("meja-2") as seat:
        call_id = await talking(desk, seat)
        heard = np.concatenate([desk.pbx.caller_says(call_id, np.zeros(FRAME, np.int16)) for _ in range(250)])
    assert not heard[: 8000 // 4].any()
    assert np.abs(heard).max() > 2000
