"""The place search kept open: read in a thread at the first question, read again when an import swaps the roads."""

import asyncio
from pathlib import Path

from sigap.geo import borders, roads
from sigap.geo.places import Found, Places, open_places
from sigap.kernel.paths import Home
from sigap.kernel.place import Point


class OpenPlaces:
    """One process's place search over the names of one home."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._lock = asyncio.Lock()
        self._read: tuple[Path, Path | None] | None = None
        self._places: Places | None = None

    async def search(self, text: str, near: Point | None = None) -> list[Found]:
        """Places that the text may mean, best first."""
        return (await self.ready()).search(text, near)

    async def ready(self) -> Places:
        """The search over the names in use now. While new ones are read, the others answer."""
        wanted = (borders.current().folder, roads.folder(self._home))
        if self._places is not None and (wanted == self._read or self._lock.locked()):
            return self._places
        async with self._lock:
            if self._places is None or wanted != self._read:
                self._places = await asyncio.to_thread(open_places, wanted[1])
                self._read = wanted
        return self._places
