"""One byte sequence for one value: canonical JSON (RFC 8785), what the journal's hashes are taken over."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from enum import Enum
from hashlib import sha256
from uuid import UUID

import rfc8785

from sigap.kernel import clock

EXACT = 2**53
"""Beyond it a JSON number is no longer one value in every reader (RFC 8785 §3.2.2.3)."""

type Json = bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None


def canonical(value: Json) -> bytes:
    """The RFC 8785 bytes of `value`. Raises ValueError for what JSON cannot carry (NaN, integers past 2**53)."""
    return rfc8785.dumps(value)


def digest(value: Json) -> bytes:
    """SHA-256 over the canonical bytes."""
    return sha256(canonical(value)).digest()


def plain(value: object) -> Json:
    """Turn a Python value into what JSON carries: UUID and moments as text, enums as their value."""
    match value:
        case Enum():
            return plain(value.value)
        case float() if abs(value) >= EXACT:
            raise ValueError(f"a number past 2**53 cannot be kept exactly: {value}")
        case None | bool() | int() | float():
            return value
        case str():
            return str(value)
        case UUID():
            return str(value)
        case datetime():
            return clock.text(value)
        case dict():
            return {str(key): plain(item) for key, item in value.items()}
        case set() | frozenset():
            return [plain(item) for item in sorted(value)]
        case list() | tuple():
            return [plain(item) for item in value]
        case _ if hasattr(value, "__dataclass_fields__"):
            return {field.name: plain(getattr(value, field.name)) for field in fields(value)}  # pyrefly: ignore
        case _:
            raise TypeError(f"no JSON form for {type(value).__name__}")
