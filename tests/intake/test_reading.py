"""The incident's page for those who were sent to it."""

import pytest
from psycopg import AsyncConnection

from sigap.calls.actions import write_note
from sigap.dispatch.actions import acknowledge
from sigap.identity.model import Actor
from sigap.incidents.model import NoSuchIncident
from sigap.incidents.visibility import Sight
from sigap.intake import reading
from sigap.intake.views import IncidentDetail
from sigap.kernel.clock import ManualClock
from tests.calls.speaking import Voice
from tests.dispatch.conftest import Given
from tests.intake.given import incident
from tests.people import agent, crew, dispatcher, officer, ppa


@pytest.fixture
async def room(conn: AsyncConnection, clock: ManualClock) -> Given:
    ready = Given(conn, clock)
    await ready.roster()
    return ready


async def test_agency_and_crew_read_what_they_were_sent_to(
    room: Given, conn: AsyncConnection, clock: ManualClock
) -> None:
    incident = await room.incident("FIR01")
    unit = await room.unit("DMK-07")
    for outsider in (officer("BPBD_DAMKAR"), crew(unit.id)):
        with pytest.raises(NoSuchIncident):
            await reading.page(conn, incident_id=incident.id, by=outsider, clock=clock)
    assignment = await room.sent("DMK-07", incident=incident)
    for sent in (officer("BPBD_DAMKAR"), crew(unit.id), dispatcher()):
        page = IncidentDetail.of(await reading.page(conn, incident_id=incident.id, by=sent, clock=clock))
        assert [(one.id, one.agency, one.state) for one in page.assignments] == [
            (assignment.id, "BPBD_DAMKAR", "sent")
        ]
        assert [entry.kind for entry in page.timeline] == ["incident.opened", "assignment.sent"]
        assert page.incident.state == "assigned"


async def test_words_of_an_assignment_are_for_the_room_and_its_own_agency(
    room: Given, conn: AsyncConnection, clock: ManualClock
) -> None:
    incident, engine = await room.incident("FIR01"), await room.unit("DMK-07")
    told = await room.sent(None, agency="PLN", incident=incident)
    await room.sent("DMK-07", incident=incident)
    await acknowledge(
        conn, assignment_id=told.id, text="Bu Sri, nomor pribadi", by=officer("PLN"), clock=clock
    )

    async def words(by: Actor) -> str | None:
        page = await reading.page(conn, incident_id=incident.id, by=by, clock=clock)
        return next(one for one in page.assignments if one.id == told.id).reason_text

    for reader in (dispatcher(), agent(), officer("PLN")):
        assert await words(reader) == "Bu Sri, nomor pribadi"
    for other in (officer("BPBD_DAMKAR"), crew(engine.id)):
        assert await words(other) is None


async def test_the_desk_reads_a_calls_times_without_its_words(
    room: Given, conn: AsyncConnection, clock: ManualClock
) -> None:
    voice, she = Voice(clock), agent()
    call_id = await voice.answered(conn, she.account_id)
    await write_note(conn, call_id=call_id, text="menangis", by=she, clock=clock)
    opened = await incident(conn, clock, call_id=call_id, by=she)
    for who, number, note in ((she, "081200000012", "menangis"), (dispatcher(), None, None)):
        [on_page] = (await reading.page(conn, incident_id=opened.id, by=who, clock=clock)).calls
        [listed] = await reading.list_calls(conn, mine=False, limit=10, by=who, clock=clock)
        for call in (on_page, listed):
            assert (call.id, call.caller_number, call.note) == (call_id, number, note)


async def test_who_is_sent_to_a_restricted_case_reads_it_without_the_others(
    room: Given, conn: AsyncConnection, clock: ManualClock
) -> None:
    incident = await room.incident("PPA01")
    await room.sent(None, agency="DP3A", incident=incident)
    shown = {
        who.name: (await reading.page(conn, incident_id=incident.id, by=who, clock=clock)).sight
        for who in (officer("DP3A"), ppa(), dispatcher())
    }
    assert shown == {"opd-dp3a": Sight.FULL, "ppa1": Sight.FULL, "dispatcher1": Sight.MASKED}
    with pytest.raises(NoSuchIncident):
        await reading.page(conn, incident_id=incident.id, by=officer("PLN"), clock=clock)
