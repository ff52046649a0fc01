"""The HTTP app: every room's router, problem documents, limits, the web's files. The only place that plugs them together."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from sigap.app.answers import (
    AnsweredToTheEnd,
    Failed,
    MethodNotAllowed,
    NotJson,
    RequestInvalid,
    problem_response,
)
from sigap.app.bodies import BODY_LIMIT_BYTES, Bodies
from sigap.app.headers import SafeHeaders, dress
from sigap.app.openapi import DescribedApp
from sigap.app.rooms import ROUTERS
from sigap.app.web_files import add_web_files
from sigap.identity.actions import Tries
from sigap.identity.seat_token import ensure_keys
from sigap.intake.store import restricted_among
from sigap.kernel import messages, settings
from sigap.kernel.clock import Clock, SystemClock
from sigap.kernel.ids import new_id
from sigap.kernel.paths import Home
from sigap.kernel.pool import Database
from sigap.kernel.problems import NotFound, Problem
from sigap.live.hub import Hub

log = logging.getLogger("sigap.http")


def create_app(
    home: Home,
    database_url: str,
    *,
    clock: Clock | None = None,
    voice_url: Callable[[Request], str | None] | None = None,
    web_folder: Path | None = None,
    demo: bool = False,
    pool_size: int = 16,
) -> FastAPI:
    """The app for one installation. `voice_url` says where a seat's browser finds voice, from the request's host."""
    ensure_keys(home)
    settings.load(home.settings_file)
    database = Database(database_url, size=pool_size)
    hub = Hub(database_url, database)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await database.open()
        tail = asyncio.create_task(hub.run())
        yield
        hub.close()
        await tail
        await database.close()

    app = DescribedApp(
        title="Sigap",
        version="1",
        description="Emergency call and dispatch for a regency's 112 room. Times are UTC, positions WGS 84 lon/lat, "
        f"bodies at most {BODY_LIMIT_BYTES} bytes. Refusals are RFC 9457 problem documents; messages follow Accept-Language.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
    )
    app.state.home, app.state.database, app.state.hub = home, database, hub
    app.state.clock = clock or SystemClock()
    app.state.tries = Tries()
    app.state.demo = demo
    app.state.restricted_among = restricted_among
    app.state.machine_tokens = {"voice": (home.keys / "voice.token").read_text().strip()}
    app.state.voice_url = voice_url or (lambda request: None)
    api = APIRouter(prefix="/api")
    for router in ROUTERS:
        api.include_router(router)
    app.include_router(api)
    add_web_files(app, web_folder)
    _answer_problems(app)
    app.add_middleware(Bodies)
    app.add_middleware(AnsweredToTheEnd)
    app.add_middleware(SafeHeaders)
    return app


def _answer_problems(app: FastAPI) -> None:
    @app.exception_handler(Problem)
    async def refused(request: Request, problem: Problem) -> JSONResponse:
        return problem_response(request, problem)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        return problem_response(request, _invalid(request, error))

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> JSONResponse:
        problem: Problem = NotFound()
        if error.status_code == 405:
            problem = MethodNotAllowed()
        elif error.status_code != 404:
            problem = NotJson(why="broken_json", said=str(error.detail))
        return problem_response(request, problem, headers=error.headers)

    @app.exception_handler(Exception)
    async def failed(request: Request, error: Exception) -> JSONResponse:
        reference = str(new_id())
        log.error("request failed", exc_info=error, extra={"action": "http.failed", "reference": reference})
        answer = problem_response(request, Failed(reference=reference))
        dress(answer.headers, request.url.path)  # this answer is made outside all middleware
        return answer


def _invalid(request: Request, error: RequestValidationError) -> Problem:
    """What cannot be used and why, in the reader's language; the validator's own words stay beside each fault."""
    first: dict[str, Any] = error.errors()[0]
    if first["type"] == "json_invalid":
        return NotJson(why="broken_json", said=first.get("ctx", {}).get("error", first["msg"]))
    errors = [
        {"where": ".".join(str(part) for part in item["loc"]), "type": item["type"], "why": item["msg"]}
        for item in error.errors()[:20]
    ]
    language = messages.choose(request.headers.get("accept-language"))
    why = messages.why(first["type"], language, first.get("ctx", {}))
    return RequestInvalid(where=errors[0]["where"], why=why, errors=errors)
