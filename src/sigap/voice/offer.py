"""From an INVITE to what the room is told about the caller: number, place, call ids, and everything raw."""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sigap.evidence import address, caller, conveyance, parts
from sigap.evidence.model import LocationEvidence, NumberClass, ParseStatus, Source
from sigap.evidence.parts import Part
from sigap.kernel import clock
from sigap.voice.pbx import CallOffered
from sigap.voice.sip.message import Message

log = logging.getLogger(__name__)

MAX_VALUE = 4096
"""Characters of one header value that are kept with the call."""
DIALED_WHEN_UNREADABLE = "112"


def read(
    invite: Message, *, call_id: UUID, at: datetime, trunk: str, trusted: bool, location: bool = True
) -> CallOffered:
    """Everything the trunk told. `trusted` peers' asserted identity counts; `location` False leaves places unread.

    Never raises: where reading fails in a way nobody thought of, what is left is that somebody calls.
    """
    try:
        return _read(invite, call_id, at, trunk, trusted=trusted, location=location)
    except Exception as error:  # noqa: BLE001  # whatever was sent: the call rings. Its words stay out of the log
        log.error("An offer is unreadable.", extra={"action": "offer.failed", "kind": type(error).__name__})
    return CallOffered(
        call_id=call_id,
        at=at,
        number=None,
        number_class=NumberClass.NONE,
        display_name=None,
        trunk=trunk,
        dialed_number=DIALED_WHEN_UNREADABLE,
        raw={"uri": address.text(invite.uri)[:MAX_VALUE], "headers": {}, "parts": [], "flags": ["unread"]},
    )


def _read(
    invite: Message, call_id: UUID, at: datetime, trunk: str, *, trusted: bool, location: bool
) -> CallOffered:
    found = parts.split(invite.get("content-type"), invite.body)
    asserted = invite.all("p-asserted-identity") + invite.all("remote-party-id") if trusted else []
    who = caller.read(asserted, invite.get("from"))
    evidence: tuple[LocationEvidence, ...] = ()
    if location:
        evidence = conveyance.locations(invite.all("geolocation"), found, at)
    return CallOffered(
        call_id=call_id,
        at=at,
        number=who.number,
        number_class=who.number_class,
        display_name=who.display_name,
        trunk=trunk,
        dialed_number=dialed(invite.uri),
        evidence=evidence,
        call_info=conveyance.call_info(invite.all("call-info")),
        raw=_raw(invite, found),
    )


def dialed(uri: str) -> str:
    """What the caller dialled: a number, or a service URN; an unreadable address is taken for 112."""
    found = address.read_uri(uri)
    if found.scheme in ("sip", "sips", "tel"):
        return found.user.partition(";")[0][:80] or DIALED_WHEN_UNREADABLE
    return found.raw[:80] if found.scheme == "urn" else DIALED_WHEN_UNREADABLE


def location_bytes(invite: Message) -> int:
    """How much there is to read about places: large documents are read beside the event loop."""
    return len(invite.body) if "pidf" in invite.body[:65536].decode("latin-1").lower() else 0


def _raw(invite: Message, found: list[Part]) -> dict[str, object]:
    headers: dict[str, list[str]] = {}
    for name, value in invite.headers:
        headers.setdefault(name, []).append(address.text(value)[:MAX_VALUE])
    flags = sorted(invite.flags)
    kept = [part.as_json() for part in found if part.content_type != "application/sdp"]
    return {"uri": address.text(invite.uri)[:MAX_VALUE], "headers": headers, "parts": kept, "flags": flags}


def as_json(offered: CallOffered) -> dict[str, Any]:
    """The offer as it is saved with a standing call."""
    return {
        "call_id": str(offered.call_id),
        "at": clock.text(offered.at),
        "number": offered.number,
        "number_class": offered.number_class.value,
        "display_name": offered.display_name,
        "trunk": offered.trunk,
        "dialed_number": offered.dialed_number,
        "evidence": [item.as_json() for item in offered.evidence],
        "call_info": [dict(item) for item in offered.call_info],
        "raw": dict(offered.raw),
    }


def from_json(saved: Mapping[str, Any]) -> CallOffered:
    """The offer of a saved call. Raises KeyError or ValueError when it is not one."""
    fields: dict[str, Any] = {
        **saved,
        "call_id": UUID(saved["call_id"]),
        "at": datetime.fromisoformat(saved["at"]),
        "number_class": NumberClass(saved["number_class"]),
        "evidence": tuple(_evidence(item) for item in saved["evidence"]),
        "call_info": tuple(saved["call_info"]),
    }
    return CallOffered(**fields)


def _evidence(saved: Mapping[str, Any]) -> LocationEvidence:
    measured = saved["measured_at"]
    fields: dict[str, Any] = {
        **saved,
        "source": Source(saved["source"]),
        "parse_status": ParseStatus(saved["parse_status"]),
        "received_at": datetime.fromisoformat(saved["received_at"]),
        "measured_at": measured and datetime.fromisoformat(measured),
    }
    return LocationEvidence(**fields)
