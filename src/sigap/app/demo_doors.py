"""The demo's doors: which chairs there are, who sits on them, and one click to sit down.

Only where the app was started as a demo; elsewhere these addresses do not exist. A chair is an account with a
host of its own (http://dispatch.localhost:8112), so that several stand side by side in one browser.
"""

from datetime import timedelta
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse
from psycopg import AsyncConnection
from pydantic import Field

from sigap.identity import actions, store
from sigap.identity.api import set_cookie
from sigap.identity.http import Conn, ServerClock
from sigap.identity.model import Account
from sigap.kernel.problems import NotFound
from sigap.kernel.web import Body, Text, View, refuses

PRESENT_S: Final = 45.0
"""Seconds since a person's last sign of life for which the chair counts as occupied."""
HOSTS: Final = {
    "dispatcher1": "dispatch",
    "penyelia1": "supervisor",
    "pimpinan1": "dasbor",
    "layar1": "layar",
}
"""Chairs whose host is not simply the user name."""


def demo_only(request: Request) -> None:
    """404 where this is no demo."""
    if not request.app.state.demo:
        raise NotFound()


router = APIRouter(
    prefix="/demo", tags=["demo"], dependencies=[Depends(demo_only)], responses=refuses(NotFound)
)


class Chair(View):
    """One place in the room: its account, its address, and who plays it now."""

    username: str
    display_name: str
    roles: list[str]
    agency: str | None
    unit_id: UUID | None
    home: str
    url: str
    occupied: bool
    simulated: bool


class Switch(Body):
    """Whether the simulated colleague may play this chair while nobody sits on it."""

    simulated: Annotated[bool, Field(examples=[False])]


@router.get("/chairs")
async def chairs(request: Request, conn: Conn, clock: ServerClock) -> list[Chair]:
    """All chairs."""
    present = await store.people_present(conn, clock.now() - timedelta(seconds=PRESENT_S))
    off = await _switched_off(conn)
    return [
        Chair(
            username=account.username,
            display_name=account.display_name,
            roles=account.roles,
            agency=account.agency,
            unit_id=account.unit_id,
            home=account.home_screen(),
            url=f"{_origin(request, account)}/api/demo/sit/{account.username}",
            occupied=account.id in present,
            simulated=account.username not in off,
        )
        for account in await store.everyone(conn)
        if account.active
    ]


@router.post("/chairs/{username}", status_code=204, responses=refuses(NotFound))
async def switch(username: Text, body: Switch, conn: Conn) -> None:
    """Switch the simulated colleague of one chair on or off."""
    if await store.by_username(conn, username) is None:
        raise NotFound()
    await conn.execute(
        "INSERT INTO demo_chair (username, simulated) VALUES (%s, %s) "
        "ON CONFLICT (username) DO UPDATE SET simulated = excluded.simulated",
        (username, body.simulated),
    )


@router.get("/sit/{username}", status_code=303, response_class=RedirectResponse, responses=refuses(NotFound))
async def sit(
    username: Text,
    request: Request,
    conn: Conn,
    clock: ServerClock,
    lang: Annotated[str | None, Query(pattern="^(id|en)$")] = None,
) -> RedirectResponse:
    """Sit down: a session for this chair on this host, then its screen."""
    found = await store.by_username(conn, username)
    if found is None or not found[0].active:
        raise NotFound()
    done = await actions.open_session(conn, account=found[0], client="person", clock=clock)
    answer = RedirectResponse(f"{found[0].home_screen()}{f'?lang={lang}' if lang else ''}", status_code=303)
    set_cookie(request, answer, done)
    return answer


async def _switched_off(conn: AsyncConnection) -> set[str]:
    cursor = await conn.execute("SELECT username FROM demo_chair WHERE NOT simulated")
    return {row[0] for row in await cursor.fetchall()}


def _origin(request: Request, account: Account) -> str:
    """`*.localhost` is this machine in every browser, and each name has its own cookies."""
    port = f":{request.url.port}" if request.url.port else ""
    return f"{request.url.scheme}://{HOSTS.get(account.username, account.username)}.localhost{port}"
