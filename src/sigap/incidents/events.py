"""What can happen to an incident. No place, name, number or narrative in any field."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sigap.journal.model import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentOpened(Event):
    """Type and place are saved (T4). A restricted one names its category, in place of the type, and its kecamatan."""

    kind: ClassVar[str] = "incident.opened"
    subject: ClassVar[str] = "incident_id"
    incident_id: UUID
    ticket_number: str
    type: str
    priority: str
    restricted: bool
    intake_channel: str
    call_id: UUID | None
    kecamatan_code: str | None
    desa_code: str | None
    outside: bool
    processing_s: float | None  # T4 − T2 of its call, server clock; None without an answered call


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentLocated(Event):
    """The place was corrected or confirmed (T3). Of a restricted one only the kecamatan is told."""

    kind: ClassVar[str] = "incident.located"
    subject: ClassVar[str] = "incident_id"
    incident_id: UUID
    kecamatan_code: str | None
    desa_code: str | None
    outside: bool
    uncertainty_m: float | None
    moved_m: float | None  # from the place before; None for a restricted one


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentReclassified(Event):
    """Another type or urgency; of a restricted one the category stands in place of the type."""

    kind: ClassVar[str] = "incident.reclassified"
    subject: ClassVar[str] = "incident_id"
    incident_id: UUID
    type: str
    type_before: str
    priority: str
    priority_before: str
    restricted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentSealed(Event):
    """A restricted case from before its exact type and its end were personal is written again without them."""

    kind: ClassVar[str] = "incident.sealed"
    subject: ClassVar[str] = "incident_id"
    incident_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentNoted(Event):
    """Somebody wrote a note; its text lies in the sealed part."""

    kind: ClassVar[str] = "incident.noted"
    subject: ClassVar[str] = "incident_id"
    incident_id: UUID
    note_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAttached(Event):
    """One more call is about this incident (gabung); its clock stays its own."""

    kind: ClassVar[str] = "incident.call_attached"
    subject: ClassVar[str] = "incident_id"
    incident_id: UUID
    call_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentResolved(Event):
    """Settled without sending anybody, usually by phone. How, is sealed of a restricted case."""

    kind: ClassVar[str] = "incident.resolved"
    subject: ClassVar[str] = "incident_id"
    incident_id: UUID
    result: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentClosed(Event):
    """The centre is done with it (T11); every agency's result is in; of a restricted case they are sealed."""

    kind: ClassVar[str] = "incident.closed"
    subject: ClassVar[str] = "incident_id"
    incident_id: UUID
    results: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentCancelled(Event):
    """There was nothing to do, or no longer. Why, is sealed of a restricted case."""

    kind: ClassVar[str] = "incident.cancelled"
    subject: ClassVar[str] = "incident_id"
    incident_id: UUID
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentAccessed(Event):
    """Somebody opened a restricted case and said why; the reason lies in the sealed part."""

    kind: ClassVar[str] = "incident.accessed"
    subject: ClassVar[str] = "incident_id"
    incident_id: UUID
    account_id: UUID
    expires_at: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRead(Event):
    """Personal data of a restricted case were shown to somebody."""

    kind: ClassVar[str] = "incident.read"
    subject: ClassVar[str] = "incident_id"
    incident_id: UUID
    account_id: UUID
