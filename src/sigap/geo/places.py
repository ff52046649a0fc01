"""Place search for the call-taker (cari lokasi): one line of text in, ranked places out; the call-taker confirms.

Coordinates are read first, then toll kilometres, crossings and stretches between two names, then names. A desa or
kecamatan in the text narrows the search; evidence of where the caller is draws near places up. Two results that the text
does not tell apart are marked `ambiguous`, and an area is never offered as an address.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from sigap.geo import address, borders, coordinates, gazetteer, names
from sigap.geo.address import Address
from sigap.geo.gazetteer import Gazetteer, Place
from sigap.kernel.place import Point

MOST: Final = 8
AREA_LIKENESS: Final = 0.6
AREA_BOOST: Final = 0.2
ELSEWHERE: Final = 0.15
"""Taken from places that are not where the text says."""
OUTSIDE: Final = 0.03
UNSURVEYED: Final = 0.02
"""Taken from places beyond the border, and from facilities of which only the kecamatan is known: they lose a tie."""
NEAR_BOOST: Final = 0.15
NEAR_M: Final = 3_000.0
TIE: Final = 0.06
CROSSING_GAP_M: Final = 300.0
CROSSING_M: Final = 25.0
MARK_M: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One proposal. `ask` names what would tell it from the others: `kecamatan` or `direction`."""

    place: Place
    matched: str
    score: float
    distance_m: float | None = None
    detail: str = ""
    relation: str | None = None
    ambiguous: bool = False
    ask: str | None = None


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The areas that the text names; empty means anywhere."""

    codes: frozenset[str] = frozenset()
    words: str = ""
    places: tuple[tuple[Place, float], ...] = ()

    def holds(self, place: Place) -> bool:
        """Whether the desa lies in one of the named areas."""
        return place.desa_code in self.codes or place.kecamatan_code in self.codes


class Places:
    """The search over one gazetteer."""

    def __init__(self, index: Gazetteer, of: borders.Borders) -> None:
        self.index = index
        self.borders = of
        west, south, east, north = of.bounds
        self._middle = Point((west + east) / 2, (south + north) / 2)

    def search(self, text: str, near: Point | None = None) -> list[Found]:
        """Places that the text may mean, best first; at most eight. Never raises on any text."""
        if spot := coordinates.read(text, near or self._middle):
            return [self._coordinate(spot, near)]
        asked = address.parse(text)
        found: list[Found] = []
        if asked.km is not None and self.index.marks:
            found = list(self._kilometre(asked))
        elif pair := asked.crossing or asked.between:
            found = list(self._pair(pair, between=asked.between is not None))
        found = found or self._named(asked, near)
        return _finished(found, asked, near)

    def _coordinate(self, spot: coordinates.Spot, near: Point | None) -> Found:
        label = f"{spot.point.lat:.5f}, {spot.point.lon:.5f}"
        place = gazetteer.placed(
            Place(
                name=label,
                kind="coordinate",
                lon=spot.point.lon,
                lat=spot.point.lat,
                accuracy_m=spot.accuracy_m,
            ),
            self.borders,
        )
        away = spot.point.metres_to(near) if near else None
        return Found(place=place, matched=spot.how, score=1.0, distance_m=away)

    def _kilometre(self, asked: Address) -> Iterator[Found]:
        """A point of the toll road by its kilometre; without the direction both carriageways, and the question."""
        wanted = names.key(asked.direction or "")
        for direction in sorted({mark.direction for mark in self.index.marks}):
            if wanted and names.trigrams(wanted).isdisjoint(names.trigrams(names.normalise(direction))):
                continue
            marks = [mark for mark in self.index.marks if mark.direction == direction]
            after = next((i for i, mark in enumerate(marks) if mark.km >= (asked.km or 0)), None)
            if after is None or (after == 0 and marks[0].km - (asked.km or 0) > 0.01):
                continue
            high, low = marks[after], marks[max(0, after - 1)]
            share = 0.0 if high.km == low.km else ((asked.km or 0) - low.km) / (high.km - low.km)
            place = Place(
                name=f"Tol km {asked.km:g} arah {direction}",
                kind="kilometre",
                lon=low.lon + share * (high.lon - low.lon),
                lat=low.lat + share * (high.lat - low.lat),
                accuracy_m=MARK_M,
            )
            ask = None if wanted else "direction"
            yield Found(
                place=gazetteer.placed(place, self.borders),
                matched=f"km {asked.km:g}",
                score=1.0,
                ambiguous=not wanted,
                ask=ask,
            )

    def _pair(self, pair: tuple[str, str], *, between: bool) -> Iterator[Found]:
        """Where two named roads meet; else the nearest pair of the two names, or the stretch between them."""
        firsts, seconds = (self.index.alike(name)[:6] for name in pair)
        for first in firsts:
            for second in seconds:
                one, other = self.index.names[first.name], self.index.names[second.name]
                if one == other:
                    continue
                score = (first.score + second.score) / 2
                for crossing in self.index.crossings_of(one):
                    if other in crossing.names:
                        label = f"Simpang {one.title()} – {other.title()}"
                        yield self._point_of(label, crossing.lon, crossing.lat, CROSSING_M, score, "crossing")
        if best := self._nearest_pair(pair, reach_m=5_000.0 if between else CROSSING_GAP_M):
            one, other, away, score = best
            label = f"Antara {one.name} dan {other.name}"
            lon, lat = (one.lon + other.lon) / 2, (one.lat + other.lat) / 2
            yield self._point_of(label, lon, lat, max(CROSSING_M, away / 2), score - 0.1, "between")

    def _point_of(
        self, label: str, lon: float, lat: float, accuracy_m: float, score: float, kind: str
    ) -> Found:
        place = gazetteer.placed(
            Place(name=label, kind=kind, lon=lon, lat=lat, accuracy_m=accuracy_m), self.borders
        )
        return Found(place=place, matched=label, score=score)

    def _nearest_pair(
        self, pair: tuple[str, str], reach_m: float
    ) -> tuple[Place, Place, float, float] | None:
        sides = [
            [
                (place, like.score)
                for like in self.index.alike(name)[:4]
                for place in self.index.of_name(like.name)
            ][:80]
            for name in pair
        ]
        best: tuple[float, Place, Place, float] | None = None
        for one, score in sides[0]:
            for other, second in sides[1]:
                away = one.point.metres_to(other.point)
                if one != other and not (one.area or other.area) and away <= reach_m:
                    rank = away / reach_m - (score + second)
                    if best is None or rank < best[0]:
                        best = (rank, one, other, (score + second) / 2)
        return None if best is None else (best[1], best[2], best[1].point.metres_to(best[2].point), best[3])

    def _named(self, asked: Address, near: Point | None) -> list[Found]:
        stated = self._stated(asked)
        found: dict[Place, Found] = {}
        for name, narrowing in self._readings(asked.name, stated):
            self._collect(name, narrowing, near, found)
        for area, score in stated.places:
            whole = score if not asked.name else 0.35
            if area not in found or found[area].score < whole:
                found[area] = Found(place=area, matched=stated.words, score=whole)
        return list(found.values())

    def _collect(
        self, name: str, narrowing: Narrowing, near: Point | None, found: dict[Place, Found]
    ) -> None:
        """The best places of this reading into `found`, where they beat what another reading gave them."""
        rows, score = self.index.rows_of(self.index.alike(name) if name else [])
        if not len(rows):
            return
        columns = self.index.columns
        inside = columns.inside(rows, narrowing.codes)
        score = score + np.where(inside, AREA_BOOST, -ELSEWHERE if narrowing.codes else 0.0)
        score -= np.where(columns.kecamatan[rows] < 0, OUTSIDE, 0.0) + columns.unsurveyed[rows] * UNSURVEYED
        if near is not None:
            score += NEAR_BOOST * np.exp(-columns.metres(rows, near) / NEAR_M)
        for index in np.argsort(-score, kind="stable")[: 4 * MOST]:
            place, worth = self.index.places[rows[index]], float(score[index])
            known = found.get(place)
            if known is None or known.score < worth:
                words = f", {narrowing.words}" if inside[index] else ""
                found[place] = Found(place=place, matched=names.normalise(place.name) + words, score=worth)

    def _stated(self, asked: Address) -> Narrowing:
        """Areas given with their word (desa X, kecamatan Y). Words too many go back to the name."""
        kecamatan: list[tuple[Place, float]] = []
        words: list[str] = []
        if asked.kecamatan:
            phrase = asked.kecamatan.split()
            taken, kecamatan = self._best_area(phrase, {"kecamatan"})
            words = phrase[:taken]
            asked.name = " ".join([asked.name, *phrase[taken:]]).strip()
        if asked.desa:
            taken, desa = self._best_desa(asked.desa.split(), frozenset(_code(a) for a, _ in kecamatan))
            if desa:
                phrase = asked.desa.split()
                asked.name = " ".join([asked.name, *phrase[taken:]]).strip()
                named = ", ".join(filter(None, [" ".join(phrase[:taken]), " ".join(words)]))
                return Narrowing(frozenset(_code(a) for a, _ in desa), named, tuple(desa))
            asked.name = f"{asked.name} {asked.desa}".strip()
        return Narrowing(frozenset(_code(a) for a, _ in kecamatan), " ".join(words), tuple(kecamatan))

    def _best_area(self, words: list[str], kinds: set[str]) -> tuple[int, list[tuple[Place, float]]]:
        """How many of the first words name an area of these kinds, and which."""
        best: tuple[float, int, list[tuple[Place, float]]] = (AREA_LIKENESS - 0.1, 0, [])
        for taken in range(1, min(3, len(words)) + 1):
            alike = [
                (a, s)
                for a, s in self.index.areas_like(" ".join(words[:taken]), least=best[0])
                if a.kind in kinds
            ]
            if alike and alike[0][1] >= best[0]:
                top = alike[0][1]
                best = (top, taken, [(area, score) for area, score in alike if score >= top - 0.01])
        return best[1], best[2]

    def _best_desa(self, words: list[str], inside: frozenset[str]) -> tuple[int, list[tuple[Place, float]]]:
        """The desa that the first words name; the words after it may name its kecamatan and so settle it."""
        best: tuple[float, int, list[tuple[Place, float]]] = (0.0, 0, [])
        for taken in range(1, min(3, len(words)) + 1):
            used, around = self._best_area(words[taken:], {"kecamatan"}) if not inside else (0, [])
            codes = inside or frozenset(a.kecamatan_code or "" for a, _ in around)
            sure = around[0][1] if around else 1.0
            alike = [
                (area, score + (AREA_BOOST * sure if area.kecamatan_code in codes else 0.0))
                for area, score in self.index.areas_like(" ".join(words[:taken]), least=0.3, within=codes)
                if area.kind != "kecamatan"
            ]
            if not alike:
                continue
            top = max(score for _, score in alike)
            worth = top - 0.1 * (len(words) - taken - used)
            if worth >= best[0]:
                best = (worth, taken + used, [(area, score) for area, score in alike if score >= top - 0.02])
        return best[1], best[2]

    def _readings(self, name: str, stated: Narrowing) -> Iterator[tuple[str, Narrowing]]:
        """The ways to read the words: all a name, or a name followed by the desa, the kecamatan, or both."""
        yield name, stated
        if stated.codes:
            return
        words = name.split()
        for taken in (1, 2, 3):
            if taken >= len(words):
                break
            tail = " ".join(words[-taken:])
            areas = self.index.areas_like(tail, least=AREA_LIKENESS)
            if not areas or tail[0].isdigit():
                continue
            narrowing = Narrowing(frozenset(_code(a) for a, _ in areas), tail)
            yield " ".join(words[:-taken]), narrowing
            for second in (1, 2):
                if second >= len(words) - taken:
                    break
                inner = " ".join(words[-taken - second : -taken])
                inside = [
                    a for a, _ in self.index.areas_like(inner, least=AREA_LIKENESS) if narrowing.holds(a)
                ]
                if inside:
                    both = Narrowing(frozenset(_code(a) for a in inside), f"{inner}, {tail}")
                    yield " ".join(words[: -taken - second]), both


def _code(area: Place) -> str:
    return area.desa_code or area.kecamatan_code or ""


def _finished(found: list[Found], asked: Address, near: Point | None) -> list[Found]:
    """Best first, each with its distance and the crew's text; equals that lie apart marked as ambiguous."""
    ranked = sorted(
        found, key=lambda f: (-f.score, f.place.kecamatan or "", f.place.desa or "", f.place.name)
    )
    kept = _thinned(ranked)[:MOST]
    detail = ", ".join(asked.detail)
    top = kept[0] if kept else None
    out: list[Found] = []
    for one in kept:
        twin = top is not None and any(
            other is not one
            and names.normalise(other.place.name) == names.normalise(one.place.name)
            and abs(other.score - one.score) < TIE
            and other.place.kecamatan_code != one.place.kecamatan_code
            for other in kept
        )
        away = round(one.place.point.metres_to(near), 1) if near else None
        out.append(
            replace(
                one,
                detail=detail,
                relation=asked.relation,
                distance_m=away,
                score=round(one.score, 3),
                ambiguous=one.ambiguous or twin,
                ask=one.ask or ("kecamatan" if twin else None),
            )
        )
    return out


def _thinned(ranked: list[Found]) -> list[Found]:
    """One result for each name and desa: the pieces of one street are one street."""
    seen: set[tuple[str, str | None, str]] = set()
    kept: list[Found] = []
    for one in ranked:
        mark = (
            names.normalise(one.place.name),
            one.place.desa_code,
            "area" if one.place.area else one.place.kind,
        )
        if mark not in seen:
            seen.add(mark)
            kept.append(one)
        if len(kept) >= MOST * 3:
            break
    return kept


def open_places(roads: Path | None) -> Places:
    """The search over the packaged names and, when roads are imported, theirs."""
    of = borders.current()
    return Places(gazetteer.load(roads, of), of)
