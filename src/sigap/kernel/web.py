"""What every endpoint shares: strict bodies, problem documents, what OpenAPI says about refusals."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from sigap.kernel.problems import Problem
from sigap.kernel.versions import Rev


def _storable(text: str) -> str:
    if "\x00" in text:
        raise ValueError("holds a NUL character")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("holds half a character (a lone surrogate)") from error
    return text


Text = Annotated[str, AfterValidator(_storable)]
"""Text that a database and a file can keep: no NUL, no lone surrogate. Sizes are added where it is used."""

Lon = Annotated[float, Field(ge=-180, le=180, strict=True, description="Degrees east, WGS 84.")]
Lat = Annotated[float, Field(ge=-90, le=90, strict=True, description="Degrees north, WGS 84.")]


class Body(BaseModel):
    """A request's body: unknown fields are refused, numbers must be numbers."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ChangeBody(Body):
    """The body of a verb on a record that exists: it may say which version of it was seen."""

    rev: Annotated[
        Rev | None,
        Field(
            description="The record's `rev` that this was decided on: 409 `stale` if it has changed since. As `If-Match`."
        ),
    ] = None


class View(BaseModel):
    """An answer's body."""

    model_config = ConfigDict(from_attributes=True)


class ProblemView(BaseModel):
    """A refusal (RFC 9457). `code` is stable, `title` and `detail` are in the reader's language."""

    type: str
    code: str
    status: int
    title: str
    detail: str
    facts: dict[str, Any] = {}


PROBLEM_JSON = "application/problem+json"


def refuses(*problems: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """The `responses` of an endpoint that may answer with these problems, besides those that any may give."""
    by_status: dict[int | str, list[str]] = {}
    for problem in problems:
        by_status.setdefault(problem.status, []).append(problem.code)
    return {
        status: {
            "description": "Problem: " + ", ".join(f"`{code}`" for code in sorted(codes)),
            "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/ProblemView"}}},
        }
        for status, codes in by_status.items()
    }
