"""Whatever comes through the call-taker's doors is answered: never a 5xx, and a refusal is a problem document."""

import json
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import AsyncConnection

from sigap.identity.model import Role
from sigap.kernel.ids import new_id
from tests.intake.given import BODY
from tests.people import as_

ID = str(new_id())
DOORS = [
    "/api/incidents",
    f"/api/incidents/{ID}/locate",
    f"/api/incidents/{ID}/reclassify",
    f"/api/incidents/{ID}/notes",
    f"/api/incidents/{ID}/calls",
    f"/api/incidents/{ID}/access",
    f"/api/calls/{ID}/disposition",
    f"/api/calls/{ID}/note",
    f"/api/calls/{ID}/recording",
    f"/api/callbacks/{ID}/done",
]
FIELDS = [*BODY, "call_id", "priority", "dangers", "reporter_name", "callback_number", "reason", "text", "at"]
FIELDS += ["disposition", "outcome"]

text = st.text(st.characters(exclude_categories=[]), max_size=30)  # lone surrogates and NUL too
scalars = st.none() | st.booleans() | st.integers() | st.floats() | text
values = scalars | st.lists(scalars, max_size=3) | st.dictionaries(text, scalars, max_size=3)


@pytest.fixture
async def agent(client: httpx.AsyncClient, connect: AsyncConnection) -> dict[str, str]:
    return await as_(client, connect, "operator1", Role.AGENT)


def sent(value: Any) -> bytes:
    """JSON as a careless client writes it: NaN and half characters included."""
    return json.dumps(value).encode()


@given(door=st.sampled_from(DOORS), change=st.dictionaries(st.sampled_from(FIELDS), values, max_size=4))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_field_is_answered(
    client: httpx.AsyncClient, agent: dict[str, str], door: str, change: dict[str, Any]
) -> None:
    body = (BODY | change) if door == DOORS[0] else change
    answer = await client.post(door, content=sent(body), headers=agent | {"content-type": "application/json"})
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert answer.json()["code"]
        assert answer.headers["content-type"] == "application/problem+json"


@given(raw=st.binary(max_size=200))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_bytes_are_answered(client: httpx.AsyncClient, agent: dict[str, str], raw: bytes) -> None:
    answer = await client.post(DOORS[0], content=raw, headers=agent | {"content-type": "application/json"})
    assert answer.status_code in (400, 422), answer.text


async def test_a_body_that_is_too_large_writes_nothing(
    client: httpx.AsyncClient, agent: dict[str, str], connect: AsyncConnection
) -> None:
    answer = await client.post(DOORS[0], json=BODY | {"narrative": "x" * 5_000_000}, headers=agent)
    assert answer.status_code == 413
    cursor = await connect.execute("SELECT count(*) FROM incident")
    assert await cursor.fetchone() == (0,)
