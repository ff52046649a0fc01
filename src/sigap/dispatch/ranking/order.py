"""The order of proposals and the reason for each: pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from sigap.kernel import settings
from sigap.kernel.place import Point
from sigap.units.model import UNIT_TYPES, Readiness, Unit

_READINESS = list(Readiness)
_TURNED_DOWN = frozenset({"refused", "timed_out", "cancelled", "diverted"})
_SAME_WORK: Final = ({"als_ambulance", "bls_ambulance"},)
"""Kinds that can begin the same work: of these the better one is preferred, but not at any price in minutes."""

BETTER_KIND_S: Final = settings.declare(
    "ranking.better_kind_s",
    300.0,
    "Seconds by which a unit of a lesser kind for the same work must be faster to be proposed before the better kind.",
    source="default of this project; no published standard",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What is known of an incident when units are ranked for it."""

    place: Point
    kecamatan_code: str | None
    wanted: Mapping[str, Sequence[str]]
    """Agency → unit types asked of it, best first; the lead first."""
    reserves: Mapping[str, str] = field(default_factory=dict)
    """Agency → the wanted agency for which its units of the same types may go."""
    polsek: str | None = None
    """The police station that answers here."""
    tried: Mapping[UUID, str] = field(default_factory=dict)
    """Units that this incident has asked before, and how that assignment ended."""

    def stands_for(self, unit: Unit) -> str:
        """The wanted agency that a unit answers for: its own, or the one it is a reserve of."""
        return unit.agency if unit.agency in self.wanted else self.reserves.get(unit.agency, unit.agency)

    def kinds(self, unit: Unit) -> Sequence[str]:
        """The unit types asked of the agency that a unit answers for."""
        return self.wanted.get(self.stands_for(unit), ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A unit with its place in the order. `eta_s` is travel by road; None where no road reaches or none are imported."""

    unit: Unit
    suitable: bool
    eta_s: float | None
    turnout_s: float
    distance_m: float | None
    reason_code: str
    reason_facts: dict[str, object]


@dataclass(frozen=True, slots=True)
class Travel:
    """Seconds and, where known, metres by road."""

    seconds: float
    metres: float | None = None


def rank(
    units: Sequence[Unit],
    ground: Ground,
    *,
    travel: Mapping[UUID, Travel] | None,
    positions: Mapping[UUID, Point],
) -> list[Proposal]:
    """Units of the wanted agencies, best first. `travel` None: no roads are imported, and no number is given.

    Without roads, units of the incident's own kecamatan come first and the others by the straight line, which orders
    them but is never shown.
    """
    answering = [unit for unit in units if unit.active and ground.kinds(unit)]
    keyed = [(_key(unit, ground, travel, positions), _propose(unit, ground, travel)) for unit in answering]
    ranked = [proposal for _, proposal in sorted(keyed, key=lambda pair: pair[0])]
    soonest = _soonest(ranked, ground)
    return [_with_nearest(one, soonest, ground) for one in ranked]


def _there_s(proposal: Proposal) -> float:
    return float("inf") if proposal.eta_s is None else proposal.eta_s + proposal.turnout_s


def _soonest(ranked: Sequence[Proposal], ground: Ground) -> dict[str, float]:
    """For each agency asked, the seconds in which the first of its suitable units is there."""
    found: dict[str, float] = {}
    for one in ranked:
        if one.suitable:
            agency = ground.stands_for(one.unit)
            found[agency] = min(found.get(agency, float("inf")), _there_s(one))
    return found


def _with_nearest(proposal: Proposal, soonest: Mapping[str, float], ground: Ground) -> Proposal:
    """Says whether no other suitable unit for the same agency would be there sooner."""
    stands_for = ground.stands_for(proposal.unit)
    nearest = proposal.eta_s is not None and _there_s(proposal) <= soonest.get(stands_for, float("inf"))
    return replace(
        proposal, reason_facts={**proposal.reason_facts, "nearest": nearest, "stands_for": stands_for}
    )


def _capable(unit: Unit, ground: Ground) -> bool:
    return unit.type in ground.kinds(unit)


def _suitable(unit: Unit, ground: Ground) -> bool:
    fit = unit.readiness in (Readiness.READY, Readiness.CONDITIONAL)
    return fit and _capable(unit, ground) and ground.tried.get(unit.id) not in _TURNED_DOWN


def _key(
    unit: Unit, ground: Ground, travel: Mapping[UUID, Travel] | None, positions: Mapping[UUID, Point]
) -> tuple[object, ...]:
    kinds = list(ground.kinds(unit))
    work = _place_of_work(unit.type, kinds)
    lesser = (kinds.index(unit.type) if unit.type in kinds else len(kinds)) - work
    if travel is None:
        here = positions.get(unit.id) or Point(unit.station_lon, unit.station_lat)
        elsewhere = unit.kecamatan_code != ground.kecamatan_code
        away: tuple[float, ...] = (lesser, elsewhere, here.metres_to(ground.place))
    else:
        found = travel.get(unit.id)
        there_s = found.seconds + UNIT_TYPES[unit.type].turnout_s if found else float("inf")
        away = (there_s + lesser * BETTER_KIND_S.value,)
    return (
        not _suitable(unit, ground),
        list(ground.wanted).index(ground.stands_for(unit)),
        work,
        _READINESS.index(unit.readiness),
        not (ground.polsek is not None and unit.station == ground.polsek),
        *away,
        unit.code,
    )


def _place_of_work(kind: str, kinds: Sequence[str]) -> int:
    """Where the best kind for the same work stands among the kinds asked for."""
    same = next((work for work in _SAME_WORK if kind in work), {kind})
    return next((place for place, one in enumerate(kinds) if one in same), len(kinds))


def _propose(unit: Unit, ground: Ground, travel: Mapping[UUID, Travel] | None) -> Proposal:
    found = travel.get(unit.id) if travel is not None else None
    code, facts = _reason(unit, ground, travel)
    return Proposal(
        unit=unit,
        suitable=_suitable(unit, ground),
        eta_s=found.seconds if found else None,
        turnout_s=UNIT_TYPES[unit.type].turnout_s,
        distance_m=found.metres if found else None,
        reason_code=code,
        reason_facts={"station": unit.station, "status": unit.status, **facts},
    )


def _reason(
    unit: Unit, ground: Ground, travel: Mapping[UUID, Travel] | None
) -> tuple[str, dict[str, object]]:
    if not _capable(unit, ground):
        return "not_capable", {"type": unit.type}
    if unit.readiness is Readiness.UNFIT:
        return "not_ready", {"reason": unit.status_reason}
    if unit.readiness is Readiness.BUSY:
        return "committed", {"assignment_id": unit.assignment_id}
    if ground.tried.get(unit.id) in _TURNED_DOWN:
        return "tried_before", {"ended": ground.tried[unit.id]}
    if ground.polsek is not None and unit.station == ground.polsek:
        return "police_area", {"polsek": ground.polsek}
    if travel is None:
        same = unit.kecamatan_code == ground.kecamatan_code
        return "roads_not_imported", {"same_kecamatan": same}
    if unit.id not in travel:
        return "no_road", {}
    return "travel_time", {"conditional": unit.readiness is Readiness.CONDITIONAL}
