"""One incident under lock with its assignments and the units a verb touches: what every verb of the desk decides on.

Order of locks: incident, agencies by code, units by id, journal head. Two desks therefore never wait for each other
in a ring, and whoever holds the incident may decide on all its assignments.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from psycopg import AsyncConnection

from sigap.dispatch import store
from sigap.dispatch.events import Sent
from sigap.dispatch.model import Assignment, NoSuchAssignment
from sigap.identity.model import Actor
from sigap.incidents import model as incidents
from sigap.incidents import store as incident_store
from sigap.journal.model import Event
from sigap.journal.writer import append
from sigap.kernel.problems import Denied
from sigap.units import store as unit_store
from sigap.units.model import Unit, UnitStatus


@dataclass(slots=True)
class Scene:
    """What is locked, and what a verb has changed of it so far."""

    incident: incidents.Incident
    assignments: dict[UUID, Assignment]
    units: dict[UUID, Unit]
    written: dict[UUID, Assignment]
    added: dict[UUID, Assignment]
    moved: dict[UUID, Unit]

    def change(self, assignment: Assignment) -> Assignment:
        """Put a changed assignment in."""
        self.assignments[assignment.id] = assignment
        (self.added if assignment.id in self.added else self.written)[assignment.id] = assignment
        return assignment

    def add(self, assignment: Assignment) -> Assignment:
        """Put a new assignment in."""
        self.assignments[assignment.id] = assignment
        self.added[assignment.id] = assignment
        return assignment

    def take(self, assignment: Assignment, status: UnitStatus, *, at: datetime) -> None:
        """Bind an assignment's unit to it."""
        if assignment.unit_id:
            self._put(self.units[assignment.unit_id].taken(assignment.id, status, at=at))

    def set_unit(self, assignment: Assignment, status: UnitStatus, *, at: datetime) -> None:
        """The unit does what the assignment's verb says."""
        if (unit := self._held(assignment)) and unit.status != status:
            self._put(unit.now(status, at=at))

    def release(
        self, assignment: Assignment, status: UnitStatus, *, at: datetime, reason: str | None = None
    ) -> None:
        """Let the unit go."""
        if unit := self._held(assignment):
            self._put(unit.released(status, at=at, reason=reason))

    def sign(self, unit_id: UUID | None) -> str | None:
        """A unit's call sign."""
        return self.units[unit_id].code if unit_id else None

    def sent(self, assignment: Assignment) -> Sent:
        """An assignment as events name it."""
        return Sent(
            assignment_id=assignment.id,
            agency=assignment.agency,
            unit_id=assignment.unit_id,
            unit=self.sign(assignment.unit_id),
            role=assignment.role,
            eta_s=assignment.eta_s,
        )

    def _held(self, assignment: Assignment) -> Unit | None:
        unit = self.units.get(assignment.unit_id) if assignment.unit_id else None
        return unit if unit and unit.assignment_id == assignment.id else None

    def _put(self, unit: Unit) -> None:
        before = self.moved.get(unit.id)
        # One write, one revision: a unit that was released and taken in one verb has still moved once.
        self.moved[unit.id] = self.units[unit.id] = replace(unit, rev=before.rev) if before else unit


async def lock_incident(conn: AsyncConnection, incident_id: UUID, *, unit_ids: Iterable[UUID] = ()) -> Scene:
    """Lock an incident with all its live units and the others named. Raises NoSuchIncident, NoSuchUnit."""
    incident = await incident_store.lock(conn, incident_id)
    assignments = await store.of_incident(conn, incident_id)
    bound = {one.unit_id for one in assignments.values() if one.unit_id and one.is_live}
    units = await unit_store.lock_units(conn, {*bound, *unit_ids})
    return Scene(incident, assignments, units, {}, {}, {})


async def lock_assignment(
    conn: AsyncConnection, assignment_id: UUID, *, unit_ids: Iterable[UUID] = ()
) -> tuple[Scene, Assignment]:
    """Lock the incident of an assignment. Raises NoSuchAssignment, NoSuchUnit."""
    known = await store.get(conn, assignment_id)
    own = {known.unit_id} if known.unit_id else set[UUID]()
    scene = await lock_incident(conn, known.incident_id, unit_ids={*own, *unit_ids})
    return scene, scene.assignments[assignment_id]


async def commit(
    conn: AsyncConnection,
    scene: Scene,
    event: Event,
    *,
    by: Actor,
    at: datetime,
    occurred_at: datetime | None = None,
) -> None:
    """Write everything that the verb changed and its one entry; the incident with it, since its state follows."""
    derived = incidents.derive(
        scene.incident, [(one.state, one.role) for one in scene.assignments.values()], at
    )
    await write(
        conn, scene, replace(derived, rev=derived.rev + 1), event, by=by, at=at, occurred_at=occurred_at
    )


async def write(
    conn: AsyncConnection,
    scene: Scene,
    incident: incidents.Incident | None,
    event: Event,
    *,
    by: Actor,
    at: datetime,
    occurred_at: datetime | None = None,
) -> None:
    """Write what changed, and the entry last: it holds the journal's head until commit."""
    for assignment in scene.written.values():
        await store.save(conn, assignment)
    for assignment in scene.added.values():
        await store.add(conn, assignment)
    for unit in scene.moved.values():
        await unit_store.save(conn, unit)
    if incident:
        scene.incident = incident
        await incident_store.save(conn, incident)
    rows = [
        *scene.written.values(),
        *scene.added.values(),
        *scene.moved.values(),
        *([incident] if incident else []),
    ]
    await append(conn, event, rows=rows, by=by, at=at, occurred_at=occurred_at)


def permit_agency(by: Actor, assignment: Assignment) -> bool:
    """Who may act for an assignment: its crew, its agency, or the desk by phone or radio; True if it is the desk.

    Raises NoSuchAssignment for those who may not know of it, Denied for those who only may not do it.
    """
    if by.may("assignment.act_agency") and by.agency == assignment.agency:
        return False
    if by.may("assignment.act_unit") and by.unit_id is not None and by.unit_id == assignment.unit_id:
        return False
    if by.may("assignment.acknowledge_any"):
        return True
    if by.may("assignment.act_agency") or by.may("assignment.act_unit"):
        raise NoSuchAssignment()
    raise Denied(permission="assignment.act_agency")


def permit_units(by: Actor, assignment: Assignment, unit_ids: Iterable[UUID]) -> bool:
    """Who may say which units go: the agency or the desk; a crew speaks for its own unit alone. True if it is the desk.

    Raises as permit_agency does, and Denied for a crew that names another unit.
    """
    by_desk = permit_agency(by, assignment)
    for_agency = by_desk or (by.may("assignment.act_agency") and by.agency == assignment.agency)
    if not for_agency and any(unit_id != by.unit_id for unit_id in unit_ids):
        raise Denied(permission="assignment.act_agency")
    return by_desk
