"""A call's doors over HTTP: facts from voice, outcome keys, history, callbacks, recordings with a link."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from psycopg import AsyncConnection

from sigap.identity.model import Role
from sigap.kernel.ids import new_id
from sigap.kernel.paths import Home
from tests.calls.speaking import offer
from tests.intake.given import BODY
from tests.people import as_


@pytest.fixture
def voice(home: Home, client: httpx.AsyncClient) -> dict[str, str]:
    return {"Authorization": f"Bearer {(home.keys / 'voice.token').read_text().strip()}"}


@pytest.fixture
async def agent(client: httpx.AsyncClient, connect: AsyncConnection) -> dict[str, str]:
    return await as_(client, connect, "operator1", Role.AGENT)


async def hand_over(client: httpx.AsyncClient, voice: dict[str, str], *facts: dict[str, Any]) -> int:
    now = datetime.now(UTC).isoformat()
    body = {"node": "n1", "facts": [{"at": now} | fact for fact in facts]}
    answer = await client.post("/api/voice/facts", json=body, headers=voice)
    assert answer.status_code == 200, answer.text
    return int(answer.json()["accepted_through"])


async def answered(client: httpx.AsyncClient, voice: dict[str, str], account_id: str | None = None) -> UUID:
    call_id = new_id()
    told = {"call_id": str(call_id)}
    await hand_over(
        client,
        voice,
        {"voice_seq": 1, "kind": "call_offered"} | told | offer("081200000012"),
        {"voice_seq": 2, "kind": "call_answered", "seat": "meja-1", "account_id": account_id} | told,
    )
    return call_id


async def account_of(client: httpx.AsyncClient, headers: dict[str, str]) -> str:
    return (await client.get("/api/session", headers=headers)).json()["account"]["id"]


async def test_facts_are_taken_through_a_number(client: httpx.AsyncClient, voice: dict[str, str]) -> None:
    await answered(client, voice)
    assert await hand_over(client, voice) == 2
    assert (
        await hand_over(client, voice, {"voice_seq": 100_001, "kind": "voice_started", "restored": []})
        == 100_001
    )


async def test_facts_are_voices_alone(client: httpx.AsyncClient, agent: dict[str, str]) -> None:
    body = {"node": "n1", "facts": []}
    assert (await client.post("/api/voice/facts", json=body, headers=agent)).status_code == 403
    assert (await client.post("/api/voice/facts", json=body)).status_code == 401
    assert (await client.get("/api/voice/policy", headers=agent)).status_code == 403


async def test_an_outcome_key_and_its_undo(
    client: httpx.AsyncClient, voice: dict[str, str], agent: dict[str, str]
) -> None:
    call_id = await answered(client, voice, await account_of(client, agent))
    path = f"/api/calls/{call_id}/disposition"
    said = await client.post(path, json={"disposition": "prank"}, headers=agent)
    assert said.status_code == 200, said.text
    assert said.json()["disposition"] == "prank"
    assert said.json()["undo_until"] > said.json()["disposition_at"]
    undone = await client.post(f"{path}/undo", headers=agent)
    assert (undone.json()["disposition"], undone.json()["undo_until"]) == (None, None)
    again = await client.post(f"{path}/undo", headers=agent)
    assert (again.status_code, again.json()["code"]) == (409, "call.nothing_to_undo")


async def test_an_outcome_for_a_call_not_handed_over_yet_is_tried_again(
    client: httpx.AsyncClient, agent: dict[str, str]
) -> None:
    answer = await client.post(
        f"/api/calls/{uuid4()}/disposition", json={"disposition": "ghost"}, headers=agent
    )
    assert (answer.status_code, answer.json()["code"]) == (404, "call.not_yet_known")


async def test_calls_are_listed_with_their_numbers_for_who_may_see_them(
    client: httpx.AsyncClient, connect: AsyncConnection, voice: dict[str, str], agent: dict[str, str]
) -> None:
    call_id = await answered(client, voice, await account_of(client, agent))
    noted = await client.post(f"/api/calls/{call_id}/note", json={"text": "anak kecil"}, headers=agent)
    assert noted.status_code == 200
    (mine,) = (await client.get("/api/calls", headers=agent)).json()["calls"]
    assert (mine["id"], mine["caller_number"], mine["note"]) == (str(call_id), "081200000012", "anak kecil")
    desk = await as_(client, connect, "dispatcher1", Role.DISPATCHER)
    (seen,) = (await client.get("/api/calls?mine=false", headers=desk)).json()["calls"]
    assert (seen["caller_number"], seen["caller_name"]) == (None, None)
    assert (await client.get("/api/calls?limit=0", headers=agent)).status_code == 422
    history = (await client.get(f"/api/calls/{call_id}/history", headers=agent)).json()
    assert history["calls_24h"] == 0


async def test_a_lost_caller_is_called_back(
    client: httpx.AsyncClient, connect: AsyncConnection, voice: dict[str, str], agent: dict[str, str]
) -> None:
    told = {"call_id": str(new_id())}
    await hand_over(
        client,
        voice,
        {"voice_seq": 1, "kind": "call_offered", "at": "2026-03-01T02:00:00Z"} | told | offer("0812"),
        {
            "voice_seq": 2,
            "kind": "call_abandoned",
            "at": datetime.now(UTC).isoformat(),
            "stage": "queue",
            "waited_s": 9,
        }
        | told,
    )
    cursor = await connect.execute("SELECT id FROM callback")
    row = await cursor.fetchone()
    assert row is not None
    policy = (await client.get("/api/voice/policy", headers=voice)).json()
    assert policy == {"open_incident_numbers": [], "callback_numbers": ["0812"]}
    done = await client.post(f"/api/callbacks/{row[0]}/done", json={"outcome": "reached"}, headers=agent)
    assert (done.status_code, done.json()["state"]) == (200, "done")
    assert "number" not in done.json()


async def test_a_caller_with_an_open_incident_goes_first(
    client: httpx.AsyncClient, voice: dict[str, str], agent: dict[str, str]
) -> None:
    call_id = await answered(client, voice)
    opened = await client.post("/api/incidents", json=BODY | {"call_id": str(call_id)}, headers=agent)
    assert opened.status_code == 201
    policy = (await client.get("/api/voice/policy", headers=voice)).json()
    assert policy["open_incident_numbers"] == ["081200000012"]


def wave(folder: Path, name: str) -> bytes:
    """A file where a recording would be; the door does not look into it."""
    content = b"RIFF" + bytes(range(256)) * 4
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    return content


async def test_a_recording_is_heard_by_a_link_for_a_reason(
    client: httpx.AsyncClient, home: Home, voice: dict[str, str], agent: dict[str, str]
) -> None:
    call_id = await answered(client, voice, await account_of(client, agent))
    path = f"/api/calls/{call_id}/recording"
    early = await client.post(path, json={"reason": "ulasan mutu"}, headers=agent)
    assert (early.status_code, early.json()["code"]) == (409, "recording.not_there")
    content = wave(home.recordings, "2026/03/01/a.wav")
    stored = {"file": "2026/03/01/a.wav", "sha256": "0" * 64, "seconds": 1.0, "gaps": []}
    await hand_over(
        client, voice, {"voice_seq": 3, "kind": "recording_stopped", "call_id": str(call_id)} | stored
    )
    assert (await client.post(path, json={"reason": " "}, headers=agent)).status_code == 422
    link = (await client.post(path, json={"reason": "ulasan mutu"}, headers=agent)).json()
    assert str(call_id) not in link["url"]
    heard = await client.get(link["url"])
    assert (heard.status_code, heard.content) == (200, content)
    part = await client.get(link["url"], headers={"Range": "bytes=4-7"})
    assert (part.status_code, part.content) == (206, content[4:8])
    forged = await client.get(link["url"][:-4] + "AAAA")
    assert (forged.status_code, forged.json()["code"]) == (404, "recording.link_ended")
