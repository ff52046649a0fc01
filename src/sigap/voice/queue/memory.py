"""What the queue must know again after kill -9: who sat where, and whose call was whose. One small file, rewritten at changes.

Not fsynced: it has to outlive the process, not the machine. The calls themselves are kept by the exchange.
"""

import contextlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from sigap.voice.queue.acd import Acd
from sigap.voice.queue.model import Effect, Occupant
from sigap.voice.queue.room import Room


@dataclass(frozen=True, slots=True)
class Memory:
    """The room as it was."""

    seats: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    calls: Mapping[str, str | None] = field(default_factory=dict)
    """Each call that was not over, and the seat that talked to it."""

    def seat_of(self, call_id: UUID) -> str | None:
        """The seat that talked to this caller."""
        return self.calls.get(str(call_id))

    def lost(self, standing: Iterable[UUID]) -> list[UUID]:
        """Calls that did not outlive the process: they still rang, or could not be taken up."""
        kept = {str(call_id) for call_id in standing}
        return [UUID(call_id) for call_id in self.calls if call_id not in kept]

    def seat_step(self, acd: Acd, name: str) -> Callable[[float], list[Effect]]:
        """Keep the seat for whoever sat there."""
        kept = self.seats[name]
        who = Occupant(
            account_id=str(kept["account_id"]),
            username=str(kept["username"]),
            name=str(kept["name"]),
            simulated=kept["simulated"] is True,
        )
        ready, reason = kept["wants_ready"] is True, str(kept["idle_reason"])
        return lambda now: acd.restored_seat(now, name, who, wants_ready=ready, idle_reason=reason)


def of(room: Room) -> dict[str, object]:
    """The room as it is written."""
    seats = {
        seat.name: {
            "account_id": seat.occupant.account_id,
            "username": seat.occupant.username,
            "name": seat.occupant.name,
            "simulated": seat.occupant.simulated,
            "wants_ready": seat.wants_ready,
            "idle_reason": seat.idle_reason,
        }
        for seat in room.seats.values()
        if seat.occupant is not None
    }
    calls = {str(call.call_id): call.seat for call in room.calls.values()}
    return {"seats": seats, "calls": calls}


def keep(file: Path, data: bytes) -> None:
    """Write it; a full disk costs the memory, not a call."""
    with contextlib.suppress(OSError):
        partial = file.with_suffix(".new")
        partial.write_bytes(data)
        partial.replace(file)


def save(file: Path, room: Room) -> None:
    """Write the room as it is now."""
    keep(file, json.dumps(of(room)).encode())


def load(file: Path) -> Memory:
    """What was written; nothing when it is absent or broken."""
    try:
        found = json.loads(file.read_bytes())
        seats = {str(name): dict(seat) for name, seat in found["seats"].items()}
        needed = {"account_id", "username", "name", "simulated", "wants_ready", "idle_reason"}
        whole = {name: seat for name, seat in seats.items() if needed <= seat.keys()}
        return Memory(whole, {str(UUID(call)): seat for call, seat in found["calls"].items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Memory()
