"""The words and rules of a call."""

from pathlib import Path

from sigap.calls.model import (
    CallbackOutcome,
    Disposition,
    NumberClass,
    SeatState,
    State,
    catalogue,
    words,
)
from sigap.kernel import settings


def test_every_code_has_a_name_in_both_languages() -> None:
    named = {
        "states": State,
        "dispositions": Disposition,
        "number_classes": NumberClass,
        "seat_states": SeatState,
        "callback_outcomes": CallbackOutcome,
    }
    for table, codes in named.items():
        assert {code.value for code in codes} <= set(words()[table]), table
    for entries in catalogue().values():
        for entry in entries if isinstance(entries, list) else ():
            assert set(entry["name"]) == {"id", "en"}
            assert all(entry["name"].values())


def test_screens_are_told_what_the_site_has_set(tmp_path: Path) -> None:
    assert catalogue()["call_limits"] == {"undo_s": 30.0, "junk_look_s": 60.0}
    (tmp_path / "settings.toml").write_text("[call]\nundo_s = 12.0\n")
    try:
        settings.load(tmp_path / "settings.toml")
        assert catalogue()["call_limits"] == {"undo_s": 12.0, "junk_look_s": 60.0}
    finally:
        settings.load(tmp_path / "absent.toml")
