"""Time as an argument: verbs never ask the machine, so stories can run hours in seconds."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Protocol

WIB = timezone(timedelta(hours=7), "WIB")
"""Asia/Jakarta: UTC+7, no daylight saving; for people only, never stored."""


class Clock(Protocol):
    """Where a verb reads the time."""

    def now(self) -> datetime:
        """The present, aware, UTC, microseconds."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present, UTC."""
        return datetime.now(UTC)


class ManualClock:
    """A clock that moves when it is told to; for stories and drills."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        """The moment it was last set to."""
        return self._at

    def tick(self, *, seconds: float) -> datetime:
        """Move on and return the new moment."""
        self._at += timedelta(seconds=seconds)
        return self._at


def text(at: datetime) -> str:
    """RFC 3339 with microseconds and Z: the one way a moment is written in journal, API and files."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
