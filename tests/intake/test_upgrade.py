"""What an older version wrote is written again as this one writes it; entries from before stay."""

from importlib.resources import files

import psycopg
from psycopg import AsyncConnection

from sigap.dispatch.actions import refuse
from sigap.dispatch.model import Role
from sigap.dispatch.sending import Order, assign_units
from sigap.identity.model import Actor
from sigap.incidents import store as incidents
from sigap.intake.upgrade import seal_restricted
from sigap.journal import store as journal
from sigap.journal.export import lines, verify
from sigap.kernel.clock import ManualClock
from sigap.units import actions as units
from sigap.units.roster import shipped
from tests.intake.given import incident
from tests.people import dispatcher, officer

MIGRATIONS = [
    (files("sigap") / "migrations" / name).read_text()
    for name in ("0060_restricted.sql", "0061_restricted_ends.sql")
]


async def test_restricted_cases_from_before_are_written_again_once(
    connect: AsyncConnection, owner: psycopg.Connection, clock: ManualClock
) -> None:
    case = await incident(connect, clock, "PPA03")
    await incident(connect, clock, "FIR01")
    await units.seed(connect, roster=shipped(), by=Actor.machine("import"), clock=clock)
    orders = [Order(agency="DP3A", unit_id=None, role=Role.LEAD)]
    [job] = await assign_units(
        connect, incident_id=case.id, orders=orders, promised={}, by=dispatcher(), clock=clock
    )
    refused = await refuse(
        connect, assignment_id=job.id, reason="not_our_authority", by=officer("DP3A"), clock=clock
    )
    rev = (await incidents.get(connect, case.id)).rev
    before = (await journal.head(connect))[0]
    owner.execute("DROP TABLE incident_to_seal")
    owner.execute("ALTER TABLE idempotency DROP COLUMN rights")
    for migration in MIGRATIONS:
        owner.execute(migration.encode())

    machine = Actor.machine("import")
    assert await seal_restricted(connect, by=machine, clock=clock) == 1
    assert await seal_restricted(connect, by=machine, clock=clock) == 0
    [entry] = await journal.after(connect, before)
    assert (entry.kind, entry.facts) == ("incident.sealed", {"incident_id": str(case.id)})
    written = {(change["table"], change["id"], change["rev"]) for change in entry.changes}
    assert written == {("incident", str(case.id), rev + 1), ("assignment", str(job.id), refused.rev + 1)}
    assert "PPA03" not in str(entry.changes)
    assert "not_our_authority" not in str(entry.changes)
    personal = (await journal.sealed(connect, entry.seq, entry.seq))[entry.seq]
    assert "PPA03" in str(personal.content)
    assert "not_our_authority" in str(personal.content)
    assert verify([line async for line in lines(connect, with_sealed=True)]).entries == entry.seq
