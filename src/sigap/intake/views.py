"""What this desk's doors take and give. Sizes are what a person can type or read; the OpenAPI states them."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field
from pydantic.config import JsonDict

from sigap.calls.api import CallView
from sigap.incidents.catalogue import words
from sigap.incidents.model import Access, Incident, IntakeChannel, Priority, State
from sigap.incidents.visibility import Sight
from sigap.intake import model
from sigap.intake.reading import Page
from sigap.journal.model import Entry
from sigap.kernel.place import Point
from sigap.kernel.web import Body, ChangeBody, Lat, Lon, Text, View

Narrative = Annotated[Text, Field(max_length=4000)]
Reason = Annotated[Text, Field(min_length=3, max_length=500, pattern=r"\S")]
TypeCode = Annotated[
    Text, Field(pattern=r"^[A-Z]{3}[0-9]{2}$", description="A code of the catalogue's incident_types.")
]
PhoneNumber = Annotated[Text, Field(pattern=r"^\+?[0-9][0-9 .()-]{1,30}$")]


def _known_danger(code: str) -> str:
    if code not in words()["dangers"]:
        raise ValueError("is no code of the catalogue's dangers")
    return code


Danger = Annotated[Text, Field(max_length=40), AfterValidator(_known_danger)]


class PlaceBody(Body):
    """A place as pinned: a point, what to call it, and how sure."""

    lon: Lon
    lat: Lat
    text: Annotated[Text, Field(min_length=1, max_length=300, pattern=r"\S")]
    landmark: Annotated[Text, Field(max_length=300)] | None = None
    uncertainty_m: Annotated[float, Field(ge=0, le=100_000, strict=True)] | None = None

    def place(self) -> model.Place:
        """The same for the verbs."""
        return model.Place(
            point=Point(self.lon, self.lat),
            text=self.text,
            landmark=self.landmark,
            uncertainty_m=self.uncertainty_m,
        )


_PLACE: JsonDict = {
    "lon": 106.5421,
    "lat": -6.1743,
    "text": "Gg. Melati 3, RT 04/RW 07",
    "landmark": "Belakang pasar, gapura hijau",
    "uncertainty_m": 18.0,
}


class OpenIncident(Body):
    """What the operator knows when type and place are known."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "FIR01",
                    "place": _PLACE,
                    "narrative": "Rumah petak, api dari dapur, asap tebal.",
                    "intake_channel": "radio",
                    "dangers": ["fire_visible", "person_inside"],
                }
            ]
        }
    )

    type: TypeCode
    place: PlaceBody
    narrative: Narrative
    intake_channel: IntakeChannel
    call_id: UUID | None = None
    reporter_name: Annotated[Text, Field(min_length=1, max_length=120)] | None = None
    callback_number: PhoneNumber | None = None
    dangers: Annotated[list[Danger], Field(max_length=20, default_factory=list)]
    priority: Priority | None = None

    def report(self) -> model.Report:
        """The same for the verbs."""
        return model.Report(
            type=self.type,
            place=self.place.place(),
            narrative=self.narrative,
            intake_channel=self.intake_channel,
            priority=self.priority,
            reporter_name=self.reporter_name,
            callback_number=self.callback_number,
            dangers=tuple(dict.fromkeys(self.dangers)),
        )


class Locate(ChangeBody):
    """The place, corrected or confirmed."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"place": _PLACE}]})

    place: PlaceBody


class Reclassify(ChangeBody):
    """What it is after all, or how urgent. Without a priority the type's own holds."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"type": "FIR02", "priority": "P1", "reason": "Ternyata gudang plastik."}]
        }
    )

    type: TypeCode
    priority: Priority | None = None
    reason: Reason | None = None


class NoteBody(Body):
    """Something to be remembered about the incident."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "Pelapor menunggu di depan gang."}]})

    text: Annotated[Text, Field(min_length=1, max_length=4000, pattern=r"\S")]


class AttachCall(Body):
    """One more call about the same."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"call_id": "01934f5e-7c1a-7b3c-9f00-0123456789ab"}]}
    )

    call_id: UUID


class Why(Body):
    """Why somebody needs to see or hear what is protected."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "Mengirim petugas ke lokasi."}]})

    reason: Reason


class MaskedIncident(View):
    """A restricted case to those who may not read it: that it exists, how urgent it is, how long it waits."""

    masked: Literal[True] = True
    id: UUID
    rev: int
    restricted: Literal[True]
    ticket_number: str
    short_number: int
    priority: Priority
    state: State
    opened_at: datetime
    closed_at: datetime | None
    first_call_offered_at: datetime | None


class IncidentView(View):
    """An incident as somebody who may read it sees it."""

    masked: Literal[False] = False
    id: UUID
    ticket_number: str
    short_number: int
    type: str
    category: str
    national_group: str
    priority: Priority
    state: State
    restricted: bool
    intake_channel: IntakeChannel
    kecamatan_code: str | None
    desa_code: str | None
    outside: bool
    uncertainty_m: float | None
    first_call_id: UUID | None
    first_call_offered_at: datetime | None
    opened_by: UUID | None
    opened_at: datetime
    location_confirmed_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    close_reason: str | None
    results: dict[str, str]
    dangers: list[str]
    rev: int
    lon: float
    lat: float
    place_text: str
    landmark: str | None
    narrative: str
    reporter_name: str | None
    callback_number: str | None

    @classmethod
    def of(cls, incident: Incident) -> "IncidentView":
        """The view of an incident."""
        return cls.model_validate(incident)


class AssignmentView(View):
    """One agency's job on the incident."""

    id: UUID
    agency: str
    unit_id: UUID | None
    role: str
    state: str
    sent_at: datetime
    acknowledged_at: datetime | None
    departed_at: datetime | None
    arrived_at: datetime | None
    done_at: datetime | None
    ended_at: datetime | None
    reason: str | None
    reason_text: str | None
    result: str | None
    result_note: str | None
    replaces_id: UUID | None
    by_phone: bool
    phone_contact: str | None
    eta_s: float | None
    flags: list[str]
    escalation: str
    rev: int


class NoteView(View):
    """What somebody wrote about the incident."""

    id: UUID
    written_by: UUID | None
    written_at: datetime
    text: str


class TimelineEntry(View):
    """One journal entry. `at` is when it happened, `recorded_at` when the room learnt of it."""

    seq: int
    at: datetime
    recorded_at: datetime
    kind: str
    actor: str
    facts: dict[str, Any]

    @classmethod
    def of(cls, entry: Entry) -> "TimelineEntry":
        """The view of an entry."""
        return cls(
            seq=entry.seq,
            at=entry.occurred_at,
            recorded_at=entry.recorded_at,
            kind=entry.kind,
            actor=entry.actor,
            facts=dict(entry.facts),
        )


class IncidentDetail(View):
    """An incident's page. Of a masked one there is nothing but the incident."""

    incident: Annotated[IncidentView | MaskedIncident, Field(discriminator="masked")]
    assignments: list[AssignmentView]
    calls: list[CallView]
    notes: list[NoteView]
    timeline: list[TimelineEntry]

    @classmethod
    def of(cls, page: Page) -> "IncidentDetail":
        """The view of a page."""
        shape = IncidentView if page.sight == Sight.FULL else MaskedIncident
        return cls(
            incident=shape.model_validate(page.incident),
            assignments=[AssignmentView.model_validate(one) for one in page.assignments],
            calls=[CallView.of(call) for call in page.calls],
            notes=[NoteView.model_validate(note) for note in page.notes],
            timeline=[TimelineEntry.of(entry) for entry in page.timeline],
        )


class AccessView(View):
    """A restricted case, open to this person until `expires_at`."""

    incident: IncidentView
    expires_at: datetime | None

    @classmethod
    def of(cls, opened: tuple[Incident, Access]) -> "AccessView":
        """The view of what `open_restricted` gave."""
        incident, access = opened
        return cls(incident=IncidentView.of(incident), expires_at=access.expires_at)
