"""`sigap serve`: the same room for real use, with its first administrator."""

import asyncio
import getpass
import os
import sys
from dataclasses import dataclass

import psycopg

from sigap.app import installation
from sigap.app.accounts import USERNAME_RULE
from sigap.app.room import OPENED, Room, RoomOptions
from sigap.app.trouble import Trouble
from sigap.kernel.paths import Home

PASSWORD_VARIABLE = "SIGAP_ADMIN_PASSWORD"
LEAST_PASSWORD = 12
"""Characters of an administrator's password (NIST SP 800-63B asks for 8 at least, 15 where it is the only factor)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeOptions:
    """What `sigap serve` was asked for."""

    room: RoomOptions
    admin: str | None


def run(home: Home, options: ServeOptions) -> None:
    """Until SIGTERM or Ctrl-C. The first run asks for an administrator if no flag names one. Raises Trouble."""
    installation.make(home)
    room = Room(home, options.room)  # before any question: its ports and files must do
    if not room.has_been_open:
        with installation.database(home) as addresses:
            migrate_first(home, addresses, with_roster=options.room.with_roster)
            _see_to_administrator(addresses.app, options.admin)
        (home.root / OPENED).touch()
    asyncio.run(_run(room))


def _see_to_administrator(app_url: str, named: str | None) -> None:
    if asyncio.run(_anyone(app_url)):
        return
    username = (named or _ask("User name of the administrator: ")).strip().lower()
    try:
        asyncio.run(_create_administrator(app_url, username, _password()))
    except psycopg.errors.CheckViolation as error:
        raise Trouble(f"{username} cannot be a user name.", mend=f"start again: {USERNAME_RULE}") from error
    print(f"Administrator {username} made.", file=sys.stderr)


def migrate_first(home: Home, addresses: installation.Addresses, *, with_roster: bool) -> None:
    """The schema must stand before we can look for an administrator."""
    from sigap.app.prepare import prepare

    prepare(home, addresses, demo=False, with_roster=with_roster)


async def _run(room: Room) -> None:
    await room.supervisor.run(_start(room))


async def _start(room: Room) -> None:
    await room.start()
    ports = room.voice()
    print(
        f"Sigap is running: {room.url}   SIP {ports.sip_host}:{ports.sip_port}", file=sys.stderr, flush=True
    )


async def _anyone(app_url: str) -> bool:
    from sigap.identity import store
    from sigap.identity.model import Role

    async with await psycopg.AsyncConnection.connect(app_url, autocommit=True) as conn:
        return any(account.active and Role.ADMIN in account.roles for account in await store.everyone(conn))


async def _create_administrator(app_url: str, username: str, password: str) -> None:
    from sigap.identity import actions
    from sigap.identity.model import Actor, Role
    from sigap.kernel.clock import SystemClock

    async with await psycopg.AsyncConnection.connect(app_url, autocommit=True) as conn:
        await actions.create_account(
            conn,
            username=username,
            display_name=username,
            password_hash=actions.hash_password(password),
            roles=[Role.ADMIN],
            by=Actor.machine("import"),
            clock=SystemClock(),
        )


def _password() -> str:
    """From the environment, or typed twice. Never from a flag: everyone on the machine can read those."""
    given = os.environ.get(PASSWORD_VARIABLE)
    if given is None:
        given = _ask("Password (12 characters or more): ", secret=True)
        if given != _ask("Once more: ", secret=True):
            raise Trouble("The two passwords differ.", mend="start sigap serve again")
    if len(given) < LEAST_PASSWORD:
        raise Trouble(f"The password has fewer than {LEAST_PASSWORD} characters.", mend="choose a longer one")
    return given


def _ask(question: str, *, secret: bool = False) -> str:
    if not sys.stdin.isatty():
        raise Trouble(
            "This is the first start, and nobody is here to name the administrator.",
            mend=f"give --admin NAME and the variable {PASSWORD_VARIABLE}",
        )
    try:
        return getpass.getpass(question) if secret else input(question)
    except EOFError:
        print(file=sys.stderr)
        raise Trouble("The question was not answered.", mend="start sigap serve again") from None
