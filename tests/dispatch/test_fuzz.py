"""Whatever comes through the desk's, the agency's and the crew's doors is answered: never a 5xx."""

import json
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import AsyncConnection

from tests.dispatch.test_api import Room

FIELDS = ["assign", "reason", "text", "result", "note", "results", "unit_id", "unit_ids", "contact", "at"]
FIELDS += ["further_unit_ids", "status", "lon", "lat", "speed_kmh", "heading", "accuracy_m"]

text = st.text(st.characters(exclude_categories=[]), max_size=20)  # lone surrogates and NUL too
scalars = st.none() | st.booleans() | st.integers() | st.floats() | text
reasons = st.sampled_from(["no_driver", "wrong_unit", "other", "handled_on_scene"])
values = scalars | reasons | st.lists(scalars, max_size=3) | st.dictionaries(text, scalars, max_size=3)
verbs = st.sampled_from(
    [
        "acknowledge",
        "depart",
        "arrive",
        "finish",
        "refuse",
        "cancel",
        "replace",
        "units",
        "time-out",
        "result",
    ]
)


@pytest.fixture
async def doors(client: httpx.AsyncClient, connect: AsyncConnection) -> tuple[Room, list[str]]:
    """A room with one engine sent, and every path that takes a POST."""
    room = Room(client, connect)
    await room.open()
    incident = await room.incident()
    sent = (await room.send(incident)).json()["assignments"][0]["id"]
    paths = [f"/incidents/{incident}/{verb}" for verb in ("assignments", "close", "cancel", "resolve")]
    paths += [f"/units/{room.unit['DMK-07']}/{verb}" for verb in ("status", "position")]
    paths += [f"/assignments/{sent}/alarm/acknowledge", f"/assignments/{sent}"]
    return room, paths


@given(data=st.data(), change=st.dictionaries(st.sampled_from(FIELDS), values, max_size=3))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_field_is_answered(
    doors: tuple[Room, list[str]], data: st.DataObject, change: dict[str, Any]
) -> None:
    room, paths = doors
    path = data.draw(st.sampled_from(paths))
    if path.startswith("/assignments/") and not path.endswith("acknowledge"):
        path = f"{path}/{data.draw(verbs)}"
    who = data.draw(st.sampled_from(["desk", "crew", "pln", "agent"]))
    answer = await room.client.post(
        f"/api{path}",
        content=json.dumps(change).encode(),
        headers=room.headers[who] | {"content-type": "application/json"},
    )
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"]


@given(
    orders=st.lists(st.dictionaries(st.sampled_from(["agency", "unit_id", "role", "x"]), values), max_size=3)
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_a_dispatch_of_nonsense_sends_nobody(
    doors: tuple[Room, list[str]], orders: list[dict[str, Any]]
) -> None:
    room, paths = doors
    answer = await room.client.post(
        f"/api{paths[0]}",
        content=json.dumps({"assign": orders}).encode(),
        headers=room.headers["desk"] | {"content-type": "application/json"},
    )
    assert answer.status_code in (400, 422), answer.text
