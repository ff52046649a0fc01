"""The life of an incident, pure: what it is, which state its assignments put it in, which moves are legal."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Final, override
from uuid import UUID

from sigap.incidents.catalogue import CATEGORIES, NATIONAL_GROUPS, TYPES, IncidentType, words
from sigap.journal.model import Row
from sigap.kernel import settings
from sigap.kernel.clock import WIB
from sigap.kernel.problems import Conflict, Denied, Invalid, NotFound

TICKET_PREFIX = settings.declare(
    "ticket.prefix", "112", "First part of the number people say: 112-20261124-0042.", owner="admin"
)
SAME_WITHIN_M = settings.declare(
    "incident.same_within_m",
    300.0,
    "Metres within which a new report is proposed as one of an open incident; the place's own doubt is added.",
    source="Sigap default",
)
SAME_WITHIN_S = settings.declare(
    "incident.same_within_s",
    1800.0,
    "Seconds since an incident was opened in which it is proposed for a new report.",
    source="Sigap default",
)
ACCESS_FOR_S = settings.declare(
    "incident.access_for_s",
    1800.0,
    "Seconds that a restricted case stays open to someone who gave a reason.",
    source="Sigap default, confirm with legal staff",
    owner="admin",
)


class State(StrEnum):
    """Where an incident stands. assigned to resolved follow the assignments; nobody sets them by hand."""

    NEW = "new"  # baru: type and place are saved
    AWAITING_DISPATCH = "awaiting_dispatch"  # menunggu dikirim: everything sent so far fell through
    ASSIGNED = "assigned"  # ditugaskan
    EN_ROUTE = "en_route"  # menuju lokasi
    ON_SCENE = "on_scene"  # tiba di lokasi
    RESOLVED = "resolved"  # selesai ditangani: every assignment final and one done, or settled by phone
    CLOSED = "closed"  # ditutup
    CANCELLED = "cancelled"  # dibatalkan


ENDED: Final = frozenset({State.CLOSED, State.CANCELLED})
"""No verb of the desks changes an incident in these."""


class Priority(StrEnum):
    """How urgent, P1 first. (EIDO counts the other way round.)"""

    P1 = "P1"  # kritis: life at immediate risk
    P2 = "P2"  # darurat
    P3 = "P3"  # mendesak
    P4 = "P4"  # non-darurat

    def lowers(self, before: "Priority") -> bool:
        """Whether this is less urgent than `before`."""
        return self.value > before.value


class IntakeChannel(StrEnum):
    """How the centre learnt of it."""

    PHONE = "phone"
    TRANSFER_IN = "transfer_in"
    OTHER_LINE = "other_line"
    RADIO = "radio"
    WALK_IN = "walk_in"
    WEB_FORM = "web_form"
    MESSAGE = "message"
    PARTNER_FEED = "partner_feed"
    FIELD = "field"
    SENSOR = "sensor"


class NoSuchIncident(NotFound):
    """No incident has this id, or none that this person may know of."""

    code = "incident.not_found"


class IncidentOver(Conflict):
    """The incident is closed or cancelled; the facts say which and since when."""

    code = "incident.over"


class UnknownType(Invalid):
    """The catalogue has no such incident type."""

    code = "incident.unknown_type"


class MayNotLower(Denied):
    """Only a supervisor lowers a P1."""

    code = "incident.may_not_lower"


class IsRestricted(Denied):
    """A restricted case that this person has not opened with a reason."""

    code = "incident.is_restricted"


class NotRestricted(Conflict):
    """Access with a reason was asked for a case that everybody at the desk may read anyway."""

    code = "incident.not_restricted"


_SEALED_OF_RESTRICTED: Final = frozenset({"type", "dangers", "results", "close_reason"})
"""Columns that are personal where the incident is restricted: what was done to whom, with what, and how it ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident(Row):
    """One event that needs help (kejadian). Times are those of the room; T0 is its first call's.

    The public columns of a restricted one name its category and its kecamatan alone: what exactly it is and how it
    ended is personal, and a desa is small enough to know whose house it is.
    """

    table: ClassVar[str] = "incident"
    personal: ClassVar[frozenset[str]] = frozenset(
        {"lon", "lat", "place_text", "landmark", "narrative", "reporter_name", "callback_number"}
    )

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

    @override
    def sealed_columns(self) -> frozenset[str]:
        return self.personal | _SEALED_OF_RESTRICTED if self.restricted else self.personal

    @property
    def public_type(self) -> str:
        """What facts may name of its type: of a restricted one the category."""
        return self.category if self.restricted else self.type

    def public_code(self, code: str | None) -> str | None:
        """What facts may name of a reason or a result: of a restricted one nothing, it stands in the sealed rows."""
        return None if self.restricted else code

    @property
    def is_open(self) -> bool:
        """Neither closed nor cancelled."""
        return self.state not in ENDED

    def require_open(self) -> None:
        """Raises IncidentOver where nothing may be changed any more."""
        if not self.is_open:
            raise IncidentOver(ticket=self.ticket_number, state=self.state, since=self.closed_at)

    def reclassified(self, kind: IncidentType, priority: Priority) -> "Incident":
        """Another type or urgency. Into a restricted category it becomes restricted, and stays so for good."""
        restricted = self.restricted or kind.restricted
        return replace(
            self,
            type=kind.code,
            category=kind.category,
            national_group=kind.national_group,
            priority=priority,
            restricted=restricted,
            desa_code=None if restricted else self.desa_code,
            rev=self.rev + 1,
        )

    def touched(self) -> "Incident":
        """The same facts, written again: who may see it has changed."""
        return replace(self, rev=self.rev + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Row):
    """What somebody at a desk wrote down about an incident (catatan). Never changed; a correction is another note."""

    table: ClassVar[str] = "incident_note"
    personal: ClassVar[frozenset[str]] = frozenset({"text"})

    id: UUID
    incident_id: UUID
    written_by: UUID | None
    written_at: datetime
    rev: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Access(Row):
    """One person's right to read one restricted case (akses): as its opener while it is open, or for a while with a reason."""

    table: ClassVar[str] = "incident_access"
    personal: ClassVar[frozenset[str]] = frozenset({"reason"})

    id: UUID
    incident_id: UUID
    account_id: UUID
    granted_at: datetime
    expires_at: datetime | None  # None: as long as the incident is open
    rev: int
    reason: str | None

    def holds(self, at: datetime, *, incident_open: bool) -> bool:
        """Whether it still lets its holder read."""
        return incident_open if self.expires_at is None else at < self.expires_at


def kind_of(code: str) -> IncidentType:
    """The catalogue's entry. Raises UnknownType."""
    if (found := TYPES.get(code)) is None:
        raise UnknownType(type=code)
    return found


def default_priority(kind: IncidentType) -> Priority:
    """The catalogue's urgency of a type."""
    return Priority(f"P{kind.priority}")


def derive(incident: Incident, assignments: Iterable[tuple[str, str]], at: datetime) -> Incident:
    """The incident as its assignments (state, role) put it; `rev` is left to the writer, equal if nothing changed.

    The furthest active assignment speaks. With none active it is resolved if one was done, else it waits for
    dispatch again. Closed and cancelled stay; with no assignment ever, a state set by hand stays as well.
    """
    states = {state for state, _ in assignments}
    if not incident.is_open or not states:
        return incident
    if "arrived" in states:
        state = State.ON_SCENE
    elif "departed" in states:
        state = State.EN_ROUTE
    elif states & {"sent", "acknowledged"}:
        state = State.ASSIGNED
    elif "done" in states:
        state = State.RESOLVED
    else:
        state = State.AWAITING_DISPATCH
    if state == incident.state:
        return incident
    return replace(incident, state=state, resolved_at=at if state == State.RESOLVED else None)


def ticket_day(at: datetime) -> str:
    """The room's calendar day of a moment, yyyymmdd: numbers start anew at local midnight."""
    return at.astimezone(WIB).strftime("%Y%m%d")


def ticket_number(at: datetime, count: int) -> str:
    """The number people say, 112-20261124-0042; past 9999 it grows a digit."""
    return f"{TICKET_PREFIX.value}-{ticket_day(at)}-{count:04d}"


def access_until(at: datetime) -> datetime:
    """The end of an access that was given for a reason at `at`."""
    return at + timedelta(seconds=ACCESS_FOR_S.value)


def catalogue() -> dict[str, Any]:
    """What this room adds to the catalogue endpoint."""
    listed = {name: [label.shown() for label in labels.values()] for name, labels in words().items()}
    return {
        "national_groups": [group.shown() for group in NATIONAL_GROUPS.values()],
        "categories": [category.shown() for category in CATEGORIES.values()],
        "incident_types": [kind.shown() for kind in TYPES.values()],
        "incident_states": listed["states"],
        "priorities": listed["priorities"],
        "intake_channels": listed["intake_channels"],
        "dangers": listed["dangers"],
        "incident_limits": {
            "same_within_m": SAME_WITHIN_M.value,
            "same_within_s": SAME_WITHIN_S.value,
        },
    }
