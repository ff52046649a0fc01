"""Folders that PostgreSQL's account can reach: pytest's own are closed to it when we are root."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A fresh folder directly below the system's temporary one, and short enough for a socket."""
    folder = Path(tempfile.mkdtemp(prefix="sigap-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
