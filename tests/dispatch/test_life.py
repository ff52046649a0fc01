"""One assignment from sent to done, as its crew, its agency and the desk live it."""

from datetime import timedelta

import pytest
from psycopg import AsyncConnection

from sigap.dispatch import actions, closing, sending, store
from sigap.dispatch.model import (
    CannotClose,
    HasUnit,
    NeedsContact,
    NeedsText,
    NoSuchAssignment,
    NotAllowedNow,
    NotSuitable,
    Role,
    SentTwice,
    State,
    UnitTaken,
    UnknownReason,
)
from sigap.incidents import store as incidents
from sigap.incidents.model import IncidentOver
from sigap.incidents.model import State as IncidentState
from sigap.kernel.clock import ManualClock
from sigap.kernel.problems import Denied
from sigap.units import actions as unit_actions
from sigap.units.model import UnitCommitted, UnitNotReady, UnitOfAnotherAgency, UnitStatus
from tests.dispatch.conftest import Given, kinds_of
from tests.people import agent, crew, dispatcher, officer


async def test_a_fire_from_sent_to_closed(conn: AsyncConnection, given: Given, clock: ManualClock) -> None:
    sent = await given.sent("DMK-07")
    assert sent.unit_id is not None
    assert (await given.unit("DMK-07")).status is UnitStatus.DISPATCHED
    by = crew(sent.unit_id)
    for seconds, verb, status, state in (
        (12, actions.acknowledge, UnitStatus.ACKNOWLEDGED, IncidentState.ASSIGNED),
        (60, actions.depart, UnitStatus.EN_ROUTE, IncidentState.EN_ROUTE),
        (300, actions.arrive, UnitStatus.ON_SCENE, IncidentState.ON_SCENE),
        (1800, actions.finish, UnitStatus.CLEARED, IncidentState.RESOLVED),
    ):
        clock.tick(seconds=seconds)
        after = await verb(conn, assignment_id=sent.id, by=by, clock=clock)
        assert (await given.unit("DMK-07")).status is status
        assert (await incidents.get(conn, sent.incident_id)).state is state
    assert after.acknowledged_at == sent.sent_at + timedelta(seconds=12)
    assert after.arrived_at == sent.sent_at + timedelta(seconds=372)
    closed = await closing.close_incident(
        conn,
        incident_id=sent.incident_id,
        results={"BPBD_DAMKAR": "fire_extinguished"},
        by=dispatcher(),
        clock=clock,
    )
    assert closed.state is IncidentState.CLOSED
    assert closed.results == {"BPBD_DAMKAR": "fire_extinguished"}
    assert (await store.get(conn, sent.id)).result == "fire_extinguished"
    assert await kinds_of(conn, sent.incident_id) == [
        "incident.opened",
        "assignment.sent",
        "assignment.acknowledged",
        "assignment.departed",
        "assignment.arrived",
        "assignment.finished",
        "incident.closed",
    ]


async def test_what_is_stored_is_what_was_returned(conn: AsyncConnection, given: Given) -> None:
    sent = await given.sent("DMK-07")
    kept = await store.get(conn, sent.id)
    assert kept == sent
    assert [type(kept.state), type(kept.role), type(kept.escalation)] == [
        type(sent.state),
        type(sent.role),
        type(sent.escalation),
    ]


async def test_pressing_twice_is_one_event(conn: AsyncConnection, given: Given, clock: ManualClock) -> None:
    sent = await given.sent("DMK-07")
    assert sent.unit_id is not None
    first = await actions.acknowledge(conn, assignment_id=sent.id, by=crew(sent.unit_id), clock=clock)
    clock.tick(seconds=3)
    again = await actions.acknowledge(conn, assignment_id=sent.id, by=crew(sent.unit_id), clock=clock)
    assert again == first
    assert list(await kinds_of(conn, sent.incident_id)).count("assignment.acknowledged") == 1


async def test_the_radio_comes_before_the_button(
    conn: AsyncConnection, given: Given, clock: ManualClock
) -> None:
    left = await actions.depart(
        conn, assignment_id=(await given.sent("DMK-07")).id, by=dispatcher(), clock=clock
    )
    there = await actions.arrive(
        conn, assignment_id=(await given.sent("DMK-01")).id, by=dispatcher(), clock=clock
    )
    assert left.flags == ["departed_unacknowledged"]
    assert there.flags == ["arrived_unacknowledged"]


async def test_a_crew_without_signal_tells_late(
    conn: AsyncConnection, given: Given, clock: ManualClock
) -> None:
    assignment = await given.under_way("acknowledge")
    assert assignment.unit_id
    told = clock.tick(seconds=600)
    really = told - timedelta(seconds=500)
    after = await actions.depart(
        conn, assignment_id=assignment.id, at=really, by=crew(assignment.unit_id), clock=clock
    )
    assert after.departed_at == really
    assert after.flags == ["late_entry"]
    early = really - timedelta(seconds=1)
    there = await actions.arrive(
        conn, assignment_id=assignment.id, at=early, by=crew(assignment.unit_id), clock=clock
    )
    assert there.arrived_at == early
    assert set(there.flags) == {"late_entry", "out_of_order"}


async def test_a_time_ahead_of_the_server_is_now(
    conn: AsyncConnection, given: Given, clock: ManualClock
) -> None:
    assignment = await given.under_way("acknowledge")
    ahead = clock.now() + timedelta(hours=1)
    after = await actions.depart(conn, assignment_id=assignment.id, at=ahead, by=dispatcher(), clock=clock)
    assert after.departed_at == clock.now()


async def test_refused_without_a_driver_then_another_goes(
    conn: AsyncConnection, given: Given, clock: ManualClock
) -> None:
    incident = await given.incident("MED03")
    sent = await given.sent("AMB-09", agency="DINKES_PSC119", incident=incident)
    refused = await actions.refuse(
        conn, assignment_id=sent.id, reason="no_driver", by=officer("DINKES_PSC119"), clock=clock
    )
    assert refused.state is State.REFUSED
    assert (await given.unit("AMB-09")).status is UnitStatus.UNMANNED
    assert (await incidents.get(conn, incident.id)).state is IncidentState.AWAITING_DISPATCH
    with pytest.raises(UnitNotReady):
        await given.sent("AMB-09", agency="DINKES_PSC119", incident=incident)
    again = await given.sent("AMB-11", agency="PMI", incident=incident)
    assert again.state is State.SENT
    assert (await incidents.get(conn, incident.id)).state is IncidentState.ASSIGNED


async def test_other_needs_words(conn: AsyncConnection, given: Given, clock: ManualClock) -> None:
    sent = await given.sent("DMK-07")
    with pytest.raises(NeedsText):
        await actions.refuse(
            conn, assignment_id=sent.id, reason="other", by=officer("BPBD_DAMKAR"), clock=clock
        )
    with pytest.raises(UnknownReason):
        await actions.refuse(
            conn, assignment_id=sent.id, reason="tired", by=officer("BPBD_DAMKAR"), clock=clock
        )
    after = await actions.refuse(
        conn, assignment_id=sent.id, reason="other", text="Pos banjir", by=officer("BPBD_DAMKAR"), clock=clock
    )
    assert (after.reason, after.reason_text) == ("other", "Pos banjir")


@pytest.mark.parametrize(
    ("done", "old_state"),
    [((), State.CANCELLED), (("acknowledge",), State.DIVERTED), (("acknowledge", "depart"), State.DIVERTED)],
)
async def test_another_unit_goes_instead(
    conn: AsyncConnection, given: Given, clock: ManualClock, done: tuple[str, ...], old_state: State
) -> None:
    before = await given.under_way(*done)
    instead = await given.unit("DMK-01")
    old, new = await sending.replace_unit(
        conn,
        assignment_id=before.id,
        unit_id=instead.id,
        reason="breakdown",
        promised_s=400.0,
        by=dispatcher(),
        clock=clock,
    )
    assert (old.state, old.reason) == (old_state, "breakdown")
    assert (new.replaces_id, new.unit_id, new.state, new.eta_s) == (before.id, instead.id, State.SENT, 400.0)
    freed = await given.unit("DMK-07")
    assert (freed.status, freed.assignment_id) == (UnitStatus.AVAILABLE, None)
    assert (await given.unit("DMK-01")).assignment_id == new.id


async def test_who_has_arrived_is_not_replaced(
    conn: AsyncConnection, given: Given, clock: ManualClock
) -> None:
    before = await given.under_way("acknowledge", "depart", "arrive")
    with pytest.raises(NotAllowedNow) as refusal:
        await sending.replace_unit(
            conn,
            assignment_id=before.id,
            unit_id=(await given.unit("DMK-01")).id,
            reason="breakdown",
            promised_s=None,
            by=dispatcher(),
            clock=clock,
        )
    assert refusal.value.facts["state"] == State.ARRIVED
    with pytest.raises(NotAllowedNow):
        await sending.cancel(conn, assignment_id=before.id, reason="wrong_unit", by=dispatcher(), clock=clock)


@pytest.mark.parametrize("done", [(), ("acknowledge",), ("acknowledge", "depart")])
async def test_the_desk_takes_back_what_it_sent(
    conn: AsyncConnection, given: Given, clock: ManualClock, done: tuple[str, ...]
) -> None:
    before = await given.under_way(*done)
    after = await sending.cancel(
        conn, assignment_id=before.id, reason="no_longer_needed", by=dispatcher(), clock=clock
    )
    assert after.state is State.CANCELLED
    unit = await given.unit("DMK-07")
    assert (unit.status, unit.assignment_id) == (UnitStatus.AVAILABLE, None)
    with pytest.raises(NotAllowedNow):
        await actions.arrive(conn, assignment_id=before.id, by=dispatcher(), clock=clock)


async def test_an_agency_without_a_screen_answers_by_telephone(
    conn: AsyncConnection, given: Given, clock: ManualClock
) -> None:
    incident = await given.incident("DIS10")
    sent = await given.sent(None, agency="BASARNAS", incident=incident)
    with pytest.raises(NeedsContact):
        await actions.acknowledge(conn, assignment_id=sent.id, by=dispatcher(), clock=clock)
    after = await actions.acknowledge(
        conn, assignment_id=sent.id, contact="Petugas siaga", by=dispatcher(), clock=clock
    )
    assert (after.by_phone, after.phone_contact) == (True, "Petugas siaga")
    # Nobody of theirs drives on our map: accepted work may end without a departure, unflagged.
    done = await actions.finish(
        conn, assignment_id=sent.id, result="handed_over", by=dispatcher(), clock=clock
    )
    assert (done.state, done.flags) == (State.DONE, [])


async def test_a_unit_may_not_finish_before_it_arrived(
    conn: AsyncConnection, given: Given, clock: ManualClock
) -> None:
    before = await given.under_way("acknowledge")
    with pytest.raises(NotAllowedNow):
        await actions.finish(conn, assignment_id=before.id, by=dispatcher(), clock=clock)


async def test_who_is_informed_is_done_by_saying_so(
    conn: AsyncConnection, given: Given, clock: ManualClock
) -> None:
    sent = await given.sent(None, agency="PLN", role=Role.INFORM)
    await actions.acknowledge(conn, assignment_id=sent.id, by=officer("PLN"), clock=clock)
    done = await actions.finish(conn, assignment_id=sent.id, by=officer("PLN"), clock=clock)
    assert (done.state, done.flags, done.owes_result) == (State.DONE, [], False)


async def test_an_agency_accepts_with_several_units(
    conn: AsyncConnection, given: Given, clock: ManualClock
) -> None:
    incident = await given.incident()
    sent = await given.sent(None, incident=incident)
    chosen = [(await given.unit(code)).id for code in ("DMK-07", "DMK-01", "TKI-02")]
    first = await actions.acknowledge(
        conn, assignment_id=sent.id, unit_ids=chosen, by=officer("BPBD_DAMKAR"), clock=clock
    )
    everyone = list((await store.of_incident(conn, incident.id)).values())
    assert first.unit_id == chosen[0]
    assert {one.unit_id for one in everyone} == set(chosen)
    further = [one for one in everyone if one.id != first.id]
    assert {(one.joins_id, one.state) for one in further} == {(first.id, State.ACKNOWLEDGED)}
    assert (await given.unit("TKI-02")).status is UnitStatus.ACKNOWLEDGED
    assert list(await kinds_of(conn, incident.id)) == [
        "incident.opened",
        "assignment.sent",
        "assignment.acknowledged",
    ]


async def test_an_agency_names_its_unit_later(
    conn: AsyncConnection, given: Given, clock: ManualClock
) -> None:
    sent = await given.sent(None)
    by = officer("BPBD_DAMKAR")
    with pytest.raises(NotAllowedNow):
        await actions.choose_units(
            conn, assignment_id=sent.id, unit_ids=[(await given.unit("DMK-07")).id], by=by, clock=clock
        )
    await actions.acknowledge(conn, assignment_id=sent.id, by=by, clock=clock)
    [after] = await actions.choose_units(
        conn, assignment_id=sent.id, unit_ids=[(await given.unit("DMK-07")).id], by=by, clock=clock
    )
    assert (after.id, after.state) == (sent.id, State.ACKNOWLEDGED)
    [second] = await actions.choose_units(
        conn, assignment_id=sent.id, unit_ids=[(await given.unit("DMK-01")).id], by=by, clock=clock
    )
    assert second.joins_id == sent.id


async def test_an_agency_sends_only_its_own_free_units(
    conn: AsyncConnection, given: Given, clock: ManualClock
) -> None:
    sent = await given.sent(None)
    by = officer("BPBD_DAMKAR")
    with pytest.raises(UnitOfAnotherAgency):
        await actions.acknowledge(
            conn, assignment_id=sent.id, unit_ids=[(await given.unit("AMB-01")).id], by=by, clock=clock
        )
    busy = await given.sent("DMK-07")
    with pytest.raises(UnitTaken):
        await actions.acknowledge(
            conn, assignment_id=sent.id, unit_ids=[(await given.unit("DMK-07")).id], by=by, clock=clock
        )
    with pytest.raises(HasUnit):
        await actions.acknowledge(
            conn, assignment_id=busy.id, unit_ids=[(await given.unit("DMK-01")).id], by=by, clock=clock
        )
    twice = [(await given.unit("DMK-01")).id] * 2
    with pytest.raises(SentTwice):
        await actions.acknowledge(conn, assignment_id=sent.id, unit_ids=twice, by=by, clock=clock)


async def test_a_crew_commits_no_unit_but_its_own(
    conn: AsyncConnection, given: Given, clock: ManualClock
) -> None:
    sent = await given.sent("DMK-07")
    assert sent.unit_id
    own, other = sent.unit_id, (await given.unit("DMK-01")).id
    by = crew(own, "BPBD_DAMKAR")
    with pytest.raises(Denied):
        await actions.acknowledge(conn, assignment_id=sent.id, unit_ids=[own, other], by=by, clock=clock)
    taken = await actions.acknowledge(conn, assignment_id=sent.id, unit_ids=[own], by=by, clock=clock)
    assert taken.state is State.ACKNOWLEDGED
    with pytest.raises(Denied):
        await actions.choose_units(conn, assignment_id=sent.id, unit_ids=[other], by=by, clock=clock)
    assert (await given.unit("DMK-01")).status is UnitStatus.AVAILABLE
    [further] = await actions.choose_units(
        conn, assignment_id=sent.id, unit_ids=[other], by=dispatcher(), clock=clock
    )
    assert further.unit_id == other


async def test_only_those_concerned_act(conn: AsyncConnection, given: Given, clock: ManualClock) -> None:
    sent = await given.sent("DMK-07")
    with pytest.raises(NoSuchAssignment):  # another agency may not even know
        await actions.acknowledge(conn, assignment_id=sent.id, by=officer("PLN"), clock=clock)
    other = (await given.unit("DMK-01")).id
    with pytest.raises(NoSuchAssignment):
        await actions.acknowledge(conn, assignment_id=sent.id, by=crew(other), clock=clock)
    with pytest.raises(Denied):
        await actions.acknowledge(conn, assignment_id=sent.id, by=agent(), clock=clock)
    with pytest.raises(Denied):
        await sending.cancel(
            conn, assignment_id=sent.id, reason="wrong_unit", by=officer("BPBD_DAMKAR"), clock=clock
        )
    with pytest.raises(Denied):
        await sending.assign_units(
            conn,
            incident_id=sent.incident_id,
            orders=[sending.Order(agency="PLN", unit_id=None, role=Role.INFORM)],
            promised={},
            by=agent(),
            clock=clock,
        )


async def test_a_crew_reports_along_its_way(conn: AsyncConnection, given: Given, clock: ManualClock) -> None:
    assignment = await given.under_way("acknowledge", "depart", "arrive")
    assert assignment.unit_id
    by = crew(assignment.unit_id)
    for status in (UnitStatus.PATIENT_CONTACT, UnitStatus.TRANSPORTING, UnitStatus.HOSPITAL):
        unit = await unit_actions.set_status(
            conn, unit_id=assignment.unit_id, status=status, by=by, clock=clock
        )
        assert (unit.status, unit.assignment_id) == (status, assignment.id)
    with pytest.raises(UnitCommitted):
        await unit_actions.set_status(
            conn, unit_id=assignment.unit_id, status=UnitStatus.AVAILABLE, by=by, clock=clock
        )
    await actions.finish(conn, assignment_id=assignment.id, by=by, clock=clock)
    free = await unit_actions.set_status(
        conn, unit_id=assignment.unit_id, status=UnitStatus.AVAILABLE, by=by, clock=clock
    )
    assert free.assignment_id is None


async def test_closing_names_what_is_missing(conn: AsyncConnection, given: Given, clock: ManualClock) -> None:
    incident = await given.incident()
    with pytest.raises(CannotClose) as nothing:
        await closing.close_incident(conn, incident_id=incident.id, results={}, by=dispatcher(), clock=clock)
    assert nothing.value.facts["missing"] == [{"what": "nothing_done", "agency": "112"}]
    engine = await given.under_way("acknowledge", "depart", "arrive", incident=incident)
    told = await given.sent(None, agency="PLN", role=Role.INFORM, incident=incident)
    with pytest.raises(CannotClose) as open_ones:
        await closing.close_incident(conn, incident_id=incident.id, results={}, by=dispatcher(), clock=clock)
    missing = open_ones.value.facts["missing"]
    assert isinstance(missing, list)
    assert {one["agency"] for one in missing} == {"BPBD_DAMKAR", "PLN"}
    await actions.finish(conn, assignment_id=engine.id, by=dispatcher(), clock=clock)
    await sending.time_out(conn, assignment_id=told.id, by=dispatcher(), clock=clock)
    with pytest.raises(CannotClose) as without:
        await closing.close_incident(conn, incident_id=incident.id, results={}, by=dispatcher(), clock=clock)
    assert without.value.facts["missing"] == [{"what": "result", "agency": "BPBD_DAMKAR"}]
    with pytest.raises(UnknownReason):
        await closing.close_incident(
            conn, incident_id=incident.id, results={"DLHK": "hazard_secured"}, by=dispatcher(), clock=clock
        )
    await actions.report_result(
        conn, assignment_id=engine.id, result="fire_extinguished", by=officer("BPBD_DAMKAR"), clock=clock
    )
    closed = await closing.close_incident(
        conn, incident_id=incident.id, results={}, by=dispatcher(), clock=clock
    )
    assert closed.results == {"BPBD_DAMKAR": "fire_extinguished"}
    again = await closing.close_incident(
        conn, incident_id=incident.id, results={}, by=dispatcher(), clock=clock
    )
    assert again == closed
    with pytest.raises(IncidentOver):
        await given.sent("DMK-01", incident=closed)


async def test_settled_by_phone_without_sending(
    conn: AsyncConnection, given: Given, clock: ManualClock
) -> None:
    incident = await given.incident("OTH10")
    resolved = await closing.resolve_by_phone(
        conn, incident_id=incident.id, result="information_given", by=dispatcher(), clock=clock
    )
    assert resolved.state is IncidentState.RESOLVED
    closed = await closing.close_incident(
        conn, incident_id=incident.id, results={}, by=dispatcher(), clock=clock
    )
    assert closed.results == {"112": "information_given"}


async def test_a_cancelled_incident_calls_everybody_back(
    conn: AsyncConnection, given: Given, clock: ManualClock
) -> None:
    incident = await given.incident()
    await given.under_way("acknowledge", "depart", incident=incident)
    await given.sent("DMK-01", incident=incident)
    over = await closing.cancel_incident(
        conn, incident_id=incident.id, reason="false_report", by=dispatcher(), clock=clock
    )
    assert (over.state, over.close_reason) == (IncidentState.CANCELLED, "false_report")
    ended = (await store.of_incident(conn, incident.id)).values()
    assert {one.state for one in ended} == {State.CANCELLED}
    assert (await given.unit("DMK-07")).assignment_id is None
    assert (await given.unit("DMK-01")).status is UnitStatus.AVAILABLE


async def test_help_at_the_scene_is_not_cancelled(
    conn: AsyncConnection, given: Given, clock: ManualClock
) -> None:
    incident = await given.incident()
    await given.under_way("acknowledge", "depart", "arrive", incident=incident)
    with pytest.raises(NotSuitable):
        await closing.cancel_incident(
            conn, incident_id=incident.id, reason="false_report", by=dispatcher(), clock=clock
        )


async def test_one_dispatch_is_all_or_nothing(
    conn: AsyncConnection, given: Given, clock: ManualClock
) -> None:
    incident = await given.incident()
    await given.sent("DMK-01")
    orders = [
        sending.Order(agency="BPBD_DAMKAR", unit_id=(await given.unit(code)).id, role=Role.LEAD)
        for code in ("DMK-07", "DMK-01")
    ]
    with pytest.raises(UnitTaken) as taken:
        await sending.assign_units(
            conn, incident_id=incident.id, orders=orders, promised={}, by=dispatcher(), clock=clock
        )
    assert taken.value.facts["unit"] == "DMK-01"
    assert await store.of_incident(conn, incident.id) == {}
    assert (await given.unit("DMK-07")).assignment_id is None
