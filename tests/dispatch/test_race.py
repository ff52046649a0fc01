"""Two desks send the last free unit in the same instant, over two connections: exactly one wins, each time."""

import asyncio
from dataclasses import replace

import pytest
from psycopg import AsyncConnection
from psycopg.errors import UniqueViolation

from sigap.dispatch import sending, store
from sigap.dispatch.model import Assignment, Role, UnitTaken
from sigap.incidents import store as incidents
from sigap.kernel.clock import ManualClock
from sigap.kernel.ids import new_id
from tests.conftest import FreshDatabase
from tests.dispatch.conftest import Given, kinds_of
from tests.people import dispatcher

ROUNDS = 200


async def test_two_desks_take_one_unit_200_times(fresh: FreshDatabase, clock: ManualClock) -> None:
    async with (
        await AsyncConnection.connect(fresh.app_url, autocommit=True) as one,
        await AsyncConnection.connect(fresh.app_url, autocommit=True) as two,
    ):
        given = Given(one, clock)
        await given.roster()
        unit = await given.unit("DMK-07")
        here, there = await given.incident(), await given.incident()
        order = sending.Order(agency="BPBD_DAMKAR", unit_id=unit.id, role=Role.LEAD)
        desks = {"one": (one, here, dispatcher("desk-one")), "two": (two, there, dispatcher("desk-two"))}
        wins = dict.fromkeys(desks, 0)

        async def send(desk: str) -> list[Assignment]:
            conn, incident, by = desks[desk]
            return await sending.assign_units(
                conn, incident_id=incident.id, orders=[order], promised={}, by=by, clock=clock
            )

        for turn in range(ROUNDS):
            names = sorted(desks, reverse=bool(turn % 2))
            answers = dict(
                zip(names, await asyncio.gather(*map(send, names), return_exceptions=True), strict=True)
            )
            [(winner, [won])] = [(desk, a) for desk, a in answers.items() if isinstance(a, list)]
            [loser] = [answer for answer in answers.values() if not isinstance(answer, list)]
            assert isinstance(loser, UnitTaken), loser
            wins[winner] += 1
            assert loser.facts["assignment_id"] == won.id
            assert loser.facts["incident_id"] == desks[winner][1].id
            live = [
                a for i in (here, there) for a in (await store.of_incident(one, i.id)).values() if a.is_live
            ]
            assert [a.id for a in live] == [won.id]
            await sending.cancel(one, assignment_id=won.id, reason="wrong_unit", by=dispatcher(), clock=clock)
        assert sum(wins.values()) == ROUNDS
        assert all(wins.values()), f"the race was never a race: {wins}"
        sent = [
            kind for i in (here, there) for kind in await kinds_of(one, i.id) if kind == "assignment.sent"
        ]
        assert len(sent) == ROUNDS
        assert (await incidents.get(one, here.id)).is_open


async def test_without_the_lock_the_index_still_refuses(fresh: FreshDatabase, clock: ManualClock) -> None:
    """The control: a writer that looks at nothing and locks nothing meets the database's own rule."""
    async with await AsyncConnection.connect(fresh.app_url, autocommit=True) as conn:
        given = Given(conn, clock)
        await given.roster()
        sent = await given.sent("DMK-07")
        with pytest.raises(UniqueViolation):
            await store.add(conn, replace(sent, id=new_id()))
