"""The browser's messages, read strictly; docs/reference/seat-protocol.md says what each means."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

MAX_BYTES: Final = 64 * 1024
"""The longest message a browser may send."""
_REASON: Final = re.compile(r"[a-z_]{1,40}")


class Unreadable(Exception):
    """A message that is not understood; `code` as in the reference, `about` its type, `re` its id."""

    def __init__(self, code: str, about: str | None = None, re: str | None = None) -> None:
        super().__init__(code)
        self.code, self.about, self.re = code, about, re


@dataclass(frozen=True, slots=True)
class Hello:
    """Somebody wants to sit down."""

    token: str
    seat: str
    silent: bool
    take_over: bool
    resume: UUID | None


@dataclass(frozen=True, slots=True)
class Offer:
    """The browser's half of a sound connection."""

    sdp: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """One more address of the browser."""

    candidate: str
    mid: str | None
    line: int | None


@dataclass(frozen=True, slots=True)
class Ready:
    """Siap."""


@dataclass(frozen=True, slots=True)
class NotReady:
    """Tidak siap."""

    reason: str


@dataclass(frozen=True, slots=True)
class AnswerCall:
    """Take the ringing call."""

    call_id: UUID


@dataclass(frozen=True, slots=True)
class HangUpCall:
    """End the call."""

    call_id: UUID


@dataclass(frozen=True, slots=True)
class WrapUpDone:
    """No more time needed after the call."""


@dataclass(frozen=True, slots=True)
class SignOut:
    """Leave the seat on purpose."""


@dataclass(frozen=True, slots=True)
class Ping:
    """Are you there; `t` comes back as it is."""

    t: object


type Message = (
    Hello | Offer | Candidate | Ready | NotReady | AnswerCall | HangUpCall | WrapUpDone | SignOut | Ping
)


@dataclass(frozen=True, slots=True)
class Received:
    """A message with what an error about it repeats."""

    message: Message
    about: str
    re: str | None


def read(text: str | bytes) -> Received:
    """One frame from a browser. Raises Unreadable."""
    if isinstance(text, bytes):
        raise Unreadable("message.not_json")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise Unreadable("message.not_json") from None
    if not isinstance(found, dict):
        raise Unreadable("message.not_json")
    about, ident = found.get("type"), found.get("id")
    ident = ident if isinstance(ident, str) and len(ident) <= 64 else None
    reader = _READERS.get(about) if isinstance(about, str) else None
    if reader is None or not isinstance(about, str):
        raise Unreadable("message.unknown_type", about[:40] if isinstance(about, str) else None, ident)
    try:
        return Received(reader(found), about, ident)
    except (KeyError, TypeError, ValueError):
        raise Unreadable("message.invalid", about, ident) from None


def _text(found: Mapping[str, object], name: str, most: int = MAX_BYTES) -> str:
    value = found[name]
    if not isinstance(value, str) or not value or len(value) > most:
        raise ValueError(name)
    return value


def _flag(found: Mapping[str, object], name: str) -> bool:
    value = found.get(name, False)
    if not isinstance(value, bool):
        raise TypeError(name)
    return value


def _call(found: Mapping[str, object], name: str = "call_id") -> UUID:
    return UUID(_text(found, name, 64))


def _hello(found: Mapping[str, object]) -> Hello:
    media = found.get("media", "webrtc")
    if media not in ("webrtc", "none"):
        raise ValueError("media")
    resume = None if found.get("resume") is None else _call(found, "resume")
    return Hello(
        _text(found, "token"), _text(found, "seat", 40), media == "none", _flag(found, "take_over"), resume
    )


def _candidate(found: Mapping[str, object]) -> Candidate:
    given = found["candidate"]
    if given is None:
        return Candidate("", None, None)
    if not isinstance(given, dict):
        raise TypeError("candidate")
    candidate, mid, line = given.get("candidate"), given.get("sdpMid"), given.get("sdpMLineIndex")
    if not isinstance(candidate, str) or not isinstance(mid, str | None) or not isinstance(line, int | None):
        raise TypeError("candidate")
    return Candidate(candidate, mid, line)


def _not_ready(found: Mapping[str, object]) -> NotReady:
    reason = _text(found, "reason", 40)
    if not _REASON.fullmatch(reason):
        raise ValueError("reason")
    return NotReady(reason)


def _ping(found: Mapping[str, object]) -> Ping:
    t = found.get("t")
    if not isinstance(t, str | int | float | None) or (isinstance(t, str) and len(t) > 100):
        raise ValueError("t")
    return Ping(t)


_READERS: Final[Mapping[str, Callable[[Mapping[str, object]], Message]]] = {
    "hello": _hello,
    "offer": lambda found: Offer(_text(found, "sdp")),
    "candidate": _candidate,
    "ready": lambda found: Ready(),
    "not_ready": _not_ready,
    "answer_call": lambda found: AnswerCall(_call(found)),
    "hang_up": lambda found: HangUpCall(_call(found)),
    "wrap_up_done": lambda found: WrapUpDone(),
    "sign_out": lambda found: SignOut(),
    "ping": _ping,
}
