"""The seats and calls of the room as voice sees them, and the small steps every decision is made of."""

from uuid import UUID

from sigap.voice.policy import Policy
from sigap.voice.queue.model import Alarm, AlarmOver, Call, Effect, Fact, Seat, SeatState, Stage, Tell


class Room:
    """State and the list of effects that the current step has produced so far."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.seats: dict[str, Seat] = {name: Seat(name=name) for name in policy.seats}
        self.calls: dict[UUID, Call] = {}
        self.effects: list[Effect] = []
        self.alarms: dict[str, str] = {}
        self.changed = False
        """Something that the whole room sees is different since the last look."""

    def fact(self, kind: str, call: Call | None = None, /, **data: object) -> None:
        """Write this down."""
        self.effects.append(Fact(kind, call.call_id if call else None, data))

    def tell(self, seat: Seat, message_type: str, /, **fields: object) -> None:
        """Say this to the browser at the seat, if one is there."""
        if seat.connected:
            self.effects.append(Tell(seat.name, {"type": message_type, **fields}))

    def alarm(self, what: str, detail: str) -> None:
        """Raise an alarm once; it stands until `alarm_over`."""
        if self.alarms.get(what) != detail:
            self.alarms[what] = detail
            self.fact("voice_alarm", what=what, detail=detail)
            self.effects.append(Alarm(what, detail))

    def alarm_over(self, what: str) -> None:
        """Its reason is gone."""
        if self.alarms.pop(what, None) is not None:
            self.effects.append(AlarmOver(what))

    # ---- seats

    def put(
        self,
        seat: Seat,
        state: SeatState,
        now: float,
        *,
        reason: str | None = None,
        until: float | None = None,
    ) -> None:
        """Set a seat's state; written down and told when it differs."""
        if (seat.state, seat.reason, seat.until) == (state, reason, until):
            return
        written = (seat.state, seat.reason) != (state, reason)
        seat.state, seat.reason, seat.until = state, reason, until
        if written:
            seat.since = now
            account_id = seat.occupant.account_id if seat.occupant else None
            if state is not SeatState.SIGNED_OUT:
                self.fact(
                    "seat_state", seat=seat.name, state=state.value, reason=reason, account_id=account_id
                )
        self.show(seat)

    def show(self, seat: Seat) -> None:
        """Tell the seat how it stands, and the room that something changed."""
        self.changed = True
        self.tell(seat, "seat", **seat.public())

    def settle(self, seat: Seat, now: float) -> None:
        """A seat without a call: ready if it wants to be and can, else not ready and why."""
        seat.call_id = None
        if not seat.connected:
            return
        if seat.wants_ready and seat.audio:
            if seat.state is not SeatState.READY:
                self.put(seat, SeatState.READY, now)
        elif seat.wants_ready:
            reason = "media_lost" if seat.had_audio else "connecting"
            self.put(seat, SeatState.NOT_READY, now, reason=reason)
        else:
            self.put(seat, SeatState.NOT_READY, now, reason=seat.idle_reason)

    def sign_out(self, seat: Seat, now: float, why: str) -> None:
        """Nobody sits there any more."""
        account_id = seat.occupant.account_id if seat.occupant else None
        self.fact("seat_signed_out", seat=seat.name, why=why, account_id=account_id)
        seat.occupant, seat.wants_ready, seat.idle_reason, seat.missed = None, False, "signed_in", 0
        seat.connected = seat.audio = seat.had_audio = False
        seat.call_id = None
        self.alarm_over(f"ring_missed:{seat.name}")
        self.put(seat, SeatState.SIGNED_OUT, now)

    # ---- rings

    def ring(self, call: Call, seat: Seat, now: float, until: float) -> None:
        """Let the call ring at the seat."""
        call.stage = Stage.RINGING
        call.ringing[seat.name] = until
        call.tried.add(seat.name)
        seat.call_id = call.call_id
        self.put(seat, SeatState.RINGING, now)
        self.fact("call_alerted", call, seat=seat.name)
        self.tell(
            seat,
            "ring",
            call=call.incoming.shown,
            ring_s=round(until - now, 3),
            resume=call.answered_at is not None,
        )

    def unring(self, call: Call, seat: Seat, now: float, why: str) -> None:
        """It rings there no more; the seat is free again."""
        if call.ringing.pop(seat.name, None) is None:
            return
        self.tell(seat, "ring_cancelled", call_id=str(call.call_id), why=why)
        self.settle(seat, now)
        if not call.ringing and call.stage is Stage.RINGING:
            self.requeue(call)

    def requeue(self, call: Call) -> None:
        """Back into the queue, at its old place."""
        call.stage = Stage.HELD if call.answered_at is not None else Stage.WAITING
        self.changed = True

    def in_order(self) -> list[Call]:
        """Calls that nobody talks to, first in the queue first."""
        return sorted(
            (call for call in self.calls.values() if call.stage is not Stage.TALKING), key=Call.place
        )
