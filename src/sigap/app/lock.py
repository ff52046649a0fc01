"""One Sigap at a time on one folder. The kernel lets go of the lock when its holder dies, however it dies."""

import fcntl
import os
from pathlib import Path

from sigap.app.trouble import Trouble


class AlreadyRuns(Trouble):
    """Somebody else keeps this folder."""


class Lock:
    """A lock file with the holder's process id in it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._handle: int | None = None

    def take(self) -> None:
        """Take it, or keep it. Raises AlreadyRuns naming the process that has it."""
        if self._handle is not None:
            return
        handle = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(handle, 32).decode() or "?"
            os.close(handle)
            raise AlreadyRuns(
                f"Another Sigap (process {holder}) already runs on {self._file.parent}.",
                mend=f"use that one, stop it (kill {holder}), or give this one its own SIGAP_HOME",
            ) from None
        os.ftruncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        self._handle = handle

    def release(self) -> None:
        """Let go; harmless when not held. The file stays: removing it would let two hold different ones."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
