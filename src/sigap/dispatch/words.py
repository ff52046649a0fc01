"""The reasons and results that people choose from, read once from data/catalogue: (Bahasa Indonesia, English)."""

import tomllib
from importlib.resources import files
from typing import Final

_FILE: Final = files("sigap") / "data" / "catalogue" / "assignments.toml"
_LISTS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    name: {code: (texts["id"], texts["en"]) for code, texts in entries.items()}
    for name, entries in tomllib.loads(_FILE.read_text(encoding="utf-8")).items()
}

REFUSAL_REASONS: Final = _LISTS["refusal_reasons"]
"""Why an agency or crew does not take a job. Reported monthly by agency and hour."""

CANCEL_REASONS: Final = _LISTS["cancel_reasons"]
"""Why the desk takes back or replaces what it sent, or ends an incident without help."""

RESULTS: Final = _LISTS["results"]
"""How a job ended (hasil penanganan)."""
