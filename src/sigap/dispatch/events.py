"""What happens to assignments. Every fact names its incident, which is the subject: an incident's timeline is one look-up.

Reasons and results of a restricted case are in none of them: they stand in the sealed rows.
"""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sigap.journal.model import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One assignment of a dispatch, as its event names it."""

    assignment_id: UUID
    agency: str
    unit_id: UUID | None
    unit: str | None
    role: str
    eta_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentSent(Event):
    """The desk sent agencies or units (T5). One dispatch is one fact, however many it sends."""

    kind: ClassVar[str] = "assignment.sent"
    subject: ClassVar[str] = "incident_id"
    incident_id: UUID
    sent: list[Sent]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentAcknowledged(Event):
    """The agency or its crew takes the job (T6); `further` are the units that come with the first."""

    kind: ClassVar[str] = "assignment.acknowledged"
    subject: ClassVar[str] = "incident_id"
    incident_id: UUID
    assignment_id: UUID
    agency: str
    unit_id: UUID | None
    unit: str | None
    by_phone: bool
    acknowledge_s: float  # T6 − T5, server clock
    further: list[Sent]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentUnitChosen(Event):
    """The agency said which of its units go, after it had taken the job."""

    kind: ClassVar[str] = "assignment.unit_chosen"
    subject: ClassVar[str] = "incident_id"
    incident_id: UUID
    assignment_id: UUID
    agency: str
    chosen: list[Sent]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentDeparted(Event):
    """Wheels are rolling (T7)."""

    kind: ClassVar[str] = "assignment.departed"
    subject: ClassVar[str] = "incident_id"
    incident_id: UUID
    assignment_id: UUID
    agency: str
    unit_id: UUID | None
    unit: str | None
    turnout_s: float  # T7 − T6, or T7 − T5 where nobody acknowledged
    flags: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentArrived(Event):
    """At the scene (T8)."""

    kind: ClassVar[str] = "assignment.arrived"
    subject: ClassVar[str] = "incident_id"
    incident_id: UUID
    assignment_id: UUID
    agency: str
    unit_id: UUID | None
    unit: str | None
    travel_s: float | None  # T8 − T7; None where no departure was told
    promised_s: float | None  # what was promised at sending
    flags: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentFinished(Event):
    """The unit or agency is done (T10)."""

    kind: ClassVar[str] = "assignment.finished"
    subject: ClassVar[str] = "incident_id"
    incident_id: UUID
    assignment_id: UUID
    agency: str
    unit_id: UUID | None
    unit: str | None
    result: str | None
    flags: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentResultReported(Event):
    """The agency said, after it was done, how it ended."""

    kind: ClassVar[str] = "assignment.result_reported"
    subject: ClassVar[str] = "incident_id"
    incident_id: UUID
    assignment_id: UUID
    agency: str
    result: str | None
    result_before: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentRefused(Event):
    """The agency or crew does not take the job."""

    kind: ClassVar[str] = "assignment.refused"
    subject: ClassVar[str] = "incident_id"
    incident_id: UUID
    assignment_id: UUID
    agency: str
    unit_id: UUID | None
    unit: str | None
    reason: str | None
    by_phone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentTimedOut(Event):
    """Nobody answered, and the desk stopped waiting."""

    kind: ClassVar[str] = "assignment.timed_out"
    subject: ClassVar[str] = "incident_id"
    incident_id: UUID
    assignment_id: UUID
    agency: str
    unit_id: UUID | None
    unit: str | None
    waited_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentCancelled(Event):
    """The desk took back what it had sent."""

    kind: ClassVar[str] = "assignment.cancelled"
    subject: ClassVar[str] = "incident_id"
    incident_id: UUID
    assignment_id: UUID
    agency: str
    unit_id: UUID | None
    unit: str | None
    reason: str | None
    state_before: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentReplaced(Event):
    """Another unit goes instead. The old assignment ended as `old_state`, the new one is linked to it."""

    kind: ClassVar[str] = "assignment.replaced"
    subject: ClassVar[str] = "incident_id"
    incident_id: UUID
    assignment_id: UUID
    old_state: str
    old_unit: str | None
    reason: str | None
    sent: Sent


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentRealerted(Event):
    """Not acknowledged in time: its screen sounds again."""

    kind: ClassVar[str] = "assignment.realerted"
    subject: ClassVar[str] = "incident_id"
    incident_id: UUID
    assignment_id: UUID
    agency: str
    unit: str | None
    late_for: str  # acknowledge | depart | arrive
    waited_s: float
    told: list[str]  # unit | agency
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentEscalated(Event):
    """It rose: the next unit is proposed, the supervisor alarmed, or the agency's head to be rung."""

    kind: ClassVar[str] = "assignment.escalated"
    subject: ClassVar[str] = "incident_id"
    incident_id: UUID
    assignment_id: UUID
    agency: str
    unit: str | None
    step: str
    late_for: str
    waited_s: float
    told: list[str]  # dispatcher | supervisor | agency_head
    how: str  # screen; or call: the desk is shown whom to ring
    proposed_unit_id: UUID | None
    proposed_unit: str | None
    head_title: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentAlarmAcknowledged(Event):
    """Somebody at the desk has heard the alarm; the fact behind it stays."""

    kind: ClassVar[str] = "assignment.alarm_acknowledged"
    subject: ClassVar[str] = "incident_id"
    incident_id: UUID
    assignment_id: UUID
    agency: str
    escalation: str
    after_s: float
