"""Backup and restore: one file with everything an installation needs to come back elsewhere.

A tar, compressed: `database.dump` (pg_dump's own format), keys, recordings, spool, roads, settings, and last
`MANIFEST.json` with the SHA-256 of every other member. It holds secrets and personal data, so it is written
0600; keep it as safe as the room itself. A running room may be backed up: dump and journal head are one
snapshot, and the recordings are read after it, so each call in the dump has its recording; what the room
removes meanwhile (a fact handed on, a call that ended) is in the dump or counts no more, and is passed over.
"""

import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any, Final, override

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from sigap.app import installation, postgres_binaries
from sigap.app.lock import Lock
from sigap.app.postgres import EmbeddedPostgres
from sigap.app.room import OPENED
from sigap.app.trouble import Trouble
from sigap.kernel.paths import Home

FORMAT: Final = "sigap-backup/1"
KEPT: Final = (
    "keys",
    "recordings",
    "spool",
    "calls",
    "roads",
    "borders",
    "settings.toml",
    "feed.toml",
    "opened",
    "demo",
)
"""What of SIGAP_HOME a backup carries beside the database; logs and the server's own files are not in it."""
OPEN: Final = ("roads", "borders")
"""What of it is no secret; the other folders come back closed to other accounts."""
DUMP: Final = "database.dump"
MANIFEST: Final = "MANIFEST.json"
type Progress = Callable[[int], object]
"""Hears how many bytes more are done."""


def nobody_watches(done: int) -> None:
    """A progress without a bar."""


def size(home: Home) -> int:
    """Bytes of files a backup would carry, without the database."""
    total = 0
    for file in _files(home):
        with suppress(FileNotFoundError):
            total += file.lstat().st_size
    return total


def backup(home: Home, target: Path, progress: Progress = nobody_watches) -> dict[str, Any]:
    """Write `target` whole or not at all; returns its manifest. Raises Trouble."""
    part = target.with_name(target.name + ".part")
    hashes: dict[str, str] = {}
    try:
        with (
            installation.database(home) as addresses,
            tempfile.TemporaryDirectory(dir=target.absolute().parent, prefix=".sigap-") as scratch,
        ):
            addresses.require_owner()
            dump = Path(scratch) / DUMP
            head = _dump(addresses.owner, dump)
            opened = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with (
                os.fdopen(opened, "wb") as out,
                tarfile.open(fileobj=out, mode="w|gz", compresslevel=1) as tar,
            ):
                hashes[DUMP] = _add(tar, dump, DUMP, progress) or ""
                for file in _files(home):
                    name = str(file.relative_to(home.root))
                    if (digest := _add(tar, file, name, progress)) is not None:
                        hashes[name] = digest
                manifest = _manifest(head, hashes)
                _add_bytes(tar, MANIFEST, json.dumps(manifest, indent=1).encode())
        part.replace(target)
    except OSError as error:
        raise Trouble(
            f"The backup could not be written: {error.strerror} ({error.filename}).",
            mend=f"df -h {target.parent} shows the room there; the unfinished file is removed",
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return manifest


def restore(
    home: Home, source: Path, *, replace: bool, progress: Progress = nobody_watches
) -> dict[str, Any]:
    """Bring an installation back; what stood here is set aside with `replace`, else it stops us. Raises Trouble.

    Whole or not at all: what a failed restore brought is taken away again, and what stood here is put back.
    """
    installation.make(home)
    running = Lock(home.root / "room.lock")
    running.take()
    try:
        stands = _holds_one(home)
        if stands and not replace:
            raise Trouble(
                f"{home.root} already holds an installation.",
                mend="sigap restore --replace FILE (it is set aside, not deleted), or another SIGAP_HOME",
            )
        return _bring_back(home, source, progress, stands=stands)
    finally:
        running.release()


def _holds_one(home: Home) -> bool:
    """Also one whose database somebody else keeps, and which has recorded no call yet."""
    return (home.root / OPENED).exists() or home.postgres.exists() or any(home.recordings.iterdir())


def _bring_back(home: Home, source: Path, progress: Progress, *, stands: bool) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(dir=home.root) as scratch:
        brought, aside = Path(scratch) / "brought", Path(scratch) / "former"
        brought.mkdir()
        manifest = _unpack(source, brought, progress)
        names = tuple(name for name in KEPT if _is_there(brought / name))
        if stands:
            names = (*KEPT, "postgres")
            aside = home.root / f"replaced-{datetime.now(UTC):%Y%m%d-%H%M%S}"
        _set_aside(home, names, aside)
        try:
            for name in KEPT:
                if _is_there(brought / name):
                    _take_over(brought / name, home.root / name)
            installation.make(home)
            with installation.database(home) as addresses:
                addresses.require_owner()
                _refuse_full(addresses)
                _load(brought / DUMP, addresses.owner)
        except BaseException:
            for name in {*names, "postgres"}:
                _remove(home.root / name)
                if _is_there(aside / name):
                    (aside / name).replace(home.root / name)
            aside.rmdir()
            raise
    return manifest


def _is_there(path: Path) -> bool:
    return path.is_symlink() or path.exists()


class _Hashing(io.RawIOBase):
    """Reads through to a file, hashing and telling what passes."""

    def __init__(self, file: IO[bytes], progress: Progress) -> None:
        self._file, self._progress, self.hash = file, progress, hashlib.sha256()

    @override
    def read(self, size: int = -1, /) -> bytes:
        data = self._file.read(size)
        self.hash.update(data)
        self._progress(len(data))
        return data


def _files(home: Home) -> Iterator[Path]:
    for name in KEPT:
        top = home.root / name
        below = top.rglob("*") if top.is_dir() else [top]
        yield from sorted(file for file in below if file.is_symlink() or file.is_file())


def _add(tar: tarfile.TarFile, file: Path, name: str, progress: Progress) -> str | None:
    """One file as it is now: a recording that still grows is taken up to its present end. None: it is gone.

    A link (which roads are in use) is kept as the link it is; its digest is that of where it points.
    """
    try:
        if file.is_symlink():
            tar.addfile(tar.gettarinfo(file, arcname=name))
            return _digest_of_link(str(file.readlink()))
        with file.open("rb") as opened:
            info = tar.gettarinfo(name, arcname=name, fileobj=opened)
            reading = _Hashing(opened, progress)
            tar.addfile(info, reading)
    except FileNotFoundError:
        return None
    return reading.hash.hexdigest()


def _digest_of_link(target: str) -> str:
    return hashlib.sha256(f"link to {target}".encode()).hexdigest()


def _add_bytes(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = len(data), 0o600, int(datetime.now(UTC).timestamp())
    tar.addfile(info, io.BytesIO(data))


def _manifest(head: tuple[int, str | None], hashes: dict[str, str]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": version("sigap"),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "journal_seq": head[0],
        "journal_head": head[1],
        "sha256": hashes,
    }


def _unpack(source: Path, into: Path, progress: Progress) -> dict[str, Any]:
    """Unpack and check every member against the manifest, before anything of it is used."""
    found: dict[str, str] = {}
    try:
        with tarfile.open(source, mode="r|gz") as tar:
            for member in tar:
                tar.extract(member, into, filter="data")
                if member.issym():
                    found[member.name] = _digest_of_link(member.linkname)
                if member.isfile():
                    with (into / member.name).open("rb") as file:
                        found[member.name] = hashlib.file_digest(file, "sha256").hexdigest()
                    progress(member.size)
        manifest: dict[str, Any] = json.loads((into / MANIFEST).read_text())
    except (tarfile.TarError, zlib.error, EOFError, ValueError, FileNotFoundError) as error:
        raise Trouble(f"{source} is no whole backup: {error}.", mend="take another one") from error
    except OSError as error:
        raise Trouble(
            f"{source} could not be unpacked: {error.strerror}.", mend=f"df -h {into.parent}"
        ) from error
    found.pop(MANIFEST)
    if manifest.get("format") != FORMAT or manifest["sha256"] != found:
        wrong = sorted(set(manifest.get("sha256", {}).items()) ^ set(found.items()))
        raise Trouble(
            f"{source} is damaged at {wrong[0][0] if wrong else MANIFEST}.", mend="take another one"
        )
    return manifest


def _take_over(source: Path, target: Path) -> None:
    source.replace(target)
    for folder in [target, *target.rglob("*")] if target.is_dir() and target.name not in OPEN else []:
        if folder.is_dir():
            folder.chmod(0o700)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _set_aside(home: Home, names: tuple[str, ...], aside: Path) -> None:
    """Move what stands here into `aside`; empty folders, which every command makes, are no loss."""
    server = EmbeddedPostgres.of(home)
    if home.postgres.exists():
        server.lock.take()  # refuses while the room runs
    aside.mkdir(mode=0o700)
    for path in (home.root / name for name in names):
        if path.is_dir() and not path.is_symlink() and not any(path.iterdir()):
            path.rmdir()
        elif _is_there(path):
            path.replace(aside / path.name)
    server.stop()


def _refuse_full(addresses: installation.Addresses) -> None:
    with psycopg.connect(addresses.owner, autocommit=True) as conn:
        row = conn.execute("SELECT to_regclass('journal')").fetchone()
    if row is not None and row[0] is not None:
        raise Trouble("The database is not empty.", mend="name an empty one in SIGAP_DATABASE_URL")


def _dump(owner_url: str, file: Path) -> tuple[int, str | None]:
    """Dump the database; returns the last number and the head of its journal, of the same moment."""
    with psycopg.connect(owner_url, autocommit=True) as conn:
        conn.execute("SET idle_in_transaction_session_timeout = 0")  # ours waits as long as the dump takes
        conn.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        with conn.transaction():
            row = conn.execute("SELECT seq, hash, pg_export_snapshot() FROM journal_head").fetchone()
            if row is None:
                raise Trouble("There is nothing to back up yet.", mend="sigap serve, once")
            seq, head, snapshot = row
            _run("pg_dump", ["--format=custom", f"--snapshot={snapshot}", f"--file={file}"], owner_url)
    return seq, head.hex() if head else None


def _load(dump: Path, owner_url: str) -> None:
    """Fill an empty database from a dump, in one transaction, also where the server is older than the dump's."""
    script = dump.with_suffix(".sql")
    _run("pg_restore", ["--no-owner", f"--file={script}", str(dump)], None)
    with psycopg.connect(owner_url) as conn:
        older = conn.info.server_version < 170000
    if older:
        script = _without_new_setting(script)
    quiet = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction"]
    _run("psql", [*quiet, f"--file={script}", "--output=/dev/null"], owner_url)


def _without_new_setting(script: Path) -> Path:
    """pg_restore writes one line, near the top, that servers before 17 do not know."""
    kept, unknown = script.with_suffix(".older.sql"), b"SET transaction_timeout = 0;\n"
    with script.open("rb") as lines, kept.open("wb") as out:
        for line in lines:
            if line == unknown:
                break
            out.write(line)
        shutil.copyfileobj(lines, out)
    return kept


def _run(program: str, arguments: list[str], url: str | None) -> None:
    """One of PostgreSQL's programs, on the database at `url`; the password goes by environment, where only we read it."""
    parts = {name: str(value) for name, value in conninfo_to_dict(url or "").items() if value is not None}
    password = parts.pop("password", None)
    where = [f"--dbname={make_conninfo(**parts)}"] if url else []
    done = subprocess.run(
        [postgres_binaries.find() / program, *where, *arguments],
        env={**os.environ, **({"PGPASSWORD": password} if password else {})},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise _failed(program, done.stderr.strip().splitlines())


def _failed(program: str, said: list[str]) -> Trouble:
    if any("No space left on device" in line for line in said):
        return Trouble("The disk is full.", mend="df -h shows which; free some space and run it again")
    last = next(
        (line for line in said if "error:" in line or "ERROR:" in line), (said or ["it said nothing"])[-1]
    )
    return Trouble(f"{program} failed: {last}.", mend="sigap doctor")
