"""A process on a leash does not outlive the one that started it, however that one went."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from sigap.app import leash

STARTER = """
import subprocess, sys, time
from sigap.app import leash
words = leash.command([sys.executable, "-c", "import time; time.sleep(60)"])
if {watch}:
    words.insert(words.index("--"), "--watch")
child = subprocess.Popen(words, stdin=subprocess.PIPE)
print(child.pid, flush=True)
time.sleep(60)
"""


def alive(pid: int) -> bool:
    """Running, and not merely a zombie that nobody has collected yet."""
    status = Path(f"/proc/{pid}/stat")
    try:
        return status.read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def gone_within(pid: int, seconds: float) -> bool:
    limit = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < limit:
        time.sleep(0.02)
    return not alive(pid)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("watch", [False, True], ids=["held by the kernel", "watching a pipe"])
def test_the_child_ends_when_its_starter_is_killed(watch: bool) -> None:
    code = textwrap.dedent(STARTER).format(watch=watch)
    starter = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert starter.stdout is not None
    child = int(starter.stdout.readline())
    time.sleep(0.4)  # until the leash has become, or started, the program
    assert alive(child)
    starter.send_signal(signal.SIGKILL)
    starter.wait()
    assert gone_within(child, 5.0)


def test_without_a_leash_it_would_live_on() -> None:
    """The control: the same story without the leash leaves the child behind."""
    code = "import subprocess,sys,time; print(subprocess.Popen([sys.executable,'-c','import time; time.sleep(60)']).pid, flush=True); time.sleep(60)"
    starter = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert starter.stdout is not None
    child = int(starter.stdout.readline())
    starter.send_signal(signal.SIGKILL)
    starter.wait()
    time.sleep(0.3)
    assert alive(child)
    os.kill(child, signal.SIGKILL)


def test_the_exit_code_comes_through() -> None:
    words = leash.command([sys.executable, "-c", "raise SystemExit(7)"])
    assert subprocess.run(words, stdin=subprocess.DEVNULL, check=False).returncode == 7
