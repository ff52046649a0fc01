"""Staffing an installation from the command line, beside its running room."""

import asyncio
from pathlib import Path

import httpx
import psycopg
import pytest
from psycopg import AsyncConnection

from sigap.app.cli import main
from sigap.identity.model import Actor
from sigap.kernel.clock import SystemClock
from sigap.units import actions as units
from sigap.units.roster import shipped
from tests.conftest import FreshDatabase

PASSWORD = "kata sandi panjang"


@pytest.fixture
async def room(
    fresh: FreshDatabase, connect: AsyncConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An installation with its agencies and units."""
    await units.seed(connect, roster=shipped(), by=Actor.machine("import"), clock=SystemClock())
    monkeypatch.setenv("SIGAP_DATABASE_URL", fresh.app_url)
    monkeypatch.setenv("SIGAP_HOME", str(tmp_path / "installation"))
    monkeypatch.setenv("SIGAP_PASSWORD", PASSWORD)


async def account(*words: str) -> int:
    """Run the command as a shell would: with an event loop of its own."""
    return await asyncio.to_thread(main, ["account", *words])


async def signs_in(client: httpx.AsyncClient, username: str, password: str = PASSWORD) -> httpx.Response:
    answer = await client.post("/api/session", json={"username": username, "password": password})
    client.cookies.clear()
    return answer


@pytest.mark.usefixtures("room")
async def test_a_room_is_staffed(client: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]) -> None:
    assert await account("add", "Siti", "--name", "Siti A.", "--role", "agent", "--role", "dispatcher") == 0
    assert (
        await account("add", "damkar1", "--name", "Regu 1", "--role", "field_unit", "--unit", "DMK-01") == 0
    )
    assert await account("add", "pln1", "--name", "PLN", "--role", "agency_officer", "--agency", "PLN") == 0
    siti = (await signs_in(client, "siti")).json()
    assert siti["roles"] == ["agent", "dispatcher"]
    crew = (await signs_in(client, "damkar1")).json()
    assert (crew["agency"], crew["home"]) == ("BPBD_DAMKAR", "/lapangan")
    assert crew["unit_id"] is not None
    capsys.readouterr()
    assert await account("list") == 0
    listed = capsys.readouterr().out
    assert "damkar1\tRegu 1\tfield_unit\tBPBD_DAMKAR DMK-01\t" in listed
    assert "siti\tSiti A.\tagent,dispatcher\t\t" in listed


@pytest.mark.usefixtures("room")
async def test_a_new_password_ends_the_sessions_of_the_old(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, owner: psycopg.Connection
) -> None:
    await account("add", "siti", "--name", "Siti", "--role", "agent")
    token = {"Authorization": f"Bearer {(await signs_in(client, 'siti')).json()['token']}"}
    monkeypatch.setenv("SIGAP_PASSWORD", "sepuluh huruf lebih")
    assert await account("password", "siti") == 0
    assert (await client.get("/api/session", headers=token)).status_code == 401
    assert (await signs_in(client, "siti")).status_code == 401
    assert (await signs_in(client, "siti", "sepuluh huruf lebih")).status_code == 200
    rows = owner.execute(
        "SELECT actor, facts::text FROM journal WHERE kind = 'account.password_set'"
    ).fetchall()
    assert len(rows) == 1
    assert rows[0][0] == "machine:import"
    assert "sepuluh" not in rows[0][1]


@pytest.mark.usefixtures("room")
async def test_an_account_that_is_off_opens_nothing(client: httpx.AsyncClient) -> None:
    await account("add", "siti", "--name", "Siti", "--role", "agent")
    token = {"Authorization": f"Bearer {(await signs_in(client, 'siti')).json()['token']}"}
    assert await account("off", "siti") == 0
    assert (await client.get("/api/session", headers=token)).status_code == 401
    assert (await signs_in(client, "siti")).status_code == 401


WRONG = [
    (["add", "x1", "--name", "X", "--role", "boss"], "no role boss"),
    (["add", "x1", "--name", "X", "--role", "agency_officer", "--agency", "ABC"], "no agency ABC"),
    (["add", "x1", "--name", "X", "--role", "field_unit", "--unit", "ABC-9"], "no unit ABC-9"),
    (["add", "x1", "--name", "X", "--role", "field_unit"], "--unit"),
    (
        ["add", "x1", "--name", "X", "--role", "field_unit", "--unit", "DMK-01", "--agency", "PLN"],
        "belongs to",
    ),
    (["add", "x!", "--name", "X", "--role", "agent"], "user name"),
    (["add", "here", "--name", "X", "--role", "agent"], "here"),
    (["off", "nobody"], "no account nobody"),
    (["password", "nobody"], "no account nobody"),
]


@pytest.mark.usefixtures("room")
async def test_what_cannot_be_is_named(
    capsys: pytest.CaptureFixture[str], owner: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    await account("add", "here", "--name", "Here", "--role", "agent")
    for words, named in WRONG:
        assert await account(*words) == 1, words
        assert named in capsys.readouterr().err, words
    monkeypatch.setenv("SIGAP_PASSWORD", "too short")
    assert await account("add", "x2", "--name", "X", "--role", "agent") == 1
    assert "10 to 200 characters" in capsys.readouterr().err
    assert owner.execute("SELECT username FROM account").fetchall() == [("here",)]
