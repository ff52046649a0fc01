"""What voice hands over becomes calls, seats and callbacks: once each, whatever the order."""

from datetime import timedelta
from itertools import permutations
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import AsyncConnection

from sigap.calls import follow, store
from sigap.calls.model import Call, CallbackState, NotYetKnown, NumberClass, RecordingState, SeatState, State
from sigap.journal import store as journal
from sigap.kernel.clock import ManualClock
from sigap.kernel.ids import new_id
from sigap.kernel.problems import Denied
from tests.calls.speaking import Voice, offer
from tests.conftest import START
from tests.people import agent

HER = agent().account_id


@pytest.fixture
def voice(clock: ManualClock) -> Voice:
    return Voice(clock)


async def kinds(conn: AsyncConnection, subject: object) -> list[str]:
    return [entry.kind for entry in await journal.about(conn, [str(subject)])]


async def test_a_call_is_followed_from_ring_to_end(conn: AsyncConnection, voice: Voice) -> None:
    call_id = await voice.answered(conn, HER)
    await voice.tells(conn, "recording_started", call_id=call_id, file="2026/03/01/x.wav")
    voice.clock.tick(seconds=40)
    await voice.tells(
        conn, "call_ended", call_id=call_id, cause="caller_released", by="caller", sip_code=None
    )
    await voice.tells(
        conn,
        "recording_stopped",
        call_id=call_id,
        file="2026/03/01/x.wav",
        sha256="0" * 64,
        seconds=40.0,
        gaps=[],
    )
    call = await store.get(conn, call_id)
    assert call.state == State.WRAP_UP
    assert call.offered_at == START
    assert call.answered_at == START + timedelta(seconds=4)
    assert (call.seat, call.account_id, call.end_cause) == ("meja-1", HER, "caller_released")
    assert (call.recording_state, call.recording_s) == (RecordingState.STORED, 40.0)
    assert await kinds(conn, call_id) == [
        "call.offered",
        "call.alerted",
        "call.answered",
        "recording.started",
        "call.ended",
        "recording.stopped",
    ]


async def test_a_fact_handed_over_twice_is_taken_once(conn: AsyncConnection, voice: Voice) -> None:
    call_id = await voice.answered(conn, HER)
    before = await store.get(conn, call_id)
    assert await voice.hands(conn) == len(voice.said)
    assert await store.get(conn, call_id) == before
    assert len(await kinds(conn, call_id)) == 3


async def test_any_order_tells_the_same_call(conn: AsyncConnection, clock: ManualClock) -> None:
    at = clock.now()
    clock.tick(seconds=60)
    told = [
        ("call_offered", 0, offer("081299")),
        ("call_queued", 1, {"position": 1}),
        ("call_alerted", 3, {"seat": "meja-2"}),
        ("call_answered", 5, {"seat": "meja-2", "account_id": HER}),
        ("call_ended", 9, {"cause": "agent_released", "by": "agent", "sip_code": None}),
    ]
    seen: set[str] = set()
    for order in permutations(range(len(told))):
        node = Voice(clock, node=f"node-{order}")
        call_id = new_id()
        for kind, second, body in told:
            node.says(kind, at=at + timedelta(seconds=second), call_id=call_id, **body)
        for index in order:
            await node.hands(conn, node.said[index])
        call = await store.get(conn, call_id)
        seen.add(
            repr([getattr(call, name) for name in Call.__slots__ if name not in ("id", "rev", "repeat_24h")])
        )
    assert len(seen) == 1


async def test_the_waiting_state_follows_voices_clock_not_our_order(
    conn: AsyncConnection, voice: Voice
) -> None:
    call_id = await voice.rings(conn)
    alerted = voice.says("call_alerted", call_id=call_id, seat="meja-1")
    voice.clock.tick(seconds=8)
    await voice.tells(conn, "call_queued", call_id=call_id, position=1)
    await voice.hands(conn, alerted)
    assert (await store.get(conn, call_id)).state == State.QUEUED


async def test_a_resumed_call_keeps_its_first_answer(conn: AsyncConnection, voice: Voice) -> None:
    call_id = await voice.answered(conn, HER)
    first = (await store.get(conn, call_id)).answered_at
    voice.clock.tick(seconds=20)
    await voice.tells(conn, "call_seat_lost", call_id=call_id, seat="meja-1")
    await voice.tells(conn, "call_answered", call_id=call_id, seat="meja-3", account_id=None)
    call = await store.get(conn, call_id)
    assert (call.answered_at, call.seat, call.state) == (first, "meja-3", State.ANSWERED)


@pytest.mark.parametrize(
    ("waited_s", "number", "due"), [(6, "0812", True), (3, "0812", False), (60, None, False)]
)
async def test_a_lost_caller_is_called_back_if_that_is_possible(
    conn: AsyncConnection, voice: Voice, waited_s: float, number: str | None, due: bool
) -> None:
    call_id = await voice.rings(conn, number)
    voice.clock.tick(seconds=waited_s)
    await voice.tells(conn, "call_abandoned", call_id=call_id, stage="queue", waited_s=waited_s)
    await voice.tells(conn, "call_ended", call_id=call_id, cause="abandoned_queue", by="caller", sip_code=487)
    call, callback = await store.get(conn, call_id), await store.callback_of(conn, call_id)
    assert (call.state, call.end_cause) == (State.CLOSED, "abandoned_queue")
    assert (callback is not None) == due
    if callback is not None:
        assert callback.state == CallbackState.DUE
        assert callback.due_at == voice.clock.now() + timedelta(minutes=3)


async def test_a_caller_who_gets_through_needs_no_callback(conn: AsyncConnection, voice: Voice) -> None:
    lost = await voice.rings(conn, "0813")
    voice.clock.tick(seconds=20)
    await voice.tells(conn, "call_abandoned", call_id=lost, stage="alerting", waited_s=20.0)
    await voice.answered(conn, HER, "0813")
    callback = await store.callback_of(conn, lost)
    assert callback is not None
    assert (callback.state, callback.outcome) == (CallbackState.SKIPPED, "got_through")


async def test_a_lost_call_told_after_the_next_was_answered_asks_for_nothing(
    conn: AsyncConnection, voice: Voice
) -> None:
    lost = new_id()
    offered = voice.says("call_offered", call_id=lost, **offer("0814"))
    voice.clock.tick(seconds=20)
    abandoned = voice.says("call_abandoned", call_id=lost, stage="queue", waited_s=20.0)
    await voice.answered(conn, HER, "0814")
    await voice.hands(conn, abandoned, offered)
    callback = await store.callback_of(conn, lost)
    assert callback is not None
    assert (callback.state, callback.rev) == (CallbackState.SKIPPED, 1)


async def test_a_spool_replayed_after_weeks_is_history_not_work(conn: AsyncConnection, voice: Voice) -> None:
    call_id = new_id()
    voice.says("call_offered", call_id=call_id, **offer("0815"))
    voice.clock.tick(seconds=30)
    happened = voice.clock.now()
    voice.says("call_abandoned", call_id=call_id, stage="queue", waited_s=30.0)
    voice.clock.tick(seconds=21 * 86400)
    await voice.hands(conn)
    entry = (await journal.about(conn, [str(call_id)]))[-1]
    assert (entry.occurred_at, entry.recorded_at) == (happened, voice.clock.now())
    callback = await store.callback_of(conn, call_id)
    assert callback is not None
    assert (callback.state, callback.outcome) == (CallbackState.SKIPPED, "too_late")


async def test_a_repeated_number_is_counted_within_a_day(conn: AsyncConnection, voice: Voice) -> None:
    for _ in range(3):
        last = await voice.rings(conn, "0816")
        voice.clock.tick(seconds=60)
    assert (await store.get(conn, last)).repeat_24h == 2
    voice.clock.tick(seconds=86400)
    assert (await store.get(conn, await voice.rings(conn, "0816"))).repeat_24h == 0


async def test_what_the_trunk_sent_is_kept_as_it_came(conn: AsyncConnection, voice: Voice) -> None:
    raw = {
        "headers": {"From": ["\x00\udc80<sip:x@y>"]},
        "parts": [{"content_type": "text/plain", "text": "a\x00b"}],
    }
    evidence = [{"source": "geo_uri", "lon": 106.5, "lat": -6.1, "uncertainty_m": float("nan")}]
    call_id = new_id()
    fact = offer("0817") | {"raw": raw, "evidence": evidence}
    await voice.tells(conn, "call_offered", call_id=call_id, **fact)
    cursor = await conn.execute("SELECT raw FROM call_raw WHERE call_id = %s", (call_id,))
    row = await cursor.fetchone()
    assert row is not None
    assert row[0]["headers"]["From"] == ["\\x00\\udc80<sip:x@y>"]
    assert (await store.get(conn, call_id)).evidence == [evidence[0] | {"uncertainty_m": None}]


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "call_transferred_to_the_moon"},
        {"kind": "call_answered", "seat": "meja-1"},
        {"kind": "seat_state", "seat": "meja-1", "state": "asleep"},
        {"kind": "recording_stopped", "call_id": str(uuid4()), "file": "x", "sha256": "short", "seconds": 1},
    ],
)
async def test_a_fact_that_means_nothing_holds_nothing_up(
    conn: AsyncConnection, voice: Voice, body: dict[str, Any]
) -> None:
    voice.says(**body)
    call_id = new_id()
    voice.says("call_offered", call_id=call_id, **offer(None))
    assert await voice.hands(conn) == 2
    assert (await store.get(conn, call_id)).state == State.OFFERED
    cursor = await conn.execute(
        "SELECT trouble IS NOT NULL FROM voice_fact WHERE node = 'node-1' ORDER BY voice_seq"
    )
    assert await cursor.fetchall() == [(True,), (False,)]
    assert await kinds(conn, "node-1") == ["voice.fact_refused"]


async def test_calls_that_voice_did_not_bring_back_have_ended(conn: AsyncConnection, voice: Voice) -> None:
    kept, gone = await voice.answered(conn, HER), await voice.rings(conn)
    voice.clock.tick(seconds=5)
    await voice.tells(conn, "voice_started", restored=[str(kept)])
    assert (await store.get(conn, kept)).state == State.ANSWERED
    assert (await store.get(conn, gone)).end_cause == "lost"
    await voice.tells(conn, "call_ended", call_id=gone, cause="caller_released", by="caller", sip_code=None)
    assert (await store.get(conn, gone)).end_cause == "caller_released"


async def test_a_seat_follows_voice_and_ignores_older_news(conn: AsyncConnection, voice: Voice) -> None:
    await voice.tells(conn, "seat_signed_in", seat="meja-1", account_id=HER)
    old = voice.says("seat_state", seat="meja-1", state="not_ready", reason="break", account_id=HER)
    voice.clock.tick(seconds=3)
    await voice.tells(conn, "seat_state", seat="meja-1", state="ready", reason=None, account_id=HER)
    await voice.hands(conn, old)
    (seat,) = await store.seats(conn)
    assert (seat.id, seat.state, seat.account_id, seat.rev) == ("meja-1", SeatState.READY, HER, 2)
    await voice.tells(conn, "seat_signed_out", seat="meja-1", why="left", account_id=HER)
    (seat,) = await store.seats(conn)
    assert (seat.state, seat.account_id) == (SeatState.SIGNED_OUT, None)
    assert (await kinds(conn, "meja-1"))[0] == "seat.signed_in"


async def test_only_voice_hands_facts_over(conn: AsyncConnection, voice: Voice) -> None:
    with pytest.raises(Denied):
        await follow.take_facts(conn, node="x", handed=[], by=agent(), clock=voice.clock)


async def test_an_unknown_call_is_not_yet_known(conn: AsyncConnection) -> None:
    with pytest.raises(NotYetKnown):
        await store.get(conn, new_id())


async def test_a_call_comes_back_from_the_database_with_its_types(
    conn: AsyncConnection, voice: Voice
) -> None:
    call = await store.get(conn, await voice.answered(conn, HER))
    kept = (call.state, call.number_class, call.recording_state, call.id)
    assert [type(value) for value in kept] == [State, NumberClass, RecordingState, UUID]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=20,
)
KINDS = st.sampled_from(
    [
        "call_offered",
        "call_alerted",
        "call_queued",
        "call_answered",
        "call_abandoned",
        "call_ended",
        "recording_stopped",
        "seat_state",
        "seat_signed_in",
        "ring_missed",
        "voice_started",
        "voice_alarm",
    ]
)
FIELDS = [
    *offer("1"),
    "raw",
    "seat",
    "call_id",
    "position",
    "stage",
    "waited_s",
    "cause",
    "restored",
    "state",
    "seconds",
]


@given(kind=KINDS, body=st.dictionaries(st.sampled_from(FIELDS), json_values))
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_no_fact_stops_the_spool(
    conn: AsyncConnection, clock: ManualClock, kind: str, body: dict[str, Any]
) -> None:
    voice = Voice(clock, node=str(new_id()))
    known = new_id()
    told: dict[str, Any] = {"call_id": known, "seat": "meja-1"} | body
    fact = voice.says(kind, **told)
    assert await voice.hands(conn, fact) == fact.voice_seq
    cursor = await conn.execute("SELECT count(*) FROM voice_fact WHERE node = %s", (voice.node,))
    assert await cursor.fetchone() == (1,)
