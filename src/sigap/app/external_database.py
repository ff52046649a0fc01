"""A PostgreSQL that somebody else keeps: looked at before anything leans on it, its refusals in one sentence.

One address is enough where its role may make roles: the services' own role, which owns no table, is then made
once and its password kept among the installation's keys.
"""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from sigap.app.postgres import APP as SERVICE_ROLE
from sigap.app.trouble import Trouble
from sigap.kernel.paths import Home

LEAST_VERSION: Final = 15
CONNECT_S: Final = 5
"""Seconds to wait for a server that does not answer."""
PASSWORD_FILE: Final = "service-role.json"
"""Among the keys: the password of the role that we made ourselves."""
type Parts = dict[str, str]


@dataclass(frozen=True, slots=True)
class Named:
    """One address and the variable it came from."""

    variable: str
    url: str

    @classmethod
    def read(cls, variable: str, given: str) -> "Named":
        """Any form that libpq takes (URL or key=value), as the one form that all our parts take. Raises Trouble."""
        try:
            parts = {name: str(value) for name, value in conninfo_to_dict(given).items() if value is not None}
        except psycopg.ProgrammingError as error:
            raise Trouble(
                f"{variable} is no address of a PostgreSQL.",
                mend="write it as postgresql://USER:PASSWORD@HOST/DATABASE (signs like @ : / in the password as %40 %3A %2F)",
            ) from error
        return cls(variable, as_url(parts))

    @property
    def parts(self) -> Parts:
        """Its parts by libpq's names."""
        return {name: str(value) for name, value in conninfo_to_dict(self.url).items()}

    def connect(self) -> psycopg.Connection:
        """A connection. Raises Trouble that names what to mend, never the password."""
        try:
            return psycopg.connect(self.url, autocommit=True, **self._patience())
        except psycopg.OperationalError as error:
            raise self._trouble(str(error)) from None

    def _patience(self) -> dict[str, Any]:
        return {} if "connect_timeout" in self.parts else {"connect_timeout": CONNECT_S}

    def _trouble(self, said: str) -> Trouble:
        user, name = self.parts.get("user", "?"), self.parts.get("dbname", "?")
        server = f"{self.parts.get('host', 'localhost')}:{self.parts.get('port', '5432')}"
        if "password authentication failed" in said or "no password supplied" in said:
            return Trouble(
                f"{server} refuses the password of {user}.", mend=f"write the right one into {self.variable}"
            )
        if f'database "{name}" does not exist' in said:
            return Trouble(
                f"{server} has no database {name}.",
                mend=f"CREATE DATABASE {name} OWNER … ENCODING 'UTF8' TEMPLATE template0; or mend {self.variable}",
            )
        if "FATAL" in said:
            last = said.strip().splitlines()[-1].rsplit("FATAL:", 1)[-1].strip()
            return Trouble(
                f"{server} does not let {user} in: {last}.", mend=f"see its log and {self.variable}"
            )
        return Trouble(f"No PostgreSQL answers at {server}.", mend=f"start it, or mend {self.variable}")


def as_url(parts: Parts) -> str:
    """A URL of libpq's parts; host and everything else behind the question mark, where sockets fit too."""
    user = quote(parts.get("user", ""), safe="")
    password = f":{quote(parts['password'], safe='')}" if "password" in parts else ""
    rest = {name: value for name, value in parts.items() if name not in ("user", "password", "dbname")}
    query = f"?{urlencode(rest, quote_via=quote, safe='')}" if rest else ""
    return (
        f"postgresql://{user}{password}{'@' if user else ''}/{quote(parts.get('dbname', ''), safe='')}{query}"
    )


def service_url(home: Home, owner: Named) -> str | None:
    """The services' address where we made their role ourselves; None before that."""
    try:
        password = json.loads((home.keys / PASSWORD_FILE).read_text())[SERVICE_ROLE]
    except (OSError, ValueError, KeyError):
        return None
    return as_url({**owner.parts, "user": SERVICE_ROLE, "password": str(password)})


def settle(home: Home, services: Named, owner: Named) -> str:
    """See that this server will do; returns the services' address. Raises Trouble.

    With one address for both, the services' role is made here if that is allowed.
    """
    with owner.connect() as conn:
        _check_server(conn)
        if services.url == owner.url:
            services = Named(services.variable, _own_service_role(home, owner, conn))
    with services.connect() as conn:
        _check_owns_nothing(conn, services)
    return services.url


def owner_is_missing() -> Trouble:
    """What a command says that needs the owner where only the services' role is named."""
    return Trouble(
        f"{SERVICE_ROLE} owns no table, so it can neither make nor back them up.",
        mend="name the database's owner as well, in SIGAP_OWNER_DATABASE_URL",
    )


def _check_server(conn: psycopg.Connection) -> None:
    version = conn.info.server_version // 10000
    if version < LEAST_VERSION:
        raise Trouble(
            f"This is PostgreSQL {version}.", mend=f"use {LEAST_VERSION} or newer, or leave it to Sigap's own"
        )
    encoding = conn.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise Trouble(
            f"The database {conn.info.dbname} is in {encoding}, and names need UTF8.",
            mend="CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0",
        )


def _check_owns_nothing(conn: psycopg.Connection, services: Named) -> None:
    row = conn.execute(
        """SELECT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
               OR EXISTS (SELECT 1 FROM pg_class WHERE relnamespace = to_regnamespace('public')::oid
                          AND pg_has_role(current_user, relowner, 'MEMBER'))"""
    ).fetchone()
    if row is not None and row[0]:
        raise Trouble(
            f"{conn.info.user} may change the journal: it owns tables, or is a superuser.",
            mend=f"name {SERVICE_ROLE}, which owns nothing, in {services.variable}, and the owner in "
            "SIGAP_OWNER_DATABASE_URL (deploy/README.md has the four lines)",
        )


def _own_service_role(home: Home, owner: Named, conn: psycopg.Connection) -> str:
    """Make the services' role, once for this installation."""
    known = service_url(home, owner)
    exists = conn.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [SERVICE_ROLE]).fetchone() is not None
    if known and exists:
        return known
    allowed = conn.execute(
        "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    if conn.info.user == SERVICE_ROLE:
        return owner.url  # enough for all but migrations and backups (`owner_is_missing`)
    if exists or not (allowed and allowed[0]):
        raise Trouble(
            f"Only {conn.info.user} is named, and the services need a role that owns no table.",
            mend=f"{'ALTER' if exists else 'CREATE'} ROLE {SERVICE_ROLE} LOGIN PASSWORD '…'; "
            f"then name {SERVICE_ROLE} in SIGAP_DATABASE_URL and {conn.info.user} in SIGAP_OWNER_DATABASE_URL",
        )
    password = conninfo_to_dict(known)["password"] if known else secrets.token_urlsafe(24)
    _keep(home.keys / PASSWORD_FILE, {SERVICE_ROLE: str(password)})
    role = sql.Identifier(SERVICE_ROLE)
    conn.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(role, sql.Literal(password)))
    database = sql.Identifier(conn.info.dbname)
    conn.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, role))
    return service_url(home, owner) or owner.url


def _keep(file: Path, passwords: dict[str, str]) -> None:
    """Before the role is made: one whose password nobody knows helps nobody."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as out:
        json.dump(passwords, out)
        out.flush()
        os.fsync(out.fileno())
