"""What of a row an audience sees: the server decides, the screen only draws."""

from collections.abc import Callable
from typing import Any, Final

from sigap.incidents.visibility import Sight, masked, reads_words, sight
from sigap.journal.model import TABLES as JOURNALLED
from sigap.live.model import Audience, RowDict, World

WALL_GRID_DEG: Final = 0.0025
"""Points on the wall are moved to a grid of about 277 m: nobody's house is on a screen that visitors see."""

_WORDS: Final = frozenset({"reason_text", "phone_contact", "result_note"})
"""Of an assignment: what was said with it. Its codes are for all who read the case."""

_MASKED_JOB: Final = ("eta_s", "result", "reason", "proposed_unit_id", "by_phone")
"""Of an assignment on a masked case: what would tell how far away it is, or what it was about."""

_WALL_CALL: Final = ("id", "state", "offered_at", "answered_at", "ended_at", "seat", "disposition", "rev")
_WALL_SEAT: Final = ("id", "state", "since", "rev")


def show(world: World, who: Audience, table: str, row: RowDict) -> RowDict | None:
    """The row as this audience sees it; None where it may not know of it."""
    if who.may("wall.view"):
        return _wall_unit(world, who, row) if table == "unit" else _WALL[table](world, row)
    return _RULES[table](world, who, row)


def _without_personal(table: str, row: RowDict) -> RowDict:
    hidden = JOURNALLED[table].personal
    return {name: value for name, value in row.items() if name not in hidden}


def _in_room(who: Audience) -> bool:
    return who.may("incident.read")


def _sight(world: World, who: Audience, incident: RowDict | None) -> Sight:
    if incident is None:
        return Sight.FULL if _in_room(who) else Sight.NONE
    return sight(
        restricted=incident["restricted"],
        permissions=who.permissions,
        agency=who.agency,
        unit_id=who.unit_id,
        granted=incident["id"] in who.granted,
        assigned=[
            (job["agency"], job["unit_id"], job["role"], job["state"])
            for job in world.assignments_of(incident["id"])
        ],
    )


def _incident(world: World, who: Audience, row: RowDict) -> RowDict | None:
    match _sight(world, who, row):
        case Sight.FULL:
            return row
        case Sight.MASKED:
            return masked(row)
        case Sight.NONE:
            return None


def _assignment(world: World, who: Audience, row: RowDict) -> RowDict | None:
    seen = _sight(world, who, world.rows["incident"].get(row["incident_id"]))
    own = reads_words(
        permissions=who.permissions,
        agency=who.agency,
        unit_id=who.unit_id,
        of=(row["agency"], row["unit_id"]),
    )
    if seen is Sight.FULL:
        return row if own else {name: value for name, value in row.items() if name not in _WORDS}
    # Who is only informed of a masked case learns of its own part: the others' would tell what it is about.
    if seen is Sight.NONE or not own:
        return None
    blank = dict.fromkeys(_MASKED_JOB) | {"flags": [], "masked": True}
    return _without_personal("assignment", row) | blank


def _call(world: World, who: Audience, row: RowDict) -> RowDict | None:
    if not who.may("call.read"):
        return None
    incident = world.rows["incident"].get(row["incident_id"] or "")
    # A call whose incident is not here any more hides as much as one of a case that may not be read.
    readable = _sight(world, who, incident) is Sight.FULL if incident else row["incident_id"] is None
    if who.may("call.read_number") and readable:
        return {name: value for name, value in row.items() if name != "recording_ref"}
    return _without_personal("call", row)


def _callback(world: World, who: Audience, row: RowDict) -> RowDict | None:
    return row if who.may("callback.do") else None


def _agency(world: World, who: Audience, row: RowDict) -> RowDict | None:
    return row if _in_room(who) or who.agency == row["id"] else _without_personal("agency", row)


def _unit(world: World, who: Audience, row: RowDict) -> RowDict | None:
    if _in_room(who) or who.agency == row["agency"] or who.unit_id == row["id"]:
        return row
    # A crew or an officer sees the others who were sent to the same incident, without their numbers.
    together = world.rows["assignment"].get(row["assignment_id"] or "")
    if together and _sight(world, who, world.rows["incident"].get(together["incident_id"])) is Sight.FULL:
        return _without_personal("unit", row)
    return None


def _seat(world: World, who: Audience, row: RowDict) -> RowDict | None:
    return row if who.may("call.read") else None


def _account(world: World, who: Audience, row: RowDict) -> RowDict | None:
    return row if _in_room(who) or (who.agency and who.agency == row["agency"]) else None


def snapped(degrees: float | None) -> float | None:
    """A coordinate on the wall's grid."""
    return None if degrees is None else round(round(degrees / WALL_GRID_DEG) * WALL_GRID_DEG, 4)


def _wall_incident(world: World, row: RowDict) -> RowDict | None:
    if row["restricted"]:
        return None
    return _without_personal("incident", row) | {"lon": snapped(row["lon"]), "lat": snapped(row["lat"])}


def _wall_assignment(world: World, row: RowDict) -> RowDict | None:
    incident = world.rows["incident"].get(row["incident_id"])
    return None if incident is None or incident["restricted"] else _without_personal("assignment", row)


def _at_hidden(world: World, who: Audience, unit_id: str) -> bool:
    """Whether a unit is at a restricted case that these people may not read, or has not been available since."""
    incident = world.last_incident_of(unit_id)
    return incident is not None and incident["restricted"] and _sight(world, who, incident) is not Sight.FULL


def _wall_unit(world: World, who: Audience, row: RowDict) -> RowDict:
    shown = _without_personal("unit", row)
    if _at_hidden(world, who, row["id"]):
        # What a PPA team is doing is itself a hint: it stays where it was, available.
        shown |= {"assignment_id": None, "status": "available"}
    if shown["status"] == "available":
        # Since when would tell a team that is only shown as available from one that is.
        shown["status_since"] = None
    return shown


def _only(*names: str) -> Callable[[World, RowDict], RowDict | None]:
    return lambda world, row: {name: row[name] for name in names}


_RULES: Final[dict[str, Callable[[World, Audience, RowDict], RowDict | None]]] = {
    "incident": _incident,
    "assignment": _assignment,
    "call": _call,
    "callback": _callback,
    "agency": _agency,
    "unit": _unit,
    "seat": _seat,
    "account": _account,
}
_WALL: Final[dict[str, Callable[[World, RowDict], RowDict | None]]] = {
    "incident": _wall_incident,
    "assignment": _wall_assignment,
    "call": _only(*_WALL_CALL),
    "callback": lambda world, row: None,
    "agency": lambda world, row: _without_personal("agency", row),
    "seat": _only(*_WALL_SEAT),
    "account": lambda world, row: None,
}


def show_positions(world: World, who: Audience, positions: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Positions of the units that this audience sees; on the wall on its grid.

    A unit's position is the place of the case that it is at: who may not read the case is not told it.
    """
    shown: dict[str, list[Any]] = {}
    for unit_id, position in positions.items():
        unit = world.rows["unit"].get(unit_id)
        if unit is None or show(world, who, "unit", unit) is None or _at_hidden(world, who, unit_id):
            continue
        if who.may("wall.view"):
            shown[unit_id] = [snapped(position[0]), snapped(position[1]), *position[2:]]
        else:
            shown[unit_id] = position
    return shown
