"""`sigap doctor`: what is wrong with this installation, and the command that mends it."""

import json
import os
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import psycopg

from sigap.app import all_settings, installation, postgres_binaries
from sigap.app.migrate import pending
from sigap.app.postgres import EmbeddedPostgres
from sigap.app.supervisor import hold_folder, status_file
from sigap.app.trouble import Trouble
from sigap.app.voice_address import voice_ports
from sigap.app.web_files import PACKAGED
from sigap.kernel.paths import Home
from sigap.kernel.problems import Problem
from sigap.reporting import feed

LEAST_FREE_MB = 500
SECRETS = ("database.json", "seat_signing.key", "voice.token")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `mend` is empty when it is well."""

    what: str
    how: str
    mend: str = ""

    @property
    def well(self) -> bool:
        """Nothing to do."""
        return not self.mend


def examine(home: Home) -> list[Finding]:
    """Look at everything; never raises for what is wrong, that is a finding."""
    findings = [_python(), _folder(home)]
    if not findings[-1].well:
        return findings
    return [
        *findings,
        _disk(home),
        _settings(home),
        *_secrets(home),
        _web(),
        _binaries(),
        _database(home),
        *_clock(),
        *_parts(home),
        _roads(home),
    ]


def _python() -> Finding:
    now = f"{sys.version_info.major}.{sys.version_info.minor}"
    return Finding("Python", now, "" if sys.version_info >= (3, 12) else "install Python 3.12 or newer")


def _folder(home: Home) -> Finding:
    if not home.root.is_dir():
        return Finding("data folder", f"{home.root} does not exist yet", "sigap demo or sigap serve makes it")
    try:
        installation.refuse_foreign(home)
    except Trouble as trouble:
        return Finding("data folder", trouble.what, trouble.mend)
    strangers = [path.name for path in home.root.iterdir() if not _ours(home, path)]
    how = f"{home.root}: {', '.join(strangers)} of another account" if strangers else str(home.root)
    mend = f"chown -R {os.geteuid()} " + " ".join(str(home.root / name) for name in strangers)
    return Finding("data folder", how, mend if strangers else "")


def _ours(home: Home, path: Path) -> bool:
    """The server's own account keeps its folder where we are root."""
    return path.lstat().st_uid == os.geteuid() or (path == home.postgres and os.geteuid() == 0)


def _disk(home: Home) -> Finding:
    free_mb = shutil.disk_usage(home.root).free // 1_000_000
    mend = "" if free_mb >= LEAST_FREE_MB else f"free space on that disk: du -sh {home.root}/*"
    return Finding("disk", f"{free_mb} MB free", mend)


def _settings(home: Home) -> Finding:
    try:
        changed = [one.name for one in all_settings.everything(home) if one.value != one.default]
        feed.load_profile(home.root / "feed.toml")
    except Trouble as trouble:
        return Finding("settings", trouble.what, trouble.mend)
    except Problem as problem:
        return Finding("settings", f"feed.toml: {problem.facts}", "mend that line, or remove the file")
    return Finding("settings", f"changed here: {', '.join(changed)}" if changed else "as shipped")


def _clock() -> list[Finding]:
    """Where the system says whether it is set by the network; times of calls are evidence."""
    if not (program := shutil.which("timedatectl")):
        return []
    asked = [program, "show", "--property=NTPSynchronized", "--value"]
    said = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
    if said not in ("yes", "no"):
        return []
    mend = "" if said == "yes" else "timedatectl set-ntp true"
    return [Finding("clock", "set by the network" if said == "yes" else "not set by the network", mend)]


def _secrets(home: Home) -> list[Finding]:
    findings = []
    for name in SECRETS:
        file = home.keys / name
        if file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077:
            findings.append(Finding(f"key {name}", "others may read it", f"chmod 600 {file}"))
    return findings


def _web() -> Finding:
    built = (PACKAGED / "index.html").exists()
    return Finding("pages", "built" if built else "not built", "" if built else "make setup")


def _binaries() -> Finding:
    if installation.external():
        return Finding("PostgreSQL", f"external, by {installation.SERVICE_URL}")
    try:
        return Finding("PostgreSQL", str(postgres_binaries.find()))
    except Trouble as trouble:
        return Finding("PostgreSQL", trouble.what, trouble.mend)


def _database(home: Home) -> Finding:
    """Only looks: a stopped database is not started for it."""
    if installation.external():
        try:
            addresses = installation.settle_external(home)
        except Trouble as trouble:
            return Finding("database", trouble.what, trouble.mend)
    else:
        server = EmbeddedPostgres.of(home)
        if not (server.data / "PG_VERSION").exists():
            return Finding("database", "not made yet", "sigap demo or sigap serve makes it")
        try:
            server.attach()
        except Trouble as trouble:
            return Finding("database", trouble.what, trouble.mend)
        addresses = installation.Addresses(
            app=server.app_url(installation.DATABASE), owner=server.owner_url(installation.DATABASE)
        )
    try:
        missing = pending(addresses.owner)
    except psycopg.OperationalError as error:
        last = str(error).strip().splitlines()[-1].strip()
        return Finding(
            "database", f"does not answer: {last}", f"start the room; then read {home.logs}/postgres.log"
        )
    mend = "sigap migrate" if missing else ""
    return Finding(
        "database", f"{len(missing)} migrations missing" if missing else "answers, up to date", mend
    )


def _parts(home: Home) -> list[Finding]:
    try:
        parts = json.loads(status_file(home).read_text())["parts"]
    except (OSError, ValueError, KeyError):
        return [Finding("room", "not running", "sigap serve, or make demo")]
    findings = []
    for name, part in parts.items():
        if (hold_folder(home) / name).exists():
            findings.append(Finding(f"part {name}", "held", f"sigap release {name}"))
        elif part["state"] != "running":
            mend = (
                f"read {home.logs / f'{name}.log'}"
                if part["state"] != "stopped"
                else "sigap serve, or make demo"
            )
            findings.append(Finding(f"part {name}", part["state"], mend))
        else:
            findings.append(Finding(f"part {name}", f"running, started again {part['restarts']} times"))
    if ports := voice_ports(home):
        findings.append(
            Finding("telephone", f"SIP {ports.sip_host}:{ports.sip_port}, seats {ports.seat_port}")
        )
    return findings


def _roads(home: Home) -> Finding:
    there = (home.roads / "current").exists()
    return Finding(
        "roads",
        "imported" if there else "none: no travel times",
        "" if there else "sigap import osm FILE.osm.pbf",
    )
