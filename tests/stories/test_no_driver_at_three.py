"""At three in the morning the PSC has no driver: kelurahan ambulance, PMI, supervisor; every second can be shown."""

import pytest
from psycopg import AsyncConnection

from sigap.dispatch import actions, alarms, closing, sending, store
from sigap.dispatch.model import State
from sigap.incidents import store as incidents
from sigap.journal import store as journal
from sigap.kernel.clock import ManualClock
from sigap.units.model import UnitStatus
from tests.dispatch.conftest import Given
from tests.people import crew, dispatcher, officer, supervisor
from tests.reactions.conftest import Night, given, night

__all__ = ["given", "night"]  # the fixtures of the worker's tests


async def test_no_driver_at_three(
    conn: AsyncConnection, given: Given, night: Night, clock: ManualClock
) -> None:
    incident = await given.incident("MED04")
    first = await given.sent("AMB-01", agency="DINKES_PSC119", incident=incident)
    await night.passes(seconds=20)
    await actions.refuse(
        conn, assignment_id=first.id, reason="no_driver", by=officer("DINKES_PSC119"), clock=clock
    )
    second = await given.sent("AMB-09", agency="DINKES_PSC119", incident=incident)
    await night.passes(seconds=65)  # nobody at the kelurahan answers: again, then another unit is proposed
    assert [step for step, _ in await night.steps(second)] == ["realerted", "next_unit"]
    proposed = (await store.get(conn, second.id)).proposed_unit_id
    assert proposed not in (None, first.unit_id, second.unit_id)
    pmi = await given.unit("AMB-11")
    old, third = await sending.replace_unit(
        conn,
        assignment_id=second.id,
        unit_id=pmi.id,
        reason="no_answer",
        promised_s=540.0,
        by=dispatcher(),
        clock=clock,
    )
    assert (old.state, third.agency, third.replaces_id) == (State.TIMED_OUT, "PMI", second.id)
    await night.passes(seconds=125)  # PMI sleeps too: the supervisor hears of it
    assert [step for step, _ in await night.steps(third)] == ["realerted", "next_unit", "supervisor"]
    await alarms.acknowledge_alarm(conn, assignment_id=third.id, by=supervisor(), clock=clock)
    by = crew(pmi.id)
    for verb, seconds in ((actions.acknowledge, 40), (actions.depart, 500), (actions.arrive, 1200)):
        await verb(conn, assignment_id=third.id, by=by, clock=clock)
        await night.passes(seconds=seconds)
    done = await actions.finish(
        conn, assignment_id=third.id, result="transported_by_ambulance", by=by, clock=clock
    )
    closed = await closing.close_incident(
        conn, incident_id=incident.id, results={}, by=dispatcher(), clock=clock
    )

    assert closed.results == {"PMI": "transported_by_ambulance"}
    assert (await given.unit("AMB-01")).status is UnitStatus.UNMANNED
    assert (await given.unit("AMB-09")).assignment_id is None
    assert done.done_at
    assert (
        done.done_at - (await incidents.get(conn, incident.id)).opened_at
    ).total_seconds() == pytest.approx(1950)
    told = [entry.kind for entry in await journal.about(conn, [str(incident.id)])]
    assert told == [
        "incident.opened",
        "assignment.sent",
        "assignment.refused",
        "assignment.sent",
        "assignment.realerted",
        "assignment.escalated",
        "assignment.replaced",
        "assignment.realerted",
        "assignment.escalated",
        "assignment.escalated",
        "assignment.alarm_acknowledged",
        "assignment.acknowledged",
        "assignment.departed",
        "assignment.arrived",
        "assignment.finished",
        "incident.closed",
    ]
    await night.passes(seconds=7200)  # and the worker has nothing more to say
    assert [entry.kind for entry in await journal.about(conn, [str(incident.id)])] == told
