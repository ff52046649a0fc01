"""The published description of the API: every refusal that any request may meet stands at every address."""

from typing import Any, Final, override

from fastapi import FastAPI

from sigap.kernel.web import PROBLEM_JSON, ProblemView

_ANY: Final = {"503": "`database.down`, `room.not_ready`", "500": "`server.failed`"}
_WITH_INPUT: Final = {"422": "`request.invalid`"}
_WITH_BODY: Final = {"400": "`request.not_json`", "413": "`request.too_large`"}


class DescribedApp(FastAPI):
    """FastAPI with a complete description in place of its own 422, which we never send."""

    @override
    def openapi(self) -> dict[str, Any]:
        """The description (OpenAPI 3.1), made once."""
        if self.openapi_schema is None:
            schema = super().openapi()
            parts = schema.setdefault("components", {}).setdefault("schemas", {})
            parts["ProblemView"] = ProblemView.model_json_schema(ref_template="#/components/schemas/{model}")
            for name in ("HTTPValidationError", "ValidationError"):
                parts.pop(name, None)
            for path in schema["paths"].values():
                for operation in path.values():
                    _complete(operation)
            self.openapi_schema = schema
        return self.openapi_schema


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
