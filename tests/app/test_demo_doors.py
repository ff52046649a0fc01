"""The demo's doors with names that no account can have."""

import httpx
import pytest
from fastapi import FastAPI

from sigap.app.http import create_app
from sigap.kernel.paths import Home
from tests.conftest import FreshDatabase


@pytest.fixture
async def app(fresh: FreshDatabase, home: Home) -> FastAPI:
    """The app of a demo."""
    return create_app(home, fresh.app_url, pool_size=4, demo=True)


@pytest.mark.parametrize(("name", "status"), [("a%00b", 422), ("nobody", 404)])
async def test_a_chair_that_cannot_be_is_refused(client: httpx.AsyncClient, name: str, status: int) -> None:
    assert (await client.get(f"/api/demo/sit/{name}")).status_code == status
    switched = await client.post(f"/api/demo/chairs/{name}", json={"simulated": False})
    assert switched.status_code == status
