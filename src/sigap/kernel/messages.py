"""Texts for people, by code and language: messages/<room>.<language>.toml, Indonesian first."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("id", "en")
DEFAULT = "id"
_WORDS = "words"
"""The file that has no refusals but the words for what they name: states, verbs."""
_NOTHING = "–"
_ENTRIES = "entries"
"""The file that says why an entry of a request cannot be used."""


class _Blank(dict[str, object]):
    """A text that names a fact which is not there shows a dash: a refusal must never fail itself."""

    def __missing__(self, key: str) -> str:
        return _NOTHING


@cache
def catalogue(language: str) -> Mapping[str, Mapping[str, str]]:
    """All messages of one language: {code: {title, detail}}. Raises ValueError for a code defined twice."""
    found: dict[str, dict[str, str]] = {}
    folder = files("sigap.messages")
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.name.endswith(f".{language}.toml") and entry.name.split(".")[0] not in (_WORDS, _ENTRIES):
            for code, texts in _flatten(tomllib.loads(entry.read_text(encoding="utf-8")), ""):
                if code in found:
                    raise ValueError(f"{entry.name}: {code} is defined twice")
                found[code] = texts
    return found


def _flatten(table: Mapping[str, Any], prefix: str) -> list[tuple[str, dict[str, str]]]:
    own = {key: value for key, value in table.items() if isinstance(value, str)}
    found = [(prefix, own)] if own else []
    for key, value in table.items():
        if isinstance(value, Mapping):
            found += _flatten(value, f"{prefix}.{key}" if prefix else key)
    return found


@cache
def words(language: str) -> Mapping[str, str]:
    """What people call the states and verbs that refusals name, by their code."""
    return _flat(_WORDS, language)


@cache
def entries(language: str) -> Mapping[str, str]:
    """Why an entry cannot be used, by the kind of fault."""
    return _flat(_ENTRIES, language)


def _flat(name: str, language: str) -> dict[str, str]:
    return tomllib.loads((files("sigap.messages") / f"{name}.{language}.toml").read_text(encoding="utf-8"))


def why(fault: str, language: str, facts: Mapping[str, object]) -> str:
    """Why an entry cannot be used, facts filled in; that it cannot where this fault has no words of its own."""
    known = entries(language if language in LANGUAGES else DEFAULT)
    return known.get(fault, known["value_error"]).format_map(_Blank(facts))


def _worded(value: object, known: Mapping[str, str]) -> object:
    """A fact as a person reads it: codes as words, a list as its items, a pair as "PLN (sent)", a dash for nothing."""
    if value is None:
        return _NOTHING
    if isinstance(value, str):
        return known.get(value, str(value))
    if isinstance(value, tuple):
        first, *rest = (str(_worded(one, known)) for one in value)
        return f"{first} ({', '.join(rest)})" if rest else first
    if isinstance(value, Sequence):
        return ", ".join(str(_worded(one, known)) for one in value) or _NOTHING
    return value


def say(code: str, language: str, facts: Mapping[str, object]) -> tuple[str, str]:
    """Title and detail of `code`, facts filled in; the code itself where no text exists."""
    spoken = language if language in LANGUAGES else DEFAULT
    texts = catalogue(spoken).get(code, {})
    known = _Blank({name: _worded(value, words(spoken)) for name, value in facts.items()})
    return texts.get("title", code).format_map(known), texts.get("detail", "").format_map(known)


def choose(accept_language: str | None) -> str:
    """The first language of an Accept-Language header (RFC 9110 §12.5.4) that we speak; else Indonesian."""
    ranked: list[tuple[float, int, str]] = []
    for place, part in enumerate((accept_language or "").split(",")):
        tag, _, weight = part.strip().partition(";q=")
        try:
            quality = float(weight) if weight else 1.0
        except ValueError:
            quality = 0.0
        ranked.append((-quality, place, tag.split("-")[0].lower()))
    return next((tag for quality, _, tag in sorted(ranked) if tag in LANGUAGES and quality < 0), DEFAULT)
