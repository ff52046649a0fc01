"""The embedded PostgreSQL: starts anywhere it may, recovers, refuses twice, says what is wrong."""

import contextlib
import os
import signal
import stat
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from sigap.app import postgres_words
from sigap.app.lock import AlreadyRuns
from sigap.app.migrate import migrate, pending
from sigap.app.postgres import EmbeddedPostgres
from sigap.app.trouble import Trouble


@pytest.fixture
def server(open_folder: Path) -> Iterator[EmbeddedPostgres]:
    made = EmbeddedPostgres(open_folder / "pg")
    yield made
    made.stop()


def killed(server: EmbeddedPostgres) -> None:
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    while not server.exited():
        time.sleep(0.01)


def test_it_starts_as_an_ordinary_account_with_a_socket_and_no_port(server: EmbeddedPostgres) -> None:
    server.start()
    with psycopg.connect(server.owner_url("postgres")) as conn:
        row = conn.execute(
            "SELECT current_setting('listen_addresses'), current_setting('data_checksums')"
        ).fetchone()
        assert row == ("", "on")
    assert stat.S_IMODE(server.data.stat().st_mode) == 0o700
    assert server.data.stat().st_uid != 0


def test_the_passwords_are_ours_alone(server: EmbeddedPostgres) -> None:
    server.start()
    assert stat.S_IMODE((server.folder / "database.json").stat().st_mode) == 0o600


def test_what_was_committed_survives_kill_9(server: EmbeddedPostgres) -> None:
    server.start()
    server.create_database("room")
    with psycopg.connect(server.owner_url("room"), autocommit=True) as conn:
        conn.execute("CREATE TABLE fact (n int)")
        conn.execute("INSERT INTO fact SELECT generate_series(1, 1000)")
        killed(server)
    server.start()
    with psycopg.connect(server.owner_url("room")) as conn:
        assert conn.execute("SELECT count(*) FROM fact").fetchone() == (1000,)


def test_a_second_start_is_refused_with_the_first_ones_number(server: EmbeddedPostgres) -> None:
    server.start()
    with pytest.raises(AlreadyRuns, match=str(os.getpid())):
        EmbeddedPostgres(server.folder).start()
    server.stop()
    server.start()  # and after a clean stop the folder is free again


def test_the_services_role_owns_nothing_and_may_not_build(server: EmbeddedPostgres) -> None:
    server.start()
    server.create_database("room")
    migrate(server.owner_url("room"))
    with psycopg.connect(server.app_url("room"), autocommit=True) as conn:
        owned = conn.execute("SELECT count(*) FROM pg_class WHERE relowner = 'sigap_app'::regrole").fetchone()
        assert owned == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            conn.execute("CREATE TABLE mine (n int)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            conn.execute("UPDATE journal SET kind = kind")


def test_migrating_twice_changes_nothing(server: EmbeddedPostgres) -> None:
    server.start()
    server.create_database("room")
    assert migrate(server.owner_url("room"))
    assert migrate(server.owner_url("room")) == []
    assert pending(server.owner_url("room")) == []


def test_lost_passwords_are_said_not_guessed(server: EmbeddedPostgres) -> None:
    server.start()
    server.stop()
    (server.folder / "database.json").unlink()
    with pytest.raises(Trouble, match=r"database\.json is missing.*backup"):
        EmbeddedPostgres(server.folder).start()


def test_a_start_cut_off_in_initdb_leaves_nothing_half_made(server: EmbeddedPostgres) -> None:
    server.folder.mkdir()
    (server.folder / "data.new").mkdir()
    (server.folder / "data.new" / "PG_VERSION").write_text("18\n")
    server.start()
    assert not (server.folder / "data.new").exists()


def test_a_long_path_gets_its_socket_elsewhere(open_folder: Path) -> None:
    deep = EmbeddedPostgres(open_folder / ("d" * 90) / "postgres")
    assert len(os.fsencode(deep.socket_dir)) < 60
    deep.start()
    try:
        with psycopg.connect(deep.owner_url("postgres")) as conn:
            assert conn.execute("SELECT 1").fetchone() == (1,)
    finally:
        deep.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs it as another account")
def test_a_folder_its_account_cannot_reach_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    with pytest.raises(Trouble, match=r"cannot reach.*SIGAP_HOME"):
        EmbeddedPostgres(tmp_path / "closed" / "pg").start()


@pytest.fixture
def small_disk(open_folder: Path) -> Iterator[Path]:
    """A disk of 150 MB: enough for a cluster, not for much more."""
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=150m,mode=755", "tmpfs", open_folder],
        check=False,
        capture_output=True,
    )
    if mounted.returncode != 0:
        pytest.skip("a small disk cannot be mounted here (needs root)")
    yield open_folder
    subprocess.run(["umount", open_folder], check=True)


def fill(file: Path) -> None:
    """Until the disk takes no more."""
    with file.open("wb", buffering=0) as filler, contextlib.suppress(OSError):
        while filler.write(b"\0" * 4096):
            pass


def insert_until_refused(conn: psycopg.Connection) -> int:
    """Rows that were acknowledged before the first refusal."""
    for number in range(100_000):
        try:
            conn.execute("INSERT INTO fact VALUES (%s, %s)", [number, os.urandom(50_000)])
        except psycopg.Error:
            return number
    raise AssertionError("the disk was never full")


def test_a_full_disk_is_said_and_nothing_acknowledged_is_lost(small_disk: Path) -> None:
    (small_disk / "reserve").write_bytes(b"\0" * 40_000_000)
    server = EmbeddedPostgres(small_disk / "pg")
    server.start()
    server.create_database("room")
    with psycopg.connect(server.owner_url("room"), autocommit=True) as conn:
        conn.execute("CREATE TABLE fact (n int, filler bytea)")
        kept = insert_until_refused(conn)
    server.stop()
    fill(small_disk / "filler")
    with pytest.raises(Trouble, match="full"):
        EmbeddedPostgres(small_disk / "pg").start()
    (small_disk / "filler").unlink()
    (small_disk / "reserve").unlink()
    again = EmbeddedPostgres(small_disk / "pg")
    again.start()
    try:
        with psycopg.connect(again.owner_url("room")) as conn:
            row = conn.execute("SELECT count(*) FROM fact").fetchone()
            assert row is not None
            assert row[0] >= kept > 0
    finally:
        again.stop()


def test_every_refusal_says_what_mends_it() -> None:
    said = "FATAL: could not write lock file: No space left on device"
    trouble = postgres_words.from_output(said, Path("/data"), fallback="It ended")
    assert "df -h" in trouble.mend
