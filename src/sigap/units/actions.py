"""Verbs on units: register the roster, set a status, report where a unit is."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from psycopg import AsyncConnection

from sigap.identity.model import Actor
from sigap.identity.versions import refuse_stale
from sigap.journal.writer import append
from sigap.kernel.clock import Clock
from sigap.kernel.ids import new_id
from sigap.kernel.problems import Denied
from sigap.kernel.versions import ANYTHING, Seen
from sigap.units import store
from sigap.units.events import AgencyRegistered, UnitRegistered, UnitStatusSet
from sigap.units.model import Agency, Position, Unit, UnitStatus
from sigap.units.roster import Post, Roster


async def seed(conn: AsyncConnection, *, roster: Roster, by: Actor, clock: Clock) -> int:
    """Enter the agencies and units of a roster that are not there yet; returns how many entries were written.

    Repeating it is harmless: an agency that is the same, and a unit whose call sign is known, are left alone; a unit's
    day (status, job) is never touched. Raises Denied without `unit.seed`.
    """
    by.require("unit.seed")
    written = 0
    async with conn.transaction():
        await store.lock_roster(conn)
        known = {agency.id: agency for agency in await store.agencies(conn)}
        signs = {unit.code for unit in await store.units(conn)}
        for agency in roster.agencies:
            written += await _register_agency(conn, agency, known.get(agency.id), by=by, clock=clock)
        for post in roster.posts:
            if post.code not in signs:
                await _register_unit(conn, post, by=by, clock=clock)
                written += 1
    return written


async def _register_agency(
    conn: AsyncConnection, agency: Agency, before: Agency | None, *, by: Actor, clock: Clock
) -> int:
    if before and replace(agency, rev=before.rev) == before:
        return 0
    after = replace(agency, rev=before.rev + 1 if before else 1)
    await store.save_agency(conn, after)
    event = AgencyRegistered(agency=after.id, name=after.name)
    await append(conn, event, rows=[after], by=by, at=clock.now())
    return 1


async def _register_unit(conn: AsyncConnection, post: Post, *, by: Actor, clock: Clock) -> None:
    now = clock.now()
    unit = Unit(
        id=new_id(),
        code=post.code,
        agency=post.agency,
        type=post.type,
        status=UnitStatus.AVAILABLE,
        status_since=now,
        status_reason=None,
        station=post.station,
        station_lon=post.place.lon,
        station_lat=post.place.lat,
        approximate_station=True,
        kecamatan_code=post.kecamatan_code,
        assignment_id=None,
        active=True,
        phone=post.phone,
        rev=1,
    )
    await store.add(conn, unit)
    event = UnitRegistered(unit_id=unit.id, code=unit.code, agency=unit.agency, type=unit.type)
    await append(conn, event, rows=[unit], by=by, at=now)


async def set_status(
    conn: AsyncConnection,
    *,
    unit_id: UUID,
    status: UnitStatus,
    reason: str | None = None,
    seen: Seen = ANYTHING,
    by: Actor,
    clock: Clock,
) -> Unit:
    """Crew, agency or desk says what a unit does. Repeating the present status is harmless.

    Raises UnitCommitted when a job holds the unit and the status would end it, UnitNotAllowedNow, Denied.
    """
    async with conn.transaction():
        before = (await store.lock_units(conn, [unit_id]))[unit_id]
        permit(by, before)
        if before.status == status:
            return before
        await refuse_stale(conn, before, seen)
        now = clock.now()
        after = before.moved(status, at=now, reason=reason)
        await store.save(conn, after)
        event = UnitStatusSet(
            unit_id=after.id,
            code=after.code,
            agency=after.agency,
            before=before.status,
            after=after.status,
            has_reason=reason is not None,
            assignment_id=after.assignment_id,
        )
        await append(conn, event, rows=[after], by=by, at=now)
    return after


async def report_positions(
    conn: AsyncConnection, *, positions: Sequence[Position], by: Actor, clock: Clock
) -> None:
    """Units say where they are; the latest of each is kept, nothing is journalled. Raises Denied, NoSuchUnit.

    A crew may speak for its own unit alone. A time that lies ahead of the server's clock is taken as now: a phone whose
    clock is fast must not freeze its unit on the map.
    """
    now = clock.now()
    for position in positions:
        if position.unit_id != by.unit_id:
            raise Denied(permission="unit.position_own")
    by.require("unit.position_own")
    await store.put_positions(
        conn, [replace(one, measured_at=min(one.measured_at, now)) for one in positions], at=now
    )


def permit(by: Actor, unit: Unit) -> None:
    """Who may speak for a unit: the desk for all, an agency for its own, a crew for itself. Raises Denied."""
    if by.may("unit.status_any"):
        return
    if by.may("unit.status_agency") and by.agency == unit.agency:
        return
    if by.may("unit.status_own") and by.unit_id == unit.id:
        return
    raise Denied(permission="unit.status_own")
