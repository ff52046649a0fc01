"""Who sees what of an incident: one rule, as a table."""

from typing import Any

import pytest

from sigap.identity.model import PERMISSIONS, Role
from sigap.incidents.visibility import MASKED_FIELDS, Sight, masked, sight
from sigap.kernel.ids import new_id

UNIT = new_id()
POLRI = ("POLRI", UNIT, "lead", "sent")
TOLD = ("DP3A", None, "inform", "sent")


def see(role: Role, *, restricted: bool = True, **more: Any) -> Sight:
    asked: dict[str, Any] = {"agency": None, "unit_id": None, "assigned": [POLRI, TOLD], "granted": False}
    return sight(restricted=restricted, permissions=PERMISSIONS[role], **(asked | more))


@pytest.mark.parametrize(
    ("role", "more", "open_case", "restricted_case"),
    [
        (Role.AGENT, {}, "full", "masked"),
        (Role.DISPATCHER, {}, "full", "masked"),
        (Role.SUPERVISOR, {}, "full", "masked"),
        (Role.SUPERVISOR, {"granted": True}, "full", "full"),
        (Role.PPA_OFFICER, {}, "none", "full"),
        (Role.AGENCY_OFFICER, {"agency": "POLRI"}, "full", "full"),
        (Role.AGENCY_OFFICER, {"agency": "DP3A"}, "full", "masked"),
        (Role.AGENCY_OFFICER, {"agency": "PLN"}, "none", "none"),
        (Role.AGENCY_OFFICER, {}, "none", "none"),
        (Role.FIELD_UNIT, {"unit_id": UNIT}, "full", "full"),
        (Role.FIELD_UNIT, {"unit_id": str(UNIT)}, "full", "full"),
        (Role.FIELD_UNIT, {"unit_id": new_id(), "agency": "POLRI"}, "none", "none"),
        (Role.WALL_DEVICE, {}, "none", "none"),
        (Role.EXECUTIVE, {}, "none", "none"),
        (Role.MINISTRY_VIEWER, {}, "none", "none"),
        (Role.ADMIN, {}, "none", "none"),
    ],
)
def test_who_sees_what(role: Role, more: dict[str, Any], open_case: str, restricted_case: str) -> None:
    assert see(role, restricted=False, **more) == open_case
    assert see(role, restricted=True, **more) == restricted_case


@pytest.mark.parametrize("state", ["refused", "timed_out", "cancelled", "diverted"])
def test_who_was_turned_away_reads_no_more(state: str) -> None:
    assigned = [("POLRI", UNIT, "lead", state)]
    assert see(Role.AGENCY_OFFICER, agency="POLRI", assigned=assigned) == Sight.NONE
    assert see(Role.FIELD_UNIT, unit_id=UNIT, assigned=assigned) == Sight.NONE


def test_a_crew_still_reads_what_it_finished() -> None:
    assert see(Role.FIELD_UNIT, unit_id=UNIT, assigned=[("POLRI", UNIT, "lead", "done")]) == Sight.FULL


def test_a_masked_row_tells_neither_type_nor_place() -> None:
    row = dict.fromkeys((*MASKED_FIELDS, "type", "category", "kecamatan_code", "lon", "narrative"), 1)
    assert set(masked(row)) == {*MASKED_FIELDS, "masked"}
