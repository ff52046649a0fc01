"""Who may read an incident: one pure rule for the live room and for every answer."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Final
from uuid import UUID


class Sight(StrEnum):
    """How much of an incident somebody sees."""

    FULL = "full"
    MASKED = "masked"  # that it exists, its number, its urgency and how long it waits
    NONE = "none"


MASKED_FIELDS: Final = (
    "id",
    "rev",
    "restricted",
    "ticket_number",
    "short_number",
    "priority",
    "state",
    "opened_at",
    "closed_at",
    "first_call_offered_at",
)
"""What a restricted case shows to those who may not read it."""

_TURNED_AWAY: Final = frozenset({"refused", "timed_out", "cancelled", "diverted"})


def sight(
    *,
    restricted: bool,
    permissions: frozenset[str],
    agency: str | None,
    unit_id: UUID | str | None,
    assigned: Iterable[tuple[str, UUID | str | None, str, str]],
    granted: bool = False,
) -> Sight:
    """What a viewer sees of an incident with these assignments (agency, unit, role, state).

    `granted` says that the viewer opened the case or gave a reason, and that this still holds. Those whose
    refusal, cancelling or silence ended their part read no more. Who is only informed of a restricted case
    learns that it exists.
    """
    if not restricted and "incident.read" in permissions:
        return Sight.FULL
    if restricted and (granted or "incident.read_restricted" in permissions):
        return Sight.FULL
    best = Sight.MASKED if "incident.read" in permissions else Sight.NONE
    for its_agency, its_unit, role, state in assigned:
        if state in _TURNED_AWAY:
            continue
        if "incident.read_assigned" in permissions and unit_id is not None and str(its_unit) == str(unit_id):
            return Sight.FULL
        if "incident.read_agency" in permissions and agency is not None and its_agency == agency:
            if not (restricted and role == "inform"):
                return Sight.FULL
            best = Sight.MASKED
    return best


def reads_words(
    *,
    permissions: frozenset[str],
    agency: str | None,
    unit_id: UUID | str | None,
    of: tuple[str, UUID | str | None],
) -> bool:
    """Whether a reader of an incident also reads what was said with one of its assignments (`of`: agency, unit).

    Whom the desk spoke with, why an agency refused, how it ended: for the room, who reads restricted cases, and the
    agency or crew itself. The others see the clocks.
    """
    if not permissions.isdisjoint({"incident.read", "incident.read_restricted"}):
        return True
    if "incident.read_agency" in permissions and agency is not None and of[0] == agency:
        return True
    return "incident.read_assigned" in permissions and unit_id is not None and str(of[1]) == str(unit_id)


def masked(incident: Mapping[str, Any]) -> dict[str, Any]:
    """The row of a restricted case for those who may not read it."""
    return {name: incident[name] for name in MASKED_FIELDS} | {"masked": True}
