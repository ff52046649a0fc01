"""The whole life of an assignment over HTTP, as the desk, an agency and a crew speak it."""

from uuid import UUID, uuid4

import httpx
import pytest
from psycopg import AsyncConnection

from sigap.identity.model import Actor, Role
from sigap.journal import store as journal
from sigap.kernel.clock import SystemClock
from sigap.units import actions as units
from sigap.units import store as unit_store
from sigap.units.roster import shipped
from tests.people import as_

FIRE = {
    "type": "FIR01",
    "place": {"lon": 106.5365, "lat": -6.165, "text": "Gg. Melati 3"},
    "narrative": "Rumah terbakar.",
    "intake_channel": "phone",
}


class Room:
    """People who speak HTTP, and the units they speak of."""

    def __init__(self, client: httpx.AsyncClient, conn: AsyncConnection) -> None:
        self.client, self.conn = client, conn
        self.unit: dict[str, UUID] = {}
        self.headers: dict[str, dict[str, str]] = {}

    async def open(self) -> None:
        """Enter the roster and enrol one person a role."""
        await units.seed(self.conn, roster=shipped(), by=Actor.machine("import"), clock=SystemClock())
        self.unit = {unit.code: unit.id for unit in await unit_store.units(self.conn)}
        self.headers["agent"] = await as_(self.client, self.conn, "operator1", Role.AGENT)
        self.headers["desk"] = await as_(self.client, self.conn, "dispatcher1", Role.DISPATCHER)
        self.headers["pln"] = await as_(self.client, self.conn, "opd-pln", Role.AGENCY_OFFICER, agency="PLN")
        self.headers["crew"] = await as_(
            self.client,
            self.conn,
            "crew-dmk-07",
            Role.FIELD_UNIT,
            agency="BPBD_DAMKAR",
            unit_id=self.unit["DMK-07"],
        )

    async def post(self, who: str, path: str, body: object = None, **headers: str) -> httpx.Response:
        """What one of them sends."""
        return await self.client.post(f"/api{path}", json=body or {}, headers=self.headers[who] | headers)

    async def incident(self) -> str:
        """A fire opened over HTTP."""
        answer = await self.post("agent", "/incidents", FIRE)
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    async def send(self, incident: str, unit: str = "DMK-07") -> httpx.Response:
        """The desk sends one engine."""
        order = {"agency": "BPBD_DAMKAR", "unit_id": str(self.unit[unit]), "role": "lead"}
        return await self.post("desk", f"/incidents/{incident}/assignments", {"assign": [order]})


@pytest.fixture
async def room(client: httpx.AsyncClient, connect: AsyncConnection) -> Room:
    """A room that answers."""
    ready = Room(client, connect)
    await ready.open()
    return ready


async def test_from_sent_to_closed(room: Room) -> None:
    incident = await room.incident()
    orders = [
        {"agency": "BPBD_DAMKAR", "unit_id": str(room.unit["DMK-07"]), "role": "lead"},
        {"agency": "PLN", "role": "inform"},
    ]
    sent = await room.post("desk", f"/incidents/{incident}/assignments", {"assign": orders})
    assert sent.status_code == 201, sent.text
    engine, told = sent.json()["assignments"]
    assert (engine["state"], engine["unit_id"], told["unit_id"]) == ("sent", str(room.unit["DMK-07"]), None)
    for verb, state in (
        ("acknowledge", "acknowledged"),
        ("depart", "departed"),
        ("arrive", "arrived"),
        ("finish", "done"),
    ):
        answer = await room.post("crew", f"/assignments/{engine['id']}/{verb}")
        assert (answer.status_code, answer.json().get("state")) == (200, state), answer.text
    for verb in ("acknowledge", "finish"):
        assert (await room.post("pln", f"/assignments/{told['id']}/{verb}")).status_code == 200
    early = await room.post("desk", f"/incidents/{incident}/close")
    assert early.status_code == 409
    assert early.json()["code"] == "incident.cannot_close"
    assert early.json()["facts"]["missing"] == [{"what": "result", "agency": "BPBD_DAMKAR"}]
    assert "BPBD_DAMKAR" in early.json()["detail"]
    closed = await room.post(
        "desk", f"/incidents/{incident}/close", {"results": {"BPBD_DAMKAR": "fire_extinguished"}}
    )
    assert closed.status_code == 200, closed.text
    assert closed.json()["state"] == "closed"
    detail = (await room.client.get(f"/api/incidents/{incident}", headers=room.headers["desk"])).json()
    assert [entry["kind"] for entry in detail["timeline"]][-1] == "incident.closed"


async def test_the_second_desk_learns_who_won(room: Room) -> None:
    first, second = await room.incident(), await room.incident()
    assert (await room.send(first)).status_code == 201
    lost = await room.send(second)
    assert lost.status_code == 409
    problem = lost.json()
    assert lost.headers["content-type"] == "application/problem+json"
    assert problem["code"] == "unit.taken"
    assert (problem["facts"]["unit"], problem["facts"]["by"]) == ("DMK-07", "Dispatcher1")
    assert problem["facts"]["incident_id"] == first
    assert "Dispatcher1" in problem["detail"]


async def test_an_agency_that_is_only_informed_sends_no_unit(room: Room) -> None:
    incident = await room.incident()
    before = await journal.head(room.conn)
    order = {"agency": "PLN", "unit_id": str(room.unit["PLN-01"]), "role": "inform"}
    refused = await room.post("desk", f"/incidents/{incident}/assignments", {"assign": [order]})
    assert (refused.status_code, refused.json()["code"]) == (422, "assignment.informed_unit")
    assert "PLN-01" in refused.json()["detail"]
    assert await journal.head(room.conn) == before
    assert (await unit_store.by_code(room.conn, "PLN-01")).assignment_id is None


async def test_refusals_speak_the_readers_words(room: Room) -> None:
    incident = await room.incident()
    sent = (await room.send(incident)).json()["assignments"][0]
    early = (await room.post("crew", f"/assignments/{sent['id']}/finish")).json()
    assert early["detail"] == (
        "Penugasan sekarang dikirim, belum diterima; selesai tidak mungkin. "
        "Yang mungkin: terima, berangkat, tiba, tolak, tidak dijawab, batalkan."
    )
    path, english = f"/incidents/{incident}/close", {"Accept-Language": "en"}
    open_still = (await room.post("desk", path, {}, **english)).json()
    assert "BPBD_DAMKAR (sent, not yet acknowledged)" in open_still["detail"]


async def test_another_result_after_closing_is_refused_and_not_lost(room: Room) -> None:
    incident = await room.incident()
    sent = (await room.send(incident)).json()["assignments"][0]
    for verb in ("acknowledge", "depart", "arrive", "finish"):
        assert (await room.post("crew", f"/assignments/{sent['id']}/{verb}")).status_code == 200
    results = {"results": {"BPBD_DAMKAR": "fire_extinguished"}}
    for _ in range(2):
        assert (await room.post("desk", f"/incidents/{incident}/close", results)).status_code == 200
    other = {"results": {"BPBD_DAMKAR": "false_report"}}
    refused = await room.post("desk", f"/incidents/{incident}/close", other)
    assert (refused.status_code, refused.json()["code"]) == (409, "incident.over")


async def test_the_same_key_sends_once(room: Room) -> None:
    incident, key = await room.incident(), str(uuid4())
    body = {"assign": [{"agency": "PLN", "role": "inform"}]}
    path = f"/incidents/{incident}/assignments"
    one = await room.post("desk", path, body, **{"Idempotency-Key": key})
    two = await room.post("desk", path, body, **{"Idempotency-Key": key})
    assert (one.status_code, two.status_code) == (201, 201)
    assert one.json() == two.json()
    other = {"assign": [{"agency": "POLRI", "role": "inform"}]}
    reused = await room.post("desk", path, other, **{"Idempotency-Key": key})
    assert (reused.status_code, reused.json()["code"]) == (422, "idempotency.key_reused")


async def test_free_words_are_the_text_of_other(room: Room) -> None:
    sent = (await room.send(await room.incident())).json()["assignments"][0]
    answer = await room.post("desk", f"/assignments/{sent['id']}/cancel", {"reason": "Salah pencet"})
    assert answer.status_code == 200
    assert (answer.json()["reason"], answer.json()["reason_text"]) == ("other", "Salah pencet")


async def test_words_said_at_a_step_are_kept(room: Room) -> None:
    path = f"/assignments/{(await room.send(await room.incident())).json()['assignments'][0]['id']}"
    kept: list[str | None] = []
    for verb, reason in (
        ("acknowledge", "Kru lengkap"),
        ("depart", None),
        ("arrive", "Lewat jalan memutar"),
        ("finish", "Api padam"),
    ):
        answer = await room.post("crew", f"{path}/{verb}", {"reason": reason} if reason else {})
        assert answer.status_code == 200, answer.text
        kept.append(answer.json()["reason_text"])
    assert kept == ["Kru lengkap", "Kru lengkap", "Lewat jalan memutar", "Api padam"]


async def test_a_step_needs_no_body(room: Room) -> None:
    incident = await room.incident()
    path = f"/api/assignments/{(await room.send(incident)).json()['assignments'][0]['id']}"
    for verb in ("acknowledge", "depart", "arrive", "finish"):
        answer = await room.client.post(f"{path}/{verb}", headers=room.headers["crew"])
        assert answer.status_code == 200, answer.text
    answer = await room.client.post(f"{path}/finish", content=b"null", headers=room.headers["crew"])
    assert answer.status_code == 422
    answer = await room.client.post(f"{path}/cancel", headers=room.headers["desk"])
    assert answer.status_code == 422
    answer = await room.client.post(f"/api/incidents/{incident}/close", headers=room.headers["desk"])
    assert answer.json()["code"] == "incident.cannot_close"


async def test_a_refusal_without_reason_is_refused(room: Room) -> None:
    sent = (await room.send(await room.incident())).json()["assignments"][0]
    answer = await room.post("crew", f"/assignments/{sent['id']}/refuse")
    assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid")
    unknown = await room.post("crew", f"/assignments/{sent['id']}/depart", {"speed": 3})
    assert unknown.status_code == 422


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+07:00", "1970-01-01T00:00:05Z", "2026-03-01T09:00:00"])
async def test_a_time_that_is_none_is_refused(room: Room, at: str) -> None:
    sent = (await room.send(await room.incident())).json()["assignments"][0]
    answer = await room.post("crew", f"/assignments/{sent['id']}/depart", {"at": at})
    assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid")


async def test_the_proposal_says_who_and_why(room: Room) -> None:
    incident = await room.incident()
    await room.post(
        "crew", f"/units/{room.unit['DMK-07']}/status", {"status": "out_of_service", "reason": "Ban"}
    )
    answer = await room.client.get(f"/api/incidents/{incident}/recommendation", headers=room.headers["desk"])
    assert answer.status_code == 200, answer.text
    proposal = answer.json()
    best = proposal["units"][0]
    assert (best["agency"], best["type"], best["suitable"]) == ("BPBD_DAMKAR", "fire_engine", True)
    assert (best["eta_s"], best["reason_code"]) == (None, "roads_not_imported")
    broken = next(one for one in proposal["units"] if one["code"] == "DMK-07")
    assert (broken["suitable"], broken["reason_code"]) == (False, "not_ready")
    assert {one["agency"] for one in proposal["inform"]} == {"PLN", "POLRI"}
    police = next(one for one in proposal["inform"] if one["agency"] == "POLRI")
    assert police["facts"] == {
        "polsek": "Polsek Pasar Kemis",
        "polres": "Polresta Tangerang",
        "assumed": False,
    }
    assert proposal["clocks"]["by_priority"]["P1"]["ack_alert_s"] == 30.0
    denied = await room.client.get(f"/api/incidents/{incident}/recommendation", headers=room.headers["agent"])
    assert denied.status_code == 403


async def test_a_restricted_place_is_not_told_by_distances(room: Room) -> None:
    answer = await room.post("agent", "/incidents", FIRE | {"type": "PPA01"})
    path = f"/api/incidents/{answer.json()['id']}/recommendation"
    refused = await room.client.get(path, headers=room.headers["desk"])
    assert (refused.status_code, refused.json()["code"]) == (403, "incident.is_restricted")


async def test_a_restricted_case_is_sent_for_by_who_opened_it(room: Room) -> None:
    opened = await room.post("agent", "/incidents", FIRE | {"type": "PPA01"})
    incident = opened.json()["id"]
    refused = await room.send(incident)
    assert (refused.status_code, refused.json()["code"]) == (403, "incident.is_restricted")
    access = await room.post("desk", f"/incidents/{incident}/access", {"reason": "Penugasan"})
    assert access.status_code == 200, access.text
    sent = await room.send(incident)
    assert sent.status_code == 201, sent.text
    other = await as_(room.client, room.conn, "dispatcher2", Role.DISPATCHER)
    instead = {"unit_id": str(room.unit["DMK-01"]), "reason": "no_answer"}
    path = f"/api/assignments/{sent.json()['assignments'][0]['id']}/replace"
    refused = await room.client.post(path, json=instead, headers=other)
    assert (refused.status_code, refused.json()["code"]) == (403, "incident.is_restricted")
    replaced = await room.client.post(path, json=instead, headers=room.headers["desk"])
    assert replaced.status_code == 201, replaced.text


async def test_repeating_a_verb_tells_no_words_of_a_restricted_case(room: Room) -> None:
    opened = await room.post("agent", "/incidents", FIRE | {"type": "PPA01"})
    incident = opened.json()["id"]
    await room.post("desk", f"/incidents/{incident}/access", {"reason": "Penugasan"})
    sent = (await room.send(incident)).json()["assignments"][0]
    path = f"/assignments/{sent['id']}"
    for verb in ("acknowledge", "depart", "arrive"):
        assert (await room.post("crew", f"{path}/{verb}")).status_code == 200
    told = {"result": "handled_on_scene", "note": "Korban dibawa"}
    done = await room.post("crew", f"{path}/finish", told)
    assert done.json()["result_note"] == "Korban dibawa"
    room.headers["other"] = await as_(room.client, room.conn, "dispatcher2", Role.DISPATCHER)
    seen = {who: (await room.post(who, f"{path}/finish")).json() for who in ("crew", "desk", "other")}
    assert {who: answer["result_note"] for who, answer in seen.items()} == {
        "crew": "Korban dibawa",
        "desk": "Korban dibawa",
        "other": None,
    }
    assert {who: answer["result"] for who, answer in seen.items()} == {
        "crew": "handled_on_scene",
        "desk": "handled_on_scene",
        "other": None,
    }
    assert seen["other"]["state"] == "done"
    closed = await room.post("desk", f"/incidents/{incident}/close")
    assert closed.status_code == 200, closed.text
    again = await room.post("other", f"/incidents/{incident}/close")
    assert (again.status_code, again.json()["state"], again.json()["results"]) == (200, "closed", {})


async def test_telephone_numbers_are_for_the_desk(room: Room) -> None:
    mine = (await room.client.get("/api/agencies", headers=room.headers["desk"])).json()["agencies"]
    theirs = (await room.client.get("/api/agencies", headers=room.headers["pln"])).json()["agencies"]
    assert len(mine) == 16
    assert all(one["head_phone"] for one in mine)
    assert [one["id"] for one in theirs if one["head_phone"]] == ["PLN"]


async def test_a_crew_says_where_it_is(room: Room) -> None:
    own, other = room.unit["DMK-07"], room.unit["DMK-01"]
    place = {"lon": 106.55, "lat": -6.17, "speed_kmh": 40.0}
    assert (await room.post("crew", f"/units/{own}/position", place)).status_code == 204
    assert (await room.post("crew", f"/units/{other}/position", place)).status_code == 403
    kept = await unit_store.positions(room.conn)
    assert {unit: (at.lon, at.lat) for unit, at in kept.items()} == {own: (106.55, -6.17)}
