"""How much of an incident somebody may see now: the one rule of incidents/visibility.py with what the database knows.

Apart from actions.py because every reading door of this desk asks it.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from psycopg import AsyncConnection

from sigap.dispatch import store as dispatch
from sigap.identity.model import Actor
from sigap.incidents import store as incidents
from sigap.incidents.model import Incident, IsRestricted, NoSuchIncident
from sigap.incidents.visibility import Sight, sight


async def sights(
    conn: AsyncConnection, found: Iterable[Incident], by: Actor, at: datetime
) -> dict[UUID, Sight]:
    """What this person sees of each of these incidents."""
    by_id = {incident.id: incident for incident in found}
    hidden = [
        incident.id for incident in by_id.values() if incident.restricted or not by.may("incident.read")
    ]
    if not hidden:
        return dict.fromkeys(by_id, Sight.FULL)
    assigned = await dispatch.of_incidents(conn, hidden)
    granted: set[UUID] = set()
    if by.account_id is not None:
        for access in await incidents.accesses(conn, hidden, by.account_id):
            if access.holds(at, incident_open=by_id[access.incident_id].is_open):
                granted.add(access.incident_id)
    seen = dict.fromkeys(by_id, Sight.FULL)
    for incident_id in hidden:
        seen[incident_id] = sight(
            restricted=by_id[incident_id].restricted,
            permissions=by.permissions,
            agency=by.agency,
            unit_id=by.unit_id,
            assigned=[(one.agency, one.unit_id, one.role, one.state) for one in assigned[incident_id]],
            granted=incident_id in granted,
        )
    return seen


async def sight_of(conn: AsyncConnection, incident: Incident, by: Actor, at: datetime) -> Sight:
    """What this person sees of an incident."""
    return (await sights(conn, [incident], by, at))[incident.id]


async def require_full(conn: AsyncConnection, incident: Incident, by: Actor, at: datetime) -> None:
    """Raises IsRestricted for who may know of it but not read it, NoSuchIncident for who may not even know."""
    seen = await sight_of(conn, incident, by, at)
    if seen == Sight.NONE:
        raise NoSuchIncident()
    if seen == Sight.MASKED:
        raise IsRestricted(ticket=incident.ticket_number)
