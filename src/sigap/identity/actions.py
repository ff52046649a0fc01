"""Accounts and sessions: create, sign in, sign out, switch off."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Final
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from psycopg import AsyncConnection
from psycopg.errors import UniqueViolation

from sigap.identity import store
from sigap.identity.events import (
    AccountCreated,
    AccountDeactivated,
    AccountPasswordSet,
    SessionClosed,
    SessionOpened,
)
from sigap.identity.model import Account, Actor, TooManyTries, UnknownAccount, UsernameTaken
from sigap.journal.writer import append
from sigap.kernel import settings
from sigap.kernel.clock import Clock
from sigap.kernel.ids import new_id
from sigap.kernel.pool import Database

SESSION_HOURS = settings.declare(
    "session.hours", 12.0, "Hours a session lasts; a shift and its hand-over fit in.", owner="admin"
)
TRIES = settings.declare(
    "session.tries",
    8,
    "Wrong passwords for one name from one address within a minute before it must wait.",
    owner="admin",
)

HASHED_AT_ONCE: Final = 2
"""Passwords looked at side by side: each takes 64 MiB and a core for some 50 ms."""
_MINUTE: Final = timedelta(minutes=1)
_hasher = PasswordHasher()
_NOBODY = _hasher.hash("nobody has this password")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedInNow:
    """A fresh session: the token is shown once, here."""

    session_id: UUID
    account: Account
    token: str
    ends_at: datetime


def hash_password(password: str) -> str:
    """argon2id with the library's present defaults (RFC 9106)."""
    return _hasher.hash(password)


def token_digest(token: str) -> bytes:
    """What is kept of a session's token: a stolen table opens no session."""
    return sha256(token.encode()).digest()


async def create_account(
    conn: AsyncConnection,
    *,
    username: str,
    display_name: str,
    password_hash: str,
    roles: list[str],
    agency: str | None = None,
    unit_id: UUID | None = None,
    by: Actor,
    clock: Clock,
) -> Account:
    """A new account. Raises UsernameTaken, or Denied without `account.admin`."""
    by.require("account.admin")
    account = Account(
        id=new_id(),
        username=username,
        display_name=display_name,
        roles=sorted(roles),
        agency=agency,
        unit_id=unit_id,
        active=True,
        rev=1,
    )
    try:
        async with conn.transaction():
            await store.add(conn, account)
            await store.set_password(conn, account.id, password_hash, clock.now())
            event = AccountCreated(account_id=account.id, roles=account.roles, agency=agency)
            await append(conn, event, rows=[account], by=by, at=clock.now())
    except UniqueViolation as error:
        raise UsernameTaken(username=username) from error
    return account


async def deactivate_account(conn: AsyncConnection, *, account_id: UUID, by: Actor, clock: Clock) -> Account:
    """Switch an account off and end its sessions. Repeating it is harmless."""
    by.require("account.admin")
    async with conn.transaction():
        before = await store.lock(conn, account_id)
        if not before.active:
            return before
        after = replace(before, active=False, rev=before.rev + 1)
        await store.save(conn, after)
        await store.close_sessions_of(conn, account_id)
        await append(conn, AccountDeactivated(account_id=account_id), rows=[after], by=by, at=clock.now())
    return after


async def set_password(
    conn: AsyncConnection, *, account_id: UUID, password_hash: str, by: Actor, clock: Clock
) -> None:
    """Give an account a new password and end its sessions: whoever knew the old one is out.

    Raises NotFound, or Denied without `account.admin`.
    """
    by.require("account.admin")
    async with conn.transaction():
        await store.lock(conn, account_id)
        await store.set_password(conn, account_id, password_hash, clock.now())
        await store.close_sessions_of(conn, account_id)
        await append(conn, AccountPasswordSet(account_id=account_id), by=by, at=clock.now())


async def sign_in(
    database: Database,
    *,
    username: str,
    password: str,
    address: str,
    client: str,
    tries: "Tries",
    clock: Clock,
) -> SignedInNow:
    """Open a session. Raises UnknownAccount (same words and same time for a wrong name and a wrong password)
    or TooManyTries.

    No connection is held while the password is looked at: guessing must not take the room's database away.
    """
    tries.count(username, address, clock.now())
    async with database.connection() as conn:
        found = await store.by_username(conn, username)
    async with tries.hashing:
        # argon2 lets go of the interpreter while it works, so a thread keeps the loop free.
        fits = await asyncio.to_thread(_fits, found[1] if found else _NOBODY, password)
    if found is None or not fits:
        raise UnknownAccount()
    async with database.connection() as conn:
        # Meanwhile the account may have been switched off, or its password changed.
        if await store.by_username(conn, username) != found:
            raise UnknownAccount()
        tries.passed(username, address)
        return await open_session(conn, account=found[0], client=client, clock=clock)


async def open_session(conn: AsyncConnection, *, account: Account, client: str, clock: Clock) -> SignedInNow:
    """A session for an account whose owner is known already."""
    now = clock.now()
    token, session_id = token_urlsafe(32), new_id()
    ends_at = now + timedelta(hours=SESSION_HOURS.value)
    async with conn.transaction():
        await store.open_session(
            conn,
            session_id=session_id,
            account_id=account.id,
            token_sha256=token_digest(token),
            client=client,
            at=now,
            ends_at=ends_at,
        )
        event = SessionOpened(account_id=account.id, session_id=session_id, client=client)
        await append(conn, event, by=Actor.person(account), at=now)
    return SignedInNow(session_id=session_id, account=account, token=token, ends_at=ends_at)


async def sign_out(conn: AsyncConnection, *, session: store.Session, clock: Clock) -> None:
    """Close one session."""
    async with conn.transaction():
        await store.close_session(conn, session.id)
        event = SessionClosed(account_id=session.account.id, session_id=session.id)
        await append(conn, event, by=Actor.person(session.account), at=clock.now())


def _fits(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


class Tries:
    """Tries of the last minute for each name and address, in this process: slows guessing, never the call path.

    A try counts before its password is looked at, so tries side by side do not slip through; a right password
    clears the count. By address too, or anybody could keep a colleague out by guessing at their name.
    """

    def __init__(self) -> None:
        self._tried: dict[tuple[str, str], list[datetime]] = {}
        self.hashing = asyncio.Semaphore(HASHED_AT_ONCE)

    def count(self, username: str, address: str, now: datetime) -> None:
        """Count a try. Raises TooManyTries, counting nothing, when the name must wait at this address."""
        if len(self._tried) > 1000:
            self._tried = {key: at for key, at in self._tried.items() if now - at[-1] < _MINUTE}
        recent = [at for at in self._tried.get((username, address), []) if now - at < _MINUTE]
        if len(recent) >= TRIES.value:
            wait = 60 - (now - recent[0]).total_seconds()
            raise TooManyTries(wait_s=max(1, round(wait)))
        self._tried[username, address] = [*recent, now]

    def passed(self, username: str, address: str) -> None:
        """A right password clears the count."""
        self._tried.pop((username, address), None)
