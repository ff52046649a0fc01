"""Folding the journal from empty gives the tables, whatever the call-takers and voice did, and the chain holds."""

from collections.abc import Awaitable, Callable
from typing import Any, cast

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import AsyncConnection
from psycopg.rows import dict_row

from sigap.calls import actions as call_actions
from sigap.calls.model import CallbackOutcome, Disposition
from sigap.identity.model import Actor
from sigap.intake import actions, reading
from sigap.journal import store as journal
from sigap.journal.model import GENESIS, Sealed, chained, columns
from sigap.journal.model import TABLES as JOURNALLED
from sigap.kernel.canonical import plain
from sigap.kernel.clock import ManualClock
from sigap.kernel.problems import Problem
from tests.calls.speaking import Voice
from tests.conftest import START
from tests.intake.given import incident, place
from tests.people import agent, dispatcher, supervisor

TABLES = ("incident", "incident_note", "incident_access", "call", "callback", "seat", "recording_play")
PEOPLE = (agent("agent1"), agent("agent2"), dispatcher(), supervisor())
TYPES = ("FIR01", "PPA01", "OTH11", "OTH06", "SEC06")


class Shift:
    """One shift's random work: every step picks among what there is."""

    def __init__(self, conn: AsyncConnection, data: st.DataObject) -> None:
        self.conn, self.data, self.clock = conn, data, ManualClock(START)
        self.voice = Voice(self.clock, node="fold")
        self.calls: list[Any] = []
        self.incidents: list[Any] = []

    def pick(self, options: Any) -> Any:
        return self.data.draw(st.sampled_from(list(options)))

    async def step(self) -> None:
        self.clock.tick(seconds=self.pick((0, 3, 20, 200)))
        verb: Callable[[Actor], Awaitable[Any]] = self.pick(
            (self.ring, self.lose, self.end, self.stop_recording, self.sit, self.restart)
            + (self.open, self.say, self.undo, self.note, self.hear, self.call_back) * bool(self.calls)
            + (self.locate, self.reclassify, self.remember, self.join, self.unlock, self.read)
            * bool(self.incidents)
        )
        try:
            async with self.conn.transaction():
                await verb(self.pick(PEOPLE))
        except Problem:
            pass  # a refusal is an answer; it must leave nothing behind

    async def ring(self, by: Actor) -> None:
        number = self.pick(("0811", "0812", None))
        if self.pick((True, False)):
            self.calls.append(await self.voice.answered(self.conn, by.account_id, number))
        else:
            self.calls.append(await self.voice.rings(self.conn, number))

    async def lose(self, by: Actor) -> None:
        call_id = await self.voice.rings(self.conn, "0811")
        self.clock.tick(seconds=9)
        await self.voice.tells(self.conn, "call_abandoned", call_id=call_id, stage="queue", waited_s=9.0)

    async def end(self, by: Actor) -> None:
        if self.calls:
            call_id = self.pick(self.calls)
            await self.voice.tells(
                self.conn, "call_ended", call_id=call_id, cause="caller_released", by="caller"
            )

    async def stop_recording(self, by: Actor) -> None:
        if self.calls:
            call_id = self.pick(self.calls)
            stored = {
                "file": "a.wav",
                "sha256": "0" * 64,
                "seconds": 0.1 + 0.2,
                "gaps": [{"at_s": 1.5, "seconds": 2}],
            }
            await self.voice.tells(self.conn, "recording_stopped", call_id=call_id, **stored)

    async def sit(self, by: Actor) -> None:
        state = self.pick(("ready", "not_ready", "talking"))
        await self.voice.tells(self.conn, "seat_state", seat="meja-1", state=state, account_id=by.account_id)

    async def restart(self, by: Actor) -> None:
        await self.voice.tells(self.conn, "voice_started", restored=[])

    async def open(self, by: Actor) -> None:
        call_id = self.pick((None, *self.calls))
        type = self.pick(TYPES)
        self.incidents.append((await incident(self.conn, self.clock, type, call_id=call_id, by=by)).id)

    async def say(self, by: Actor) -> None:
        what, call_id = self.pick(Disposition), self.pick(self.calls)
        await call_actions.classify(self.conn, call_id=call_id, disposition=what, by=by, clock=self.clock)

    async def undo(self, by: Actor) -> None:
        await call_actions.undo(self.conn, call_id=self.pick(self.calls), by=by, clock=self.clock)

    async def note(self, by: Actor) -> None:
        call_id = self.pick(self.calls)
        await call_actions.write_note(self.conn, call_id=call_id, text="catatan", by=by, clock=self.clock)

    async def hear(self, by: Actor) -> None:
        call_id = self.pick(self.calls)
        await reading.recording(self.conn, call_id=call_id, reason="mutu", by=by, clock=self.clock)

    async def call_back(self, by: Actor) -> None:
        cursor = await self.conn.execute("SELECT id FROM callback ORDER BY due_at, id LIMIT 1")
        if row := await cursor.fetchone():
            outcome = self.pick(CallbackOutcome)
            await call_actions.finish_callback(
                self.conn, callback_id=row[0], outcome=outcome, by=by, clock=self.clock
            )

    async def locate(self, by: Actor) -> None:
        where = place(self.pick((106.5, 106.6)), -6.2)
        incident_id = self.pick(self.incidents)
        await actions.locate(self.conn, incident_id=incident_id, place=where, by=by, clock=self.clock)

    async def reclassify(self, by: Actor) -> None:
        incident_id, type = self.pick(self.incidents), self.pick(TYPES)
        reason = self.pick((None, "lain"))
        await actions.reclassify(
            self.conn, incident_id=incident_id, type=type, reason=reason, by=by, clock=self.clock
        )

    async def remember(self, by: Actor) -> None:
        incident_id = self.pick(self.incidents)
        await actions.add_note(self.conn, incident_id=incident_id, text="catatan", by=by, clock=self.clock)

    async def join(self, by: Actor) -> None:
        if self.calls:
            incident_id, call_id = self.pick(self.incidents), self.pick(self.calls)
            await actions.attach_call(
                self.conn, incident_id=incident_id, call_id=call_id, by=by, clock=self.clock
            )

    async def unlock(self, by: Actor) -> None:
        incident_id = self.pick(self.incidents)
        await actions.open_restricted(
            self.conn, incident_id=incident_id, reason="mengirim", by=by, clock=self.clock
        )

    async def read(self, by: Actor) -> None:
        await reading.page(self.conn, incident_id=self.pick(self.incidents), by=by, clock=self.clock)


async def folded(conn: AsyncConnection) -> dict[str, dict[str, Any]]:
    """Every row that the journal's changes and sealed parts make, and the proof of the chain on the way."""
    rows: dict[str, dict[str, Any]] = {table: {} for table in TABLES}
    before, entries = GENESIS, await journal.after(conn, 0, limit=10_000)
    hidden: dict[int, Sealed] = await journal.sealed(conn, 1, len(entries))
    for entry in entries:
        assert chained(before, entry.body()) == entry.hash
        before = entry.hash
        part = hidden.get(entry.seq)
        assert entry.seal == (part.seal() if part else None)
        for change in cast(list[dict[str, Any]], entry.changes):
            table = rows[change["table"]]
            known = table.get(change["id"])
            assert change["rev"] == (known["rev"] + 1 if known else 1), (entry.kind, change)
            table[change["id"]] = dict(change["row"])
        for secret in cast(list[dict[str, Any]], part.content if part else []):
            rows[secret["table"]][secret["id"]] |= secret["row"]
    return rows


async def present(conn: AsyncConnection) -> dict[str, dict[str, Any]]:
    """What stands in the tables."""
    rows: dict[str, dict[str, Any]] = {}
    for table in TABLES:
        names = ", ".join(columns(JOURNALLED[table]))
        cursor = await conn.cursor(row_factory=dict_row).execute(f"SELECT {names} FROM {table}")  # pyrefly: ignore
        rows[table] = {str(row["id"]): cast(Any, plain(row)) for row in await cursor.fetchall()}
    return rows


@given(data=st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
async def test_the_journal_folds_to_the_tables(conn: AsyncConnection, data: st.DataObject) -> None:
    async with conn.transaction(force_rollback=True):
        shift = Shift(conn, data)
        for _ in range(data.draw(st.integers(1, 25))):
            await shift.step()
        assert await folded(conn) == await present(conn)
