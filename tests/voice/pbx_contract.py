"""What every exchange keeps to: the real one and the fake are held to the same tests.

A class that inherits PbxContract gives a fixture `world`: an exchange and the outside world's half of it.
"""

import asyncio
from abc import ABC, abstractmethod
from uuid import UUID, uuid4

import pytest

from sigap.voice.pbx import (
    CallAnswered,
    CallCancelled,
    CallEnded,
    CallOffered,
    CallState,
    EndedBy,
    NoSuchCall,
    Pbx,
    PbxCall,
    PbxDown,
    PbxEvent,
    RecordingStarted,
    RecordingStopped,
)
from tests.voice.ears import ToneLeg


class World(ABC):
    """One exchange, what it reported, and the callers outside."""

    def __init__(self, pbx: Pbx) -> None:
        self.pbx = pbx
        self.seen: list[PbxEvent] = []
        self._listening: asyncio.Task[None] | None = None

    @abstractmethod
    async def dials(self, number: str) -> UUID:
        """Somebody dials; the id of the call."""

    @abstractmethod
    async def caller_hangs_up(self, call_id: UUID) -> None:
        """The caller lets go."""

    @abstractmethod
    async def speaks(self, call_id: UUID) -> None:
        """A second of sound passes."""

    @abstractmethod
    async def crashes(self) -> None:
        """The exchange stops without a word to anybody and starts again."""

    def listen(self) -> None:
        """Keep what happens from now on, in the exchange as it is now."""
        self.deafen()
        self._listening = asyncio.ensure_future(self._listen())

    def deafen(self) -> None:
        """Listen no more."""
        if self._listening:
            self._listening.cancel()

    async def _listen(self) -> None:
        async for event in self.pbx.events():
            self.seen.append(event)

    async def until[E: PbxEvent](self, kind: type[E], call_id: UUID) -> E:
        """The first event of a kind about a call. Raises TimeoutError."""
        async with asyncio.timeout(3):
            while True:
                for event in self.seen:
                    if isinstance(event, kind) and event.call_id == call_id:
                        return event
                await asyncio.sleep(0.01)

    def call(self, call_id: UUID) -> PbxCall:
        """The call as the exchange lists it."""
        return next(call for call in self.pbx.calls() if call.call_id == call_id)


class PbxContract:
    """The promises of the port."""

    async def test_a_call_is_offered_with_its_number_and_listed(self, world: World):
        call_id = await world.dials("+6281200000001")
        offered = await world.until(CallOffered, call_id)
        assert (offered.number, offered.number_class, offered.dialed_number) == (
            "+6281200000001",
            "usable",
            "112",
        )
        assert world.call(call_id).offered == offered
        assert world.call(call_id).state in (CallState.OFFERED, CallState.RINGING)

    async def test_a_call_is_answered_once_recorded_and_ended_by_its_caller(self, world: World):
        call_id = await world.dials("+6281200000001")
        leg = ToneLeg(700)
        await world.pbx.ring(call_id)
        await world.pbx.ring(call_id)
        await world.pbx.answer(call_id, leg)
        await world.pbx.answer(call_id, leg)
        await world.until(CallAnswered, call_id)
        await world.until(RecordingStarted, call_id)
        standing = world.call(call_id)
        assert (standing.state, standing.legs, standing.recording) == (CallState.ANSWERED, ("meja-1",), True)
        assert standing.answered_at is not None
        assert leg.joined_times == 1
        await world.speaks(call_id)
        await world.caller_hangs_up(call_id)
        ended = await world.until(CallEnded, call_id)
        assert (ended.by, ended.cause) == (EndedBy.CALLER, "caller_released")
        stopped = await world.until(RecordingStopped, call_id)
        assert len(stopped.sha256) == 64
        assert stopped.seconds > 0
        assert world.pbx.calls() == []
        kinds = [type(event) for event in world.seen]
        assert kinds.index(CallOffered) < kinds.index(CallAnswered) < kinds.index(CallEnded)
        assert kinds.count(CallAnswered) == kinds.count(RecordingStarted) == 1

    async def test_a_caller_who_gives_up_is_cancelled_and_nothing_else(self, world: World):
        call_id = await world.dials("+6281200000001")
        await world.pbx.ring(call_id)
        await world.caller_hangs_up(call_id)
        await world.until(CallCancelled, call_id)
        assert world.pbx.calls() == []
        assert not any(isinstance(event, CallEnded) for event in world.seen)

    async def test_the_room_lets_go_before_and_after_the_answer(self, world: World):
        for answered in (False, True):
            call_id = await world.dials("+6281200000001")
            if answered:
                await world.pbx.answer(call_id, None)
                await world.until(CallAnswered, call_id)
            await world.pbx.hang_up(call_id, "no_agent")
            await world.pbx.hang_up(call_id, "no_agent")
            ended = await world.until(CallEnded, call_id)
            assert (ended.by, ended.cause) == (EndedBy.ROOM, "no_agent")

    async def test_commands_about_a_call_that_is_over_say_so_but_hanging_up_is_harmless(self, world: World):
        for command in (
            world.pbx.ring(uuid4()),
            world.pbx.announce(uuid4(), "queue"),
            world.pbx.stop_announcement(uuid4()),
            world.pbx.answer(uuid4(), None),
            world.pbx.join(uuid4(), ToneLeg(1)),
            world.pbx.leave(uuid4(), ToneLeg(1)),
        ):
            with pytest.raises(NoSuchCall):
                await command
        await world.pbx.hang_up(uuid4(), "agent_released")

    async def test_legs_come_and_go_and_the_call_stays(self, world: World):
        call_id = await world.dials("+6281200000001")
        await world.pbx.answer(call_id, None)
        first, second = ToneLeg(700, "meja-1"), ToneLeg(900, "penyelia")
        for leg in (first, second, second):
            await world.pbx.join(call_id, leg)
        assert set(world.call(call_id).legs) == {"meja-1", "penyelia"}
        assert second.joined_times == 1
        await world.speaks(call_id)
        assert first.heard
        await world.pbx.leave(call_id, first)
        await world.pbx.leave(call_id, first)
        assert world.call(call_id).legs == ("penyelia",)

    async def test_a_waiting_caller_hears_an_announcement_before_the_answer(self, world: World):
        call_id = await world.dials("+6281200000001")
        await world.pbx.ring(call_id)
        await world.pbx.announce(call_id, "queue")
        assert world.call(call_id).state == CallState.EARLY
        await world.pbx.stop_announcement(call_id)
        await world.pbx.answer(call_id, None)
        await world.pbx.announce(call_id, "hold", loop=True)
        assert world.call(call_id).state == CallState.ANSWERED

    async def test_answered_calls_outlive_the_exchange(self, world: World):
        call_id = await world.dials("+6281200000001")
        await world.pbx.answer(call_id, ToneLeg(700))
        await world.until(CallAnswered, call_id)
        await world.crashes()
        standing = world.call(call_id)
        assert (standing.state, standing.restored, standing.legs) == (CallState.ANSWERED, True, ())
        await world.pbx.join(call_id, ToneLeg(700))
        assert not world.call(call_id).restored
        await world.caller_hangs_up(call_id)
        await world.until(CallEnded, call_id)

    async def test_a_stopped_exchange_refuses_commands(self, world: World):
        await world.pbx.stop()
        with pytest.raises(PbxDown):
            await world.pbx.ring(uuid4())
        with pytest.raises(PbxDown):
            await world.pbx.hang_up(uuid4(), "agent_released")
