"""The spool: every fact voice learns, one JSON line each, on disk (fsync) before anything is done about it.

`facts.jsonl` starts with a line naming the node and the last number that was compacted away; then one fact a line with its
`voice_seq`, strictly increasing for this node, for ever. `acknowledged.json` holds how far the api has them. Writing runs in a thread of its own, several
facts to one fsync, so that a slow disk never stops the sound; a torn line (kill -9, full disk) is cut off and named.

When the disk is full calls go on: facts wait in memory, are handed to the api from there, and are written when there is room
again. `reserve` is a file that exists to be deleted at that moment, so the facts of the hour in which the disk fills still fit.
"""

import contextlib
import json
import logging
import os
import queue
import secrets
import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from io import BufferedRandom
from pathlib import Path

log = logging.getLogger(__name__)

RESERVE_BYTES = 4 * 1024 * 1024
_SKIP = 100_000
"""Numbers left out at each start: one that was handed on from memory and never reached the disk must not come twice."""
_COMPACT_BYTES = 1024 * 1024
"""Acknowledged bytes at the head of the file that are worth rewriting it."""

type FactLine = dict[str, object]


@dataclass(frozen=True, slots=True)
class SpoolState:
    """How the spool stands, for /healthz."""

    last_seq: int
    acknowledged_through: int
    backlog: int
    unwritten: int

    def public(self) -> dict[str, int]:
        """JSON-able."""
        return {
            "last_seq": self.last_seq,
            "acknowledged_through": self.acknowledged_through,
            "backlog": self.backlog,
            "unwritten": self.unwritten,
        }


@dataclass(slots=True)
class _Entry:
    seq: int
    line: bytes | None
    """None once it is in the file."""
    offset: int = 0
    length: int = 0


class Spool:
    """The facts of one node. `write` may be called from any thread; order of calls is order of numbers."""

    def __init__(self, folder: Path, on_trouble: Callable[[str, str], None] | None = None) -> None:
        """Open or create; never fails for a full or broken disk. `on_trouble(what, detail)` is called from the writer's thread."""
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
        self.node = _node(folder)
        self.torn: list[str] = []
        """What could not be read at the start, in words."""
        self.news = threading.Event()
        """Set when there is something to forward."""
        self._folder, self._path = folder, folder / "facts.jsonl"
        self._trouble = on_trouble or (lambda what, detail: None)
        self._lock = threading.Lock()
        self._entries: list[_Entry] = []
        self._acknowledged = self._read_acknowledged()
        self._last_seq = self._acknowledged
        self._good_end = 0
        self._failing_from: int | None = None
        self._file: BufferedRandom | None = None
        self._scan()
        if self._last_seq:
            self._last_seq += _SKIP - self._last_seq % _SKIP
        self._refill_reserve()
        self._jobs: queue.SimpleQueue[tuple[Callable[[], None] | None, Future[None]] | None] = (
            queue.SimpleQueue()
        )
        self._thread = threading.Thread(target=self._write_for_ever, name="spool", daemon=True)
        self._thread.start()

    # ---- writing

    def write(self, facts: Iterable[Mapping[str, object]]) -> Future[None]:
        """Number the facts and put them down; the future is done when they are on disk, or fails with OSError while they wait in memory."""
        done: Future[None] = Future()
        with self._lock:
            for fact in facts:
                self._last_seq += 1
                line = json.dumps(
                    {"voice_seq": self._last_seq, **fact}, ensure_ascii=False, separators=(",", ":")
                )
                encoded = line.encode("utf-8", "backslashreplace") + b"\n"
                self._entries.append(_Entry(self._last_seq, encoded, length=len(encoded)))
            self._jobs.put((None, done))
        return done

    def later(self, job: Callable[[], None]) -> None:
        """Run a small write on the spool's thread, after the facts so far."""
        self._jobs.put((job, Future()))

    def close(self) -> None:
        """Write what waits, stop the thread."""
        self._jobs.put(None)
        self._thread.join(timeout=10)
        self._shut()

    # ---- handing on

    def pending(self, limit: int = 200, limit_bytes: int = 1_000_000) -> list[FactLine]:
        """The oldest facts that the api does not have, in order; also those the disk refused."""
        with self._lock:
            chosen: list[bytes] = []
            size = 0
            for entry in self._entries:
                size += entry.length
                if chosen and (size > limit_bytes or len(chosen) >= limit):
                    break
                chosen.append(entry.line if entry.line is not None else self._read(entry))
        return [json.loads(line) for line in chosen]

    def acknowledge(self, through: int) -> None:
        """The api has everything up to this number."""
        with self._lock:
            through = min(through, self._last_seq)
            if through <= self._acknowledged:
                return
            self._acknowledged = through
            self._entries = [entry for entry in self._entries if entry.seq > through]
            first = next((entry.offset for entry in self._entries if entry.line is None), self._good_end)
        self.later(lambda: self._keep_acknowledged(through))
        if first > _COMPACT_BYTES or (first > 4096 and not self._entries):
            self.later(self._compact)

    def state(self) -> SpoolState:
        """How it stands."""
        with self._lock:
            unwritten = sum(entry.line is not None for entry in self._entries)
            return SpoolState(self._last_seq, self._acknowledged, len(self._entries), unwritten)

    # ---- the writer's thread

    def _write_for_ever(self) -> None:
        stopping = False
        while not stopping:
            jobs = [self._jobs.get()] if self._failing_from is None else list(self._next_or_retry())
            with contextlib.suppress(queue.Empty):
                while True:
                    jobs.append(self._jobs.get_nowait())
            stopping = None in jobs
            error = self._put_down()
            for job in jobs:
                if job is None:
                    continue
                work, done = job
                try:
                    if work is not None:
                        work()
                    elif error is not None:
                        raise error
                    done.set_result(None)
                except OSError as failure:
                    done.set_exception(failure)
            self.news.set()

    def _next_or_retry(self) -> Iterator[tuple[Callable[[], None] | None, Future[None]] | None]:
        with contextlib.suppress(queue.Empty):
            yield self._jobs.get(timeout=1.0)

    def _put_down(self) -> OSError | None:
        """Write every line that is only in memory; one fsync."""
        with self._lock:
            waiting = [entry for entry in self._entries if entry.line is not None]
        if not waiting:
            return None
        try:
            self._append(b"".join(entry.line or b"" for entry in waiting))
        except OSError as failure:
            self._free_reserve()
            try:
                self._append(b"".join(entry.line or b"" for entry in waiting))
            except OSError:
                if self._failing_from is None:
                    self._failing_from = waiting[0].seq
                    self._trouble(
                        "spool_write_failed",
                        f"{failure.strerror}; facts from {waiting[0].seq} only in memory",
                    )
                return failure
            self._trouble("disk_full", f"{failure.strerror}; facts still written, from the reserve")
        offset = self._good_end
        with self._lock:
            for entry in waiting:
                entry.offset, entry.line = offset, None
                offset += entry.length
            self._good_end = offset
        if self._failing_from is not None:
            first, self._failing_from = self._failing_from, None
            self._trouble("spool_recovered", f"facts {first} to {waiting[-1].seq} were late on disk")
        return None

    def _append(self, data: bytes) -> None:
        try:
            file = self._opened()
            file.seek(self._good_end)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            self._shut()
            raise

    def _opened(self) -> BufferedRandom:
        """The file, cut to its last good byte when it is opened afresh."""
        if self._file is None:
            if not self._path.exists():
                head = self._head(self._acknowledged)
                _replace(self._path, head)
                self._good_end = len(head)
            file = self._path.open("r+b")
            file.truncate(self._good_end)
            self._file = file
        return self._file

    def _shut(self) -> None:
        """Drop the handle: after a failed write Python's buffer would try the same bytes again."""
        file, self._file = self._file, None
        with contextlib.suppress(OSError):
            if file is not None:
                file.close()

    def _keep_acknowledged(self, through: int) -> None:
        _replace(
            self._folder / "acknowledged.json", json.dumps({"node": self.node, "through": through}).encode()
        )

    def _compact(self) -> None:
        """Rewrite the file without what the api has."""
        with self._lock:
            kept = [entry for entry in self._entries if entry.line is None]
            lines = [self._read(entry) for entry in kept]
            after = kept[0].seq - 1 if kept else self._acknowledged
        head = self._head(after)
        _replace(self._path, head + b"".join(lines))
        with self._lock:
            self._shut()
            offset = len(head)
            for entry in kept:
                entry.offset = offset
                offset += entry.length
            self._good_end = offset
        self._refill_reserve()

    def _free_reserve(self) -> None:
        with contextlib.suppress(OSError):
            (self._folder / "reserve").unlink()

    def _refill_reserve(self) -> None:
        reserve = self._folder / "reserve"
        with contextlib.suppress(OSError):
            if reserve.exists() and reserve.stat().st_size == RESERVE_BYTES:
                return
            stat = os.statvfs(self._folder)
            if stat.f_bavail * stat.f_frsize < 4 * RESERVE_BYTES:
                return
            with reserve.open("wb") as out:
                out.write(bytes(RESERVE_BYTES))

    # ---- opening

    def _head(self, after: int) -> bytes:
        return json.dumps({"spool": 1, "node": self.node, "after": after}).encode() + b"\n"

    def _read_acknowledged(self) -> int:
        try:
            return int(json.loads((self._folder / "acknowledged.json").read_bytes())["through"])
        except (OSError, ValueError, KeyError, TypeError):
            return 0

    def _scan(self) -> None:
        """Read the file of an earlier run; a torn tail is put aside and cut off at the first write."""
        try:
            data = self._path.read_bytes()
        except FileNotFoundError:
            return
        except OSError as failure:
            self.torn.append(f"the spool cannot be read: {failure.strerror}")
            return
        offset = 0
        for line in data.split(b"\n")[:-1]:
            self._take(line, offset)
            offset += len(line) + 1
        self._good_end = offset
        self._entries = [entry for entry in self._entries if entry.seq > self._acknowledged]
        if tail := data[offset:]:
            self._name_torn(tail, offset)

    def _name_torn(self, piece: bytes, offset: int) -> None:
        """What cannot be read is named and kept beside the spool, never guessed."""
        self.torn.append(f"{len(piece)} bytes at {offset}, after fact {self._last_seq}")
        log.error("a line of the spool cannot be read", extra={"action": "spool.torn", "offset": offset})
        with contextlib.suppress(OSError), (self._folder / "torn.log").open("ab") as out:
            out.write(piece + b"\n")

    def _take(self, line: bytes, offset: int) -> None:
        """Read one line of the file."""
        try:
            fact = json.loads(line)
            if "spool" in fact:
                self._last_seq = max(self._last_seq, int(fact["after"]))
                return
            seq = int(fact["voice_seq"])
        except (ValueError, KeyError, TypeError):
            self._name_torn(line, offset)
            return
        self._entries.append(_Entry(seq, None, offset, len(line) + 1))
        self._last_seq = max(self._last_seq, seq)

    def _read(self, entry: _Entry) -> bytes:
        if self._file is not None:
            return os.pread(self._file.fileno(), entry.length, entry.offset)
        with self._path.open("rb") as file:
            return os.pread(file.fileno(), entry.length, entry.offset)


def _node(folder: Path) -> str:
    """This spool's name, made with it: numbers are unique within it, so a new spool is a new node."""
    file = folder / "node"
    with contextlib.suppress(OSError):
        if named := file.read_text(encoding="ascii", errors="ignore").strip():
            return named
    node = f"{socket.gethostname()[:40]}-{secrets.token_hex(4)}"
    with contextlib.suppress(OSError):
        _replace(file, node.encode())
    return node


def _replace(path: Path, data: bytes) -> None:
    """Write a small file whole or not at all. Raises OSError."""
    partial = path.with_suffix(".new")
    with partial.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    partial.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
