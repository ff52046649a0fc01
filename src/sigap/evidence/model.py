"""What one message said about where the caller is, and who."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum

from sigap.kernel import clock


class Source(StrEnum):
    """By which road a location reached us."""

    PIDF_LO = "pidf_lo"
    GEO_URI = "geo_uri"


class ParseStatus(StrEnum):
    """How much of the message could be read."""

    OK = "ok"
    PARTIAL = "partial"  # read, but with something missing or doubtful
    MALFORMED = "malformed"  # kept raw; gives no place


class NumberClass(StrEnum):
    """Whether a caller can be called back at the number that was shown."""

    USABLE = "usable"
    NONE = "none"
    PLACEHOLDER = "placeholder"  # a phone without SIM, or an operator's filler


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationEvidence:
    """One statement about the caller's place (bukti lokasi); kept for ever, never merged with another.

    `lon`, `lat` degrees WGS 84, None when it gives no point; `uncertainty_m` metres, None when unknown (not zero);
    `confidence` 0-1, that the caller is inside the circle; `authentic` None when nothing proves it either way.
    """

    source: Source
    method: str | None
    received_at: datetime
    parse_status: ParseStatus
    lon: float | None = None
    lat: float | None = None
    uncertainty_m: float | None = None
    confidence: float | None = None
    altitude_m: float | None = None
    shape: str | None = None
    measured_at: datetime | None = None
    civic: dict[str, str] = field(default_factory=dict)
    reference: str | None = None
    """Where the document can be fetched: nothing has been fetched yet, and no call waits for it."""
    raw: str | None = None
    """The message itself, where it is not kept elsewhere: set when malformed."""
    authentic: bool | None = None

    def as_json(self) -> dict[str, object]:
        """The same in JSON's own types, for facts and screens."""
        found = asdict(self)
        for name in ("received_at", "measured_at"):
            found[name] = None if found[name] is None else clock.text(found[name])
        return found
