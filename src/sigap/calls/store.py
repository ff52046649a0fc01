"""All SQL about calls, callbacks, seats, recordings and what voice has handed over."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, LiteralString
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from sigap.calls.model import (
    Call,
    Callback,
    CallbackState,
    Disposition,
    NoSuchCallback,
    NotYetKnown,
    NumberClass,
    RecordingPlay,
    RecordingState,
    Seat,
    SeatState,
    State,
)

_CALL: Final = """
    id, state, trunk, dialed_number, seat, account_id, offered_at, alerted_at, queued_at,
    answered_at, ended_at, end_cause, ended_by, disposition, disposition_at, disposition_by,
    incident_id, number_class, recording_state, recording_s, media, repeat_24h, rev, caller_number,
    caller_name, evidence, note, recording_ref
"""
_PLACES: Final = """
    %(id)s, %(state)s, %(trunk)s, %(dialed_number)s, %(seat)s, %(account_id)s, %(offered_at)s,
    %(alerted_at)s, %(queued_at)s, %(answered_at)s, %(ended_at)s, %(end_cause)s, %(ended_by)s,
    %(disposition)s, %(disposition_at)s, %(disposition_by)s, %(incident_id)s, %(number_class)s,
    %(recording_state)s, %(recording_s)s, %(media)s, %(repeat_24h)s, %(rev)s, %(caller_number)s,
    %(caller_name)s, %(evidence)s, %(note)s, %(recording_ref)s
"""
_SETS: Final = """
    state = excluded.state, trunk = excluded.trunk, dialed_number = excluded.dialed_number, seat =
    excluded.seat, account_id = excluded.account_id, offered_at = excluded.offered_at, alerted_at =
    excluded.alerted_at, queued_at = excluded.queued_at, answered_at = excluded.answered_at,
    ended_at = excluded.ended_at, end_cause = excluded.end_cause, ended_by = excluded.ended_by,
    disposition = excluded.disposition, disposition_at = excluded.disposition_at, disposition_by =
    excluded.disposition_by, incident_id = excluded.incident_id, number_class =
    excluded.number_class, recording_state = excluded.recording_state, recording_s =
    excluded.recording_s, media = excluded.media, repeat_24h = excluded.repeat_24h, rev =
    excluded.rev, caller_number = excluded.caller_number, caller_name = excluded.caller_name,
    evidence = excluded.evidence, note = excluded.note, recording_ref = excluded.recording_ref
"""
_CALLBACK: Final = "id, call_id, due_at, state, attempts, outcome, done_at, done_by, rev, number"
_SEAT: Final = "id, account_id, state, reason, since, rev"


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """How often a number has called before, and what those calls were."""

    calls_24h: int = 0
    calls_30d: int = 0
    junk_24h: int = 0
    junk_30d: int = 0
    incidents_30d: int = 0


def _call(row: Call) -> Call:
    return replace(  # psycopg gives plain str
        row,
        state=State(row.state),
        number_class=NumberClass(row.number_class),
        recording_state=RecordingState(row.recording_state),
        disposition=None if row.disposition is None else Disposition(row.disposition),
    )


async def save(conn: AsyncConnection, call: Call) -> None:
    """Store a call, new or changed; the caller holds its lock."""
    await conn.execute(
        f"INSERT INTO call ({_CALL}) VALUES ({_PLACES}) ON CONFLICT (id) DO UPDATE SET {_SETS}",
        asdict(call) | {"evidence": Jsonb(call.evidence)},
    )


async def find(conn: AsyncConnection, call_id: UUID, *, lock: bool = False) -> Call | None:
    """The call if voice has handed it over, locked until commit on demand."""
    query: LiteralString = f"SELECT {_CALL} FROM call WHERE id = %s"
    cursor = conn.cursor(row_factory=class_row(Call))
    await cursor.execute(query + " FOR UPDATE" if lock else query, (call_id,))
    row = await cursor.fetchone()
    return None if row is None else _call(row)


async def get(conn: AsyncConnection, call_id: UUID) -> Call:
    """The call. Raises NotYetKnown."""
    if (call := await find(conn, call_id)) is None:
        raise NotYetKnown(call_id=call_id)
    return call


async def lock(conn: AsyncConnection, call_id: UUID) -> Call:
    """The call, locked until commit. Raises NotYetKnown."""
    if (call := await find(conn, call_id, lock=True)) is None:
        raise NotYetKnown(call_id=call_id)
    return call


async def of_incident(conn: AsyncConnection, incident_id: UUID) -> list[Call]:
    """Every call about an incident, oldest first."""
    cursor = await conn.cursor(row_factory=class_row(Call)).execute(
        f"SELECT {_CALL} FROM call WHERE incident_id = %s ORDER BY offered_at, id",
        (incident_id,),
    )
    return [_call(row) for row in await cursor.fetchall()]


async def newest(conn: AsyncConnection, *, account_id: UUID | None, limit: int) -> list[Call]:
    """The last calls, newest first; those of one person where one is named."""
    cursor = conn.cursor(row_factory=class_row(Call))
    if account_id is None:
        await cursor.execute(
            f"SELECT {_CALL} FROM call ORDER BY offered_at DESC NULLS LAST LIMIT %s",
            (limit,),
        )
    else:
        await cursor.execute(
            f"SELECT {_CALL} FROM call WHERE account_id = %s ORDER BY offered_at DESC NULLS LAST LIMIT %s",
            (account_id, limit),
        )
    return [_call(row) for row in await cursor.fetchall()]


async def lock_running(conn: AsyncConnection, *, offered_before: datetime, node: str) -> list[Call]:
    """The calls of one voice node that have not ended, locked in the order of their ids."""
    cursor = await conn.cursor(row_factory=class_row(Call)).execute(
        f"SELECT {_CALL} FROM call WHERE ended_at IS NULL AND offered_at < %s"
        " AND EXISTS (SELECT FROM voice_fact WHERE voice_fact.call_id = call.id AND node = %s) ORDER BY id FOR UPDATE",
        (offered_before, node),
    )
    return [_call(row) for row in await cursor.fetchall()]


async def history(conn: AsyncConnection, number: str, *, before: datetime, but: UUID) -> History:
    """What a usable number has done before this moment, this call not counted."""
    cursor = await conn.cursor(row_factory=class_row(History)).execute(
        """
        SELECT count(*) FILTER (WHERE offered_at > %(day)s) AS calls_24h,
               count(*) AS calls_30d,
               count(*) FILTER (WHERE disposition IN ('prank', 'ghost') AND offered_at > %(day)s) AS junk_24h,
               count(*) FILTER (WHERE disposition IN ('prank', 'ghost')) AS junk_30d,
               count(DISTINCT incident_id) AS incidents_30d
        FROM call
        WHERE caller_number = %(number)s AND number_class = 'usable' AND id <> %(but)s
          AND offered_at > %(month)s AND offered_at <= %(before)s
        """,
        {
            "number": number,
            "but": but,
            "before": before,
            "day": before - timedelta(days=1),
            "month": before - timedelta(days=30),
        },
    )
    return await cursor.fetchone() or History()


async def answered_since(conn: AsyncConnection, number: str, since: datetime) -> bool:
    """Whether this number has got through since then."""
    cursor = await conn.execute(
        "SELECT EXISTS (SELECT FROM call WHERE caller_number = %s AND number_class = 'usable' AND answered_at >= %s)",
        (number, since),
    )
    row = await cursor.fetchone()
    return bool(row and row[0])


async def add_raw(conn: AsyncConnection, call_id: UUID, raw: dict[str, Any], at: datetime) -> None:
    """Keep what the trunk sent, the first version of it."""
    await conn.execute(
        "INSERT INTO call_raw (call_id, kept_at, raw) VALUES (%s, %s, %s) ON CONFLICT (call_id) DO NOTHING",
        (call_id, at, Jsonb(raw)),
    )


# ------------------------------------------------------------ callbacks


async def save_callback(conn: AsyncConnection, callback: Callback) -> None:
    """Store a callback, new or changed."""
    await conn.execute(
        f"INSERT INTO callback ({_CALLBACK}) VALUES (%(id)s, %(call_id)s, %(due_at)s, %(state)s, %(attempts)s,"
        " %(outcome)s, %(done_at)s, %(done_by)s, %(rev)s, %(number)s)"
        " ON CONFLICT (id) DO UPDATE SET due_at = excluded.due_at, state = excluded.state, attempts = excluded.attempts,"
        " outcome = excluded.outcome, done_at = excluded.done_at, done_by = excluded.done_by, rev = excluded.rev",
        asdict(callback),
    )


async def lock_callback(conn: AsyncConnection, callback_id: UUID) -> Callback:
    """The callback, locked until commit. Raises NoSuchCallback."""
    cursor = await conn.cursor(row_factory=class_row(Callback)).execute(
        f"SELECT {_CALLBACK} FROM callback WHERE id = %s FOR UPDATE",
        (callback_id,),
    )
    row = await cursor.fetchone()
    if row is None:
        raise NoSuchCallback()
    return replace(row, state=CallbackState(row.state))


async def callback_of(conn: AsyncConnection, call_id: UUID) -> Callback | None:
    """The callback that a lost call left, if it did."""
    cursor = await conn.cursor(row_factory=class_row(Callback)).execute(
        f"SELECT {_CALLBACK} FROM callback WHERE call_id = %s",
        (call_id,),
    )
    row = await cursor.fetchone()
    return None if row is None else replace(row, state=CallbackState(row.state))


async def lock_due(conn: AsyncConnection, number: str, *, lost_before: datetime) -> list[Callback]:
    """Callbacks still due to a number for calls lost before a moment, locked in the order of their ids."""
    cursor = await conn.cursor(row_factory=class_row(Callback)).execute(
        "SELECT callback.id, call_id, due_at, callback.state, attempts, outcome, done_at, done_by, callback.rev, number"
        " FROM callback JOIN call ON call.id = callback.call_id"
        " WHERE number = %s AND callback.state = 'due' AND call.offered_at <= %s ORDER BY callback.id FOR UPDATE OF callback",
        (number, lost_before),
    )
    return [replace(row, state=CallbackState(row.state)) for row in await cursor.fetchall()]


async def due_numbers(conn: AsyncConnection) -> set[str]:
    """The numbers that shall be called back: when one of them calls, it goes before ordinary callers."""
    cursor = await conn.execute("SELECT number FROM callback WHERE state = 'due'")
    return {row[0] for row in await cursor.fetchall()}


async def numbers_about(conn: AsyncConnection, incident_ids: list[UUID]) -> set[str]:
    """The usable numbers that called about these incidents."""
    cursor = await conn.execute(
        "SELECT caller_number FROM call WHERE incident_id = ANY(%s) AND number_class = 'usable'",
        (incident_ids,),
    )
    return {row[0] for row in await cursor.fetchall() if row[0]}


# ------------------------------------------------------------ seats, recordings


async def seats(conn: AsyncConnection) -> list[Seat]:
    """Every seat, by name."""
    cursor = await conn.cursor(row_factory=class_row(Seat)).execute(f"SELECT {_SEAT} FROM seat ORDER BY id")
    return [replace(row, state=SeatState(row.state)) for row in await cursor.fetchall()]


async def lock_seat(conn: AsyncConnection, seat_id: str) -> Seat | None:
    """The seat, locked until commit, if it was ever heard of."""
    cursor = await conn.cursor(row_factory=class_row(Seat)).execute(
        f"SELECT {_SEAT} FROM seat WHERE id = %s FOR UPDATE",
        (seat_id,),
    )
    row = await cursor.fetchone()
    return None if row is None else replace(row, state=SeatState(row.state))


async def save_seat(conn: AsyncConnection, seat: Seat) -> None:
    """Store a seat, new or changed."""
    await conn.execute(
        f"INSERT INTO seat ({_SEAT}) VALUES (%(id)s, %(account_id)s, %(state)s, %(reason)s, %(since)s, %(rev)s)"
        " ON CONFLICT (id) DO UPDATE SET account_id = excluded.account_id, state = excluded.state,"
        " reason = excluded.reason, since = excluded.since, rev = excluded.rev",
        asdict(seat),
    )


async def add_play(conn: AsyncConnection, play: RecordingPlay) -> None:
    """Store who asked to hear a recording."""
    await conn.execute(
        "INSERT INTO recording_play (id, call_id, account_id, played_at, rev, reason)"
        " VALUES (%(id)s, %(call_id)s, %(account_id)s, %(played_at)s, %(rev)s, %(reason)s)",
        asdict(play),
    )


# ------------------------------------------------------------ what voice handed over


async def claim_fact(
    conn: AsyncConnection,
    *,
    node: str,
    voice_seq: int,
    kind: str,
    at: datetime,
    call_id: UUID | None,
    now: datetime,
) -> bool:
    """Mark a fact as taken. False when it was before."""
    cursor = await conn.execute(
        "INSERT INTO voice_fact (node, voice_seq, kind, at, call_id, received_at) VALUES (%s, %s, %s, %s, %s, %s)"
        " ON CONFLICT (node, voice_seq) DO NOTHING",
        (node, voice_seq, kind, at, call_id, now),
    )
    return cursor.rowcount == 1


async def note_trouble(conn: AsyncConnection, node: str, voice_seq: int, trouble: str) -> None:
    """Say why a fact meant nothing."""
    await conn.execute(
        "UPDATE voice_fact SET trouble = %s WHERE node = %s AND voice_seq = %s", (trouble, node, voice_seq)
    )


async def taken(conn: AsyncConnection, node: str, seqs: Sequence[int]) -> set[int]:
    """Which of these facts were taken before."""
    cursor = await conn.execute(
        "SELECT voice_seq FROM voice_fact WHERE node = %s AND voice_seq = ANY(%s)", (node, list(seqs))
    )
    return {row[0] for row in await cursor.fetchall()}


async def waiting_state(conn: AsyncConnection, call_id: UUID) -> State:
    """What voice last said of a call before its answer, by voice's own clock and order."""
    cursor = await conn.execute(
        "SELECT kind FROM voice_fact WHERE call_id = %s AND kind IN ('call_alerted', 'call_queued') AND trouble IS NULL"
        " ORDER BY at DESC, voice_seq DESC LIMIT 1",
        (call_id,),
    )
    row = await cursor.fetchone()
    if row is None:
        return State.OFFERED
    return State.ALERTING if row[0] == "call_alerted" else State.QUEUED


async def lock_node(conn: AsyncConnection, node: str) -> None:
    """One fact of a node at a time: a batch sent again while the first still runs waits for it."""
    await conn.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended('voice_fact', 0) # hashtextextended(%s, 0))", (node,)
    )


async def highest_taken(conn: AsyncConnection, node: str) -> int:
    """The last fact of a node that we have; 0 before the first."""
    cursor = await conn.execute("SELECT coalesce(max(voice_seq), 0) FROM voice_fact WHERE node = %s", (node,))
    row = await cursor.fetchone()
    return int(row[0]) if row else 0


async def is_newest(conn: AsyncConnection, call_id: UUID, kind: str, at: datetime) -> bool:
    """Whether voice has said nothing of this kind about the call later than `at`."""
    cursor = await conn.execute(
        "SELECT NOT EXISTS (SELECT FROM voice_fact WHERE call_id = %s AND kind = %s AND at > %s)",
        (call_id, kind, at),
    )
    row = await cursor.fetchone()
    return bool(row and row[0])
