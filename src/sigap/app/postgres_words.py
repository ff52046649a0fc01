"""What PostgreSQL says and leaves behind, read for the person at the machine."""

import os
import subprocess
from pathlib import Path

from sigap.app.trouble import Trouble


def from_os(error: OSError, folder: Path) -> Trouble:
    return from_output(
        f"{error.strerror}: {error.filename}", folder, fallback="The database could not be started"
    )


def from_output(said: str, folder: Path, *, fallback: str) -> Trouble:
    """PostgreSQL's last words as one sentence for the person at the machine."""
    if "No space left on device" in said:
        return Trouble(
            f"The disk of {folder} is full.", mend=f"free some space; df -h {folder} shows how much"
        )
    if "Address already in use" in said or "another postmaster" in said:
        return Trouble(
            f"Another PostgreSQL uses {folder}.", mend=f"stop it; cat {folder}/data/postmaster.pid names it"
        )
    if "Permission denied" in said:
        return Trouble(
            f"PostgreSQL may not write in {folder}.", mend=f"ls -la {folder}, and give it back its owner"
        )
    lines = [line for line in said.splitlines() if line.strip()]
    fatal = next(
        (line for line in reversed(lines) if "FATAL" in line or "PANIC" in line or "error" in line), None
    )
    last = fatal or (lines[-1] if lines else "it said nothing")
    return Trouble(
        f"{fallback}: {last.strip()}",
        mend=f"read the log; free memory and disk are shown by free -m, df -h {folder}",
    )


def running_postmaster(data: Path) -> int | None:
    """The live postmaster on `data`, if any; a stale postmaster.pid is the server's own business."""
    try:
        pid = int((data / "postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, 0)
    except (OSError, ValueError, IndexError):
        return None
    return pid if str(data) in _command_line(pid) else None


def _command_line(pid: int) -> str:
    proc = Path(f"/proc/{pid}/cmdline")
    if proc.exists():
        return proc.read_bytes().replace(b"\0", b" ").decode(errors="replace")
    shown = ["ps", "-o", "command=", "-p", str(pid)]
    return subprocess.run(shown, capture_output=True, text=True, check=False).stdout
