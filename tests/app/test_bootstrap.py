"""The first minute on an unknown machine: interpreters, locks, clear words."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools import find_python

sys.path.insert(0, str(Path(find_python.__file__).parent))  # the bootstrap imports it as its neighbour
from tools import bootstrap

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


def setup(tmp_path: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """tools/setup.sh of a copy whose folder has a space in its name, on a machine that has only a shell."""
    clone, bare = tmp_path / "a clone", tmp_path / "bin"
    (clone / "tools").mkdir(parents=True)
    (clone / "tools" / "setup.sh").write_bytes((ROOT / "tools" / "setup.sh").read_bytes())
    (clone / "tools" / "bootstrap.py").write_text("import sys\nprint('bootstrap', *sys.argv[1:])\n")
    bare.mkdir()
    (bare / "dirname").symlink_to("/usr/bin/dirname")
    return subprocess.run(
        ["/bin/sh", "a clone/tools/setup.sh", "runtime"],
        cwd=tmp_path,
        env={"PATH": str(bare), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_python_that_is_named_and_does_not_run_is_one_sentence(tmp_path: Path) -> None:
    broken = script(tmp_path / "broken", "echo 'error while loading shared libraries' >&2; exit 127")
    done = setup(tmp_path, PYTHON=broken)
    assert done.returncode == 1
    assert f"PYTHON={broken} does not run here" in done.stderr
    assert "shared libraries" not in done.stderr


def test_the_named_python_runs_the_bootstrap_also_below_a_folder_with_a_space(tmp_path: Path) -> None:
    done = setup(tmp_path, PYTHON=base_interpreter())
    assert (done.returncode, done.stdout) == (0, "bootstrap runtime\n")


@pytest.mark.skipif(Path("/usr/local/bin/python3").exists(), reason="this machine has one where we look")
def test_no_python_at_all_is_one_sentence(tmp_path: Path) -> None:
    done = setup(tmp_path)
    assert done.returncode == 1
    assert "there is no Python 3 on this machine" in done.stderr


def make(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A make of its own: these tests run below another, whose flags and variables are not this one's."""
    outside = {
        name: value for name, value in os.environ.items() if not name.startswith("MAKE") and name != "ARGS"
    }
    return subprocess.run(
        ["make", "--no-print-directory", *words],
        cwd=folder,
        env=outside,
        capture_output=True,
        text=True,
        check=False,
    )


def test_recipes_quote_the_checkout_whose_name_may_have_a_space(tmp_path: Path) -> None:
    clone = tmp_path / "a clone"
    (clone / ".venv" / "bin").mkdir(parents=True)
    (clone / "tools").mkdir()
    shutil.copy(ROOT / "Makefile", clone / "Makefile")
    script(clone / "tools" / "setup.sh", "exit 0")
    script(clone / ".venv" / "bin" / "sigap", 'echo "sigap $*"')
    # These tests themselves run below a make: its flags and variables are not this one's.
    outside = {
        name: value for name, value in os.environ.items() if not name.startswith("MAKE") and name != "ARGS"
    }
    done = subprocess.run(
        ["make", "--no-print-directory", "demo", "FRESH=1"],
        cwd=clone,
        env=outside,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "sigap demo --fresh\n"), done.stderr


@pytest.mark.parametrize(
    ("said", "mend"),
    [
        ("npm error nospc ENOSPC: no space left on device, write", "The disk is full"),
        ("invalid peer certificate: UnknownIssuer", "update-ca-certificates"),
        ("ERROR: No matching distribution found for uv==0.13.9", "Supported:"),
    ],
)
def test_a_step_that_fails_says_what_its_words_mean(said: str, mend: str) -> None:
    assert mend in (bootstrap.better_mend(said) or "")


def test_a_failure_without_known_words_keeps_the_steps_own_mend() -> None:
    assert bootstrap.better_mend("connection refused") is None


@pytest.mark.parametrize("name", ["actions", "live", "voice", "eta"])
def test_each_benchmark_starts_by_its_name(name: str) -> None:
    done = make(ROOT, "SETUP=true", "bench", f"NAME={name}", "ARGS=--help")
    assert (done.returncode, done.stdout[:6]) == (0, "usage:"), done.stderr


def test_a_benchmark_that_is_not_there_says_which_are() -> None:
    done = make(ROOT, "SETUP=true", "bench", "NAME=room")
    assert done.returncode == 2
    assert "There is no benchmark room. NAME=… is one of: " in done.stderr
