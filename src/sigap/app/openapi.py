"""The published description of the API: every refusal that any request may meet stands at every address."""

from typing import Any, Final

from fastapi import FastAPI

from sigap.kernel.web import PROBLEM_JSON, ProblemView

_ANY: Final = {"503": "`database.down`, `room.not_ready`", "500": "`server.failed`"}
_WITH_INPUT: Final = {"422": "`request.invalid`"}
_WITH_BODY: Final = {"400": "`request.not_json`", "413": "`request.too_large`"}


def describe(app: FastAPI) -> None:
    """Complete FastAPI's description in place of its own 422, which we never send."""
    plain = app.openapi

    def complete() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = plain()
            parts = schema.setdefault("components", {}).setdefault("schemas", {})
            parts["ProblemView"] = ProblemView.model_json_schema(ref_template="#/components/schemas/{model}")
            for name in ("HTTPValidationError", "ValidationError"):
                parts.pop(name, None)
            for path in schema["paths"].values():
                for operation in path.values():
                    _complete(operation)
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = complete  # pyrefly: ignore[missing-override-decorator]


def _complete(operation: dict[str, Any]) -> None:
    answers = operation["responses"]
    if "HTTPValidationError" in str(answers.get("422")):
        del answers["422"]
    wanted = dict(_ANY)
    if operation.get("parameters") or operation.get("requestBody"):
        wanted |= _WITH_INPUT
    if operation.get("requestBody"):
        wanted |= _WITH_BODY
    for status, codes in wanted.items():
        known = answers.get(status)
        if known is None:
            answers[status] = {
                "description": f"Problem: {codes}",
                "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/ProblemView"}}},
            }
        else:
            known["description"] += f", {codes}"
