"""All SQL about agencies, units and positions."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row

from sigap.units.model import Agency, NoSuchAgency, NoSuchUnit, Position, Unit, UnitStatus

_AGENCY = """id, name, short_name, own_number, phone_only, sends_crews, head_title, head_phone, contact_phone,
    integration, active, rev"""
_UNIT = """id, code, agency, type, status, status_since, status_reason, station, station_lon, station_lat,
    approximate_station, kecamatan_code, assignment_id, active, phone, rev"""
_POSITION = "unit_id, lon, lat, accuracy_m, measured_at, speed_kmh, heading"


def _unit(row: Unit) -> Unit:
    return replace(row, status=UnitStatus(row.status))  # psycopg gives plain str


async def agencies(conn: AsyncConnection) -> list[Agency]:
    """Every agency, by code."""
    cursor = await conn.cursor(row_factory=class_row(Agency)).execute(
        f"SELECT {_AGENCY} FROM agency ORDER BY id"
    )
    return await cursor.fetchall()


async def agency(conn: AsyncConnection, code: str) -> Agency:
    """One agency. Raises NoSuchAgency."""
    cursor = await conn.cursor(row_factory=class_row(Agency)).execute(
        f"SELECT {_AGENCY} FROM agency WHERE id = %s",
        (code,),
    )
    row = await cursor.fetchone()
    if row is None:
        raise NoSuchAgency(agency=code)
    return row


async def lock_agencies(conn: AsyncConnection, codes: Iterable[str]) -> dict[str, Agency]:
    """These agencies, kept from changing until commit, locked in the order of their codes. Raises NoSuchAgency."""
    wanted = sorted(set(codes))
    cursor = await conn.cursor(row_factory=class_row(Agency)).execute(
        f"SELECT {_AGENCY} FROM agency WHERE id = ANY(%s) ORDER BY id FOR SHARE",
        (wanted,),
    )
    found = {row.id: row for row in await cursor.fetchall()}
    for code in wanted:
        if code not in found:
            raise NoSuchAgency(agency=code)
    return found


async def units(conn: AsyncConnection, *, agency: str | None = None) -> list[Unit]:
    """Every unit, or those of one agency, by call sign."""
    cursor = await conn.cursor(row_factory=class_row(Unit)).execute(
        f"SELECT {_UNIT} FROM unit WHERE agency = coalesce(%s::text, agency) ORDER BY code",
        (agency,),
    )
    return [_unit(row) for row in await cursor.fetchall()]


async def get(conn: AsyncConnection, unit_id: UUID) -> Unit:
    """One unit. Raises NoSuchUnit."""
    cursor = await conn.cursor(row_factory=class_row(Unit)).execute(
        f"SELECT {_UNIT} FROM unit WHERE id = %s",
        (unit_id,),
    )
    row = await cursor.fetchone()
    if row is None:
        raise NoSuchUnit(unit_id=str(unit_id))
    return _unit(row)


async def by_code(conn: AsyncConnection, code: str) -> Unit:
    """The unit with this call sign. Raises NoSuchUnit."""
    cursor = await conn.cursor(row_factory=class_row(Unit)).execute(
        f"SELECT {_UNIT} FROM unit WHERE code = %s",
        (code,),
    )
    row = await cursor.fetchone()
    if row is None:
        raise NoSuchUnit(unit=code)
    return _unit(row)


async def lock_units(conn: AsyncConnection, ids: Iterable[UUID]) -> dict[UUID, Unit]:
    """These units, locked in the order of their ids. Raises NoSuchUnit."""
    wanted = sorted(set(ids))
    cursor = await conn.cursor(row_factory=class_row(Unit)).execute(
        f"SELECT {_UNIT} FROM unit WHERE id = ANY(%s) ORDER BY id FOR UPDATE",
        (wanted,),
    )
    found = {row.id: _unit(row) for row in await cursor.fetchall()}
    for unit_id in wanted:
        if unit_id not in found:
            raise NoSuchUnit(unit_id=str(unit_id))
    return found


async def lock_roster(conn: AsyncConnection) -> None:
    """One registration at a time: the roster may not be entered twice at once."""
    await conn.execute("SELECT pg_advisory_xact_lock(hashtext('sigap.units.roster'))")
    # Agencies before the journal head, as every verb of the desk takes them.
    await conn.execute("SELECT id FROM agency ORDER BY id FOR UPDATE")


async def save_agency(conn: AsyncConnection, row: Agency) -> None:
    """Write an agency, new or changed."""
    await conn.execute(
        """
        INSERT INTO agency (id, name, short_name, own_number, phone_only, sends_crews, head_title, head_phone,
            contact_phone, integration, active, rev)
        VALUES (%(id)s, %(name)s, %(short_name)s, %(own_number)s, %(phone_only)s, %(sends_crews)s, %(head_title)s,
            %(head_phone)s, %(contact_phone)s, %(integration)s, %(active)s, %(rev)s)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, short_name = excluded.short_name,
            own_number = excluded.own_number, phone_only = excluded.phone_only, sends_crews = excluded.sends_crews,
            head_title = excluded.head_title, head_phone = excluded.head_phone,
            contact_phone = excluded.contact_phone, integration = excluded.integration, active = excluded.active,
            rev = excluded.rev
        """,
        asdict(row),
    )


async def add(conn: AsyncConnection, unit: Unit) -> None:
    """Enter a new unit."""
    await conn.execute(
        """
        INSERT INTO unit (id, code, agency, type, status, status_since, status_reason, station, station_lon,
            station_lat, approximate_station, kecamatan_code, assignment_id, active, phone, rev)
        VALUES (%(id)s, %(code)s, %(agency)s, %(type)s, %(status)s, %(status_since)s, %(status_reason)s, %(station)s,
            %(station_lon)s, %(station_lat)s, %(approximate_station)s, %(kecamatan_code)s, %(assignment_id)s,
            %(active)s, %(phone)s, %(rev)s)
        """,
        asdict(unit),
    )


async def save(conn: AsyncConnection, unit: Unit) -> None:
    """Write what changes in a unit's day: status, its reason and age, and the job that holds it."""
    await conn.execute(
        """
        UPDATE unit SET status = %(status)s, status_since = %(status_since)s, status_reason = %(status_reason)s,
            assignment_id = %(assignment_id)s, active = %(active)s, rev = %(rev)s
        WHERE id = %(id)s
        """,
        asdict(unit),
    )


async def put_positions(conn: AsyncConnection, positions: Sequence[Position], *, at: datetime) -> None:
    """Keep each unit's latest position; an older one than is known changes nothing."""
    async with conn.transaction():
        await conn.cursor().executemany(
            """
            INSERT INTO unit_position (unit_id, lon, lat, accuracy_m, measured_at, recorded_at, speed_kmh, heading)
            SELECT id, %(lon)s, %(lat)s, %(accuracy_m)s, %(measured_at)s, %(at)s, %(speed_kmh)s, %(heading)s
            FROM unit WHERE id = %(unit_id)s
            ON CONFLICT (unit_id) DO UPDATE SET lon = excluded.lon, lat = excluded.lat,
                accuracy_m = excluded.accuracy_m, measured_at = excluded.measured_at,
                recorded_at = excluded.recorded_at, speed_kmh = excluded.speed_kmh, heading = excluded.heading
            WHERE unit_position.measured_at <= excluded.measured_at
            """,
            [asdict(one) | {"at": at} for one in sorted(positions, key=lambda one: one.unit_id)],
        )


async def positions(conn: AsyncConnection) -> dict[UUID, Position]:
    """The latest known position of every unit that has reported one."""
    cursor = await conn.cursor(row_factory=class_row(Position)).execute(
        f"SELECT {_POSITION} FROM unit_position"
    )
    return {row.unit_id: row for row in await cursor.fetchall()}
