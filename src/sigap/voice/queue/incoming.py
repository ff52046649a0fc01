"""From the exchange's words to the queue's, and from the queue's state to what the seats see. Pure."""

from sigap.kernel import clock
from sigap.voice import pbx as port
from sigap.voice.queue.model import Call, Fact, Incoming, Stage, moment
from sigap.voice.queue.room import Room

_STAGES = {
    Stage.WAITING: "waiting",
    Stage.RINGING: "ringing",
    Stage.CONNECTING: "ringing",
    Stage.HELD: "held",
}


def of(event: port.CallOffered) -> tuple[Incoming, dict[str, object]]:
    """The call as the queue keeps it, and the facts of `call_offered`; their time is T0, not when it was written down."""
    evidence = [item.as_json() for item in event.evidence]
    told: dict[str, object] = {
        "number": event.number,
        "number_class": event.number_class.value,
        "display_name": event.display_name,
        "trunk": event.trunk,
        "dialed_number": event.dialed_number,
        "evidence": evidence,
    }
    offered_at = event.at.timestamp()
    places = [{name: value for name, value in item.items() if name != "raw"} for item in evidence]
    shown = {"call_id": str(event.call_id), "offered_at": moment(offered_at), **told, "evidence": places}
    found = Incoming(call_id=event.call_id, number=event.number, offered_at=offered_at, shown=shown)
    return found, {"at": clock.text(event.at), **told, "raw": dict(event.raw)}


def recording(event: port.PbxEvent) -> tuple[Fact | None, dict[str, object] | None]:
    """What is written down about a recording or a line, and what the call's seat is shown of it."""
    match event:
        case port.RecordingStarted():
            fact = Fact("recording_started", event.call_id, {"file": event.file})
            return fact, {"type": "recording", "state": "recording"}
        case port.RecordingStopped():
            data: dict[str, object] = {"file": event.file, "sha256": event.sha256, "seconds": event.seconds}
            fact = Fact(
                "recording_stopped", event.call_id, {**data, "gaps": [dict(gap) for gap in event.gaps]}
            )
            return fact, {"type": "recording", "state": "stored", "seconds": event.seconds}
        case port.RecordingFailed():
            fact = Fact("recording_failed", event.call_id, {"reason": event.reason})
            return fact, {"type": "recording", "state": "failed", "reason": event.reason}
        case port.MediaLost():
            return None, {"type": "line", "state": "silent"}
        case port.MediaBack():
            return None, {"type": "line", "state": "ok"}
        case port.CallHeld():
            return None, {"type": "line", "state": "held_by_caller" if event.held else "ok"}
        case port.Dtmf():
            return None, {"type": "dtmf", "digit": event.digit}
        case _:
            return None, None


def queue_view(room: Room) -> dict[str, object]:
    """Waiting calls without numbers, and every seat."""
    waiting = [_waiting(call, position) for position, call in enumerate(room.in_order(), start=1)]
    return {"waiting": waiting, "seats": [seat.public() for seat in room.seats.values()]}


def _waiting(call: Call, position: int) -> dict[str, object]:
    return {
        "call_id": str(call.call_id),
        "offered_at": moment(call.incoming.offered_at),
        "number_class": call.incoming.shown.get("number_class"),
        "position": position,
        "stage": _STAGES[call.stage],
        "seats": sorted(call.ringing) or ([call.seat] if call.seat else []),
    }


def current_call(room: Room, seat_name: str) -> dict[str, object] | None:
    """The call a seat is in, or that waits for it to come back."""
    for call in room.calls.values():
        at_seat = call.seat == seat_name and call.stage is not Stage.WAITING
        if at_seat or seat_name in call.ringing:
            state = {Stage.TALKING: "talking", Stage.HELD: "held"}.get(call.stage, "ringing")
            answered_at = moment(call.answered_at) if call.answered_at is not None else None
            return {**call.incoming.shown, "state": state, "answered_at": answered_at}
    return None
