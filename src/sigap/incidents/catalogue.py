"""The regency's incident types and the words of an incident, read once from data/catalogue; data, never code."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, override


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A code as people read it."""

    code: str
    id: str  # Bahasa Indonesia
    en: str

    def shown(self) -> dict[str, Any]:
        """As the catalogue endpoint gives it."""
        return {"code": self.code, "name": {"id": self.id, "en": self.en}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Category(Label):
    """A family of types (kategori); `restricted` hides its incidents from all but named roles."""

    national_group: str
    restricted: bool

    @override
    def shown(self) -> dict[str, Any]:
        """With what a screen needs to warn before the first save."""
        return Label.shown(self) | {"national_group": self.national_group, "restricted": self.restricted}


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentType(Label):
    """What can have happened (jenis kejadian); `agencies` are codes, the lead first, as usually sent."""

    category: str
    national_group: str
    agencies: tuple[str, ...]
    priority: int  # 1 to 4
    eido: str
    restricted: bool
    tell_supervisor: bool

    @override
    def shown(self) -> dict[str, Any]:
        """With its usual agencies and urgency."""
        return Label.shown(self) | {
            "category": self.category,
            "national_group": self.national_group,
            "agencies": list(self.agencies),
            "priority": f"P{self.priority}",
            "restricted": self.restricted,
            "tell_supervisor": self.tell_supervisor,
        }


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((files("sigap") / "data" / "catalogue" / name).read_text(encoding="utf-8"))


def _load() -> tuple[dict[str, Label], dict[str, Category], dict[str, IncidentType]]:
    raw = _read("incident_types.toml")
    groups = {item["code"]: Label(**item) for item in raw["national_groups"]}
    categories = {
        item["code"]: Category(
            code=item["code"],
            id=item["id"],
            en=item["en"],
            national_group=groups[item["group"]].code,
            restricted=item.get("restricted", False),
        )
        for item in raw["categories"]
    }
    types: dict[str, IncidentType] = {}
    for item in raw["types"]:
        category = categories[item["code"][:3]]
        types[item["code"]] = IncidentType(
            code=item["code"],
            id=item["id"],
            en=item["en"],
            category=category.code,
            national_group=groups[item["group"]].code if "group" in item else category.national_group,
            agencies=tuple(item["agencies"]),
            priority=item["priority"],
            eido=item["eido"],
            restricted=category.restricted,
            tell_supervisor=item.get("tell_supervisor", False),
        )
    return groups, categories, types


_loaded = _load()
NATIONAL_GROUPS: Final[dict[str, Label]] = _loaded[0]
CATEGORIES: Final[dict[str, Category]] = _loaded[1]
TYPES: Final[dict[str, IncidentType]] = _loaded[2]


@cache
def words() -> dict[str, dict[str, Label]]:
    """The words of an incident by list: states, priorities, intake_channels, dangers."""
    return {
        table: {code: Label(code=code, **texts) for code, texts in entries.items()}
        for table, entries in _read("incidents.toml").items()
    }
