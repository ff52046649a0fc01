"""A PostgreSQL of somebody else's keeping: what is wrong with it is one sentence, and one address can be enough."""

import json
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from sigap.app import external_database, installation
from sigap.app.external_database import Named, as_url, settle
from sigap.app.migrate import migrate
from sigap.app.postgres import ADMIN, EmbeddedPostgres
from sigap.app.trouble import Trouble
from sigap.kernel.paths import Home
from tests.conftest import FreshDatabase


def named(url: str, **other: str) -> Named:
    parts = {name: str(value) for name, value in conninfo_to_dict(url).items()}
    return Named.read("SIGAP_DATABASE_URL", as_url({**parts, **other}))


def test_two_addresses_that_fit_are_taken_as_they_are(fresh: FreshDatabase, tmp_path: Path) -> None:
    services = named(fresh.app_url)
    assert settle(Home(tmp_path), services, named(fresh.owner_url)) == services.url


@pytest.mark.parametrize("form", ["host=/run/pg port=5433 dbname=room user=u password='p@:/ w'"])
def test_any_form_of_address_becomes_the_one_that_all_parts_take(form: str) -> None:
    read = Named.read("SIGAP_DATABASE_URL", form)
    assert read.url == "postgresql://u:p%40%3A%2F%20w@/room?host=%2Frun%2Fpg&port=5433"
    assert conninfo_to_dict(read.url) == conninfo_to_dict(form)


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"password": "wrong"}, "refuses the password of sigap_owner"),
        ({"host": "/nowhere"}, "No PostgreSQL answers at /nowhere"),
        ({"dbname": "nope"}, "has no database nope"),
    ],
)
def test_what_is_wrong_names_the_variable_and_never_the_password(
    fresh: FreshDatabase, tmp_path: Path, other: dict[str, str], words: str
) -> None:
    owner = named(fresh.owner_url, **other)
    with pytest.raises(Trouble) as raised:
        settle(Home(tmp_path), named(fresh.app_url), owner)
    assert words in str(raised.value)
    assert "SIGAP_DATABASE_URL" in str(raised.value)
    assert owner.parts["password"] not in str(raised.value)


def test_something_else_than_an_address_is_told_apart(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(installation.SERVICE_URL, "mysql://x")
    with pytest.raises(Trouble, match="no address of a PostgreSQL"):
        installation.settle_external(Home(tmp_path))


def test_services_that_could_change_the_journal_are_refused(fresh: FreshDatabase, tmp_path: Path) -> None:
    other_owner = named(fresh.owner_url, application_name="services")
    with pytest.raises(Trouble, match="may change the journal"):
        settle(Home(tmp_path), other_owner, named(fresh.owner_url))


def test_an_owner_alone_who_may_make_no_role_is_told_what_to_write(
    fresh: FreshDatabase, tmp_path: Path
) -> None:
    owner = named(fresh.owner_url)
    with pytest.raises(Trouble, match="ROLE sigap_app LOGIN"):
        settle(Home(tmp_path), owner, owner)


def test_the_services_address_alone_serves_commands_that_make_no_tables(
    fresh: FreshDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(installation.SERVICE_URL, fresh.app_url)
    with installation.database(Home(tmp_path)) as addresses:
        assert psycopg.connect(addresses.app).execute("SELECT 1 FROM journal_head").fetchone()
        with pytest.raises(Trouble, match="SIGAP_OWNER_DATABASE_URL"):
            addresses.require_owner()


def test_an_old_server_is_refused(
    fresh: FreshDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(external_database, "LEAST_VERSION", 99)
    with pytest.raises(Trouble, match="use 99 or newer"):
        settle(Home(tmp_path), named(fresh.app_url), named(fresh.owner_url))


@pytest.fixture
def empty_server(open_folder: Path) -> Iterator[str]:
    """The address of a server with nothing of ours in it, as its superuser."""
    server = EmbeddedPostgres(open_folder / "pg", durable=False)
    server.start()
    try:
        secrets = json.loads((open_folder / "pg" / "database.json").read_text())
        parts = {
            "user": ADMIN,
            "password": secrets[ADMIN],
            "host": str(server.socket_dir),
            "dbname": "postgres",
        }
        with psycopg.connect(as_url(parts), autocommit=True) as conn:
            conn.execute("DROP ROLE sigap_app")
        yield as_url(parts)
    finally:
        server.stop()


def test_one_address_is_enough_where_roles_may_be_made(empty_server: str, tmp_path: Path) -> None:
    home, owner = Home(tmp_path), Named.read("SIGAP_DATABASE_URL", empty_server)
    first = settle(home, owner, owner)
    migrate(owner.url)
    assert settle(home, owner, owner) == first, "the second start finds the role it made"
    with psycopg.connect(first, autocommit=True) as conn:
        assert conn.info.user == "sigap_app"
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            conn.execute("DELETE FROM journal")
    assert (tmp_path / "keys" / external_database.PASSWORD_FILE).stat().st_mode & 0o077 == 0
