"""The ring policy: who is rung when, and for how long. A snapshot from the api, kept on disk, used however old.

The numbers are settings; the snapshot (`GET /api/voice/policy`) names the seats and may override them. While voice
has neither the api nor a snapshot on disk it does not know the room: then it rings every seat that is connected.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path

from sigap.kernel import settings

RING_S = settings.declare(
    "voice.ring_s", 8.0, "Seconds a seat rings before the next is tried.", source="domain [D]"
)
MISSES = settings.declare(
    "voice.misses", 2, "Missed rings in a row that set a seat to not ready.", source="domain [D]"
)
OVERFLOW_S = settings.declare(
    "voice.overflow_s", 15.0, "Seconds in the queue after which reserve seats ring too.", source="domain [D]"
)
LONG_WAIT_S = settings.declare(
    "voice.long_wait_s",
    45.0,
    "Seconds in the queue after which the alarm says long wait.",
    source="domain [D]",
)
RESUME_S = settings.declare(
    "voice.resume_s",
    20.0,
    "Seconds a call whose seat broke off is kept for that seat.",
    source="telephony [D]",
)
WRAP_UP_S = settings.declare(
    "voice.wrap_up_s", 30.0, "Seconds after a call before the seat is ready by itself."
)
ANNOUNCE_AFTER_S = settings.declare(
    "voice.announce_after_s", 2.0, "Seconds without a free seat before the announcement.", source="domain [D]"
)
ANNOUNCE_EVERY_S = settings.declare(
    "voice.announce_every_s",
    20.0,
    "Seconds between two announcements to a waiting caller.",
    source="domain [D]",
)
SEATS = settings.declare(
    "voice.seats",
    ("meja-1", "meja-2", "meja-3", "penyelia"),
    "Seats of the room, in order.",
    owner="supervisor",
)
RESERVE_SEATS = settings.declare(
    "voice.reserve_seats", ("penyelia",), "Seats that ring only after voice.overflow_s.", owner="supervisor"
)

_LIMITS: dict[str, tuple[float, float]] = {
    "ring_s": (1, 120), "misses": (1, 100), "overflow_s": (0, 600), "long_wait_s": (0, 3600),
    "resume_s": (0, 300), "wrap_up_s": (0, 600), "announce_after_s": (0, 60), "announce_every_s": (5, 600),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What the queue goes by. `known` is false while voice has never heard from the room."""

    known: bool = False
    seats: tuple[str, ...]
    reserve_seats: frozenset[str]
    ring_s: float
    misses: int
    overflow_s: float
    long_wait_s: float
    resume_s: float
    wrap_up_s: float
    announce_after_s: float
    announce_every_s: float
    open_incident_numbers: frozenset[str] = frozenset()
    callback_numbers: frozenset[str] = frozenset()


def built_in(*, known: bool = False) -> Policy:
    """The policy of the settings alone."""
    return Policy(
        known=known,
        seats=tuple(SEATS.value),
        reserve_seats=frozenset(RESERVE_SEATS.value),
        ring_s=RING_S.value,
        misses=MISSES.value,
        overflow_s=OVERFLOW_S.value,
        long_wait_s=LONG_WAIT_S.value,
        resume_s=RESUME_S.value,
        wrap_up_s=WRAP_UP_S.value,
        announce_after_s=ANNOUNCE_AFTER_S.value,
        announce_every_s=ANNOUNCE_EVERY_S.value,
    )


def from_snapshot(snapshot: object) -> Policy:
    """A snapshot over the settings. What is unusable in it keeps the setting; a snapshot never stops a ring."""
    policy = built_in(known=True)
    if not isinstance(snapshot, Mapping):
        return policy
    changes: dict[str, object] = {}
    for field in fields(Policy):
        given = snapshot.get(field.name)
        if field.name in _LIMITS:
            low, high = _LIMITS[field.name]
            if isinstance(given, int | float) and not isinstance(given, bool) and low <= given <= high:
                changes[field.name] = int(given) if field.name == "misses" else float(given)
        elif (
            field.name != "known" and isinstance(given, list) and all(isinstance(item, str) for item in given)
        ):
            changes[field.name] = tuple(given) if field.name == "seats" else frozenset(given)
    if not changes.get("seats", policy.seats):
        del changes["seats"]
    return replace(policy, **changes)  # pyrefly: ignore[bad-argument-type]  # names and types checked above


def load(file: Path) -> Policy:
    """The snapshot on disk; the settings, marked unknown, where there is none or it cannot be read."""
    try:
        return from_snapshot(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return built_in()


def save(file: Path, snapshot: object) -> None:
    """Keep a snapshot for the next start. Raises OSError."""
    partial = file.with_suffix(".new")
    with partial.open("w", encoding="utf-8") as out:
        json.dump(snapshot, out, ensure_ascii=False)
        out.flush()
        os.fsync(out.fileno())
    partial.replace(file)
