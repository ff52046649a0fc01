"""Answered calls on disk, one small file each, so that kill -9 costs a caller a second and not the call."""

import contextlib
import fcntl
import json
import logging
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

log = logging.getLogger(__name__)


class SavedCalls:
    """A folder of call states. Written whole or not at all; no fsync, since it is for a dead process, not a dead host."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = -1

    def lock(self) -> None:
        """Keep the folder for this process; the lock dies with it. Raises OSError when another one has it."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = os.open(self._folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self.unlock()
            raise OSError(error.errno, f"another exchange uses {self._folder}") from error

    def unlock(self) -> None:
        """Let another process have it."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def save(self, call_id: UUID, state: dict[str, Any]) -> bool:
        """Write one call. False when the disk refuses: the call goes on, a restart would lose it."""
        fresh = self._folder / f"{call_id}.new"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            fresh.write_text(json.dumps(state), "utf-8")
            fresh.replace(self._folder / f"{call_id}.json")
        except OSError:
            log.exception(
                "A call could not be saved.", extra={"action": "call.unsaved", "call_id": str(call_id)}
            )
            return False
        return True

    def touch(self, call_id: UUID) -> None:
        """The call still stands: its file is fresh."""
        with contextlib.suppress(OSError):
            os.utime(self._folder / f"{call_id}.json")

    def age_s(self, call_id: UUID) -> float:
        """Seconds since the file was written or touched."""
        try:
            return time.time() - (self._folder / f"{call_id}.json").stat().st_mtime
        except OSError:
            return float("inf")

    def remove(self, call_id: UUID) -> None:
        """The call is over."""
        try:
            (self._folder / f"{call_id}.json").unlink(missing_ok=True)
        except OSError:
            log.exception("A call's file stayed.", extra={"action": "call.unsaved", "call_id": str(call_id)})

    def load(self) -> Iterator[tuple[UUID, dict[str, Any]]]:
        """Every saved call that can be read; others are left for a person to look at."""
        for file in sorted(self._folder.glob("*.json")):
            try:
                yield UUID(file.stem), json.loads(file.read_text("utf-8"))
            except (OSError, ValueError):
                log.exception("A saved call is unreadable.", extra={"action": "call.unreadable"})
