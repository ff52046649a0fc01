"""The journal as a file: who may read it, and that the room knows of the personal parts that left it."""

from pathlib import Path

import psycopg
import pytest

from sigap.app.cli import main
from sigap.journal import export
from tests.conftest import FreshDatabase

EXPORTED = "SELECT actor, facts FROM journal WHERE kind = 'journal.exported' ORDER BY seq"


@pytest.fixture(autouse=True)
def room(fresh: FreshDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation on a database of its own, with one account in the journal."""
    monkeypatch.setenv("SIGAP_DATABASE_URL", fresh.app_url)
    monkeypatch.setenv("SIGAP_HOME", str(tmp_path / "installation"))
    monkeypatch.setenv("SIGAP_PASSWORD", "kata sandi panjang")
    assert main(["account", "add", "siti", "--name", "Siti", "--role", "agent"]) == 0


def test_only_its_owner_reads_an_export(tmp_path: Path, owner: psycopg.Connection) -> None:
    file = tmp_path / "journal"
    file.write_bytes(b"an older file, readable by all, and longer than the new one" * 100)
    file.chmod(0o644)
    assert main(["journal", "export", str(file)]) == 0
    assert file.stat().st_mode & 0o777 == 0o600
    assert main(["journal", "verify", str(file)]) == 0
    assert owner.execute(EXPORTED).fetchall() == []


def test_an_export_of_personal_parts_is_a_fact(tmp_path: Path, owner: psycopg.Connection) -> None:
    file = tmp_path / "journal"
    assert main(["journal", "export", str(file), "--sealed"]) == 0
    with file.open("rb") as written:
        last = export.verify(written).last_seq
    assert file.stat().st_mode & 0o777 == 0o600
    assert owner.execute(EXPORTED).fetchall() == [("machine:import", {"sealed": True, "last_seq": last})]
