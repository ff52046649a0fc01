"""Agencies and units: pure. A unit's `status` is what it does; an assignment's `state` is how far the job is."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Final
from uuid import UUID

from sigap.journal.model import Row
from sigap.kernel.canonical import Json
from sigap.kernel.problems import Conflict, Invalid, NotFound


class UnitStatus(StrEnum):
    """What a unit is doing (domain: EIDO primary/secondary unit status)."""

    AVAILABLE = "available"  # Siaga
    DISPATCHED = "dispatched"  # Ditugaskan
    ACKNOWLEDGED = "acknowledged"  # Terima
    EN_ROUTE = "en_route"  # Menuju
    DELAYED = "delayed"  # Terhambat
    STAGING = "staging"  # Titik Kumpul
    ON_SCENE = "on_scene"  # Tiba
    PATIENT_CONTACT = "patient_contact"  # Kontak Pasien
    TRANSPORTING = "transporting"  # Membawa
    HOSPITAL = "hospital"  # Di RS
    CLEARED = "cleared"  # Selesai di Lokasi
    UNMANNED = "unmanned"  # Tanpa Awak
    OUT_OF_SERVICE = "out_of_service"  # Rusak
    BREAK = "break"  # Istirahat
    OFF_DUTY = "off_duty"  # Lepas Dinas


class Readiness(StrEnum):
    """How ready a status is, best first: the second thing that ranks a unit."""

    READY = "ready"
    CONDITIONAL = "conditional"
    BUSY = "busy"
    UNFIT = "unfit"


READINESS: Final[dict[UnitStatus, Readiness]] = {
    UnitStatus.AVAILABLE: Readiness.READY,
    UnitStatus.CLEARED: Readiness.CONDITIONAL,
    UnitStatus.BREAK: Readiness.CONDITIONAL,
    UnitStatus.UNMANNED: Readiness.UNFIT,
    UnitStatus.OUT_OF_SERVICE: Readiness.UNFIT,
    UnitStatus.OFF_DUTY: Readiness.UNFIT,
}
"""Statuses that are not named here are a job's own: BUSY."""

STATUS_NAMES: Final[dict[UnitStatus, tuple[str, str]]] = {
    UnitStatus.AVAILABLE: ("Siaga", "Available"),
    UnitStatus.DISPATCHED: ("Ditugaskan", "Dispatched"),
    UnitStatus.ACKNOWLEDGED: ("Terima", "Acknowledged"),
    UnitStatus.EN_ROUTE: ("Menuju", "En route"),
    UnitStatus.DELAYED: ("Terhambat", "Delayed"),
    UnitStatus.STAGING: ("Titik Kumpul", "Staging"),
    UnitStatus.ON_SCENE: ("Tiba", "On scene"),
    UnitStatus.PATIENT_CONTACT: ("Kontak Pasien", "With patient"),
    UnitStatus.TRANSPORTING: ("Membawa", "Transporting"),
    UnitStatus.HOSPITAL: ("Di RS", "At hospital"),
    UnitStatus.CLEARED: ("Selesai di Lokasi", "Cleared"),
    UnitStatus.UNMANNED: ("Tanpa Awak", "Unmanned"),
    UnitStatus.OUT_OF_SERVICE: ("Rusak", "Out of service"),
    UnitStatus.BREAK: ("Istirahat", "On break"),
    UnitStatus.OFF_DUTY: ("Lepas Dinas", "Off duty"),
}
"""As screens show them: Bahasa Indonesia, English."""

_FREE: Final = {
    UnitStatus.AVAILABLE,
    UnitStatus.CLEARED,
    UnitStatus.BREAK,
    UnitStatus.UNMANNED,
    UnitStatus.OUT_OF_SERVICE,
    UnitStatus.OFF_DUTY,
}

CREW_MOVES: Final[dict[UnitStatus, frozenset[UnitStatus]]] = {
    **{status: frozenset(_FREE - {status, UnitStatus.CLEARED}) for status in _FREE},
    UnitStatus.EN_ROUTE: frozenset({UnitStatus.DELAYED, UnitStatus.STAGING}),
    UnitStatus.DELAYED: frozenset({UnitStatus.EN_ROUTE, UnitStatus.STAGING}),
    UnitStatus.STAGING: frozenset({UnitStatus.EN_ROUTE, UnitStatus.DELAYED}),
    UnitStatus.ON_SCENE: frozenset({UnitStatus.PATIENT_CONTACT, UnitStatus.STAGING}),
    UnitStatus.PATIENT_CONTACT: frozenset({UnitStatus.TRANSPORTING, UnitStatus.ON_SCENE}),
    UnitStatus.TRANSPORTING: frozenset({UnitStatus.HOSPITAL, UnitStatus.DELAYED}),
    UnitStatus.HOSPITAL: frozenset(),
}
"""What people may set by hand. Dispatched, acknowledged, en route, on scene and cleared come with the assignment's verbs."""


@dataclass(frozen=True, slots=True)
class UnitType:
    """A kind of unit: names on screen, its EIDO resource type, and how long it takes to get its wheels moving."""

    code: str
    name_id: str
    name_en: str
    eido: str
    turnout_s: float = 90.0


UNIT_TYPES: Final[dict[str, UnitType]] = {
    kind.code: kind
    for kind in (
        UnitType("als_ambulance", "Ambulans Gadar", "ALS ambulance", "GroundALSAmbulance", 60.0),
        UnitType("bls_ambulance", "Ambulans Dasar", "BLS ambulance", "GroundBLSAmbulance", 60.0),
        UnitType("fire_engine", "Mobil Pompa", "Fire engine", "StructureFireEngineType1"),
        UnitType("water_tender", "Mobil Tangki", "Water tender", "FireWaterTender"),
        UnitType("ladder_truck", "Mobil Tangga", "Ladder truck", "FireTruckLadder"),
        UnitType("rescue", "Rescue", "Rescue", "LightRescue"),
        UnitType("rubber_boat", "Perahu Karet", "Rubber boat", "SwiftwaterRescueTeam"),
        UnitType("dive_team", "Tim Selam", "Dive team", "DiveTeam"),
        UnitType("hazmat_team", "Tim B3", "Hazmat team", "HazMatTeam"),
        UnitType("animal_rescue", "Evakuasi Hewan", "Animal rescue", "SmallAnimalRescueTeam"),
        UnitType("patrol", "Patroli", "Patrol", "PatrolUnit"),
        UnitType("traffic_unit", "Lantas/Dishub", "Traffic unit", "TrafficUnit"),
        UnitType("crowd_control", "Dalmas", "Crowd control", "CrowdControlTeam"),
        UnitType("bomb_squad", "Gegana", "Bomb squad", "BombSquad"),
        UnitType("civil_service_officer", "Satpol PP", "Civil service officer", "CivilServiceOfficer"),
        UnitType("victim_advocate", "Pendamping PPA", "Victim advocate", "VictimAdvocate"),
        UnitType("tow_truck", "Derek", "Tow truck", "TowTruck"),
        UnitType("repair_team", "Tim PLN/PJU/Pohon", "Repair team", "MaintenanceandRepairTeam"),
        UnitType("dewatering_pump", "Pompa Banjir", "Dewatering pump", "DeWateringWaterPump"),
        UnitType("water_truck", "Truk Air", "Water truck", "WaterTruck"),
        UnitType("drone", "Drone", "Drone", "UnmannedAerialVehicle"),
        UnitType("command", "Komando", "Command", "CommandLevel1"),
        UnitType("social_team", "Tim Sosial", "Social team", ""),
    )
}
"""Unit types by code. Turnout seconds are starting values (60 medical, 90 other), to be fitted from recorded times."""


class NoSuchUnit(NotFound):
    """No unit with this id."""

    code = "unit.not_found"


class NoSuchAgency(NotFound):
    """No agency with this code."""

    code = "agency.not_found"


class AgencyInactive(Conflict):
    """The agency no longer answers with 112."""

    code = "agency.inactive"


class UnitNotAllowedNow(Conflict):
    """This status does not follow the present one, or it belongs to the assignment's verbs."""

    code = "unit.not_allowed_now"


class UnitCommitted(Conflict):
    """The unit has a job: it must be finished, cancelled or replaced first."""

    code = "unit.committed"


class UnitNotReady(Conflict):
    """Nobody can be sent with this unit now: no crew, broken, or off duty."""

    code = "unit.not_ready"


class UnitOfAnotherAgency(Invalid):
    """The unit named does not belong to the agency named."""

    code = "unit.of_another_agency"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency(Row):
    """An agency (instansi, OPD) that answers with 112. `sends_crews` is false where it only receives or takes notice."""

    table: ClassVar[str] = "agency"
    personal: ClassVar[frozenset[str]] = frozenset({"head_phone", "contact_phone"})

    id: str
    name: str
    short_name: str
    own_number: str
    phone_only: bool
    sends_crews: bool
    head_title: str
    head_phone: str | None
    contact_phone: str | None
    integration: str
    active: bool
    rev: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit(Row):
    """A vehicle or team that can be sent. `assignment_id` is the one live job that holds it."""

    table: ClassVar[str] = "unit"
    personal: ClassVar[frozenset[str]] = frozenset({"phone", "status_reason"})

    id: UUID
    code: str
    agency: str
    type: str
    status: UnitStatus
    status_since: datetime
    status_reason: str | None
    station: str
    station_lon: float
    station_lat: float
    approximate_station: bool
    kecamatan_code: str
    assignment_id: UUID | None
    active: bool
    phone: str | None
    rev: int

    @property
    def readiness(self) -> Readiness:
        """How ready it is; BUSY while a job holds it, UNFIT when it was taken out of the roster."""
        if not self.active:
            return Readiness.UNFIT
        return Readiness.BUSY if self.assignment_id else READINESS.get(self.status, Readiness.BUSY)

    def now(self, status: UnitStatus, *, at: datetime, reason: str | None = None) -> "Unit":
        """The unit in a status that somebody has a right to give it."""
        return replace(self, status=status, status_since=at, status_reason=reason, rev=self.rev + 1)

    def moved(self, status: UnitStatus, *, at: datetime, reason: str | None = None) -> "Unit":
        """The unit after its crew, agency or desk set a status by hand. Raises UnitCommitted, UnitNotAllowedNow."""
        if status in CREW_MOVES.get(self.status, frozenset()):
            return self.now(status, at=at, reason=reason)
        if self.assignment_id:
            raise UnitCommitted(unit=self.code, state=self.status, wanted=status)
        raise UnitNotAllowedNow(unit=self.code, state=self.status, wanted=status)

    def taken(self, assignment_id: UUID, status: UnitStatus, *, at: datetime) -> "Unit":
        """The unit held by a job. Raises UnitCommitted, UnitNotReady."""
        if self.assignment_id:
            raise UnitCommitted(unit=self.code, state=self.status, wanted=status)
        if self.readiness is Readiness.UNFIT:
            raise UnitNotReady(unit=self.code, state=self.status)
        return replace(self.now(status, at=at), assignment_id=assignment_id)

    def released(self, status: UnitStatus, *, at: datetime, reason: str | None = None) -> "Unit":
        """The unit after its job let it go."""
        return replace(self.now(status, at=at, reason=reason), assignment_id=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where a unit said it was. Latest wins; never in the journal."""

    unit_id: UUID
    lon: float
    lat: float
    accuracy_m: float | None
    measured_at: datetime
    speed_kmh: float | None
    heading: float | None


def catalogue() -> dict[str, Json]:
    """What the screens need to know of units: types, statuses and the moves people may make by hand."""
    return {
        "unit_types": [
            {
                "code": t.code,
                "name": {"id": t.name_id, "en": t.name_en},
                "eido": t.eido,
                "turnout_s": t.turnout_s,
            }
            for t in UNIT_TYPES.values()
        ],
        "unit_statuses": [
            {
                "code": status.value,
                "name": {"id": STATUS_NAMES[status][0], "en": STATUS_NAMES[status][1]},
                "readiness": READINESS.get(status, Readiness.BUSY).value,
                "by_hand_to": sorted(move.value for move in CREW_MOVES.get(status, frozenset())),
            }
            for status in UnitStatus
        ],
    }
