"""Session timers (RFC 4028): a call whose end got lost is noticed; one with sound is never dropped for a lost refresh."""

import asyncio
import re
from collections.abc import Callable
from typing import Any

from sigap.voice.sip.message import Message
from sigap.voice.sip.transactions import Transactions

LEAST_S = 90
"""Seconds: the shortest interval we keep to, however short the far end wants it (RFC 4028 §4)."""


class SessionTimer:
    """Runs when the far end asked for one. `refresh` is our turn, `stale` means theirs was missed."""

    def __init__(
        self, transactions: Transactions, refresh: Callable[[], None], stale: Callable[[], None]
    ) -> None:
        self._transactions, self._refresh, self._stale = transactions, refresh, stale
        self._interval = 0
        self._ours = True
        self.by_update = False
        """The far end takes UPDATE."""
        self._handle: asyncio.TimerHandle | None = None

    def read(self, request: Message) -> None:
        """Learn interval and refresher from an INVITE or UPDATE."""
        if request.get("allow"):
            self.by_update = "update" in request.tokens("allow")
        found = re.match(
            r"(\d{1,9})\s*(?:;.*?refresher\s*=\s*(uac|uas))?", request.get("session-expires"), re.I
        )
        if found:
            self._interval = max(LEAST_S, int(found[1]))
            self._ours = (found[2] or "uas").lower() == "uas"

    def headers(self, *, refreshing: bool = False) -> list[tuple[str, str]]:
        """What our 2xx says about it, or with `refreshing` our own request, where we are the uac."""
        if not self._interval:
            return []
        refresher = "uas" if self._ours and not refreshing else "uac"
        required = [] if self._ours else [("Require", "timer")]
        return [("Session-Expires", f"{self._interval};refresher={refresher}"), *required]

    def start(self) -> None:
        """Count from now on; called at the answer and at every refresh."""
        self.stop()
        if self._interval:
            if self._ours:
                self._handle = self._transactions.later(self._interval / 2, self._refresh)
            else:
                self._handle = self._transactions.later(float(self._interval), self._stale)

    def stop(self) -> None:
        """Count no more."""
        if self._handle:
            self._handle.cancel()
            self._handle = None

    def as_json(self) -> dict[str, Any]:
        """What a restart needs."""
        return {"interval": self._interval, "ours": self._ours, "by_update": self.by_update}

    def resume(self, saved: dict[str, Any]) -> None:
        """Count anew after a restart."""
        self._interval, self._ours = saved["interval"], saved["ours"]
        self.by_update = saved["by_update"]
        self.start()
