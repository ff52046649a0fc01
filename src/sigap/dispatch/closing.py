"""How an incident ends: settled by phone, closed, or cancelled."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from psycopg import AsyncConnection

from sigap.dispatch import scene as scenes
from sigap.dispatch.model import (
    Assignment,
    CannotClose,
    NotSuitable,
    State,
    UnknownReason,
    Verb,
    check_reason,
    check_result,
)
from sigap.dispatch.scene import Scene
from sigap.dispatch.words import CANCEL_REASONS
from sigap.identity.model import Actor
from sigap.identity.versions import refuse_stale
from sigap.incidents.events import IncidentCancelled, IncidentClosed, IncidentResolved
from sigap.incidents.model import Incident
from sigap.incidents.model import State as IncidentState
from sigap.kernel.clock import Clock
from sigap.kernel.versions import ANYTHING, Seen
from sigap.units.model import UnitStatus

CENTRE: Final = "112"
"""Whose result it is when the centre itself settled an incident and no agency was needed."""


async def resolve_by_phone(
    conn: AsyncConnection, *, incident_id: UUID, result: str, seen: Seen = ANYTHING, by: Actor, clock: Clock
) -> Incident:
    """Settle an incident without sending anybody. Repeating it is harmless.

    Raises NotSuitable while an assignment is live or when an agency has done its work, IncidentOver, Denied.
    """
    check_result(result)
    async with conn.transaction():
        scene = await scenes.lock_incident(conn, incident_id)
        by.require("incident.close")
        before = scene.incident
        before.require_open()
        if before.state is IncidentState.RESOLVED and before.results.get(CENTRE) == result:
            return before
        await refuse_stale(conn, before, seen, tell=not before.restricted)
        if any(one.is_live or one.state is State.DONE for one in scene.assignments.values()):
            raise NotSuitable(verb="resolve", ticket=before.ticket_number, state=before.state)
        now = clock.now()
        after = replace(
            before,
            state=IncidentState.RESOLVED,
            resolved_at=now,
            results=before.results | {CENTRE: result},
            rev=before.rev + 1,
        )
        event = IncidentResolved(incident_id=incident_id, result=before.public_code(result))
        await scenes.write(conn, scene, after, event, by=by, at=now)
    return after


async def close_incident(
    conn: AsyncConnection,
    *,
    incident_id: UUID,
    results: Mapping[str, str],
    seen: Seen = ANYTHING,
    by: Actor,
    clock: Clock,
) -> Incident:
    """The centre is done with it (T11). `results` are those that agencies have told the desk. Repeating it is harmless;
    other results after it was closed are refused, not lost.

    Raises CannotClose, naming what is missing: open assignments, agencies without a result, or that nothing was done;
    UnknownReason for a result that does not exist or an agency that was never sent; IncidentOver, Denied.
    """
    for result in results.values():
        check_result(result)
    async with conn.transaction():
        scene = await scenes.lock_incident(conn, incident_id)
        by.require("incident.close")
        before = scene.incident
        if before.state is IncidentState.CLOSED and results.items() <= before.results.items():
            return before
        await refuse_stale(conn, before, seen, tell=not before.restricted)
        before.require_open()
        _refuse_strangers(scene, results)
        now = clock.now()
        kept = _take_results(scene, results)
        if missing := _missing(scene, kept):
            raise CannotClose(
                ticket=before.ticket_number, state=before.state, missing=missing, open=_named(missing)
            )
        after = replace(
            before,
            state=IncidentState.CLOSED,
            resolved_at=before.resolved_at or now,
            closed_at=now,
            close_reason="done",
            results=kept,
            rev=before.rev + 1,
        )
        event = IncidentClosed(incident_id=incident_id, results={} if before.restricted else dict(kept))
        await scenes.write(conn, scene, after, event, by=by, at=now)
    return after


async def cancel_incident(
    conn: AsyncConnection,
    *,
    incident_id: UUID,
    reason: str,
    text: str | None = None,
    seen: Seen = ANYTHING,
    by: Actor,
    clock: Clock,
) -> Incident:
    """There was nothing to do, or no longer: whatever is on its way is taken back. Repeating it is harmless.

    Raises NotSuitable once somebody is at the scene or has been (then it is finished and closed with a result),
    IncidentOver, UnknownReason, NeedsText, Denied.
    """
    check_reason(reason, CANCEL_REASONS, text)
    async with conn.transaction():
        scene = await scenes.lock_incident(conn, incident_id)
        by.require("incident.cancel")
        before = scene.incident
        if before.state is IncidentState.CANCELLED:
            return before
        await refuse_stale(conn, before, seen, tell=not before.restricted)
        before.require_open()
        for one in scene.assignments.values():
            if one.state in (State.ARRIVED, State.DONE):
                raise NotSuitable(verb="cancel", ticket=before.ticket_number, state=before.state)
        now = clock.now()
        for one in [one for one in scene.assignments.values() if one.is_live]:
            _take_back(scene, one, reason, text, at=now)
        after = replace(
            before, state=IncidentState.CANCELLED, closed_at=now, close_reason=reason, rev=before.rev + 1
        )
        event = IncidentCancelled(incident_id=incident_id, reason=before.public_code(reason))
        await scenes.write(conn, scene, after, event, by=by, at=now)
    return after


def _take_back(scene: Scene, one: Assignment, reason: str, text: str | None, *, at: datetime) -> None:
    scene.change(replace(one.step(Verb.CANCEL, at=at), reason=reason, reason_text=text))
    scene.release(one, UnitStatus.AVAILABLE, at=at)


def _refuse_strangers(scene: Scene, results: Mapping[str, str]) -> None:
    sent = {one.agency for one in scene.assignments.values()} or {CENTRE}
    for agency in results:
        if agency not in sent and agency != CENTRE:
            raise UnknownReason(reason=agency, known=sorted(sent))


def _take_results(scene: Scene, results: Mapping[str, str]) -> dict[str, str]:
    """The incident's results with those told now; assignments that still owed one get theirs."""
    for one in [one for one in scene.assignments.values() if one.owes_result and one.agency in results]:
        scene.change(replace(one, result=results[one.agency], rev=one.rev + 1))
    told = {one.agency: one.result for one in scene.assignments.values() if one.result}
    return told | scene.incident.results | dict(results)


def _missing(scene: Scene, results: Mapping[str, str]) -> list[dict[str, object]]:
    missing: list[dict[str, object]] = [
        {"what": "open_assignment", "assignment_id": one.id, "agency": one.agency, "state": one.state}
        for one in scene.assignments.values()
        if one.is_live
    ]
    owing = {
        one.agency for one in scene.assignments.values() if one.owes_result and one.agency not in results
    }
    missing.extend({"what": "result", "agency": agency} for agency in sorted(owing))
    done = any(one.state is State.DONE for one in scene.assignments.values())
    settled = scene.incident.state is IncidentState.RESOLVED
    if not missing and not done and not settled:
        missing.append({"what": "nothing_done", "agency": CENTRE})
    return missing


def _named(missing: list[dict[str, object]]) -> list[tuple[object, object]]:
    """Whom it waits for and why, as the text of the refusal names them."""
    why = {"result": "result_missing"}
    return [(one["agency"], one.get("state") or why.get(str(one["what"]), one["what"])) for one in missing]
