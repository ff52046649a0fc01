"""A site's overrides: taken where they fit, refused by name where they do not."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sigap.identity.actions import SESSION_HOURS, TRIES
from sigap.identity.seat_token import SEATS
from sigap.kernel import settings


@pytest.fixture(autouse=True)
def _defaults_afterwards(tmp_path: Path) -> Iterator[None]:
    yield
    settings.load(tmp_path / "absent.toml")


def overrides(tmp_path: Path, text: str) -> Path:
    """A settings file with this text."""
    file = tmp_path / "settings.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_an_override_holds(tmp_path: Path) -> None:
    settings.load(overrides(tmp_path, '[session]\nhours = 8\n[seat]\nnames = ["meja-1"]\n'))
    assert SESSION_HOURS.value == 8.0
    assert SEATS.value == ("meja-1",)
    assert TRIES.value == 8


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[session]\nhuors = 8\n", "no such setting: session.huors"),
        ('[session]\nhours = "long"\n', "session.hours must be a float"),
        ("[session]\ntries = true\n", "session.tries must be a int"),
    ],
)
def test_what_does_not_fit_refuses_to_start(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        settings.load(overrides(tmp_path, text))


def test_a_room_that_this_process_does_not_load_is_left_to_the_others(tmp_path: Path) -> None:
    settings.load(overrides(tmp_path, "[nowhere]\nlimit_s = 8\n[session]\nhours = 8\n"))
    assert SESSION_HOURS.value == 8.0


def test_a_name_is_declared_once() -> None:
    with pytest.raises(ValueError, match="declared twice"):
        settings.declare("session.hours", 1.0, "again")
