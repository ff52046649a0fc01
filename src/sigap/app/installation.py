"""One installation: its folder and its database, whoever keeps the database."""

import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import psycopg

from sigap.app.external_database import Named, owner_is_missing, settle
from sigap.app.lock import AlreadyRuns
from sigap.app.postgres import EmbeddedPostgres
from sigap.app.trouble import Trouble
from sigap.kernel.paths import Home

DATABASE: Final = "sigap"
SERVICE_URL: Final = "SIGAP_DATABASE_URL"
"""The database as the services reach it (a role that owns no table). Set: the embedded PostgreSQL is not used."""
OWNER_URL: Final = "SIGAP_OWNER_DATABASE_URL"
"""The same database as its owner, for migrations, backup and restore. Left out: SIGAP_DATABASE_URL names the owner, and
the services' role is made."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """The same database for the services and for its owner."""

    app: str
    owner: str

    def require_owner(self) -> None:
        """Raises Trouble where only the services' role is known."""
        if self.owner == self.app:
            raise owner_is_missing()

    def environment(self) -> dict[str, str]:
        """How a child process is told: never on its command line, where everyone could read the password."""
        return {SERVICE_URL: self.app, OWNER_URL: self.owner}


def external() -> bool:
    """Whether the environment names a database of somebody else's keeping."""
    return bool(os.environ.get(SERVICE_URL))


def settle_external(home: Home) -> Addresses:
    """The database that the environment names, seen to be fit. Raises Trouble."""
    services = Named.read(SERVICE_URL, os.environ.get(SERVICE_URL, ""))
    named = os.environ.get(OWNER_URL)
    owner = Named.read(OWNER_URL, named) if named else services
    return Addresses(app=settle(home, services, owner), owner=owner.url)


def refuse_foreign(home: Home) -> None:
    """Only the account that keeps an installation works on it: root, too, would leave files there that it cannot use.

    Raises Trouble with the command as that account.
    """
    try:
        keeper = home.keys.stat().st_uid
    except FileNotFoundError:
        return
    except OSError as error:
        raise Trouble(
            f"{home.root} is closed to you.", mend=_AS_KEEPER.format("ITS-OWNER", home.root)
        ) from error
    if keeper != os.geteuid():
        name = _account(keeper)
        raise Trouble(f"{home.root} is kept by {name}.", mend=_AS_KEEPER.format(name, home.root))


_AS_KEEPER: Final = "sudo -u {} env SIGAP_HOME={} sigap …, or another SIGAP_HOME"


def _account(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"#{uid}"


def make(home: Home) -> Home:
    """Create the folders; what holds personal data is closed to other accounts of the machine."""
    try:
        home.make()
        for folder in (home.recordings, home.spool, home.logs):
            folder.chmod(0o700)
    except OSError as error:
        raise Trouble(
            f"{home.root} cannot be used: {error.strerror}.",
            mend="set SIGAP_HOME to a folder you may write to, or free some space on its disk",
        ) from error
    return home


def prepare_database(server: EmbeddedPostgres) -> Addresses:
    """Make the room's database in a running embedded server, once."""
    if not server.has_database(DATABASE):
        server.create_database(DATABASE)
    return Addresses(app=server.app_url(DATABASE), owner=server.owner_url(DATABASE))


@contextmanager
def database(home: Home) -> Iterator[Addresses]:
    """The installation's database for one command: as named in the environment, as a running Sigap keeps it,
    or started for as long as the command lasts. What the database refuses meanwhile becomes Trouble."""
    with _kept_database(home) as addresses:
        try:
            yield addresses
        except (psycopg.OperationalError, psycopg.errors.InsufficientPrivilege) as error:
            said = (str(error).strip().splitlines() or ["it broke off"])[0]
            raise Trouble(f"The database did not go along: {said}.", mend="sigap doctor") from error


@contextmanager
def _kept_database(home: Home) -> Iterator[Addresses]:
    if external():
        yield settle_external(make(home))
        return
    server = EmbeddedPostgres.of(make(home))
    try:
        server.start()
    except AlreadyRuns:
        server.attach()
        yield Addresses(app=server.app_url(DATABASE), owner=server.owner_url(DATABASE))
        return
    try:
        yield prepare_database(server)
    finally:
        server.stop()
