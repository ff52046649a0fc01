"""The national feed: each closed ticket as JSON or CSV, shaped by a profile that a site can change without code.

The receiver's format is not known yet, so nothing here is fixed but the list of what we can say (SOURCES).
Caller number and name are not in it. A restricted case gives its number, clocks and category, and no place.
"""

import csv
import io
import json
import tomllib
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row

from sigap.geo import borders
from sigap.incidents.catalogue import CATEGORIES, TYPES
from sigap.kernel import settings
from sigap.kernel.clock import WIB
from sigap.kernel.problems import Problem
from sigap.reporting.files import safe_text
from sigap.reporting.model import Period

REGION_CODE = settings.declare(
    "region.code", "36.03", "The regency's code in the national register.", owner="admin"
)

SOURCES: Final = (
    "region_code",
    "ticket_number",
    "offered_at",
    "answered_at",
    "call_duration_s",
    "call_disposition",
    "intake_channel",
    "category",
    "national_group",
    "incident_type",
    "priority",
    "kecamatan",
    "desa",
    "lon",
    "lat",
    "agencies",
    "state",
    "opened_at",
    "sent_at",
    "acknowledged_at",
    "arrived_at",
    "closed_at",
    "results",
    "close_reason",
)
"""Everything a profile may name."""

TYPES_OF_FIELD: Final = ("text", "integer", "number", "list", "time")
MASKS: Final = ("round3", "last3", "hash")
_HIDDEN: Final = ("incident_type", "kecamatan", "desa", "lon", "lat", "results", "close_reason")
"""What a restricted case does not say. Agencies are named as one: who was sent would say what it was."""


class ProfileUnusable(Problem):
    """The site's profile has a mistake; facts: where, why. Nothing was exported."""

    code = "feed.profile_unusable"
    status = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One output field of a profile."""

    name: str
    source: str
    type: str
    required: bool
    mask: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A named list of output fields."""

    name: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A closed or cancelled incident as the feed reads it."""

    id: UUID
    ticket_number: str
    type: str
    category: str
    national_group: str
    priority: str
    state: str
    restricted: bool
    intake_channel: str
    kecamatan_code: str | None
    desa_code: str | None
    lon: float
    lat: float
    opened_at: datetime
    closed_at: datetime
    close_reason: str | None
    results: dict[str, str]
    offered_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    disposition: str | None
    agencies: list[str]
    sent_at: datetime | None
    acknowledged_at: datetime | None
    arrived_at: datetime | None


_TICKETS = """
SELECT i.id, i.ticket_number, i.type, i.category, i.national_group, i.priority, i.state, i.restricted, i.intake_channel,
       i.kecamatan_code, i.desa_code, i.lon, i.lat, i.opened_at, i.closed_at, i.close_reason, i.results,
       c.offered_at, c.answered_at, c.ended_at, c.disposition,
       coalesce(a.agencies, '{}') AS agencies, a.sent_at, a.acknowledged_at, a.arrived_at
  FROM incident i
  LEFT JOIN call c ON c.id = i.first_call_id
  LEFT JOIN LATERAL (
        SELECT array_agg(DISTINCT agency ORDER BY agency) AS agencies, min(sent_at) AS sent_at,
               min(acknowledged_at) AS acknowledged_at, min(arrived_at) AS arrived_at
          FROM assignment WHERE incident_id = i.id) a ON true
 WHERE i.closed_at >= %(start)s AND i.closed_at < %(end)s
 ORDER BY i.closed_at, i.ticket_number
"""


def load_profile(home_file: Path | None = None) -> Profile:
    """The site's profile if it has one, else ours. Raises ProfileUnusable naming the entry."""
    if home_file is not None and home_file.exists():
        text, where = home_file.read_text(encoding="utf-8"), home_file.name
    else:
        text, where = (
            (files("sigap") / "data" / "feed" / "default.toml").read_text(encoding="utf-8"),
            "default.toml",
        )
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileUnusable(where=where, why=str(error)) from error
    entries = raw.get("field")
    if not isinstance(entries, list) or not entries or not isinstance(raw.get("profile"), str):
        raise ProfileUnusable(where=where, why="profile and at least one [[field]] are needed")
    return Profile(
        name=raw["profile"],
        fields=tuple(_field(entry, f"{where}, field {place}") for place, entry in enumerate(entries, 1)),
    )


def _field(entry: Any, where: str) -> Field:
    if not isinstance(entry, dict) or not {"name", "source", "type"} <= set(entry) <= {
        "name",
        "source",
        "type",
        "required",
        "mask",
    }:
        raise ProfileUnusable(where=where, why="needs name, source, type; may have required, mask")
    field = Field(
        name=str(entry["name"]),
        source=str(entry["source"]),
        type=str(entry["type"]),
        required=entry.get("required") is True,
        mask=entry.get("mask"),
    )
    if field.source not in SOURCES:
        raise ProfileUnusable(where=where, why=f"no such source: {field.source}")
    if field.type not in TYPES_OF_FIELD:
        raise ProfileUnusable(where=where, why=f"no such type: {field.type}")
    if field.mask is not None and field.mask not in MASKS:
        raise ProfileUnusable(where=where, why=f"no such mask: {field.mask}")
    return field


async def tickets_of(conn: AsyncConnection, period: Period) -> list[Ticket]:
    """The tickets closed in the period, oldest first."""
    bounds = {"start": period.starts_at, "end": period.ends_at}
    return await (await conn.cursor(row_factory=class_row(Ticket)).execute(_TICKETS, bounds)).fetchall()


def record(ticket: Ticket, profile: Profile) -> dict[str, Any]:
    """One ticket as the profile's fields."""
    known = _known(ticket)
    return {field.name: _shaped(known[field.source], field) for field in profile.fields}


def gaps(ticket: Ticket, profile: Profile) -> list[str]:
    """Required fields that this ticket cannot fill."""
    known = _known(ticket)
    return [
        field.name for field in profile.fields if field.required and known[field.source] in (None, [], "")
    ]


def _known(ticket: Ticket) -> dict[str, Any]:
    areas = _area_names()
    kind = TYPES.get(ticket.type)
    category = CATEGORIES.get(ticket.category)
    duration = (
        round((ticket.ended_at - ticket.answered_at).total_seconds())
        if ticket.ended_at and ticket.answered_at
        else None
    )
    known: dict[str, Any] = {
        "region_code": REGION_CODE.value,
        "ticket_number": ticket.ticket_number,
        "offered_at": ticket.offered_at,
        "answered_at": ticket.answered_at,
        "call_duration_s": duration,
        "call_disposition": ticket.disposition,
        "intake_channel": ticket.intake_channel,
        "category": category.id if category else ticket.category,
        "national_group": ticket.national_group,
        "incident_type": kind.id if kind else ticket.type,
        "priority": ticket.priority,
        "kecamatan": areas.get(ticket.kecamatan_code or ""),
        "desa": areas.get(ticket.desa_code or ""),
        "lon": ticket.lon,
        "lat": ticket.lat,
        "agencies": ticket.agencies,
        "state": ticket.state,
        "opened_at": ticket.opened_at,
        "sent_at": ticket.sent_at,
        "acknowledged_at": ticket.acknowledged_at,
        "arrived_at": ticket.arrived_at,
        "closed_at": ticket.closed_at,
        "results": [f"{agency}:{result}" for agency, result in sorted(ticket.results.items())],
        "close_reason": ticket.close_reason,
    }
    if ticket.restricted:
        known |= dict.fromkeys(_HIDDEN)
        known |= {"incident_type": "Kasus Terbatas", "agencies": ["112"]}
    return known


def _area_names() -> dict[str, str]:
    return {area.code: area.name for area in borders.current().areas}


def _shaped(value: Any, field: Field) -> Any:
    if value is None:
        return None
    match field.mask:
        case "round3" if isinstance(value, int | float):
            value = round(value, 3)
        case "last3":
            value = str(value)[-3:]
        case "hash":
            value = sha256(str(value).encode()).hexdigest()[:16]
        case _:
            pass
    match field.type:
        case "time":
            return value.astimezone(WIB).isoformat(timespec="seconds")
        case "list":
            return [str(item) for item in value] if isinstance(value, list) else [str(value)]
        case "integer":
            return int(value)
        case "number":
            return float(value)
        case _:
            return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def as_json(tickets: list[Ticket], profile: Profile, period: Period) -> bytes:
    """The period's tickets with the profile's name and the gap report."""
    missing = {ticket.ticket_number: found for ticket in tickets if (found := gaps(ticket, profile))}
    return json.dumps(
        {
            "profile": profile.name,
            "first": period.first.isoformat(),
            "last": period.last.isoformat(),
            "tickets": [record(ticket, profile) for ticket in tickets],
            "gaps": missing,
        },
        ensure_ascii=False,
        indent=1,
    ).encode()


def as_csv(tickets: list[Ticket], profile: Profile, delimiter: str) -> bytes:
    """One line per ticket; lists joined by a comma; empty where nothing is known."""
    text = io.StringIO()
    rows = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    rows.writerow([field.name for field in profile.fields])
    for ticket in tickets:
        shaped = record(ticket, profile)
        rows.writerow([_flat(shaped[field.name]) for field in profile.fields])
    return text.getvalue().encode("utf-8-sig")


def _flat(value: Any) -> str:
    """A field as text; a text that a spreadsheet would run as a formula is quoted with an apostrophe."""
    if isinstance(value, int | float):
        return str(value)
    return "" if value is None else safe_text(",".join(value) if isinstance(value, list) else str(value))
