"""Log lines are JSON, with the ids passed beside the sentence."""

import json
import logging
import sys

from sigap.kernel.logs import JsonLines


def line(**fields: object) -> dict[str, object]:
    record = logging.makeLogRecord({"name": "sigap.voice", "msg": "it %s", "args": ("rings",), **fields})
    return json.loads(JsonLines().format(record))


def test_a_line_is_one_json_object_with_its_extras():
    found = line(levelname="WARNING", action="call.offered", call_id="x")
    assert (found["say"], found["level"], found["action"], found["call_id"]) == (
        "it rings",
        "warning",
        "call.offered",
        "x",
    )
    assert "\n" not in JsonLines().format(logging.makeLogRecord({"msg": "two\nlines"}))


def test_a_failure_brings_its_trace():
    try:
        raise ValueError("broken")
    except ValueError:
        assert "ValueError: broken" in str(line(exc_info=sys.exc_info())["trace"])
