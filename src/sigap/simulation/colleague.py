"""A simulated colleague: signs in and acts over HTTP like anyone else, with patience when the api is away."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

import httpx

from sigap.kernel.ids import new_id
from sigap.simulation.people import PASSWORD

log = logging.getLogger("sigap.city")

TRIES = 6
"""How often a request is sent again while the api or its database is away."""


class Refused(Exception):
    """The room said no; `code` and `facts` are its problem's."""

    def __init__(self, problem: Mapping[str, Any]) -> None:
        super().__init__(problem.get("code", "?"))
        self.code = str(problem.get("code", "?"))
        self.facts: Mapping[str, Any] = problem.get("facts", {})


class Colleague:
    """One signed-in demo account."""

    def __init__(self, http: httpx.AsyncClient, username: str) -> None:
        self._http, self.username = http, username
        self._token: str | None = None
        self.session: dict[str, Any] = {}

    async def sign_in(self) -> dict[str, Any]:
        """Open a session; returns what the room says of it."""
        body = {"username": self.username, "password": PASSWORD, "client": "simulation"}
        self.session = await self._send("POST", "/api/session", body, authorised=False)
        self._token = self.session["token"]
        return self.session

    async def sign_out(self) -> None:
        """Close the session, if there is one."""
        if self._token:
            try:
                await self._http.delete("/api/session", headers=self._headers())
            except httpx.HTTPError:
                log.info("A session was left to end by itself.", extra={"action": "city.sign_out"})
            self._token = None

    async def get(self, path: str, **params: Any) -> Any:
        """Read something. Raises Refused."""
        return await self._send("GET", path, None, params=params)

    async def post(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Do something, once however often it has to be sent. Raises Refused."""
        return await self._send("POST", path, dict(body or {}))

    def headers(self) -> dict[str, str]:
        """For a stream that this colleague opens; sign in first."""
        return self._headers()

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"} if self._token else {}

    async def _send(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None,
        *,
        params: Any = None,
        authorised: bool = True,
    ) -> Any:
        if authorised and self._token is None:
            await self.sign_in()
        key = {"Idempotency-Key": str(new_id())} if method == "POST" and authorised else {}
        for attempt in range(TRIES):
            try:
                answer = await self._http.request(
                    method, path, json=body, params=params, headers=self._headers() | key
                )
            except httpx.TransportError:
                await asyncio.sleep(0.5 * (attempt + 1))
                continue
            if answer.status_code >= 500 or answer.status_code == 429:
                await asyncio.sleep(0.5 * (attempt + 1))
                continue
            if answer.status_code == 401 and authorised:
                await self.sign_in()
                continue
            if answer.status_code >= 400:
                raise Refused(answer.json())
            return answer.json() if answer.content else None
        raise Refused({"code": "unavailable"})
