"""GET /api/catalogue: every list that screens choose from, with its words in both languages."""

from typing import Any

from fastapi import APIRouter

from sigap.calls.model import catalogue as calls
from sigap.dispatch.catalogue import catalogue as dispatch
from sigap.geo import borders
from sigap.identity.http import SignedIn
from sigap.identity.model import NoSession
from sigap.identity.seat_token import SEATS
from sigap.incidents.model import catalogue as incidents
from sigap.kernel.web import refuses
from sigap.units.model import catalogue as units

router = APIRouter(tags=["catalogue"])


@router.get("/catalogue", responses=refuses(NoSession))
async def catalogue(by: SignedIn) -> dict[str, Any]:
    """Types, categories, agencies' reasons and results, unit types, clocks, seats, kecamatan and desa."""
    return {**incidents(), **calls(), **units(), **dispatch(), **_places(), "seats": list(SEATS.value)}


def _places() -> dict[str, Any]:
    areas = borders.current().areas
    return {
        "kecamatan": [
            {"code": area.code, "name": area.name, "lon": area.lon, "lat": area.lat}
            for area in areas
            if area.kind == "kecamatan"
        ],
        "desa": [
            {
                "code": area.code,
                "name": area.name,
                "kecamatan_code": area.kecamatan_code,
                "lon": area.lon,
                "lat": area.lat,
            }
            for area in areas
            if area.kind != "kecamatan"
        ],
    }
