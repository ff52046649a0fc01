"""Who reads of which unit over HTTP: as much as the live room shows them."""

import httpx
from psycopg import AsyncConnection

from sigap.identity.model import Actor, Role
from sigap.kernel.clock import SystemClock
from sigap.units import actions, store
from sigap.units.roster import shipped
from tests.people import as_


async def test_who_reads_which_units(client: httpx.AsyncClient, connect: AsyncConnection) -> None:
    await actions.seed(connect, roster=shipped(), by=Actor.machine("import"), clock=SystemClock())
    engine = await store.by_code(connect, "DMK-07")
    people = {
        "operator1": await as_(client, connect, "operator1", Role.AGENT),
        "opd-pln": await as_(client, connect, "opd-pln", Role.AGENCY_OFFICER, agency="PLN"),
        "crew": await as_(client, connect, "crew", Role.FIELD_UNIT, agency="BPBD_DAMKAR", unit_id=engine.id),
    }
    told = {
        name: (await client.get("/api/units", headers=headers)).json()["units"]
        for name, headers in people.items()
    }
    assert len(told["operator1"]) == len(await store.units(connect))
    assert {one["agency"] for one in told["opd-pln"]} == {"PLN"}
    assert [(one["code"], one["phone"]) for one in told["crew"]] == [("DMK-07", engine.phone)]
    agencies = (await client.get("/api/agencies", headers=people["crew"])).json()["agencies"]
    assert not [one["id"] for one in agencies if one["head_phone"] or one["contact_phone"]]
    for name, role in (("pimpinan1", Role.EXECUTIVE), ("kementerian1", Role.MINISTRY_VIEWER)):
        headers = await as_(client, connect, name, role)
        assert (await client.get("/api/units", headers=headers)).status_code == 403


async def test_an_agency_that_no_database_can_hold_is_refused(
    client: httpx.AsyncClient, connect: AsyncConnection
) -> None:
    headers = await as_(client, connect, "operator1", Role.AGENT)
    for agency in ("%00", "A" * 41):
        answer = await client.get(f"/api/units?agency={agency}", headers=headers)
        assert answer.status_code == 422, answer.text
