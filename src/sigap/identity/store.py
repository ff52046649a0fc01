"""SQL of accounts, passwords, sessions and first answers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row, tuple_row
from psycopg.types.json import Jsonb

from sigap.identity.model import Account
from sigap.kernel.problems import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """An open session and the account behind it."""

    id: UUID
    client: str
    seen_at: datetime
    ends_at: datetime
    account: Account


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRequest:
    """What is known of the first request with an idempotency key: its digest, and that of what its actor might then."""

    request_sha256: bytes
    rights: bytes | None  # None: kept before this was noted


_ACCOUNT = "id, username, display_name, roles, agency, unit_id, active, rev"


async def add(conn: AsyncConnection, account: Account) -> None:
    """Store a new account."""
    await conn.execute(
        f"INSERT INTO account ({_ACCOUNT}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        (
            account.id,
            account.username,
            account.display_name,
            Jsonb(account.roles),
            account.agency,
            account.unit_id,
            account.active,
            account.rev,
        ),
    )


async def save(conn: AsyncConnection, account: Account) -> None:
    """Store what changed of an account."""
    await conn.execute(
        "UPDATE account SET display_name = %s, roles = %s, agency = %s, unit_id = %s, active = %s, rev = %s WHERE id = %s",
        (
            account.display_name,
            Jsonb(account.roles),
            account.agency,
            account.unit_id,
            account.active,
            account.rev,
            account.id,
        ),
    )


async def lock(conn: AsyncConnection, account_id: UUID) -> Account:
    """The account, locked. Raises NotFound."""
    cursor = conn.cursor(row_factory=class_row(Account))
    await cursor.execute(f"SELECT {_ACCOUNT} FROM account WHERE id = %s FOR UPDATE", (account_id,))
    if account := await cursor.fetchone():
        return account
    raise NotFound()


async def by_username(conn: AsyncConnection, username: str) -> tuple[Account, str] | None:
    """The active account of that name with its password hash."""
    cursor = conn.cursor(row_factory=class_row(Account))
    await cursor.execute(f"SELECT {_ACCOUNT} FROM account WHERE username = %s AND active", (username,))
    account = await cursor.fetchone()
    if account is None:
        return None
    found = await conn.execute("SELECT hash FROM password WHERE account_id = %s", (account.id,))
    row = await found.fetchone()
    return (account, row[0]) if row else None


async def everyone(conn: AsyncConnection) -> list[Account]:
    """All accounts, by name."""
    cursor = conn.cursor(row_factory=class_row(Account))
    await cursor.execute(f"SELECT {_ACCOUNT} FROM account ORDER BY username")
    return await cursor.fetchall()


async def set_password(conn: AsyncConnection, account_id: UUID, password_hash: str, at: datetime) -> None:
    """Keep a password's hash, the newest only."""
    await conn.execute(
        "INSERT INTO password (account_id, hash, set_at) VALUES (%s, %s, %s)"
        " ON CONFLICT (account_id) DO UPDATE SET hash = excluded.hash, set_at = excluded.set_at",
        (account_id, password_hash, at),
    )


async def open_session(
    conn: AsyncConnection,
    *,
    session_id: UUID,
    account_id: UUID,
    token_sha256: bytes,
    client: str,
    at: datetime,
    ends_at: datetime,
) -> None:
    """Keep a new session; sessions that ended a day ago are swept away with it."""
    await conn.execute("DELETE FROM session WHERE ends_at < %s - interval '1 day'", (at,))
    await conn.execute(
        "INSERT INTO session (id, account_id, token_sha256, client, opened_at, seen_at, ends_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)",
        (session_id, account_id, token_sha256, client, at, at, ends_at),
    )


async def session_of(conn: AsyncConnection, token_sha256: bytes, at: datetime) -> Session | None:
    """The open session with this token."""
    cursor = await conn.cursor(row_factory=tuple_row).execute(
        "SELECT s.id, s.client, s.seen_at, s.ends_at,"
        " a.id, a.username, a.display_name, a.roles, a.agency, a.unit_id, a.active, a.rev"
        " FROM session s JOIN account a ON a.id = s.account_id"
        " WHERE s.token_sha256 = %s AND s.ends_at > %s AND a.active",
        (token_sha256, at),
    )
    row = await cursor.fetchone()
    if row is None:
        return None
    names = ("id", "username", "display_name", "roles", "agency", "unit_id", "active", "rev")
    account = Account(**dict(zip(names, row[4:], strict=True)))
    return Session(id=row[0], client=row[1], seen_at=row[2], ends_at=row[3], account=account)


async def touch_session(conn: AsyncConnection, session_id: UUID, at: datetime) -> None:
    """Note that somebody is still there."""
    await conn.execute("UPDATE session SET seen_at = %s WHERE id = %s", (at, session_id))


async def still_there(
    conn: AsyncConnection, session_id: UUID, at: datetime, *, renew_until: datetime | None = None
) -> bool:
    """Note that somebody is still there; False when the session has ended. `renew_until` moves its end."""
    cursor = await conn.execute(
        "UPDATE session SET seen_at = %s, ends_at = coalesce(%s, ends_at) WHERE id = %s AND ends_at > %s",
        (at, renew_until, session_id, at),
    )
    return cursor.rowcount == 1


async def close_session(conn: AsyncConnection, session_id: UUID) -> None:
    """Forget a session: its token is worthless from now on."""
    await conn.execute("DELETE FROM session WHERE id = %s", (session_id,))


async def close_sessions_of(conn: AsyncConnection, account_id: UUID) -> None:
    """Forget every session of an account."""
    await conn.execute("DELETE FROM session WHERE account_id = %s", (account_id,))


async def people_present(conn: AsyncConnection, since: datetime) -> set[UUID]:
    """Accounts that a person (not a simulated colleague) has used since then."""
    cursor = await conn.execute(
        "SELECT DISTINCT account_id FROM session WHERE client = 'person' AND seen_at > %s AND ends_at > now()",
        (since,),
    )
    return {row[0] for row in await cursor.fetchall()}


async def claim_key(conn: AsyncConnection, actor: str, key: str, first: KeptRequest, at: datetime) -> bool:
    """Take an idempotency key. False when it was taken before; waits while its first request still runs."""
    cursor = await conn.execute(
        "INSERT INTO idempotency (actor, key, request_sha256, rights, at) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT (actor, key) DO NOTHING",
        (actor, key, first.request_sha256, first.rights, at),
    )
    return cursor.rowcount == 1


async def first_answer(conn: AsyncConnection, actor: str, key: str) -> tuple[KeptRequest, dict[str, Any]]:
    """The first request with this key and the answer it got."""
    cursor = await conn.execute(
        "SELECT request_sha256, rights, answer FROM idempotency WHERE actor = %s AND key = %s", (actor, key)
    )
    row = await cursor.fetchone()
    if row is None:
        raise NotFound()
    rights = None if row[1] is None else bytes(row[1])
    return KeptRequest(request_sha256=bytes(row[0]), rights=rights), row[2]


async def keep_answer(conn: AsyncConnection, actor: str, key: str, answer: object) -> None:
    """Keep the first answer, in the transaction of what it answers for."""
    await conn.execute(
        "UPDATE idempotency SET answer = %s WHERE actor = %s AND key = %s", (Jsonb(answer), actor, key)
    )


async def forget_answers(conn: AsyncConnection, before: datetime) -> int:
    """Forget the first answers older than this; returns how many."""
    cursor = await conn.execute("DELETE FROM idempotency WHERE at < %s", (before,))
    return cursor.rowcount


async def name_of(conn: AsyncConnection, account_id: UUID) -> str | None:
    """How the room calls the person behind an account."""
    cursor = await conn.execute("SELECT display_name FROM account WHERE id = %s", (account_id,))
    row = await cursor.fetchone()
    return row[0] if row else None


async def name_by_ref(conn: AsyncConnection, ref: str) -> str | None:
    """How the room calls the person whom the journal names `account:<id>`."""
    return await name_of(conn, UUID(ref.removeprefix("account:")))
