"""`sigap account …`: who may sign in. Thin; works beside a running room, which needs no restart."""

import argparse
import asyncio
import getpass
import os
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

from sigap.app.trouble import Trouble
from sigap.kernel import messages
from sigap.kernel.paths import Home

if TYPE_CHECKING:
    from uuid import UUID

    from psycopg import AsyncConnection

    from sigap.identity.model import Account

USERNAME_RULE: Final = "a user name has 2 to 63 of a-z 0-9 . _ - and begins with a letter or digit"
PASSWORD_VARIABLE: Final = "SIGAP_PASSWORD"
LEAST_PASSWORD: Final = 10
"""Characters of a password (NIST SP 800-63B asks for 8 at least)."""


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Their words."""
    account = commands.add_parser("account", help="who may sign in: add, off, password, list").add_subparsers(
        required=True
    )
    made = account.add_parser(
        "add", help=f"make an account; password from {PASSWORD_VARIABLE}, else it is asked for"
    )
    made.add_argument("username")
    made.add_argument("--name", required=True, help="as the room reads it")
    made.add_argument("--role", action="append", required=True, help="may be given several times")
    made.add_argument("--agency", metavar="CODE", help="of an agency's officer or a crew")
    made.add_argument("--unit", metavar="CALLSIGN", help="of a crew; its agency follows")
    made.set_defaults(command=_add)
    made = account.add_parser("off", help="switch an account off and end its sessions")
    made.add_argument("username")
    made.set_defaults(command=_off)
    made = account.add_parser("password", help="give a new password and end the sessions of the old one")
    made.add_argument("username")
    made.set_defaults(command=_set_password)
    account.add_parser("list", help="every account").set_defaults(command=_list)


def _add(given: argparse.Namespace, home: Home) -> None:
    from sigap.identity import actions
    from sigap.identity.model import Actor, Role
    from sigap.kernel.clock import SystemClock

    username, roles = _plain(given.username), sorted(set(given.role))
    for role in roles:
        if role not in Role:
            raise Trouble(f"There is no role {role}.", mend=f"take one of: {', '.join(Role)}")
    if Role.FIELD_UNIT in roles and not given.unit:
        raise Trouble("A crew belongs to a unit.", mend="give --unit CALLSIGN")
    if Role.AGENCY_OFFICER in roles and not given.agency:
        raise Trouble("An agency's officer belongs to an agency.", mend="give --agency CODE")

    async def add(conn: "AsyncConnection") -> None:
        agency, unit_id = await _place(conn, given.agency, given.unit)
        password_hash = actions.hash_password(_password())
        await actions.create_account(
            conn,
            username=username,
            display_name=given.name.strip(),
            password_hash=password_hash,
            roles=roles,
            agency=agency,
            unit_id=unit_id,
            by=Actor.machine("import"),
            clock=SystemClock(),
        )

    _with_database(home, add)
    print(f"{username}: made, {', '.join(roles)}")


def _off(given: argparse.Namespace, home: Home) -> None:
    from sigap.identity import actions
    from sigap.identity.model import Actor
    from sigap.kernel.clock import SystemClock

    async def off(conn: "AsyncConnection") -> None:
        account = await _named(conn, _plain(given.username))
        await actions.deactivate_account(
            conn, account_id=account.id, by=Actor.machine("import"), clock=SystemClock()
        )

    _with_database(home, off)
    print(f"{_plain(given.username)}: switched off")


def _set_password(given: argparse.Namespace, home: Home) -> None:
    from sigap.identity import actions
    from sigap.identity.model import Actor
    from sigap.kernel.clock import SystemClock

    async def change(conn: "AsyncConnection") -> None:
        account = await _named(conn, _plain(given.username))
        password_hash = actions.hash_password(_password())
        await actions.set_password(
            conn,
            account_id=account.id,
            password_hash=password_hash,
            by=Actor.machine("import"),
            clock=SystemClock(),
        )

    _with_database(home, change)
    print(f"{_plain(given.username)}: new password; earlier sessions have ended")


def _list(given: argparse.Namespace, home: Home) -> None:
    from sigap.identity import store
    from sigap.units import store as units

    async def show(conn: "AsyncConnection") -> None:
        signs = {unit.id: unit.code for unit in await units.units(conn)}
        for account in await store.everyone(conn):
            sign = signs.get(account.unit_id, "") if account.unit_id else ""
            place = " ".join(filter(None, (account.agency, sign)))
            state = "" if account.active else "off"
            print("\t".join((account.username, account.display_name, ",".join(account.roles), place, state)))

    _with_database(home, show)


def _with_database(home: Home, work: "Callable[[AsyncConnection], Awaitable[None]]") -> None:
    """Run `work` on the installation's database. Raises Trouble with its refusal in words."""
    import psycopg

    from sigap.app import installation
    from sigap.kernel.problems import Problem

    async def connected(url: str) -> None:
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as conn:
            await work(conn)

    try:
        with installation.database(home) as addresses:
            asyncio.run(connected(addresses.app))
    except Problem as problem:
        what, mend = messages.say(problem.code, "en", problem.facts)
        raise Trouble(f"{what}.", mend=mend) from problem
    except psycopg.errors.CheckViolation as error:
        raise Trouble(
            "The user name or the name cannot be used.",
            mend=f"{USERNAME_RULE}; a name has 1 to 120 characters",
        ) from error
    except psycopg.errors.UndefinedTable as error:
        raise Trouble("This installation has no tables yet.", mend="sigap serve, once") from error


async def _place(
    conn: "AsyncConnection", agency: str | None, callsign: str | None
) -> "tuple[str | None, UUID | None]":
    """Agency and unit, both known. Raises Trouble for one that is not, or where they do not belong together."""
    from sigap.units import store as units
    from sigap.units.model import NoSuchAgency, NoSuchUnit

    try:
        if agency is not None:
            await units.agency(conn, agency)
    except NoSuchAgency as error:
        known = ", ".join(one.id for one in await units.agencies(conn)) or "none yet"
        raise Trouble(f"There is no agency {agency}.", mend=f"known: {known}") from error
    if callsign is None:
        return agency, None
    try:
        unit = await units.by_code(conn, callsign)
    except NoSuchUnit as error:
        of_agency = ", ".join(one.code for one in await units.units(conn, agency=agency)) or "none yet"
        raise Trouble(f"There is no unit {callsign}.", mend=f"known: {of_agency}") from error
    if agency not in (None, unit.agency):
        raise Trouble(f"{callsign} belongs to {unit.agency}, not {agency}.", mend="leave --agency away")
    return unit.agency, unit.id


async def _named(conn: "AsyncConnection", username: str) -> "Account":
    from sigap.identity import store

    for account in await store.everyone(conn):
        if account.username == username:
            return account
    raise Trouble(f"There is no account {username}.", mend="sigap account list names them")


def _plain(username: str) -> str:
    """As the sign-in reads it."""
    return username.strip().lower()


def _password() -> str:
    """From the environment, or typed twice. Never from a flag: everyone on the machine can read those."""
    given = os.environ.get(PASSWORD_VARIABLE)
    if given is None:
        if not sys.stdin.isatty():
            raise Trouble("Nobody is here to type the password.", mend=f"set {PASSWORD_VARIABLE}")
        given = getpass.getpass(f"Password ({LEAST_PASSWORD} characters or more): ")
        if given != getpass.getpass("Once more: "):
            raise Trouble("The two passwords differ.", mend="run the command again")
    if not LEAST_PASSWORD <= len(given) <= 200:
        raise Trouble(f"A password has {LEAST_PASSWORD} to 200 characters.", mend="choose another one")
    return given
