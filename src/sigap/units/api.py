"""GET /api/units, GET /api/agencies, POST /api/units/{id}/status, POST /api/units/{id}/position."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import ConfigDict, Field

from sigap.identity.http import Conn, OnceAsSeen, ServerClock, SignedIn
from sigap.identity.model import Actor, NoSession
from sigap.kernel.problems import Denied, Stale
from sigap.kernel.web import Body, ChangeBody, Lat, Lon, Text, View, refuses
from sigap.units import actions, store
from sigap.units.model import (
    Agency,
    NoSuchUnit,
    Position,
    Unit,
    UnitCommitted,
    UnitNotAllowedNow,
    UnitStatus,
)
from sigap.units.shapes import DeviceTime

router = APIRouter(tags=["units"])

_EVERYBODY_READS = (
    "incident.read",
    "incident.read_agency",
    "incident.read_assigned",
    "dashboard.read",
    "report.read",
)
_ROOM = ("incident.read", "incident.read_agency", "incident.read_assigned")
_PHONES = ("assignment.send", "room.supervise")


def _of_agency(by: Actor, agency: str) -> bool:
    return by.may("incident.read_agency") and by.agency == agency


def _reads(by: Actor, unit: Unit) -> bool:
    """Who reads of a unit, as in the live room: the desk of all, an agency of its own, a crew of itself."""
    own = by.may("incident.read_assigned") and by.unit_id == unit.id
    return by.may("incident.read") or own or _of_agency(by, unit.agency)


class AgencyView(View):
    """An agency. The two telephone numbers are for the desk and for the agency itself."""

    id: str = Field(examples=["BPBD_DAMKAR"])
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

    @classmethod
    def of(cls, agency: Agency, by: Actor) -> "AgencyView":
        """The view that this person may see."""
        view = cls.model_validate(agency)
        if any(by.may(permission) for permission in _PHONES) or _of_agency(by, agency.id):
            return view
        return view.model_copy(update={"head_phone": None, "contact_phone": None})


class UnitView(View):
    """A unit. Its telephone number is for the desk and for its agency."""

    id: UUID
    code: str = Field(examples=["DMK-07"])
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

    @classmethod
    def of(cls, unit: Unit, by: Actor) -> "UnitView":
        """The view that this person may see."""
        view = cls.model_validate(unit)
        if (
            any(by.may(permission) for permission in _PHONES)
            or _of_agency(by, unit.agency)
            or by.unit_id == unit.id
        ):
            return view
        return view.model_copy(update={"phone": None})


class Agencies(View):
    """Every agency, by code."""

    agencies: list[AgencyView]


class Units(View):
    """Units by call sign."""

    units: list[UnitView]


class SetStatus(ChangeBody):
    """What the unit does now."""

    status: UnitStatus = Field(examples=["break"])
    reason: Annotated[Text, Field(max_length=200)] | None = None

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"status": "out_of_service", "reason": "Ban bocor"}]}
    )


class ReportPosition(Body):
    """Where the unit is. `at` is the device's time."""

    lon: Lon
    lat: Lat
    accuracy_m: Annotated[float, Field(ge=0, le=100_000, strict=True)] | None = None
    at: DeviceTime | None = None
    speed_kmh: Annotated[float, Field(ge=0, le=400, strict=True)] | None = None
    heading: Annotated[float, Field(ge=0, le=360, strict=True)] | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"lon": 106.5365, "lat": -6.1637, "accuracy_m": 8.0, "speed_kmh": 42.0, "heading": 90.0}
            ]
        }
    )


@router.get("/agencies", responses=refuses(NoSession, Denied))
async def agencies(conn: Conn, by: SignedIn) -> Agencies:
    """The agencies that answer with 112."""
    by.require_any(*_EVERYBODY_READS)
    return Agencies(agencies=[AgencyView.of(agency, by) for agency in await store.agencies(conn)])


@router.get("/units", responses=refuses(NoSession, Denied))
async def units(
    conn: Conn, by: SignedIn, agency: Annotated[Text | None, Field(max_length=40)] = None
) -> Units:
    """The units of all agencies, or of one."""
    by.require_any(*_ROOM)
    found = await store.units(conn, agency=agency)
    return Units(units=[UnitView.of(unit, by) for unit in found if _reads(by, unit)])


@router.post(
    "/units/{unit_id}/status",
    responses=refuses(NoSession, Denied, Stale, NoSuchUnit, UnitCommitted, UnitNotAllowedNow),
)
async def set_status(
    unit_id: UUID, body: SetStatus, conn: Conn, by: SignedIn, clock: ServerClock, once: OnceAsSeen
) -> UnitView:
    """Say what a unit does: its crew, its agency or the desk. A job's own statuses come with the assignment's verbs."""
    return await once(
        UnitView,
        lambda: actions.set_status(
            conn,
            unit_id=unit_id,
            status=body.status,
            reason=body.reason,
            seen=once.saw(body.rev),
            by=by,
            clock=clock,
        ),
        lambda unit: UnitView.of(unit, by),
    )


@router.post("/units/{unit_id}/position", status_code=204, responses=refuses(NoSession, Denied))
async def report_position(
    unit_id: UUID, body: ReportPosition, conn: Conn, by: SignedIn, clock: ServerClock
) -> Response:
    """Say where the unit is. The latest wins; nothing is journalled."""
    position = Position(
        unit_id=unit_id,
        lon=body.lon,
        lat=body.lat,
        accuracy_m=body.accuracy_m,
        measured_at=body.at or clock.now(),
        speed_kmh=body.speed_kmh,
        heading=body.heading,
    )
    await actions.report_positions(conn, positions=[position], by=by, clock=clock)
    return Response(status_code=204)
