"""Following voice: each fact it hands over, once, becomes one journal entry and what follows from it.

Apart from actions.py because these are not verbs of people: nothing here can be refused. Facts may come twice, late
and in any order; a call's row says the same whatever the order was.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from psycopg import AsyncConnection, DataError, IntegrityError
from pydantic import ValidationError

from sigap.calls import events, facts, store
from sigap.calls.model import (
    CALLBACK_AFTER_S,
    CALLBACK_DUE_S,
    CALLBACK_STALE_S,
    Call,
    Callback,
    CallbackState,
    NumberClass,
    RecordingState,
    Seat,
    SeatState,
    State,
)
from sigap.identity.model import Actor
from sigap.journal.model import Event, Row
from sigap.journal.writer import append
from sigap.kernel.clock import Clock
from sigap.kernel.ids import new_id

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """One fact as voice numbered it; `body` is everything it said."""

    voice_seq: int
    at: datetime
    kind: str
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Step:
    """Where a fact is taken: the connection, which node speaks, and when we hear it."""

    conn: AsyncConnection
    node: str
    now: datetime


type _Result = tuple[Event, Sequence[Row]]


async def take_facts(
    conn: AsyncConnection, *, node: str, handed: Sequence[Handed], by: Actor, clock: Clock
) -> int:
    """Take a batch in its order; returns the number through which the node may forget. Repeating it is harmless."""
    by.require("voice.report")
    known = await store.taken(conn, node, [fact.voice_seq for fact in handed])
    for fact in handed:
        if fact.voice_seq in known:
            continue
        try:
            await _take(conn, node, fact, by, clock.now())
        except (ValidationError, DataError, IntegrityError, ValueError) as trouble:
            await _refuse(conn, node, fact, trouble, by, clock.now())
    if handed:
        return max(fact.voice_seq for fact in handed)
    return await store.highest_taken(conn, node)


async def _take(conn: AsyncConnection, node: str, handed: Handed, by: Actor, now: datetime) -> None:
    fact = facts.read(handed.body)
    call_id = getattr(fact, "call_id", None)
    async with conn.transaction():
        await store.lock_node(conn, node)
        if not await store.claim_fact(
            conn, node=node, voice_seq=fact.voice_seq, kind=fact.kind, at=fact.at, call_id=call_id, now=now
        ):
            return
        event, rows = await _FOLLOW[type(fact)](_Step(conn, node, now), fact)
        await append(conn, event, rows=rows, by=by, at=now, occurred_at=fact.at)


async def _refuse(
    conn: AsyncConnection, node: str, handed: Handed, trouble: Exception, by: Actor, now: datetime
) -> None:
    why = (
        "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['type']}" for item in trouble.errors()[:5])
        if isinstance(trouble, ValidationError)
        else type(trouble).__name__
    )
    log.error(
        "voice handed over a fact that cannot be used",
        extra={"action": "voice.fact_refused", "node": node, "voice_seq": handed.voice_seq, "why": why},
    )
    kind = facts.storable(handed.kind)
    async with conn.transaction():
        await store.lock_node(conn, node)
        if not await store.claim_fact(
            conn, node=node, voice_seq=handed.voice_seq, kind=kind, at=handed.at, call_id=None, now=now
        ):
            return
        await store.note_trouble(conn, node, handed.voice_seq, why)
        refused = events.VoiceFactRefused(node=node, voice_seq=handed.voice_seq, fact=kind, why=why)
        await append(conn, refused, by=by, at=now, occurred_at=handed.at)


# ------------------------------------------------------------ a call


async def _known(step: _Step, fact: facts.OfCall) -> Call:
    found = await store.find(step.conn, fact.call_id, lock=True)
    return found or Call.unheard_of(fact.call_id)


async def _follow(step: _Step, before: Call, **changes: Any) -> tuple[Call, list[Row]]:
    """Save the call with these changes; no row where they change nothing. A lost caller's callback comes with it."""
    after = replace(before, **changes).settled(await store.waiting_state(step.conn, before.id))
    if replace(after, rev=before.rev) == before:
        return before, []
    await store.save(step.conn, after)
    rows: list[Row] = [after]
    if callback := await _callback_for(step, after):
        await store.save_callback(step.conn, callback)
        rows.append(callback)
    return after, rows


async def _callback_for(step: _Step, call: Call) -> Callback | None:
    """The callback that an abandoned call asks for: a usable number, a real wait, and none yet."""
    lost = call.end_cause is not None and call.end_cause.startswith("abandoned") and call.answered_at is None
    if not lost or call.offered_at is None or call.ended_at is None or call.caller_number is None:
        return None
    waited_s = (call.ended_at - call.offered_at).total_seconds()
    if call.number_class != NumberClass.USABLE or waited_s < CALLBACK_AFTER_S.value:
        return None
    if await store.callback_of(step.conn, call.id) is not None:
        return None
    due = Callback(
        id=new_id(),
        call_id=call.id,
        due_at=call.ended_at + timedelta(seconds=CALLBACK_DUE_S.value),
        state=CallbackState.DUE,
        attempts=0,
        outcome=None,
        done_at=None,
        done_by=None,
        rev=1,
        number=call.caller_number,
    )
    if await store.answered_since(step.conn, call.caller_number, call.offered_at):
        return replace(due.skipped("got_through", step.now), rev=1)
    if (step.now - call.ended_at).total_seconds() > CALLBACK_STALE_S.value:
        return replace(due.skipped("too_late", step.now), rev=1)
    return due


def _first(known: datetime | None, at: datetime) -> datetime:
    return at if known is None else min(known, at)


async def _offered(step: _Step, fact: facts.Offered) -> _Result:
    before = await _known(step, fact)
    history = store.History()
    if fact.number and fact.number_class == NumberClass.USABLE:
        history = await store.history(step.conn, fact.number, before=fact.at, but=fact.call_id)
    call, rows = await _follow(
        step,
        before,
        offered_at=_first(before.offered_at, fact.at),
        trunk=fact.trunk,
        dialed_number=fact.dialed_number,
        number_class=fact.number_class,
        caller_number=fact.number,
        caller_name=fact.display_name,
        evidence=fact.evidence,
        repeat_24h=history.calls_24h,
    )
    if fact.raw:
        await store.add_raw(step.conn, call.id, fact.raw, step.now)
    if call.answered_at is not None:
        rows += await _got_through(step, call)
    event = events.CallOffered(
        call_id=call.id,
        trunk=fact.trunk,
        dialed_number=fact.dialed_number,
        number_class=fact.number_class,
        repeat_24h=call.repeat_24h,
        located=any(item.get("lon") is not None for item in fact.evidence),
    )
    return event, rows


async def _alerted(step: _Step, fact: facts.Alerted) -> _Result:
    before = await _known(step, fact)
    newest = before.answered_at is None and await store.is_newest(step.conn, fact.call_id, fact.kind, fact.at)
    seat = fact.seat if newest else before.seat
    _, rows = await _follow(step, before, alerted_at=_first(before.alerted_at, fact.at), seat=seat)
    return events.CallAlerted(call_id=fact.call_id, seat=fact.seat), rows


async def _queued(step: _Step, fact: facts.Queued) -> _Result:
    before = await _known(step, fact)
    _, rows = await _follow(step, before, queued_at=_first(before.queued_at, fact.at))
    return events.CallQueued(call_id=fact.call_id, position=fact.position), rows


async def _answered(step: _Step, fact: facts.Answered) -> _Result:
    before = await _known(step, fact)
    newest = await store.is_newest(step.conn, fact.call_id, fact.kind, fact.at)
    call, rows = await _follow(
        step,
        before,
        answered_at=_first(before.answered_at, fact.at),
        seat=fact.seat if newest else before.seat,
        account_id=fact.account_id if newest else before.account_id,
    )
    rows += await _got_through(step, call)
    answer_s = None
    if call.answered_at is not None and call.offered_at is not None:
        answer_s = round((call.answered_at - call.offered_at).total_seconds(), 3)
    event = events.CallAnswered(
        call_id=call.id,
        seat=fact.seat,
        account_id=fact.account_id,
        answer_s=answer_s,
        again=before.answered_at is not None,
    )
    return event, rows


async def _got_through(step: _Step, call: Call) -> list[Row]:
    """Callbacks that an answered call of the same number makes needless."""
    if call.caller_number is None or call.number_class != NumberClass.USABLE or call.answered_at is None:
        return []
    due = await store.lock_due(step.conn, call.caller_number, lost_before=call.answered_at)
    skipped = [callback.skipped("got_through", step.now) for callback in due]
    for callback in skipped:
        await store.save_callback(step.conn, callback)
    return list(skipped)


async def _seat_lost(step: _Step, fact: facts.SeatLost) -> _Result:
    _, rows = await _follow(step, await _known(step, fact))
    return events.CallSeatLost(call_id=fact.call_id, seat=fact.seat), rows


async def _abandoned(step: _Step, fact: facts.Abandoned) -> _Result:
    before = await _known(step, fact)
    _, rows = await _follow(
        step,
        before,
        ended_at=_first(before.ended_at, fact.at),
        end_cause=f"abandoned_{fact.stage}",
        ended_by="caller",
    )
    event = events.CallAbandoned(call_id=fact.call_id, stage=fact.stage, waited_s=fact.waited_s)
    return event, rows


async def _ended(step: _Step, fact: facts.Ended) -> _Result:
    before = await _known(step, fact)
    guessed = before.end_cause in (None, "lost")
    call, rows = await _follow(
        step,
        before,
        ended_at=fact.at if guessed else _first(before.ended_at, fact.at),
        end_cause=fact.cause if guessed else before.end_cause,
        ended_by=fact.by if guessed else before.ended_by,
    )
    talk_s = None
    if call.answered_at is not None and call.ended_at is not None:
        talk_s = round((call.ended_at - call.answered_at).total_seconds(), 3)
    event = events.CallEnded(
        call_id=call.id, cause=fact.cause, by=fact.by, sip_code=fact.sip_code, talk_s=talk_s
    )
    return event, rows


# ------------------------------------------------------------ its recording


async def _recording_started(step: _Step, fact: facts.RecordingStarted) -> _Result:
    before = await _known(step, fact)
    fresh = before.recording_state == RecordingState.NONE
    _, rows = await _follow(
        step,
        before,
        recording_state=RecordingState.RECORDING if fresh else before.recording_state,
        recording_ref=before.recording_ref or fact.file,
    )
    return events.RecordingStarted(call_id=fact.call_id), rows


async def _recording_stopped(step: _Step, fact: facts.RecordingStopped) -> _Result:
    before = await _known(step, fact)
    _, rows = await _follow(
        step,
        before,
        recording_state=RecordingState.STORED,
        recording_s=fact.seconds,
        recording_ref=fact.file,
    )
    event = events.RecordingStopped(
        call_id=fact.call_id, sha256=fact.sha256, seconds=fact.seconds, gaps=fact.gaps
    )
    return event, rows


async def _recording_failed(step: _Step, fact: facts.RecordingFailed) -> _Result:
    before = await _known(step, fact)
    stored = before.recording_state == RecordingState.STORED
    _, rows = await _follow(
        step, before, recording_state=before.recording_state if stored else RecordingState.FAILED
    )
    return events.RecordingFailed(call_id=fact.call_id, reason=fact.reason), rows


# ------------------------------------------------------------ a seat, and voice itself


async def _set_seat(step: _Step, fact: facts.OfSeat, state: SeatState, reason: str | None) -> list[Row]:
    before = await store.lock_seat(step.conn, fact.seat)
    if before is not None and fact.at < before.since:
        return []
    after = Seat(
        id=fact.seat,
        account_id=None if state == SeatState.SIGNED_OUT else fact.account_id,
        state=state,
        reason=reason,
        since=fact.at,
        rev=before.rev + 1 if before else 1,
    )
    await store.save_seat(step.conn, after)
    return [after]


async def _signed_in(step: _Step, fact: facts.SignedIn) -> _Result:
    rows = await _set_seat(step, fact, SeatState.NOT_READY, "signed_in")
    return events.SeatSignedIn(seat=fact.seat, account_id=fact.account_id), rows


async def _signed_out(step: _Step, fact: facts.SignedOut) -> _Result:
    rows = await _set_seat(step, fact, SeatState.SIGNED_OUT, None)
    return events.SeatSignedOut(seat=fact.seat, account_id=fact.account_id, why=fact.why), rows


async def _seat_says(step: _Step, fact: facts.SeatSays) -> _Result:
    rows = await _set_seat(step, fact, fact.state, fact.reason)
    event = events.SeatStateSet(
        seat=fact.seat, state=fact.state, reason=fact.reason, account_id=fact.account_id
    )
    return event, rows


async def _ring_missed(step: _Step, fact: facts.RingMissed) -> _Result:
    return events.SeatRingMissed(seat=fact.seat, call_id=fact.call_id), []


async def _started(step: _Step, fact: facts.Started) -> _Result:
    """Calls that the node had and did not bring back ended while it was down: nobody knows when."""
    running = await store.lock_running(step.conn, offered_before=fact.at, node=step.node)
    lost = [
        replace(call, ended_at=fact.at, end_cause="lost", ended_by="system").settled(State.CLOSED)
        for call in running
        if call.id not in fact.restored
    ]
    for call in lost:
        await store.save(step.conn, call)
    event = events.VoiceStarted(node=step.node, restored=fact.restored, lost=[call.id for call in lost])
    return event, lost


async def _alarm_raised(step: _Step, fact: facts.AlarmRaised) -> _Result:
    return events.VoiceAlarmRaised(node=step.node, what=fact.what, detail=fact.detail), []


_FOLLOW: Final[dict[type, Callable[[_Step, Any], Awaitable[_Result]]]] = {
    facts.Offered: _offered,
    facts.Alerted: _alerted,
    facts.Queued: _queued,
    facts.Answered: _answered,
    facts.SeatLost: _seat_lost,
    facts.Abandoned: _abandoned,
    facts.Ended: _ended,
    facts.RecordingStarted: _recording_started,
    facts.RecordingStopped: _recording_stopped,
    facts.RecordingFailed: _recording_failed,
    facts.SignedIn: _signed_in,
    facts.SignedOut: _signed_out,
    facts.SeatSays: _seat_says,
    facts.RingMissed: _ring_missed,
    facts.Started: _started,
    facts.AlarmRaised: _alarm_raised,
}
