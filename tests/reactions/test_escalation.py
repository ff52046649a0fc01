"""Nobody answers: the ladder of each priority, on the second, and what stops it."""

import pytest
from psycopg import AsyncConnection

from sigap.dispatch import actions, alarms, closing, sending, store
from sigap.dispatch.model import Escalation, NotAllowedNow, Role, State
from sigap.intake.actions import reclassify
from sigap.kernel.clock import ManualClock
from sigap.kernel.problems import Denied
from tests.dispatch.conftest import Given
from tests.people import crew, dispatcher, officer
from tests.reactions.conftest import Night


@pytest.mark.parametrize(
    ("type", "clocks"),
    [
        ("FIR01", (30.0, 60.0, 120.0, 300.0)),  # P1
        ("FIR05", (60.0, 120.0, 300.0, 900.0)),  # P2
        ("FIR13", (180.0, 600.0, 1200.0, 3600.0)),  # P3
    ],
)
async def test_the_ladder_of_each_priority(
    given: Given, night: Night, type: str, clocks: tuple[float, ...]
) -> None:
    sent = await given.sent("DMK-07", incident=await given.incident(type))
    await night.passes(seconds=7200)
    names = ("realerted", "next_unit", "supervisor", "agency_head")
    assert await night.steps(sent) == list(zip(names, clocks, strict=True))
    assert await night.waiting() == 0


async def test_each_step_says_who_was_told_and_how(conn: AsyncConnection, given: Given, night: Night) -> None:
    sent = await given.sent("DMK-07")
    await night.passes(seconds=301)
    again, next_unit, supervisor, head = await night.risen(sent)
    assert (again.facts["told"], again.facts["how"]) == (["unit", "agency"], "screen")
    assert next_unit.facts["told"] == ["dispatcher"]
    assert next_unit.facts["proposed_unit"] not in (None, "DMK-07")
    assert supervisor.facts["told"] == ["dispatcher", "supervisor"]
    assert (head.facts["how"], head.facts["head_title"]) == ("call", "Kepala Bidang Pemadam Kebakaran BPBD")
    assert "+62" not in str([entry.facts for entry in (again, next_unit, supervisor, head)])
    assert {entry.actor for entry in (again, next_unit, supervisor, head)} == {"machine:worker"}
    now = await store.get(conn, sent.id)
    assert now.escalation is Escalation.AGENCY_HEAD
    assert now.proposed_unit_id is not None


async def test_an_answer_stops_the_ladder(
    conn: AsyncConnection, given: Given, night: Night, clock: ManualClock
) -> None:
    sent = await given.sent("DMK-07")
    await night.passes(seconds=45)
    assert sent.unit_id
    after = await actions.acknowledge(conn, assignment_id=sent.id, by=crew(sent.unit_id), clock=clock)
    assert after.escalation is Escalation.NONE
    await night.passes(seconds=100)
    assert await night.steps(sent) == [("realerted", 30.0)]


async def test_acknowledged_but_not_departed(conn: AsyncConnection, given: Given, night: Night) -> None:
    one = await given.under_way("acknowledge")
    await night.passes(seconds=3600)
    [entry] = await night.risen(one)
    assert (entry.facts["late_for"], entry.facts["waited_s"], entry.facts["step"]) == (
        "depart",
        120.0,
        "supervisor",
    )


async def test_departed_but_not_arrived_without_a_promise(given: Given, night: Night) -> None:
    one = await given.under_way("acknowledge", "depart")
    await night.passes(seconds=3600)
    [entry] = await night.risen(one)
    assert (entry.facts["late_for"], entry.facts["waited_s"]) == ("arrive", 900.0)


@pytest.mark.parametrize(("promised", "late_after"), [(400.0, 600.0), (20.0, 120.0)])
async def test_half_as_long_again_as_promised(
    conn: AsyncConnection, given: Given, night: Night, clock: ManualClock, promised: float, late_after: float
) -> None:
    unit = await given.unit("DMK-07")
    [one] = await sending.assign_units(
        conn,
        incident_id=(await given.incident()).id,
        orders=[sending.Order(agency="BPBD_DAMKAR", unit_id=unit.id, role=Role.LEAD)],
        promised={unit.id: promised},
        by=dispatcher(),
        clock=clock,
    )
    await actions.depart(conn, assignment_id=one.id, by=crew(unit.id), clock=clock)
    await night.passes(seconds=3600)
    [entry] = await night.risen(one)
    assert entry.facts["waited_s"] == late_after


async def test_an_agency_that_sends_nobody_need_not_depart(
    conn: AsyncConnection, given: Given, night: Night, clock: ManualClock
) -> None:
    told = await given.sent(None, agency="PLN", role=Role.INFORM)
    await actions.acknowledge(conn, assignment_id=told.id, by=officer("PLN"), clock=clock)
    hospital = await given.sent(None, agency="RSU", role=Role.ASSIST, incident=await given.incident("MED03"))
    await actions.acknowledge(conn, assignment_id=hospital.id, by=officer("RSU"), clock=clock)
    silent = await given.sent(None, agency="DLHK", role=Role.LEAD, incident=await given.incident("OTH01"))
    await actions.acknowledge(conn, assignment_id=silent.id, by=officer("DLHK"), clock=clock)
    await night.passes(seconds=3600)
    assert await night.risen(told) == await night.risen(hospital) == []
    # But one that took the job and sends crews is asked where they are.
    assert [entry.facts["late_for"] for entry in await night.risen(silent)] == ["depart"]


async def test_without_a_unit_there_is_no_next_unit(given: Given, night: Night) -> None:
    told = await given.sent(None, agency="PLN", role=Role.INFORM)
    await night.passes(seconds=400)
    assert [step for step, _ in await night.steps(told)] == ["realerted", "supervisor", "agency_head"]


async def test_more_urgent_means_sooner(
    conn: AsyncConnection, given: Given, night: Night, clock: ManualClock
) -> None:
    incident = await given.incident("FIR13")
    sent = await given.sent("DMK-07", incident=incident)
    await night.passes(seconds=20)
    await reclassify(conn, incident_id=incident.id, type="FIR01", by=dispatcher(), clock=clock)
    await night.passes(seconds=300)
    assert await night.steps(sent) == [
        ("realerted", 30.0),
        ("next_unit", 60.0),
        ("supervisor", 120.0),
        ("agency_head", 300.0),
    ]


async def test_after_hours_without_a_worker_every_step_is_there_once(
    given: Given, night: Night, clock: ManualClock
) -> None:
    sent = await given.sent("DMK-07")
    clock.tick(seconds=7200)  # nothing ran meanwhile
    await night.passes(seconds=1)
    steps = [step for step, _ in await night.steps(sent)]
    assert steps == ["realerted", "next_unit", "supervisor", "agency_head"]


async def test_the_follower_reads_each_entry_once(given: Given, night: Night) -> None:
    await given.sent("DMK-07")
    assert await night.waiting() == 1
    assert await night.waiting() == 1


async def test_ended_means_silent(
    conn: AsyncConnection, given: Given, night: Night, clock: ManualClock
) -> None:
    incident = await given.incident()
    sent = await given.sent("DMK-07", incident=incident)
    await night.passes(seconds=10)
    await closing.cancel_incident(
        conn, incident_id=incident.id, reason="false_report", by=dispatcher(), clock=clock
    )
    await night.passes(seconds=3600)
    assert await night.risen(sent) == []


async def test_replaced_after_silence_counts_as_not_answered(
    conn: AsyncConnection, given: Given, night: Night, clock: ManualClock
) -> None:
    sent = await given.sent("DMK-07")
    await night.passes(seconds=61)
    proposed = (await store.get(conn, sent.id)).proposed_unit_id
    assert proposed
    old, new = await sending.replace_unit(
        conn,
        assignment_id=sent.id,
        unit_id=proposed,
        reason="no_answer",
        promised_s=None,
        by=dispatcher(),
        clock=clock,
    )
    assert (old.state, new.state) == (State.TIMED_OUT, State.SENT)
    await night.passes(seconds=31)
    assert [step for step, _ in await night.steps(new)] == ["realerted"]


async def test_an_alarm_is_heard_until_the_next_step(
    conn: AsyncConnection, given: Given, night: Night, clock: ManualClock
) -> None:
    sent = await given.sent("DMK-07")
    with pytest.raises(NotAllowedNow):
        await alarms.acknowledge_alarm(conn, assignment_id=sent.id, by=dispatcher(), clock=clock)
    await night.passes(seconds=121)
    with pytest.raises(Denied):
        await alarms.acknowledge_alarm(conn, assignment_id=sent.id, by=officer("BPBD_DAMKAR"), clock=clock)
    heard = await alarms.acknowledge_alarm(conn, assignment_id=sent.id, by=dispatcher(), clock=clock)
    assert heard.alarm_acknowledged_at == clock.now()
    assert await alarms.acknowledge_alarm(conn, assignment_id=sent.id, by=dispatcher(), clock=clock) == heard
    await night.passes(seconds=300)
    again = await store.get(conn, sent.id)
    assert (again.escalation, again.alarm_acknowledged_at) == (Escalation.AGENCY_HEAD, None)


async def test_only_the_worker_raises_alarms(conn: AsyncConnection, given: Given, clock: ManualClock) -> None:
    sent = await given.sent("DMK-07")
    late = alarms.Lateness(late_for="acknowledge", waited_s=1.0)
    with pytest.raises(Denied):
        await alarms.escalate(
            conn,
            assignment_id=sent.id,
            to=Escalation.SUPERVISOR,
            late=late,
            state_seen=State.SENT,
            by=dispatcher(),
            clock=clock,
        )
