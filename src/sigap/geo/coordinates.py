"""Coordinates in pasted text: decimal pairs, degrees and minutes, geo: URIs, links of the common maps, plus codes.

Foreign text writes latitude first; everything that leaves here is a Point, longitude first.
"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from openlocationcode import openlocationcode as plus

from sigap.kernel.place import Point

_NUMBER = r"[-+]?\d{1,3}(?:\.\d+)?"
_GEO = re.compile(rf"^\s*geo:({_NUMBER}),({_NUMBER})(?:,{_NUMBER})?((?:;[^;\s]+)*)", re.IGNORECASE)
_UNCERTAINTY = re.compile(r";u=(\d+(?:\.\d+)?)", re.IGNORECASE)
_LINKS: Final = (
    re.compile(rf"!3d({_NUMBER})!4d({_NUMBER})"),
    re.compile(rf"[?&](?:q|query|ll|destination|daddr)=(?:loc:)?({_NUMBER})[,\s+]+({_NUMBER})"),
    re.compile(rf"[?&]mlat=({_NUMBER})&(?:amp;)?mlon=({_NUMBER})"),
    re.compile(rf"/@({_NUMBER}),({_NUMBER})"),
    re.compile(rf"#map=\d+/({_NUMBER})/({_NUMBER})"),
)
_PAIR = re.compile(r"^\s*\(?\s*([-+]?\d{1,3}[.]\d+)°?\s*[,;\s]\s*([-+]?\d{1,3}[.]\d+)°?\s*\)?\s*$")
_COMMA_PAIR = re.compile(r"^\s*([-+]?\d{1,3},\d+)\s*[;\s]\s*([-+]?\d{1,3},\d+)\s*$")
_DEGREES = re.compile(
    r"(\d{1,3})\s*°\s*(\d{1,2}(?:\.\d+)?)\s*['’′]\s*(?:(\d{1,2}(?:\.\d+)?)\s*(?:\"|″|''|”)\s*)?"
    r"(LS|LU|BT|BB|[NSEWUBT])(?![A-Z])",
    re.IGNORECASE,
)
_PLUS = re.compile(
    r"(?<![0-9A-Z])([23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,4})(?![0-9A-Z])", re.IGNORECASE
)
_SOUTH_OR_WEST: Final = {"s", "ls", "w", "b", "bb"}
_LATITUDE: Final = {"n", "s", "ls", "lu", "u"}


@dataclass(frozen=True, slots=True)
class Spot:
    """A point somebody wrote as numbers; `how` names the notation, `accuracy_m` what the notation promises."""

    point: Point
    accuracy_m: float
    how: str


def read(text: str, near: Point) -> Spot | None:
    """The place that the text states in numbers, or None. Short plus codes are completed near `near`."""
    if found := _GEO.match(text):
        stated = _UNCERTAINTY.search(found[3])
        return _spot(found[1], found[2], float(stated[1]) if stated else 10.0, "geo_uri")
    plain = unquote(text)
    if "://" in plain or "?" in plain:
        for pattern in _LINKS:
            if found := pattern.search(plain):
                return _spot(found[1], found[2], 10.0, "link")
    if found := _PAIR.match(plain):
        return _spot(found[1], found[2], 10.0, "decimal")
    if found := _COMMA_PAIR.match(plain):
        return _spot(found[1].replace(",", "."), found[2].replace(",", "."), 10.0, "decimal")
    return _degrees(plain) or _plus_code(plain, near)


def _spot(lat: str, lon: str, accuracy_m: float, how: str) -> Spot | None:
    first, second = float(lat), float(lon)
    if abs(first) > 90 >= abs(second):  # a longitude written first: no latitude is that large
        first, second = second, first
    try:
        return Spot(Point(second, first), accuracy_m, how)
    except ValueError:
        return None


def _degrees(text: str) -> Spot | None:
    parts = _DEGREES.findall(text)
    if len(parts) != 2:
        return None
    values: dict[str, float] = {}
    for degrees, minutes, seconds, letter in parts:
        size = float(degrees) + float(minutes) / 60 + float(seconds or 0) / 3600
        mark = letter.lower()
        values["lat" if mark in _LATITUDE else "lon"] = -size if mark in _SOUTH_OR_WEST else size
    if len(values) != 2:
        return None
    return _spot(str(values["lat"]), str(values["lon"]), 30.0, "degrees")


def _plus_code(text: str, near: Point) -> Spot | None:
    found = _PLUS.search(text)
    if not found:
        return None
    code = found[1].upper()
    if plus.isShort(code):
        try:
            code = plus.recoverNearest(code, near.lat, near.lon)
        except ValueError:  # beside the date line the library builds a code that it then refuses
            return None
    if not plus.isFull(code):
        return None
    box = plus.decode(code)
    half_m = (box.latitudeHi - box.latitudeLo) * 110_574 / 2
    return Spot(Point(box.longitudeCenter, box.latitudeCenter), max(10.0, half_m), "plus_code")
