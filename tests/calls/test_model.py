"""The words and rules of a call."""

from sigap.calls.model import (
    CallbackOutcome,
    Disposition,
    NumberClass,
    SeatState,
    State,
    catalogue,
    words,
)


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
        for entry in entries:
            assert set(entry["name"]) == {"id", "en"}
            assert all(entry["name"].values())
