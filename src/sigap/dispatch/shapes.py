"""What the doors of dispatch take and answer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from sigap.dispatch.model import Assignment, Escalation, Role, State
from sigap.dispatch.ranking.order import Proposal
from sigap.dispatch.ranking.proposal import Told
from sigap.incidents.model import Incident
from sigap.kernel.web import Body, ChangeBody, Text, View
from sigap.units.shapes import DeviceTime

AgencyCode = Annotated[
    Text, Field(min_length=2, max_length=40, pattern=r"^[A-Z][A-Z0-9_]+$", examples=["BPBD_DAMKAR"])
]
Code = Annotated[Text, Field(min_length=2, max_length=40, pattern=r"^[a-z][a-z_]+$")]
Words = Annotated[Text, Field(max_length=2000)]


class AssignmentView(View):
    """An assignment as it stands."""

    id: UUID
    incident_id: UUID
    agency: str
    unit_id: UUID | None
    role: Role
    state: State
    sent_at: datetime
    acknowledged_at: datetime | None
    departed_at: datetime | None
    arrived_at: datetime | None
    done_at: datetime | None
    ended_at: datetime | None
    reason: str | None
    result: str | None
    replaces_id: UUID | None
    joins_id: UUID | None
    by_phone: bool
    eta_s: float | None
    flags: list[str]
    escalation: Escalation
    escalated_at: datetime | None
    alarm_acknowledged_at: datetime | None
    alarm_acknowledged_by: UUID | None
    proposed_unit_id: UUID | None
    sent_by: UUID | None
    rev: int
    reason_text: str | None
    phone_contact: str | None
    result_note: str | None

    @classmethod
    def of(cls, assignment: Assignment) -> "AssignmentView":
        """The view of an assignment."""
        return cls.model_validate(assignment)


class AssignmentsView(View):
    """Assignments that one verb made."""

    assignments: list[AssignmentView]


class ReplacedView(View):
    """The assignment that ended and the one that goes on."""

    old: AssignmentView
    new: AssignmentView


class EndedView(View):
    """An incident after it was resolved, closed or cancelled."""

    id: UUID
    ticket_number: str
    state: str
    resolved_at: datetime | None
    closed_at: datetime | None
    close_reason: str | None
    results: dict[str, str]
    rev: int

    @classmethod
    def of(cls, incident: Incident) -> "EndedView":
        """The public part of an incident."""
        return cls.model_validate(incident)


class ProposalView(View):
    """A unit that could go. `eta_s` is travel by road, null where it is not known; turnout comes on top."""

    unit_id: UUID
    code: str
    agency: str
    type: str
    suitable: bool
    eta_s: float | None
    turnout_s: float
    distance_m: float | None
    reason_code: str
    reason_facts: dict[str, Any]

    @classmethod
    def of(cls, proposal: Proposal) -> "ProposalView":
        """The view of a proposal."""
        unit = proposal.unit
        return cls(
            unit_id=unit.id,
            code=unit.code,
            agency=unit.agency,
            type=unit.type,
            suitable=proposal.suitable,
            eta_s=proposal.eta_s,
            turnout_s=proposal.turnout_s,
            distance_m=proposal.distance_m,
            reason_code=proposal.reason_code,
            reason_facts=proposal.reason_facts,
        )


class ToldView(View):
    """An agency to inform, and why."""

    agency: str
    why: str
    facts: dict[str, Any]

    @classmethod
    def of(cls, told: Told) -> "ToldView":
        """The view of one."""
        return cls(agency=told.agency, why=told.why, facts=told.facts)


class RecommendationView(View):
    """Units, best first; agencies to tell; and the clocks that will run."""

    units: list[ProposalView]
    inform: list[ToldView]
    clocks: dict[str, Any]


class OrderBody(Body):
    """Whom to send."""

    agency: AgencyCode
    unit_id: UUID | None = None
    role: Role


class AssignBody(Body):
    """All of them are sent, or none."""

    assign: Annotated[list[OrderBody], Field(min_length=1, max_length=40)]

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "assign": [
                        {
                            "agency": "BPBD_DAMKAR",
                            "unit_id": "01934d7a-5a00-7000-8000-000000000007",
                            "role": "lead",
                        },
                        {"agency": "PLN", "role": "inform"},
                    ]
                }
            ]
        }
    )


class AcknowledgeBody(ChangeBody):
    """Who was spoken with, where the desk does it by phone; the units that go, where the agency names them at once."""

    contact: Annotated[Text, Field(min_length=1, max_length=200)] | None = None
    unit_id: UUID | None = None
    further_unit_ids: Annotated[tuple[UUID, ...], Field(max_length=40)] = ()
    reason: Words | None = None

    model_config = ConfigDict(json_schema_extra={"examples": [{"contact": "Petugas piket"}, {}]})

    @property
    def unit_ids(self) -> list[UUID]:
        """The units named, the first one first."""
        return [*([self.unit_id] if self.unit_id else []), *self.further_unit_ids]


class StepBody(ChangeBody):
    """When it happened, if it is told late."""

    at: DeviceTime | None = None
    reason: Words | None = None

    model_config = ConfigDict(json_schema_extra={"examples": [{}]})


class FinishBody(ChangeBody):
    """How it ended, if that is known already."""

    result: Code | None = None
    note: Words | None = None
    at: DeviceTime | None = None
    reason: Words | None = None

    model_config = ConfigDict(json_schema_extra={"examples": [{"result": "fire_extinguished"}, {}]})


class ReasonBody(ChangeBody):
    """Why: a code of the catalogue. Other words are taken as the text of the reason `other`."""

    reason: Annotated[Text, Field(min_length=1, max_length=200)]
    text: Words | None = None

    def coded(self, known: Mapping[str, object]) -> tuple[str, str | None]:
        """The reason as code and text."""
        if self.reason in known:
            return self.reason, self.text
        return "other", ": ".join(part for part in (self.reason, self.text) if part)


class RefuseBody(ReasonBody):
    """Why the agency or crew does not go (catalogue: refusal_reasons)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "no_driver"}]})


class CancelBody(ReasonBody):
    """Why it is taken back (catalogue: cancel_reasons)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "no_longer_needed"}]})


class ReplaceBody(ReasonBody):
    """Which unit goes instead, and why."""

    unit_id: UUID

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"unit_id": "01934d7a-5a00-7000-8000-000000000005", "reason": "no_answer"}]
        }
    )


class ChooseBody(ChangeBody):
    """Which of the agency's units go."""

    unit_ids: Annotated[list[UUID], Field(min_length=1, max_length=40)]

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"unit_ids": ["01934d7a-5a00-7000-8000-000000000005"]}]}
    )


class ResultBody(ChangeBody):
    """How it ended."""

    result: Code
    note: Words | None = None

    model_config = ConfigDict(json_schema_extra={"examples": [{"result": "handled_on_scene"}]})


class CloseBody(ChangeBody):
    """Results that agencies have told the desk, by agency code."""

    results: Annotated[dict[Literal["112"] | AgencyCode, Code], Field(max_length=40, default_factory=dict)]

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"results": {"BPBD_DAMKAR": "fire_extinguished"}}]}
    )


class NothingBody(ChangeBody):
    """Nothing but, at will, the version that was seen."""

    model_config = ConfigDict(json_schema_extra={"examples": [{}]})
