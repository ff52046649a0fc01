"""Third-party cases: in the folder that SIGAP_SHARED names, or in `shared` beside the checkout."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(os.environ.get("SIGAP_SHARED") or Path(__file__).parents[2] / "shared") / "cases"


def cases(name: str) -> list[Any]:
    """The cases of one set as pytest parameters; a single skipped one when the folder is not there."""
    told = SHARED / name / "expected.json"
    if not told.exists():
        reason = f"{told} is not here: set SIGAP_SHARED to the folder with the shared cases"
        return [pytest.param(None, id="absent", marks=pytest.mark.skip(reason=reason))]
    return [pytest.param(case, id=case["file"]) for case in json.loads(told.read_text("utf-8"))["cases"]]


def data(name: str, case: dict[str, Any]) -> bytes:
    """The bytes of one case, as they are."""
    return (SHARED / name / case["file"]).read_bytes()
