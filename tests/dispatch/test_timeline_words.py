"""Every entry that an incident's timeline can hold has words in both languages: no code reaches a dispatcher's eyes."""

import importlib
import json
from pathlib import Path

import pytest

from sigap.journal.model import EVENTS

WORDS = Path(__file__).parents[2] / "web/src/i18n"
SAID_OTHERWISE = {"assignment.escalated"}
"""Said by the step that it rose to."""


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_kind_on_an_incidents_timeline_is_said_in_words(language: str) -> None:
    for room in ("calls", "incidents", "dispatch"):
        importlib.import_module(f"sigap.{room}.events")
    said = json.loads((WORDS / language / "dispatch.json").read_text())
    about = {"incident", "assignment", "call_id", "incident_id", "assignment_id", "call"}
    kinds = {kind for kind, event in EVENTS.items() if event.subject in about} - SAID_OTHERWISE
    assert {"recording.started", "incident.opened", "assignment.sent"} <= kinds
    assert {kind for kind in kinds if f"timeline.{kind}" not in said} == set()
