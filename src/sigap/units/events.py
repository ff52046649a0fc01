"""Facts about agencies and units."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sigap.journal.model import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyRegistered(Event):
    """An agency was entered in the roster, or its entry was changed by a new registration."""

    kind: ClassVar[str] = "agency.registered"
    subject: ClassVar[str] = "agency"
    agency: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRegistered(Event):
    """A unit was entered in the roster."""

    kind: ClassVar[str] = "unit.registered"
    subject: ClassVar[str] = "unit_id"
    unit_id: UUID
    code: str
    agency: str
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitStatusSet(Event):
    """Its crew, its agency or the desk set a unit's status by hand. A job's own statuses come with the job's events.

    What they said as the reason is sealed with the row.
    """

    kind: ClassVar[str] = "unit.status_set"
    subject: ClassVar[str] = "unit_id"
    unit_id: UUID
    code: str
    agency: str
    before: str
    after: str
    has_reason: bool
    assignment_id: UUID | None
