"""settings.toml is held against every room, not only those that a process happens to load."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import sigap
from sigap.app import all_settings, cli, doctor, installation
from sigap.app.trouble import Trouble
from sigap.kernel import settings
from sigap.kernel.paths import Home

SOURCE = Path(sigap.__file__).parent


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    yield installation.make(Home(tmp_path))
    settings.load(tmp_path / "absent.toml")


def test_every_module_that_declares_a_setting_is_loaded() -> None:
    declaring = {
        ".".join(file.relative_to(SOURCE).with_suffix("").parts)
        for file in SOURCE.rglob("*.py")
        if re.search(
            r"\bsettings\.declare\(|^from sigap\.kernel\.settings import .*\bdeclare\b",
            file.read_text(),
            re.M,
        )
    }
    assert declaring == set(all_settings.DECLARING)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[dispach]\nx = 1\n", "no such setting: dispach.x"),
        ("[session]\nhuors = 8\n", "write session.hours;"),
        ("[session\n", "settings.toml: "),
        ('[session]\nhours = "long"\n', "session.hours must be a float"),
    ],
)
def test_a_slip_is_said_with_its_name_before_anything_starts(home: Home, text: str, words: str) -> None:
    home.settings_file.write_text(text)
    with pytest.raises(Trouble) as raised:
        all_settings.check(home)
    assert words in str(raised.value)
    found = next(one for one in doctor.examine(home) if one.what == "settings")
    assert not found.well


def test_the_command_lists_what_holds_here(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home.settings_file.write_text("[session]\nhours = 8\n")
    monkeypatch.setenv("SIGAP_HOME", str(home.root))
    assert cli.main(["settings", "--json"]) == 0
    listed = {one["name"]: one for one in json.loads(capsys.readouterr().out)}
    assert listed["session.hours"]["value"] == 8.0
    assert listed["session.hours"]["default"] != 8.0
    assert cli.main(["settings"]) == 0
    assert "session.hours = 8.0   (shipped: " in capsys.readouterr().out
