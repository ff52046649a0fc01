"""One reader of the journal's tail per process, feeding every open screen.

For each audience the hub keeps what its people have been shown and the last messages as sent: an event is
projected and encoded once per audience, and a screen that comes back after a short break is told what it missed.
"""

import asyncio
import json
import logging
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import psycopg

from sigap.identity.model import Actor
from sigap.journal import store as journal
from sigap.journal.model import Entry, Sealed
from sigap.kernel import clock
from sigap.kernel.pool import Database
from sigap.kernel.problems import Unavailable
from sigap.live import store
from sigap.live.model import Audience, Key, RowDict, World
from sigap.live.show import show, show_positions

KEEP_MESSAGES: Final = 2000
"""Messages kept per audience for screens that come back; a longer gap is answered with `reset`."""
SCREEN_BACKLOG: Final = 500
"""Messages a slow screen may lie behind before it is told to start over."""
AUDIENCE_KEPT: Final = timedelta(minutes=10)
"""How long an audience that nobody watches is kept up to date."""
MEMORY: Final = timedelta(hours=24)
"""How long what has ended stays on screens."""
HEARTBEAT_S: Final = 5.0
"""A screen that hears nothing for longer says how old its data are."""
POLL_S: Final = 1.0
"""The tail is read at least this often: a notification is a hint and may be lost."""
BLIND_S: Final = 1.0
"""While the journal cannot be read for longer, streams end: a screen must not take silence for peace."""

log = logging.getLogger("sigap.live")


class RoomNotReady(Unavailable):
    """The room has not been read from the database yet."""

    code = "room.not_ready"


@dataclass(slots=True, eq=False)
class Screen:
    """One open stream. `lost` means it was too slow: it gets `reset` and ends."""

    account_id: str = ""
    queue: asyncio.Queue[bytes | None] = field(default_factory=lambda: asyncio.Queue(SCREEN_BACKLOG))
    lost: bool = False

    def send(self, message: bytes) -> None:
        """Queue a message; a screen whose queue is full is lost."""
        try:
            self.queue.put_nowait(message)
        except asyncio.QueueFull:
            self.lost = True

    def end(self) -> None:
        """No more messages."""
        if self.queue.full():
            self.queue.get_nowait()
        self.queue.put_nowait(None)


@dataclass(slots=True, eq=False)
class _Watch:
    """What one audience has been shown, and the messages it got since."""

    shown: dict[Key, RowDict]
    since_seq: int
    sent: deque[tuple[int, bytes]] = field(default_factory=lambda: deque(maxlen=KEEP_MESSAGES))
    screens: set[Screen] = field(default_factory=set)
    used_at: datetime = field(default_factory=lambda: datetime.now(UTC))


class Hub:
    """The live room of this process."""

    def __init__(self, url: str, database: Database) -> None:
        self._url, self._database = url, database
        self._world: World | None = None
        self._seq = 0
        self._watches: dict[Audience, _Watch] = {}
        self._positions: dict[str, list[Any]] = {}
        self._positions_at = datetime.fromtimestamp(0, UTC)
        self._held: dict[str, frozenset[str]] = {}
        """{account: restricted cases in the last snapshot it took}: what a screen still shows while it is away."""
        self._closed = False
        self._wake = asyncio.Event()

    @property
    def seq(self) -> int:
        """The last entry taken in."""
        return self._seq

    @property
    def ready(self) -> bool:
        """Whether the room has been read from the database."""
        return self._world is not None

    def close(self) -> None:
        """End every stream and the tail."""
        self._closed = True
        self._wake.set()
        self._end_streams()

    def _end_streams(self) -> None:
        for watch in self._watches.values():
            for screen in watch.screens:
                screen.end()

    # ------------------------------------------------------------ for the endpoints
    def room(self, who: Audience, account_id: str = "") -> tuple[int, dict[str, dict[str, RowDict]]]:
        """The room as this audience sees it now, and its number. Raises RoomNotReady."""
        world = self._ready()
        watch = self._watch(who)
        if account_id:
            self._held[account_id] = who.granted
        tables: dict[str, dict[str, RowDict]] = {table: {} for table in world.rows}
        for (table, row_id), row in watch.shown.items():
            tables[table][row_id] = row
        return self._seq, tables

    def positions(self, who: Audience) -> dict[str, list[Any]]:
        """The last known positions that this audience sees. Raises RoomNotReady."""
        return show_positions(self._ready(), who, self._positions)

    def audience(self, actor: Actor) -> Audience:
        """The audience that this person belongs to now. Raises RoomNotReady."""
        account_id = str(actor.account_id)
        return Audience.of(actor, self._ready().granted(account_id, clock.text(datetime.now(UTC))))

    def join(self, who: Audience, after: int, account_id: str = "") -> Screen:
        """Open a stream behind `after`: what was missed is queued, or `reset` if that is too long ago.

        Also `reset` where a right to read ended while the screen was away: no entry would take the case off it.
        """
        watch = self._watch(who)
        screen = Screen(account_id)
        too_much = self._held.get(account_id, frozenset()) - who.granted
        if too_much or not watch.since_seq <= after <= self._seq:
            screen.send(reset_message(self._seq))
            screen.end()
            return screen
        missed = [message for seq, message in watch.sent if seq > after]
        if len(missed) > SCREEN_BACKLOG - 10:
            screen.send(reset_message(self._seq))
            screen.end()
            return screen
        for message in missed:
            screen.send(message)
        if shown := show_positions(self._ready(), who, self._positions):
            screen.send(positions_message(shown))
        screen.send(heartbeat_message(self._seq, datetime.now(UTC)))
        watch.screens.add(screen)
        return screen

    def leave(self, who: Audience, screen: Screen) -> None:
        """Close a stream."""
        if watch := self._watches.get(who):
            watch.screens.discard(screen)
            watch.used_at = datetime.now(UTC)

    def _ready(self) -> World:
        if self._world is None:
            raise RoomNotReady(part="PostgreSQL")
        return self._world

    def _watch(self, who: Audience) -> _Watch:
        world = self._ready()
        watch = self._watches.get(who)
        if watch is None:
            seen = {
                (table, row_id): shown
                for table, row_id, row in world.everything()
                if (shown := show(world, who, table, row)) is not None
            }
            self._watches[who] = watch = _Watch(shown=seen, since_seq=self._seq)
        watch.used_at = datetime.now(UTC)
        return watch

    # ------------------------------------------------------------ the tail
    async def run(self) -> None:
        """Follow the journal until `close`; survives the database's death and catches up."""
        helpers = [asyncio.create_task(self._listen()), asyncio.create_task(self._beat())]
        pause, blind_since = 0.05, None
        while not self._closed:
            try:
                if self._world is None:
                    await self._load()
                await self._catch_up()
                pause, blind_since = 0.05, None
            except (Unavailable, psycopg.Error) as error:
                blind_since = blind_since or time.monotonic()
                if time.monotonic() - blind_since > BLIND_S:
                    self._end_streams()
                log.warning(
                    "The journal cannot be read; trying again.",
                    extra={"action": "live.waiting", "why": str(error)},
                )
                await asyncio.sleep(pause)
                pause = min(1.0, pause * 2)
                continue
            self._wake.clear()
            try:
                await asyncio.wait_for(self._wake.wait(), POLL_S)
            except TimeoutError:
                self._tidy()
        for helper in helpers:
            helper.cancel()
        await asyncio.gather(*helpers, return_exceptions=True)

    async def _beat(self) -> None:
        """Tell every screen that the server is there; one timer for all of them."""
        while not self._closed:
            await asyncio.sleep(HEARTBEAT_S)
            message = heartbeat_message(self._seq, datetime.now(UTC))
            for watch in self._watches.values():
                self._send(watch, message)
            self._regroup()

    def _regroup(self) -> None:
        """Screens of people who may read a restricted case now, or may no more, start over in another audience."""
        if self._world is None:
            return
        now = clock.text(datetime.now(UTC))
        for who, watch in self._watches.items():
            for screen in list(watch.screens):
                if screen.account_id and self._world.granted(screen.account_id, now) != who.granted:
                    self._start_over(watch, screen)

    async def _listen(self) -> None:
        """Wake the tail when an entry is committed; positions wait for the poll, as does a notification that was lost."""
        while not self._closed:
            try:
                async with await psycopg.AsyncConnection.connect(self._url, autocommit=True) as conn:
                    await conn.execute("LISTEN journal")
                    async for _ in conn.notifies():
                        self._wake.set()
            except psycopg.Error:
                await asyncio.sleep(0.2)

    async def _load(self) -> None:
        async with self._database.connection() as conn:
            self._seq, self._world = await store.snapshot(conn, datetime.now(UTC) - MEMORY)

    async def _catch_up(self) -> None:
        async with self._database.connection() as conn:
            while entries := await journal.after(conn, self._seq):
                personal = await journal.sealed(conn, entries[0].seq, entries[-1].seq)
                for entry in entries:
                    self._take(entry, personal.get(entry.seq))
            if self._watches:
                moved, self._positions_at = await store.positions_since(conn, self._positions_at)
                self._move(moved)

    def _take(self, entry: Entry, personal: Sealed | None) -> None:
        world = self._ready()
        hidden = {(part["table"], part["id"]): part["row"] for part in (personal.content if personal else ())}
        changed: list[Key] = []
        for change in entry.changes:
            table, row_id, row = str(change["table"]), str(change["id"]), change["row"]
            if table == "incident_access" and isinstance(row, dict):
                world.take_access(dict(row))
            if table not in world.rows:
                continue
            changed.append((table, row_id))
            if isinstance(row, dict):
                own = hidden.get((table, row_id))
                world.put(table, row_id, row | own if isinstance(own, dict) else dict(row))
            else:
                world.drop(table, row_id)
        self._seq = entry.seq
        if not changed:
            return
        touched = world.touched_by(changed)
        for who, watch in self._watches.items():
            if news := _news(world, who, watch, touched):
                message = changes_message(entry, news)
                watch.sent.append((entry.seq, message))
                if len(watch.sent) == KEEP_MESSAGES:
                    watch.since_seq = watch.sent[0][0]
                self._send(watch, message)
        if any(change["table"] == "incident_access" for change in entry.changes):
            self._regroup()

    def _move(self, moved: dict[str, list[Any]]) -> None:
        if not moved:
            return
        self._positions |= moved
        world = self._ready()
        for who, watch in self._watches.items():
            if watch.screens and (shown := show_positions(world, who, moved)):
                self._send(watch, positions_message(shown))

    def _send(self, watch: _Watch, message: bytes) -> None:
        for screen in list(watch.screens):
            screen.send(message)
            if screen.lost:
                self._start_over(watch, screen)

    def _start_over(self, watch: _Watch, screen: Screen) -> None:
        watch.screens.discard(screen)
        if screen.queue.full():
            screen.queue = asyncio.Queue(2)  # nobody waits at a full one; what it holds is worth nothing now
        screen.send(reset_message(self._seq))
        screen.end()

    def _tidy(self) -> None:
        """Let go of audiences that nobody watches and of what ended a day ago."""
        now = datetime.now(UTC)
        for who, watch in list(self._watches.items()):
            if not watch.screens and now - watch.used_at > AUDIENCE_KEPT:
                del self._watches[who]
        if self._world is not None:
            self._world.forget(clock.text(now - MEMORY))


def _news(world: World, who: Audience, watch: _Watch, touched: Iterable[Key]) -> list[dict[str, Any]]:
    """What has changed for this audience: new forms of rows it may see, None for those it may see no more."""
    news: list[dict[str, Any]] = []
    for key in touched:
        row = world.rows[key[0]].get(key[1])
        now = show(world, who, key[0], row) if row is not None else None
        before = watch.shown.get(key)
        if now is None:
            if before is not None:
                del watch.shown[key]
                news.append({"table": key[0], "id": key[1], "rev": None, "row": None})
        elif now != before and not (who.may("wall.view") and _but_rev(now) == _but_rev(before)):
            # A number alone that rises would tell the wall that something goes on that it may not know of.
            watch.shown[key] = now
            news.append({"table": key[0], "id": key[1], "rev": now["rev"], "row": now})
    return news


def _but_rev(row: RowDict | None) -> RowDict | None:
    return None if row is None else {name: value for name, value in row.items() if name != "rev"}


# ------------------------------------------------------------ what goes over the wire (Server-Sent Events)
def changes_message(entry: Entry, news: list[dict[str, Any]]) -> bytes:
    """One entry as one event with its number as id."""
    data = {"seq": entry.seq, "at": clock.text(entry.occurred_at), "kind": entry.kind, "changes": news}
    return b"id: %d\nevent: changes\ndata: %s\n\n" % (entry.seq, _json(data))


def positions_message(positions: dict[str, list[Any]]) -> bytes:
    """Latest positions; no id, nothing to resume."""
    return b"event: positions\ndata: %s\n\n" % _json(positions)


def reset_message(seq: int) -> bytes:
    """Take a new snapshot."""
    return b"event: reset\ndata: %s\n\n" % _json({"seq": seq})


def heartbeat_message(seq: int, at: datetime) -> bytes:
    """The server is there: its time and the last number it knows. A comment: nothing has happened."""
    return b": heartbeat %s\n\n" % _json({"seq": seq, "at": clock.text(at)})


def _json(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
