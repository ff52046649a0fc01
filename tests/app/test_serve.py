"""`sigap serve` as an administrator meets it: the first start, what is wrong said first, and a database that is away."""

import asyncio
import contextlib
import json
import os
import pty
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from sigap.app import installation
from sigap.app.room import OPENED, Room, RoomOptions
from sigap.app.trouble import Trouble
from sigap.kernel.paths import Home
from tests.app.test_room import FREE_PORTS, environment, until
from tests.conftest import FreshDatabase

pytestmark = pytest.mark.scene

ADMINISTRATOR = {"SIGAP_ADMIN_PASSWORD": "rahasia-sekali-1"}


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="sigap-serve-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def serve(home: Path, *words: str) -> "subprocess.Popen[bytes]":
    log = (home / "stderr.log").open("w")
    command = [sys.executable, "-m", "sigap", "serve", *FREE_PORTS, *words]
    return subprocess.Popen(
        command, env={**environment(home), **ADMINISTRATOR}, stdin=subprocess.DEVNULL, stderr=log
    )


def refused(home: Path, *words: str) -> str:
    """What a start that cannot be says; nothing of Python's."""
    assert serve(home, *words).wait(120) == 1
    said = (home / "stderr.log").read_text()
    assert "Traceback" not in said
    return said


def says(home: Path, words: str) -> bool:
    return words in (home / "stderr.log").read_text()


def test_a_certificate_that_cannot_be_used_is_said_before_anything_is_made(home: Path) -> None:
    nowhere, nonsense = home / "nowhere.pem", home / "nonsense.pem"
    nonsense.write_text("no certificate\n")
    assert "ls -l" in refused(home, "--tls-cert", str(nowhere), "--tls-key", str(nowhere))
    assert "PEM" in refused(home, "--tls-cert", str(nonsense), "--tls-key", str(nonsense))
    assert not (home / "postgres").exists()


def test_a_demo_and_a_real_room_stay_out_of_each_others_folders(tmp_path: Path) -> None:
    demo, real = (installation.make(Home(tmp_path / name)) for name in ("demo", "real"))
    Room(demo, RoomOptions(demo=True, http_port=0))._lock.release()
    with pytest.raises(Trouble, match="everyone knows the password"):
        Room(demo, RoomOptions(demo=False, http_port=0))
    (real.root / OPENED).touch()
    with pytest.raises(Trouble, match="for real use"):
        Room(real, RoomOptions(demo=True, http_port=0))


def test_a_name_that_cannot_be_is_one_sentence(home: Path) -> None:
    assert "cannot be a user name" in refused(home, "--admin", "Bu Rani!")


def test_a_question_without_answer_is_one_sentence(home: Path) -> None:
    mine, theirs = pty.openpty()
    command = [sys.executable, "-m", "sigap", "serve", *FREE_PORTS]
    asked = subprocess.Popen(command, env=environment(home), stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    heard = b""
    while b"administrator:" not in heard:
        heard += os.read(mine, 1024)
    os.write(mine, b"\x04")
    with contextlib.suppress(OSError):  # how Linux says that the other end is closed
        while more := os.read(mine, 1024):
            heard += more
    os.close(mine)
    assert asked.wait(120) == 1
    assert b"not answered" in heard
    assert b"Traceback" not in heard


def test_a_room_that_has_been_open_answers_calls_although_its_database_does_not_come(home: Path) -> None:
    room = serve(home, "--admin", "rani")
    until(lambda: says(home, "Sigap is running"), 120)
    room.send_signal(signal.SIGTERM)
    assert room.wait(120) == 0

    passwords = home / "keys" / "database.json"
    right = passwords.read_text()
    passwords.write_text(json.dumps(dict.fromkeys(json.loads(right), "wrong")))
    room = serve(home)
    try:
        until(lambda: says(home, "Calls are answered meanwhile"), 120)
        assert json.loads((home / "voice.json").read_text())["sip"]["port"] > 0
        passwords.write_text(right)
        until(lambda: says(home, "Sigap is running"), 120)
    finally:
        room.send_signal(signal.SIGINT)
        assert room.wait(120) == 0


async def test_a_database_that_goes_between_two_questions_is_asked_again(
    fresh: FreshDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(installation.SERVICE_URL, fresh.app_url)
    monkeypatch.setenv(installation.OWNER_URL, fresh.owner_url)
    room = Room(installation.make(Home(tmp_path)), RoomOptions(demo=False, http_port=0))
    with fresh.server._connect(str(conninfo_to_dict(fresh.owner_url)["dbname"])) as conn:
        conn.execute("REVOKE SELECT ON pg_class FROM PUBLIC")
        with pytest.raises(psycopg.Error):
            await room._done(room._open_database, patient=False)
        opening = asyncio.create_task(room._done(room._open_database, patient=True))
        said = ""
        async with asyncio.timeout(60):
            while "Calls are answered meanwhile" not in (said := said + capsys.readouterr().err):
                await asyncio.sleep(0.05)
        conn.execute("GRANT SELECT ON pg_class TO PUBLIC")
        await asyncio.wait_for(opening, 60)


async def test_a_database_that_dies_meanwhile_has_one_keeper(open_folder: Path) -> None:
    home = installation.make(Home(open_folder / "home"))
    home.settings_file.write_text("[session]\nhuors = 8\n")
    room = Room(home, RoomOptions(demo=False, http_port=0))
    try:
        for _ in range(2):
            with pytest.raises(Trouble, match="could not be prepared"):
                await room._open_database()
        assert room._server is not None
        room._server.stop()
        with pytest.raises((Trouble, psycopg.Error)):
            await room._open_database()
        assert len(room.supervisor._keepers) == 2, "the one who watches what is held, and the database's"
    finally:
        await room.supervisor.stop()
