"""The people of the tests: actors for verbs, and accounts that sign in over HTTP."""

from uuid import UUID, uuid5

import httpx
from argon2 import PasswordHasher
from psycopg import AsyncConnection

from sigap.identity import actions
from sigap.identity.model import Account, Actor, Role
from sigap.kernel.clock import SystemClock

_NAMESPACE = UUID("00000000-0000-7000-8000-000000000112")
PASSWORD = "for tests alone"
# The real hasher with the least work: tests sign in hundreds of times.
_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def person(name: str, *roles: Role, agency: str | None = None, unit_id: UUID | None = None) -> Actor:
    """An actor with these roles; the same name is the same account."""
    account = Account(
        id=uuid5(_NAMESPACE, name),
        username=name,
        display_name=name.title(),
        roles=[role.value for role in roles],
        agency=agency,
        unit_id=unit_id,
        active=True,
        rev=1,
    )
    return Actor.person(account)


def agent(name: str = "agent1") -> Actor:
    """A call-taker (Operator)."""
    return person(name, Role.AGENT)


def dispatcher(name: str = "dispatcher1") -> Actor:
    """A dispatcher (Petugas Dispatch)."""
    return person(name, Role.DISPATCHER)


def supervisor(name: str = "supervisor1") -> Actor:
    """A shift leader (Penyelia)."""
    return person(name, Role.SUPERVISOR)


def officer(agency: str, name: str | None = None) -> Actor:
    """An agency's duty officer (Petugas OPD)."""
    return person(name or f"opd-{agency.lower()}", Role.AGENCY_OFFICER, agency=agency)


def crew(unit_id: UUID, agency: str | None = None) -> Actor:
    """A crew (Petugas Lapangan) on one unit."""
    return person(f"crew-{unit_id}", Role.FIELD_UNIT, agency=agency, unit_id=unit_id)


def ppa() -> Actor:
    """A PPA officer of DP3A."""
    return person("ppa1", Role.PPA_OFFICER, Role.AGENCY_OFFICER, agency="DP3A")


async def enrol(
    conn: AsyncConnection, name: str, *roles: Role, agency: str | None = None, unit_id: UUID | None = None
) -> Account:
    """Give somebody an account with PASSWORD."""
    return await actions.create_account(
        conn,
        username=name,
        display_name=name.title(),
        password_hash=_HASH,
        roles=[role.value for role in roles],
        agency=agency,
        unit_id=unit_id,
        by=Actor.machine("import"),
        clock=SystemClock(),
    )


async def sign_in(client: httpx.AsyncClient, name: str) -> dict[str, str]:
    """Sign an enrolled person in; the headers for their requests."""
    answer = await client.post("/api/session", json={"username": name, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    client.cookies.clear()
    return {"Authorization": f"Bearer {answer.json()['token']}"}


async def as_(
    client: httpx.AsyncClient,
    conn: AsyncConnection,
    name: str,
    *roles: Role,
    agency: str | None = None,
    unit_id: UUID | None = None,
) -> dict[str, str]:
    """Enrol somebody and sign them in."""
    await enrol(conn, name, *roles, agency=agency, unit_id=unit_id)
    return await sign_in(client, name)
