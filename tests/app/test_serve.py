"""`sigap serve` as an administrator meets it: the first start, what is wrong said first, and a database that is away."""

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

import pytest

from sigap.app import installation
from sigap.app.room import OPENED, Room, RoomOptions
from sigap.app.trouble import Trouble
from sigap.kernel.paths import Home
from tests.app.test_room import FREE_PORTS, environment, until

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
