"""The demo city's accounts: every chair of the room, visibly demo."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from psycopg import AsyncConnection

from sigap.identity import actions as identity
from sigap.identity import store as accounts
from sigap.identity.model import Actor, Role
from sigap.kernel.clock import Clock
from sigap.units import actions as units
from sigap.units import roster
from sigap.units import store as unit_store

PASSWORD: Final = "sigap-demo"
"""Of every demo account. A demo is reachable from its own machine alone; `sigap serve` makes none of these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One chair and who may sit on it."""

    username: str
    display_name: str
    roles: tuple[Role, ...]
    agency: str | None = None
    unit_id: UUID | None = None


def _of_the_room() -> Iterator[Person]:
    for number in (1, 2, 3):
        yield Person(
            username=f"operator{number}", display_name=f"Operator Demo {number}", roles=(Role.AGENT,)
        )
    yield Person(username="dispatcher1", display_name="Petugas Dispatch Demo 1", roles=(Role.DISPATCHER,))
    yield Person(username="penyelia1", display_name="Penyelia Demo 1", roles=(Role.SUPERVISOR,))
    yield Person(username="pimpinan1", display_name="Pimpinan Demo 1", roles=(Role.EXECUTIVE,))
    yield Person(username="kementerian1", display_name="Pengamat Demo 1", roles=(Role.MINISTRY_VIEWER,))
    yield Person(username="layar1", display_name="Layar Dinding Demo 1", roles=(Role.WALL_DEVICE,))
    yield Person(username="admin", display_name="Administrator Demo", roles=(Role.ADMIN,))
    yield Person(
        username="ppa1",
        display_name="Petugas PPA Demo 1",
        roles=(Role.PPA_OFFICER, Role.AGENCY_OFFICER),
        agency="DP3A",
    )


def officer_name(agency: str) -> str:
    """The user name of an agency's duty officer: BPBD_DAMKAR → opd-bpbd-damkar."""
    return f"opd-{agency.lower().replace('_', '-')}"


def crew_name(unit_code: str) -> str:
    """The user name of a unit's crew: DMK-07 → crew-dmk-07."""
    return f"crew-{unit_code.lower()}"


async def seed(conn: AsyncConnection, clock: Clock) -> int:
    """Enter roster and demo accounts where they are missing; returns how many accounts were made. Safe to repeat."""
    machine = Actor.machine("import")
    await units.seed(conn, roster=roster.shipped(), by=machine, clock=clock)
    known = {account.username for account in await accounts.everyone(conn)}
    people = list(_of_the_room())
    people += [
        Person(
            username=officer_name(agency.id),
            display_name=f"Petugas {agency.short_name} Demo",
            roles=(Role.AGENCY_OFFICER,),
            agency=agency.id,
        )
        for agency in await unit_store.agencies(conn)
    ]
    people += [
        Person(
            username=crew_name(unit.code),
            display_name=f"Awak {unit.code} Demo",
            roles=(Role.FIELD_UNIT,),
            agency=unit.agency,
            unit_id=unit.id,
        )
        for unit in await unit_store.units(conn)
    ]
    missing = [person for person in people if person.username not in known]
    # One hash for all: the password is the same and no secret.
    password_hash = identity.hash_password(PASSWORD) if missing else ""
    for person in missing:
        await identity.create_account(
            conn,
            username=person.username,
            display_name=person.display_name,
            password_hash=password_hash,
            roles=[role.value for role in person.roles],
            agency=person.agency,
            unit_id=person.unit_id,
            by=machine,
            clock=clock,
        )
    return len(missing)
