"""Provisional answers that must arrive: 100rel and PRACK (RFC 3262)."""

import re
import secrets
from collections.abc import Callable

from sigap.voice.sip.message import Message
from sigap.voice.sip.transactions import GIVE_UP, T1, Transactions

HOLD_ANSWER_S = 2.0
"""Seconds the 200 waits for a PRACK that does not come; then the call is answered all the same."""

type Reply = Callable[[int, str, list[tuple[str, str]], bytes], bytes]


class Provisional:
    """Sends 18x of one INVITE, reliably where the far end can; one at a time, in order."""

    def __init__(self, transactions: Transactions, reply: Reply) -> None:
        self._transactions, self._reply = transactions, reply
        self.possible = self._required = False
        self.number = secrets.randbits(16) + 1
        """RSeq of the last one sent."""
        self.waiting = False
        """A PRACK is outstanding."""
        self._stopped = False
        self._queue: list[Callable[[], None]] = []

    def read(self, invite: Message) -> None:
        """Learn from the INVITE whether the far end can PRACK."""
        self._required = "100rel" in invite.tokens("require")
        self.possible = self._required or "100rel" in invite.tokens("supported")

    def send(self, status: int, reason: str, headers: list[tuple[str, str]], body: bytes) -> None:
        """Send an 18x now, or after the one before has been acknowledged."""
        self.then(lambda: self._send(status, reason, headers, body))

    def then(self, step: Callable[[], None]) -> None:
        """Do something once nothing is outstanding, at the latest after HOLD_ANSWER_S."""
        if not self.waiting:
            step()
            return
        self._queue.append(step)
        self._transactions.later(HOLD_ANSWER_S, lambda: self._run(step))

    def on_prack(self, prack: Message) -> bool:
        """Take a PRACK; False when it belongs to nothing."""
        found = re.match(r"(\d+)\s+(\d+)\s+INVITE", prack.get("rack"), re.I)
        if not found or not self.waiting or int(found[1]) != self.number:
            return False
        self.waiting = False
        for step in list(self._queue):
            if self.waiting:
                break
            self._run(step)
        return True

    def stop(self) -> None:
        """The INVITE got its final answer."""
        self._stopped = True
        self.waiting = False
        self._queue.clear()

    def _run(self, step: Callable[[], None]) -> None:
        if step in self._queue and not self._stopped:
            self._queue.remove(step)
            step()

    def _send(self, status: int, reason: str, headers: list[tuple[str, str]], body: bytes) -> None:
        if not (self._required or (self.possible and body)):
            self._reply(status, reason, headers, body)
            return
        self.number += 1
        self.waiting = True
        numbered = [*headers, ("Require", "100rel"), ("RSeq", str(self.number))]
        self._reply(status, reason, numbered, body)
        self._repeat(self.number, T1, lambda: self._reply(status, reason, numbered, body))

    def _repeat(self, number: int, pause: float, again: Callable[[], bytes]) -> None:
        def fire() -> None:
            if self.waiting and self.number == number and not self._stopped and pause < GIVE_UP:
                again()
                self._repeat(number, 2 * pause, again)

        self._transactions.later(pause, fire)
