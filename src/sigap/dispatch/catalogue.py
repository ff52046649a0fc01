"""What the screens need to know of dispatch: the moves that `step` reads, the words people choose from, the clocks."""

from sigap.dispatch.clocks import shown
from sigap.dispatch.model import FINAL, FLAGGED, NEXT
from sigap.dispatch.words import CANCEL_REASONS, REFUSAL_REASONS, RESULTS
from sigap.kernel.canonical import Json, plain


def catalogue() -> dict[str, Json]:
    """This room's part of the catalogue endpoint."""
    return {
        "assignment_moves": [
            {"from": state.value, "verb": verb.value, "to": after.value, "flag": FLAGGED.get((state, verb))}
            for (state, verb), after in NEXT.items()
        ],
        "assignment_final": sorted(state.value for state in FINAL),
        "refusal_reasons": _named(REFUSAL_REASONS),
        "cancel_reasons": _named(CANCEL_REASONS),
        "results": _named(RESULTS),
        "clocks": plain(shown()),
    }


def _named(words: dict[str, tuple[str, str]]) -> list[Json]:
    return [
        {"code": code, "name": {"id": name_id, "en": name_en}} for code, (name_id, name_en) in words.items()
    ]
