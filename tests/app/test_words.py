"""One code, one word: what the server calls a state is what the screens call it, in both languages."""

import json
from pathlib import Path
from typing import Any

import pytest

from sigap.calls.model import catalogue as calls
from sigap.incidents.model import catalogue as incidents
from sigap.units.model import catalogue as units

SCREENS = Path(__file__).resolve().parents[2] / "web" / "src" / "i18n"
GROUPS = {
    "call_states": "call_state",
    "call_dispositions": "disposition",
    "seat_states": "seat_state",
    "incident_states": "incident_state",
    "priorities": "priority",
    "unit_statuses": "unit_status",
}


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_server_and_the_screens_use_one_word(language: str) -> None:
    shown: dict[str, str] = json.loads((SCREENS / language / "common.json").read_text(encoding="utf-8"))
    lists: dict[str, Any] = {**calls(), **incidents(), **units()}
    told = {
        f"{group}.{one['code']}": one["name"][language]
        for name, group in GROUPS.items()
        for one in lists[name]
    }
    assert told == {key: shown.get(key) for key in told}
