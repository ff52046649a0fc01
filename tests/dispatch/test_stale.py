"""Two people decide on one record at once: one wins, the other reads what is now, and nothing of hers is written."""

import asyncio
from itertools import count

import httpx
import pytest
from psycopg import AsyncConnection

from sigap.identity.model import Role
from tests.dispatch.test_api import Room
from tests.people import as_

NO_LONGER = {"reason": "no_longer_needed"}


@pytest.fixture
async def room(client: httpx.AsyncClient, connect: AsyncConnection) -> Room:
    """A room with two dispatchers."""
    ready = Room(client, connect)
    await ready.open()
    ready.headers["second"] = await as_(client, connect, "dispatcher2", Role.DISPATCHER)
    return ready


async def entries(room: Room) -> int:
    cursor = await room.conn.execute("SELECT seq FROM journal_head")
    row = await cursor.fetchone()
    assert row
    return row[0]


async def read(room: Room, incident: str) -> httpx.Response:
    return await room.client.get(f"/api/incidents/{incident}", headers=room.headers["desk"])


async def test_two_dispatchers_reclassify_at_once(room: Room) -> None:
    incident = await room.incident()
    page = await read(room, incident)
    seen, tag = page.json()["incident"]["rev"], page.headers["etag"]
    assert tag == f'"{seen}"'
    path = f"/incidents/{incident}/reclassify"
    keys = {"desk": "key-of-desk", "second": "key-of-second"}
    before = await entries(room)
    first, second = await asyncio.gather(
        room.post("desk", path, {"type": "FIR02", "rev": seen}, **{"Idempotency-Key": keys["desk"]}),
        room.post("second", path, {"type": "FIR03"}, **{"If-Match": tag, "Idempotency-Key": keys["second"]}),
    )
    assert await entries(room) == before + 1
    won, lost, loser = (first, second, "second") if first.status_code == 200 else (second, first, "desk")
    assert (won.status_code, lost.status_code) == (200, 409)
    now = (await read(room, incident)).json()["incident"]
    assert now["type"] == won.json()["type"]
    assert won.headers["etag"] == f'"{now["rev"]}"'
    problem = lost.json()
    facts = problem["facts"]
    winner = "Dispatcher1" if loser == "second" else "Dispatcher2"
    assert problem["code"] == "stale"
    assert (facts["rev"], facts["state"], facts["by"]) == (now["rev"], now["state"], winner)
    assert facts["what"] == "incident.reclassified"
    assert f"{winner} mengubahnya: jenis atau prioritasnya diubah. Sekarang: baru" in problem["detail"]

    # She looks, still means it, and presses again: her key was not spent.
    again = {"type": "MED01", "rev": facts["rev"]}
    pressed = await room.post(loser, path, again, **{"Idempotency-Key": keys[loser]})
    assert (pressed.status_code, pressed.json()["type"]) == (200, "MED01")
    repeated = await room.post(loser, path, again, **{"Idempotency-Key": keys[loser]})
    assert (repeated.json(), repeated.headers["etag"]) == (pressed.json(), pressed.headers["etag"])


async def test_the_other_language_says_it_too(room: Room) -> None:
    incident = await room.incident()
    path = f"/incidents/{incident}/reclassify"
    await room.post("second", path, {"type": "FIR02", "rev": 1})
    lost = await room.post("desk", path, {"type": "FIR03", "rev": 1}, **{"Accept-Language": "en"})
    assert (
        "Dispatcher2 changed it: its type or priority was changed. It now stands at: new."
        in lost.json()["detail"]
    )


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("*", 200),
        ('"1"', 200),
        ('"7", "1"', 200),
        ('"7","8"', 409),
        ('W/"1"', 409),
        ('"satu"', 409),
        ('""', 409),
        ("1", 422),
        ('"1', 422),
        ('"1" "2"', 422),
        ("*, *", 422),
        ("", 422),
    ],
)
async def test_what_the_header_may_say(room: Room, said: str, status: int) -> None:
    incident = await room.incident()
    before = await entries(room)
    answer = await room.post(
        "desk", f"/incidents/{incident}/reclassify", {"type": "FIR02"}, **{"If-Match": said}
    )
    assert answer.status_code == status, answer.text
    assert await entries(room) == before + (status == 200)
    if status == 422:
        assert (answer.json()["code"], answer.json()["facts"]["where"]) == (
            "request.invalid",
            "header.if-match",
        )


async def test_several_lines_are_one_list(room: Room) -> None:
    incident = await room.incident()
    path, body = f"/api/incidents/{incident}/reclassify", {"type": "FIR02"}
    mine = list(room.headers["desk"].items())
    wrong = [*mine, ("If-Match", '"1"'), ("If-Match", "satu")]
    assert (await room.client.post(path, json=body, headers=wrong)).status_code == 422
    right = [*mine, ("If-Match", '"9"'), ("If-Match", '"1"')]
    assert (await room.client.post(path, json=body, headers=right)).status_code == 200


async def test_both_must_hold_where_both_are_said(room: Room) -> None:
    incident = await room.incident()
    path = f"/incidents/{incident}/reclassify"
    apart = await room.post("desk", path, {"type": "FIR02", "rev": 2}, **{"If-Match": '"1"'})
    assert apart.json()["code"] == "stale"
    agreed = await room.post("desk", path, {"type": "FIR02", "rev": 1}, **{"If-Match": '"1", "2"'})
    assert agreed.status_code == 200


@pytest.mark.parametrize("rev", [0, -1, 1.0, "1", True, 2**53])
async def test_a_version_is_a_whole_number(room: Room, rev: object) -> None:
    incident = await room.incident()
    answer = await room.post("desk", f"/incidents/{incident}/reclassify", {"type": "FIR02", "rev": rev})
    assert (answer.status_code, answer.json()["facts"]["where"]) == (422, "body.rev")


async def test_every_verb_on_a_record_that_was_changed_is_refused(room: Room) -> None:
    """Each is told the version before the present one."""
    incident = await room.incident()
    job = (await room.send(incident)).json()["assignments"][0]["id"]
    acknowledged = await room.post("crew", f"/assignments/{job}/acknowledge")
    assert acknowledged.headers["etag"] == '"2"'
    other = {"unit_id": str(room.unit["DMK-01"])}
    place = {"place": {"lon": 106.54, "lat": -6.17, "text": "Gg. Kenanga"}}
    unit = room.unit["DMK-07"]
    told = {
        f"/assignments/{job}/depart": {},
        f"/assignments/{job}/arrive": {},
        f"/assignments/{job}/finish": {"result": "fire_extinguished"},
        f"/assignments/{job}/refuse": {"reason": "no_driver"},
        f"/assignments/{job}/cancel": NO_LONGER,
        f"/assignments/{job}/time-out": {},
        f"/assignments/{job}/replace": other | NO_LONGER,
        f"/assignments/{job}/units": {"unit_ids": [other["unit_id"]]},
        f"/assignments/{job}/result": {"result": "fire_extinguished"},
        f"/incidents/{incident}/locate": place,
        f"/incidents/{incident}/reclassify": {"type": "FIR02"},
        f"/incidents/{incident}/close": {},
        f"/incidents/{incident}/cancel": NO_LONGER,
        f"/incidents/{incident}/resolve": {"result": "handled_by_phone"},
        f"/units/{unit}/status": {"status": "delayed"},
    }
    before, keys = await entries(room), count()
    codes = {}
    for path, body in told.items():
        answer = await room.post("desk", path, body | {"rev": 1}, **{"Idempotency-Key": f"k{next(keys)}"})
        codes[path.rpartition("/")[2]] = answer.json().get("code")
    assert codes == dict.fromkeys(codes, "stale")
    assert len(codes) == len(told) - 1  # an assignment and an incident are cancelled by one word
    assert await entries(room) == before
    kept = await room.conn.execute("SELECT count(*) FROM idempotency WHERE key LIKE 'k%'")
    assert await kept.fetchone() == (0,)


async def test_a_mere_repetition_needs_no_version(room: Room) -> None:
    """The first answer was lost on the way: what is so already is no surprise to her (RFC 9110 §13.1.1)."""
    incident = await room.incident()
    job = (await room.send(incident)).json()["assignments"][0]["id"]
    for _ in range(2):
        answer = await room.post("crew", f"/assignments/{job}/acknowledge", {"rev": 1})
        assert (answer.status_code, answer.json()["rev"]) == (200, 2)


async def test_of_a_restricted_case_only_where_it_stands_is_told(room: Room) -> None:
    opened = (
        await room.post(
            "agent",
            "/incidents",
            {
                "type": "PPA01",
                "place": {"lon": 106.5365, "lat": -6.165, "text": "Gg. Melati 3"},
                "narrative": "rahasia",
                "intake_channel": "phone",
            },
        )
    ).json()
    await room.post("agent", f"/incidents/{opened['id']}/reclassify", {"type": "PPA02"})
    answer = await room.post("desk", f"/incidents/{opened['id']}/cancel", NO_LONGER | {"rev": 1})
    assert answer.json()["facts"] == {
        "id": opened["id"],
        "rev": 2,
        "state": "new",
        "by": "somebody_else",
        "what": "changed",
        "at": None,
    }
    assert "petugas lain mengubahnya: diubah" in answer.json()["detail"]
