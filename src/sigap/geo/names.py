"""How a place name is written so that two writings of it compare equal: at import and at every question the same way.

Lower case, no accents, no punctuation, whole-token abbreviations spelt out, numerals as digits, and for comparing the
spelling of before 1972 made modern (Tjikoepa, Cikupa). Never expands inside a word (`jlupang` stays).
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

ABBREVIATIONS: Final = {
    "jl": "jalan", "jln": "jalan", "jalanan": "jalan",
    "gg": "gang", "gng": "gang",
    "kp": "kampung", "kmp": "kampung", "kamp": "kampung", "kampong": "kampung",
    "perum": "perumahan", "prm": "perumahan", "komp": "perumahan", "komplek": "perumahan",
    "kompleks": "perumahan", "perumnas": "perumahan",
    "blk": "blok", "blog": "blok",
    "ds": "desa", "kel": "kelurahan", "kec": "kecamatan", "kcmtn": "kecamatan", "kab": "kabupaten",
    "pertigaan": "simpang tiga", "ptg": "simpang tiga", "simpang3": "simpang tiga",
    "perempatan": "simpang empat", "simpang4": "simpang empat", "prapatan": "simpang empat",
    "bunderan": "bundaran",
    "rs": "rumah sakit", "rsud": "rumah sakit umum daerah", "rsu": "rumah sakit umum",
    "pkm": "puskesmas", "pom": "spbu", "psr": "pasar",
    "sdn": "sd negeri", "smpn": "smp negeri", "sman": "sma negeri", "smkn": "smk negeri",
    "h": "haji", "hj": "hajah", "kh": "kiai haji", "tb": "tubagus", "kyai": "kiai",
    "nomor": "no", "nmr": "no", "kilometer": "km",
    "dpn": "depan", "sblh": "sebelah", "blkg": "belakang", "dkt": "dekat", "sbrg": "seberang",
    "brt": "barat", "tim": "timur", "tmr": "timur", "utr": "utara", "slt": "selatan", "mesjid": "masjid",
}  # fmt: skip
PAIRS: Final = {("pol", "sek"): "polsek", ("sd", "n"): "sd negeri", ("smp", "n"): "smp negeri",
                ("sma", "n"): "sma negeri", ("smk", "n"): "smk negeri", ("simpang", "3"): "simpang tiga",
                ("simpang", "4"): "simpang empat"}  # fmt: skip
ROMAN: Final = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}
DIGIT_WORDS: Final = {"nol": 0, "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7,
                      "delapan": 8, "sembilan": 9}  # fmt: skip
SINGLE_WORDS: Final = {"sepuluh": 10, "sebelas": 11, "seratus": 100}
_GLUED = re.compile(r"^(rt|rw|no|km|blok)(\d+)$")
_SPELLING = (("tj", "c"), ("dj", "j"), ("oe", "u"))


@lru_cache(maxsize=65_536)
def normalise(text: str) -> str:
    """The name as it is compared and shown in a match: `Jl. H. Tb. Moh.` becomes `jalan haji tubagus moh`."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text)).casefold()
    plain = "".join(c if c.isalnum() else " " for c in folded if not unicodedata.combining(c))
    tokens: list[str] = []
    words = plain.split()
    index = 0
    while index < len(words):
        pair = PAIRS.get((words[index], words[index + 1])) if index + 1 < len(words) else None
        if pair:
            tokens += pair.split()
            index += 2
            continue
        tokens += _expanded(words[index])
        index += 1
    return " ".join(_numbered(tokens))


def key(normalised: str) -> str:
    """The form that is looked up: the spelling of before 1972 made modern."""
    for old, new in _SPELLING:
        normalised = normalised.replace(old, new)
    return normalised


def joined(normalised: str) -> str:
    """The name in one word: Teluk Naga and Teluknaga are one."""
    return normalised.replace(" ", "")


def trigrams(text: str) -> frozenset[str]:
    """Three-letter windows of each word, padded as pg_trgm does (two blanks before, one after)."""
    found: set[str] = set()
    for word in text.split():
        padded = f"  {word} "
        found.update(padded[i : i + 3] for i in range(len(padded) - 2))
    return frozenset(found)


def spoken_number(words: list[str]) -> str | None:
    """`tiga satu koma empat` is 31.4, `dua puluh lima` is 25, `31` is 31; None when a word is no number."""
    if not words:
        return None
    whole, _, fraction = " ".join(words).partition(" koma ")
    left = _whole_number(whole.split())
    if left is None or not fraction:
        return left
    right = _whole_number(fraction.split())
    return None if right is None else f"{left}.{right}"


def _whole_number(words: list[str]) -> str | None:
    digits = ""
    index = 0
    while index < len(words):
        word = words[index]
        following = words[index + 1] if index + 1 < len(words) else ""
        if word.isdigit():
            digits += word
        elif word in SINGLE_WORDS:
            digits += str(SINGLE_WORDS[word])
        elif word in DIGIT_WORDS and following == "belas":
            digits += str(10 + DIGIT_WORDS[word])
            index += 1
        elif word in DIGIT_WORDS and following == "puluh":
            unit = words[index + 2] if index + 2 < len(words) else ""
            digits += str(10 * DIGIT_WORDS[word] + DIGIT_WORDS.get(unit, 0))
            index += 2 if unit in DIGIT_WORDS else 1
        elif word in DIGIT_WORDS:
            digits += str(DIGIT_WORDS[word])
        else:
            return None
        index += 1
    return digits or None


def _expanded(word: str) -> list[str]:
    if glued := _GLUED.match(word):
        return [glued[1], glued[2]]
    return ABBREVIATIONS.get(word, word).split()


def _numbered(tokens: list[str]) -> list[str]:
    """Numerals of streets as digits: `gang mawar iii`, `jalan melati dua`; never `simpang tiga`, never Tiga Raksa."""
    out = [ROMAN.get(token, token) if index else token for index, token in enumerate(tokens)]
    street = bool(out) and out[0] in ("jalan", "gang", "perumahan", "kampung", "blok")
    if street and len(out) > 2 and out[-1] in DIGIT_WORDS and out[-2] != "simpang":
        out[-1] = str(DIGIT_WORDS[out[-1]])
    return out


def closeness(one: str, other: str) -> float:
    """1 for equal, less for each letter missing, wrong, doubled or swapped with its neighbour (0 is nothing alike)."""
    if one == other:
        return 1.0
    longest = max(len(one), len(other))
    if not longest or abs(len(one) - len(other)) > longest // 2:
        return 0.0
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            least = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                least = min(least, earlier[j - 2] + 1)
            row.append(least)
    return 1.0 - row[-1] / longest
