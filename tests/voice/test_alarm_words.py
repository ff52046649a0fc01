"""Whatever the exchange cries out, the desk and the wall can say in both languages."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RAISED = re.compile(r'(?:\balarm|\bsay|\bsay_for_a_while|_trouble|"what":)\(?\s*f?"([a-z_]+)(?:"|:\{)')


def raised() -> set[str]:
    """The alarms that the voice process can raise, as its source names them (without what follows a colon: the seat)."""
    files = (ROOT / "src" / "sigap" / "voice").rglob("*.py")
    return {name for file in files for name in RAISED.findall(file.read_text(encoding="utf-8"))}


def test_the_alarms_are_found() -> None:
    assert {
        "disk_low",
        "ring_missed",
        "recording_failed",
        "nobody_ready",
        "spool_torn",
        "fact_refused",
    } <= raised()


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(("area", "group"), [("intake", "intake.alarm"), ("wall", "voice_alarm")])
def test_every_alarm_has_its_words(language: str, area: str, group: str) -> None:
    words = json.loads(
        (ROOT / "web" / "src" / "i18n" / language / f"{area}.json").read_text(encoding="utf-8")
    )
    said = {key.removeprefix(f"{group}.") for key in words if key.startswith(f"{group}.")}
    assert said - {"other"} == raised()
