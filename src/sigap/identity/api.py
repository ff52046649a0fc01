"""POST, GET, DELETE /api/session: sign in, who am I, sign out."""

from datetime import datetime
from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field

from sigap.identity import actions, seat_token
from sigap.identity.http import COOKIE, Conn, CrossSite, OpenSession, ServerClock, refuse_cross_site
from sigap.identity.model import (
    Account,
    NoSession,
    NoSimulation,
    TooManyTries,
    UnknownAccount,
    permissions_of,
)
from sigap.kernel.paths import Home
from sigap.kernel.web import Body, Text, View, refuses

router = APIRouter(tags=["session"])

_COOKIE_S: Final = 400 * 86_400
"""The browser keeps the cookie as long as browsers do; the session's own end is the server's to say."""


class SignIn(Body):
    """Name and password."""

    username: Annotated[Text, Field(min_length=1, max_length=64, examples=["operator1"])]
    password: Annotated[Text, Field(min_length=1, max_length=200, examples=["sigap-demo"])]
    client: Literal["person", "simulation"] = "person"


class VoiceAccess(View):
    """How this person's browser reaches voice. `url` is None where voice has not said where it listens."""

    url: str | None
    token: str
    seats: list[str]


class AccountView(View):
    """A person as the room sees them."""

    id: UUID
    username: str
    display_name: str
    roles: list[str]
    agency: str | None
    unit_id: UUID | None

    @classmethod
    def of(cls, account: Account) -> "AccountView":
        """The view of an account."""
        return cls.model_validate(account)


class SessionView(View):
    """An open session. `token` is given once, when it is opened; a browser has it as a cookie as well."""

    token: str | None
    ends_at: datetime
    account: AccountView
    roles: list[str]
    permissions: list[str]
    agency: str | None
    unit_id: UUID | None
    home: str
    voice: VoiceAccess | None
    server_time: datetime


@router.post("/session", responses=refuses(UnknownAccount, TooManyTries, CrossSite, NoSimulation))
async def sign_in(body: SignIn, request: Request, response: Response, clock: ServerClock) -> SessionView:
    """Sign in: a cookie for the browser and a bearer token for everything else."""
    refuse_cross_site(request)
    if body.client == "simulation" and not request.app.state.demo:
        raise NoSimulation()
    done = await actions.sign_in(
        request.app.state.database,
        username=body.username.strip().lower(),
        password=body.password,
        address=request.client.host if request.client else "",
        client=body.client,
        tries=request.app.state.tries,
        clock=clock,
    )
    set_cookie(request, response, done)
    return session_view(
        request, done.account, done.ends_at, done.token, body.client == "simulation", clock.now()
    )


@router.get("/session", responses=refuses(NoSession))
async def who_am_i(request: Request, session: OpenSession, clock: ServerClock) -> SessionView:
    """The open session, with a fresh seat token."""
    simulated = session.client == "simulation"
    return session_view(request, session.account, session.ends_at, None, simulated, clock.now())


@router.delete("/session", status_code=204, responses=refuses(NoSession, CrossSite))
async def sign_out(response: Response, session: OpenSession, conn: Conn, clock: ServerClock) -> None:
    """Sign out: the token is worthless from now on."""
    await actions.sign_out(conn, session=session, clock=clock)
    response.delete_cookie(COOKIE, path="/")


def set_cookie(request: Request, response: Response, done: actions.SignedInNow) -> None:
    """The session's cookie: host-only, out of reach of scripts, never sent from another site's page."""
    response.set_cookie(
        COOKIE,
        done.token,
        max_age=_COOKIE_S,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
        path="/",
    )


def session_view(
    request: Request, account: Account, ends_at: datetime, token: str | None, simulated: bool, at: datetime
) -> SessionView:
    """What a person needs to know of their own session."""
    home: Home = request.app.state.home
    permissions = permissions_of(account.roles)
    voice = None
    if "call.take" in permissions:
        seat = seat_token.sign(home, account, simulated=simulated, at=at)
        voice = VoiceAccess(
            url=request.app.state.voice_url(request), token=seat, seats=list(seat_token.SEATS.value)
        )
    return SessionView(
        token=token,
        ends_at=ends_at,
        account=AccountView.of(account),
        roles=account.roles,
        permissions=sorted(permissions),
        agency=account.agency,
        unit_id=account.unit_id,
        home=account.home_screen(),
        voice=voice,
        server_time=at,
    )
