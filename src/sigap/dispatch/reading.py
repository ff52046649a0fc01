"""What somebody may read of an incident: before the desk proposes anything for it, and in a verb's answer."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from psycopg import AsyncConnection

from sigap.dispatch import store
from sigap.dispatch.model import Assignment
from sigap.identity.model import Actor
from sigap.incidents import store as incidents
from sigap.incidents.model import Incident, IsRestricted, NoSuchIncident
from sigap.incidents.visibility import Sight, sight


async def readable(conn: AsyncConnection, incident_id: UUID, *, by: Actor, at: datetime) -> Incident:
    """The incident, if this person may read all of it. Raises NoSuchIncident, IsRestricted.

    A proposal says how far units are from the place: for a restricted case that is the place.
    """
    incident = await incidents.get(conn, incident_id)
    seen = await _seen(conn, incident, by=by, at=at)
    if seen is Sight.NONE:
        raise NoSuchIncident()
    if seen is Sight.MASKED:
        raise IsRestricted(ticket=incident.ticket_number)
    return incident


async def shown(conn: AsyncConnection, assignment: Assignment, *, by: Actor, at: datetime) -> Assignment:
    """The assignment without its words, reason and result for who may act on it but neither reads the incident nor is its agency or crew."""
    if by.agency == assignment.agency or (by.unit_id is not None and by.unit_id == assignment.unit_id):
        return assignment
    incident = await incidents.get(conn, assignment.incident_id)
    if await _seen(conn, incident, by=by, at=at) is Sight.FULL:
        return assignment
    return replace(
        assignment, reason=None, reason_text=None, phone_contact=None, result=None, result_note=None
    )


async def shown_end(conn: AsyncConnection, incident: Incident, *, by: Actor, at: datetime) -> Incident:
    """The ended incident without its results and why it was closed for who may not read it."""
    if await _seen(conn, incident, by=by, at=at) is Sight.FULL:
        return incident
    return replace(incident, results={}, close_reason=None)


async def _seen(conn: AsyncConnection, incident: Incident, *, by: Actor, at: datetime) -> Sight:
    if not incident.restricted and by.may("incident.read"):
        return Sight.FULL
    accesses = await incidents.accesses(conn, [incident.id], by.account_id) if by.account_id else []
    assigned = await store.of_incident(conn, incident.id)
    return sight(
        restricted=incident.restricted,
        permissions=by.permissions,
        agency=by.agency,
        unit_id=by.unit_id,
        assigned=[(one.agency, one.unit_id, one.role, one.state) for one in assigned.values()],
        granted=any(access.holds(at, incident_open=incident.is_open) for access in accesses),
    )
