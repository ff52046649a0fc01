"""The same key gets the first answer, as far as its reader may still read it."""

import httpx
import pytest
from psycopg import AsyncConnection

from sigap.identity.model import Role
from tests.intake.given import BODY
from tests.people import as_


@pytest.fixture
async def agent(client: httpx.AsyncClient, connect: AsyncConnection) -> dict[str, str]:
    return await as_(client, connect, "operator1", Role.AGENT)


async def kept(connect: AsyncConnection) -> str:
    """Every answer that is kept, as text."""
    cursor = await connect.execute("SELECT coalesce(string_agg(answer::text, ' '), '') FROM idempotency")
    row = await cursor.fetchone()
    assert row is not None
    return str(row[0])


async def test_a_restricted_case_is_not_kept_with_its_key(
    client: httpx.AsyncClient, connect: AsyncConnection, agent: dict[str, str]
) -> None:
    headers = agent | {"Idempotency-Key": "desk-1-draft-8"}
    body = BODY | {"type": "PPA01", "narrative": "rahasia sekali"}
    first = await client.post("/api/incidents", json=body, headers=headers)
    assert first.status_code == 201, first.text
    case = first.json()["id"]
    again = await client.post("/api/incidents", json=body, headers=headers)
    assert (again.status_code, again.json()["code"]) == (409, "idempotency.read_again")
    assert again.json()["facts"] == {"id": case}

    asked = agent | {"Idempotency-Key": "desk-1-open-8"}
    path, why = f"/api/incidents/{case}/access", {"reason": "penelepon menelepon lagi"}
    opened = await client.post(path, json=why, headers=asked)
    assert opened.json()["incident"]["narrative"] == "rahasia sekali"
    repeated = await client.post(path, json=why, headers=asked)
    assert (repeated.status_code, repeated.json()["facts"]) == (409, {"id": case})
    cursor = await connect.execute("SELECT string_agg(answer::text, ' '), count(*) FROM idempotency")
    kept = await cursor.fetchone()
    assert kept is not None
    assert kept[1] == 2
    assert "rahasia" not in kept[0]
    numbers = await connect.execute("SELECT count(*) FROM incident")
    assert await numbers.fetchone() == (1,)


async def test_a_note_on_a_restricted_case_is_not_kept_either(
    client: httpx.AsyncClient, connect: AsyncConnection, agent: dict[str, str]
) -> None:
    case = (await client.post("/api/incidents", json=BODY | {"type": "PPA01"}, headers=agent)).json()["id"]
    path, note = f"/api/incidents/{case}/notes", {"text": "pelaku di rumah"}
    headers = agent | {"Idempotency-Key": "note-1"}
    assert (await client.post(path, json=note, headers=headers)).status_code == 201
    again = await client.post(path, json=note, headers=headers)
    assert (again.status_code, again.json()["facts"]) == (409, {"id": case})
    assert "pelaku" not in await kept(connect)


async def test_what_became_restricted_is_not_told_again(
    client: httpx.AsyncClient, agent: dict[str, str]
) -> None:
    opening = agent | {"Idempotency-Key": "open-1"}
    case = (await client.post("/api/incidents", json=BODY, headers=opening)).json()["id"]
    path, note = f"/api/incidents/{case}/notes", {"text": "terdengar tangis"}
    noting = agent | {"Idempotency-Key": "note-1"}
    assert (await client.post(path, json=note, headers=noting)).status_code == 201
    turned = await client.post(f"/api/incidents/{case}/reclassify", json={"type": "PPA01"}, headers=agent)
    assert turned.status_code == 200
    for answer in (
        await client.post("/api/incidents", json=BODY, headers=opening),
        await client.post(path, json=note, headers=noting),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "idempotency.read_again")
        assert answer.json()["facts"] == {"id": case}


async def test_whose_rights_have_changed_is_told_nothing_twice(
    client: httpx.AsyncClient, connect: AsyncConnection, agent: dict[str, str]
) -> None:
    headers = agent | {"Idempotency-Key": "open-1"}
    first = await client.post("/api/incidents", json=BODY, headers=headers)
    assert (await client.post("/api/incidents", json=BODY, headers=headers)).json() == first.json()
    await connect.execute("""UPDATE account SET roles = '["wall_device"]' WHERE username = 'operator1'""")
    answer = await client.post("/api/incidents", json=BODY, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency.read_again")
    assert BODY["narrative"] not in answer.text
    numbers = await connect.execute("SELECT count(*) FROM incident")
    assert await numbers.fetchone() == (1,)
