"""A night in the room: random verbs, one after the other, as any order of keys could press them."""

from collections.abc import Awaitable, Callable
from random import Random
from uuid import UUID

from psycopg import AsyncConnection

from sigap.calls import actions as calls
from sigap.calls.model import Disposition
from sigap.dispatch import actions, closing, sending
from sigap.dispatch.model import Role
from sigap.dispatch.words import CANCEL_REASONS, REFUSAL_REASONS, RESULTS
from sigap.identity.model import Actor
from sigap.incidents.catalogue import TYPES
from sigap.intake import actions as intake
from sigap.intake.model import Place, Report
from sigap.kernel.clock import ManualClock
from sigap.kernel.place import Point
from sigap.kernel.problems import Problem
from sigap.units import actions as units
from sigap.units.model import UnitStatus
from sigap.units.roster import shipped
from tests.calls.speaking import Voice
from tests.people import agent, crew, dispatcher, officer, supervisor


class Night:
    """One night on one connection. `step(number)` does something that the number chooses; refusals are part of it."""

    def __init__(self, conn: AsyncConnection, clock: ManualClock) -> None:
        self.conn, self.clock, self.voice = conn, clock, Voice(clock)
        self.calls: list[UUID] = []
        self.refused = 0
        self._steps: list[Callable[[Random], Awaitable[object]]] = [
            self._ring,
            self._end_call,
            self._classify,
            self._undo,
            self._open,
            self._open,
            self._relocate,
            self._reclassify,
            self._note,
            self._attach,
            self._access,
            self._send,
            self._send,
            self._send,
            self._acknowledge,
            self._depart,
            self._arrive,
            self._finish,
            self._refuse,
            self._cancel,
            self._replace,
            self._close,
            self._cancel_incident,
            self._unit_status,
            self._seat,
        ]

    async def begin(self) -> None:
        """The roster is there."""
        await units.seed(self.conn, roster=shipped(), by=Actor.machine("import"), clock=self.clock)

    async def step(self, number: int) -> None:
        """One thing happens, or is refused."""
        chance = Random(number)
        self.clock.tick(seconds=chance.uniform(0.1, 90))
        try:
            await self._steps[number % len(self._steps)](chance)
        except Problem:
            self.refused += 1

    async def _any(self, chance: Random, query: str) -> UUID:
        rows = await (await self.conn.execute(query.encode())).fetchall()
        if not rows:
            raise Problem()
        return chance.choice(rows)[0]

    async def _incident(self, chance: Random) -> UUID:
        return await self._any(chance, "SELECT id FROM incident ORDER BY opened_at, id")

    async def _assignment(self, chance: Random, likely: str = "sent") -> tuple[UUID, Actor]:
        """Mostly one in the state that the verb is for, sometimes any: a key pressed at the wrong moment."""
        right = f"WHERE state = '{likely}'" if chance.random() < 0.8 else ""
        found = await self._any(chance, f"SELECT id FROM assignment {right} ORDER BY sent_at, id")
        row = await (
            await self.conn.execute("SELECT agency, unit_id FROM assignment WHERE id = %s", (found,))
        ).fetchone()
        assert row is not None
        return found, crew(row[1], row[0]) if row[1] and chance.random() < 0.6 else officer(row[0])

    def _call(self, chance: Random) -> UUID:
        if not self.calls:
            raise Problem()
        return chance.choice(self.calls)

    async def _ring(self, chance: Random) -> None:
        number = chance.choice(["+62000113001", "+62000113002", None])
        if chance.random() < 0.7:
            self.calls.append(await self.voice.answered(self.conn, agent().account_id, number))
        else:
            self.calls.append(await self.voice.rings(self.conn, number))

    async def _end_call(self, chance: Random) -> None:
        call_id = self._call(chance)
        if chance.random() < 0.3:
            await self.voice.tells(self.conn, "call_abandoned", call_id=call_id, stage="queue", waited_s=12.0)
        await self.voice.tells(
            self.conn, "call_ended", call_id=call_id, cause="caller_released", by="caller", sip_code=200
        )

    async def _classify(self, chance: Random) -> None:
        disposition = chance.choice(list(Disposition))
        await calls.classify(
            self.conn, call_id=self._call(chance), disposition=disposition, by=agent(), clock=self.clock
        )

    async def _undo(self, chance: Random) -> None:
        await calls.undo(self.conn, call_id=self._call(chance), by=agent(), clock=self.clock)

    async def _open(self, chance: Random) -> None:
        point = Point(chance.uniform(106.35, 106.70), chance.uniform(-6.35, -6.01))
        report = Report(
            type=chance.choice(sorted(TYPES)),
            place=Place(point=point, text="Gg. Melati 3, RT 04/RW 07", landmark="gapura hijau"),
            narrative="Cerita penelepon – “é”.",
            intake_channel="phone",
            reporter_name="Ibu Demo",
            callback_number="+62000113009",
        )
        call_id = self._call(chance) if self.calls and chance.random() < 0.5 else None
        await intake.open_incident(self.conn, report, call_id=call_id, by=agent(), clock=self.clock)

    async def _relocate(self, chance: Random) -> None:
        place = Place(point=Point(106.5 + chance.random() / 10, -6.2), text="Jalan Raya Serang")
        await intake.locate(
            self.conn, incident_id=await self._incident(chance), place=place, by=agent(), clock=self.clock
        )

    async def _reclassify(self, chance: Random) -> None:
        await intake.reclassify(
            self.conn,
            incident_id=await self._incident(chance),
            type=chance.choice(sorted(TYPES)),
            priority=None,
            reason=None,
            by=supervisor(),
            clock=self.clock,
        )

    async def _note(self, chance: Random) -> None:
        incident_id = await self._incident(chance)
        await intake.add_note(
            self.conn, incident_id=incident_id, text="Catatan", by=supervisor(), clock=self.clock
        )

    async def _attach(self, chance: Random) -> None:
        incident_id, call_id = await self._incident(chance), self._call(chance)
        await intake.attach_call(
            self.conn, incident_id=incident_id, call_id=call_id, by=agent(), clock=self.clock
        )

    async def _access(self, chance: Random) -> None:
        incident_id = await self._incident(chance)
        await intake.open_restricted(
            self.conn, incident_id=incident_id, reason="Mengirim bantuan", by=dispatcher(), clock=self.clock
        )

    async def _send(self, chance: Random) -> None:
        rows = await (await self.conn.execute("SELECT id, agency FROM unit ORDER BY code")).fetchall()
        chosen = chance.sample(rows, k=chance.randrange(1, 4))
        orders = [
            sending.Order(
                agency=agency,
                unit_id=unit_id if chance.random() < 0.8 else None,
                role=chance.choice(list(Role)),
            )
            for unit_id, agency in chosen
        ]
        incident_id = await self._incident(chance)
        promised = {unit_id: chance.uniform(60, 900) for unit_id, _ in chosen}
        await sending.assign_units(
            self.conn,
            incident_id=incident_id,
            orders=orders,
            promised=promised,
            by=dispatcher(),
            clock=self.clock,
        )

    async def _acknowledge(self, chance: Random) -> None:
        assignment_id, by = await self._assignment(chance)
        await actions.acknowledge(self.conn, assignment_id=assignment_id, by=by, clock=self.clock)

    async def _depart(self, chance: Random) -> None:
        assignment_id, by = await self._assignment(chance, "acknowledged")
        await actions.depart(self.conn, assignment_id=assignment_id, by=by, clock=self.clock)

    async def _arrive(self, chance: Random) -> None:
        assignment_id, by = await self._assignment(chance, "departed")
        await actions.arrive(self.conn, assignment_id=assignment_id, by=by, clock=self.clock)

    async def _finish(self, chance: Random) -> None:
        assignment_id, by = await self._assignment(chance, "arrived")
        result = chance.choice([*sorted(RESULTS), None])
        await actions.finish(self.conn, assignment_id=assignment_id, result=result, by=by, clock=self.clock)

    async def _refuse(self, chance: Random) -> None:
        assignment_id, by = await self._assignment(chance)
        reason = chance.choice(sorted(REFUSAL_REASONS))
        await actions.refuse(
            self.conn, assignment_id=assignment_id, reason=reason, text="Sebab", by=by, clock=self.clock
        )

    async def _cancel(self, chance: Random) -> None:
        assignment_id, _ = await self._assignment(chance)
        reason = chance.choice(sorted(CANCEL_REASONS))
        await sending.cancel(
            self.conn,
            assignment_id=assignment_id,
            reason=reason,
            text="Sebab",
            by=dispatcher(),
            clock=self.clock,
        )

    async def _replace(self, chance: Random) -> None:
        assignment_id, _ = await self._assignment(chance)
        unit_id = await self._any(chance, "SELECT id FROM unit ORDER BY code")
        await sending.replace_unit(
            self.conn,
            assignment_id=assignment_id,
            unit_id=unit_id,
            reason="nearer_unit",
            promised_s=None,
            by=dispatcher(),
            clock=self.clock,
        )

    async def _close(self, chance: Random) -> None:
        incident_id = await self._any(
            chance, "SELECT id FROM incident ORDER BY state <> 'resolved', opened_at LIMIT 2"
        )
        query = "SELECT DISTINCT agency FROM assignment WHERE incident_id = %s AND state = 'done' AND role <> 'inform'"
        agencies = await (await self.conn.execute(query, (incident_id,))).fetchall()
        results = {agency: chance.choice(sorted(RESULTS)) for (agency,) in agencies}
        await closing.close_incident(
            self.conn, incident_id=incident_id, results=results, by=dispatcher(), clock=self.clock
        )

    async def _cancel_incident(self, chance: Random) -> None:
        incident_id = await self._incident(chance)
        await closing.cancel_incident(
            self.conn, incident_id=incident_id, reason="false_report", by=dispatcher(), clock=self.clock
        )

    async def _unit_status(self, chance: Random) -> None:
        unit_id = await self._any(chance, "SELECT id FROM unit ORDER BY code")
        status = chance.choice(list(UnitStatus))
        await units.set_status(self.conn, unit_id=unit_id, status=status, by=dispatcher(), clock=self.clock)

    async def _seat(self, chance: Random) -> None:
        kind = chance.choice(["seat_signed_in", "seat_signed_out"])
        await self.voice.tells(
            self.conn, kind, seat=chance.choice(["meja-1", "meja-2"]), account_id=agent().account_id
        )
