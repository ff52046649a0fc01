"""The place search: what a call-taker types finds what the caller meant, and says when it cannot know."""

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigap.geo import borders, names
from sigap.geo.gazetteer import Crossing, Gazetteer, KilometreMark, Place, packaged, placed
from sigap.geo.places import Found, Places
from sigap.kernel.place import Point


def street(name: str, desa: str, kind: str = "street") -> Place:
    area = next(a for a in borders.current().areas if a.code == desa)
    return placed(Place(name=name, kind=kind, lon=area.lon, lat=area.lat, accuracy_m=80.0))


MELATI_BALARAJA = street("Jalan Melati", "36.03.01.1001")
MELATI_CARINGIN = street("Jalan Melati", "36.03.20.2002")
STREETS = [
    MELATI_BALARAJA,
    MELATI_CARINGIN,
    street("Jalan Raya Serang", "36.03.01.1001"),
    street("Gang Mawar 3", "36.03.01.1001"),
    street("Masjid Al-Ikhlas", "36.03.01.2003", "mosque"),
]
CROSSING = Crossing(106.45, -6.19, frozenset({"jalan raya serang", "jalan melati"}))
MARKS = [
    KilometreMark("Merak", 31.0, 106.50, -6.20),
    KilometreMark("Merak", 32.0, 106.49, -6.20),
    KilometreMark("Jakarta", 31.0, 106.50, -6.2005),
    KilometreMark("Jakarta", 32.0, 106.49, -6.2005),
]


@pytest.fixture(scope="module")
def search() -> Places:
    of = borders.current()
    return Places(Gazetteer([*packaged(of), *STREETS], [CROSSING], MARKS), of)


def best(search: Places, text: str, near: Point | None = None) -> Found:
    found = search.search(text, near)
    assert found, f"nothing for {text!r}"
    return found[0]


@pytest.mark.parametrize(
    ("text", "name", "kecamatan"),
    [
        ("teluk naga", "Teluknaga", "Teluknaga"),
        ("pasarkemis", "Pasar Kemis", "Pasar Kemis"),
        ("Tjikoepa", "Cikupa", "Cikupa"),
        ("balarja", "Balaraja", "Balaraja"),
        ("caringin legok", "Caringin", "Legok"),
        ("ds. Caringin kec. Cisoka", "Caringin", "Cisoka"),
        ("dekat pkm pasir nangka", "Puskesmas Pasir Nangka", "Tigaraksa"),
        ("pol sek curug", "Polsek Curug", "Curug"),
        ("RSUD tiga raksa", "RSUD Tigaraksa", "Tigaraksa"),
        ("gg mawar iii balaraja", "Gang Mawar 3", "Balaraja"),
        ("jln mlati caringin", "Jalan Melati", "Legok"),
        ("depan mesjid al ikhlas", "Masjid Al-Ikhlas", "Balaraja"),
    ],
)
def test_what_the_caller_says_finds_the_place(search: Places, text: str, name: str, kecamatan: str) -> None:
    found = best(search, text)
    assert (found.place.name, found.place.kecamatan) == (name, kecamatan)


def test_rt_rw_block_and_house_are_kept_for_the_crew(search: Places) -> None:
    found = best(search, "seberang jl melati no 12a rt 03/rw 05 blok c3, balaraja")
    assert found.place == MELATI_BALARAJA
    assert found.relation == "seberang"
    assert set(found.detail.split(", ")) == {"RT 03/RW 05", "Blok C3", "No. 12A"}


def test_a_name_that_repeats_asks_for_the_kecamatan_and_evidence_decides(search: Places) -> None:
    two = search.search("jalan melati")[:2]
    assert {f.place.kecamatan for f in two} == {"Balaraja", "Legok"}
    assert [f.ask for f in two] == ["kecamatan", "kecamatan"]
    near = best(search, "jalan melati", MELATI_CARINGIN.point)
    assert near.place == MELATI_CARINGIN
    assert not near.ambiguous
    assert near.distance_m == 0


def test_a_kecamatan_is_an_area_and_never_an_address(search: Places) -> None:
    for text in ("kecamatan balaraja", "balaraja"):
        found = best(search, text)
        assert found.place.area
        assert found.place.accuracy_m > 500
    assert best(search, "RSUD Balaraja").place.area, "a facility without a surveyed point is its kecamatan"
    assert not best(search, "RSU Kabupaten Tangerang").place.area


def test_a_crossing_is_the_node_both_roads_share(search: Places) -> None:
    found = best(search, "simpang jl raya serang dan jl melati")
    assert (found.place.kind, found.place.lon, found.place.lat) == ("crossing", 106.45, -6.19)


def test_a_toll_kilometre_needs_its_direction(search: Places) -> None:
    found = search.search("tol km 31+400")
    assert [f.ask for f in found] == ["direction", "direction"]
    assert len({f.place.lat for f in found}) == 2
    one = best(search, "km tiga puluh satu koma empat arah merak")
    assert one.place.lon == pytest.approx(106.496)
    assert one.ask is None


@pytest.mark.parametrize(
    "text",
    [
        "-6.19, 106.45",
        "geo:-6.19,106.45;u=20",
        "https://maps.google.com/?q=-6.19,106.45",
        "https://www.google.com/maps/place/x/@-6.19,106.45,17z",
        "6°11'24\"S 106°27'00\"E",
        "6°11'24\" LS, 106°27' BT",
        "106.45, -6.19",
    ],
)
def test_pasted_coordinates_are_read(search: Places, text: str) -> None:
    found = best(search, text)
    assert found.place.point.metres_to(Point(106.45, -6.19)) < 20
    assert found.place.kecamatan == "Balaraja"


def test_a_short_plus_code_is_completed_near_the_regency(search: Places) -> None:
    found = best(search, "QCCJ+FJ")
    assert found.place.point.metres_to(best(search, "6P58QCCJ+FJ").place.point) < 1


@pytest.mark.parametrize(
    "text", ["", " ", "???", "\x00\ud800"[:1], "a" * 2000, "km", "rt rw", "antara dan", "(((("]
)
def test_no_text_is_an_error(search: Places, text: str) -> None:
    assert isinstance(search.search(text), list)


@pytest.mark.parametrize(
    "word", ["desa", "kecamatan", "antara", "simpang", "rt", "km", "blok", "c3/", "jl", "a", "1", "°", "+"]
)
def test_a_long_text_takes_no_longer_than_a_call_taker_waits(search: Places, word: str) -> None:
    texts = [
        f"{word} " * 80,
        f"{word} " + "a" * 390,
        f"{word} " + "dan a " * 60,
        word * 100,
        f"{word} 1 a " * 40 + "!",
    ]
    for text in texts:
        began = time.process_time()
        search.search(text[:400])
        assert time.process_time() - began < 0.25


@given(st.text(max_size=400), st.floats(-180, 180), st.floats(-90, 90))
@settings(max_examples=150, deadline=None)
def test_any_text_and_any_place_are_answered(search: Places, text: str, lon: float, lat: float) -> None:
    for found in search.search(text, Point(lon, lat)):
        assert found.place.accuracy_m > 0
    search.search(f"6P58QCCJ+FJ {text}", Point(lon, lat))
    search.search(f"QCCJ+FJ {text}", Point(lon, lat))


def test_misspelt_desa_are_found_and_fast(search: Places) -> None:
    """274 desa with their kecamatan, abbreviated and with up to two typing errors each."""
    rng = random.Random(112)
    desa = [a for a in borders.current().areas if a.kind != "kecamatan"]
    right, times = 0, []
    for area in desa:
        text = f"{rng.choice(['ds ', 'desa ', ''])}{_mistyped(area.name, rng)} {rng.choice(['kec ', ''])}{area.kecamatan}"
        began = time.process_time()
        found = search.search(text)
        times.append(time.process_time() - began)
        right += any(f.place.desa_code == area.code for f in found[:1])
    assert right / len(desa) > 0.93
    assert sorted(times)[len(times) // 2] < 0.005


def _mistyped(name: str, rng: random.Random) -> str:
    letters = list(name.lower())
    for _ in range(rng.choice([0, 1, 1, 2]) if len(letters) > 5 else rng.choice([0, 1])):
        at = rng.randrange(1, len(letters))
        match rng.choice(["drop", "double", "swap"]):
            case "drop":
                del letters[at]
            case "double":
                letters.insert(at, letters[at])
            case _:
                letters[at - 1], letters[at] = letters[at], letters[at - 1]
    return "".join(letters)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("Jl. H. Tb. Moh. Toha", "jalan haji tubagus moh toha"),
        ("jlupang", "jlupang"),
        ("Jln Melati Dua", "jalan melati 2"),
        ("pertigaan Cikupa", "simpang tiga cikupa"),
        ("Tiga Raksa", "tiga raksa"),
        ("SDN Cikupa", "sd negeri cikupa"),
    ],
)
def test_names_are_written_one_way(written: str, normal: str) -> None:
    assert names.normalise(written) == normal
    assert names.normalise(normal) == normal
