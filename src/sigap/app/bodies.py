"""What a request's body may be: not endless, and where it says JSON, JSON that every reader reads alike."""

import json
from collections.abc import Iterator
from typing import Any, Final

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sigap.app.answers import NotJson, TooLarge, problem_response
from sigap.kernel.problems import Problem

BODY_LIMIT_BYTES: Final = 1_048_576
"""A request's body may not be larger: what people type is far below it."""
FACTS_LIMIT_BYTES: Final = 4 * BODY_LIMIT_BYTES
"""Voice hands over facts in batches, one of which may carry all that came with an INVITE."""
FACTS_PATH: Final = "/api/voice/facts"
"""Read tolerantly, fact by fact: one that cannot be read must not hold up voice's spool."""


class Bodies:
    """Refuses a body over the limit before it is in memory, also when its length is not announced, and unclear JSON."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its body read and looked at."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        facts = scope["path"] == FACTS_PATH
        limit = FACTS_LIMIT_BYTES if facts else BODY_LIMIT_BYTES
        try:
            messages = await _read(request, limit)
            if not facts and _says_json(request):
                _require_clear(b"".join(message.get("body", b"") for message in messages))
        except Problem as problem:
            await problem_response(request, problem)(scope, receive, send)
            return
        read = iter(messages)
        await self._app(scope, lambda: _next(read, receive), send)


async def _next(read: Iterator[Message], receive: Receive) -> Message:
    """What was read already, then what still comes: that the client is gone."""
    return next(read, None) or await receive()


async def _read(request: Request, limit: int) -> list[Message]:
    """The messages that are the body. Raises TooLarge."""
    announced = request.headers.get("content-length", "0")
    if announced.isdigit() and int(announced) > limit:
        raise TooLarge(limit_bytes=limit)
    messages: list[Message] = []
    seen, more = 0, "content-length" in request.headers or "transfer-encoding" in request.headers
    while more:
        message = await request.receive()
        messages.append(message)
        seen += len(message.get("body", b""))
        if seen > limit:
            raise TooLarge(limit_bytes=limit)
        more = message["type"] == "http.request" and message.get("more_body", False)
    return messages


def _says_json(request: Request) -> bool:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind == "application/json" or kind.endswith("+json")


def _require_clear(body: bytes) -> None:
    """Raises NotJson for what could be read in two ways, or in none."""
    if not body:
        return
    try:
        json.loads(body.decode("utf-8"), object_pairs_hook=_each_key_once, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise NotJson(why="not_utf8", said=str(error)) from error
    except RecursionError as error:
        raise NotJson(why="nested_too_deeply") from error
    except ValueError as error:
        raise NotJson(why="broken_json", said=str(error)) from error


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Two readers of `{"a": 1, "a": 2}` may take different ones: nobody shall decide on either."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotJson(why="name_twice")
    return found


def _no_constant(name: str) -> Any:
    raise NotJson(why="no_json_number", said=name)
