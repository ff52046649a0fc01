"""The call-taker's doors over HTTP, on the real app and database."""

from datetime import datetime
from uuid import uuid4

import httpx
import pytest
from psycopg import AsyncConnection

from sigap.identity.model import Role
from sigap.kernel.clock import WIB
from tests.intake.given import BODY
from tests.people import as_


@pytest.fixture
async def agent(client: httpx.AsyncClient, connect: AsyncConnection) -> dict[str, str]:
    return await as_(client, connect, "operator1", Role.AGENT)


async def test_an_incident_is_opened_and_read_with_its_timeline(
    client: httpx.AsyncClient, agent: dict[str, str]
) -> None:
    answer = await client.post("/api/incidents", json=BODY, headers=agent)
    assert answer.status_code == 201, answer.text
    incident = answer.json()
    opened_at = datetime.fromisoformat(incident["opened_at"]).astimezone(WIB)
    assert incident["ticket_number"] == f"112-{opened_at:%Y%m%d}-0001"
    assert (incident["state"], incident["priority"], incident["restricted"]) == ("new", "P1", False)
    assert incident["desa_code"].startswith(incident["kecamatan_code"])
    page = (await client.get(f"/api/incidents/{incident['id']}", headers=agent)).json()
    assert page["incident"] == incident
    assert [entry["kind"] for entry in page["timeline"]] == ["incident.opened"]
    assert page["timeline"][0]["facts"]["type"] == "FIR01"


async def test_the_same_key_gives_the_same_incident(client: httpx.AsyncClient, agent: dict[str, str]) -> None:
    headers = agent | {"Idempotency-Key": "desk-1-draft-7"}
    first = await client.post("/api/incidents", json=BODY, headers=headers)
    again = await client.post("/api/incidents", json=BODY, headers=headers)
    assert again.json() == first.json()
    other = await client.post("/api/incidents", json=BODY | {"narrative": "lain"}, headers=headers)
    assert other.status_code == 422
    assert other.json()["code"] == "idempotency.key_reused"


CANNOT_BE_MEANT: list[tuple[dict[str, object], str]] = [
    ({"narrative": "x" * 4001}, "narrative"),
    ({"narrative": "nul \x00"}, "narrative"),
    ({"surprise": 1}, "surprise"),
    ({"type": "fir01"}, "type"),
    ({"intake_channel": "pigeon"}, "intake_channel"),
    ({"dangers": ["dragon"]}, "dangers"),
    ({"priority": "P0"}, "priority"),
    ({"callback_number": "call me"}, "callback_number"),
    ({"call_id": "not-an-id"}, "call_id"),
    ({"place": BODY["place"] | {"lon": 181}}, "place"),
    ({"place": BODY["place"] | {"lat": "-6.1"}}, "place"),
    ({"place": BODY["place"] | {"text": "   "}}, "place"),
    ({"place": BODY["place"] | {"uncertainty_m": -1}}, "place"),
]


async def test_what_cannot_be_meant_is_refused_by_name(
    client: httpx.AsyncClient, agent: dict[str, str], connect: AsyncConnection
) -> None:
    for change, where in CANNOT_BE_MEANT:
        answer = await client.post("/api/incidents", json=BODY | change, headers=agent)
        assert answer.status_code == 422, change
        assert answer.headers["content-type"] == "application/problem+json"
        assert where in answer.json()["facts"]["where"], change
    cursor = await connect.execute("SELECT count(*) FROM incident")
    assert await cursor.fetchone() == (0,)


async def test_half_a_character_is_refused(client: httpx.AsyncClient, agent: dict[str, str]) -> None:
    raw = b'{"type":"FIR01","place":{"lon":106.5,"lat":-6.1,"text":"x"},"narrative":"\\ud800","intake_channel":"radio"}'
    answer = await client.post(
        "/api/incidents", content=raw, headers=agent | {"content-type": "application/json"}
    )
    assert answer.status_code == 422
    assert "narrative" in answer.json()["facts"]["where"]


async def test_an_unknown_type_is_refused_in_the_readers_language(
    client: httpx.AsyncClient, agent: dict[str, str]
) -> None:
    body = BODY | {"type": "FIR99"}
    indonesian = (await client.post("/api/incidents", json=body, headers=agent)).json()
    english = (
        await client.post("/api/incidents", json=body, headers=agent | {"Accept-Language": "en"})
    ).json()
    assert indonesian["code"] == english["code"] == "incident.unknown_type"
    assert indonesian["title"] == "Jenis kejadian tidak dikenal"
    assert english["title"] == "Unknown incident type"


async def test_what_is_missing_is_said_in_the_readers_language(
    client: httpx.AsyncClient, agent: dict[str, str]
) -> None:
    body = {name: value for name, value in BODY.items() if name != "type"}
    for language, said in (("id", "body.type wajib diisi."), ("en", "body.type is needed.")):
        answer = await client.post("/api/incidents", json=body, headers=agent | {"Accept-Language": language})
        assert (answer.status_code, answer.json()["detail"].endswith(said)) == (422, True), answer.text
        assert answer.json()["facts"]["errors"][0]["type"] == "missing"


async def test_a_call_that_voice_has_not_handed_over_is_named_as_such(
    client: httpx.AsyncClient, agent: dict[str, str]
) -> None:
    answer = await client.post("/api/incidents", json=BODY | {"call_id": str(uuid4())}, headers=agent)
    assert (answer.status_code, answer.json()["code"]) == (404, "call.not_yet_known")


async def test_nobody_opens_an_incident_without_the_permission(
    client: httpx.AsyncClient, connect: AsyncConnection
) -> None:
    officer = await as_(client, connect, "opd1", Role.AGENCY_OFFICER, agency="PLN")
    answer = await client.post("/api/incidents", json=BODY, headers=officer)
    assert (answer.status_code, answer.json()["code"]) == (403, "denied")
    assert (await client.post("/api/incidents", json=BODY)).status_code == 401
