"""What people do with a call: say what it was, take that back, write a note, look at the number, call back, install seats."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from psycopg import AsyncConnection

from sigap.calls import store
from sigap.calls.events import (
    CallbackTried,
    CallClassified,
    CallDispositionUndone,
    CallHistoryRead,
    CallNoted,
    RecordingPlayed,
    SeatInstalled,
)
from sigap.calls.model import (
    UNDO_S,
    AlreadyClassified,
    Call,
    Callback,
    CallbackOutcome,
    CallbackState,
    Disposition,
    HasIncident,
    NoRecording,
    NothingToUndo,
    NotYetKnown,
    NotYours,
    NumberClass,
    RecordingPlay,
    RecordingState,
    Seat,
    SeatState,
    SecondBySupervisor,
    UndoTooLate,
)
from sigap.identity.model import Actor
from sigap.identity.versions import refuse_stale
from sigap.journal.writer import append
from sigap.kernel.clock import Clock
from sigap.kernel.ids import new_id
from sigap.kernel.versions import ANYTHING, Seen


async def classify(
    conn: AsyncConnection,
    *,
    call_id: UUID,
    disposition: Disposition,
    pressed_at: datetime | None = None,
    seen: Seen = ANYTHING,
    by: Actor,
    clock: Clock,
) -> Call:
    """One key says what the call was. The same again changes nothing; the same person may change it while undo is open.

    `pressed_at` is when the key was pressed, where the browser kept it while we were away. Only one's own call, a
    supervisor any. Raises NotYetKnown, NotYours, HasIncident, AlreadyClassified.
    """
    by.require("call.classify")
    async with conn.transaction():
        before, now = await store.lock(conn, call_id), clock.now()
        require_own(before, by)
        if before.disposition == disposition:
            return before
        await refuse_stale(conn, before, seen)
        if before.incident_id is not None:
            raise HasIncident(incident_id=before.incident_id)
        if before.disposition is not None and not _may_change(before, by, now):
            raise AlreadyClassified(
                disposition=before.disposition, at=before.disposition_at, by=before.disposition_by
            )
        pressed = min(pressed_at or now, now)
        late = (now - pressed).total_seconds() > UNDO_S.value
        after = before.classified(disposition, pressed if late else now, by.account_id)
        await store.save(conn, after)
        classified = CallClassified(call_id=after.id, disposition=disposition, before=before.disposition)
        await append(conn, classified, rows=[after], by=by, at=now, occurred_at=pressed)
    return after


async def undo(
    conn: AsyncConnection, *, call_id: UUID, seen: Seen = ANYTHING, by: Actor, clock: Clock
) -> Call:
    """Take the outcome back (Urungkan). Raises NothingToUndo, UndoTooLate, NotYours."""
    by.require("call.classify")
    async with conn.transaction():
        before, now = await store.lock(conn, call_id), clock.now()
        until = before.undo_until()
        if before.disposition is None or until is None:
            raise NothingToUndo()
        if before.disposition_by != by.account_id and not by.may("room.supervise"):
            raise NotYours()
        if now > until:
            raise UndoTooLate(undo_s=int(UNDO_S.value))
        await refuse_stale(conn, before, seen)
        after = before.unclassified()
        await store.save(conn, after)
        undone = CallDispositionUndone(call_id=after.id, before=before.disposition)
        await append(conn, undone, rows=[after], by=by, at=now)
    return after


async def write_note(
    conn: AsyncConnection, *, call_id: UUID, text: str, seen: Seen = ANYTHING, by: Actor, clock: Clock
) -> Call:
    """Write the call's note; a later one of the same operator replaces it, the journal keeps both. Raises NotYours."""
    by.require("call.classify")
    async with conn.transaction():
        before, now = await store.lock(conn, call_id), clock.now()
        require_own(before, by)
        if before.note == text:
            return before
        await refuse_stale(conn, before, seen)
        after = replace(before, note=text, rev=before.rev + 1)
        await store.save(conn, after)
        await append(conn, CallNoted(call_id=after.id), rows=[after], by=by, at=now)
    return after


async def look_up_number(
    conn: AsyncConnection, *, call_id: UUID, by: Actor, clock: Clock
) -> tuple[Call, store.History]:
    """How often this caller's number called before (Riwayat nomor); counts alone, and the look is written down.

    A call without a usable number has no history: such calls are never taken for one caller's.
    """
    by.require("call.read")
    async with conn.transaction():
        call, now = await store.get(conn, call_id), clock.now()
        if call.number_class != NumberClass.USABLE or call.caller_number is None:
            return call, store.History()
        before = call.offered_at or now
        found = await store.history(conn, call.caller_number, before=before, but=call.id)
        await append(conn, CallHistoryRead(call_id=call.id), by=by, at=now)
    return call, found


async def finish_callback(
    conn: AsyncConnection, *, callback_id: UUID, outcome: CallbackOutcome, by: Actor, clock: Clock
) -> Callback:
    """Say how calling back went. Where the first attempt reached nobody, a supervisor makes the second.

    Raises NoSuchCallback, CallbackOver, SecondBySupervisor.
    """
    by.require("callback.do")
    async with conn.transaction():
        before, now = await store.lock_callback(conn, callback_id), clock.now()
        if before.state == CallbackState.DUE and before.attempts > 0 and not by.may("room.supervise"):
            raise SecondBySupervisor()
        after = before.tried(outcome, now, by.account_id)
        await store.save_callback(conn, after)
        tried = CallbackTried(
            call_id=after.call_id,
            callback_id=after.id,
            outcome=outcome,
            attempt=after.attempts,
            due_at=after.due_at if after.state == CallbackState.DUE else None,
        )
        await append(conn, tried, rows=[after], by=by, at=now)
    return after


async def play_recording(
    conn: AsyncConnection, *, call_id: UUID, reason: str, by: Actor, clock: Clock
) -> Call:
    """Note who hears a recording and why; an operator hears her own calls, a supervisor all. Raises NoRecording, NotYours."""
    by.require("recording.play")
    async with conn.transaction():
        call, now = await store.lock(conn, call_id), clock.now()
        require_own(call, by)
        if (
            call.recording_state != RecordingState.STORED
            or call.recording_ref is None
            or by.account_id is None
        ):
            raise NoRecording(state=call.recording_state)
        play = RecordingPlay(
            id=new_id(), call_id=call.id, account_id=by.account_id, played_at=now, rev=1, reason=reason
        )
        await store.add_play(conn, play)
        played = RecordingPlayed(call_id=call.id, account_id=by.account_id)
        await append(conn, played, rows=[play], by=by, at=now)
    return call


async def install_seats(conn: AsyncConnection, names: Sequence[str], *, by: Actor, clock: Clock) -> None:
    """Make sure the room has these seats, so that screens show them before anybody sat down. Repeating is harmless."""
    by.require("account.admin")
    for name in names:
        async with conn.transaction():
            if await store.lock_seat(conn, name) is not None:
                continue
            now = clock.now()
            seat = Seat(id=name, account_id=None, state=SeatState.SIGNED_OUT, reason=None, since=now, rev=1)
            await store.save_seat(conn, seat)
            await append(conn, SeatInstalled(seat=name), rows=[seat], by=by, at=now)


def _may_change(call: Call, by: Actor, now: datetime) -> bool:
    until = call.undo_until()
    return call.disposition_by == by.account_id and until is not None and now <= until


def require_own(call: Call, by: Actor) -> None:
    """Only who took a call does something with it, or a supervisor. Raises NotYours.

    Raises NotYetKnown while it goes on and voice has not said yet who took it.
    """
    if call.account_id == by.account_id or by.may("room.supervise"):
        return
    if call.answered_at is None and call.ended_at is None:
        raise NotYetKnown()
    raise NotYours()
