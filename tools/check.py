"""Runs every check of one kind, all of them even when one fails, and says at the end which did.

python tools/check.py lint|test
"""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv/bin"
WEB = ROOT / "web"
TESTS_FAILED = 1
"""pytest's own code: all were tried and some failed. Any other means that not all were tried."""
OVER_TIME = -1
"""Our code for a check that had to be ended."""
REAL_TIME = "browser or sip or scene or clocked"
"""Tests that measure in real time run alone, after the others, one at a time."""


@dataclass(frozen=True, slots=True)
class Check:
    """One program to run; all is well when it ends with 0."""

    name: str
    command: list[str | Path]
    folder: Path = ROOT
    limit_s: float = 1500.0
    """A check that hangs is ended and has failed."""
    again: tuple[str, ...] = ()
    """Words that run the tests that failed once more, alone: real time on a busy machine fails by itself now and then."""


def npm(script: str) -> list[str | Path]:
    """One of the web's own scripts, under our Node."""
    return [ROOT / ".tools/bin/npm", "run", "--silent", script]


KINDS: dict[str, list[Check]] = {
    "lint": [
        Check("format", [BIN / "ruff", "format", "--check", "--quiet", "."]),
        Check("rules", [BIN / "ruff", "check", "--quiet", "."]),
        Check("types", [BIN / "pyrefly", "check"]),
        Check("floors", [BIN / "lint-imports", "--no-cache"]),
        Check("sizes", [BIN / "python", "tools/sizes.py"]),
        Check("messages", [BIN / "python", "tools/messages.py"]),
        Check("web rules", npm("lint"), WEB),
        Check("web types", npm("types"), WEB),
    ],
    "test": [
        Check(
            "tests",
            [BIN / "pytest", "-q", "-n", "3", "-m", f"not ({REAL_TIME})"],
        ),
        Check(
            "scenes",
            [BIN / "pytest", "-q", "-m", REAL_TIME],
            again=("--last-failed", "--last-failed-no-failures", "none"),
        ),
        Check("web tests", npm("test"), WEB),
    ],
}


def run(check: Check, env: dict[str, str], more: tuple[str, ...] = ()) -> int:
    """The check's exit code; it is ended, with all that it started, when its time is over."""
    process = subprocess.Popen([*check.command, *more], cwd=check.folder, env=env, start_new_session=True)
    try:
        return process.wait(check.limit_s)
    except subprocess.TimeoutExpired:
        print(f"   over its {check.limit_s:.0f} s", flush=True)
        return OVER_TIME
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def main(kind: str) -> int:
    """0 if every check of `kind` is well."""
    env = {**os.environ, "PATH": f"{ROOT / '.tools/bin'}{os.pathsep}{os.environ['PATH']}"}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    # Many a container sets it; two workers and every process of a scene would compile all modules anew.
    if not env.get("SIGAP_ALLOW_SKIPS"):
        env["SIGAP_NO_SKIPS"] = "1"
    failed: list[str] = []
    twice: list[str] = []
    for check in KINDS[kind]:
        print(f"── {check.name}", flush=True)
        began = time.monotonic()
        code = run(check, env)
        if code == TESTS_FAILED and check.again:
            print("   what failed, once more and alone:", flush=True)
            code = run(check, env, check.again)
            twice.append(check.name)
        if code:
            failed.append(check.name)
        print(f"   {'failed' if code else 'well'}, {time.monotonic() - began:.1f} s", flush=True)
    if twice:
        print(f"Needed a second run: {', '.join(twice)}")
    if failed:
        print(f"Failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
