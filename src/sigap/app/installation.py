"""One installation: its folder and its database, whoever keeps the database."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from sigap.app.lock import AlreadyRuns
from sigap.app.postgres import EmbeddedPostgres
from sigap.app.trouble import Trouble
from sigap.kernel.paths import Home

DATABASE: Final = "sigap"
SERVICE_URL: Final = "SIGAP_DATABASE_URL"
"""The database as the services reach it (a role that owns no table). Set: the embedded PostgreSQL is not used."""
OWNER_URL: Final = "SIGAP_OWNER_DATABASE_URL"
"""The same database as its owner, for migrations, backup and restore; default: the services' own."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """The same database for the services and for its owner."""

    app: str
    owner: str

    def environment(self) -> dict[str, str]:
        """How a child process is told: never on its command line, where everyone could read the password."""
        return {SERVICE_URL: self.app, OWNER_URL: self.owner}


def external() -> Addresses | None:
    """The database named in the environment, if any."""
    app = os.environ.get(SERVICE_URL)
    return Addresses(app=app, owner=os.environ.get(OWNER_URL, app)) if app else None


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
    or started for as long as the command lasts."""
    if named := external():
        yield named
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
