"""The API as it describes itself, shaken: every address with what its description allows and with what it does not."""

import asyncio
import socket
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs
import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, given, settings
from psycopg import AsyncConnection
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from sigap.app.http import create_app
from sigap.identity.model import Actor, Role
from sigap.kernel.clock import SystemClock
from sigap.kernel.paths import Home
from sigap.units import actions as units
from sigap.units.roster import shipped
from tests.conftest import FreshDatabase
from tests.intake.given import incident
from tests.people import PASSWORD, enrol

CHECKS = (status_code_conformance, content_type_conformance, response_schema_conformance)
ENDLESS = ("/api/room/stream", "/tiles/", "/api/tiles/", "/api/demo/sit/")
"""A stream never ends, and tiles are a file: neither is for this test."""


@pytest.fixture(scope="module")
def running(server: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The real app on a real socket, on a database with a roster and two incidents; yields its address."""
    name = "room_openapi"
    server.create_database(name, template="room_template")
    fresh = FreshDatabase(server.app_url(name), server.owner_url(name), server)
    asyncio.run(_fill(fresh))
    home = Home(tmp_path_factory.mktemp("home")).make()
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(64)
        app = create_app(home, fresh.app_url, pool_size=4)
        api = uvicorn.Server(uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=api.run, kwargs={"sockets": [listening]})
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        api.should_exit = True
        thread.join(10)
    server.drop_database(name)


async def _fill(fresh: FreshDatabase) -> None:
    async with await AsyncConnection.connect(fresh.app_url, autocommit=True) as conn:
        await units.seed(conn, roster=shipped(), by=Actor.machine("import"), clock=SystemClock())
        await enrol(
            conn, "everybody", Role.SUPERVISOR, Role.DISPATCHER, Role.AGENT, Role.AGENCY_OFFICER, agency="PLN"
        )
        await incident(conn, SystemClock())
        await incident(conn, SystemClock(), "PPA01")


@pytest.fixture(scope="module")
def token(running: str) -> str:
    """A session of somebody who may do nearly everything."""
    answer = httpx.post(f"{running}/api/session", json={"username": "everybody", "password": PASSWORD})
    return answer.raise_for_status().json()["token"]


def _described() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        return create_app(Home(Path(folder)), "postgresql:///nowhere").openapi()


SCHEMA = _described()
"""What /openapi.json says."""


def described() -> dict[str, Any]:
    """Every operation of the app's own description, by method and path."""
    found = schemathesis.openapi.from_dict(SCHEMA).get_all_operations()
    readable = []
    for one in found:
        assert isinstance(one, Ok), one
        readable.append(one.ok())
    return {
        operation.label: operation
        for operation in readable
        if operation.method != "delete" and not operation.path.startswith(ENDLESS)
    }


OPERATIONS = described()


@pytest.mark.parametrize("label", sorted(OPERATIONS))
def test_an_address_keeps_its_word(label: str, running: str, token: str) -> None:
    @given(case=OPERATIONS[label].as_strategy())
    @settings(
        max_examples=15,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
    )
    def shaken(case: Any) -> None:
        answer = case.call(base_url=running, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code != 500, answer.text
        case.validate_response(answer, checks=CHECKS)

    shaken()


def test_the_description_is_served_as_it_is(running: str) -> None:
    assert httpx.get(f"{running}/openapi.json", timeout=60).json() == SCHEMA


def test_every_body_has_an_example() -> None:
    parts = SCHEMA["components"]["schemas"]
    without = [
        path
        for path, operations in SCHEMA["paths"].items()
        for operation in operations.values()
        if (body := operation.get("requestBody"))
        and "example" not in str(body) + str(parts.get(str(body).split("/schemas/")[-1].split("'")[0]))
    ]
    assert without == []


CONTRACT = {
    "GET /api/healthz",
    "POST /api/session",
    "GET /api/room",
    "GET /api/room/stream",
    "POST /api/incidents",
    "GET /api/incidents/{incident_id}",
    "POST /api/incidents/{incident_id}/assignments",
    *(
        f"POST /api/assignments/{{assignment_id}}/{verb}"
        for verb in ("acknowledge", "depart", "arrive", "finish", "refuse", "cancel")
    ),
    "POST /api/incidents/{incident_id}/close",
    "GET /api/reports/daily",
}
"""What other programs rely on: each stands with a whole example."""


def test_every_address_of_the_contract_has_an_example_that_fits() -> None:
    for address in CONTRACT:
        method, path = address.split(" ")
        operation = SCHEMA["paths"][path][method.lower()]
        shown = (
            [operation["requestBody"]["content"]["application/json"]] if "requestBody" in operation else []
        )
        answer = next(content for status, content in operation["responses"].items() if status < "300")
        shown += [content for content in answer["content"].values() if "example" in content]
        assert shown, address
        assert len(shown) == 1 + ("requestBody" in operation), address
        for content in shown:
            wanted = content.get("schema", {}) | {"components": SCHEMA["components"]}
            jsonschema_rs.validator_for(wanted).validate(content["example"])


def test_an_address_with_keys_names_what_a_key_may_meet() -> None:
    keyed = [
        operation["responses"]["409"]["description"]
        for operations in SCHEMA["paths"].values()
        for operation in operations.values()
        if any(parameter["name"] == "idempotency-key" for parameter in operation.get("parameters", ()))
    ]
    assert len(keyed) > 20
    assert all("`idempotency.read_again`" in description for description in keyed)
