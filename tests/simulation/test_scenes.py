"""The demo city's scenes: real codes, real places, sounds that fit, and the published share of real calls."""

from collections import Counter
from datetime import UTC, datetime
from random import Random

import numpy as np
import pytest

from sigap.evidence import conveyance
from sigap.geo import borders
from sigap.incidents.catalogue import CATEGORIES, TYPES, words
from sigap.simulation import scenes
from sigap.simulation.callers import LATELY, Truth, location_part
from sigap.simulation.driving import along, marks_of, metres
from sigap.simulation.operators import SAME_PLACE_M


@pytest.mark.parametrize("scene", scenes.scenes(), ids=lambda scene: scene.id)
def test_a_scene_uses_the_rooms_own_codes(scene: scenes.Scene) -> None:
    assert scene.kind in scenes.KINDS
    assert (scene.type in TYPES) == (scene.kind == "real")
    assert set(scene.dangers) <= set(words()["dangers"])
    if scene.desa:
        area = next(area for area in borders.current().areas if area.code == scene.desa)
        assert (
            borders.current().where(scenes.happen(scene, Random(1)).point or _fail()).kecamatan
            == area.kecamatan
        )


def _fail() -> borders.Point:
    raise AssertionError("a scene with a desa has a place")


@pytest.mark.parametrize("scene", scenes.scenes(), ids=lambda scene: scene.id)
def test_a_voice_is_heard_where_somebody_speaks(scene: scenes.Scene) -> None:
    heard = scenes.sound(scene.id)
    assert (heard is None) == (scene.spoken == "")
    if heard is not None:
        assert 2 < len(heard) / scenes.SAMPLE_RATE < 20
        assert np.abs(heard).max() > 4000


def test_every_category_of_the_regency_calls() -> None:
    assert {TYPES[scene.type].category for scene in scenes.scenes() if scene.type} == set(CATEGORIES)


@pytest.mark.parametrize(("mix", "low", "high"), [("half", 0.45, 0.55), ("real", 0.01, 0.04)])
def test_the_mix_is_the_one_asked_for(mix: str, low: float, high: float) -> None:
    chance = Random(112)
    kinds = Counter(scenes.choose(chance, mix).kind for _ in range(3000))
    assert low < kinds["real"] / 3000 < high


def test_hours_have_their_shares() -> None:
    assert all(abs(sum(shares) - 100) < 0.5 for shares in scenes.HOUR_SHARES.values())


def test_the_room_can_read_what_the_phone_sends() -> None:
    happening = scenes.happen(scenes.first_call(), Random(3))
    part = location_part(happening)
    assert part is not None
    found = conveyance.locations([f"<cid:{part.content_id}>"], [part], datetime.now(UTC))
    assert len(found) == 1
    assert happening.point is not None
    assert (found[0].lon, found[0].lat) == (happening.point.lon, happening.point.lat)
    assert found[0].uncertainty_m == happening.uncertainty_m


def test_a_scene_without_a_place_sends_none() -> None:
    silent = next(scene for scene in scenes.scenes() if not scene.place)
    assert location_part(scenes.happen(silent, Random(1))) is None


def test_an_operator_hears_what_this_caller_says() -> None:
    truth, chance = Truth(), Random(5)
    told = [scenes.happen(scenes.choose(chance, "half"), chance) for _ in range(300)]
    for happening in told:
        truth.keep(happening)
    last = next(happening for happening in reversed(told) if happening.number)
    assert truth.heard(last.number) is last
    assert len(truth.by_number) <= 200


def test_a_unit_moves_along_its_line() -> None:
    line = [(106.5, -6.2), (106.51, -6.2), (106.51, -6.19)]
    marks = marks_of(line)
    assert along(line, marks, 0.0)[:2] == line[0]
    lon, lat, heading = along(line, marks, 0.25)
    assert 106.5 < lon < 106.51
    assert (lat, round(heading)) == (-6.2, 90)
    assert round(along(line, marks, 0.9)[2]) == 0


def test_a_scene_is_not_told_again_before_others_were() -> None:
    chance, lately = Random(9), list[str]()
    for _ in range(400):
        scene = scenes.choose(chance, "half", lately=lately)
        assert scene.kind != "real" or scene.id not in lately
        if scene.kind == "real":
            lately = [*lately, scene.id][-LATELY:]


def test_the_same_scene_happens_all_over_its_kecamatan() -> None:
    chance, desa = Random(4), set[str | None]()
    for _ in range(60):
        point = scenes.happen(scenes.first_call(), chance).point or _fail()
        desa.add(borders.where(point).desa_code)
    assert len(desa) >= 5


def test_a_second_caller_stands_beside_the_first() -> None:
    chance = Random(2)
    first = scenes.happen(scenes.first_call(), chance)
    second = scenes.seen_again(first, chance)
    assert second.number not in {None, first.number}
    assert first.point is not None
    assert second.point is not None
    apart = metres((first.point.lon, first.point.lat), (second.point.lon, second.point.lat))
    assert 0 < apart <= scenes.NEIGHBOURS_M + 1 < SAME_PLACE_M
