"""Who is rung next: longest idle first, reserve seats late, everybody when the room is unknown."""

from sigap.voice.prompts import Prompt
from sigap.voice.queue.model import Announce, Call, Connect, Seat, SeatState, Stage
from sigap.voice.queue.room import Room

_PROMPT_S = 5.5
"""Seconds after which the announcement (at most 5 s long) has ended and ringing is heard again."""


def offer_all(room: Room, now: float) -> None:
    """Give every waiting call to the seat that is its turn."""
    for call in room.in_order():
        if call.stage is Stage.HELD and call.kept_until is not None:
            _offer_to_its_seat(room, call, now)
        elif call.waits:
            _offer(room, call, now)


def _offer_to_its_seat(room: Room, call: Call, now: float) -> None:
    """A call whose seat broke off is kept for that seat for a while."""
    kept_until, seat = call.kept_until, room.seats.get(call.seat or "")
    if kept_until is None or kept_until <= now or seat is None:
        call.kept_until = None
        _offer(room, call, now)
    elif seat.idle and seat.audio:
        if call.resume:
            call.stage, call.resume = Stage.CONNECTING, False
            seat.call_id = call.call_id
            room.effects.append(Connect(call.call_id, seat.name, again=True))
        else:
            room.ring(call, seat, now, max(kept_until, now + room.policy.ring_s))


def _offer(room: Room, call: Call, now: float) -> None:
    seats = choose(room, call, now)
    for seat in seats:
        room.ring(call, seat, now, now + room.policy.ring_s)
    if not seats and call.queued_at is None:
        call.queued_at = now
        if call.answered_at is None:
            call.next_prompt, call.next_prompt_at = Prompt.QUEUE, now + room.policy.announce_after_s
        waiting = [other for other in room.in_order() if other.waits]
        room.fact("call_queued", call, position=waiting.index(call) + 1)
        room.changed = True


def choose(room: Room, call: Call, now: float) -> list[Seat]:
    """The seats where this call shall ring now; none means it waits."""
    free = [seat for seat in room.seats.values() if seat.idle and seat.audio]
    ready = [seat for seat in free if seat.state is SeatState.READY]
    if not room.policy.known:
        return ready or free
    reserve = room.policy.reserve_seats
    staffed = any(seat.connected for seat in room.seats.values() if seat.name not in reserve)
    waited = now - call.incoming.offered_at
    if staffed and waited < room.policy.overflow_s:
        ready = [seat for seat in ready if seat.name not in reserve]
    ready.sort(key=lambda seat: (seat.name in reserve, seat.name in call.tried, seat.idle_since, seat.name))
    return ready[:1]


def announce(room: Room, now: float) -> None:
    """What waiting callers hear: 180, then the announcement, then ringing, and the announcement again."""
    for call in room.calls.values():
        if call.next_prompt_at is None or call.next_prompt_at > now or call.answered_at is not None:
            continue
        if call.stage not in (Stage.WAITING, Stage.RINGING):
            continue
        if call.next_prompt == Prompt.QUEUE:
            room.effects.append(Announce(call.call_id, Prompt.QUEUE, loop=False))
            call.next_prompt, call.next_prompt_at = Prompt.RINGBACK, now + _PROMPT_S
        else:
            room.effects.append(Announce(call.call_id, Prompt.RINGBACK, loop=True))
            again = now + max(room.policy.announce_every_s - _PROMPT_S, 1.0)
            call.next_prompt, call.next_prompt_at = Prompt.QUEUE, again


def alarms(room: Room, now: float) -> None:
    """Calls that wait too long, and a room in which nobody could take one."""
    waiting = [call for call in room.calls.values() if call.waits and call.kept_until is None]
    working = any(
        seat.state not in (SeatState.SIGNED_OUT, SeatState.NOT_READY, SeatState.LOST)
        for seat in room.seats.values()
    )
    if waiting and not working:
        room.alarm("nobody_ready", "a call waits and no seat is ready")
    elif working or not waiting:
        room.alarm_over("nobody_ready")
    late = [call for call in waiting if now - call.incoming.offered_at >= room.policy.long_wait_s]
    if late:
        room.alarm("long_wait", f"{room.policy.long_wait_s:g} s")
    else:
        room.alarm_over("long_wait")
