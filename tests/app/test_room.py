"""The whole room as a person starts it: `sigap demo` on free ports, killed part by part, backed up, brought back."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.app.test_leash import gone_within

pytestmark = pytest.mark.scene

FREE_PORTS = ["--http-port", "0", "--sip-port", "0", "--seat-port", "0", "--rtp-ports", "0-0"]
PARTS = ("database", "api", "worker", "voice", "city")


@dataclass
class Demo:
    """A running demo and its folder."""

    process: "subprocess.Popen[str]"
    told: dict[str, Any]
    home: Path

    def condition(self, part: str) -> dict[str, Any]:
        """What the supervisor says of one part."""
        return json.loads((self.home / "status.json").read_text())["parts"][part]

    def health(self) -> dict[str, Any]:
        """GET /api/healthz."""
        return ask(f"{self.told['url']}/api/healthz")

    def well(self) -> bool:
        """Every part serves."""
        try:
            parts = self.health()["parts"]
        except OSError:
            return False
        return all(parts[part]["state"] == "ok" for part in ("api", "database", "worker")) and (
            parts["voice"]["state"] != "down"
        )


def ask(url: str, body: dict[str, Any] | None = None, token: str | None = None) -> Any:
    """One request, JSON both ways."""
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    request = urllib.request.Request(url, json.dumps(body).encode() if body else None, headers)
    with urllib.request.urlopen(request, timeout=5) as answer:
        return json.load(answer)


def until(true: Callable[[], bool], seconds: float) -> float:
    """Seconds until `true` holds; fails after the limit."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds, f"not within {seconds} s"
        time.sleep(0.05)
    return time.monotonic() - began


def environment(home: Path) -> dict[str, str]:
    return {**os.environ, "SIGAP_HOME": str(home)}


def sigap(home: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """One command to its end."""
    command = [sys.executable, "-m", "sigap", *words]
    return subprocess.run(
        command, env=environment(home), capture_output=True, text=True, check=False, timeout=120
    )


def start(home: Path) -> Demo:
    """`sigap demo --json`, until its first line."""
    command = [sys.executable, "-m", "sigap", "demo", "--no-callers", "--json", *FREE_PORTS]
    log = (home / "stderr.log").open("w")
    process = subprocess.Popen(command, env=environment(home), stdout=subprocess.PIPE, stderr=log, text=True)
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, (home / "stderr.log").read_text()
    return Demo(process, json.loads(line), home)


def stop(demo: Demo) -> int:
    """Ctrl-C."""
    demo.process.send_signal(signal.SIGINT)
    return demo.process.wait(60)


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="sigap-room-"))
    folder.chmod(0o755)
    (folder / "roads" / "current").mkdir(parents=True)  # no made-up roads: they take a core for half a minute
    yield folder
    for made in folder.parent.glob(f"{folder.name}*"):
        shutil.rmtree(made, ignore_errors=True)


@pytest.fixture(scope="module")
def demo(home: Path) -> Iterator[Demo]:
    running = start(home)
    yield running
    if running.process.poll() is None:
        stop(running)


def test_the_first_line_is_everything_a_script_needs(demo: Demo) -> None:
    assert set(demo.told) == {"url", "sip", "accounts", "home"}
    assert demo.told["home"] == str(demo.home)
    account = next(one for one in demo.told["accounts"] if one["username"] == "dispatcher1")
    assert set(account) == {"username", "password", "roles", "url"}
    body = {"username": account["username"], "password": account["password"]}
    assert ask(f"{demo.told['url']}/api/session", body)["roles"] == account["roles"]


def test_one_click_sits_down(demo: Demo) -> None:
    account = next(one for one in demo.told["accounts"] if one["username"] == "dispatcher1")
    assert account["url"].startswith("http://dispatch.localhost:")
    with httpx.Client(base_url=demo.told["url"]) as browser:
        answer = browser.get(account["url"].replace("dispatch.localhost", "127.0.0.1"))
        assert answer.status_code == 303
        assert answer.headers["location"] == "/dispatch"
        assert browser.get("/api/session").json()["account"]["username"] == "dispatcher1"
        occupied = [
            chair["username"] for chair in browser.get("/api/demo/chairs").json() if chair["occupied"]
        ]
        assert occupied == ["dispatcher1"]


@pytest.mark.parametrize("part", PARTS)
def test_each_part_comes_back_after_kill_9(demo: Demo, part: str) -> None:
    until(demo.well, 120)
    before = demo.condition(part)
    os.kill(before["pid"], signal.SIGKILL)
    until(lambda: demo.condition(part)["restarts"] > before["restarts"], 5)
    until(lambda: demo.condition(part)["state"] == "running" and demo.well(), 120)
    assert demo.condition(part)["pid"] != before["pid"]
    for other in set(PARTS) - {part}:
        assert demo.condition(other)["state"] == "running"


def test_ports_stay_the_same_over_a_restart(demo: Demo) -> None:
    seats = json.loads((demo.home / "voice.json").read_text())["seat"]
    pid = demo.condition("voice")["pid"]
    os.kill(pid, signal.SIGKILL)
    until(lambda: json.loads((demo.home / "voice.json").read_text())["pid"] != pid, 60)
    told = json.loads((demo.home / "voice.json").read_text())
    assert told["sip"] == demo.told["sip"]
    assert told["seat"] == seats


def test_health_names_the_database_while_it_is_held_and_voice_goes_on(demo: Demo) -> None:
    until(demo.well, 120)
    assert sigap(demo.home, "hold", "database").returncode == 0
    until(lambda: demo.condition("database")["state"] == "held", 15)
    told = demo.health()
    assert told["status"] == "degraded"
    assert told["parts"]["database"]["state"] == "down"
    assert told["parts"]["voice"]["state"] != "down"
    sigap(demo.home, "release", "database")
    until(demo.well, 120)


def test_a_second_demo_on_the_same_data_is_refused(demo: Demo) -> None:
    second = sigap(demo.home, "demo", "--json", *FREE_PORTS)
    assert second.returncode == 1
    assert f"process {demo.process.pid}" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_taken_port_is_said_with_the_flag_that_chooses_another(demo: Demo, tmp_path: Path) -> None:
    port = demo.told["url"].rsplit(":", 1)[1]
    second = sigap(tmp_path, "demo", "--json", "--http-port", port)
    assert second.returncode == 1
    assert "--http-port" in second.stderr
    assert "Traceback" not in second.stderr


def test_backup_while_running_comes_back_elsewhere_entry_for_entry(demo: Demo, tmp_path: Path) -> None:
    until(demo.well, 120)
    recording = demo.home / "recordings" / "2026" / "call.wav"
    recording.parent.mkdir(parents=True)
    recording.write_bytes(os.urandom(200_000))
    done = sigap(demo.home, "backup", str(tmp_path / "all.sigap"))
    assert done.returncode == 0, done.stderr
    other = demo.home.with_name(f"{demo.home.name}-restored")
    done = sigap(other, "restore", str(tmp_path / "all.sigap"))
    assert done.returncode == 0, done.stderr
    head = done.stdout.split("journal up to ")[1].split(",")[0]
    assert (other / "recordings/2026/call.wav").read_bytes() == recording.read_bytes()
    assert sigap(other, "journal", "export", str(tmp_path / "journal")).returncode == 0
    verified = json.loads(sigap(other, "journal", "verify", "--json", str(tmp_path / "journal")).stdout)
    assert verified["ok"]
    assert verified["last_seq"] == int(head)
    again = sigap(other, "restore", str(tmp_path / "all.sigap"))
    assert again.returncode == 1
    assert "--replace" in again.stderr


def test_a_damaged_backup_is_refused_before_anything_is_touched(demo: Demo, tmp_path: Path) -> None:
    file = tmp_path / "all.sigap"
    assert sigap(demo.home, "backup", str(file)).returncode == 0
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file.write_bytes(content)
    other = demo.home.with_name(f"{demo.home.name}-damaged")
    done = sigap(other, "restore", str(file))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert not (other / "postgres").exists()


def test_doctor_finds_a_running_room_well(demo: Demo) -> None:
    until(demo.well, 120)
    findings = {one["what"]: one for one in json.loads(sigap(demo.home, "doctor", "--json").stdout)}
    assert findings["database"]["mend"] == ""
    assert findings["part voice"]["mend"] == ""


def test_killing_the_supervisor_ends_its_children_and_a_restart_recovers(demo: Demo) -> None:
    until(demo.well, 120)
    pids = [demo.condition(part)["pid"] for part in PARTS]
    token = ask(f"{demo.told['url']}/api/session", {"username": "operator1", "password": "sigap-demo"})[
        "token"
    ]
    seq = ask(f"{demo.told['url']}/api/room", token=token)["seq"]
    demo.process.kill()
    demo.process.wait()
    assert all(gone_within(pid, 30) for pid in pids)
    again = start(demo.home)
    try:
        assert ask(f"{again.told['url']}/api/room", token=token)["seq"] >= seq
    finally:
        assert stop(again) == 0


def test_ctrl_c_ends_everything_and_leaves_nobody(home: Path) -> None:
    running = start(home)
    pids = [running.condition(part)["pid"] for part in PARTS]
    assert stop(running) == 0
    assert all(gone_within(pid, 5) for pid in pids)
    assert not (home / "voice.json").exists()


def test_ctrl_c_while_starting_ends_that_too(home: Path) -> None:
    command = [sys.executable, "-m", "sigap", "demo", "--no-callers", "--json", *FREE_PORTS]
    process = subprocess.Popen(
        command, env=environment(home), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    until((home / "postgres" / "data" / "postmaster.pid").exists, 60)
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 0
    assert not (home / "postgres" / "data" / "postmaster.pid").exists()


def test_a_part_that_cannot_start_is_one_sentence_and_nothing_stays(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        words = [*FREE_PORTS[:-4], "--seat-port", str(taken.getsockname()[1]), *FREE_PORTS[-2:]]
        done = sigap(home, "demo", "--no-callers", "--json", *words)
    assert done.returncode == 1
    assert "--seat-port" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (home / "postgres" / "data" / "postmaster.pid").exists()
