"""Every policy number is an entry of one catalogue: name, default, unit and reason, source, owner.

A site overrides them in `settings.toml` in its home folder; a name that is not in the catalogue refuses to start.
Each process knows the settings of its own rooms: names of a room that it does not load are left to the others.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

type Value = bool | int | float | str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Setting[T: Value]:
    """One number or choice that a room may change without code."""

    name: str
    default: T
    text: str
    source: str = ""
    owner: str = "supervisor"

    @property
    def value(self) -> T:
        """What holds here: the site's override, else the default."""
        return _overrides.get(self.name, self.default)  # pyrefly: ignore[bad-return]  # load() checked the type


_catalogue: dict[str, Setting[Any]] = {}
_overrides: dict[str, Value] = {}


def declare[T: Value](
    name: str, default: T, text: str, *, source: str = "", owner: str = "supervisor"
) -> Setting[T]:
    """Add an entry to the catalogue. Raises ValueError when the name is taken."""
    if name in _catalogue:
        raise ValueError(f"setting declared twice: {name}")
    _catalogue[name] = setting = Setting(name, default, text, source, owner)
    return setting


def catalogue() -> list[Setting[Any]]:
    """All entries, by name."""
    return sorted(_catalogue.values(), key=lambda setting: setting.name)


def load(file: Path, *, whole: bool = False) -> None:
    """Take a site's overrides. Raises ValueError naming the file and the entry that is unknown or of the wrong type.

    `whole`: the catalogue is complete here, so a name of an unknown room is wrong as well.
    """
    _overrides.clear()
    if not file.exists():
        return
    try:
        given = tomllib.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:  # also a byte that is no UTF-8
        raise ValueError(f"{file}: {error}") from error
    rooms = {name.partition(".")[0] for name in _catalogue}
    for name, value in _flatten(given, ""):
        setting = _catalogue.get(name)
        if setting is None and not whole and name.partition(".")[0] not in rooms:
            continue
        if setting is None:
            raise ValueError(f"{file}: no such setting: {name}")
        taken = tuple(str(item) for item in value) if isinstance(value, list) else value
        if isinstance(setting.default, float) and isinstance(taken, int) and not isinstance(taken, bool):
            taken = float(taken)
        if type(taken) is not type(setting.default):
            raise ValueError(f"{file}: {name} must be a {type(setting.default).__name__}")
        _overrides[name] = taken


def _flatten(table: dict[str, Any], prefix: str) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for key, value in table.items():
        name = f"{prefix}{key}"
        found += _flatten(value, f"{name}.") if isinstance(value, dict) else [(name, value)]
    return found
