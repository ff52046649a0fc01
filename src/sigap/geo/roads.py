"""Which road set is in use: `SIGAP_HOME/roads/current` points at the last whole import."""

import json
from pathlib import Path
from typing import Any, Final

from sigap.kernel.paths import Home
from sigap.kernel.problems import Conflict, Unavailable

CURRENT: Final = "current"


class RoadsNotImported(Unavailable):
    """No roads are imported (jalan belum diimpor): there is no travel time, and none is guessed."""

    code = "geo.roads_not_imported"


class NoRoute(Conflict):
    """No road leads from one place to the other."""

    code = "geo.no_route"


def folder(home: Home) -> Path | None:
    """The folder of the roads in use; None before the first import. Ask again for each use: an import swaps it."""
    link = home.roads / CURRENT
    return link.resolve() if (link / "roads.json").exists() else None


def facts(home: Home) -> dict[str, Any]:
    """What the import wrote about the roads in use: counts, credit, whether they are made up. Raises RoadsNotImported."""
    found = folder(home)
    if found is None:
        raise RoadsNotImported
    return dict(json.loads((found / "roads.json").read_text(encoding="utf-8")))
