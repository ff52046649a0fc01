"""The queue's verbs: what callers and seats do, and what follows. Pure: time comes in, effects go out.

Whatever happens in here, a call leaves `room.calls` only when it is over; every verb ends by offering whoever still waits.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate
from uuid import UUID

from sigap.voice.policy import Policy
from sigap.voice.prompts import Prompt
from sigap.voice.queue import offers
from sigap.voice.queue.model import (
    Announce,
    Call,
    Connect,
    Effect,
    HangUp,
    Incoming,
    Occupant,
    Part,
    Rank,
    Refused,
    Seat,
    SeatState,
    ShowRinging,
    Stage,
    moment,
)
from sigap.voice.queue.room import Room


def _verb[**P](
    step: Callable[Concatenate["Acd", float, P], None],
) -> Callable[Concatenate["Acd", float, P], list[Effect]]:
    """Run the step, then whatever time and free seats make due; hand out the effects."""

    @wraps(step)
    def run(self: "Acd", now: float, /, *args: P.args, **kwargs: P.kwargs) -> list[Effect]:
        step(self, now, *args, **kwargs)
        return self.due(now)

    return run


class Acd:
    """Automatic call distribution (pembagi panggilan)."""

    def __init__(self, policy: Policy) -> None:
        self.room = Room(policy)

    # ---- the trunk

    @_verb
    def offered(self, now: float, incoming: Incoming, facts: dict[str, object]) -> None:
        """A caller reached the centre."""
        room = self.room
        if incoming.call_id in room.calls:
            return
        call = Call(incoming=incoming, rank=self._rank(incoming.number))
        room.calls[call.call_id] = call
        room.fact("call_offered", call, **facts)
        room.effects.append(ShowRinging(call.call_id))
        room.changed = True

    @_verb
    def restored(self, now: float, incoming: Incoming, *, seat: str | None, answered_at: float) -> None:
        """An answered call outlived the process: keep it for its seat."""
        call = Call(incoming=incoming, rank=self._rank(incoming.number), stage=Stage.HELD)
        call.seat, call.answered_at, call.kept_until = seat, answered_at, now + self.room.policy.resume_s
        self.room.calls[call.call_id] = call
        self.room.effects.append(Announce(call.call_id, Prompt.HOLD, loop=True))
        self.room.changed = True

    @_verb
    def gone(
        self,
        now: float,
        call_id: UUID,
        *,
        by: str,
        failed: bool = False,
        cause: str = "failed",
        sip_code: int | None = None,
    ) -> None:
        """The trunk says the call is over; `by` is caller or system, `cause` why it failed."""
        call = self.room.calls.get(call_id)
        if call is None:
            return
        if call.answered_at is not None:
            cause = cause if failed else "caller_released"
        elif not failed:
            cause = "abandoned_queue" if call.waits else "abandoned_alerting"
            stage = "queue" if call.waits else "alerting"
            waited_s = round(now - call.incoming.offered_at, 3)
            self.room.fact("call_abandoned", call, stage=stage, waited_s=waited_s)
        self._over(call, now, cause=cause, by=by, sip_code=sip_code)

    @_verb
    def connected(self, now: float, call_id: UUID, seat_name: str) -> None:
        """The caller's line is open and the seat's sound is in it."""
        room, call = self.room, self.room.calls.get(call_id)
        if call is None or call.stage is not Stage.CONNECTING:
            return
        seat, again = room.seats[seat_name], call.answered_at is not None
        call.stage, call.seat, call.kept_until, call.queued_at = Stage.TALKING, seat_name, None, None
        call.tried.clear()
        account_id = seat.occupant.account_id if seat.occupant else None
        if call.answered_at is None:
            call.answered_at = now
        room.fact("call_answered", call, seat=seat_name, account_id=account_id)
        if call.let_go:
            self._release(call, now)
            return
        if not (seat.connected and seat.audio and seat.call_id == call_id):
            self._break_off(call, seat, now)
            return
        seat.missed = 0
        room.put(seat, SeatState.TALKING, now)
        room.tell(seat, "answered", call_id=str(call_id), answered_at=moment(call.answered_at), resumed=again)

    @_verb
    def connect_failed(self, now: float, call_id: UUID, seat_name: str) -> None:
        """The line could not be opened for that seat; the next one gets the call."""
        room, call, seat = self.room, self.room.calls.get(call_id), self.room.seats[seat_name]
        if seat.call_id == call_id:
            room.tell(seat, "error", code="call.answer_failed", call_id=str(call_id))
            room.tell(seat, "ring_cancelled", call_id=str(call_id), why="failed")
            seat.idle_since = now
            room.settle(seat, now)
        if call is not None and call.stage is Stage.CONNECTING:
            call.kept_until, call.let_go = None, False
            room.requeue(call)

    # ---- seats

    @_verb
    def seat_on(
        self, now: float, name: str, who: Occupant, *, resume: UUID | None = None, audio: bool = False
    ) -> None:
        """Somebody sits down, or is back after the line broke."""
        room = self.room
        seat = room.seats.setdefault(name, Seat(name=name))
        back = (
            seat.state is SeatState.LOST
            and seat.occupant is not None
            and seat.occupant.account_id == who.account_id
        )
        if not back:
            if seat.occupant is not None:
                room.sign_out(seat, now, "displaced")
            seat.idle_since = now
            room.fact("seat_signed_in", seat=name, account_id=who.account_id)
        seat.occupant, seat.connected, seat.audio, seat.had_audio = who, True, audio, audio
        call = room.calls.get(resume) if resume else None
        if call is not None and call.seat == name and call.stage is Stage.HELD and back:
            call.resume = True
        room.settle(seat, now)

    @_verb
    def restored_seat(
        self, now: float, name: str, who: Occupant, *, wants_ready: bool, idle_reason: str
    ) -> None:
        """Somebody sat there when the process died; they have a while to come back as they were."""
        seat = self.room.seats.setdefault(name, Seat(name=name))
        seat.occupant, seat.wants_ready, seat.idle_reason, seat.idle_since = (
            who,
            wants_ready,
            idle_reason,
            now,
        )
        self.room.put(seat, SeatState.LOST, now, until=now + self.room.policy.resume_s)

    @_verb
    def seat_off(self, now: float, name: str, *, why: str) -> None:
        """The seat's line is gone. `why` is `lost` (kept for a while) or `left` (signed out on purpose)."""
        seat = self.room.seats.get(name)
        if seat is None or not seat.connected:
            return
        seat.connected = seat.audio = False
        self._drop_call(seat, now)
        if why == "left":
            self.room.sign_out(seat, now, why)
        else:
            self.room.put(seat, SeatState.LOST, now, until=now + self.room.policy.resume_s)

    @_verb
    def audio_up(self, now: float, name: str) -> None:
        """Sound can flow to and from the seat."""
        seat = self.room.seats[name]
        if not seat.connected or seat.audio:
            return
        seat.audio = seat.had_audio = True
        if seat.idle:
            self.room.settle(seat, now)
        self.room.show(seat)

    @_verb
    def audio_lost(self, now: float, name: str) -> None:
        """The seat's sound broke, its line to us stands: its call is kept until sound is back."""
        seat = self.room.seats[name]
        if not seat.connected or not seat.audio:
            return
        seat.audio = False
        call = self.room.calls.get(seat.call_id) if seat.call_id else None
        if call is not None and call.stage is Stage.RINGING:
            self.room.unring(call, seat, now, "failed")
        else:
            self._drop_call(seat, now)
        if call is not None and call.stage is Stage.HELD:
            call.resume = True
        if seat.state is not SeatState.WRAP_UP:
            self.room.settle(seat, now)

    @_verb
    def ready(self, now: float, name: str) -> None:
        """Siap."""
        seat = self.room.seats[name]
        if not seat.wants_ready:
            seat.idle_since = now
        seat.wants_ready, seat.missed = True, 0
        self.room.alarm_over(f"ring_missed:{name}")
        if seat.idle or seat.state is SeatState.WRAP_UP:
            self.room.settle(seat, now)

    @_verb
    def not_ready(self, now: float, name: str, reason: str) -> None:
        """Tidak siap; a ring goes to the next seat, a call is finished first."""
        seat = self.room.seats[name]
        seat.wants_ready, seat.idle_reason = False, reason
        if seat.state is SeatState.RINGING and seat.call_id:
            call = self.room.calls[seat.call_id]
            if call.stage is Stage.RINGING:
                call.kept_until = None
                self.room.unring(call, seat, now, "not_ready")
        elif seat.idle or seat.state is SeatState.WRAP_UP:
            self.room.settle(seat, now)

    @_verb
    def wrap_up_done(self, now: float, name: str) -> None:
        """The seat needs no more time after its call."""
        seat = self.room.seats[name]
        if seat.state is SeatState.WRAP_UP:
            seat.idle_since = now
            self.room.settle(seat, now)

    @_verb
    def answer(self, now: float, name: str, call_id: UUID) -> None:
        """A seat takes the ringing call; of several exactly one gets it. Raises Refused."""
        room, seat, call = self.room, self.room.seats[name], self.room.calls.get(call_id)
        if call is None:
            raise Refused("call.gone")
        if call.stage in (Stage.CONNECTING, Stage.TALKING):
            if call.seat == name:
                return
            raise Refused("call.taken")
        if name not in call.ringing:
            raise Refused("call.not_ringing_here")
        if not seat.audio:
            raise Refused("seat.no_media")
        call.stage, call.seat = Stage.CONNECTING, name
        for other in list(call.ringing):
            if other != name:
                room.unring(call, room.seats[other], now, "answered_elsewhere")
        call.ringing.clear()
        room.effects.append(Connect(call_id, name, again=call.answered_at is not None))
        room.changed = True

    @_verb
    def hang_up(self, now: float, name: str, call_id: UUID) -> None:
        """The seat ends its call. Raises Refused."""
        call = self.room.calls.get(call_id)
        if call is None:
            raise Refused("call.gone")
        if call.seat != name or call.stage not in (Stage.CONNECTING, Stage.TALKING):
            raise Refused("call.not_yours")
        if call.stage is Stage.CONNECTING:
            call.let_go = True
        else:
            self._release(call, now)

    @_verb
    def new_policy(self, now: float, policy: Policy) -> None:
        """The api sent a newer snapshot; seats it no longer names stay while somebody sits there."""
        room = self.room
        room.policy = policy
        for name in policy.seats:
            room.seats.setdefault(name, Seat(name=name))
        for seat in [seat for seat in room.seats.values() if seat.name not in policy.seats]:
            if seat.state is SeatState.SIGNED_OUT:
                del room.seats[seat.name]
        for call in room.calls.values():
            call.rank = self._rank(call.incoming.number)
        room.changed = True

    # ---- time

    @_verb
    def tick(self, now: float) -> None:
        """Time has passed."""

    def due(self, now: float) -> list[Effect]:
        """Everything time alone makes happen, then offers; returns and clears the effects."""
        room = self.room
        for call in list(room.calls.values()):
            for name in [name for name, until in call.ringing.items() if until <= now]:
                self._missed(call, room.seats[name], now)
        for seat in room.seats.values():
            if seat.until is not None and seat.until <= now:
                if seat.state is SeatState.LOST:
                    room.sign_out(seat, now, "lost")
                else:
                    seat.idle_since = now
                    room.settle(seat, now)
        offers.offer_all(room, now)
        offers.announce(room, now)
        offers.alarms(room, now)
        effects = room.effects
        room.effects = []
        return effects

    def deadline(self, now: float) -> float | None:
        """The next moment after now at which `tick` has something to do."""
        room, policy = self.room, self.room.policy
        moments = [seat.until for seat in room.seats.values() if seat.until is not None]
        for call in room.calls.values():
            moments += call.ringing.values()
            if call.kept_until is not None and call.waits:
                moments.append(call.kept_until)
            if call.next_prompt_at is not None and call.answered_at is None:
                moments.append(call.next_prompt_at)
            if call.waits:
                offered = call.incoming.offered_at
                moments += [offered + policy.overflow_s, offered + policy.long_wait_s]
        return min((at for at in moments if at > now), default=None)

    # ---- parts

    def _rank(self, number: str | None) -> Rank:
        if number and number in self.room.policy.open_incident_numbers:
            return Rank.OPEN_INCIDENT
        if number and number in self.room.policy.callback_numbers:
            return Rank.CALLBACK
        return Rank.ORDINARY

    def _missed(self, call: Call, seat: Seat, now: float) -> None:
        if call.answered_at is None:
            seat.missed += 1
            self.room.fact("ring_missed", call, seat=seat.name)
        seat.idle_since = now
        if seat.missed >= self.room.policy.misses:
            seat.wants_ready, seat.idle_reason = False, "missed_rings"
            self.room.alarm(f"ring_missed:{seat.name}", f"{seat.name} did not answer {seat.missed} rings")
        self.room.unring(call, seat, now, "timeout")

    def _drop_call(self, seat: Seat, now: float) -> None:
        """The seat is out of its call: a ring goes on elsewhere, a talk is kept for it."""
        call = self.room.calls.get(seat.call_id) if seat.call_id else None
        seat.call_id = None
        if call is None:
            return
        if seat.name in call.ringing:
            del call.ringing[seat.name]
            if not call.ringing:
                self.room.requeue(call)
        elif call.stage is Stage.TALKING:
            self._break_off(call, seat, now)

    def _break_off(self, call: Call, seat: Seat, now: float) -> None:
        call.stage, call.kept_until = Stage.HELD, now + self.room.policy.resume_s
        self.room.fact("call_seat_lost", call, seat=seat.name)
        self.room.effects += [Part(call.call_id, seat.name), Announce(call.call_id, Prompt.HOLD, loop=True)]
        self.room.changed = True

    def _release(self, call: Call, now: float) -> None:
        self._over(call, now, cause="agent_released", by="agent", sip_code=None)
        self.room.effects.append(HangUp(call.call_id, "agent_released"))

    def _over(self, call: Call, now: float, *, cause: str, by: str, sip_code: int | None) -> None:
        """The call is over: written down, told, and its seats freed."""
        room = self.room
        del room.calls[call.call_id]
        room.fact("call_ended", call, cause=cause, by=by, sip_code=sip_code)
        room.changed = True
        for seat in [seat for seat in room.seats.values() if seat.call_id == call.call_id]:
            if call.stage is Stage.TALKING:
                room.tell(seat, "ended", call_id=str(call.call_id), cause=cause, by=by)
                seat.call_id, seat.idle_since = None, now
                if seat.wants_ready:
                    room.put(seat, SeatState.WRAP_UP, now, until=now + room.policy.wrap_up_s)
                else:
                    room.settle(seat, now)
            else:
                room.tell(seat, "ring_cancelled", call_id=str(call.call_id), why="abandoned")
                room.settle(seat, now)
