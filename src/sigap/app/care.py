"""The commands that look after an installation: backup, restore, doctor, journal, feed, import. Thin, like cli.py."""

import argparse
import asyncio
import json
import os
import sys
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

from tqdm import tqdm

from sigap.app.trouble import Trouble
from sigap.kernel import messages
from sigap.kernel.clock import WIB
from sigap.kernel.paths import Home


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Their words."""
    made = commands.add_parser("backup", help="write everything into one file; the room may be running")
    made.add_argument("file", type=Path)
    made.set_defaults(command=_backup)
    made = commands.add_parser("restore", help="bring an installation back from a backup")
    made.add_argument("file", type=Path)
    made.add_argument("--replace", action="store_true", help="set aside what stands here now")
    made.set_defaults(command=_restore)
    made = commands.add_parser("doctor", help="what is wrong here, and the command that mends it")
    made.add_argument("--json", action="store_true")
    made.set_defaults(command=_doctor, any_account=True)

    made = commands.add_parser("settings", help="every number that policy may change, and what holds here")
    made.add_argument("--json", action="store_true")
    made.set_defaults(command=_settings, any_account=True)

    journal = commands.add_parser("journal", help="export the journal, verify an export").add_subparsers(
        required=True
    )
    made = journal.add_parser("export", help="write the whole journal as a file that anybody can verify")
    made.add_argument("file", type=Path, help="- is standard output")
    made.add_argument("--sealed", action="store_true", help="with the personal parts")
    made.set_defaults(command=_journal_export)
    made = journal.add_parser("verify", help="check an exported file; needs no database and no secret")
    made.add_argument("file", type=Path)
    made.add_argument(
        "--head", metavar="HASH", help="a head printed earlier: finds a cut tail or a rewritten chain"
    )
    made.add_argument("--json", action="store_true")
    made.set_defaults(command=_journal_verify, any_account=True)

    made = commands.add_parser(
        "feed", help="write closed tickets for the national feed, as the site's profile says"
    )
    made.add_argument("folder", type=Path, help="gets umpan-112-DAY-DAY.json and .csv")
    made.add_argument("--first", type=date.fromisoformat, metavar="DAY", help="local day; today if left out")
    made.add_argument("--last", type=date.fromisoformat, metavar="DAY", help="the first if left out")
    made.set_defaults(command=_feed)

    imports = commands.add_parser("import", help="take in roads or borders").add_subparsers(required=True)
    made = imports.add_parser("osm", help="roads, places and map tiles from an .osm.pbf extract")
    made.add_argument("file", type=Path)
    made.set_defaults(command=_import_osm)
    made = imports.add_parser("boundaries", help="kecamatan and desa from a GeoJSON of desa")
    made.add_argument("file", type=Path)
    made.set_defaults(command=_import_boundaries)
    made = imports.add_parser(
        "made-up-roads", help="a generated road network, labelled so; for demo and drill"
    )
    made.set_defaults(command=_import_made_up)


def _backup(given: argparse.Namespace, home: Home) -> None:
    from sigap.app import backup

    with tqdm(total=backup.size(home), unit="B", unit_scale=True, desc="backup") as bar:
        manifest = backup.backup(home, given.file, bar.update)
    print(f"{given.file}: journal up to {manifest['journal_seq']}, head {manifest['journal_head']}")


def _restore(given: argparse.Namespace, home: Home) -> None:
    from sigap.app import backup

    if not given.file.is_file():
        raise Trouble(f"{given.file} is not there.", mend="name a file that sigap backup wrote")
    with tqdm(unit="B", unit_scale=True, desc="restore") as bar:
        manifest = backup.restore(home, given.file, replace=given.replace, progress=bar.update)
    print(f"{home.root}: journal up to {manifest['journal_seq']}, as of {manifest['at']}. Start: sigap serve")


def _doctor(given: argparse.Namespace, home: Home) -> int:
    from sigap.app import doctor

    findings = doctor.examine(home)
    if given.json:
        print(json.dumps([asdict(finding) for finding in findings]))
    for finding in findings if not given.json else []:
        cure = f"\n            mend: {finding.mend}" if finding.mend else ""
        print(f"{'well' if finding.well else 'WRONG':>6}  {finding.what}: {finding.how}{cure}")
    return 0 if all(finding.well for finding in findings) else 1


def _settings(given: argparse.Namespace, home: Home) -> None:
    from sigap.app import all_settings

    known = all_settings.everything(home)
    if given.json:
        rows = [{**asdict(setting), "value": setting.value} for setting in known]
        print(json.dumps(rows, ensure_ascii=False))
        return
    for setting in known:
        here = "" if setting.value == setting.default else f"   (shipped: {setting.default})"
        print(f"{setting.name} = {json.dumps(setting.value, ensure_ascii=False)}{here}")
        print(f"    {setting.text}  [{', '.join(filter(None, (setting.owner, setting.source)))}]")


def _journal_export(given: argparse.Namespace, home: Home) -> None:
    from sigap.app import installation

    with installation.database(home) as addresses:
        asyncio.run(_write_journal(addresses.app, given.file, sealed=given.sealed))


async def _write_journal(url: str, file: Path, *, sealed: bool) -> None:
    import psycopg

    from sigap.identity.model import Actor
    from sigap.journal import export
    from sigap.journal.writer import append
    from sigap.kernel.clock import SystemClock

    out, written = sys.stdout.buffer if str(file) == "-" else _own_file(file), 0
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as conn:
        with out, tqdm(unit=" entries", desc="export", disable=str(file) == "-") as bar:
            async for line in export.lines(conn, with_sealed=sealed):
                out.write(line)
                written += 1
                bar.update()
        if sealed:
            # Entries are numbered from 1 without a gap, and the first line is the format.
            event = export.JournalExported(sealed=True, last_seq=written - 1)
            async with conn.transaction():
                await append(conn, event, by=Actor.machine("import"), at=SystemClock().now())


def _own_file(file: Path) -> BinaryIO:
    """An empty file that only its owner reads, also where an older one stands."""
    out = os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600), "wb")
    os.fchmod(out.fileno(), 0o600)
    out.truncate()
    return out


def _journal_verify(given: argparse.Namespace, home: Home) -> int:
    from sigap.journal import export

    try:
        with given.file.open("rb") as file:
            sound = export.verify(file, head=given.head)
    except export.Broken as broken:
        print(json.dumps({"ok": False, "why": str(broken)}) if given.json else f"BROKEN {broken}")
        return 1
    except OSError as error:
        raise Trouble(
            f"{given.file} cannot be read: {error.strerror}.", mend="name an exported file"
        ) from error
    if given.json:
        print(json.dumps({"ok": True, **asdict(sound)}))
    else:
        print(f"sound: {sound.entries} entries, last {sound.last_seq}, head {sound.head}")
    return 0


def _feed(given: argparse.Namespace, home: Home) -> None:
    from sigap.app import installation
    from sigap.kernel.problems import Problem

    first = given.first or datetime.now(WIB).date()
    try:
        with installation.database(home) as addresses:
            written = asyncio.run(_write_feed(addresses.app, home, given.folder, first, given.last or first))
    except Problem as problem:
        _, why = messages.say(problem.code, messages.DEFAULT, problem.facts)
        raise Trouble(why, mend="mend feed.toml, or the days, and run it again") from problem
    print(f"{given.folder}: {written} tickets closed from {first} to {given.last or first}")


async def _write_feed(url: str, home: Home, folder: Path, first: date, last: date) -> int:
    import psycopg

    from sigap.reporting import feed, files
    from sigap.reporting.model import Period

    period, profile = Period(first=first, last=last), feed.load_profile(home.root / "feed.toml")
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as conn:
        tickets = await feed.tickets_of(conn, period)
    name = f"umpan-112-{first:%Y%m%d}-{last:%Y%m%d}"
    shaped = {
        ".json": feed.as_json(tickets, profile, period),
        ".csv": feed.as_csv(tickets, profile, files.DELIMITER.value),
    }
    await asyncio.to_thread(_write_files, folder, name, shaped)
    return len(tickets)


def _write_files(folder: Path, name: str, shaped: dict[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for ending, content in shaped.items():
        (folder / f"{name}{ending}").write_bytes(content)


def _import_osm(given: argparse.Namespace, home: Home) -> None:
    from sigap.geo.osm_reading import RoadsUnusable

    if not given.file.is_file():
        raise Trouble(f"{given.file} is not there.", mend="download an .osm.pbf extract of the province")
    try:
        _roads(given.file, home)
    except RoadsUnusable as error:
        raise Trouble(
            f"{given.file} cannot be used: {error}.", mend="take an extract that covers the regency"
        ) from error


def _import_made_up(given: argparse.Namespace, home: Home) -> None:
    import tempfile

    from sigap.simulation.roads import generator

    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "made-up.osm.pbf"
        generator.generate(file)
        _roads(file, home)


def _roads(file: Path, home: Home) -> None:
    from sigap.geo import importer

    with tqdm(total=100, desc="roads", bar_format="{desc}: {percentage:3.0f}% |{bar}| {elapsed}") as bar:

        def told(step: str, done: float) -> None:
            bar.set_description_str(step)
            bar.update(done * 100 - bar.n)

        counts = importer.import_osm(file, home, told)
    print(", ".join(f"{name} {count}" for name, count in counts.items() if isinstance(count, int)))


def _import_boundaries(given: argparse.Namespace, home: Home) -> None:
    from sigap.geo import borders

    try:
        count = borders.import_borders(given.file, home.root / "borders")
    except borders.BordersUnusable as error:
        raise Trouble(
            f"{given.file} cannot be used: {error}.", mend="give one GeoJSON feature for each desa"
        ) from error
    print(f"{count} desa taken in; restart the room: they count from then on")
