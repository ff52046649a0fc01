"""The city's eye on the room: the live room as one colleague sees it, for all the others to act on."""

import asyncio
import json
import logging
from collections.abc import Callable
from typing import Any

import httpx

from sigap.simulation.colleague import Colleague, Refused

log = logging.getLogger("sigap.city")

type Row = dict[str, Any]
type Listener = Callable[[str, Row | None, Row | None], None]
"""(table, row before, row now)."""


class Eye:
    """A copy of the room's tables, kept fresh by its stream."""

    def __init__(self, http: httpx.AsyncClient, colleague: Colleague) -> None:
        self._http, self._colleague = http, colleague
        self.tables: dict[str, dict[str, Row]] = {}
        self.positions: dict[str, list[Any]] = {}
        self._listeners: list[Listener] = []
        self.ready = asyncio.Event()

    def listen(self, listener: Listener) -> None:
        """Hear of every row that changes from now on, and of every row of each new snapshot."""
        self._listeners.append(listener)

    def rows(self, table: str) -> list[Row]:
        """All rows of a table."""
        return list(self.tables.get(table, {}).values())

    def row(self, table: str, row_id: str | None) -> Row | None:
        """One row."""
        return self.tables.get(table, {}).get(row_id or "")

    def assignments_of(self, incident_id: str) -> list[Row]:
        """An incident's assignments."""
        return [row for row in self.rows("assignment") if row["incident_id"] == incident_id]

    def where(self, unit_id: str) -> tuple[float, float] | None:
        """Where a unit is: as it last told, else at its post."""
        unit = self.row("unit", unit_id)
        if unit is None:
            return None
        lon, lat = (self.positions.get(unit_id) or [unit["station_lon"], unit["station_lat"]])[:2]
        return (lon, lat)

    async def watch(self) -> None:
        """Follow the room for ever; starts over after every break."""
        while True:
            try:
                seq = await self._snapshot()
                self.ready.set()
                await self._follow(seq)
            except (httpx.HTTPError, Refused) as error:
                log.info("The room is away; looking again.", extra={"action": "city.eye", "why": str(error)})
                await asyncio.sleep(1.0)

    async def _snapshot(self) -> int:
        room = await self._colleague.get("/api/room")
        before, self.tables = self.tables, room["tables"]
        self.positions |= room["positions"]
        for table, rows in self.tables.items():
            for row_id, row in rows.items():
                old = before.get(table, {}).get(row_id)
                if old != row:
                    self._tell(table, old, row)
        return room["seq"]

    async def _follow(self, seq: int) -> None:
        timeout = httpx.Timeout(10, read=20)
        async with self._http.stream(
            "GET",
            "/api/room/stream",
            params={"after": seq},
            headers=self._colleague.headers(),
            timeout=timeout,
        ) as answer:
            if answer.status_code != 200:
                await self._colleague.sign_in()
                return
            event = ""
            async for line in answer.aiter_lines():
                if line.startswith("event: "):
                    event = line[7:]
                elif line.startswith("data: "):
                    if event == "reset":
                        return
                    self._take(event, json.loads(line[6:]))

    def _take(self, event: str, data: dict[str, Any]) -> None:
        if event == "positions":
            self.positions |= data
        if event != "changes":
            return
        for change in data["changes"]:
            rows = self.tables.setdefault(change["table"], {})
            before = rows.get(change["id"])
            if change["row"] is None:
                rows.pop(change["id"], None)
            else:
                rows[change["id"]] = change["row"]
            self._tell(change["table"], before, change["row"])

    def _tell(self, table: str, before: Row | None, now: Row | None) -> None:
        for listener in self._listeners:
            listener(table, before, now)
