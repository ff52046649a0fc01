"""Which chairs people sit on: there the simulated colleague stands up, and sits down again when they leave."""

import asyncio
import logging
from typing import Any

import httpx

log = logging.getLogger("sigap.city")

LOOK_EVERY_S = 2.0


class Chairs:
    """The demo's chairs as the room tells: occupied by a person, or switched off."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self._taken: frozenset[str] = frozenset()
        self.people: frozenset[str] = frozenset()
        """Usernames whose chair a person sits on."""
        self.visitor_ready = asyncio.Event()
        """Set once a person has been ready at an operator's desk."""

    def free(self, username: str) -> bool:
        """Whether the simulated colleague plays this account."""
        return username not in self._taken

    @property
    def visitor_answers(self) -> bool:
        """Whether a person sits at an operator's desk."""
        return any(username.startswith("operator") for username in self.people)

    async def watch(self) -> None:
        """Look again every two seconds; while the room is away nothing changes."""
        while True:
            try:
                answer = await self._http.get("/api/demo/chairs")
                if answer.status_code == 200:
                    self._see(answer.json())
            except httpx.HTTPError:
                log.debug("The chairs cannot be seen.", extra={"action": "city.chairs"})
            await asyncio.sleep(LOOK_EVERY_S)

    def _see(self, chairs: list[dict[str, Any]]) -> None:
        self.people = frozenset(chair["username"] for chair in chairs if chair["occupied"])
        self._taken = self.people | {chair["username"] for chair in chairs if not chair["simulated"]}
