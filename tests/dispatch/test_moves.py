"""Whatever people press, in any order: the assignment only ever makes the moves that domain and table allow."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given as anything
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from sigap.dispatch.catalogue import catalogue
from sigap.dispatch.model import FINAL, FLAGGED, NEXT, Assignment, NotAllowedNow, Role, State, Verb
from sigap.kernel.ids import new_id

AT = datetime(2026, 3, 1, tzinfo=UTC)

LEGAL = {
    "sent": {"acknowledged", "refused", "timed_out", "cancelled", "departed", "arrived"},
    "acknowledged": {"departed", "refused", "cancelled", "diverted", "done"},
    "departed": {"arrived", "cancelled", "diverted"},
    "arrived": {"done"},
}
"""The moves as the field has them, written down apart from the code."""


def assignment(role: Role = Role.LEAD, *, unit: bool = True) -> Assignment:
    """One that was just sent."""
    return Assignment(
        id=new_id(),
        incident_id=new_id(),
        agency="BPBD_DAMKAR",
        unit_id=new_id() if unit else None,
        role=role,
        state=State.SENT,
        sent_at=AT,
        flags=[],
        rev=1,
    )


def test_the_table_is_the_fields_own() -> None:
    table: dict[str, set[str]] = {}
    for (state, _), after in NEXT.items():
        table.setdefault(state.value, set()).add(after.value)
    assert table == LEGAL
    assert {state for state, _ in NEXT}.isdisjoint(FINAL)


def test_the_screens_get_the_very_table() -> None:
    moves = catalogue()["assignment_moves"]
    assert isinstance(moves, list)
    told = {(move["from"], move["verb"]): move["to"] for move in moves if isinstance(move, dict)}
    assert told == {(state.value, verb.value): after.value for (state, verb), after in NEXT.items()}


@pytest.mark.parametrize("state", sorted(FINAL))
@pytest.mark.parametrize("verb", list(Verb))
def test_nothing_follows_an_end(state: State, verb: Verb) -> None:
    over = replace(assignment(), state=state, ended_at=AT)
    with pytest.raises(NotAllowedNow) as refusal:
        over.step(verb, at=AT)
    assert refusal.value.facts["allowed"] == []


@anything(st.lists(st.sampled_from(list(Verb)), max_size=12))
def test_a_refused_move_changes_nothing(verbs: list[Verb]) -> None:
    one = assignment()
    for verb in verbs:
        try:
            after = one.step(verb, at=AT)
        except NotAllowedNow:
            assert verb not in one.verbs()
            continue
        assert verb in one.verbs()
        assert after.rev == one.rev + 1
        one = after


class LifeOfAnAssignment(RuleBasedStateMachine):
    """Random verbs at rising times against the field's own list of moves."""

    @initialize(role=st.sampled_from(list(Role)), unit=st.booleans())
    def send(self, role: Role, unit: bool) -> None:
        self.now = AT
        self.one = assignment(role, unit=unit)
        self.seen = [self.one.state]

    @rule(verb=st.sampled_from(list(Verb)), seconds=st.floats(0, 5000))
    def press(self, verb: Verb, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        before = self.one
        try:
            after = before.step(verb, at=self.now)
        except NotAllowedNow:
            early_end = before.state is State.ACKNOWLEDGED and verb is Verb.FINISH
            assert (before.state, verb) not in NEXT or (
                early_end and before.unit_id is not None and before.role is not Role.INFORM
            )
            return
        assert after.state.value in LEGAL[before.state.value]
        assert after.rev == before.rev + 1
        assert (
            set(after.flags) - set(before.flags) == {FLAGGED[before.state, verb]}
            if (before.state, verb) in FLAGGED
            else not (set(after.flags) - set(before.flags))
        )
        self.one = after
        self.seen.append(after.state)

    @invariant()
    def times_are_in_order(self) -> None:
        one = self.one
        times = [
            at
            for at in (one.sent_at, one.acknowledged_at, one.departed_at, one.arrived_at, one.done_at)
            if at
        ]
        assert times == sorted(times)

    @invariant()
    def ended_is_final(self) -> None:
        assert (self.one.ended_at is not None) == (self.one.state in FINAL) == (not self.one.is_live)


TestLife = LifeOfAnAssignment.TestCase
TestLife.settings = settings(max_examples=60, stateful_step_count=12, deadline=None)
