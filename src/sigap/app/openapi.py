"""The published description of the API: at every address each refusal that any request may meet, and an example.

A body's example stands at its class; those of the answers are real ones of a demo city, in data/api_examples.json.
"""

import json
from importlib.resources import files
from typing import Any, Final, override

from fastapi import FastAPI

from sigap.kernel.web import PROBLEM_JSON, ProblemView

_ANY: Final = {"503": "`database.down`, `room.not_ready`, `server.stopping`", "500": "`server.failed`"}
_WITH_INPUT: Final = {"422": "`request.invalid`"}
_WITH_BODY: Final = {"400": "`request.not_json`", "413": "`request.too_large`"}
_WITH_KEY: Final = {"409": "`idempotency.read_again`"}


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
            examples = json.loads((files("sigap") / "data" / "api_examples.json").read_text(encoding="utf-8"))
            for path, operations in schema["paths"].items():
                for method, operation in operations.items():
                    _complete(operation)
                    _illustrate(operation, examples.get(f"{method.upper()} {path}", {}), parts)
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
    if any(parameter["name"] == "idempotency-key" for parameter in operation.get("parameters", ())):
        wanted |= _WITH_KEY
    for status, codes in wanted.items():
        known = answers.get(status)
        if known is None:
            answers[status] = {
                "description": f"Problem: {codes}",
                "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/ProblemView"}}},
            }
        else:
            known["description"] += f", {codes}"


def _illustrate(operation: dict[str, Any], example: dict[str, Any], parts: dict[str, Any]) -> None:
    """Put the examples of body, parameters and answer where readers and their tools look for them."""
    body = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if body is not None:
        own = parts.get(body["schema"].get("$ref", "").rpartition("/")[2], {}).get("examples", [None])[0]
        request = example.get("request", own)
        if request is not None:
            body["example"] = request
    for parameter in operation.get("parameters", ()):
        if parameter["name"] in example.get("parameters", {}):
            parameter["example"] = example["parameters"][parameter["name"]]
    if "answer" in example:
        kind = "text/event-stream" if isinstance(example["answer"], str) else "application/json"
        operation["responses"][example["status"]]["content"][kind]["example"] = example["answer"]
