"""What an operator knows of a place and of what happened, before it is an incident."""

from dataclasses import dataclass

from sigap.kernel.place import Point
from sigap.kernel.problems import Denied


class NotHandling(Denied):
    """An operator opens restricted cases only while handling them; a dispatcher or supervisor may."""

    code = "incident.not_handling"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where it is, as the operator pinned it; `uncertainty_m` is the radius she is sure of, None if she is exact."""

    point: Point
    text: str
    landmark: str | None = None
    uncertainty_m: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the caller told."""

    type: str
    place: Place
    narrative: str
    intake_channel: str
    priority: str | None = None
    reporter_name: str | None = None
    callback_number: str | None = None
    dangers: tuple[str, ...] = ()
