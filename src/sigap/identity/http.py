"""The parts an endpoint is made of: a connection, the person who asks, the clock, and "once".

Everything here has function scope: a connection goes back to the pool before the answer is sent, so a slow
reader or an open stream keeps none.
"""

import hmac
import inspect
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from hashlib import sha256
from typing import Annotated, Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import Depends, Header, Request, Response
from fastapi.exceptions import RequestValidationError
from psycopg import AsyncConnection
from pydantic import BaseModel

from sigap.identity import store
from sigap.identity.actions import token_digest
from sigap.identity.model import Actor, KeyReused, NoSession, ReadAgain
from sigap.identity.store import Session
from sigap.kernel.clock import Clock
from sigap.kernel.messages import choose
from sigap.kernel.pool import Database
from sigap.kernel.problems import Denied
from sigap.kernel.versions import ANYTHING, Seen

COOKIE = "sigap_session"
_RESTRICTED: Final = "restricted_case"
"""The one field that is kept of an answer about a restricted case: the case's id."""
SEEN_EVERY = timedelta(seconds=15)
"""How often "still there" is written: every request would be a write for every read."""


class CrossSite(Denied):
    """Another site's page tried to act with this browser's cookie."""

    code = "session.cross_site"


async def connection(request: Request) -> AsyncIterator[AsyncConnection]:
    """A pooled autocommit connection for the time of the endpoint's function."""
    database: Database = request.app.state.database
    async with database.connection() as conn:
        yield conn


Conn = Annotated[AsyncConnection, Depends(connection, scope="function")]


def server_clock(request: Request) -> Clock:
    """The clock the app was built with."""
    return request.app.state.clock


ServerClock = Annotated[Clock, Depends(server_clock)]


def language(accept_language: Annotated[str | None, Header()] = None) -> str:
    """The reader's language: Indonesian unless they ask for English."""
    return choose(accept_language)


Language = Annotated[str, Depends(language)]


def bearer_of(request: Request) -> tuple[str | None, bool]:
    """The session's token and whether it came by cookie. A bearer token wins."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return token.strip(), False
    return request.cookies.get(COOKIE), True


def refuse_cross_site(request: Request) -> None:
    """Raises CrossSite when a browser says that another origin's page sends this change."""
    if request.method in {"GET", "HEAD"}:
        return
    origin = request.headers.get("origin")
    if origin:
        if _host_of(origin) != request.headers.get("host"):
            raise CrossSite()
    elif request.headers.get("sec-fetch-site") in {"cross-site", "same-site"}:
        raise CrossSite()


def _host_of(origin: str) -> str | None:
    """Host and port of an origin; None of what is none, such as `null`."""
    try:
        return urlsplit(origin).netloc or None
    except ValueError:  # half an IPv6 address
        return None


async def open_session(request: Request, conn: Conn, clock: ServerClock) -> Session:
    """The session behind the request. Raises NoSession, CrossSite."""
    token, by_cookie = bearer_of(request)
    if not token:
        raise NoSession()
    if by_cookie:
        refuse_cross_site(request)
    now = clock.now()
    session = await store.session_of(conn, token_digest(token), now)
    if session is None:
        raise NoSession()
    if now - session.seen_at > SEEN_EVERY:
        await store.touch_session(conn, session.id, now)
    return session


OpenSession = Annotated[Session, Depends(open_session, scope="function")]


async def signed_in(request: Request, conn: Conn, clock: ServerClock) -> Actor:
    """The person or machine who asks. Raises NoSession, CrossSite."""
    token, by_cookie = bearer_of(request)
    if token and not by_cookie:
        for name, known in request.app.state.machine_tokens.items():
            # As bytes: strings with other than ASCII letters cannot be compared so.
            if hmac.compare_digest(token.encode(), known.encode()):
                return Actor.machine(name)
    return Actor.person((await open_session(request, conn, clock)).account)


SignedIn = Annotated[Actor, Depends(signed_in, scope="function")]


type RestrictedAmong = Callable[[AsyncConnection, list[UUID]], Awaitable[UUID | None]]
"""The restricted case that one of these ids (of incidents, assignments, calls) is about, if any."""


class OnceOnly:
    """Runs a verb and keeps its answer with the request's Idempotency-Key, both in one transaction.

    The same key with the same request gets the first answer; with another request, KeyReused. What was answered of a
    restricted case is not kept, and nobody whose rights have changed since is told anything twice: they get ReadAgain.
    """

    def __init__(
        self,
        conn: AsyncConnection,
        by: Actor,
        clock: Clock,
        key: str | None,
        request_sha256: bytes,
        *,
        about: list[UUID],
        restricted_among: RestrictedAmong,
        answer: Response,
    ) -> None:
        """`about`: the ids in the request's path."""
        self._conn, self._by, self._clock = conn, by, clock
        self._key, self._request = key, request_sha256
        self._about, self._restricted_among = about, restricted_among
        self._answer = answer
        self.matching = ANYTHING
        """What `If-Match` says; a body's `rev` comes to it by `saw`."""

    def saw(self, rev: int | None = None) -> Seen:
        """What the person had seen of the record, by header and body."""
        return self.matching.with_rev(rev)

    async def __call__[V: BaseModel, R](
        self, view: type[V], verb: Callable[[], Awaitable[R]], shape: Callable[[R], V | Awaitable[V]]
    ) -> V:
        """The answer of `verb`, shaped as `view`; or the first answer to this key. One record is told with its version."""
        told = await self._told(view, verb, shape)
        tag_version(self._answer, told)
        return told

    async def _told[V: BaseModel, R](
        self, view: type[V], verb: Callable[[], Awaitable[R]], shape: Callable[[R], V | Awaitable[V]]
    ) -> V:
        if self._key is None:
            return await _shaped(shape, await verb())
        async with self._conn.transaction():
            first = store.KeptRequest(request_sha256=self._request, rights=_rights(self._by))
            if not await store.claim_key(self._conn, self._by.ref, self._key, first, self._clock.now()):
                return view.model_validate(await self._first_answer(self._key, first))
            # Asked before the verb: nothing slow happens behind it, where it holds the journal's head.
            case = await self._restricted_among(self._conn, self._about) if self._about else None
            done = await _shaped(shape, await verb())
            if getattr(done, "restricted", False):
                case = getattr(done, "id", case)
            kept = {_RESTRICTED: str(case)} if case else done.model_dump(mode="json")
            await store.keep_answer(self._conn, self._by.ref, self._key, kept)
            return done

    async def _first_answer(self, key: str, now: store.KeptRequest) -> dict[str, Any]:
        """What the first request was answered. Raises KeyReused, ReadAgain."""
        first, answer = await store.first_answer(self._conn, self._by.ref, key)
        if first.request_sha256 != now.request_sha256:
            raise KeyReused()
        if _RESTRICTED in answer:
            raise ReadAgain(id=answer[_RESTRICTED])
        told = answer.get("id")
        if first.rights not in (None, now.rights):
            raise ReadAgain(id=told)
        # It may have become restricted since.
        ids = [*self._about, *([made] if (made := _id(told)) else [])]
        if ids and (case := await self._restricted_among(self._conn, ids)):
            raise ReadAgain(id=str(case))
        return answer


def tag_version(answer: Response, record: object) -> None:
    """An answer that is one record carries its version, for the `If-Match` of the next verb (RFC 9110 §8.8.3)."""
    if (rev := getattr(record, "rev", None)) is not None:
        answer.headers["ETag"] = f'"{rev}"'


def _rights(by: Actor) -> bytes:
    """Two actors with the same one may read the same."""
    what = [by.agency or "", str(by.unit_id or ""), *sorted(by.permissions)]
    return sha256("\n".join(what).encode()).digest()


async def _shaped[V: BaseModel, R](shape: Callable[[R], V | Awaitable[V]], result: R) -> V:
    shaped = shape(result)
    return await shaped if inspect.isawaitable(shaped) else shaped


async def once(
    request: Request,
    answer: Response,
    conn: Conn,
    by: SignedIn,
    clock: ServerClock,
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=200,
            description="The same key gets the first answer again; kept seven days.",
        ),
    ] = None,
) -> OnceOnly:
    """The request's `OnceOnly`."""
    what = request.method.encode() + b" " + request.url.path.encode() + b"\n" + await request.body()
    about = [found for value in request.path_params.values() if (found := _id(value))]
    return OnceOnly(
        conn,
        by,
        clock,
        idempotency_key,
        sha256(what).digest(),
        about=about,
        restricted_among=request.app.state.restricted_among,
        answer=answer,
    )


def _id(value: object) -> UUID | None:
    """The value, if it is an id: others (a seat's name) belong to no case."""
    try:
        return UUID(str(value))
    except ValueError:
        return None


Once = Annotated[OnceOnly, Depends(once, scope="function")]


_TAG: Final = r'(?:W/)?"[\x21\x23-\x7e]*"'
_IF_MATCH: Final = rf"^(?:\*|{_TAG}(?:[ \t]*,[ \t]*{_TAG})*)$"


async def once_as_seen(
    request: Request,
    one: Once,
    if_match: Annotated[
        str | None,
        Header(
            max_length=1000,
            pattern=_IF_MATCH,
            description="The record's `rev` in quotes, or several: 409 `stale` unless it has one of them now.",
            examples=['"3"'],
        ),
    ] = None,
) -> OnceOnly:
    """The request's `OnceOnly`, knowing what its person had seen. Several lines of the header are one list."""
    if if_match is None:
        return one
    lines = [line.strip() for line in request.headers.getlist("if-match")]
    wrong = [line for line in lines if not re.fullmatch(_IF_MATCH, line)]
    if wrong or (len(lines) > 1 and "*" in lines):
        fault = {
            "type": "string_pattern_mismatch",
            "loc": ("header", "if-match"),
            "msg": "not a list of tags",
        }
        raise RequestValidationError([fault | {"ctx": {"pattern": _IF_MATCH}}])
    if lines != ["*"]:
        # Compared strongly (§8.8.3.2): a weak tag is never the version that a record has.
        tags = [tag for line in lines for tag in re.findall(_TAG, line) if not tag.startswith("W/")]
        one.matching = Seen(frozenset(tag.strip('"') for tag in tags))
    return one


OnceAsSeen = Annotated[OnceOnly, Depends(once_as_seen, scope="function")]
"""`Once` for a verb on a record that exists: it may say which version of it was seen."""
