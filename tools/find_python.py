"""Finds a Python that Sigap can run on. Standard library only; runs on Python 3.9.

Every candidate is *run* before it is believed: a bare `python3.12` may be a version manager's shim that
answers "command not found". Only base interpreters count: the one inside our own .venv would rebuild itself.
"""

import json
import os
import shutil
import subprocess
from glob import glob
from typing import Dict, List, Optional, Tuple

NEEDED = (3, 12)
TESTED = ((3, 13), (3, 12), (3, 14))
PROBE = (
    "import json,sys;print(json.dumps({'version':list(sys.version_info[:2]),'base':sys.prefix==sys.base_prefix,"
    "'name':sys.implementation.name,'path':sys.executable}))"
)


def candidates(environment: Dict[str, str]) -> List[str]:
    """Where to look, best first: what the person asked for, the path, version managers, Homebrew."""
    found = [environment.get("PYTHON", "")]
    found += ["python%d.%d" % version for version in TESTED] + ["python3"]
    pyenv = environment.get("PYENV_ROOT") or os.path.join(os.path.expanduser("~"), ".pyenv")
    found += sorted(glob(os.path.join(pyenv, "versions", "*", "bin", "python3")), reverse=True)
    for prefix in ("/opt/homebrew", "/usr/local", "/home/linuxbrew/.linuxbrew"):
        found += ["%s/bin/python%d.%d" % ((prefix,) + version) for version in TESTED]
    return [name for name in found if name]


def probe(candidate: str) -> Optional[Tuple[Tuple[int, int], str]]:
    """(version, absolute path) if it runs, is CPython, is no venv and is new enough; else None."""
    program = shutil.which(candidate)
    if program is None:
        return None
    try:
        said = subprocess.run(
            [program, "-I", "-c", PROBE],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=20,
            check=False,
        )
        answer = json.loads(said.stdout.decode())
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    version = (int(answer["version"][0]), int(answer["version"][1]))
    if not answer["base"] or answer["name"] != "cpython" or version < NEEDED:
        return None
    return version, str(answer["path"])


def find(environment: Dict[str, str]) -> Optional[str]:
    """The absolute path of the best interpreter here, or None. One we have tested wins over a newer one."""
    untested = None
    for candidate in candidates(environment):
        answer = probe(candidate)
        if answer is None:
            continue
        version, path = answer
        if version in TESTED or candidate == environment.get("PYTHON"):
            return path
        untested = untested or path
    return untested
