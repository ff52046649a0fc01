"""Incidents in the database: types of a round trip, the day's counter, the columns named in SQL."""

from datetime import UTC, datetime

import pytest
from psycopg import AsyncConnection

from sigap.incidents import store
from sigap.incidents.model import Incident, IntakeChannel, NoSuchIncident, Priority, State, ticket_number
from sigap.journal.model import columns
from sigap.kernel.clock import ManualClock
from sigap.kernel.ids import new_id
from tests.intake.given import incident


async def test_an_incident_comes_back_as_it_was(conn: AsyncConnection, clock: ManualClock) -> None:
    stored = await incident(conn, clock, dangers=("fire_visible",))
    read = await store.get(conn, stored.id)
    assert read == stored
    assert [type(value) for value in (read.state, read.priority, read.intake_channel)] == [
        State,
        Priority,
        IntakeChannel,
    ]


async def test_no_such_incident(conn: AsyncConnection) -> None:
    for read in (store.get, store.lock):
        with pytest.raises(NoSuchIncident):
            await read(conn, new_id())


async def test_numbers_start_anew_at_local_midnight(conn: AsyncConnection) -> None:
    clock = ManualClock(datetime(2026, 11, 24, 16, 59, 50, tzinfo=UTC))
    numbers = []
    for _ in range(4):
        numbers.append((await incident(conn, clock)).ticket_number)
        clock.tick(seconds=5)
    assert numbers == ["112-20261124-0001", "112-20261124-0002", "112-20261125-0001", "112-20261125-0002"]


async def test_a_day_of_more_than_9999_grows_a_digit(conn: AsyncConnection, clock: ManualClock) -> None:
    assert ticket_number(clock.now(), 10_000) == "112-20260301-10000"


async def test_sql_and_dataclass_name_the_same_columns(conn: AsyncConnection) -> None:
    cursor = await conn.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'incident' ORDER BY ordinal_position"
    )
    assert {row[0] for row in await cursor.fetchall()} == set(columns(Incident))
