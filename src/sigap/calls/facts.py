"""The facts that voice hands over, as they come by wire: read tolerantly, for voice may be newer than this process.

Apart from api.py because a fact is read one by one: one that cannot be read must not hold up the spool behind it.
"""

from collections.abc import Mapping
from math import isfinite
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter

from sigap.calls.model import NumberClass, SeatState

EXACT: Final = 2**53
"""Beyond it a JSON number is not one value in every reader; the journal keeps it as text."""
DEEPEST: Final = 24
"""Levels of nesting that are kept of what a stranger's phone sent."""


def _cut(most: int) -> BeforeValidator:
    return BeforeValidator(lambda value: value[:most] if isinstance(value, str) else value)


Short = Annotated[str, _cut(200)]
"""A word or a name of the trunk's: the rest of a longer one is in the raw parts."""
Seat = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]


class _Fact(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    voice_seq: Annotated[int, Field(gt=0, lt=EXACT)]
    at: AwareDatetime


class OfCall(_Fact):
    """A fact about one call."""

    call_id: UUID


class OfSeat(_Fact):
    """A fact about one seat."""

    seat: Seat
    account_id: UUID | None = None


class Offered(OfCall):
    """call_offered"""

    kind: Literal["call_offered"]
    number: Annotated[str, _cut(64)] | None = None
    number_class: NumberClass = NumberClass.NONE
    display_name: Short | None = None
    trunk: Short | None = None
    dialed_number: Annotated[str, _cut(64)] | None = None
    evidence: list[dict[str, Any]] = []
    raw: dict[str, Any] = {}


class Alerted(OfCall):
    """call_alerted"""

    kind: Literal["call_alerted"]
    seat: Seat


class Queued(OfCall):
    """call_queued"""

    kind: Literal["call_queued"]
    position: int | None = None


class Answered(OfCall):
    """call_answered"""

    kind: Literal["call_answered"]
    seat: Seat
    account_id: UUID | None = None


class SeatLost(OfCall):
    """call_seat_lost"""

    kind: Literal["call_seat_lost"]
    seat: Seat


class Abandoned(OfCall):
    """call_abandoned"""

    kind: Literal["call_abandoned"]
    stage: Literal["ivr", "queue", "alerting"]
    waited_s: Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Ended(OfCall):
    """call_ended"""

    kind: Literal["call_ended"]
    cause: Short
    by: Short | None = None
    sip_code: int | None = None


class RecordingStarted(OfCall):
    """recording_started"""

    kind: Literal["recording_started"]
    file: Short


class RecordingStopped(OfCall):
    """recording_stopped"""

    kind: Literal["recording_stopped"]
    file: Short
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    seconds: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    gaps: list[dict[str, Any]] = []


class RecordingFailed(OfCall):
    """recording_failed"""

    kind: Literal["recording_failed"]
    reason: Short


class SignedIn(OfSeat):
    """seat_signed_in"""

    kind: Literal["seat_signed_in"]


class SignedOut(OfSeat):
    """seat_signed_out"""

    kind: Literal["seat_signed_out"]
    why: Short = ""


class SeatSays(OfSeat):
    """seat_state"""

    kind: Literal["seat_state"]
    state: SeatState
    reason: Annotated[str, _cut(40)] | None = None


class RingMissed(OfSeat):
    """ring_missed"""

    kind: Literal["ring_missed"]
    call_id: UUID | None = None


class Started(_Fact):
    """voice_started"""

    kind: Literal["voice_started"]
    restored: list[UUID] = []


class AlarmRaised(_Fact):
    """voice_alarm"""

    kind: Literal["voice_alarm"]
    what: Short
    detail: Annotated[str, _cut(500)] = ""


type Fact = Annotated[
    Offered
    | Alerted
    | Queued
    | Answered
    | SeatLost
    | Abandoned
    | Ended
    | RecordingStarted
    | RecordingStopped
    | RecordingFailed
    | SignedIn
    | SignedOut
    | SeatSays
    | RingMissed
    | Started
    | AlarmRaised,
    Field(discriminator="kind"),
]
_READER: Final[TypeAdapter[Any]] = TypeAdapter(Fact)


def read(raw: Mapping[str, Any]) -> Any:
    """The fact as one of the classes above. Raises pydantic's ValidationError (a ValueError)."""
    return _READER.validate_python(storable(raw))


def storable(value: Any, level: int = 0) -> Any:
    """What a phone sent, so that database and journal can keep it: unstorable characters shown as \\x00 or \\udc80."""
    if level > DEEPEST:
        return "…"
    match value:
        case str():
            return value.replace("\x00", "\\x00").encode("utf-8", "backslashreplace").decode()
        case bool() | None:
            return value
        case int() | float():
            if not isfinite(value):
                return None
            return value if abs(value) < EXACT else str(value)
        case Mapping():
            return {storable(str(key)): storable(item, level + 1) for key, item in value.items()}
        case list() | tuple():
            return [storable(item, level + 1) for item in value]
        case _:
            return str(value)
