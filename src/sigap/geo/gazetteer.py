"""The index of named places (gazeter): all names of the borders, the facilities and the imported roads, by trigrams.

Held in memory: names repeat (Jalan Melati in a hundred desa), so a few thousand distinct names stand for all rows and
a misspelt name is found in well under a millisecond, with the database down as well. The similarity is pg_trgm's.
"""

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sigap.geo import borders, names
from sigap.kernel.place import Point

THRESHOLD: Final = 0.3
"""pg_trgm's default: less alike than this is another name."""
NAMES_KEPT: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One named place. `area`: the point is only somewhere inside, never an address."""

    name: str
    kind: str
    lon: float
    lat: float
    accuracy_m: float
    kecamatan_code: str | None = None
    kecamatan: str | None = None
    desa_code: str | None = None
    desa: str | None = None
    area: bool = False

    @property
    def point(self) -> Point:
        """Where it is, or for an area a point inside."""
        return Point(self.lon, self.lat)


@dataclass(frozen=True, slots=True)
class Crossing:
    """A node that roads of different names share (simpang)."""

    lon: float
    lat: float
    names: frozenset[str]


@dataclass(frozen=True, slots=True, order=True)
class KilometreMark:
    """A point of a toll road's carriageway: `direction` is where the traffic goes."""

    direction: str
    km: float
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Likeness:
    """A distinct name and how alike it is to the question (1 is equal)."""

    name: int
    score: float


class Trigrams:
    """Which of many strings are like a given one: posting lists of trigrams, counted with numpy."""

    def __init__(self, keys: Iterable[tuple[str, int]]) -> None:
        postings: dict[str, list[int]] = {}
        owners: list[int] = []
        sizes: list[int] = []
        for text, owner in keys:
            grams = names.trigrams(text)
            number = len(owners)
            owners.append(owner)
            sizes.append(len(grams))
            for gram in grams:
                postings.setdefault(gram, []).append(number)
        self._postings = {gram: np.array(found, dtype=np.int32) for gram, found in postings.items()}
        self._owners: NDArray[Any] = np.array(owners, dtype=np.int32)
        self._sizes: NDArray[Any] = np.array(sizes, dtype=np.float64)

    def alike(self, text: str, *, least: float = THRESHOLD, most: int = NAMES_KEPT) -> list[Likeness]:
        """Owners of the strings like `text`, best first; a short text inside a longer name counts for something."""
        grams = names.trigrams(text)
        lists = [self._postings[gram] for gram in grams if gram in self._postings]
        if not lists:
            return []
        shared = np.bincount(np.concatenate(lists), minlength=len(self._owners)).astype(np.float64)
        candidates = np.flatnonzero(shared)
        common = shared[candidates]
        likeness = common / (len(grams) + self._sizes[candidates] - common)
        contained = common / len(grams)
        score = np.where(likeness >= 0.999, 1.0, 0.75 * likeness + 0.25 * contained)
        kept = candidates[score >= least], score[score >= least]
        best = np.argsort(-kept[1], kind="stable")[: most * 2]
        found: dict[int, float] = {}
        for index in best:
            found.setdefault(int(self._owners[kept[0][index]]), float(kept[1][index]))
        return [Likeness(owner, score) for owner, score in list(found.items())[:most]]


class Columns:
    """What ranking needs of every place, as arrays: place on the map and numbers of its kecamatan and desa."""

    def __init__(self, places: tuple[Place, ...]) -> None:
        self.codes: dict[str | None, int] = {None: -1}
        self.lon: NDArray[Any] = np.array([p.lon for p in places], dtype=np.float64)
        self.lat: NDArray[Any] = np.array([p.lat for p in places], dtype=np.float64)
        self.kecamatan: NDArray[Any] = np.array(
            [self._number(p.kecamatan_code) for p in places], dtype=np.int32
        )
        self.desa: NDArray[Any] = np.array([self._number(p.desa_code) for p in places], dtype=np.int32)
        self.whole: NDArray[Any] = np.array([p.kind == "kecamatan" for p in places], dtype=bool)
        self.unsurveyed: NDArray[Any] = np.array(
            [p.area and p.kind not in AREA_KINDS for p in places], dtype=bool
        )

    def _number(self, code: str | None) -> int:
        return self.codes.setdefault(code, len(self.codes))

    def inside(self, rows: NDArray[Any], codes: frozenset[str]) -> NDArray[Any]:
        """Which rows lie in one of these kecamatan or desa; a kecamatan does not lie in itself."""
        numbers = [self.codes[code] for code in codes if code in self.codes]
        lies = np.isin(self.desa[rows], numbers) | np.isin(self.kecamatan[rows], numbers)
        return lies & ~self.whole[rows]

    def metres(self, rows: NDArray[Any], near: Point) -> NDArray[Any]:
        """How far each row is, on a flat map: for ranking only."""
        x = (self.lon[rows] - near.lon) * 111_320.0 * np.cos(np.radians(near.lat))
        return np.hypot(x, (self.lat[rows] - near.lat) * 110_574.0)


class Gazetteer:
    """All places of one installation, ready to be searched."""

    def __init__(
        self, places: Iterable[Place], crossings: Iterable[Crossing] = (), marks: Iterable[KilometreMark] = ()
    ) -> None:
        self.places = tuple(places)
        self.names: list[str] = []
        self._rows: list[list[int]] = []
        numbers: dict[str, int] = {}
        for row, place in enumerate(self.places):
            norm = names.normalise(place.name)
            number = numbers.setdefault(norm, len(self.names))
            if number == len(self.names):
                self.names.append(norm)
                self._rows.append([])
            self._rows[number].append(row)
        self._row_numbers: list[NDArray[Any]] = [np.array(rows, dtype=np.int32) for rows in self._rows]
        self.columns = Columns(self.places)
        self._trigrams = Trigrams(self._keys())
        self._crossings: dict[str, list[Crossing]] = {}
        for crossing in crossings:
            for name in crossing.names:
                self._crossings.setdefault(name, []).append(crossing)
        self.marks = tuple(sorted(marks))
        self.areas = tuple(p for p in self.places if p.kind in AREA_KINDS)
        self._area_keys = [names.joined(names.key(names.normalise(area.name))) for area in self.areas]
        self._desa_of: dict[str, list[int]] = {}
        for number, area in enumerate(self.areas):
            if area.desa_code and area.kecamatan_code:
                self._desa_of.setdefault(area.kecamatan_code, []).append(number)
        self._area_trigrams = Trigrams(
            (form, number)
            for number, area in enumerate(self.areas)
            for form in _forms(names.key(names.normalise(area.name)))
        )

    def alike(self, normalised: str) -> list[Likeness]:
        """Distinct names like this one; written apart or in one word."""
        found: dict[int, float] = {}
        for form in _forms(names.key(normalised)):
            for one in self._trigrams.alike(form):
                found[one.name] = max(one.score, found.get(one.name, 0.0))
        ranked = sorted(found.items(), key=lambda item: -item[1])[:NAMES_KEPT]
        return [Likeness(name, score) for name, score in ranked]

    def rows_of(self, likes: list[Likeness]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Rows of every place that bears one of these names, and how alike its name is."""
        rows = [self._row_numbers[like.name] for like in likes]
        scores = np.repeat([like.score for like in likes], [len(found) for found in rows])
        return (np.concatenate(rows), scores) if rows else (np.empty(0, dtype=np.int32), np.empty(0))

    def of_name(self, number: int) -> Iterator[Place]:
        """Every place that bears the distinct name."""
        return (self.places[row] for row in self._rows[number])

    def areas_like(
        self, normalised: str, *, least: float, within: frozenset[str] = frozenset()
    ) -> list[tuple[Place, float]]:
        """Kecamatan and desa of a name like this one. Of the kecamatan `within`, every desa is compared by letters."""
        found: dict[int, float] = {}
        looked_up = names.key(normalised)
        for form in _forms(looked_up):
            for one in self._area_trigrams.alike(form, least=min(least, THRESHOLD)):
                found[one.name] = max(one.score, found.get(one.name, 0.0))
        for code in within:
            for number in self._desa_of.get(code, ()):
                found.setdefault(number, 0.0)
        together = names.joined(looked_up)
        ranked = [
            (self.areas[n], max(score, 0.95 * names.closeness(together, self._area_keys[n])))
            for n, score in found.items()
        ]
        return sorted(((area, score) for area, score in ranked if score >= least), key=lambda item: -item[1])

    def crossings_of(self, name: str) -> list[Crossing]:
        """Nodes where a road of this normalised name meets one of another name."""
        return self._crossings.get(name, [])

    def _keys(self) -> Iterator[tuple[str, int]]:
        for number, norm in enumerate(self.names):
            for form in _forms(names.key(norm)):
                yield form, number


AREA_KINDS: Final = frozenset({"kecamatan", "desa", "kelurahan"})


def _forms(looked_up: str) -> tuple[str, ...]:
    together = names.joined(looked_up)
    return (looked_up, together) if together != looked_up and len(together) <= 24 else (looked_up,)


def packaged(of: borders.Borders) -> list[Place]:
    """Kecamatan, desa and, where the packaged borders are in use, the facilities that came with them."""
    found = [
        Place(
            name=area.name,
            kind=area.kind,
            lon=area.lon,
            lat=area.lat,
            accuracy_m=round(area.radius_m),
            kecamatan_code=area.kecamatan_code,
            kecamatan=area.kecamatan,
            desa_code=None if area.kind == "kecamatan" else area.code,
            desa=None if area.kind == "kecamatan" else area.name,
            area=True,
        )
        for area in of.areas
    ]
    facilities = of.folder / "facilities.csv"
    if facilities.exists():
        with facilities.open(encoding="utf-8", newline="") as table:
            found += [place for row in csv.DictReader(table) if (place := _facility(row, found))]
    return found


def _facility(row: dict[str, str], areas: list[Place]) -> Place | None:
    """A facility with its coordinate, or only its kecamatan: then it is an area, and the call-taker pins it."""
    if row["lon"] and row["lat"]:
        point = Point(float(row["lon"]), float(row["lat"]))
        return placed(
            Place(name=row["name"], kind=row["kind"], lon=point.lon, lat=point.lat, accuracy_m=50.0)
        )
    inside = next(
        (a for a in areas if a.kind == "kecamatan" and a.kecamatan_code == row["kecamatan_code"]), None
    )
    if inside is None:
        return None
    return Place(
        name=row["name"],
        kind=row["kind"],
        lon=inside.lon,
        lat=inside.lat,
        accuracy_m=inside.accuracy_m,
        kecamatan_code=inside.kecamatan_code,
        kecamatan=inside.kecamatan,
        area=True,
    )


def placed(place: Place, of: borders.Borders | None = None) -> Place:
    """The same place with its kecamatan and desa filled in from the borders."""
    return _in_area(place, (of or borders.current()).where(place.point))


def placed_all(places: list[Place], of: borders.Borders) -> list[Place]:
    """`placed` for many places at once."""
    found = of.where_all(np.array([p.lon for p in places]), np.array([p.lat for p in places]))
    return [_in_area(place, area) for place, area in zip(places, found, strict=True)]


def _in_area(place: Place, found: borders.Where) -> Place:
    return replace(
        place,
        kecamatan_code=found.kecamatan_code,
        kecamatan=found.kecamatan or found.neighbour,
        desa_code=found.desa_code,
        desa=found.desa,
    )


def save(
    folder: Path, places: Iterable[Place], crossings: Iterable[Crossing], marks: Iterable[KilometreMark]
) -> None:
    """Write what an import found, beside the roads it came from."""
    with (folder / "places.jsonl").open("w", encoding="utf-8") as out:
        for place in places:
            out.write(json.dumps(asdict(place), ensure_ascii=False) + "\n")
    rows = [[c.lon, c.lat, sorted(c.names)] for c in crossings]
    (folder / "crossings.json").write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    (folder / "marks.json").write_text(json.dumps([asdict(mark) for mark in marks]), encoding="utf-8")


def load(folder: Path | None, of: borders.Borders) -> Gazetteer:
    """The packaged names and those of the imported roads in `folder`, when there are any."""
    places = packaged(of)
    if folder is None or not (folder / "places.jsonl").exists():
        return Gazetteer(places)
    with (folder / "places.jsonl").open(encoding="utf-8") as lines:
        places += [Place(**json.loads(line)) for line in lines]
    crossings = [
        Crossing(lon, lat, frozenset(found))
        for lon, lat, found in json.loads((folder / "crossings.json").read_text(encoding="utf-8"))
    ]
    marks = [KilometreMark(**row) for row in json.loads((folder / "marks.json").read_text(encoding="utf-8"))]
    return Gazetteer(places, crossings, marks)
