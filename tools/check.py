"""Runs every check of one kind, all of them even when one fails, and says at the end which did.

python tools/check.py lint|test
"""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv/bin"
WEB = ROOT / "web"
NO_TESTS_COLLECTED = 5
"""pytest's own code; a kind of test that does not exist yet is not a failure."""
REAL_TIME = "browser or sip or scene"
"""Tests that measure in real time run alone, after the others, one at a time."""


@dataclass(frozen=True, slots=True)
class Check:
    """One program to run; `fine` are the exit codes that mean all is well."""

    name: str
    command: list[str | Path]
    folder: Path = ROOT
    fine: tuple[int, ...] = (0,)


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
            [BIN / "pytest", "-q", "-n", "2", "--dist", "loadgroup", "-m", f"not ({REAL_TIME})"],
            fine=(0, NO_TESTS_COLLECTED),
        ),
        Check("scenes", [BIN / "pytest", "-q", "-m", REAL_TIME], fine=(0, NO_TESTS_COLLECTED)),
        Check("web tests", npm("test"), WEB),
    ],
}


def main(kind: str) -> int:
    """0 if every check of `kind` is well."""
    env = {**os.environ, "PATH": f"{ROOT / '.tools/bin'}{os.pathsep}{os.environ['PATH']}"}
    failed = []
    for check in KINDS[kind]:
        print(f"── {check.name}", flush=True)
        began = time.monotonic()
        code = subprocess.run(check.command, cwd=check.folder, env=env, check=False).returncode
        if code not in check.fine:
            failed.append(check.name)
        print(
            f"   {'failed' if code not in check.fine else 'well'}, {time.monotonic() - began:.1f} s",
            flush=True,
        )
    if failed:
        print(f"Failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
