"""The grammar of a spoken Indonesian address: what the caller names, apart from what only the crew needs.

Every part is optional and in any order. RT/RW, house and block are text for the crew, never a shape on the map; words of
place (depan, seberang, …) say how the place lies to the landmark; desa and kecamatan narrow the search.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from sigap.geo import names

RELATIONS: Final = (
    "di depan", "depan", "seberang", "sebelah", "samping", "belakang", "dekat", "sekitar", "arah", "sebelum",
    "setelah", "masuk",
)  # fmt: skip
FILLERS: Final = frozenset({"di", "daerah", "lokasi", "lokasinya", "alamat", "tepatnya", "kejadian", "pak", "bu", "ya",
                            "yang"})  # fmt: skip
_REGENCY = re.compile(r",\s*(?:kab\.?|kabupaten)?\s*tangerang\b.*$", re.IGNORECASE)
_RT_RW = re.compile(r"\brt\s*0*(\d{1,3})\s*(?:rw\s*)?0*(\d{1,3})?\b|\brw\s*0*(\d{1,3})\b")
_SLASHED = re.compile(
    r"(?<![\d.,])(?:rt|rw)?\s*0*(\d{1,3})\s*/\s*(?:rw\s*)?0*(\d{1,3})(?![\d.,])", re.IGNORECASE
)
_BLOCK_SLASH = re.compile(
    r"\b(?:blok\s*)?([a-z]{1,2}\d{0,2})\s*/\s*(?:no\.?\s*)?(\d{1,4}[a-z]?)\b", re.IGNORECASE
)
_BLOCK = re.compile(r"\bblok ([a-z]{1,2} ?\d{0,3})\b(?: (?:no )?(\d{1,4}[a-z]?)\b)?")
_HOUSE = re.compile(r"\bno (\d{1,4} ?[a-z]?)\b")
_KM = re.compile(r"\bkm\s*(\d{1,3})(?:\s*[+.,]\s*(\d{1,3}))?\b", re.IGNORECASE)
_BETWEEN = re.compile(r"\bantara (.+?) (?:dan|dengan|sampai) (.+)$")
_CROSSING = re.compile(
    r"\b(?:simpang|simpang tiga|simpang empat|persimpangan|perapatan) (.+?) (?:dan|dengan) (.+)$"
)
_DIRECTION = re.compile(r"\b(?:arah|menuju|ke arah) (\w+)")
_DESA = re.compile(r"\b(?:desa|kelurahan) (\w+(?: \w+){0,5})$")
_NEXT = r"(?!(?:desa|kelurahan|jalan|gang)\b)"
_KECAMATAN = re.compile(rf"\bkecamatan ({_NEXT}\w+(?: {_NEXT}\w+){{0,2}})")


@dataclass(slots=True)
class Address:
    """What was understood of one question. `name` is what is searched, `detail` what the crew reads."""

    name: str = ""
    detail: list[str] = field(default_factory=list)
    relation: str | None = None
    desa: str | None = None
    kecamatan: str | None = None
    crossing: tuple[str, str] | None = None
    between: tuple[str, str] | None = None
    km: float | None = None
    direction: str | None = None


def parse(text: str) -> Address:
    """Take the parts out of the text, most certain first; what is left is the name to search."""
    found = Address()
    rest = _cut_raw(text, found)
    rest = names.normalise(rest)
    rest = _cut_kilometre_words(rest, found)
    if found.km is not None and (way := _DIRECTION.search(rest)):
        found.direction = way[1]
        rest = rest.replace(way[0], " ")
    rest = _cut_codes(rest, found)
    if pair := _BETWEEN.search(rest):
        found.between = (_bare(pair[1]), _bare(pair[2]))
    elif pair := _CROSSING.search(rest):
        found.crossing = (_bare(pair[1]), _bare(pair[2]))
    rest = _cut_relation(rest, found)
    rest = _cut_areas(rest, found)
    found.name = _bare(rest)
    return found


def _cut_raw(text: str, found: Address) -> str:
    """Parts that the punctuation tells apart: c3/7, 003/005, km 31+400; and the regency's own name at the end."""
    text = _REGENCY.sub("", text)
    if mark := _KM.search(text.replace("KM", "km").replace("Km", "km")):
        fraction = mark[2] or ""
        metres = float(fraction) / 1000 if len(fraction) == 3 else float(f"0.{fraction or 0}")
        found.km = float(mark[1]) + metres
        text = text[: mark.start()] + " " + text[mark.end() :]
    if pair := _SLASHED.search(text):
        found.detail.append(f"RT {int(pair[1]):02d}/RW {int(pair[2]):02d}")
        text = text[: pair.start()] + " " + text[pair.end() :]
    if block := _BLOCK_SLASH.search(text):
        found.detail.append(f"Blok {block[1].upper()} No. {block[2].upper()}")
        text = text[: block.start()] + " " + text[block.end() :]
    return text


def _cut_kilometre_words(text: str, found: Address) -> str:
    """`km tiga puluh satu koma empat`, as the caller says it."""
    words = text.split()
    if found.km is not None or "km" not in words:
        return text
    start = words.index("km") + 1
    for end in range(min(len(words), start + 6), start, -1):
        if number := names.spoken_number(words[start:end]):
            found.km = float(number)
            return " ".join(words[: start - 1] + words[end:])
    return text


def _cut_codes(text: str, found: Address) -> str:
    """RT/RW, block and house: kept as text."""
    parts = {"RT": "", "RW": ""}
    for match in _RT_RW.finditer(text):
        parts["RT"] = match[1] or parts["RT"]
        parts["RW"] = match[2] or match[3] or parts["RW"]
    if stated := [f"{kind} {int(number):02d}" for kind, number in parts.items() if number]:
        found.detail.append("/".join(stated))
        text = _RT_RW.sub(" ", text)
    text = " ".join(text.split())
    if block := _BLOCK.search(text):
        house = f" No. {block[2].upper()}" if block[2] else ""
        found.detail.append(f"Blok {block[1].replace(' ', '').upper()}{house}")
        text = text.replace(block[0], " ")
    if house := _HOUSE.search(text):
        found.detail.append(f"No. {house[1].replace(' ', '').upper()}")
        text = text.replace(house[0], " ")
    return " ".join(text.split())


def _cut_relation(text: str, found: Address) -> str:
    for word in RELATIONS:
        match = re.search(rf"\b{word}\b", text)
        if match and not (word == "masuk" and match.start() == 0 and len(text.split()) == 1):
            found.relation = found.relation or word.removeprefix("di ")
            text = text[: match.start()] + " " + text[match.end() :]
    return " ".join(text.split())


def _cut_areas(text: str, found: Address) -> str:
    """`desa X` and `kecamatan Y` with their word; the names that stand alone are found by the search itself."""
    if named := _KECAMATAN.search(text):
        found.kecamatan = named[1]
        text = " ".join(text.replace(named[0], " ").split())
    if named := _DESA.search(text):
        found.desa = named[1]
        text = text.replace(named[0], " ")
    return " ".join(text.split())


def _bare(text: str) -> str:
    words = text.split()
    kept = [
        word
        for before, word in zip(["", *words], words, strict=False)
        if word not in FILLERS or (word == "daerah" and before == "umum")  # rumah sakit umum daerah
    ]
    return " ".join(kept or text.split())
