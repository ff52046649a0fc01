"""Travel times over the imported roads, as the ranking asks for them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from sigap.dispatch.ranking.order import Travel
from sigap.dispatch.ranking.proposal import Starts, TravelTimes
from sigap.geo.roads import RoadsNotImported
from sigap.geo.search_pool import SearchPool
from sigap.kernel.place import Point

DRIVES_AS: Final[Mapping[str, str]] = {
    "als_ambulance": "ambulance",
    "bls_ambulance": "ambulance",
    "fire_engine": "fire_engine",
    "water_tender": "fire_engine",
    "ladder_truck": "fire_engine",
    "rescue": "rescue",
    "animal_rescue": "rescue",
    "hazmat_team": "rescue",
    "dive_team": "rescue",
    "rubber_boat": "rescue",
    "patrol": "police_car",
    "crowd_control": "police_car",
    "bomb_squad": "police_car",
    "tow_truck": "truck",
    "water_truck": "truck",
}
"""Unit type → vehicle class of the road searches; whatever is not named drives as a car without blue lights."""


def by_road(pool: SearchPool | None) -> TravelTimes:
    """Ask the search processes. Without them, or without imported roads, nothing is known and nothing is guessed."""

    async def ask(place: Point, starts: Starts, at: datetime) -> Mapping[UUID, Travel] | None:
        if pool is None:
            return None
        asked = [(unit_id, point, DRIVES_AS.get(kind, "car")) for unit_id, (point, kind) in starts.items()]
        try:
            found = await pool.etas(place, asked, at)
        except RoadsNotImported:
            return None
        return {
            unit_id: Travel(round(eta.seconds, 1), round(eta.metres))
            for unit_id, eta in found.items()
            if eta.reachable
        }

    return ask
