"""Refusals that no room makes, and how every refusal is written down (RFC 9457)."""

import asyncio
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sigap.kernel import messages
from sigap.kernel.canonical import plain
from sigap.kernel.problems import Problem, Unavailable


class TooLarge(Problem):
    """The body is over the limit; nothing of it was kept."""

    code = "request.too_large"
    status = 413


class NotJson(Problem):
    """The body is not JSON in UTF-8, or JSON that two readers may read differently; facts: why, what the reader said."""

    code = "request.not_json"
    status = 400


class RequestInvalid(Problem):
    """A field is missing, unknown, of the wrong type or out of range; facts: where, why, errors."""

    code = "request.invalid"
    status = 422


class MethodNotAllowed(Problem):
    """The address exists, the method does not."""

    code = "request.method_not_allowed"
    status = 405


class Failed(Problem):
    """Our own fault; the reference finds the log line."""

    code = "server.failed"
    status = 500


class Stopping(Unavailable):
    """The api ended before the answer was there; whether anything was written, the same key tells."""

    code = "server.stopping"


def problem_response(request: Request, problem: Problem, headers: Any = None) -> JSONResponse:
    """The problem document in the reader's language."""
    title, detail = messages.say(
        problem.code, messages.choose(request.headers.get("accept-language")), problem.facts
    )
    return JSONResponse(
        {
            "type": f"urn:sigap:problem:{problem.code}",
            "code": problem.code,
            "status": problem.status,
            "title": title,
            "detail": detail,
            "facts": plain(problem.facts),
        },
        status_code=problem.status,
        headers=headers,
        media_type="application/problem+json",
    )


class AnsweredToTheEnd:
    """Whoever still waits when the api must end is told so: the server would say a bare 500."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; if it is broken off without an answer, give one."""
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except asyncio.CancelledError:
            if begun or scope["type"] != "http":
                raise
            await problem_response(Request(scope), Stopping())(scope, receive, send)
