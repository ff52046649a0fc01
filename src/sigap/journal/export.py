"""The journal as a file that anybody can check, with no database and no secret.

One line of canonical JSON (RFC 8785) each: first the format, then every entry with its hash, and with
`sealed=True` its personal part. A line that is not byte for byte the canonical form of what it says is broken.
"""

import json
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from typing import ClassVar

from psycopg import AsyncConnection

from sigap.journal import store
from sigap.journal.model import GENESIS, Event, chained, seal_of
from sigap.kernel.canonical import Json, canonical

FORMAT = "sigap-journal/1"
HEADER: dict[str, Json] = {"format": FORMAT}


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalExported(Event):
    """The journal left the room as a file, up to and with entry `last_seq`; `sealed`: with the personal parts."""

    kind: ClassVar[str] = "journal.exported"
    subject: ClassVar[str] = "last_seq"
    sealed: bool
    last_seq: int


@dataclass(frozen=True, slots=True)
class Verified:
    """What a sound file holds. `head` is the last hash, hex; `head_seq` where the asked-for head stands."""

    entries: int
    last_seq: int
    head: str
    head_seq: int | None


class Broken(Exception):
    """The file is not what was exported: line (1 = the format line), the entry that must stand there, and why."""

    def __init__(self, line: int, seq: int | None, why: str) -> None:
        super().__init__(f"line {line}" + (f", entry {seq}" if seq is not None else "") + f": {why}")
        self.line, self.seq, self.why = line, seq, why


async def lines(conn: AsyncConnection, *, with_sealed: bool = False) -> AsyncIterator[bytes]:
    """The file, line by line, each ending in a newline."""
    yield canonical(HEADER) + b"\n"
    async for entry in store.everything(conn):
        record: dict[str, Json] = {"entry": entry.body(), "hash": entry.hash.hex()}
        if with_sealed and (part := (await store.sealed(conn, entry.seq, entry.seq)).get(entry.seq)):
            record["sealed"] = {"salt": part.salt, "content": list(part.content)}
        yield canonical(record) + b"\n"


def verify(file: Iterable[bytes], *, head: str | None = None) -> Verified:
    """Check every line of an exported file. Raises Broken at the first that is wrong.

    With `head` (a hash printed on a report earlier) the chain must hold it: a cut tail and a chain that was
    rewritten as a whole verify in themselves, but not against a head known from outside.
    """
    previous, seq, number, head_seq = GENESIS, 0, 0, 0 if head == GENESIS.hex() else None
    for number, line in enumerate(file, start=1):
        if number == 1:
            if line != canonical(HEADER) + b"\n":
                raise Broken(1, None, f"the first line is not {canonical(HEADER).decode()}")
            continue
        previous = _check(line, number, seq, previous)
        seq += 1
        if head is not None and previous.hex() == head:
            head_seq = seq
    if number == 0:
        raise Broken(1, None, "the file is empty")
    if head is not None and head_seq is None:
        raise Broken(
            number, seq, f"the head {head} is not in this chain: its tail was cut or it was rewritten"
        )
    return Verified(entries=seq, last_seq=seq, head=previous.hex(), head_seq=head_seq)


def _check(line: bytes, number: int, seq: int, previous: bytes) -> bytes:
    """The hash of one sound line."""
    try:
        record = json.loads(line)
        exact = canonical(record) + b"\n" == line
    except (ValueError, RecursionError) as error:
        raise Broken(number, seq + 1, f"not readable: {error}") from error
    entry = record.get("entry") if isinstance(record, dict) else None
    if not isinstance(entry, dict) or not isinstance(record.get("hash"), str):
        raise Broken(number, seq + 1, "not an entry with its hash")
    found = entry.get("seq")
    if not exact:
        raise Broken(number, seq + 1, "not in canonical form, or cut short")
    if found != seq + 1:
        raise Broken(number, seq + 1, f"is not here: an entry numbered {found} stands in its place")
    if (own := chained(previous, entry)).hex() != record["hash"]:
        raise Broken(number, seq + 1, "the content does not fit its hash")
    if "sealed" in record:
        _check_seal(record["sealed"], entry, number, seq + 1)
    if unknown := set(record) - {"entry", "hash", "sealed"}:
        raise Broken(number, seq + 1, f"unknown part: {sorted(unknown)[0]}")
    return own


def _check_seal(part: Json, entry: dict[str, Json], number: int, seq: int) -> None:
    fits = False
    if isinstance(part, dict) and set(part) == {"salt", "content"}:
        salt = part["salt"]
        # Only the written form counts: upper-case hex would be the same salt in other bytes.
        if (
            isinstance(salt, str)
            and all(digit in "0123456789abcdef" for digit in salt)
            and len(salt) % 2 == 0
        ):
            fits = seal_of(salt, part["content"]) == entry.get("seal")
    if not fits:
        raise Broken(number, seq, "the personal part does not fit its seal")
