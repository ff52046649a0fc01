"""The first minute on an unknown machine: interpreters, locks, clear words."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools import find_python

ROOT = Path(__file__).resolve().parents[2]


def script(path: Path, text: str) -> str:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def base_interpreter() -> str:
    return getattr(sys, "_base_executable", sys.executable)


def test_a_shim_that_only_complains_is_not_an_interpreter(tmp_path: Path) -> None:
    shim = script(tmp_path / "python3.12", 'echo "pyenv: python3.12: command not found" >&2; exit 127')
    assert find_python.probe(shim) is None


def test_an_interpreter_inside_an_environment_does_not_count() -> None:
    assert sys.prefix != sys.base_prefix, "these tests run in .venv"
    assert find_python.probe(sys.executable) is None


def test_a_base_interpreter_is_named_by_its_full_path() -> None:
    answer = find_python.probe(base_interpreter())
    assert answer is not None
    version, path = answer
    assert version >= (3, 12)
    assert Path(path).is_absolute()


def test_one_that_is_too_old_is_passed_over(tmp_path: Path) -> None:
    said = '{"version": [3, 11], "base": true, "name": "cpython", "path": "/old/python3"}'
    assert find_python.probe(script(tmp_path / "python3", f"echo '{said}'")) is None


def test_what_the_person_names_wins_over_what_is_found(tmp_path: Path) -> None:
    chosen = script(tmp_path / "mine", f'exec {base_interpreter()} "$@"')
    assert find_python.find({"PYTHON": chosen, "PYENV_ROOT": str(tmp_path)}) is not None
    assert find_python.candidates({"PYTHON": chosen})[0] == chosen


@pytest.mark.parametrize("name", ["tools.txt", "runtime.txt", "dev.txt"])
def test_a_lock_has_hashes_and_no_address(name: str) -> None:
    lock = (ROOT / "locks" / name).read_text()
    assert not re.search(r"://|--index|--extra-index|--find-links", lock)
    entries = [part for part in re.split(r"\n(?=[a-z])", lock) if part.strip()]
    assert entries
    assert all("--hash=sha256:" in entry for entry in entries)


def test_the_web_lock_has_no_download_address() -> None:
    lock = (ROOT / "web" / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    assert '"integrity"' in lock


def test_the_runtime_lock_is_part_of_the_development_lock() -> None:
    pins = [
        set(re.findall(r"^([\w.\-]+==\S+)", (ROOT / "locks" / name).read_text(), re.M))
        for name in ("runtime.txt", "dev.txt")
    ]
    assert pins[0] < pins[1]


def test_a_missing_venv_module_is_one_sentence_and_a_command(tmp_path: Path) -> None:
    """A Python without venv, as Debian's minimal one: the bootstrap says what to install."""
    clone = tmp_path / "clone"
    (clone / "tools").mkdir(parents=True)
    (clone / "locks").mkdir()
    for name in ("tools/bootstrap.py", "tools/find_python.py", "locks/tools.txt"):
        (clone / name).write_bytes((ROOT / name).read_bytes())
    crippled = script(
        tmp_path / "python3",
        f'case "$*" in *"-m venv"*) echo "ensurepip is not available" >&2; exit 1;; *) exec {base_interpreter()} "$@";; esac',
    )
    # sys.executable of the probe is the real one, so hide it: what counts here is the step's failure.
    answer = f'{{"version": [3, 12], "base": true, "name": "cpython", "path": "{crippled}"}}'
    probe = script(tmp_path / "probed", f"echo '{answer}'")
    done = subprocess.run(
        [base_interpreter(), "tools/bootstrap.py", "runtime"],
        cwd=clone,
        env={"PATH": "/usr/bin:/bin", "PYTHON": probe, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Sigap cannot be set up" in done.stderr
    assert "python3-venv" in done.stderr or "venv module" in done.stderr
    assert "Traceback" not in done.stderr
