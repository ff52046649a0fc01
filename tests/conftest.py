"""A real PostgreSQL for every test that asks for a connection: one server per test process, thrown away at the end.

`conn` is rolled back after the test. `fresh` is a database of its own, for tests with several connections;
`client` speaks HTTP to the real app on such a database.
"""

import gc
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, override

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from psycopg import AsyncConnection
from xdist.scheduler import LoadScopeScheduling

from sigap.app.http import create_app
from sigap.app.migrate import migrate
from sigap.app.postgres import EmbeddedPostgres
from sigap.kernel.clock import ManualClock
from sigap.kernel.paths import Home

START = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
"""09:00 WIB on a quiet Sunday: where stories begin."""

TOGETHER = frozenset(f"tests/{name}.py" for name in ("simulation/test_roads", "geo/test_places"))
"""Files whose fixtures for the whole file cost seconds: drawing a regency's roads, reading its names."""

ROOMY_BYTES = 2_000_000_000
"""Free memory above which the tests' databases lie there; a container's usual 64 MB are too few."""

_TEMPLATE = "room_template"
_numbers = count(1)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Under SIGAP_NO_SKIPS a scene that cannot run has failed: "all well" must not mean "not tried"."""
    report = yield
    real_time = any(item.get_closest_marker(mark) for mark in ("browser", "sip", "scene"))
    if report.skipped and real_time and os.environ.get("SIGAP_NO_SKIPS"):
        report.outcome = "failed"
        report.longrepr = f"not run: {report.longrepr}\nSIGAP_ALLOW_SKIPS=1 make test lets it pass."
    return report


class _OnceEach(LoadScopeScheduling):
    """Hands out test by test; the files whose tests share something dear go whole to one process, and first."""

    @override
    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return file if file in TOGETHER else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """With several processes (`-n`): what each of them gets."""
    return _OnceEach(config, log)


def pytest_collection_finish() -> None:
    """What is imported by now lives until the end: no collection of garbage need look through it again."""
    gc.collect()
    gc.freeze()


@dataclass(frozen=True, slots=True)
class FreshDatabase:
    """A database of a test's own: two roles, several connections, a server that can be asked for more."""

    app_url: str
    owner_url: str
    server: EmbeddedPostgres


def _quick_folder() -> Path:
    """Memory where there is enough of it: two hundred tests ask for a database of their own, each some 500 files."""
    memory = Path("/dev/shm")
    if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOMY_BYTES:
        return memory
    return Path("/tmp")


def _sweep(parent: Path) -> None:
    """Remove what killed test processes left: in memory it would stay until the machine is restarted."""
    for folder in parent.glob("sigap-test-[0-9]*-*"):
        try:
            os.kill(int(folder.name.split("-")[2]), 0)
        except ProcessLookupError:
            shutil.rmtree(folder, ignore_errors=True)
        except (PermissionError, ValueError):
            continue


@pytest.fixture(scope="session")
def server() -> Iterator[EmbeddedPostgres]:
    """The test process's own server with a migrated template database."""
    parent = _quick_folder()
    _sweep(parent)
    folder = Path(tempfile.mkdtemp(prefix=f"sigap-test-{os.getpid()}-", dir=parent))
    folder.chmod(0o755)
    running = EmbeddedPostgres(folder / "pg", durable=False)
    running.start()
    try:
        running.create_database(_TEMPLATE)
        migrate(running.owner_url(_TEMPLATE))
        yield running
    finally:
        running.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _create(server: EmbeddedPostgres) -> tuple[str, FreshDatabase]:
    name = f"room_{os.getpid()}_{next(_numbers)}"
    server.create_database(name, template=_TEMPLATE)
    return name, FreshDatabase(server.app_url(name), server.owner_url(name), server)


@pytest.fixture(scope="session")
def shared_database(server: EmbeddedPostgres) -> FreshDatabase:
    """The database whose changes every test rolls back."""
    return _create(server)[1]


@pytest.fixture
async def conn(shared_database: FreshDatabase) -> AsyncIterator[AsyncConnection]:
    """A connection as the services have it; what the test does is rolled back."""
    async with (
        await AsyncConnection.connect(shared_database.app_url, autocommit=True) as connection,
        connection.transaction(force_rollback=True),
    ):
        yield connection


@pytest.fixture
def fresh(server: EmbeddedPostgres) -> Iterator[FreshDatabase]:
    """A database of this test's own."""
    name, database = _create(server)
    yield database
    server.drop_database(name)


@pytest.fixture
async def connect(fresh: FreshDatabase) -> AsyncIterator[AsyncConnection]:
    """A connection to the test's own database; what it does is committed."""
    async with await AsyncConnection.connect(fresh.app_url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def owner(fresh: FreshDatabase) -> Iterator[psycopg.Connection]:
    """The owner's connection to the test's own database."""
    with psycopg.connect(fresh.owner_url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def clock() -> ManualClock:
    """Time that stands until the test moves it."""
    return ManualClock(START)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An installation's folder of its own."""
    return Home(tmp_path / "home").make()


@asynccontextmanager
async def running(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """The app as started by a server, and a client that talks to it."""
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://sigap.test") as client:
            yield client


@pytest.fixture
async def app(fresh: FreshDatabase, home: Home) -> FastAPI:
    """The real app on the test's own database, on the machine's clock."""
    return create_app(home, fresh.app_url, pool_size=4)


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """HTTP to the real app. Sign in with `tests.people.as_`."""
    async with running(app) as speaking:
        yield speaking
