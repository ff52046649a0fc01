"""What an older version wrote is written again as this one writes it; entries from before stay."""

from importlib.resources import files

import psycopg
from psycopg import AsyncConnection

from sigap.identity.model import Actor
from sigap.intake.upgrade import seal_restricted
from sigap.journal import store as journal
from sigap.journal.export import lines, verify
from sigap.kernel.clock import ManualClock
from tests.intake.given import incident

MIGRATION = (files("sigap") / "migrations" / "0060_restricted.sql").read_text()


async def test_restricted_cases_from_before_are_written_again_once(
    connect: AsyncConnection, owner: psycopg.Connection, clock: ManualClock
) -> None:
    case = await incident(connect, clock, "PPA03")
    await incident(connect, clock, "FIR01")
    before = (await journal.head(connect))[0]
    owner.execute("DROP TABLE incident_to_seal")
    owner.execute("ALTER TABLE idempotency DROP COLUMN rights")
    owner.execute(MIGRATION.encode())

    machine = Actor.machine("import")
    assert await seal_restricted(connect, by=machine, clock=clock) == 1
    assert await seal_restricted(connect, by=machine, clock=clock) == 0
    [entry] = await journal.after(connect, before)
    assert (entry.kind, entry.facts) == ("incident.sealed", {"incident_id": str(case.id)})
    [change] = entry.changes
    assert (change["id"], change["rev"]) == (str(case.id), case.rev + 1)
    assert "PPA03" not in str(change)
    personal = (await journal.sealed(connect, entry.seq, entry.seq))[entry.seq]
    assert "PPA03" in str(personal.content)
    assert verify([line async for line in lines(connect, with_sealed=True)]).entries == entry.seq
