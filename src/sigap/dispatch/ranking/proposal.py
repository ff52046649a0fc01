"""Reads the room and proposes: which units to send, which agencies to tell."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from psycopg import AsyncConnection

from sigap.dispatch import store
from sigap.dispatch.model import Assignment
from sigap.dispatch.ranking.order import Ground, Proposal, Travel, rank
from sigap.dispatch.ranking.response import informed, reserves, wanted
from sigap.incidents.model import Incident
from sigap.kernel import settings
from sigap.kernel.place import Point
from sigap.units import store as units
from sigap.units.model import Readiness, Unit
from sigap.units.roster import police_areas

FRESH_S: Final = settings.declare(
    "unit.position_fresh_s",
    300.0,
    "Seconds after which a unit's reported position no longer ranks it; then its post does.",
)

type Starts = Mapping[UUID, tuple[Point, str]]
"""Where units are, and of which type they are."""
type TravelTimes = Callable[[Point, Starts, datetime], Awaitable[Mapping[UUID, Travel] | None]]
"""Travel by road from many points to one place; None where no roads are imported, no key where no road reaches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An agency to inform, and why. For the police, which station and command answer there."""

    agency: str
    why: str
    facts: dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """What the desk is shown to accept or change."""

    units: list[Proposal]
    inform: list[Told]


async def recommend(
    conn: AsyncConnection, incident: Incident, *, travel_times: TravelTimes, at: datetime
) -> Recommendation:
    """Propose for an incident as it is now."""
    assignments = list((await store.of_incident(conn, incident.id)).values())
    roster = await units.units(conn)
    ground = _ground(incident, assignments)
    positions = await fresh_positions(conn, at=at)
    starts = {
        unit.id: _start(unit, positions)
        for unit in roster
        if ground.kinds(unit) and unit.readiness in (Readiness.READY, Readiness.CONDITIONAL)
    }
    travel = await travel_times(ground.place, starts, at)
    return Recommendation(
        units=rank(roster, ground, travel=travel, positions=positions),
        inform=_inform(incident, assignments),
    )


async def next_unit(
    conn: AsyncConnection, incident: Incident, late: Assignment, *, travel_times: TravelTimes, at: datetime
) -> Unit | None:
    """The best suitable unit instead of a late assignment's: of its own agency and kind first, else of any that helps."""
    proposals = (await recommend(conn, incident, travel_times=travel_times, at=at)).units
    fitting = [proposal.unit for proposal in proposals if proposal.suitable]
    own = [unit for unit in fitting if unit.agency == late.agency]
    ground = _ground(incident, [])
    kin = [unit for unit in fitting if set(ground.kinds(unit)) & set(ground.wanted.get(late.agency, ()))]
    return next(iter(own or kin), None)


async def promised_travel(
    conn: AsyncConnection,
    incident: Incident,
    unit_ids: list[UUID],
    *,
    travel_times: TravelTimes,
    at: datetime,
) -> dict[UUID, float]:
    """Travel seconds of some units, from where they are, as they would be promised now; those that are known."""
    if not unit_ids:
        return {}
    positions = await fresh_positions(conn, at=at)
    starts = {unit.id: _start(unit, positions) for unit in await units.units(conn) if unit.id in unit_ids}
    travel = await travel_times(Point(incident.lon, incident.lat), starts, at)
    return {unit_id: found.seconds for unit_id, found in (travel or {}).items()}


async def fresh_positions(conn: AsyncConnection, *, at: datetime) -> dict[UUID, Point]:
    """Where units say they are, without what is too old to rank by."""
    limit = at - timedelta(seconds=FRESH_S.value)
    return {
        unit_id: Point(known.lon, known.lat)
        for unit_id, known in (await units.positions(conn)).items()
        if known.measured_at >= limit
    }


def _start(unit: Unit, positions: Mapping[UUID, Point]) -> tuple[Point, str]:
    return positions.get(unit.id) or Point(unit.station_lon, unit.station_lat), unit.type


def _ground(incident: Incident, assignments: list[Assignment]) -> Ground:
    area = police_areas().get(incident.kecamatan_code or "")
    return Ground(
        place=Point(incident.lon, incident.lat),
        kecamatan_code=incident.kecamatan_code,
        wanted=wanted(incident.type),
        reserves=reserves(incident.type),
        polsek=area.polsek if area else None,
        tried={one.unit_id: one.state for one in assignments if one.unit_id},
    )


def _inform(incident: Incident, assignments: list[Assignment]) -> list[Told]:
    known = {one.agency for one in assignments if one.is_live or one.state == "done"}
    told = []
    for agency in informed(incident.type):
        if agency in known:
            continue
        area = police_areas().get(incident.kecamatan_code or "") if agency == "POLRI" else None
        if area:
            facts: dict[str, object] = {"polsek": area.polsek, "polres": area.polres, "assumed": area.assumed}
            told.append(Told(agency=agency, why="police_area", facts=facts))
        else:
            told.append(Told(agency=agency, why="by_type", facts={"type": incident.type}))
    return told
