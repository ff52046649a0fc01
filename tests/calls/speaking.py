"""The voice process as the room hears it: numbers its facts and hands them over."""

from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection

from sigap.calls import follow
from sigap.identity.model import Actor
from sigap.kernel import clock as clocks
from sigap.kernel.clock import ManualClock
from sigap.kernel.ids import new_id

VOICE = Actor.machine("voice")


class Voice:
    """One voice node. Facts are kept in `said`, so that a test can hand them over again, late or shuffled."""

    def __init__(self, clock: ManualClock, node: str = "node-1") -> None:
        self.clock, self.node = clock, node
        self.said: list[follow.Handed] = []

    def says(self, kind: str, *, at: datetime | None = None, **body: Any) -> follow.Handed:
        """Number a fact without handing it over."""
        at = at or self.clock.now()
        seq = len(self.said) + 1
        told = {"voice_seq": seq, "at": clocks.text(at), "kind": kind}
        told |= {name: str(value) if isinstance(value, UUID) else value for name, value in body.items()}
        fact = follow.Handed(voice_seq=seq, at=at, kind=kind, body=told)
        self.said.append(fact)
        return fact

    async def hands(self, conn: AsyncConnection, *facts: follow.Handed) -> int:
        """Hand facts over; all that were said if none are named."""
        return await follow.take_facts(
            conn, node=self.node, handed=facts or self.said, by=VOICE, clock=self.clock
        )

    async def tells(self, conn: AsyncConnection, kind: str, **body: Any) -> int:
        """Say something and hand it over at once."""
        return await self.hands(conn, self.says(kind, **body))

    async def rings(self, conn: AsyncConnection, number: str | None = "081200000012", **more: Any) -> UUID:
        """A caller reaches the centre."""
        call_id = new_id()
        await self.tells(conn, "call_offered", call_id=call_id, **offer(number), **more)
        return call_id

    async def answered(
        self,
        conn: AsyncConnection,
        account_id: UUID | None,
        number: str | None = "081200000012",
        seat: str = "meja-1",
    ) -> UUID:
        """A caller reaches the centre, rings two seconds later, and is answered after four."""
        call_id = await self.rings(conn, number)
        self.clock.tick(seconds=2)
        await self.tells(conn, "call_alerted", call_id=call_id, seat=seat)
        self.clock.tick(seconds=2)
        await self.tells(conn, "call_answered", call_id=call_id, seat=seat, account_id=account_id)
        return call_id


def offer(number: str | None) -> dict[str, Any]:
    """What the trunk tells of a caller."""
    return {
        "number": number,
        "number_class": "usable" if number else "none",
        "display_name": "Bu Sari" if number else None,
        "trunk": "lokal",
        "dialed_number": "112",
        "evidence": [],
    }
