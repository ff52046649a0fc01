"""Recordings on disk as they are spoken: left the caller, right the room.

Files are written by one thread of their own, so that a slow disk never holds up the sound. A WAV file is readable at any
moment, also after kill -9; its sidecar (same name, .json) says what is missing and, at the end, the file's SHA-256.
"""

import contextlib
import hashlib
import json
import logging
import os
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from queue import SimpleQueue
from typing import Any
from uuid import UUID

from sigap.kernel import clock, settings
from sigap.kernel.clock import WIB
from sigap.voice import wav

log = logging.getLogger(__name__)

MIN_FREE = settings.declare(
    "voice.recording_min_free_share",
    0.05,
    "Share of the disk that must stay free; below it recording stops before answering does.",
    source="telephony decision",
    owner="admin",
)
RETRY_S = 2.0
"""Seconds between two tries to go on after the disk refused."""


@dataclass(slots=True)
class Gap:
    """Sound that is not there: from `at_s` of the recording on, for `seconds`; silence stands for it where it could be written."""

    at_s: float
    seconds: float
    reason: str

    def as_json(self) -> dict[str, object]:
        """For sidecar and facts."""
        return {"at_s": round(self.at_s, 2), "seconds": round(self.seconds, 2), "reason": self.reason}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """What a finished recording is."""

    file: str
    sha256: str
    seconds: float
    gaps: tuple[dict[str, object], ...]


@dataclass(slots=True)
class Recording:
    """One call's recording, as the writer thread keeps it. Everyone else holds it only as a handle."""

    call_id: UUID
    file: str
    started_at: datetime
    gaps: list[Gap] = field(default_factory=list)
    descriptor: int = -1
    data_bytes: int = 0
    lost_bytes: int = 0
    lost_reason: str = ""
    retry_at: float = 0.0
    done: bool = False

    @property
    def seconds(self) -> float:
        """Length on disk."""
        return self.data_bytes / wav.BYTES_PER_S


type Report = Callable[[Recording, Stopped | str], None]
"""Called in the writer thread: Stopped when complete, a reason when sound is being lost."""


class Recorder:
    """The writer thread and its recordings. `report` is called from that thread."""

    def __init__(self, folder: Path, report: Report) -> None:
        self._folder, self._report = folder, report
        self._queue: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)

    def start(self) -> None:
        """Start the thread, after mending what a dead process left."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._thread.start()

    def stop(self) -> None:
        """Write what is queued and end. Recordings that are open stay open for the next start."""
        self._queue.put(None)
        self._thread.join(timeout=10)

    def begin(self, call_id: UUID, at: datetime) -> Recording:
        """Start a recording. It may fail; that is reported, and tried again as long as the call lasts."""
        day = at.astimezone(WIB)
        recording = Recording(call_id, f"{day:%Y/%m/%d}/{call_id}.wav", at)
        self._queue.put(lambda: self._open(recording))
        return recording

    def resume(self, call_id: UUID, file: str, started_at: datetime, now: datetime) -> Recording:
        """Go on with a recording that a dead process began; silence and a gap marker stand for the time between."""
        recording = Recording(call_id, file, started_at)
        self._queue.put(lambda: self._reopen(recording, now))
        return recording

    def write(self, recording: Recording, sound: bytes) -> None:
        """Append interleaved sound."""
        self._queue.put(lambda: self._append(recording, sound))

    def miss(self, recording: Recording, seconds: float, reason: str) -> None:
        """Name seconds that were never heard; silence stands for them."""
        self._queue.put(lambda: self._fill(recording, seconds, reason))

    def end(self, recording: Recording) -> None:
        """Complete the file; Stopped is reported."""
        self._queue.put(lambda: self._finish(recording))

    def mend(self, keep: set[str], now: datetime) -> None:
        """Complete the recordings of the last two days that a dead process left open, but those in `keep` (relative names)."""
        for day in (now.astimezone(WIB), now.astimezone(WIB) - timedelta(days=1)):
            for sidecar in (self._folder / f"{day:%Y/%m/%d}").glob("*.json"):
                with contextlib.suppress(OSError, ValueError, KeyError):
                    self._mend_one(json.loads(sidecar.read_text("utf-8")), keep)

    def _mend_one(self, told: dict[str, Any], keep: set[str]) -> None:
        if told["state"] != "recording" or told["file"] in keep:
            return
        recording = Recording(UUID(told["call_id"]), told["file"], datetime.fromisoformat(told["started_at"]))
        recording.gaps = [Gap(gap["at_s"], gap["seconds"], gap["reason"]) for gap in told["gaps"]]

        def finish() -> None:
            self._try_open(recording)
            recording.gaps.append(Gap(recording.seconds, 0.0, "process_ended"))
            self._finish(recording)

        self._queue.put(finish)

    # ------------------------------------------------------------ in the thread

    def _run(self) -> None:
        while (work := self._queue.get()) is not None:
            try:
                work()
            except Exception:  # one recording must not end the others'
                log.exception("A recording step failed.", extra={"action": "recording.failed"})

    def _open(self, recording: Recording) -> None:
        if self._try_open(recording):
            self._tell(recording, "recording")

    def _try_open(self, recording: Recording) -> bool:
        path = self._folder / recording.file
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            recording.descriptor, recording.data_bytes = wav.open_for_append(path)
        except OSError as error:
            self._lose(recording, 0, error.strerror or "cannot open")
            return False
        return True

    def _reopen(self, recording: Recording, now: datetime) -> None:
        with contextlib.suppress(OSError, ValueError, KeyError):
            told = json.loads((self._folder / recording.file).with_suffix(".json").read_text("utf-8"))
            recording.gaps = [Gap(gap["at_s"], gap["seconds"], gap["reason"]) for gap in told["gaps"]]
        if not self._try_open(recording):
            return
        missing = (now - recording.started_at).total_seconds() - recording.seconds
        if missing > 0:
            self._fill(recording, missing, "process_restarted")
        self._tell(recording, "recording")

    def _fill(self, recording: Recording, seconds: float, reason: str) -> None:
        recording.gaps.append(Gap(recording.seconds, seconds, reason))
        self._append(recording, bytes(round(seconds * wav.BYTES_PER_S) // wav.WIDTH * wav.WIDTH))

    def _append(self, recording: Recording, sound: bytes) -> None:
        if recording.done:
            return
        if recording.lost_reason and not self._try_again(recording):
            recording.lost_bytes += len(sound)
            return
        try:
            self._check_space(recording)
            recording.data_bytes = wav.append(recording.descriptor, recording.data_bytes, sound)
        except OSError as error:
            self._lose(recording, len(sound), error.strerror or "cannot write")

    def _check_space(self, recording: Recording) -> None:
        """Raise OSError when the disk is nearly full; asked about each 5 s of sound."""
        if recording.data_bytes % (5 * wav.BYTES_PER_S) < 8000:
            disk = shutil.disk_usage(self._folder)
            if disk.free < disk.total * MIN_FREE.value:
                raise OSError(28, "disk nearly full")

    def _lose(self, recording: Recording, lost: int, reason: str) -> None:
        recording.lost_bytes += lost
        recording.retry_at = time.monotonic() + RETRY_S
        if not recording.lost_reason:
            recording.lost_reason = reason
            log.error(
                "A call goes on unrecorded.",
                extra={"action": "recording.failed", "call_id": str(recording.call_id), "reason": reason},
            )
            self._report(recording, reason)

    def _try_again(self, recording: Recording) -> bool:
        if time.monotonic() < recording.retry_at:
            return False
        recording.retry_at = time.monotonic() + RETRY_S
        path = self._folder / recording.file
        try:
            disk = shutil.disk_usage(self._folder)
            if disk.free < disk.total * MIN_FREE.value:
                return False
            if recording.descriptor < 0:
                path.parent.mkdir(parents=True, exist_ok=True)
                recording.descriptor, recording.data_bytes = wav.open_for_append(path)
        except OSError:
            return False
        self._close_gap(recording)
        return True

    def _close_gap(self, recording: Recording) -> None:
        if recording.lost_reason:
            recording.gaps.append(
                Gap(recording.seconds, recording.lost_bytes / wav.BYTES_PER_S, recording.lost_reason)
            )
            recording.lost_bytes, recording.lost_reason = 0, ""
            self._tell(recording, "recording")

    def _finish(self, recording: Recording) -> None:
        if recording.done:
            return
        recording.done = True
        self._close_gap(recording)
        digest = ""
        if recording.descriptor >= 0:
            os.close(recording.descriptor)
            with contextlib.suppress(OSError), (self._folder / recording.file).open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        gaps = tuple(gap.as_json() for gap in recording.gaps)
        self._tell(recording, "stored", sha256=digest)
        self._report(
            recording,
            Stopped(file=recording.file, sha256=digest, seconds=round(recording.seconds, 2), gaps=gaps),
        )

    def _tell(self, recording: Recording, state: str, **more: object) -> None:
        """Write the sidecar, whole or not at all."""
        path = (self._folder / recording.file).with_suffix(".json")
        told = {
            "call_id": str(recording.call_id),
            "file": recording.file,
            "state": state,
            "started_at": clock.text(recording.started_at),
            "seconds": round(recording.seconds, 2),
            "channels": ["caller", "room"],
            "gaps": [gap.as_json() for gap in recording.gaps],
            **more,
        }
        fresh = path.with_suffix(".json.new")
        with contextlib.suppress(OSError):  # a full disk: the facts still go out as events
            fresh.write_text(json.dumps(told), "utf-8")
            fresh.replace(path)
