"""The call-taker's verbs as scenes on a real database."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from psycopg import AsyncConnection

from sigap.calls import actions as call_actions
from sigap.calls import store as calls
from sigap.calls.model import Disposition, HasIncident, HasOtherIncident, NothingToUndo, NotYours
from sigap.incidents import store as incidents
from sigap.incidents.model import (
    Incident,
    IncidentOver,
    IsRestricted,
    MayNotLower,
    NotRestricted,
    Priority,
    State,
)
from sigap.incidents.visibility import Sight
from sigap.intake import actions, reading
from sigap.intake.model import NotHandling
from sigap.journal import store as journal
from sigap.journal.model import TABLES
from sigap.kernel.clock import ManualClock
from sigap.kernel.problems import Denied
from tests.calls.speaking import Voice
from tests.conftest import FreshDatabase
from tests.intake.given import NARRATIVE, incident, place, report
from tests.people import agent, dispatcher, officer, ppa, supervisor

SHE, OTHER = agent("agent1"), agent("agent2")


@pytest.fixture
def voice(clock: ManualClock) -> Voice:
    return Voice(clock)


async def kinds(conn: AsyncConnection, subject: object) -> list[str]:
    return [entry.kind for entry in await journal.about(conn, [str(subject)])]


async def test_a_call_with_an_incident_is_normal_by_itself(conn: AsyncConnection, voice: Voice) -> None:
    call_id = await voice.answered(conn, SHE.account_id)
    voice.clock.tick(seconds=41)
    opened = await incident(conn, voice.clock, call_id=call_id, by=SHE, intake_channel="phone")
    call = await calls.get(conn, call_id)
    assert (call.disposition, call.incident_id) == (Disposition.NORMAL, opened.id)
    assert (opened.first_call_id, opened.first_call_offered_at) == (call_id, call.offered_at)
    assert opened.callback_number == "081200000012"
    (entry,) = await journal.about(conn, [str(opened.id)])
    assert entry.facts["processing_s"] == 41.0
    assert [change["table"] for change in entry.changes if isinstance(change, dict)] == ["incident", "call"]
    with pytest.raises(HasIncident):
        await call_actions.classify(
            conn, call_id=call_id, disposition=Disposition.PRANK, by=SHE, clock=voice.clock
        )
    with pytest.raises(NothingToUndo):
        await call_actions.undo(conn, call_id=call_id, by=SHE, clock=voice.clock)


async def test_opening_after_a_wrong_key_makes_the_call_normal(conn: AsyncConnection, voice: Voice) -> None:
    call_id = await voice.answered(conn, SHE.account_id)
    await call_actions.classify(
        conn, call_id=call_id, disposition=Disposition.PRANK, by=SHE, clock=voice.clock
    )
    await incident(conn, voice.clock, call_id=call_id, by=SHE)
    assert (await calls.get(conn, call_id)).disposition == Disposition.NORMAL


async def test_nothing_personal_is_in_the_public_journal(conn: AsyncConnection, voice: Voice) -> None:
    call_id = await voice.answered(conn, SHE.account_id)
    opened = await incident(
        conn, voice.clock, call_id=call_id, by=SHE, reporter_name="Sari", callback_number="0812-99"
    )
    await actions.add_note(conn, incident_id=opened.id, text="catatan rahasia", by=SHE, clock=voice.clock)
    entries = await journal.about(conn, [str(opened.id), str(call_id)])
    told = repr(entries)
    for secret in (NARRATIVE, "Gg. Melati", "Sari", "0812", "rahasia", "106.5421", "Belakang pasar"):
        assert secret not in told


async def test_a_second_incident_for_one_call_is_refused(conn: AsyncConnection, voice: Voice) -> None:
    call_id = await voice.answered(conn, SHE.account_id)
    opened = await incident(conn, voice.clock, call_id=call_id)
    with pytest.raises(HasOtherIncident) as refused:
        await incident(conn, voice.clock, call_id=call_id, by=OTHER)
    assert refused.value.facts["incident_id"] == opened.id


async def test_priority_is_raised_by_all_and_p1_lowered_by_the_supervisor(
    conn: AsyncConnection, clock: ManualClock
) -> None:
    assert (await incident(conn, clock, "OTH06", priority="P1")).priority == Priority.P1
    with pytest.raises(MayNotLower):
        await incident(conn, clock, "FIR01", priority="P3")
    assert (await incident(conn, clock, "FIR01", priority="P3", by=supervisor())).priority == Priority.P3


async def change(conn: AsyncConnection, clock: ManualClock, it: Incident, type: str, **more: Any) -> Incident:
    by = more.pop("by", SHE)
    return await actions.reclassify(conn, incident_id=it.id, type=type, by=by, clock=clock, **more)


async def test_reclassifying_keeps_a_p1_until_a_supervisor_lowers_it(
    conn: AsyncConnection, clock: ManualClock
) -> None:
    opened = await incident(conn, clock, "OTH11")
    calmer = await change(conn, clock, opened, "OTH06")
    assert (calmer.type, calmer.priority) == ("OTH06", Priority.P1)
    with pytest.raises(MayNotLower):
        await change(conn, clock, opened, "OTH06", priority="P4")
    lowered = await change(conn, clock, opened, "OTH06", priority="P4", by=supervisor(), reason="hanya lampu")
    assert (lowered.priority, lowered.national_group, lowered.rev) == (Priority.P4, "other", 3)
    assert [note.text for note in await incidents.notes(conn, opened.id)] == ["hanya lampu"]
    raised = await change(conn, clock, opened, "OTH04")
    assert raised.priority == Priority.P1


async def test_saying_the_same_again_writes_nothing(conn: AsyncConnection, clock: ManualClock) -> None:
    opened = await incident(conn, clock)
    assert await change(conn, clock, opened, "FIR01") == opened
    located = await actions.locate(conn, incident_id=opened.id, place=place(), by=SHE, clock=clock)
    assert located == opened
    assert await kinds(conn, opened.id) == ["incident.opened"]


async def test_a_corrected_place_moves_the_incident(conn: AsyncConnection, clock: ManualClock) -> None:
    opened = await incident(conn, clock)
    clock.tick(seconds=60)
    after = await actions.locate(
        conn, incident_id=opened.id, place=place(106.4463, -6.2005), by=SHE, clock=clock
    )
    assert after.kecamatan_code == "36.03.01"
    assert opened.kecamatan_code != after.kecamatan_code
    assert (after.location_confirmed_at, after.rev) == (opened.opened_at, 2)
    entry = (await journal.about(conn, [str(opened.id)]))[-1]
    assert entry.kind == "incident.located"
    assert 10_000 < float(str(entry.facts["moved_m"])) < 12_000


async def test_a_place_outside_the_regency_is_taken_and_says_so(
    conn: AsyncConnection, clock: ManualClock
) -> None:
    opened = await incident(conn, clock, place=place(107.6, -6.9, "Bandung"))
    assert (opened.outside, opened.kecamatan_code, opened.desa_code) == (True, None, None)


async def test_an_earlier_caller_moves_the_clock_back(conn: AsyncConnection, voice: Voice) -> None:
    first = await voice.answered(conn, OTHER.account_id, "0811")
    voice.clock.tick(seconds=30)
    second = await voice.answered(conn, SHE.account_id, "0812")
    opened = await incident(conn, voice.clock, call_id=second, by=SHE)
    joined = await actions.attach_call(
        conn, incident_id=opened.id, call_id=first, by=OTHER, clock=voice.clock
    )
    assert joined.first_call_id == first
    assert joined.first_call_offered_at == (await calls.get(conn, first)).offered_at
    again = await actions.attach_call(conn, incident_id=opened.id, call_id=first, by=SHE, clock=voice.clock)
    assert again == joined
    assert (await kinds(conn, opened.id)).count("incident.call_attached") == 1


async def test_a_later_caller_leaves_the_clock_alone(conn: AsyncConnection, voice: Voice) -> None:
    opened = await incident(conn, voice.clock)
    voice.clock.tick(seconds=30)
    later = await voice.answered(conn, SHE.account_id)
    joined = await actions.attach_call(conn, incident_id=opened.id, call_id=later, by=SHE, clock=voice.clock)
    assert joined == opened
    assert (await calls.get(conn, later)).disposition == Disposition.NORMAL
    other = await incident(conn, voice.clock)
    with pytest.raises(HasOtherIncident):
        await actions.attach_call(conn, incident_id=other.id, call_id=later, by=SHE, clock=voice.clock)


async def test_an_incident_that_is_over_is_only_noted(conn: AsyncConnection, voice: Voice) -> None:
    opened = await incident(conn, voice.clock)
    call_id = await voice.answered(conn, SHE.account_id)
    await conn.execute(
        "UPDATE incident SET state = 'cancelled', closed_at = now(), rev = 2 WHERE id = %s", (opened.id,)
    )
    with pytest.raises(IncidentOver):
        await change(conn, voice.clock, opened, "FIR02")
    with pytest.raises(IncidentOver):
        await actions.locate(conn, incident_id=opened.id, place=place(106.6), by=SHE, clock=voice.clock)
    with pytest.raises(IncidentOver):
        await actions.attach_call(conn, incident_id=opened.id, call_id=call_id, by=SHE, clock=voice.clock)
    await actions.add_note(conn, incident_id=opened.id, text="susulan", by=SHE, clock=voice.clock)


# ------------------------------------------------------------ restricted cases


async def seen(conn: AsyncConnection, clock: ManualClock, it: Incident, by: Any) -> Sight:
    return (await reading.page(conn, incident_id=it.id, by=by, clock=clock)).sight


async def test_a_ppa_case_is_its_openers_from_the_first_save(
    conn: AsyncConnection, clock: ManualClock
) -> None:
    opened = await incident(conn, clock, "PPA01", by=SHE)
    assert opened.restricted
    assert await seen(conn, clock, opened, SHE) == Sight.FULL
    assert await seen(conn, clock, opened, ppa()) == Sight.FULL
    for who in (OTHER, dispatcher(), supervisor()):
        assert await seen(conn, clock, opened, who) == Sight.MASKED
    page = await reading.page(conn, incident_id=opened.id, by=OTHER, clock=clock)
    assert (page.assignments, page.calls, page.notes, page.timeline) == ([], [], [], [])


async def test_the_opener_reads_it_only_while_it_is_open(conn: AsyncConnection, clock: ManualClock) -> None:
    opened = await incident(conn, clock, "PPA01", by=SHE)
    await conn.execute(
        "UPDATE incident SET state = 'closed', closed_at = now(), rev = 2 WHERE id = %s", (opened.id,)
    )
    assert await seen(conn, clock, opened, SHE) == Sight.MASKED
    with pytest.raises(NotHandling):
        await actions.open_restricted(conn, incident_id=opened.id, reason="ingin tahu", by=SHE, clock=clock)


async def test_who_may_not_read_may_not_write(conn: AsyncConnection, clock: ManualClock) -> None:
    opened = await incident(conn, clock, "PPA01", by=SHE)
    with pytest.raises(IsRestricted):
        await actions.locate(conn, incident_id=opened.id, place=place(106.6), by=OTHER, clock=clock)
    with pytest.raises(IsRestricted):
        await change(conn, clock, opened, "PPA02", by=dispatcher())
    with pytest.raises(IsRestricted):
        await actions.add_note(conn, incident_id=opened.id, text="x", by=dispatcher(), clock=clock)


async def test_a_reason_opens_it_for_half_an_hour(conn: AsyncConnection, clock: ManualClock) -> None:
    opened = await incident(conn, clock, "PPA03", by=SHE)
    after, access = await actions.open_restricted(
        conn, incident_id=opened.id, reason="mengirim Polsek", by=dispatcher(), clock=clock
    )
    assert (after.rev, access.expires_at) == (2, clock.now() + timedelta(minutes=30))
    assert await seen(conn, clock, opened, dispatcher()) == Sight.FULL
    assert await seen(conn, clock, opened, dispatcher("dispatcher2")) == Sight.MASKED
    entry = next(
        entry for entry in await journal.about(conn, [str(opened.id)]) if entry.kind == "incident.accessed"
    )
    assert entry.actor == dispatcher().ref
    assert "Polsek" not in repr(entry)
    clock.tick(seconds=1800)
    assert await seen(conn, clock, opened, dispatcher()) == Sight.MASKED


async def test_a_look_is_written_down_once_in_a_while(conn: AsyncConnection, clock: ManualClock) -> None:
    opened = await incident(conn, clock, "PPA01", by=SHE)
    for wait_s in (10, 10, 300):
        await seen(conn, clock, opened, SHE)
        clock.tick(seconds=wait_s)
    await seen(conn, clock, opened, SHE)
    await seen(conn, clock, opened, OTHER)
    assert (await kinds(conn, opened.id)).count("incident.read") == 2


async def test_becoming_a_ppa_case_hides_it_for_good(conn: AsyncConnection, clock: ManualClock) -> None:
    opened = await incident(conn, clock, "SEC06", by=SHE)
    hidden = await change(conn, clock, opened, "PPA01", by=dispatcher())
    assert hidden.restricted
    assert [await seen(conn, clock, opened, who) for who in (SHE, dispatcher(), OTHER)] == [
        Sight.FULL,
        Sight.FULL,
        Sight.MASKED,
    ]
    assert (await change(conn, clock, opened, "SEC06", by=SHE)).restricted


async def test_a_restricted_cases_public_part_names_its_kecamatan_alone(
    conn: AsyncConnection, clock: ManualClock
) -> None:
    opened = await incident(conn, clock, "PPA01", by=SHE)
    moved = await actions.locate(
        conn, incident_id=opened.id, place=place(106.4463, -6.2005), by=SHE, clock=clock
    )
    later = await incident(conn, clock, "SEC06", by=SHE)
    assert later.desa_code
    hidden = await change(conn, clock, later, "PPA01")
    for it in (opened, moved, hidden):
        assert (it.desa_code, bool(it.kecamatan_code)) == (None, True)
    facts = {entry.kind: entry.facts for entry in await journal.about(conn, [str(opened.id)])}
    assert facts["incident.opened"]["desa_code"] is None
    located = facts["incident.located"]
    assert (located["desa_code"], located["uncertainty_m"], located["moved_m"]) == (None, None, None)
    assert located["kecamatan_code"] == "36.03.01"


async def test_an_operator_opens_only_what_she_handles(conn: AsyncConnection, voice: Voice) -> None:
    opened = await incident(conn, voice.clock, "PPA01", by=SHE)
    with pytest.raises(NotHandling):
        await actions.open_restricted(
            conn, incident_id=opened.id, reason="ingin tahu", by=OTHER, clock=voice.clock
        )
    call_id = await voice.answered(conn, OTHER.account_id)
    for who in (OTHER, supervisor()):
        with pytest.raises(IsRestricted):
            await actions.attach_call(conn, incident_id=opened.id, call_id=call_id, by=who, clock=voice.clock)
    assert (await calls.get(conn, call_id)).incident_id is None


async def test_who_took_the_first_call_opens_the_case_a_later_calls_operator_does_not(
    conn: AsyncConnection, voice: Voice
) -> None:
    first = await voice.answered(conn, OTHER.account_id)
    opened = await incident(conn, voice.clock, "PPA01", call_id=first, by=SHE)
    third = agent("agent3")
    later = await voice.answered(conn, third.account_id)
    await actions.open_restricted(
        conn, incident_id=opened.id, reason="penelepon kedua", by=supervisor(), clock=voice.clock
    )
    await actions.attach_call(conn, incident_id=opened.id, call_id=later, by=supervisor(), clock=voice.clock)
    with pytest.raises(NotHandling):
        await actions.open_restricted(
            conn, incident_id=opened.id, reason="ingin tahu", by=third, clock=voice.clock
        )
    await actions.open_restricted(
        conn, incident_id=opened.id, reason="penelepon pertama", by=OTHER, clock=voice.clock
    )
    assert await seen(conn, voice.clock, opened, OTHER) == Sight.FULL


async def test_only_ones_own_call_is_joined(conn: AsyncConnection, voice: Voice) -> None:
    opened = await incident(conn, voice.clock)
    call_id = await voice.answered(conn, SHE.account_id)
    for who in (OTHER, dispatcher()):
        with pytest.raises(NotYours):
            await actions.attach_call(conn, incident_id=opened.id, call_id=call_id, by=who, clock=voice.clock)
    await actions.attach_call(
        conn, incident_id=opened.id, call_id=call_id, by=supervisor(), clock=voice.clock
    )
    assert (await calls.get(conn, call_id)).incident_id == opened.id


async def test_what_is_not_restricted_needs_no_reason(conn: AsyncConnection, clock: ManualClock) -> None:
    opened = await incident(conn, clock)
    with pytest.raises(NotRestricted):
        await actions.open_restricted(
            conn, incident_id=opened.id, reason="alasan", by=dispatcher(), clock=clock
        )
    with pytest.raises(Denied):
        await actions.open_restricted(
            conn, incident_id=opened.id, reason="alasan", by=officer("PLN"), clock=clock
        )


async def test_a_restricted_cases_callers_are_hidden_in_the_list(conn: AsyncConnection, voice: Voice) -> None:
    secret = await voice.answered(conn, SHE.account_id, "0811")
    plain = await voice.answered(conn, SHE.account_id, "0812")
    await incident(conn, voice.clock, "PPA01", call_id=secret, by=SHE)
    hers = await reading.list_calls(conn, mine=True, limit=10, by=SHE, clock=voice.clock)
    assert [call.caller_number for call in hers] == ["0812", "0811"]
    theirs = await reading.list_calls(conn, mine=False, limit=10, by=supervisor(), clock=voice.clock)
    assert [(call.id, call.caller_number) for call in theirs] == [(plain, "0812"), (secret, None)]
    desk = await reading.list_calls(conn, mine=False, limit=10, by=dispatcher(), clock=voice.clock)
    assert [call.caller_number for call in desk] == [None, None]


async def test_a_restricted_cases_recording_needs_sight_of_the_case(
    conn: AsyncConnection, voice: Voice
) -> None:
    call_id = await voice.answered(conn, SHE.account_id)
    await voice.tells(
        conn, "recording_stopped", call_id=call_id, file="a.wav", sha256="0" * 64, seconds=1.0, gaps=[]
    )
    opened = await incident(conn, voice.clock, "PPA01", call_id=call_id, by=SHE)
    with pytest.raises(IsRestricted):
        await reading.recording(
            conn, call_id=call_id, reason="ulasan mutu", by=supervisor(), clock=voice.clock
        )
    await actions.open_restricted(
        conn, incident_id=opened.id, reason="ulasan mutu", by=supervisor(), clock=voice.clock
    )
    await reading.recording(conn, call_id=call_id, reason="ulasan mutu", by=supervisor(), clock=voice.clock)


# ------------------------------------------------------------ two at once


async def test_two_operators_open_from_one_call_and_one_wins(
    fresh: FreshDatabase, connect: AsyncConnection, clock: ManualClock
) -> None:
    call_id = await Voice(clock).answered(connect, SHE.account_id)

    async def opens(by: Any) -> Incident:
        async with await AsyncConnection.connect(fresh.app_url, autocommit=True) as conn:
            return await actions.open_incident(conn, report(), call_id=call_id, by=by, clock=clock)

    done = await asyncio.gather(opens(SHE), opens(OTHER), return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["HasOtherIncident", "Incident"]


async def test_many_openings_at_once_get_consecutive_numbers(
    fresh: FreshDatabase, clock: ManualClock
) -> None:
    async def opens() -> int:
        async with await AsyncConnection.connect(fresh.app_url, autocommit=True) as conn:
            return (await incident(conn, clock)).short_number

    assert sorted(await asyncio.gather(*(opens() for _ in range(12)))) == list(range(1, 13))


async def test_operator_and_supervisor_classify_one_call_and_one_wins(
    fresh: FreshDatabase, connect: AsyncConnection, clock: ManualClock
) -> None:
    call_id = await Voice(clock).answered(connect, SHE.account_id)

    async def says(by: Any, what: Disposition) -> Disposition | None:
        async with await AsyncConnection.connect(fresh.app_url, autocommit=True) as conn:
            call = await call_actions.classify(conn, call_id=call_id, disposition=what, by=by, clock=clock)
            return call.disposition

    done = await asyncio.gather(
        says(SHE, Disposition.GHOST), says(supervisor(), Disposition.PRANK), return_exceptions=True
    )
    assert sum(type(one).__name__ == "AlreadyClassified" for one in done) == 1
    assert (await calls.get(connect, call_id)).disposition in done


async def test_the_state_of_a_new_incident_is_new(conn: AsyncConnection, clock: ManualClock) -> None:
    assert (await incident(conn, clock)).state == State.NEW
    assert {"incident", "incident_note", "incident_access", "call", "callback", "seat"} <= set(TABLES)
