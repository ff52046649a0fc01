"""Every refusal has its words in both languages, and the reader's language is chosen as browsers ask."""

import importlib
import pkgutil

import pytest

import sigap
from sigap.kernel import messages
from sigap.kernel.problems import Problem


def every_problem() -> list[type[Problem]]:
    """All refusals of all rooms."""
    for module in pkgutil.walk_packages(sigap.__path__, "sigap."):
        if module.name.rsplit(".", 1)[-1] in {
            "model",
            "http",
            "hub",
            "api",
            "actions",
            "pool",
            "problems",
            "store",
        }:
            importlib.import_module(module.name)
    found, waiting = [], [Problem]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        found += kind.__subclasses__()
    return found


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_every_problem_has_its_words(language: str) -> None:
    known = messages.catalogue(language)
    missing = {kind.code for kind in every_problem()} - set(known)
    assert missing == set()
    assert [code for code, texts in known.items() if set(texts) != {"title", "detail"}] == []


def test_both_languages_say_the_same_things() -> None:
    assert set(messages.catalogue("id")) == set(messages.catalogue("en"))


def test_why_an_entry_cannot_be_used_is_said_in_both_languages() -> None:
    assert set(messages.entries("id")) == set(messages.entries("en"))
    assert messages.why("less_than_equal", "id", {"le": 180.0}) == "paling besar 180.0"
    assert messages.why("less_than_equal", "en", {"le": 180.0}) == "must be 180.0 or less"
    assert messages.why("no_such_fault", "id", {}) == "tidak dapat dipakai"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "id"),
        ("", "id"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("id,en;q=0.5", "id"),
        ("fr, en;q=0.3, id;q=0.2", "en"),
        ("en;q=0", "id"),
        ("en;q=oops", "id"),
        ("de", "id"),
    ],
)
def test_the_readers_language(header: str | None, language: str) -> None:
    assert messages.choose(header) == language


def test_a_text_whose_fact_is_missing_still_speaks() -> None:
    title, detail = messages.say("session.too_many_tries", "en", {})
    assert title == "Too many tries"
    assert "–" in detail


def test_a_fact_that_is_not_there_is_a_dash_and_no_word_of_python() -> None:
    _, detail = messages.say("stale", "id", {"by": "Sari", "what": "call.noted", "state": None})
    assert "None" not in detail
    assert "–" in detail
