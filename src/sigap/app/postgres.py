"""The PostgreSQL that comes with the package, under our own supervision.

One data folder per installation, a Unix socket and no port, two roles: `sigap_owner` owns the database and
runs migrations, `sigap_app` owns nothing and is what the services connect as. The server runs on a leash
(leash.py): when we are killed it shuts down, and the next start recovers.
"""

import hashlib
import json
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final, Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from sigap.app import leash, postgres_binaries
from sigap.app.lock import Lock
from sigap.app.postgres_words import from_os, from_output, running_postmaster
from sigap.app.trouble import Trouble
from sigap.kernel.paths import Home

OWNER: Final = "sigap_owner"
APP: Final = "sigap_app"
ADMIN: Final = "postgres"
PORT: Final = 5432
"""Only part of the socket's file name: nothing listens on the network."""
SOCKET_PATH_LIMIT: Final = 100
"""Bytes; the system's own limit is 104 (macOS) to 108 (Linux)."""
START_LIMIT_S: Final = 60.0
"""Seconds a start may take, crash recovery included, before we say so and give up."""
STOP_LIMIT_S: Final = 20.0
"""Seconds a clean stop may take before the server is told to drop everything (it recovers at next start)."""


class EmbeddedPostgres:
    """One PostgreSQL server on one folder."""

    def __init__(
        self,
        folder: Path,
        socket_dir: Path | None = None,
        *,
        secrets_file: Path | None = None,
        log: Path | None = None,
        durable: bool = True,
    ) -> None:
        """`folder` becomes the server's own (mode 0700). `durable=False` is for throw-away tests only."""
        self.folder = folder
        self.data = folder / "data"
        self.socket_dir = socket_dir or _socket_dir(folder)
        self.log = log or folder / "server.log"
        self._secrets_file = secrets_file or folder / "database.json"
        self._durable = durable
        self._user = postgres_binaries.server_user()
        self._server: subprocess.Popen[bytes] | None = None
        self.lock = Lock(folder / "sigap.lock")
        """Held while we keep the server; taken by `start`."""
        self._passwords: dict[str, str] = {}

    @classmethod
    def of(cls, home: Home) -> Self:
        """The server of an installation: passwords among its keys, log among its logs."""
        return cls(home.postgres, secrets_file=home.keys / "database.json", log=home.logs / "postgres.log")

    # ------------------------------------------------------------ life
    def start(self) -> None:
        """Make the cluster if it is new, start it, wait until it answers. Raises Trouble with what to do."""
        self.spawn()
        self.wait_ready()

    def spawn(self) -> None:
        """Start the server without waiting; call from the main thread (see leash.py). Then `wait_ready`."""
        try:
            self._prepare()
            self._binaries = postgres_binaries.find()
            self._await_former_server()
            if not (self.data / "PG_VERSION").exists():
                self._initialise()
            self._server = self._launch()
        except OSError as error:
            self.lock.release()
            raise from_os(error, self.folder) from error
        except BaseException:
            self.lock.release()
            raise

    def wait_ready(self) -> None:
        """Return once the server answers and both roles exist."""
        assert self._server is not None, "spawn() first"
        limit = time.monotonic() + START_LIMIT_S
        while True:
            if self._server.poll() is not None:
                trouble = self._why_it_ended()
                self.lock.release()
                raise trouble
            try:
                with self._connect("postgres") as conn:
                    self._ensure_roles(conn)
                return
            except psycopg.OperationalError as error:
                if "password authentication failed" in str(error):
                    self.stop()
                    raise Trouble(
                        f"The passwords in {self._secrets_file} do not fit this database.",
                        mend="put back the file that belongs to it (it is in every backup)",
                    ) from error
                if time.monotonic() > limit:
                    self.stop()
                    raise Trouble(
                        f"PostgreSQL did not answer within {START_LIMIT_S:.0f} s.", mend=f"read {self.log}"
                    ) from error
                time.sleep(0.02)

    def attach(self) -> None:
        """Use the server that another process keeps on this folder: only its addresses, nothing is started."""
        self._read_secrets()

    def stop(self) -> None:
        """Fast, clean stop: sessions are dropped, everything is written; safe to call twice."""
        server, self._server = self._server, None
        if server is not None and server.poll() is None:
            for order, patience in (
                (signal.SIGINT, STOP_LIMIT_S),
                (signal.SIGQUIT, 5.0),
                (signal.SIGKILL, 5.0),
            ):
                server.send_signal(order)
                try:
                    server.wait(patience)
                    break
                except subprocess.TimeoutExpired:
                    continue
        if server is not None and server.stdin is not None:
            server.stdin.close()
        if server is not None and self.socket_dir != self.folder:
            shutil.rmtree(self.socket_dir, ignore_errors=True)
        self.lock.release()

    @property
    def pid(self) -> int | None:
        """The postmaster's process id while it runs."""
        return self._server.pid if self._server is not None and self._server.poll() is None else None

    def exited(self) -> bool:
        """True if it was started and is gone without our asking."""
        return self._server is not None and self._server.poll() is not None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    # ------------------------------------------------------------ use
    def owner_url(self, database: str) -> str:
        """For migrations, backup and restore."""
        return self._url(OWNER, database)

    def app_url(self, database: str) -> str:
        """For the services: a role that owns no table."""
        return self._url(APP, database)

    def create_database(self, name: str, template: str | None = None) -> None:
        """A database owned by `sigap_owner`, which only our two roles may enter."""
        with self._connect("postgres") as conn:
            made = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(template or "template1")
            )
            conn.execute(made)
            conn.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
            granted = sql.SQL("GRANT CONNECT ON DATABASE {} TO {}")
            conn.execute(granted.format(sql.Identifier(name), sql.Identifier(APP)))

    def drop_database(self, name: str) -> None:
        """Drop it, with whoever is still connected."""
        with self._connect("postgres") as conn:
            conn.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def has_database(self, name: str) -> bool:
        """True if it exists."""
        with self._connect("postgres") as conn:
            return conn.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None

    def program(self, name: str) -> Path:
        """Path of one of PostgreSQL's own programs (pg_dump, pg_restore)."""
        return postgres_binaries.find() / name

    # ------------------------------------------------------------ inside
    def _prepare(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        if self._user is not None and not postgres_binaries.may_walk_to(self.folder.parent, self._user):
            raise Trouble(
                f"PostgreSQL does not run as root, and the account {self._user} cannot reach {self.folder}.",
                mend="set SIGAP_HOME to a folder outside closed homes, such as /var/lib/sigap",
            )
        self.lock.take()
        for folder in {self.folder, self.socket_dir}:
            folder.mkdir(mode=0o700, exist_ok=True)
            self._own(folder)
            folder.chmod(0o700)
        self._read_secrets()

    def _own(self, path: Path) -> None:
        """Give `path` to the server's account; refuse one that somebody else put there."""
        uid, gid = self._ids()
        owner = path.lstat().st_uid
        if path.is_symlink() or owner not in (uid, os.geteuid()):
            mend = f"chown -R {uid} {path}" if (path / "data").exists() else f"remove it: rm -r {path}"
            raise Trouble(f"{path} belongs to somebody else (uid {owner}).", mend=mend)
        if owner != uid:
            os.chown(path, uid, gid)

    def _ids(self) -> tuple[int, int]:
        if self._user is None:
            return os.geteuid(), os.getegid()
        account = pwd.getpwnam(self._user)
        return account.pw_uid, account.pw_gid

    def _read_secrets(self) -> None:
        if self._secrets_file.exists():
            self._passwords = json.loads(self._secrets_file.read_text())
            return
        if (self.data / "PG_VERSION").exists():
            raise Trouble(
                f"{self._secrets_file} is missing, and without it nobody can open the database.",
                mend="put it back from a backup",
            )
        self._passwords = {role: secrets.token_urlsafe(24) for role in (ADMIN, OWNER, APP)}
        self._secrets_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self._secrets_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump(self._passwords, file, indent=1)
            file.flush()
            os.fsync(file.fileno())

    def _initialise(self) -> None:
        """initdb beside the final place, then rename: a start that was cut off leaves nothing half-made."""
        fresh = self.folder / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        with tempfile.NamedTemporaryFile("w", dir=self.folder, prefix=".init-") as file:
            file.write(self._passwords[ADMIN] + "\n")
            file.flush()
            os.chown(file.name, *self._ids())
            made = subprocess.run(
                [
                    self._binaries / "initdb",
                    f"--pgdata={fresh}",
                    f"--username={ADMIN}",
                    f"--pwfile={file.name}",
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--locale=C.UTF-8" if sys.platform == "linux" else "--locale=C",
                    "--data-checksums",
                    *([] if self._durable else ["--no-sync"]),
                ],
                user=self._user,
                group=self._ids()[1] if self._user else None,
                extra_groups=[] if self._user else None,
                cwd="/",
                env=_environment(),
                capture_output=True,
                text=True,
                check=False,
            )
        if made.returncode != 0:
            shutil.rmtree(fresh, ignore_errors=True)
            raise from_output(made.stderr, self.folder, fallback="The database could not be created")
        fresh.rename(self.data)

    def _launch(self) -> "subprocess.Popen[bytes]":
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket_dir),
            "port": PORT,
            "max_connections": 200,
            "shared_buffers": "128MB",
            "max_wal_size": "512MB",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_error_verbosity": "terse",  # a DETAIL line would carry callers' data into the log
            "jit": "off",
            **({"recovery_init_sync_method": "syncfs"} if sys.platform == "linux" else {}),
            **(
                {}
                if self._durable
                else {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
            ),
        }
        flags = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        program = [str(self._binaries / "postgres"), "-D", str(self.data), *flags]
        self._log_start = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            return subprocess.Popen(
                leash.command(program, end="INT", user=self._user),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd="/",
                env=_environment(),
                start_new_session=True,  # Ctrl-C is ours to pass on, in order
            )

    def _await_former_server(self) -> None:
        """A server whose supervisor was killed is on its way out; wait for it, then help it."""
        limit = time.monotonic() + STOP_LIMIT_S
        asked = False
        while (pid := running_postmaster(self.data)) is not None:
            if time.monotonic() > limit:
                raise Trouble(f"An old PostgreSQL (process {pid}) does not end.", mend=f"kill -QUIT {pid}")
            if not asked and time.monotonic() > limit - STOP_LIMIT_S + 2.0:
                os.kill(pid, signal.SIGINT)
                asked = True
            time.sleep(0.02)

    def _why_it_ended(self) -> Trouble:
        with self.log.open("rb") as log:
            log.seek(self._log_start)
            said = log.read(65536).decode(errors="replace")
        return from_output(said, self.folder, fallback="PostgreSQL ended while starting")

    def _ensure_roles(self, conn: psycopg.Connection) -> None:
        known = {row[0] for row in conn.execute("SELECT rolname FROM pg_roles")}
        for role in (OWNER, APP):
            if role not in known:
                made = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
                conn.execute(made.format(sql.Identifier(role), sql.Literal(self._passwords[role])))

    def _connect(self, database: str) -> psycopg.Connection:
        return psycopg.connect(self._url(ADMIN, database), autocommit=True, connect_timeout=5)

    def _url(self, role: str, database: str) -> str:
        password = self._passwords[role]
        return f"postgresql://{role}:{password}@/{quote(database)}?host={quote(str(self.socket_dir), safe='')}&port={PORT}"


def _environment() -> dict[str, str]:
    """Nothing of ours: a PG* variable or a locale must not change what the server does."""
    kept = {
        name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ
    }  # the leash's Python may need it
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", **kept}


def _socket_dir(folder: Path) -> Path:
    """The folder itself if the socket's path stays short enough; else one named after it in /tmp."""
    if len(os.fsencode(folder / f".s.PGSQL.{PORT}.lock")) <= SOCKET_PATH_LIMIT:
        return folder
    return Path("/tmp") / f"sigap-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]}"
