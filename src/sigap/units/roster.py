"""The roster as shipped: agencies, units and police areas read from the package's data files."""

import csv
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from sigap.kernel.place import Point
from sigap.units.model import UNIT_TYPES, Agency

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


@dataclass(frozen=True, slots=True)
class Post:
    """A unit as the roster file names it: where it stands is approximate (no open list of coordinates exists)."""

    code: str
    agency: str
    type: str
    station: str
    kecamatan_code: str
    place: Point
    phone: str


@dataclass(frozen=True, slots=True)
class Roster:
    """Agencies, and the units that belong to them."""

    agencies: tuple[Agency, ...]
    posts: tuple[Post, ...]


@dataclass(frozen=True, slots=True)
class PoliceArea:
    """Which station and which command answer in a kecamatan. `assumed` where the published list does not name it."""

    kecamatan_code: str
    polsek: str
    polres: str
    assumed: bool


def _folder() -> "Traversable":
    return files("sigap") / "data" / "agencies"


def _rows(name: str) -> Iterator[dict[str, str]]:
    return csv.DictReader((_folder() / name).read_text(encoding="utf-8").splitlines())


@cache
def shipped() -> Roster:
    """The roster of the first installation. Raises ValueError for a unit of an unknown agency or type."""
    tables = tomllib.loads((_folder() / "agencies.toml").read_text(encoding="utf-8"))
    agencies = tuple(Agency(id=code, active=True, rev=1, **fields) for code, fields in tables.items())
    posts = tuple(
        Post(
            code=row["code"],
            agency=row["agency"],
            type=row["type"],
            station=row["station"],
            kecamatan_code=row["kecamatan_code"],
            place=Point(float(row["lon"]), float(row["lat"])),
            phone=row["phone"],
        )
        for row in _rows("units.csv")
    )
    for post in posts:
        if post.agency not in tables or post.type not in UNIT_TYPES:
            raise ValueError(f"units.csv: {post.code} has an unknown agency or type")
    return Roster(agencies, posts)


@cache
def police_areas() -> dict[str, PoliceArea]:
    """The police table by kecamatan: never "the police", always a Polsek under a Polres."""
    return {
        row["kecamatan_code"]: PoliceArea(
            row["kecamatan_code"], row["polsek"], row["polres"], row["basis"] == "assumed"
        )
        for row in _rows("police.csv")
    }
