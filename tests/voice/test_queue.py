"""The queue, pure: who rings when, and that no call is ever without an owner."""

from dataclasses import dataclass, field, replace
from uuid import UUID

import pytest

from sigap.kernel.ids import new_id
from sigap.voice import policy
from sigap.voice.queue.acd import Acd
from sigap.voice.queue.model import (
    Alarm,
    Announce,
    Connect,
    Effect,
    Fact,
    HangUp,
    Incoming,
    Occupant,
    Part,
    Refused,
    SeatState,
    ShowRinging,
    Stage,
    Tell,
)


def person(name: str) -> Occupant:
    return Occupant(account_id=f"id-{name}", username=name, name=name.title(), seats=frozenset({"meja-1"}))


@dataclass
class Story:
    """One room on a clock of its own; keeps every effect."""

    acd: Acd = field(default_factory=lambda: Acd(policy.from_snapshot({})))
    now: float = 1000.0
    effects: list[Effect] = field(default_factory=list)

    def do(self, verb: str, *args: object, **kwargs: object) -> list[Effect]:
        made = getattr(self.acd, verb)(self.now, *args, **kwargs)
        self.effects += made
        return made

    def wait(self, seconds: float) -> list[Effect]:
        """Let time pass the way the runner does: from deadline to deadline."""
        end, made = self.now + seconds, []
        while (deadline := self.acd.deadline(self.now)) is not None and deadline <= end:
            self.now = deadline
            made += self.do("tick")
        self.now = end
        return made + self.do("tick")

    def sit(self, *names: str) -> None:
        for name in names:
            self.now += 1
            self.do("seat_on", name, person(f"op-{name}"), audio=True)
            self.do("ready", name)

    def dial(self, number: str | None = "+6281200000001") -> UUID:
        call_id = new_id()
        incoming = Incoming(
            call_id=call_id, number=number, offered_at=self.now, shown={"call_id": str(call_id)}
        )
        self.do("offered", incoming, {"number": number})
        return call_id

    def talk(self, call_id: UUID, seat: str) -> None:
        self.do("answer", seat, call_id)
        self.do("connected", call_id, seat)

    def rings_at(self, call_id: UUID) -> list[str]:
        call = self.acd.room.calls.get(call_id)
        return sorted(call.ringing) if call else []

    def state(self, seat: str) -> SeatState:
        return self.acd.room.seats[seat].state

    def stage(self, call_id: UUID) -> Stage:
        return self.acd.room.calls[call_id].stage

    def facts(self, kind: str) -> list[dict[str, object]]:
        return [effect.data for effect in self.effects if isinstance(effect, Fact) and effect.kind == kind]

    def told(self, seat: str, message_type: str) -> list[dict[str, object]]:
        return [
            effect.message
            for effect in self.effects
            if isinstance(effect, Tell) and effect.seat == seat and effect.message["type"] == message_type
        ]

    def made(self, kind: type) -> list:
        return [effect for effect in self.effects if isinstance(effect, kind)]


@pytest.fixture
def room() -> Story:
    return Story()


def test_the_longest_idle_seat_rings(room: Story):
    room.sit("meja-2", "meja-1", "meja-3")
    call = room.dial()
    assert room.rings_at(call) == ["meja-2"]
    assert room.made(ShowRinging)
    assert room.told("meja-2", "ring")[0]["ring_s"] == 8.0
    assert room.facts("call_alerted") == [{"seat": "meja-2"}]


def test_a_seat_that_talked_goes_behind_those_that_waited(room: Story):
    room.sit("meja-1", "meja-2")
    first = room.dial()
    room.talk(first, "meja-1")
    room.do("hang_up", "meja-1", first)
    room.now += 60
    room.do("wrap_up_done", "meja-1")
    second = room.dial()
    assert room.rings_at(second) == ["meja-2"]


def test_a_ring_that_others_end_keeps_the_seats_place(room: Story):
    room.sit("meja-1", "meja-2")
    call = room.dial()
    room.wait(3)
    room.do("gone", call, by="caller")
    assert room.rings_at(room.dial()) == ["meja-1"]


def test_the_offer_is_a_fact_before_anything_rings(room: Story):
    room.sit("meja-1")
    before = len(room.effects)
    room.dial()
    kinds = [type(effect) for effect in room.effects[before:]]
    assert kinds.index(Fact) == 0
    first = room.effects[before]
    assert isinstance(first, Fact)
    assert first.kind == "call_offered"


def test_an_unanswered_ring_goes_to_the_next_after_eight_seconds(room: Story):
    room.sit("meja-1", "meja-2")
    call = room.dial()
    room.wait(7.9)
    assert room.rings_at(call) == ["meja-1"]
    room.wait(0.2)
    assert room.rings_at(call) == ["meja-2"]
    assert room.told("meja-1", "ring_cancelled") == [
        {"type": "ring_cancelled", "call_id": str(call), "why": "timeout"}
    ]
    assert room.facts("ring_missed") == [{"seat": "meja-1"}]
    assert room.state("meja-1") is SeatState.READY


def test_two_misses_set_a_seat_not_ready_with_an_alarm(room: Story):
    room.sit("meja-1")
    call = room.dial()
    room.wait(16.5)
    assert room.state("meja-1") is SeatState.NOT_READY
    assert room.acd.room.seats["meja-1"].reason == "missed_rings"
    assert any(alarm.what == "ring_missed:meja-1" for alarm in room.made(Alarm))
    assert "ring_missed:meja-1" in [fact["what"] for fact in room.facts("voice_alarm")]
    assert room.stage(call) is Stage.WAITING
    room.do("ready", "meja-1")
    assert room.rings_at(call) == ["meja-1"]
    assert "ring_missed:meja-1" not in room.acd.room.alarms


def test_an_answer_between_two_misses_clears_the_count(room: Story):
    room.sit("meja-1")
    for _ in range(3):
        call = room.dial()
        room.wait(8.1)
        room.talk(call, "meja-1")
        room.do("gone", call, by="caller")
        room.do("wrap_up_done", "meja-1")
    assert room.state("meja-1") is SeatState.READY


def test_with_nobody_free_a_call_is_queued_announced_and_taken_by_the_first_who_is(room: Story):
    room.sit("meja-1")
    busy = room.dial()
    room.talk(busy, "meja-1")
    waiting = room.dial("+6281200000002")
    assert room.facts("call_queued") == [{"position": 1}]
    assert not room.made(Announce)
    room.wait(2.1)
    assert room.made(Announce) == [Announce(waiting, "queue", loop=False)]
    room.wait(6)
    assert room.made(Announce)[-1] == Announce(waiting, "ringback", loop=True)
    room.wait(20)
    assert room.made(Announce)[-2] == Announce(waiting, "queue", loop=False)
    room.do("hang_up", "meja-1", busy)
    assert room.rings_at(waiting) == []
    room.do("wrap_up_done", "meja-1")
    assert room.rings_at(waiting) == ["meja-1"]


def test_wrap_up_ends_by_itself(room: Story):
    room.sit("meja-1")
    call = room.dial()
    room.talk(call, "meja-1")
    room.do("gone", call, by="caller")
    assert room.state("meja-1") is SeatState.WRAP_UP
    room.wait(29.9)
    assert room.state("meja-1") is SeatState.WRAP_UP
    room.wait(0.2)
    assert room.state("meja-1") is SeatState.READY


def test_order_is_class_then_first_come(room: Story):
    snapshot = {"open_incident_numbers": ["+62811"], "callback_numbers": ["+62822"]}
    room.acd = Acd(policy.from_snapshot(snapshot))
    calls = {}
    for number in ("+62900", "+62822", "+62811", "+62901"):
        calls[number] = room.dial(number)
        room.now += 1
    room.sit("meja-1")
    order = []
    for _ in calls:
        call = next(call_id for call_id in calls.values() if room.rings_at(call_id))
        order.append(next(number for number, call_id in calls.items() if call_id == call))
        room.talk(call, "meja-1")
        room.do("hang_up", "meja-1", call)
        room.do("wrap_up_done", "meja-1")
    assert order == ["+62811", "+62822", "+62900", "+62901"]


def test_the_supervisors_seat_rings_only_after_fifteen_seconds(room: Story):
    room.sit("penyelia", "meja-1")
    room.talk(room.dial(), "meja-1")
    waiting = room.dial()
    room.wait(14.9)
    assert room.rings_at(waiting) == []
    room.wait(0.2)
    assert room.rings_at(waiting) == ["penyelia"]


def test_the_supervisors_seat_rings_at_once_when_nobody_else_is_there(room: Story):
    room.sit("penyelia")
    assert room.rings_at(room.dial()) == ["penyelia"]


def test_without_a_snapshot_all_connected_seats_ring_and_one_wins(room: Story):
    room.acd = Acd(policy.built_in())
    for name in ("meja-1", "meja-2", "penyelia"):
        room.do("seat_on", name, person(name), audio=True)
    call = room.dial()
    assert room.rings_at(call) == ["meja-1", "meja-2", "penyelia"]
    room.do("answer", "meja-2", call)
    with pytest.raises(Refused) as late:
        room.do("answer", "meja-1", call)
    assert late.value.code == "call.taken"
    assert [connect.seat for connect in room.made(Connect)] == ["meja-2"]
    assert room.told("meja-1", "ring_cancelled")[0]["why"] == "answered_elsewhere"
    room.do("connected", call, "meja-2")
    assert len(room.facts("call_answered")) == 1


def test_nobody_connected_a_call_is_held_announced_and_the_alarm_is_raised(room: Story):
    call = room.dial()
    room.wait(60)
    assert room.stage(call) is Stage.WAITING
    assert Announce(call, "queue", loop=False) in room.effects
    assert {"nobody_ready", "long_wait"} <= {alarm.what for alarm in room.made(Alarm)}
    room.sit("meja-1")
    assert room.rings_at(call) == ["meja-1"]
    assert "nobody_ready" not in room.acd.room.alarms


@pytest.mark.parametrize(
    ("seats", "stage", "cause"),
    [([], "queue", "abandoned_queue"), (["meja-1"], "alerting", "abandoned_alerting")],
)
def test_a_caller_who_gives_up_is_written_down(room: Story, seats: list[str], stage: str, cause: str):
    room.sit(*seats)
    call = room.dial()
    room.wait(3)
    room.do("gone", call, by="caller")
    assert room.facts("call_abandoned") == [{"stage": stage, "waited_s": 3.0}]
    assert room.facts("call_ended") == [{"cause": cause, "by": "caller", "sip_code": None}]
    if seats:
        assert room.told("meja-1", "ring_cancelled")[0]["why"] == "abandoned"
        assert room.state("meja-1") is SeatState.READY


def test_both_sides_can_hang_up_and_only_the_first_counts(room: Story):
    room.sit("meja-1")
    call = room.dial()
    room.talk(call, "meja-1")
    room.do("hang_up", "meja-1", call)
    assert room.made(HangUp) == [HangUp(call, "agent_released")]
    room.do("gone", call, by="system")
    assert room.facts("call_ended") == [{"cause": "agent_released", "by": "agent", "sip_code": None}]
    assert room.told("meja-1", "ended") == [
        {"type": "ended", "call_id": str(call), "cause": "agent_released", "by": "agent"}
    ]


def test_why_the_exchange_gave_a_call_up_is_written_down(room: Story):
    room.sit("meja-1")
    call = room.dial()
    room.talk(call, "meja-1")
    room.do("gone", call, by="system", failed=True, cause="no_sound")
    assert room.facts("call_ended") == [{"cause": "no_sound", "by": "system", "sip_code": None}]
    assert room.told("meja-1", "ended")[0]["cause"] == "no_sound"


def test_hanging_up_while_the_line_opens_ends_it_once_open(room: Story):
    room.sit("meja-1")
    call = room.dial()
    room.do("answer", "meja-1", call)
    room.do("hang_up", "meja-1", call)
    assert not room.made(HangUp)
    room.do("connected", call, "meja-1")
    assert room.made(HangUp)
    assert call not in room.acd.room.calls


def test_a_failed_answer_gives_the_call_to_the_next_seat(room: Story):
    room.sit("meja-1", "meja-2")
    call = room.dial()
    room.do("answer", "meja-1", call)
    room.do("connect_failed", call, "meja-1")
    assert room.told("meja-1", "error")[0]["code"] == "call.answer_failed"
    assert room.rings_at(call) == ["meja-2"]
    room.talk(call, "meja-2")
    assert room.state("meja-2") is SeatState.TALKING


def test_answering_without_sound_is_refused_and_it_rings_on(room: Story):
    room.acd = Acd(policy.from_snapshot({}))
    room.sit("meja-1")
    call = room.dial()
    room.acd.room.seats["meja-1"].audio = False
    with pytest.raises(Refused) as refused:
        room.do("answer", "meja-1", call)
    assert refused.value.code == "seat.no_media"
    assert room.rings_at(call) == ["meja-1"]


def test_ready_before_sound_is_up_counts_once_it_is(room: Story):
    room.do("seat_on", "meja-1", person("a"))
    room.do("ready", "meja-1")
    assert room.acd.room.seats["meja-1"].reason == "connecting"
    call = room.dial()
    assert room.rings_at(call) == []
    room.do("audio_up", "meja-1")
    assert room.rings_at(call) == ["meja-1"]


def test_not_ready_during_a_ring_gives_it_to_the_next(room: Story):
    room.sit("meja-1", "meja-2")
    call = room.dial()
    room.do("not_ready", "meja-1", "prayer")
    assert room.rings_at(call) == ["meja-2"]
    assert room.state("meja-1") is SeatState.NOT_READY


def test_not_ready_during_a_call_holds_after_it(room: Story):
    room.sit("meja-1")
    call = room.dial()
    room.talk(call, "meja-1")
    room.do("not_ready", "meja-1", "meal")
    assert room.state("meja-1") is SeatState.TALKING
    room.do("gone", call, by="caller")
    assert (room.state("meja-1"), room.acd.room.seats["meja-1"].reason) == (SeatState.NOT_READY, "meal")


def test_a_seat_lost_while_it_rings_passes_the_ring_on_at_once(room: Story):
    room.sit("meja-1", "meja-2")
    call = room.dial()
    room.do("seat_off", "meja-1", why="lost")
    assert room.rings_at(call) == ["meja-2"]


def test_a_reloaded_browser_gets_its_call_back_without_ringing(room: Story):
    room.sit("meja-1", "meja-2")
    call = room.dial()
    room.talk(call, "meja-1")
    room.do("seat_off", "meja-1", why="lost")
    assert room.stage(call) is Stage.HELD
    assert room.made(Part) == [Part(call, "meja-1")]
    assert room.made(Announce)[-1] == Announce(call, "hold", loop=True)
    room.wait(4)
    room.do("seat_on", "meja-1", person("op-meja-1"), resume=call)
    room.do("audio_up", "meja-1")
    assert room.made(Connect)[-1] == Connect(call, "meja-1", again=True)
    room.do("connected", call, "meja-1")
    assert room.told("meja-1", "answered")[-1]["resumed"] is True
    assert len(room.facts("seat_signed_in")) == 2
    assert room.state("meja-1") is SeatState.TALKING


def test_a_seat_that_comes_back_without_knowing_is_rung_first(room: Story):
    room.sit("meja-1", "meja-2")
    call = room.dial()
    room.talk(call, "meja-1")
    room.do("seat_off", "meja-1", why="lost")
    room.wait(2)
    room.do("seat_on", "meja-1", person("op-meja-1"), audio=True)
    assert room.rings_at(call) == ["meja-1"]
    assert room.told("meja-1", "ring")[-1]["resume"] is True


def test_after_twenty_seconds_a_lost_seats_call_goes_to_the_others(room: Story):
    room.sit("meja-1", "meja-2")
    call = room.dial()
    room.talk(call, "meja-1")
    room.do("seat_off", "meja-1", why="lost")
    room.wait(19.9)
    assert room.rings_at(call) == []
    room.wait(0.2)
    assert room.rings_at(call) == ["meja-2"]
    assert room.state("meja-1") is SeatState.SIGNED_OUT
    assert room.facts("seat_signed_out")[-1]["why"] == "lost"
    room.talk(call, "meja-2")
    assert [fact["seat"] for fact in room.facts("call_answered")] == ["meja-1", "meja-2"]


def test_a_broken_off_call_comes_before_everybody_who_waits(room: Story):
    room.sit("meja-1")
    call = room.dial()
    room.talk(call, "meja-1")
    other = room.dial("+62811")
    room.do("seat_off", "meja-1", why="left")
    room.wait(21)
    room.sit("meja-2")
    assert (room.rings_at(call), room.rings_at(other)) == (["meja-2"], [])


def test_sound_that_breaks_and_returns_resumes_the_call(room: Story):
    room.sit("meja-1")
    call = room.dial()
    room.talk(call, "meja-1")
    room.do("audio_lost", "meja-1")
    assert room.stage(call) is Stage.HELD
    assert room.acd.room.seats["meja-1"].reason == "media_lost"
    room.do("audio_up", "meja-1")
    room.do("connected", call, "meja-1")
    assert room.stage(call) is Stage.TALKING


def test_another_person_on_a_lost_seat_signs_the_first_one_out(room: Story):
    room.sit("meja-1")
    room.do("seat_off", "meja-1", why="lost")
    room.do("seat_on", "meja-1", person("other"), audio=True)
    assert room.facts("seat_signed_out")[-1] == {
        "seat": "meja-1", "why": "displaced", "account_id": "id-op-meja-1",
    }  # fmt: skip
    assert room.state("meja-1") is SeatState.NOT_READY


def test_a_restored_call_waits_for_its_seat_and_resumes(room: Story):
    call_id = new_id()
    incoming = Incoming(call_id=call_id, number=None, offered_at=900.0, shown={"call_id": str(call_id)})
    room.do("restored_seat", "meja-1", person("a"), wants_ready=True, idle_reason="signed_in")
    room.do("restored", incoming, seat="meja-1", answered_at=950.0)
    room.sit("meja-2")
    assert room.rings_at(call_id) == []
    room.do("seat_on", "meja-1", person("a"), resume=call_id)
    room.do("audio_up", "meja-1")
    room.do("connected", call_id, "meja-1")
    assert room.state("meja-1") is SeatState.TALKING
    assert room.facts("call_offered") == []


def test_a_busy_seat_is_never_rung(room: Story):
    room.sit("meja-1")
    room.talk(room.dial(), "meja-1")
    for _ in range(5):
        assert room.rings_at(room.dial()) == []
    assert room.state("meja-1") is SeatState.TALKING


def test_a_new_policy_names_new_seats_and_keeps_those_in_use(room: Story):
    room.sit("meja-1")
    room.do("new_policy", replace(room.acd.room.policy, seats=("meja-9",), reserve_seats=frozenset()))
    assert set(room.acd.room.seats) == {"meja-1", "meja-9"}
    assert room.rings_at(room.dial()) == ["meja-1"]
