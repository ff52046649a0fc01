"""Writes locks/*.txt anew: every package with its hashes, for every system, and no address in them.

A lock that names a registry ties everyone to that registry; ours works with any that serves these files.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "locks"
ADDRESS = re.compile(r"https?://|^--(index|extra-index|find-links)", re.MULTILINE)


def compile_lock(target: str, source: list[str]) -> None:
    """One lock; versions already in it stay unless they no longer fit."""
    command = [ROOT / ".tools/bin/uv", "pip", "compile", *source, "--output-file", LOCKS / target]
    flags = [
        "--universal",
        "--generate-hashes",
        "--no-emit-index-url",
        "--no-header",
        "--python-version=3.12",
    ]
    subprocess.run(
        [*command, *flags, *sys.argv[1:]],
        cwd=ROOT,
        env={**os.environ, "UV_NO_CONFIG": "1", "UV_CUSTOM_COMPILE_COMMAND": "make lock"},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    if ADDRESS.search((LOCKS / target).read_text()):
        raise SystemExit(f"locks/{target} names an address")


def main() -> None:
    """The development set first; the runtime set is the same versions, fewer of them."""
    compile_lock("tools.txt", ["locks/tools.in"])
    compile_lock("dev.txt", ["pyproject.toml", "--group", "dev"])
    compile_lock("runtime.txt", ["pyproject.toml", "--constraint", "locks/dev.txt"])


if __name__ == "__main__":
    main()
