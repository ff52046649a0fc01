"""The queue made real: events in one line, facts on disk first, then the exchange and the seats.

One task takes one event at a time through the pure queue. Commands to the exchange run beside it, in order per call, so
that a line which is slow to open holds up nobody else. Whatever goes wrong with one event or one command is said aloud and ends there;
a look-over each second finds calls that the two sides know differently.
"""

import asyncio
import json
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from datetime import UTC
from pathlib import Path
from typing import Final, Protocol
from uuid import UUID

from sigap.kernel import clock as clocks
from sigap.voice import pbx as port
from sigap.voice.pbx import MediaLeg, NoSuchCall, Pbx, PbxCall
from sigap.voice.policy import Policy
from sigap.voice.queue import incoming, memory
from sigap.voice.queue.acd import Acd
from sigap.voice.queue.model import (
    Alarm,
    AlarmOver,
    Announce,
    Connect,
    Effect,
    Fact,
    HangUp,
    Part,
    Refused,
    ShowRinging,
    Stage,
    Tell,
)
from sigap.voice.spool import Spool

log = logging.getLogger(__name__)

_PATIENCE_S: Final = 0.25
"""How long an event waits for its facts to reach the disk; then calls go on and the spool catches up."""
_COMMAND_S: Final = 5.0
_LOOK_OVER_S: Final = 1.0
_ALARM_STANDS_S: Final = 60.0
_UNSURE_S: Final = 3.0
"""How long the two sides may know a call differently before it is set right."""


class SeatPort(Protocol):
    """The seats' sockets as the queue needs them."""

    def tell(self, seat: str, message: dict[str, object]) -> None:
        """Send to one seat."""
        ...

    def broadcast(self, message: dict[str, object]) -> None:
        """Send to every seat."""
        ...

    def leg(self, seat: str) -> MediaLeg | None:
        """The seat's sound, if it has any now."""
        ...


class QueueRunner:
    """The queue of one room, running."""

    def __init__(
        self, pbx: Pbx, spool: Spool, policy: Policy, *, memory_file: Path, clock: clocks.Clock | None = None
    ) -> None:
        self.acd = Acd(policy)
        self.seats: SeatPort | None = None
        self.alarm_stands_s = _ALARM_STANDS_S
        self._pbx, self._spool, self._clock = pbx, spool, clock or clocks.SystemClock()
        self._memory_file = memory_file
        self._inbox: asyncio.Queue[tuple[Callable[[float], list[Effect]], asyncio.Future[None] | None]] = (
            asyncio.Queue()
        )
        self._lines: dict[UUID, asyncio.Task[None]] = {}
        self._last_seat: OrderedDict[UUID, str] = OrderedDict()
        self._raised_at: dict[str, float] = {}
        self._unsure: dict[UUID, float] = {}
        self._legs_in: dict[tuple[UUID, str], MediaLeg] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._base = self._clock.now().timestamp() - time.monotonic()
        self._show_queue: asyncio.TimerHandle | None = None

    def now(self) -> float:
        """Seconds since 1970 that never step back, whatever is done to the machine's clock."""
        return self._base + time.monotonic()

    # ---- life

    async def start(self) -> None:
        """Take up what outlived the process, then listen. The exchange is started here."""
        await self._pbx.start()
        remembered = memory.load(self._memory_file)
        restored: list[str] = []
        steps: list[Callable[[float], list[Effect]]] = [
            remembered.seat_step(self.acd, name) for name in remembered.seats
        ]
        for call in self._pbx.calls():
            if call.answered_at is None:
                continue  # rings on as a new call: its offer is among the exchange's events
            restored.append(str(call.call_id))
            steps.append(self._take_up(call, remembered.seat_of(call.call_id)))
        facts = [Fact("voice_started", None, {"restored": restored})]
        for call_id in remembered.lost(call.call_id for call in self._pbx.calls()):
            facts.append(Fact("call_ended", call_id, {"cause": "failed", "by": "system", "sip_code": None}))
        facts += [
            Fact("voice_alarm", None, {"what": "spool_torn", "detail": what}) for what in self._spool.torn
        ]
        await self._write(facts)
        for step in steps:
            self.post(step)
        self._begin(self._work())
        self._begin(self._listen())
        self._begin(self._look_over())

    async def stop(self) -> None:
        """Stop deciding; the exchange keeps its calls."""
        for task in [*self._tasks, *self._lines.values()]:
            task.cancel()
        await asyncio.gather(*self._tasks, *self._lines.values(), return_exceptions=True)
        memory.save(self._memory_file, self.acd.room)
        await self._pbx.stop()

    def post(self, step: Callable[[float], list[Effect]]) -> None:
        """Let something happen to the queue, in its turn."""
        self._inbox.put_nowait((step, None))

    async def do(self, step: Callable[[float], list[Effect]]) -> None:
        """The same, and wait until it is done and written down. Raises Refused."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._inbox.put_nowait((step, done))
        await done

    def say(self, what: str, detail: str) -> None:
        """Raise an alarm from outside the queue."""
        self.post(lambda now: self._raise(what, detail, now))

    def say_for_a_while(self, what: str, detail: str) -> None:
        """An alarm about something that happened once: it stands for a minute after the last time."""
        self._raised_at[what] = self.now()
        self.say(what, detail)

    def say_over(self, what: str) -> None:
        """Its reason is gone."""
        self.post(lambda now: self._lower(what, now))

    def view(self) -> dict[str, object]:
        """The whole room for the seats' screens."""
        return incoming.queue_view(self.acd.room)

    # ---- the line of events

    async def _work(self) -> None:
        while True:
            try:
                deadline = self.acd.deadline(self.now())
                wait_s = None if deadline is None else max(deadline - self.now(), 0.001)
                step, done = await asyncio.wait_for(self._inbox.get(), wait_s)
            except TimeoutError:
                step, done = self.acd.tick, None
            await self._take_step(step, done)

    async def _take_step(
        self, step: Callable[[float], list[Effect]], done: asyncio.Future[None] | None
    ) -> None:
        try:
            effects = step(self.now())
        except Refused as refused:
            if done and not done.done():
                done.set_exception(refused)
            return
        except Exception as error:  # one broken event must not take the other calls with it
            log.exception("the queue could not take an event", extra={"action": "queue.step_failed"})
            self._raised_at["queue_step_failed"] = self.now()
            self.acd.room.alarm("queue_step_failed", type(error).__name__)
            effects = self.acd.room.effects
            self.acd.room.effects = []
            if done and not done.done():
                done.set_exception(Refused("queue.step_failed"))
        early = [effect for effect in effects if isinstance(effect, ShowRinging)]
        for effect in early:
            self._carry_out(effect)  # a caller who hears it ring was promised nothing yet
        await self._write([effect for effect in effects if isinstance(effect, Fact)])
        for effect in effects:
            if effect in early:
                continue
            try:
                self._carry_out(effect)
            except Exception:  # as above
                log.exception("an effect failed", extra={"action": "queue.effect_failed"})
        if self.acd.room.changed:
            self._changed()
        if done and not done.done():
            done.set_result(None)

    async def _write(self, facts: list[Fact]) -> None:
        """On disk before anything is done about it; a disk that does not answer stops no call."""
        if not facts:
            return
        at = clocks.text(self._clock.now())
        lines = [
            {
                "at": at,
                "kind": fact.kind,
                **({"call_id": str(fact.call_id)} if fact.call_id else {}),
                **fact.data,
            }
            for fact in facts
        ]
        written = asyncio.wrap_future(self._spool.write(lines))
        written.add_done_callback(lambda future: future.cancelled() or future.exception())
        try:
            await asyncio.wait_for(asyncio.shield(written), _PATIENCE_S)
        except (TimeoutError, OSError):
            log.error("facts are not on disk yet", extra={"action": "spool.late", "facts": len(facts)})

    def _carry_out(self, effect: Effect) -> None:
        match effect:
            case Fact():
                pass
            case Tell(seat, message):
                if self.seats:
                    self.seats.tell(seat, message)
            case Alarm(what, detail):
                log.error("alarm", extra={"action": "voice.alarm", "what": what, "detail": detail})
                if self.seats:
                    self.seats.broadcast({"type": "alarm", "what": what, "detail": detail})
            case AlarmOver(what):
                if self.seats:
                    self.seats.broadcast({"type": "alarm_cleared", "what": what})
            case ShowRinging(call_id):
                self._command(call_id, "ring", lambda: self._pbx.ring(call_id))
            case Announce(call_id, prompt, loop):
                self._command(call_id, "announce", lambda: self._pbx.announce(call_id, prompt, loop=loop))
            case Part(call_id, seat):
                self._command(call_id, "leave", lambda: self._part(call_id, seat))
            case HangUp(call_id, cause):
                self._command(call_id, "hang_up", lambda: self._hang_up(call_id, cause))
            case Connect(call_id, seat, again):
                self._command(call_id, "answer", lambda: self._connect(call_id, seat, again=again))

    def _changed(self) -> None:
        """Show the room to the seats, at most twenty times a second, and remember it for a restart."""
        self.acd.room.changed = False
        if self._show_queue is None:
            self._show_queue = asyncio.get_running_loop().call_later(0.05, self._show)

    def _show(self) -> None:
        self._show_queue = None
        snapshot = json.dumps(memory.of(self.acd.room)).encode()
        self._spool.later(lambda: memory.keep(self._memory_file, snapshot))
        if self.seats:
            self.seats.broadcast({"type": "queue", **self.view()})

    # ---- the exchange

    def _command(self, call_id: UUID, name: str, run: Callable[[], Coroutine[None, None, None]]) -> None:
        """After the commands before it for the same call; what fails is said, not raised."""
        before = self._lines.get(call_id)

        async def in_turn() -> None:
            if before is not None:
                await asyncio.wait([before])
            try:
                async with asyncio.timeout(_COMMAND_S):
                    await run()
            except NoSuchCall:
                pass  # the caller was quicker; the exchange says so itself
            except Exception as error:  # one call's command must not stop another's
                log.exception(
                    "the exchange did not do it", extra={"action": f"pbx.{name}", "call_id": str(call_id)}
                )
                self.say_for_a_while("pbx_command_failed", f"{name}: {type(error).__name__}")

        task = asyncio.get_running_loop().create_task(in_turn())
        self._lines[call_id] = task
        task.add_done_callback(
            lambda done: self._lines.pop(call_id, None) if self._lines.get(call_id) is done else None
        )

    async def _connect(self, call_id: UUID, seat: str, *, again: bool) -> None:
        leg = self.seats.leg(seat) if self.seats else None
        try:
            if leg is None:
                raise port.PbxError("the seat has no sound")
            if again:
                await self._pbx.stop_announcement(call_id)
                await self._pbx.join(call_id, leg)
            else:
                await self._pbx.answer(call_id, leg)
        except BaseException:
            self.post(lambda now: self.acd.connect_failed(now, call_id, seat))
            raise
        self._legs_in[(call_id, seat)] = leg
        self._last_seat[call_id] = seat
        while len(self._last_seat) > 500:
            self._last_seat.popitem(last=False)
        self.post(lambda now: self.acd.connected(now, call_id, seat))

    async def _part(self, call_id: UUID, seat: str) -> None:
        leg = self._legs_in.pop((call_id, seat), None)
        if leg is not None:
            await self._pbx.leave(call_id, leg)

    async def _hang_up(self, call_id: UUID, cause: str) -> None:
        try:
            await self._pbx.hang_up(call_id, cause)
        except NoSuchCall:
            raise
        except Exception:
            await asyncio.sleep(0.5)
            await self._pbx.hang_up(call_id, cause)
            raise

    async def _listen(self) -> None:
        """What the exchange reports."""
        async for event in self._pbx.events():
            try:
                self._heard(event)
            except Exception:  # one odd event must not make us deaf
                log.exception("an event was not understood", extra={"action": "queue.event_failed"})
        log.error("the exchange stopped reporting", extra={"action": "queue.deaf"})

    def _heard(self, event: port.PbxEvent) -> None:
        match event:
            case port.CallOffered():
                found, facts = incoming.of(event)
                self.post(lambda now: self.acd.offered(now, found, facts))
            case port.CallCancelled():
                self.post(lambda now: self.acd.gone(now, event.call_id, by="caller"))
            case port.CallEnded():
                failed = event.by is not port.EndedBy.CALLER
                by = "system" if failed else "caller"
                self.post(
                    lambda now: self.acd.gone(
                        now, event.call_id, by=by, failed=failed, cause=event.cause, sip_code=event.sip_code
                    )
                )
                for key in [key for key in self._legs_in if key[0] == event.call_id]:
                    del self._legs_in[key]
            case port.PbxAlarm():
                self.say_for_a_while(event.what, event.detail)
            case _:
                self._recorded(event)

    def _recorded(self, event: port.PbxEvent) -> None:
        """Facts about a call's recording, and what its seat should see of it and of the line."""
        call_id = event.call_id
        fact, shown = incoming.recording(event)
        seat = self._last_seat.get(call_id) if call_id else None
        if fact is not None:
            self.post(lambda now: [fact, *self.acd.tick(now)])
        if isinstance(event, port.RecordingFailed):
            self.say("recording_failed", event.reason)
        elif isinstance(event, port.RecordingStarted):
            self.say_over("recording_failed")
        if shown is not None and seat is not None:
            told = Tell(seat, {**shown, "call_id": str(call_id)})
            self.post(lambda now: [told, *self.acd.tick(now)])

    # ---- looking over

    async def _look_over(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_OVER_S)
            try:
                self._compare()
                for what, raised_at in list(self._raised_at.items()):
                    if self.now() - raised_at > self.alarm_stands_s:
                        del self._raised_at[what]
                        self.say_over(what)
            except Exception:  # the next look will come
                log.exception("looking over the calls failed", extra={"action": "queue.look_over_failed"})

    def _compare(self) -> None:
        """Calls that only one side knows for longer than a moment are set right: taken up, or closed."""
        there, here, now = {call.call_id: call for call in self._pbx.calls()}, self.acd.room.calls, self.now()
        ended = {call_id for call_id, call in there.items() if call.state is port.CallState.ENDED}
        odd = {
            call_id
            for call_id in set(there) ^ set(here)
            if call_id not in ended and call_id not in self._lines
        }
        self._unsure = {call_id: since for call_id, since in self._unsure.items() if call_id in odd}
        for call_id in odd:
            if now - self._unsure.setdefault(call_id, now) < _UNSURE_S:
                continue
            del self._unsure[call_id]
            log.error(
                "a call was known to one side only",
                extra={"action": "queue.set_right", "call_id": str(call_id)},
            )
            if call_id in here:
                self.post(lambda now, gone=call_id: self.acd.gone(now, gone, by="system", failed=True))
            else:
                self.post(self._take_up(there[call_id], None))
        for call in here.values():
            if call.stage is Stage.CONNECTING and call.call_id not in self._lines and self._inbox.empty():
                self.post(
                    lambda now, stuck=call: self.acd.connect_failed(now, stuck.call_id, stuck.seat or "")
                )

    def _take_up(self, call: PbxCall, seat: str | None) -> Callable[[float], list[Effect]]:
        """A call the exchange has and the queue does not: as answered and broken off, or as offered anew."""
        found, facts = incoming.of(call.offered)
        if call.answered_at is None:
            return lambda now: self.acd.offered(now, found, facts)
        answered_at = call.answered_at.astimezone(UTC).timestamp()
        return lambda now: self.acd.restored(now, found, seat=seat, answered_at=answered_at)

    def _raise(self, what: str, detail: str, now: float) -> list[Effect]:
        self.acd.room.alarm(what, detail)
        return self.acd.due(now)

    def _lower(self, what: str, now: float) -> list[Effect]:
        self.acd.room.alarm_over(what)
        return self.acd.due(now)

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
