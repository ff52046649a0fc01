"""Whatever callers, seats and the line do in whatever order: every call has an owner or a place in the queue."""

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from sigap.kernel.ids import new_id
from sigap.voice import policy
from sigap.voice.queue.acd import Acd
from sigap.voice.queue.model import Connect, Effect, Fact, Incoming, Occupant, Refused, SeatState, Stage, Tell

SEATS = ["meja-1", "meja-2", "penyelia"]
seat_names = st.sampled_from(SEATS)


class QueueMachine(RuleBasedStateMachine):
    """The room played by a mischievous hand."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0
        self.opening: list[Connect] = []
        self.offered: list = []
        self.over: list = []
        self.answers: list = []
        self.told: list[Tell] = []

    @initialize(known=st.booleans())
    def open_room(self, known: bool) -> None:
        self.acd = Acd(policy.from_snapshot({}) if known else policy.built_in())

    def take(self, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case Connect():
                    self.opening.append(effect)
                case Fact("call_ended", call_id):
                    self.over.append(call_id)
                case Fact("call_answered", call_id):
                    self.answers.append(call_id)
                case Tell():
                    self.told.append(effect)
                case _:
                    pass

    def do(self, verb: str, *args: object, **kwargs: object) -> None:
        try:
            self.take(getattr(self.acd, verb)(self.now, *args, **kwargs))
        except Refused:
            self.take(self.acd.due(self.now))

    @rule(number=st.sampled_from(["+62811", "+62822", None]))
    def dial(self, number: str | None) -> None:
        call_id = new_id()
        self.offered.append(call_id)
        self.do("offered", Incoming(call_id=call_id, number=number, offered_at=self.now, shown={}), {})

    @rule(seat=seat_names, who=st.sampled_from(["a", "b"]), audio=st.booleans(), resume=st.booleans())
    def sit(self, seat: str, who: str, audio: bool, resume: bool) -> None:
        self.do("seat_off", seat, why="lost")
        held = next((call.call_id for call in self.acd.room.calls.values() if call.seat == seat), None)
        person = Occupant(account_id=who, username=who, name=who)
        self.do("seat_on", seat, person, audio=audio, resume=held if resume else None)

    @rule(seat=seat_names, why=st.sampled_from(["lost", "left"]))
    def stand_up(self, seat: str, why: str) -> None:
        self.do("seat_off", seat, why=why)

    @rule(seat=seat_names, verb=st.sampled_from(["ready", "wrap_up_done", "audio_up", "audio_lost"]))
    def act(self, seat: str, verb: str) -> None:
        if self.acd.room.seats[seat].connected:
            self.do(verb, seat)

    @rule(seat=seat_names)
    def pause(self, seat: str) -> None:
        if self.acd.room.seats[seat].connected:
            self.do("not_ready", seat, "meal")

    @rule(seat=seat_names, data=st.data())
    @precondition(lambda self: self.offered)
    def answer(self, seat: str, data: st.DataObject) -> None:
        if self.acd.room.seats[seat].connected:
            self.do("answer", seat, data.draw(st.sampled_from(self.offered)))

    @rule(data=st.data())
    @precondition(lambda self: any(call.ringing for call in self.acd.room.calls.values()))
    def pick_up(self, data: st.DataObject) -> None:
        ringing = [(name, call.call_id) for call in self.acd.room.calls.values() for name in call.ringing]
        self.do("answer", *data.draw(st.sampled_from(ringing)))

    @rule(seat=seat_names)
    def start_work(self, seat: str) -> None:
        self.sit(seat, "a", audio=True, resume=False)
        self.do("ready", seat)

    @rule(data=st.data())
    @precondition(lambda self: self.talking())
    def talker_breaks_off(self, data: st.DataObject) -> None:
        self.do("seat_off", data.draw(st.sampled_from(self.talking())), why="lost")

    @rule(data=st.data())
    @precondition(lambda self: self.talking())
    def talker_hangs_up(self, data: st.DataObject) -> None:
        seat = data.draw(st.sampled_from(self.talking()))
        self.do("hang_up", seat, self.acd.room.seats[seat].call_id)

    def talking(self) -> list[str]:
        return [seat.name for seat in self.acd.room.seats.values() if seat.state is SeatState.TALKING]

    @rule(seat=seat_names, data=st.data())
    @precondition(lambda self: self.offered)
    def hang_up(self, seat: str, data: st.DataObject) -> None:
        if self.acd.room.seats[seat].connected:
            self.do("hang_up", seat, data.draw(st.sampled_from(self.offered)))

    @rule(data=st.data(), failed=st.booleans())
    @precondition(lambda self: self.offered)
    def caller_leaves(self, data: st.DataObject, failed: bool) -> None:
        call_id = data.draw(st.sampled_from(self.offered))
        self.do("gone", call_id, by="system" if failed else "caller", failed=failed)

    @rule(works=st.booleans())
    @precondition(lambda self: self.opening)
    def line_opens(self, works: bool) -> None:
        connect = self.opening.pop(0)
        self.do("connected" if works else "connect_failed", connect.call_id, connect.seat)

    @rule(seconds=st.floats(0.1, 60))
    def time_passes(self, seconds: float) -> None:
        end = self.now + seconds
        for _ in range(200):
            deadline = self.acd.deadline(self.now)
            if deadline is None or deadline > end:
                break
            self.now = deadline
            self.do("tick")
        else:
            raise AssertionError("the queue asks for time without using it")
        self.now = end
        self.do("tick")

    @invariant()
    def nobody_is_forgotten(self) -> None:
        if not hasattr(self, "acd"):
            return
        room = self.acd.room
        assert set(room.calls) == set(self.offered) - set(self.over)
        assert len(self.over) == len(set(self.over))
        for call in room.calls.values():
            if call.stage is Stage.RINGING:
                assert call.ringing
                for name in call.ringing:
                    assert room.seats[name].state is SeatState.RINGING
                    assert room.seats[name].call_id == call.call_id
            else:
                assert not call.ringing
            if call.stage is Stage.TALKING:
                seat = room.seats[call.seat or ""]
                assert (seat.state, seat.call_id, seat.audio) == (SeatState.TALKING, call.call_id, True)
            if call.stage is Stage.CONNECTING:
                assert [connect.call_id for connect in self.opening].count(call.call_id) == 1

    @invariant()
    def no_seat_holds_a_ghost(self) -> None:
        if not hasattr(self, "acd"):
            return
        room = self.acd.room
        for seat in room.seats.values():
            if seat.state in (SeatState.RINGING, SeatState.TALKING):
                assert seat.call_id in room.calls
            if seat.state in (SeatState.LOST, SeatState.SIGNED_OUT):
                assert not seat.connected
                assert not seat.audio

    @invariant()
    def nobody_waits_while_somebody_is_free(self) -> None:
        if not hasattr(self, "acd"):
            return
        room = self.acd.room
        free = [
            seat for seat in room.seats.values() if seat.idle and seat.audio and seat.state is SeatState.READY
        ]
        waiting = [call for call in room.calls.values() if call.waits and call.kept_until is None]
        assert not (waiting and any(seat.name != "penyelia" for seat in free))


TestQueue = QueueMachine.TestCase
TestQueue.settings = settings(
    max_examples=150, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
