"""Road extracts for the tests: read where the shared data lie, skipped with a word where they do not."""

import os
from pathlib import Path

import pytest

from sigap.geo import graph as graphs
from sigap.geo import osm_reading
from sigap.geo.graph import Graph

SHARED = Path(os.environ.get("SIGAP_SHARED") or Path(__file__).resolve().parents[3] / "shared")


def extract(name: str) -> Path:
    """The path of a road extract, or a skip that says what is missing."""
    file = SHARED / "data" / "osm" / f"{name}.osm.pbf"
    if not file.exists():
        pytest.skip(f"no road extract {file}; set SIGAP_SHARED")
    return file


_built: dict[str, Graph] = {}


def roads_of(name: str) -> Graph:
    """The graph of an extract, built once."""
    if name not in _built:
        _built[name] = graphs.build(osm_reading.read(extract(name)))
    return _built[name]
