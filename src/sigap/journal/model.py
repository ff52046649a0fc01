"""Events, rows and entries: the two forms in which every change of the room is written."""

from dataclasses import dataclass, fields
from datetime import datetime
from hashlib import sha256
from typing import Any, ClassVar, Protocol
from uuid import UUID

from sigap.kernel import clock
from sigap.kernel.canonical import Json, canonical, digest, plain

GENESIS = bytes(32)
"""The hash before the first entry."""


class Author(Protocol):
    """Who did it, as the journal names them: `account:<id>` or `machine:<name>`; never a person's name."""

    @property
    def ref(self) -> str:
        """The reference that is written down."""
        ...


class Event:
    """A fact in the past tense. Subclasses are frozen dataclasses; their fields are what a timeline's reader needs.

    `kind` is `noun.past_participle`; `subject` names the field with the id of the thing it is about.
    No personal data in any field: facts are public for ever.
    """

    __slots__ = ()
    kind: ClassVar[str]
    subject: ClassVar[str]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        EVENTS[cls.kind] = cls

    def facts(self) -> dict[str, Json]:
        """The fields as JSON."""
        return {field.name: plain(getattr(self, field.name)) for field in fields(self)}  # pyrefly: ignore


EVENTS: dict[str, type[Event]] = {}
"""The closed vocabulary: every kind that can be written. It only grows."""


class Row:
    """A row of a journalled table as a frozen dataclass: fields are columns, `id` and `rev` among them.

    Columns named in `personal` are sealed: they never enter an entry's public changes.
    """

    __slots__ = ()
    table: ClassVar[str]
    personal: ClassVar[frozenset[str]] = frozenset()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        TABLES[cls.table] = cls

    def sealed_columns(self) -> frozenset[str]:
        """The columns of this very row that are sealed: its table's, or more where its state asks for it."""
        return self.personal


TABLES: dict[str, type[Row]] = {}
"""Every journalled table and the dataclass of its rows."""


def columns(row: type[Row] | Row) -> tuple[str, ...]:
    """The column names of a row's table, in the order of its fields."""
    return tuple(field.name for field in fields(row))  # pyrefly: ignore[bad-argument-type]


def public(row: Row) -> dict[str, Json]:
    """The columns that everybody's copy of the journal may hold."""
    hidden = row.sealed_columns()
    return {name: plain(getattr(row, name)) for name in columns(row) if name not in hidden}


def sealed(row: Row) -> dict[str, Json]:
    """The personal columns."""
    hidden = row.sealed_columns()
    return {name: plain(getattr(row, name)) for name in columns(row) if name in hidden}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One journal entry as stored. `changes` is [{table, id, rev, row}]; row None removes."""

    seq: int
    occurred_at: datetime
    recorded_at: datetime
    actor: str
    kind: str
    subject: str
    facts: dict[str, Json]
    changes: list[dict[str, Json]]
    seal: str | None
    hash: bytes

    def body(self) -> dict[str, Json]:
        """What the hash is taken over: everything but the hash."""
        return {
            "seq": self.seq,
            "occurred_at": clock.text(self.occurred_at),
            "recorded_at": clock.text(self.recorded_at),
            "actor": self.actor,
            "kind": self.kind,
            "subject": self.subject,
            "facts": self.facts,
            "changes": list(self.changes),
            "seal": self.seal,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """The personal part of one entry: content is [{table, id, row}]; its salted digest is the entry's seal."""

    seq: int
    salt: str
    content: list[dict[str, Json]]

    def seal(self) -> str:
        """SHA-256 over salt and canonical content, hex."""
        return seal_of(self.salt, self.content)


def seal_of(salt: str, content: Json) -> str:
    """The seal of a personal part: without the salt a short content (a phone number) could be guessed from it."""
    return sha256(bytes.fromhex(salt) + canonical(content)).hexdigest()


def chained(previous: bytes, body: dict[str, Json]) -> bytes:
    """hash = SHA-256(previous hash ‖ SHA-256(entry in canonical JSON))."""
    return sha256(previous + digest(body)).digest()


def change_of(row: Row) -> dict[str, Json]:
    """A row as one change."""
    shown = public(row)
    return {"table": row.table, "id": str(shown["id"]), "rev": shown["rev"], "row": shown}


def removal_of(table: str, row_id: UUID | str) -> dict[str, Json]:
    """The change that takes a row away."""
    return {"table": table, "id": str(row_id), "rev": None, "row": None}
