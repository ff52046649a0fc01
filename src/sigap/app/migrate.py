"""Brings a database to the schema of this version: the timers' tables, then our numbered files.

Runs as the owner. Each file is applied once, in its own transaction, in the order of its number and
`-- depends:` line; two migrations at once wait for each other. There is no way back: restore a backup.
"""

import logging
import warnings
from importlib.metadata import version
from pathlib import Path
from typing import Final, LiteralString, cast

import psycopg
from procrastinate.schema import SchemaManager
from psycopg import sql

from sigap.app.trouble import Trouble

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # yoyo's import still uses a deprecated standard module
    from yoyo import get_backend, read_migrations

MIGRATIONS: Final = Path(__file__).parents[1] / "migrations"
SERVICE_ROLE: Final = "sigap_app"
"""Granted what it needs, table by table, in the files themselves."""

log = logging.getLogger(__name__)


def migrate(owner_url: str) -> list[str]:
    """Apply what is missing; returns the names applied. Raises Trouble, or the database's own error at the first failure."""
    with psycopg.connect(owner_url, autocommit=True) as conn:
        _require_service_role(conn)
        applied = _migrate_timers(conn)
    backend = get_backend(owner_url.replace("postgresql://", "postgresql+psycopg://", 1))
    try:
        with backend.lock():
            missing = backend.to_apply(read_migrations(str(MIGRATIONS)))
            names = [migration.id for migration in missing]
            backend.apply_migrations(missing)
    finally:
        backend.connection.close()
    for name in [*applied, *names]:
        log.info("Migration applied.", extra={"action": "database.migrated", "migration": name})
    return [*applied, *names]


def pending(owner_url: str) -> list[str]:
    """Names of our files that this database has not seen."""
    backend = get_backend(owner_url.replace("postgresql://", "postgresql+psycopg://", 1))
    try:
        return [migration.id for migration in backend.to_apply(read_migrations(str(MIGRATIONS)))]
    finally:
        backend.connection.close()


def _require_service_role(conn: psycopg.Connection) -> None:
    known = conn.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [SERVICE_ROLE]).fetchone()
    if known is None:
        raise Trouble(
            f"The services' role {SERVICE_ROLE} does not exist.",
            mend=f"CREATE ROLE {SERVICE_ROLE} LOGIN PASSWORD '…', and name it in SIGAP_DATABASE_URL",
        )


def _migrate_timers(conn: psycopg.Connection) -> list[str]:
    """procrastinate's own schema; its version is kept as a comment on its table."""
    now = version("procrastinate")
    with conn.transaction():
        conn.execute("SELECT pg_advisory_xact_lock(112)")
        row = conn.execute(
            "SELECT obj_description(to_regclass('procrastinate_jobs')), to_regclass('procrastinate_jobs')"
        ).fetchone()
        had, exists = row if row else (None, None)
        if had == now:
            return []
        if exists is None:
            conn.execute(SchemaManager.get_schema())
        else:
            for file in sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql")):
                if _numbers(had or "0") < _numbers(file.name.split("_")[0]) <= _numbers(now):
                    conn.execute(cast(LiteralString, file.read_text()))
        conn.execute(sql.SQL("COMMENT ON TABLE procrastinate_jobs IS {}").format(sql.Literal(now)))
        role = sql.Identifier(SERVICE_ROLE)
        tables = conn.execute(
            "SELECT tablename FROM pg_tables WHERE tablename LIKE 'procrastinate\\_%'"
        ).fetchall()
        for (table,) in tables:
            granted = sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON {} TO {}")
            conn.execute(granted.format(sql.Identifier(table), role))
        sequences = conn.execute(
            "SELECT sequencename FROM pg_sequences WHERE sequencename LIKE 'procrastinate\\_%'"
        ).fetchall()
        for (sequence,) in sequences:
            conn.execute(sql.SQL("GRANT USAGE ON SEQUENCE {} TO {}").format(sql.Identifier(sequence), role))
    return [f"procrastinate {now}"]


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".") if part.isdigit())
