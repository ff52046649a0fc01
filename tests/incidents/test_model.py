"""The life of an incident: what its assignments make of it, its numbers, its catalogue."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigap.incidents.catalogue import CATEGORIES, NATIONAL_GROUPS, TYPES, words
from sigap.incidents.model import (
    Incident,
    IncidentOver,
    IntakeChannel,
    Priority,
    State,
    UnknownType,
    catalogue,
    default_priority,
    derive,
    kind_of,
    ticket_number,
)
from sigap.kernel.ids import new_id

AT = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
LATER = AT + timedelta(minutes=7)
ASSIGNMENT_STATES = [
    "sent",
    "acknowledged",
    "departed",
    "arrived",
    "done",
    "refused",
    "timed_out",
    "cancelled",
    "diverted",
]


def incident(state: State = State.NEW) -> Incident:
    return Incident(
        id=new_id(),
        ticket_number="112-20260301-0001",
        short_number=1,
        type="FIR01",
        category="FIR",
        national_group="fire",
        priority=Priority.P1,
        state=state,
        restricted=False,
        intake_channel=IntakeChannel.RADIO,
        kecamatan_code=None,
        desa_code=None,
        outside=False,
        uncertainty_m=None,
        first_call_id=None,
        first_call_offered_at=None,
        opened_by=None,
        opened_at=AT,
        location_confirmed_at=AT,
        resolved_at=None,
        closed_at=AT if state in (State.CLOSED, State.CANCELLED) else None,
        close_reason=None,
        results={},
        dangers=[],
        rev=1,
        lon=106.5,
        lat=-6.2,
        place_text="x",
        landmark=None,
        narrative="",
        reporter_name=None,
        callback_number=None,
    )


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ([], State.NEW),
        (["sent"], State.ASSIGNED),
        (["acknowledged", "sent"], State.ASSIGNED),
        (["departed", "acknowledged"], State.EN_ROUTE),
        (["arrived", "departed", "sent"], State.ON_SCENE),
        (["done", "departed"], State.EN_ROUTE),
        (["done", "refused"], State.RESOLVED),
        (["refused"], State.AWAITING_DISPATCH),
        (["cancelled", "timed_out", "diverted"], State.AWAITING_DISPATCH),
    ],
)
def test_the_state_follows_the_assignments(states: list[str], expected: State) -> None:
    after = derive(incident(), [(state, "lead") for state in states], LATER)
    assert after.state == expected
    assert after.resolved_at == (LATER if expected == State.RESOLVED else None)


def test_a_new_assignment_takes_resolved_back() -> None:
    resolved = derive(incident(), [("done", "lead")], AT)
    again = derive(resolved, [("done", "lead"), ("sent", "assist")], LATER)
    assert (again.state, again.resolved_at) == (State.ASSIGNED, None)


def test_resolved_keeps_its_first_time() -> None:
    resolved = derive(incident(), [("done", "lead")], AT)
    assert derive(resolved, [("done", "lead"), ("cancelled", "assist")], LATER) is resolved


@given(
    state=st.sampled_from(State),
    assigned=st.lists(st.tuples(st.sampled_from(ASSIGNMENT_STATES), st.just("lead")), max_size=6),
)
def test_derive_is_stable_and_leaves_the_ended_alone(state: State, assigned: list[tuple[str, str]]) -> None:
    before = incident(state)
    after = derive(before, assigned, LATER)
    assert derive(after, list(reversed(assigned)), LATER + timedelta(seconds=1)) == after
    if not before.is_open or not assigned:
        assert after is before
    assert replace(after, state=before.state, resolved_at=before.resolved_at) == before


@pytest.mark.parametrize("state", [State.CLOSED, State.CANCELLED])
def test_an_ended_incident_is_over(state: State) -> None:
    with pytest.raises(IncidentOver):
        incident(state).require_open()


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 11, 24, 16, 59, 59, tzinfo=UTC), "112-20261124-0042"),
        (datetime(2026, 11, 24, 17, 0, 0, tzinfo=UTC), "112-20261125-0042"),
    ],
)
def test_the_ticket_number_has_the_local_day(at: datetime, expected: str) -> None:
    assert ticket_number(at, 42) == expected


def test_the_catalogue_is_whole() -> None:
    assert len(TYPES) == 80
    assert set(CATEGORIES) == {"MED", "FIR", "DIS", "SEC", "TRA", "PPA", "OTH"}
    assert len(NATIONAL_GROUPS) == 7
    assert [code for code, kind in TYPES.items() if kind.restricted] == [f"PPA0{n}" for n in range(1, 7)]
    assert {TYPES[code].national_group for code in ("SEC01", "SEC02", "SEC03")} == {"riot"}
    assert {TYPES[code].national_group for code in ("SEC04", "PPA01")} == {"security"}
    assert TYPES["FIR01"].agencies == ("BPBD_DAMKAR", "PLN", "POLRI", "DINKES_PSC119")
    assert all(kind.agencies and kind.id and kind.en for kind in TYPES.values())
    assert default_priority(kind_of("OTH06")) == Priority.P4
    with pytest.raises(UnknownType):
        kind_of("FIR99")


def test_every_code_has_a_name_in_both_languages() -> None:
    assert set(words()["states"]) == {state.value for state in State}
    assert set(words()["priorities"]) == {priority.value for priority in Priority}
    assert set(words()["intake_channels"]) == {channel.value for channel in IntakeChannel}
    limits = catalogue()["incident_limits"]
    assert limits == {"same_within_m": 300.0, "same_within_s": 1800.0}
    for entries in catalogue().values():
        for entry in entries if isinstance(entries, list) else ():
            assert all(entry["name"][language] for language in ("id", "en"))
