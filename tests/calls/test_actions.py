"""Outcome keys, undo, notes, number history, calling back, hearing a recording."""

from datetime import timedelta

import pytest
from psycopg import AsyncConnection

from sigap.calls import actions, store
from sigap.calls.model import (
    AlreadyClassified,
    CallbackOutcome,
    CallbackOver,
    CallbackState,
    Disposition,
    NoRecording,
    NothingToUndo,
    NotYetKnown,
    NotYours,
    SecondBySupervisor,
    State,
    UndoTooLate,
)
from sigap.identity.model import Actor
from sigap.journal import store as journal
from sigap.kernel.clock import ManualClock
from sigap.kernel.ids import new_id
from sigap.kernel.problems import Denied
from tests.calls.speaking import Voice
from tests.people import agent, dispatcher, supervisor

SHE, OTHER = agent("agent1"), agent("agent2")


@pytest.fixture
def voice(clock: ManualClock) -> Voice:
    return Voice(clock)


async def kinds(conn: AsyncConnection, subject: object) -> list[str]:
    return [entry.kind for entry in await journal.about(conn, [str(subject)])]


async def test_one_key_closes_a_call_that_is_over(conn: AsyncConnection, voice: Voice) -> None:
    call_id = await voice.answered(conn, SHE.account_id)
    await voice.tells(
        conn, "call_ended", call_id=call_id, cause="caller_released", by="caller", sip_code=None
    )
    after = await actions.classify(
        conn, call_id=call_id, disposition=Disposition.GHOST, by=SHE, clock=voice.clock
    )
    assert (after.state, after.disposition, after.disposition_by) == (State.CLOSED, "ghost", SHE.account_id)
    assert (await kinds(conn, call_id))[-1] == "call.classified"


async def test_an_outcome_said_during_the_call_holds_when_it_ends(
    conn: AsyncConnection, voice: Voice
) -> None:
    call_id = await voice.answered(conn, SHE.account_id)
    said = await actions.classify(
        conn, call_id=call_id, disposition=Disposition.PRANK, by=SHE, clock=voice.clock
    )
    assert said.state == State.ANSWERED
    await voice.tells(conn, "call_ended", call_id=call_id, cause="agent_released", by="agent", sip_code=None)
    assert (await store.get(conn, call_id)).state == State.CLOSED


async def test_the_same_key_twice_is_one_entry(conn: AsyncConnection, voice: Voice) -> None:
    call_id = await voice.answered(conn, SHE.account_id)
    for who in (SHE, SHE, supervisor()):
        await actions.classify(conn, call_id=call_id, disposition=Disposition.TEST, by=who, clock=voice.clock)
    assert (await kinds(conn, call_id)).count("call.classified") == 1


async def test_a_supervisor_learns_what_the_operator_said(conn: AsyncConnection, voice: Voice) -> None:
    call_id = await voice.answered(conn, SHE.account_id)
    await actions.classify(conn, call_id=call_id, disposition=Disposition.GHOST, by=SHE, clock=voice.clock)
    with pytest.raises(AlreadyClassified) as refused:
        await actions.classify(
            conn, call_id=call_id, disposition=Disposition.PRANK, by=supervisor(), clock=voice.clock
        )
    assert refused.value.facts["disposition"] == "ghost"
    assert refused.value.facts["by"] == SHE.account_id


async def test_only_who_took_a_call_or_a_supervisor_says_what_it_was(
    conn: AsyncConnection, voice: Voice
) -> None:
    call_id = await voice.answered(conn, SHE.account_id)
    with pytest.raises(NotYours):
        await actions.classify(
            conn, call_id=call_id, disposition=Disposition.PRANK, by=OTHER, clock=voice.clock
        )
    assert (await store.get(conn, call_id)).disposition is None
    after = await actions.classify(
        conn, call_id=call_id, disposition=Disposition.TEST, by=supervisor(), clock=voice.clock
    )
    assert after.disposition == Disposition.TEST


async def test_who_took_a_ringing_call_is_not_known_yet(conn: AsyncConnection, voice: Voice) -> None:
    call_id = await voice.rings(conn)
    with pytest.raises(NotYetKnown):
        await actions.classify(
            conn, call_id=call_id, disposition=Disposition.GHOST, by=SHE, clock=voice.clock
        )


async def test_the_same_operator_may_correct_herself_while_undo_is_open(
    conn: AsyncConnection, voice: Voice
) -> None:
    call_id = await voice.answered(conn, SHE.account_id)
    await actions.classify(conn, call_id=call_id, disposition=Disposition.GHOST, by=SHE, clock=voice.clock)
    voice.clock.tick(seconds=10)
    after = await actions.classify(
        conn, call_id=call_id, disposition=Disposition.PRANK, by=SHE, clock=voice.clock
    )
    assert after.disposition == Disposition.PRANK
    voice.clock.tick(seconds=31)
    with pytest.raises(AlreadyClassified):
        await actions.classify(conn, call_id=call_id, disposition=Disposition.TEST, by=SHE, clock=voice.clock)


@pytest.mark.parametrize(("waited_s", "in_time"), [(30, True), (30.001, False)])
async def test_an_outcome_is_undone_for_thirty_seconds(
    conn: AsyncConnection, voice: Voice, waited_s: float, in_time: bool
) -> None:
    call_id = await voice.answered(conn, SHE.account_id)
    await voice.tells(
        conn, "call_ended", call_id=call_id, cause="caller_released", by="caller", sip_code=None
    )
    await actions.classify(conn, call_id=call_id, disposition=Disposition.GHOST, by=SHE, clock=voice.clock)
    voice.clock.tick(seconds=waited_s)
    if in_time:
        after = await actions.undo(conn, call_id=call_id, by=SHE, clock=voice.clock)
        assert (after.disposition, after.disposition_at, after.state) == (None, None, State.WRAP_UP)
        with pytest.raises(NothingToUndo):
            await actions.undo(conn, call_id=call_id, by=SHE, clock=voice.clock)
    else:
        with pytest.raises(UndoTooLate):
            await actions.undo(conn, call_id=call_id, by=SHE, clock=voice.clock)


async def test_only_who_said_it_or_a_supervisor_takes_it_back(conn: AsyncConnection, voice: Voice) -> None:
    call_id = await voice.answered(conn, SHE.account_id)
    await actions.classify(conn, call_id=call_id, disposition=Disposition.GHOST, by=SHE, clock=voice.clock)
    with pytest.raises(NotYours):
        await actions.undo(conn, call_id=call_id, by=OTHER, clock=voice.clock)
    assert (await actions.undo(conn, call_id=call_id, by=supervisor(), clock=voice.clock)).disposition is None


async def test_a_key_pressed_while_the_server_was_away_keeps_its_time(
    conn: AsyncConnection, voice: Voice
) -> None:
    call_id = await voice.answered(conn, SHE.account_id)
    pressed = voice.clock.now()
    voice.clock.tick(seconds=600)
    after = await actions.classify(
        conn, call_id=call_id, disposition=Disposition.GHOST, pressed_at=pressed, by=SHE, clock=voice.clock
    )
    assert after.disposition_at == pressed
    entry = (await journal.about(conn, [str(call_id)]))[-1]
    assert (entry.occurred_at, entry.recorded_at) == (pressed, voice.clock.now())


async def test_a_clock_that_runs_ahead_classifies_nothing_in_the_future(
    conn: AsyncConnection, voice: Voice
) -> None:
    call_id = await voice.answered(conn, SHE.account_id)
    ahead = voice.clock.now() + timedelta(hours=1)
    after = await actions.classify(
        conn, call_id=call_id, disposition=Disposition.GHOST, pressed_at=ahead, by=SHE, clock=voice.clock
    )
    assert after.disposition_at == voice.clock.now()


async def test_a_call_that_voice_has_not_handed_over_is_tried_again_later(
    conn: AsyncConnection, clock: ManualClock
) -> None:
    with pytest.raises(NotYetKnown):
        await actions.classify(conn, call_id=new_id(), disposition=Disposition.GHOST, by=SHE, clock=clock)


async def test_a_note_is_its_operators_own(conn: AsyncConnection, voice: Voice) -> None:
    call_id = await voice.answered(conn, SHE.account_id)
    await actions.write_note(conn, call_id=call_id, text="anak kecil", by=SHE, clock=voice.clock)
    with pytest.raises(NotYours):
        await actions.write_note(conn, call_id=call_id, text="x", by=OTHER, clock=voice.clock)
    assert (await store.get(conn, call_id)).note == "anak kecil"
    entry = (await journal.about(conn, [str(call_id)]))[-1]
    assert entry.kind == "call.noted"
    assert "anak kecil" not in repr(entry)


async def test_number_history_counts_and_is_written_down(conn: AsyncConnection, voice: Voice) -> None:
    first = await voice.answered(conn, SHE.account_id, "0812")
    await actions.classify(conn, call_id=first, disposition=Disposition.PRANK, by=SHE, clock=voice.clock)
    voice.clock.tick(seconds=5 * 86400)
    await voice.answered(conn, SHE.account_id, "0812")
    voice.clock.tick(seconds=60)
    call_id = await voice.answered(conn, SHE.account_id, "0812")
    _, history = await actions.look_up_number(conn, call_id=call_id, by=SHE, clock=voice.clock)
    assert (history.calls_24h, history.calls_30d, history.junk_24h, history.junk_30d) == (1, 2, 0, 1)
    assert (await kinds(conn, call_id))[-1] == "call.history_read"


async def test_calls_without_a_number_are_nobodys_history(conn: AsyncConnection, voice: Voice) -> None:
    await voice.answered(conn, SHE.account_id, None)
    call_id = await voice.answered(conn, SHE.account_id, None)
    _, history = await actions.look_up_number(conn, call_id=call_id, by=SHE, clock=voice.clock)
    assert history == store.History()


@pytest.fixture
async def callback(conn: AsyncConnection, voice: Voice) -> store.Callback:
    call_id = await voice.rings(conn, "0819")
    voice.clock.tick(seconds=15)
    await voice.tells(conn, "call_abandoned", call_id=call_id, stage="queue", waited_s=15.0)
    found = await store.callback_of(conn, call_id)
    assert found is not None
    return found


async def test_a_reached_caller_ends_the_callback(
    conn: AsyncConnection, clock: ManualClock, callback: store.Callback
) -> None:
    after = await actions.finish_callback(
        conn, callback_id=callback.id, outcome=CallbackOutcome.REACHED, by=SHE, clock=clock
    )
    assert (after.state, after.attempts, after.done_by) == (CallbackState.DONE, 1, SHE.account_id)
    with pytest.raises(CallbackOver):
        await actions.finish_callback(
            conn, callback_id=callback.id, outcome=CallbackOutcome.REACHED, by=OTHER, clock=clock
        )


async def test_the_second_attempt_is_the_supervisors(
    conn: AsyncConnection, clock: ManualClock, callback: store.Callback
) -> None:
    missed = CallbackOutcome.NO_ANSWER
    first = await actions.finish_callback(conn, callback_id=callback.id, outcome=missed, by=SHE, clock=clock)
    assert (first.state, first.due_at) == (CallbackState.DUE, clock.now() + timedelta(minutes=3))
    with pytest.raises(SecondBySupervisor):
        await actions.finish_callback(conn, callback_id=callback.id, outcome=missed, by=SHE, clock=clock)
    second = await actions.finish_callback(
        conn, callback_id=callback.id, outcome=missed, by=supervisor(), clock=clock
    )
    assert (second.state, second.attempts, second.outcome) == (CallbackState.DONE, 2, "no_answer")


async def test_a_recording_is_heard_with_a_reason_by_its_operator_or_a_supervisor(
    conn: AsyncConnection, voice: Voice
) -> None:
    call_id = await voice.answered(conn, SHE.account_id)
    with pytest.raises(NoRecording):
        await actions.play_recording(conn, call_id=call_id, reason="mutu", by=SHE, clock=voice.clock)
    await voice.tells(
        conn, "recording_stopped", call_id=call_id, file="a.wav", sha256="0" * 64, seconds=3.0, gaps=[]
    )
    with pytest.raises(NotYours):
        await actions.play_recording(conn, call_id=call_id, reason="mutu", by=OTHER, clock=voice.clock)
    with pytest.raises(Denied):
        await actions.play_recording(conn, call_id=call_id, reason="mutu", by=dispatcher(), clock=voice.clock)
    for who in (SHE, supervisor()):
        await actions.play_recording(
            conn, call_id=call_id, reason="ulasan rahasia", by=who, clock=voice.clock
        )
    told = [entry for entry in await journal.about(conn, [str(call_id)]) if entry.kind == "recording.played"]
    assert [entry.actor for entry in told] == [SHE.ref, supervisor().ref]
    assert "rahasia" not in repr(told)


async def test_seats_are_installed_once(conn: AsyncConnection, clock: ManualClock) -> None:
    for _ in range(2):
        await actions.install_seats(conn, ["meja-1", "meja-2"], by=Actor.machine("import"), clock=clock)
    assert [(seat.id, seat.state, seat.rev) for seat in await store.seats(conn)] == [
        ("meja-1", "signed_out", 1),
        ("meja-2", "signed_out", 1),
    ]
    assert await kinds(conn, "meja-1") == ["seat.installed"]
