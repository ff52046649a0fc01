"""What an older version wrote that is written otherwise now.

Apart from actions.py because nobody in the room says it: it runs once, when an installation is brought up to date.
"""

from psycopg import AsyncConnection

from sigap.dispatch import store as dispatch
from sigap.identity.model import Actor
from sigap.incidents import store as incidents
from sigap.incidents.events import IncidentSealed
from sigap.journal.writer import append
from sigap.kernel.clock import Clock


async def seal_restricted(conn: AsyncConnection, *, by: Actor, clock: Clock) -> int:
    """Write restricted cases and their assignments again whose public rows name what they are or how they ended.

    Returns how many. Repeating is harmless.

    Entries are never changed: those from before keep what they said, and only the rows folded from here on are
    without it.
    """
    by.require("incident.seal")
    waiting = await incidents.to_seal(conn)
    for incident_id in waiting:
        async with conn.transaction():
            after = (await incidents.lock(conn, incident_id)).touched()
            await incidents.save(conn, after)
            jobs = [one.touched() for one in (await dispatch.of_incident(conn, incident_id)).values()]
            for job in jobs:
                await dispatch.save(conn, job)
            await incidents.has_been_sealed(conn, incident_id)
            sealed = IncidentSealed(incident_id=incident_id)
            await append(conn, sealed, rows=[after, *jobs], by=by, at=clock.now())
    return len(waiting)
