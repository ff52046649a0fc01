"""What the api and the worker write down is one JSON object a line: when, what, why, and the reference of a failure."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("words", [["api", "--http-port", "0"], ["worker"]])
def test_a_process_says_when_and_why(words: list[str], tmp_path: Path) -> None:
    nowhere = f"host={tmp_path} port=1 dbname=none connect_timeout=1"
    process = subprocess.Popen(
        [sys.executable, "-m", "sigap", *words],
        env={**os.environ, "SIGAP_HOME": str(tmp_path / "home"), "SIGAP_DATABASE_URL": nowhere},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr
        line = json.loads(process.stderr.readline())
    finally:
        process.kill()
        process.communicate(timeout=10)
    assert line["at"].endswith("Z")
    assert line["level"] in {"warning", "error"}
    assert line["say"]
