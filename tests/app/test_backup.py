"""A backup of a room that goes on working, and what a restore leaves: everything, or nothing."""

import asyncio
import stat
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from sigap.app import backup, installation
from sigap.app.lock import AlreadyRuns, Lock
from sigap.app.prepare import prepare
from sigap.app.trouble import Trouble
from sigap.identity.model import Actor
from sigap.journal import export
from sigap.journal.export import JournalExported
from sigap.journal.writer import append
from sigap.kernel.clock import SystemClock
from sigap.kernel.paths import Home


@pytest.fixture
def home(open_folder: Path) -> Iterator[Home]:
    """A small installation with roads in use, a feed profile and a fact that waits in the spool."""
    home = installation.make(Home(open_folder / "home"))
    with installation.database(home) as addresses:
        prepare(home, addresses, demo=False, with_roster=False)
        (home.roads / "set-1").mkdir()
        (home.roads / "set-1" / "roads.json").write_text("{}")
        (home.roads / "current").symlink_to("set-1")
        (home.root / "feed.toml").write_text("# ours\n")
        for name in ("facts.jsonl", "zz-handed-on"):
            (home.spool / name).write_text("{}\n")
        yield home


async def _say_something(url: str) -> None:
    async with (
        await psycopg.AsyncConnection.connect(url, autocommit=True) as conn,
        conn.transaction(),
    ):
        event = JournalExported(sealed=False, last_seq=0)
        await append(conn, event, by=Actor.machine("import"), at=SystemClock().now())


async def _exported(url: str, file: Path) -> export.Verified:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as conn:
        file.write_bytes(b"".join([line async for line in export.lines(conn, with_sealed=False)]))
    with file.open("rb") as lines:
        return export.verify(lines)


def _write_during_backup(home: Home, target: Path) -> dict[str, object]:
    """A backup in whose middle the journal grows and voice hands its last facts on."""
    with installation.database(home) as addresses:
        busy = iter([addresses.app])

        def meanwhile(_done: int) -> None:
            (home.spool / "zz-handed-on").unlink(missing_ok=True)
            for url in busy:
                asyncio.run(_say_something(url))

        return backup.backup(home, target, meanwhile)


def test_what_comes_back_is_what_the_backup_said(home: Home, open_folder: Path) -> None:
    manifest = _write_during_backup(home, open_folder / "all.sigap")
    other = Home(open_folder / "other")
    backup.restore(other, open_folder / "all.sigap", replace=False)
    with installation.database(other) as addresses:
        sound = asyncio.run(_exported(addresses.app, open_folder / "journal"))
    assert (sound.last_seq, sound.head) == (manifest["journal_seq"], manifest["journal_head"])
    assert (other.roads / "current" / "roads.json").exists(), "the roads in use"
    assert (other.root / "feed.toml").read_text() == "# ours\n"
    assert (other.spool / "facts.jsonl").exists()
    assert not (other.spool / "zz-handed-on").exists()
    for folder in (other.keys, other.spool, other.recordings):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700, folder


def test_a_server_that_ends_idle_transactions_does_not_end_a_backup(home: Home, open_folder: Path) -> None:
    with (
        installation.database(home) as addresses,
        psycopg.connect(addresses.owner, autocommit=True) as conn,
    ):
        conn.execute("ALTER ROLE CURRENT_USER SET idle_in_transaction_session_timeout = 1")
        assert backup.backup(home, open_folder / "all.sigap")["journal_seq"] > 0


def test_a_restore_that_fails_leaves_nothing_in_the_way_of_the_next(
    home: Home, open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = open_folder / "all.sigap"
    backup.backup(home, file)
    other = Home(open_folder / "other")
    with installation.database(home) as addresses:
        monkeypatch.setenv(installation.SERVICE_URL, addresses.app)
        monkeypatch.setenv(installation.OWNER_URL, addresses.owner)
        with pytest.raises(Trouble, match="not empty"):
            backup.restore(other, file, replace=False)
    assert not [path for path in other.root.rglob("*") if path.is_file() and path.name != "room.lock"]
    monkeypatch.delenv(installation.SERVICE_URL)
    monkeypatch.delenv(installation.OWNER_URL)
    assert backup.restore(other, file, replace=False)["journal_seq"] > 0


def _standing(folder: Path) -> Home:
    """A room whose database somebody else keeps, and which has recorded no call yet."""
    home = installation.make(Home(folder))
    for name in ("opened", "settings.toml", "keys/service-role.json"):
        (home.root / name).write_text("ours")
    return home


def _what_stands(home: Home) -> dict[str, str]:
    files = [path for path in home.root.rglob("*") if path.is_file() and path.name != "room.lock"]
    return {str(path.relative_to(home.root)): path.read_text() for path in files}


def test_a_backup_that_cannot_be_read_leaves_the_room_where_it_stands(tmp_path: Path) -> None:
    other, file = _standing(tmp_path / "other"), tmp_path / "all.sigap"
    before = _what_stands(other)
    file.write_bytes(b"no backup")
    with pytest.raises(Trouble, match="no whole backup"):
        backup.restore(other, file, replace=True)
    assert _what_stands(other) == before
    with pytest.raises(Trouble, match="already holds"):
        backup.restore(other, file, replace=False)


def test_a_restore_that_fails_puts_back_what_stood_there(
    home: Home, open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = open_folder / "all.sigap"
    backup.backup(home, file)
    other = _standing(open_folder / "other")
    roads_only = installation.make(Home(open_folder / "roads-only"))
    (roads_only.roads / "roads.json").write_text("imported before")
    before = _what_stands(other), _what_stands(roads_only)
    with installation.database(home) as addresses:
        monkeypatch.setenv(installation.SERVICE_URL, addresses.app)
        monkeypatch.setenv(installation.OWNER_URL, addresses.owner)
        for stands in (other, roads_only):
            with pytest.raises(Trouble, match="not empty"):
                backup.restore(stands, file, replace=stands is other)
    assert (_what_stands(other), _what_stands(roads_only)) == before


def test_a_running_room_is_not_restored_over(home: Home, open_folder: Path) -> None:
    file = open_folder / "all.sigap"
    backup.backup(home, file)
    other = installation.make(Home(open_folder / "other"))
    running = Lock(other.root / "room.lock")
    running.take()
    try:
        with pytest.raises(AlreadyRuns):
            backup.restore(other, file, replace=True)
    finally:
        running.release()


def test_a_line_that_older_servers_do_not_know_is_left_out_once(tmp_path: Path) -> None:
    line = b"SET transaction_timeout = 0;\n"
    script = tmp_path / "database.sql"
    script.write_bytes(b"SET lock_timeout = 0;\n" + line + b"COPY t FROM stdin;\n" + line + b"\\.\n")
    kept = backup._without_new_setting(script).read_bytes()
    assert kept == b"SET lock_timeout = 0;\nCOPY t FROM stdin;\n" + line + b"\\.\n"
