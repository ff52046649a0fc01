"""A room ready to dispatch: the shipped roster, and builders that use the verbs themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import pytest
from psycopg import AsyncConnection

from sigap.dispatch import actions, sending
from sigap.dispatch.model import Assignment, Role
from sigap.identity.model import Actor
from sigap.incidents.model import Incident
from sigap.intake.actions import open_incident
from sigap.intake.model import Place, Report
from sigap.journal import store as journal
from sigap.kernel.clock import Clock, ManualClock
from sigap.kernel.place import Point
from sigap.units import actions as unit_actions
from sigap.units import store as units
from sigap.units.model import Unit
from sigap.units.roster import shipped
from tests.people import agent, crew, dispatcher

PASAR_KEMIS = Point(106.5365, -6.1650)


@dataclass(frozen=True, slots=True)
class Given:
    """What a test starts from."""

    conn: AsyncConnection
    clock: Clock

    async def roster(self) -> None:
        """The agencies and units as shipped."""
        await unit_actions.seed(self.conn, roster=shipped(), by=Actor.machine("import"), clock=self.clock)

    async def incident(self, type: str = "FIR01", *, place: Point = PASAR_KEMIS) -> Incident:
        """An incident opened by the call-taker."""
        report = Report(
            type=type,
            place=Place(point=place, text="Gg. Melati 3, Desa Pasar Kemis"),
            narrative="Rumah terbakar.",
            intake_channel="phone",
        )
        return await open_incident(self.conn, report, by=agent(), clock=self.clock)

    async def unit(self, code: str) -> Unit:
        """A unit by its call sign."""
        return await units.by_code(self.conn, code)

    async def sent(
        self,
        unit: str | None = "DMK-07",
        *,
        agency: str = "BPBD_DAMKAR",
        role: Role = Role.LEAD,
        incident: Incident | None = None,
    ) -> Assignment:
        """An assignment just sent."""
        to = incident or await self.incident()
        unit_id = (await self.unit(unit)).id if unit else None
        order = sending.Order(agency=agency, unit_id=unit_id, role=role)
        [assignment] = await sending.assign_units(
            self.conn, incident_id=to.id, orders=[order], promised={}, by=dispatcher(), clock=self.clock
        )
        return assignment

    async def under_way(
        self, *verbs: str, unit: str = "DMK-07", incident: Incident | None = None
    ) -> Assignment:
        """An assignment whose crew has done these verbs."""
        assignment = await self.sent(unit, incident=incident)
        assert assignment.unit_id
        by = crew(assignment.unit_id)
        for verb in verbs:
            assignment = await getattr(actions, verb)(
                self.conn, assignment_id=assignment.id, by=by, clock=self.clock
            )
        return assignment


async def kinds_of(conn: AsyncConnection, incident_id: UUID) -> Sequence[str]:
    """What the timeline of an incident says, oldest first."""
    return [entry.kind for entry in await journal.about(conn, [str(incident_id)])]


@pytest.fixture
async def given(conn: AsyncConnection, clock: ManualClock) -> Given:
    """A room with its roster, rolled back after the test."""
    ready = Given(conn, clock)
    await ready.roster()
    return ready
