"""Searches in processes of their own, so that the event loop never waits for one.

scipy holds the interpreter for the whole search (5 to 20 ms), and threads gain nothing. Each process maps the same arrays.
The pool starts with the first question; after a new import, or when a process dies, it starts afresh.
"""

import asyncio
import os
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime
from functools import partial
from multiprocessing import connection, get_context, parent_process
from pathlib import Path
from threading import Thread

from sigap.geo import graph as graphs
from sigap.geo import roads as road_sets
from sigap.geo.eta import Eta, Roads, Route, Unit
from sigap.geo.speeds import Speeds
from sigap.kernel.paths import Home
from sigap.kernel.place import Point

type Asked[K: Hashable] = tuple[K, Point, str]
"""Who asks for a travel time: any key, where it stands, its vehicle class (`ambulance`, `fire_engine`, …)."""


class SearchPool:
    """Travel times and routes over the roads of one home, for one event loop."""

    def __init__(self, home: Home, processes: int = 1) -> None:
        self._home = home
        self._processes = processes
        self._pool: ProcessPoolExecutor | None = None
        self._folder: Path | None = None
        self._factors: dict[int, float] = {}

    def has_roads(self) -> bool:
        """Whether travel times can be had at all; without roads nothing is guessed."""
        return road_sets.folder(self._home) is not None

    async def etas[K: Hashable](
        self, incident: Point, units: Sequence[Asked[K]], at: datetime
    ) -> dict[K, Eta]:
        """Travel of every unit to the incident. Raises RoadsNotImported."""
        asked = [
            Unit(number, point.lon, point.lat, vehicle) for number, (_, point, vehicle) in enumerate(units)
        ]
        found = await self._ask(partial(_etas, incident, asked, at))
        return {key: found[number] for number, (key, _, _) in enumerate(units)}

    async def travel_s[K: Hashable](
        self, incident: Point, units: Sequence[Asked[K]], at: datetime
    ) -> dict[K, float] | None:
        """Seconds only: None while no roads are imported, no entry for a unit that no road brings there."""
        if not self.has_roads():
            return None
        found = await self.etas(incident, units, at)
        return {key: eta.seconds for key, eta in found.items() if eta.reachable}

    async def route(self, start: Point, end: Point, vehicle_class: str, at: datetime) -> Route:
        """The quickest way for the vehicle. Raises RoadsNotImported and NoRoute."""
        found = await self._ask(partial(_route, start, end, vehicle_class, at))
        if found is None:
            raise road_sets.NoRoute
        return found

    def close_roads(self, factors: dict[int, float]) -> None:
        """Closures and floods from now on, by segment: times its seconds, infinity closes it. Lost with a new import."""
        self._factors = dict(factors)
        self._retire()

    async def warm(self) -> None:
        """Start the processes before the first question, when there are roads."""
        if self.has_roads():
            await self._ask(_ready)

    def stop(self) -> None:
        """End the processes; the next question would start them again."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None

    def _retire(self) -> None:
        """New questions go to new processes; what was asked before is still answered by the old ones."""
        if self._pool is not None:
            self._pool.shutdown(wait=False)
            self._pool = None

    async def _ask[R](self, question: Callable[[], R]) -> R:
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._running(), question)
        except BrokenProcessPool:  # a searching process was killed: once more with a new one
            self._retire()
            return await loop.run_in_executor(self._running(), question)

    def _running(self) -> ProcessPoolExecutor:
        folder = road_sets.folder(self._home)
        if folder is None:
            raise road_sets.RoadsNotImported
        if folder != self._folder:
            self._retire()
            self._folder = folder
            self._factors.clear()
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self._processes,
                mp_context=get_context("spawn"),
                initializer=_open,
                initargs=(folder, Speeds.from_settings(), self._factors),
            )
        return self._pool


_roads: list[Roads] = []


def _open(folder: Path, speeds: Speeds, factors: dict[int, float]) -> None:
    Thread(target=_end_with_parent, daemon=True).start()
    opened = Roads(graphs.load(folder), speeds)
    opened.close(factors)
    _roads[:] = [opened]


def _end_with_parent() -> None:
    """A killed server leaves no searching process behind."""
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(0)


def _etas(incident: Point, units: list[Unit], at: datetime) -> dict[Hashable, Eta]:
    return _roads[0].etas(incident, units, at)


def _route(start: Point, end: Point, vehicle_class: str, at: datetime) -> Route | None:
    return _roads[0].route(start, end, vehicle_class, at)


def _ready() -> bool:
    """The first snap builds the tree; do it before somebody waits for it."""
    roads = _roads[0]
    for network in graphs.NETWORKS:
        roads.snap(network, [roads.plane.lon0], [roads.plane.lat0])
    return True
