"""Refusals with a stable code (RFC 9457). A refusal is an answer, not an accident.

Problem
├── Denied      403  this person may not
├── NotFound    404  nothing there, or not for this person
├── Conflict    409  somebody or something was first; the facts say who and what the state is now
│   └── Stale        the row was changed since it was read
├── Invalid     422  the request cannot mean anything
└── Unavailable 503  a part the answer needs is down; the facts name it

A room makes a subclass for each refusal of its own and writes the code out; its texts stand in
messages/<room>.id.toml and messages/<room>.en.toml.
"""

from typing import ClassVar


class Problem(Exception):
    """A refusal: `code` finds the text, `status` is for HTTP, `facts` fill the text. Never personal data in facts."""

    code: ClassVar[str] = "problem"
    status: ClassVar[int] = 500

    def __init__(self, **facts: object) -> None:
        super().__init__(self.code, facts)
        self.facts = facts


class Denied(Problem):
    """The person lacks the permission that the verb asks for."""

    code = "denied"
    status = 403


class NotFound(Problem):
    """No such thing, or none that this person may know of."""

    code = "not_found"
    status = 404


class Conflict(Problem):
    """The state does not allow it (any more)."""

    code = "conflict"
    status = 409


class Stale(Conflict):
    """The caller decided on an older state; the facts carry the present one."""

    code = "stale"


class Invalid(Problem):
    """The request is well formed but cannot be meant."""

    code = "invalid"
    status = 422


class Unavailable(Problem):
    """A part that the answer needs is down."""

    code = "unavailable"
    status = 503
