"""Hands the spool's facts to the api, in order, each once, for as long as it takes.

A thread of its own with its own connection: neither JSON nor a slow network touches the sound. The standard library's client, for a quick start. The api keeps facts by
(node, voice_seq), so a batch whose answer was lost is simply sent again. It fetches the ring policy on the same road.
"""

import http.client
import json
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from sigap.voice.spool import FactLine, Spool

log = logging.getLogger(__name__)

_BACKOFF_S: Final = (0.2, 0.5, 1.0, 2.0, 3.0)
"""Waits between attempts while the api does not take facts; the last one repeats."""
_POLICY_EVERY_S: Final = 30.0
_TIMEOUT_S: Final = 10.0
_TOO_BAD: Final = frozenset({400, 413, 422})
"""The api read it and will never take it: try smaller, then put it aside."""


@dataclass(frozen=True, slots=True)
class Api:
    """Where the api is, and the file with our machine token."""

    url: str
    token_file: Path


class Forwarder:
    """The road from the spool to the api."""

    def __init__(
        self,
        spool: Spool,
        api: Api,
        *,
        refused_file: Path,
        on_policy: Callable[[object], None] = lambda snapshot: None,
        on_trouble: Callable[[str, str], None] = lambda what, detail: None,
        backoff_s: tuple[float, ...] = _BACKOFF_S,
    ) -> None:
        """`on_policy(snapshot)` and `on_trouble(what, detail)` are called from this thread."""
        self._spool, self._api, self._refused_file = spool, api, refused_file
        self._on_policy, self._on_trouble, self._backoff_s = on_policy, on_trouble, backoff_s
        self._url = urlsplit(api.url)
        self._connection: http.client.HTTPConnection | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="forwarder", daemon=True)
        self.reachable: bool | None = None
        """Whether the api took the last thing we asked of it; None before the first try."""

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, within_s: float = 3.0) -> None:
        """End; what is not handed on stays in the spool."""
        self._stopping.set()
        self._spool.news.set()
        self._thread.join(timeout=within_s)

    def _run(self) -> None:
        failures, batch_limit, policy_age_s = 0, 200, _POLICY_EVERY_S
        while not self._stopping.is_set():
            self._spool.news.clear()
            if policy_age_s >= _POLICY_EVERY_S and self._fetch_policy():
                policy_age_s = 0.0
            facts = self._spool.pending(limit=batch_limit)
            if not facts:
                waited_s = 1.0
                self._spool.news.wait(waited_s)
                policy_age_s += waited_s
                continue
            outcome = self._post(facts)
            if outcome is True:
                failures, batch_limit = 0, 200
                continue
            if outcome is None and len(facts) > 1:
                batch_limit = max(1, len(facts) // 2)
                continue
            if outcome is None and self._put_aside(facts[0]):
                continue
            wait_s = self._backoff_s[min(failures, len(self._backoff_s) - 1)]
            failures += 1
            policy_age_s += wait_s
            self._stopping.wait(wait_s)

    def _headers(self) -> dict[str, str]:
        """Our token, read each time: it may be made or renewed after we started."""
        try:
            token = self._api.token_file.read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            token = ""
        return {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}

    def _post(self, facts: list[FactLine]) -> bool | None:
        """True: taken (at least in part). False: not now. None: never in this form."""
        try:
            body = json.dumps({"node": self._spool.node, "facts": facts}).encode()
            status, answer = self._ask("POST", "/api/voice/facts", body)
            if status in _TOO_BAD:
                self.reachable = True
                return None
            if status != 200:
                raise ValueError(f"HTTP {status}")
            through = int(json.loads(answer)["accepted_through"])
        except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError) as failure:
            if self.reachable is not False:
                log.warning(
                    "the api does not take facts; they wait in the spool",
                    extra={
                        "action": "forwarder.waiting",
                        "why": f"{type(failure).__name__}: {failure}"[:200],
                    },
                )
            self.reachable = False
            return False
        self.reachable = True
        first = int(str(facts[0]["voice_seq"]))
        if through < first:
            return False
        self._spool.acknowledge(min(through, int(str(facts[-1]["voice_seq"]))))
        return True

    def _put_aside(self, fact: FactLine) -> bool:
        """One fact the api will never take must not hold up the others: it is kept and named, and what can be told of it is.

        False when the api went away meanwhile; then it is tried again.
        """
        seq = int(str(fact["voice_seq"]))
        if "raw" in fact and self._post([{**fact, "raw": {"kept_in": self._refused_file.name}}]) is False:
            return False
        try:
            with self._refused_file.open("a", encoding="utf-8") as out:
                out.write(json.dumps(fact, ensure_ascii=True) + "\n")
        except OSError:
            log.exception(
                "a refused fact could not be kept", extra={"action": "forwarder.refused", "voice_seq": seq}
            )
        log.error("the api refuses a fact", extra={"action": "forwarder.refused", "voice_seq": seq})
        self._spool.acknowledge(seq)
        self._on_trouble("fact_refused", f"fact {seq} ({fact.get('kind')}) is in {self._refused_file.name}")
        return True

    def _fetch_policy(self) -> bool:
        """Ask for the ring policy; an api that has none of its own leaves the settings in force."""
        try:
            status, answer = self._ask("GET", "/api/voice/policy", None)
            if status not in (200, 404):
                return False
            self._on_policy({} if status == 404 else json.loads(answer))
        except (OSError, http.client.HTTPException, ValueError):
            return False
        return True

    def _ask(self, method: str, path: str, body: bytes | None) -> tuple[int, bytes]:
        """One request on a connection that is kept for the next. Raises OSError or HTTPException."""
        if self._connection is None:
            kind = http.client.HTTPSConnection if self._url.scheme == "https" else http.client.HTTPConnection
            self._connection = kind(self._url.hostname or "127.0.0.1", self._url.port, timeout=_TIMEOUT_S)
        try:
            self._connection.request(method, self._url.path + path, body, self._headers())
            response = self._connection.getresponse()
            return response.status, response.read()
        except BaseException:
            self._connection.close()
            self._connection = None
            raise
