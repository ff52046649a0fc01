"""GET /api/room: the room now. GET /api/room/stream: everything that changes after it."""

import time
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import Field

from sigap.identity import store as identity
from sigap.identity.actions import SESSION_HOURS
from sigap.identity.http import OpenSession, ServerClock, SignedIn
from sigap.identity.model import Actor, NoSession, Role
from sigap.identity.store import Session
from sigap.kernel.clock import Clock
from sigap.kernel.pool import Database
from sigap.kernel.problems import Denied, Unavailable
from sigap.kernel.web import View, refuses
from sigap.live.hub import Hub, RoomNotReady, Screen
from sigap.live.model import SEEN_BY, Audience

SESSION_CHECK_S = 15.0
STREAM_S = 600.0
"""A stream ends after ten minutes: the browser reconnects, and a session that ended is noticed."""

router = APIRouter(tags=["room"])


class RoomView(View):
    """The room as the asker may see it, and the number to follow it from."""

    seq: Annotated[int, Field(examples=[4217])]
    tables: dict[str, dict[str, dict[str, Any]]]
    positions: dict[str, list[Any]]
    server_time: str


@router.get("/room", responses=refuses(NoSession, Denied, RoomNotReady))
async def room(request: Request, by: SignedIn, clock: ServerClock) -> RoomView:
    """Every row this person may see, by table and id."""
    by.require_any(*sorted(SEEN_BY))
    hub: Hub = request.app.state.hub
    who = hub.audience(by)
    seq, tables = hub.room(who, str(by.account_id))
    now = clock.now().isoformat().replace("+00:00", "Z")
    return RoomView(seq=seq, tables=tables, positions=hub.positions(who), server_time=now)


@router.get(
    "/room/stream",
    response_class=StreamingResponse,
    responses={
        200: {
            "content": {"text/event-stream": {}},
            "description": "Events: changes, positions, reset. Comments: heartbeat, each 5 s.",
        }
    }
    | refuses(NoSession, Denied, RoomNotReady),
)
async def stream(
    request: Request,
    session: OpenSession,
    clock: ServerClock,
    after: Annotated[int, Query(ge=0, description="The `seq` of the snapshot.")] = 0,
    last_event_id: Annotated[
        int | None, Header(ge=0, description="Sent by browsers on reconnect; wins.")
    ] = None,
) -> StreamingResponse:
    """Changes behind `after` as they are committed (Server-Sent Events)."""
    by = Actor.person(session.account)
    by.require_any(*sorted(SEEN_BY))
    hub: Hub = request.app.state.hub
    who = hub.audience(by)
    screen = hub.join(who, after if last_event_id is None else last_event_id, str(by.account_id))
    feed = _feed(hub, who, screen, session, request.app.state.database, clock)
    return StreamingResponse(
        feed, media_type="text/event-stream", headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    )


async def _feed(
    hub: Hub, who: Audience, screen: Screen, session: Session, database: Database, clock: Clock
) -> AsyncIterator[bytes]:
    ends = time.monotonic() + STREAM_S
    checked = time.monotonic()
    try:
        while time.monotonic() < ends and (message := await screen.queue.get()) is not None:
            yield message
            if time.monotonic() - checked > SESSION_CHECK_S:
                checked = time.monotonic()
                if not await _still_open(database, session, clock):
                    return
    finally:
        hub.leave(who, screen)


async def _still_open(database: Database, session: Session, clock: Clock) -> bool:
    """Whether the session still stands; notes that its person is there. With the database down it does."""
    try:
        async with database.connection() as conn:
            now = clock.now()
            # The wall hangs there for years: while it looks, its session goes on.
            wall = Role.WALL_DEVICE in session.account.roles
            until = now + timedelta(hours=SESSION_HOURS.value) if wall else None
            return await identity.still_there(conn, session.id, now, renew_until=until)
    except Unavailable:
        return True
