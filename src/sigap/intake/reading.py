"""An incident's page, a person's calls and a recording, as far as the reader may see them.

Apart from actions.py because nothing here changes the room; reading what is protected is written down all the same.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from psycopg import AsyncConnection

from sigap.calls import store as calls
from sigap.calls.actions import play_recording
from sigap.calls.model import Call
from sigap.dispatch import store as dispatch
from sigap.dispatch.model import Assignment
from sigap.identity.model import Actor
from sigap.incidents import store as incidents
from sigap.incidents.events import IncidentRead
from sigap.incidents.model import Incident, NoSuchIncident, Note
from sigap.incidents.visibility import Sight, reads_words
from sigap.intake.sight import require_full, sight_of, sights
from sigap.journal import store as journal
from sigap.journal.model import Entry
from sigap.journal.writer import append
from sigap.kernel import settings
from sigap.kernel.clock import Clock

READ_AGAIN_S = settings.declare(
    "incident.read_again_s",
    300.0,
    "Seconds in which one person's repeated look at a restricted case is one entry, not many.",
    source="Sigap default, confirm with legal staff",
    owner="admin",
)
_READ: Final = IncidentRead.kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Everything about one incident that one person may see; a masked one has nothing but the incident itself."""

    incident: Incident
    sight: Sight
    assignments: list[Assignment]
    calls: list[Call]
    notes: list[Note]
    timeline: list[Entry]


async def page(conn: AsyncConnection, *, incident_id: UUID, by: Actor, clock: Clock) -> Page:
    """The incident with its timeline from the journal. Reading a restricted case is written down. Raises NoSuchIncident."""
    incident, now = await incidents.get(conn, incident_id), clock.now()
    seen = await sight_of(conn, incident, by, now)
    if seen == Sight.NONE:
        raise NoSuchIncident()
    if seen == Sight.MASKED:
        return Page(incident=incident, sight=seen, assignments=[], calls=[], notes=[], timeline=[])
    assignments = (await dispatch.of_incidents(conn, [incident.id]))[incident.id]
    its_calls = await calls.of_incident(conn, incident.id)
    timeline = await journal.about(conn, [str(thing.id) for thing in (incident, *assignments, *its_calls)])
    if incident.restricted and by.account_id is not None and not _read_before(timeline, by, now):
        async with conn.transaction():
            await append(conn, IncidentRead(incident_id=incident.id, account_id=by.account_id), by=by, at=now)
    return Page(
        incident=incident,
        sight=seen,
        assignments=[_heard(one, by) for one in assignments],
        calls=[_shown(call, by) for call in its_calls],
        notes=await incidents.notes(conn, incident.id),
        timeline=timeline,
    )


async def list_calls(conn: AsyncConnection, *, mine: bool, limit: int, by: Actor, clock: Clock) -> list[Call]:
    """The last calls, newest first: one's own, or all of the room. What a restricted case hides is not in them."""
    by.require("call.read")
    found = await calls.newest(conn, account_id=by.account_id if mine else None, limit=limit)
    attached = {call.incident_id for call in found if call.incident_id is not None}
    known = await incidents.many(conn, sorted(attached))
    seen = await sights(conn, known.values(), by, clock.now())
    return [
        _shown(call, by)
        if call.incident_id is None or seen.get(call.incident_id) == Sight.FULL
        else without_personal(call)
        for call in found
    ]


async def expected_numbers(conn: AsyncConnection, by: Actor) -> tuple[set[str], set[str]]:
    """Whose calls voice takes first: numbers with an open incident, then numbers to be called back."""
    by.require("voice.report")
    open_ones = await incidents.open_ones(conn)
    about = await calls.numbers_about(conn, list(open_ones))
    return about | {number for number in open_ones.values() if number}, await calls.due_numbers(conn)


def without_personal(call: Call) -> Call:
    """The call's times and outcome alone."""
    return replace(call, caller_number=None, caller_name=None, evidence=[], note=None, recording_ref=None)


def _shown(call: Call, by: Actor) -> Call:
    """The call as somebody who may read its incident sees it: what is personal only with the permission for numbers."""
    return call if by.may("call.read_number") else without_personal(call)


def _heard(assignment: Assignment, by: Actor) -> Assignment:
    """The assignment as in the live room: what was said with it is for the room, its agency and its crew."""
    of = (assignment.agency, assignment.unit_id)
    if reads_words(permissions=by.permissions, agency=by.agency, unit_id=by.unit_id, of=of):
        return assignment
    return replace(assignment, reason_text=None, phone_contact=None, result_note=None)


def _read_before(timeline: list[Entry], by: Actor, now: datetime) -> bool:
    since = now - timedelta(seconds=READ_AGAIN_S.value)
    return any(
        entry.kind == _READ and entry.actor == by.ref and entry.recorded_at > since for entry in timeline
    )


async def recording(conn: AsyncConnection, *, call_id: UUID, reason: str, by: Actor, clock: Clock) -> Call:
    """The call whose recording may be heard for this reason; that of a restricted case only by who may read the case."""
    async with conn.transaction():
        call = await calls.lock(conn, call_id)
        if call.incident_id is not None:
            incident = await incidents.get(conn, call.incident_id)
            await require_full(conn, incident, by, clock.now())
        return await play_recording(conn, call_id=call_id, reason=reason, by=by, clock=clock)
