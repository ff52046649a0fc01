"""One night at Meja Panggilan on a fake clock: a fire reported twice, a child's pranks, a lost caller, a hidden case."""

from psycopg import AsyncConnection

from sigap.calls import actions as call_actions
from sigap.calls import store as calls
from sigap.calls.model import CallbackState, Disposition, State
from sigap.incidents.visibility import Sight
from sigap.intake import actions, reading
from sigap.journal import store as journal
from sigap.kernel.clock import ManualClock
from tests.calls.speaking import Voice
from tests.intake.given import incident, place
from tests.people import agent, dispatcher

SARI, BUDI = agent("sari"), agent("budi")


async def a_child_calls(conn: AsyncConnection, clock: ManualClock, voice: Voice, *, times: int) -> None:
    """The same number again and again, each time a prank."""
    for earlier in range(times):
        prank = await voice.answered(conn, SARI.account_id, "081200003333")
        _, history = await call_actions.look_up_number(conn, call_id=prank, by=SARI, clock=clock)
        assert (history.calls_24h, history.junk_24h) == (earlier, earlier)
        await voice.tells(conn, "call_ended", call_id=prank, cause="agent_released", by="agent")
        done = await call_actions.classify(
            conn, call_id=prank, disposition=Disposition.PRANK, by=SARI, clock=clock
        )
        assert done.state == State.CLOSED
        clock.tick(seconds=90)


async def test_a_night_at_the_desk(conn: AsyncConnection, clock: ManualClock) -> None:
    voice = Voice(clock)

    # 02:00 A house burns in Suka Asih; a neighbour calls, then a second one at the other seat.
    first = await voice.answered(conn, SARI.account_id, "081200001111", "meja-1")
    clock.tick(seconds=38)
    fire = await incident(conn, clock, "FIR12", call_id=first, by=SARI, intake_channel="phone")
    second = await voice.answered(conn, BUDI.account_id, "081200002222", "meja-2")
    clock.tick(seconds=20)
    await actions.attach_call(conn, incident_id=fire.id, call_id=second, by=BUDI, clock=clock)
    burning = await actions.reclassify(conn, incident_id=fire.id, type="FIR01", by=BUDI, clock=clock)
    await actions.locate(conn, incident_id=fire.id, place=place(106.5430), by=SARI, clock=clock)
    for call_id in (first, second):
        await voice.tells(conn, "call_ended", call_id=call_id, cause="caller_released", by="caller")
        assert (await calls.get(conn, call_id)).state == State.CLOSED
    assert (fire.priority, burning.priority) == ("P2", "P1")

    # 02:30 A child calls four times; one key each, and the count is shown after the answer.
    clock.tick(seconds=1800)
    await a_child_calls(conn, clock, voice, times=4)

    # 03:00 A caller gives up in the queue, and gets through before anybody calls back.
    lost = await voice.rings(conn, "081200004444")
    await voice.tells(conn, "call_queued", call_id=lost, position=1)
    clock.tick(seconds=25)
    await voice.tells(conn, "call_abandoned", call_id=lost, stage="queue", waited_s=25.0)
    clock.tick(seconds=50)
    again = await voice.answered(conn, BUDI.account_id, "081200004444")
    callback = await calls.callback_of(conn, lost)
    assert callback is not None
    assert callback.state == CallbackState.SKIPPED

    # It is her husband. Nobody but Budi sees more than that a case waits; the dispatcher says why she must.
    hidden = await incident(conn, clock, "PPA01", call_id=again, by=BUDI, intake_channel="phone")
    assert [
        (await reading.page(conn, incident_id=hidden.id, by=who, clock=clock)).sight
        for who in (BUDI, SARI, dispatcher())
    ] == [Sight.FULL, Sight.MASKED, Sight.MASKED]
    await actions.open_restricted(
        conn, incident_id=hidden.id, reason="mengirim Polsek", by=dispatcher(), clock=clock
    )
    assert (await reading.page(conn, incident_id=hidden.id, by=dispatcher(), clock=clock)).sight == Sight.FULL

    # The fire's page tells its whole story, in order.
    page = await reading.page(conn, incident_id=fire.id, by=dispatcher(), clock=clock)
    assert [entry.kind for entry in page.timeline] == [
        "call.offered",
        "call.alerted",
        "call.answered",
        "incident.opened",
        "call.offered",
        "call.alerted",
        "call.answered",
        "incident.call_attached",
        "incident.reclassified",
        "incident.located",
        "call.ended",
        "call.ended",
    ]
    assert [call.caller_number for call in page.calls] == [None, None]
    assert hidden.short_number == fire.short_number + 1
    entries = await journal.after(conn, 0, limit=1000)
    assert "081200004444" not in repr(entries)
