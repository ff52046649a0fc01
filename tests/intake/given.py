"""Incidents as tests need them, opened by the desk's own verb."""

from typing import Any
from uuid import UUID

from psycopg import AsyncConnection

from sigap.identity.model import Actor
from sigap.incidents.model import Incident
from sigap.intake import actions
from sigap.intake.model import Place, Report
from sigap.kernel.clock import Clock
from sigap.kernel.place import Point
from tests.people import agent

SUKA_ASIH = Point(106.5421, -6.1743)
"""In Desa Suka Asih, Kecamatan Pasar Kemis."""
NARRATIVE = "Rumah petak, api dari dapur, asap tebal."


def place(lon: float = SUKA_ASIH.lon, lat: float = SUKA_ASIH.lat, text: str = "Gg. Melati 3") -> Place:
    """A pinned place."""
    return Place(point=Point(lon, lat), text=text, landmark="Belakang pasar", uncertainty_m=18.0)


def report(type: str = "FIR01", **more: Any) -> Report:
    """What a caller told."""
    told: dict[str, Any] = {"place": place(), "narrative": NARRATIVE, "intake_channel": "radio"}
    return Report(type=type, **(told | more))


async def incident(
    conn: AsyncConnection,
    clock: Clock,
    type: str = "FIR01",
    *,
    call_id: UUID | None = None,
    by: Actor | None = None,
    **more: Any,
) -> Incident:
    """An open incident."""
    return await actions.open_incident(
        conn, report(type, **more), call_id=call_id, by=by or agent(), clock=clock
    )


BODY: dict[str, Any] = {
    "type": "FIR01",
    "place": {"lon": SUKA_ASIH.lon, "lat": SUKA_ASIH.lat, "text": "Gg. Melati 3"},
    "narrative": NARRATIVE,
    "intake_channel": "radio",
}
