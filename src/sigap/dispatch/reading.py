"""Whether somebody may read an incident before the desk proposes anything for it."""

from datetime import datetime
from uuid import UUID

from psycopg import AsyncConnection

from sigap.dispatch import store
from sigap.identity.model import Actor
from sigap.incidents import store as incidents
from sigap.incidents.model import Incident, IsRestricted, NoSuchIncident
from sigap.incidents.visibility import Sight, sight


async def readable(conn: AsyncConnection, incident_id: UUID, *, by: Actor, at: datetime) -> Incident:
    """The incident, if this person may read all of it. Raises NoSuchIncident, IsRestricted.

    A proposal says how far units are from the place: for a restricted case that is the place.
    """
    incident = await incidents.get(conn, incident_id)
    accesses = await incidents.accesses(conn, [incident_id], by.account_id) if by.account_id else []
    assigned = await store.of_incident(conn, incident_id)
    seen = sight(
        restricted=incident.restricted,
        permissions=by.permissions,
        agency=by.agency,
        unit_id=by.unit_id,
        assigned=[(one.agency, one.unit_id, one.role, one.state) for one in assigned.values()],
        granted=any(access.holds(at, incident_open=incident.is_open) for access in accesses),
    )
    if seen is Sight.NONE:
        raise NoSuchIncident()
    if seen is Sight.MASKED:
        raise IsRestricted(ticket=incident.ticket_number)
    return incident
