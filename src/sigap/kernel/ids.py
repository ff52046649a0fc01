"""Identifiers made here, never by the database (PostgreSQL 15 has no uuidv7())."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A fresh UUIDv7 (RFC 9562 §5.7): sorts by time of birth, so index pages stay warm."""
    return uuid7()
