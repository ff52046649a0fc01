"""Logs: one JSON object a line on stderr; a plain sentence, an action key and ids. Never numbers, names or narrative."""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import override

from sigap.kernel import clock

_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """A record as one line; what was passed as `extra` becomes fields."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": clock.text(datetime.fromtimestamp(record.created, UTC)),
            "level": record.levelname.lower(),
            "say": record.getMessage(),
            **{name: value for name, value in vars(record).items() if name not in _OWN},
            "logger": record.name,
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def start(level: int = logging.INFO) -> None:
    """Send this process's logs to stderr as JSON lines; libraries only from WARNING on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("sigap").setLevel(level)
