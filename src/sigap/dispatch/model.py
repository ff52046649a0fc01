"""The whole life of an assignment (penugasan): pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Final
from uuid import UUID

from sigap.dispatch.words import RESULTS
from sigap.journal.model import Row
from sigap.kernel.problems import Conflict, Invalid, NotFound


class Role(StrEnum):
    """What an agency is there for."""

    LEAD = "lead"  # utama
    ASSIST = "assist"  # bantu
    INFORM = "inform"  # diberi tahu


class State(StrEnum):
    """How far a job is. What its unit does meanwhile is the unit's status."""

    SENT = "sent"  # dikirim
    ACKNOWLEDGED = "acknowledged"  # diterima
    DEPARTED = "departed"  # berangkat
    ARRIVED = "arrived"  # tiba
    DONE = "done"  # selesai
    REFUSED = "refused"  # ditolak
    TIMED_OUT = "timed_out"  # tidak dijawab
    CANCELLED = "cancelled"  # dibatalkan
    DIVERTED = "diverted"  # dialihkan


FINAL: Final = frozenset({State.DONE, State.REFUSED, State.TIMED_OUT, State.CANCELLED, State.DIVERTED})
LIVE: Final = frozenset(State) - FINAL
"""States in which an assignment holds its unit; the partial unique index of the table names the same."""


class Verb(StrEnum):
    """What can be done with an assignment."""

    ACKNOWLEDGE = "acknowledge"
    DEPART = "depart"
    ARRIVE = "arrive"
    FINISH = "finish"
    REFUSE = "refuse"
    TIME_OUT = "time_out"
    CANCEL = "cancel"
    DIVERT = "divert"


NEXT: Final[dict[tuple[State, Verb], State]] = {
    (State.SENT, Verb.ACKNOWLEDGE): State.ACKNOWLEDGED,
    (State.SENT, Verb.DEPART): State.DEPARTED,
    (State.SENT, Verb.ARRIVE): State.ARRIVED,
    (State.SENT, Verb.REFUSE): State.REFUSED,
    (State.SENT, Verb.TIME_OUT): State.TIMED_OUT,
    (State.SENT, Verb.CANCEL): State.CANCELLED,
    (State.ACKNOWLEDGED, Verb.DEPART): State.DEPARTED,
    (State.ACKNOWLEDGED, Verb.FINISH): State.DONE,
    (State.ACKNOWLEDGED, Verb.REFUSE): State.REFUSED,
    (State.ACKNOWLEDGED, Verb.CANCEL): State.CANCELLED,
    (State.ACKNOWLEDGED, Verb.DIVERT): State.DIVERTED,
    (State.DEPARTED, Verb.ARRIVE): State.ARRIVED,
    (State.DEPARTED, Verb.CANCEL): State.CANCELLED,
    (State.DEPARTED, Verb.DIVERT): State.DIVERTED,
    (State.ARRIVED, Verb.FINISH): State.DONE,
}
"""Every legal move. `acknowledged` finishes only for role inform and for an agency that sends nobody (`step` asks)."""

FLAGGED: Final[dict[tuple[State, Verb], str]] = {
    (State.SENT, Verb.DEPART): "departed_unacknowledged",
    (State.SENT, Verb.ARRIVE): "arrived_unacknowledged",
}
"""Jumps that are allowed and shown: the radio came first, the button later."""


LATE_ENTRY: Final = timedelta(seconds=60)
"""A fact told later than this after it happened is shown as entered late."""


class Escalation(StrEnum):
    """How high a late assignment has risen."""

    NONE = "none"
    REALERTED = "realerted"  # diingatkan lagi
    NEXT_UNIT = "next_unit"  # unit berikut diusulkan
    SUPERVISOR = "supervisor"  # penyelia diberi tahu
    AGENCY_HEAD = "agency_head"  # pimpinan OPD dihubungi

    @property
    def height(self) -> int:
        """Its place on the ladder."""
        return list(Escalation).index(self)


class NoSuchAssignment(NotFound):
    """No assignment with this id, or none that this person may know of."""

    code = "assignment.not_found"


class NotAllowedNow(Conflict):
    """The assignment is not in a state that allows the verb; the facts say which it is in, since when, and what may be done."""

    code = "assignment.not_allowed_now"


class UnitTaken(Conflict):
    """Somebody else sent this unit first; the facts say who, when, and to which incident."""

    code = "unit.taken"


class NotSuitable(Conflict):
    """This incident cannot be sent for or ended in its present state."""

    code = "incident.not_allowed_now"


class CannotClose(Conflict):
    """Something is still missing; the facts name each open assignment and each agency without a result."""

    code = "incident.cannot_close"


class NeedsContact(Invalid):
    """Acknowledging for an agency by telephone needs the name of whom one spoke with."""

    code = "assignment.needs_contact"


class NeedsUnit(Invalid):
    """The verb is about a unit, and this assignment has none."""

    code = "assignment.needs_unit"


class HasUnit(Conflict):
    """The assignment names another unit: the desk replaces it, or the agency refuses it with a reason."""

    code = "assignment.has_unit"


class NeedsText(Invalid):
    """The reason `other` says nothing without a text."""

    code = "assignment.needs_text"


class UnknownReason(Invalid):
    """The reason or result is not in the catalogue."""

    code = "assignment.unknown_reason"


class SentTwice(Invalid):
    """The same unit, or an agency without a unit, is named twice in one dispatch."""

    code = "assignment.sent_twice"


class InformedUnit(Invalid):
    """An agency that is only told sends nobody: whoever names its unit means that it assists."""

    code = "assignment.informed_unit"


class AlreadySent(Conflict):
    """The agency has an open assignment without a unit on this incident already."""

    code = "assignment.already_sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment(Row):
    """One agency's job on one incident: by one of its units, or by the agency itself until it picks one.

    `replaces_id` is the try before this one; `joins_id` the assignment with which its agency sent this further unit.
    `eta_s` is the travel time promised at the moment of sending. Why and with what result it ended is sealed, since
    the row does not know whether its case is restricted; the facts of other cases name both.
    """

    table: ClassVar[str] = "assignment"
    personal: ClassVar[frozenset[str]] = frozenset(
        {"reason", "reason_text", "phone_contact", "result", "result_note"}
    )

    id: UUID
    incident_id: UUID
    agency: str
    unit_id: UUID | None
    role: Role
    state: State
    sent_at: datetime
    acknowledged_at: datetime | None = None
    departed_at: datetime | None = None
    arrived_at: datetime | None = None
    done_at: datetime | None = None
    ended_at: datetime | None = None
    reason: str | None = None
    result: str | None = None
    replaces_id: UUID | None = None
    joins_id: UUID | None = None
    by_phone: bool = False
    eta_s: float | None = None
    flags: list[str]
    escalation: Escalation = Escalation.NONE
    escalated_at: datetime | None = None
    alarm_acknowledged_at: datetime | None = None
    alarm_acknowledged_by: UUID | None = None
    proposed_unit_id: UUID | None = None
    sent_by: UUID | None = None
    rev: int
    reason_text: str | None = None
    phone_contact: str | None = None
    result_note: str | None = None

    @property
    def is_live(self) -> bool:
        """Not final: it holds its unit and keeps its incident open."""
        return self.state in LIVE

    @property
    def owes_result(self) -> bool:
        """Done by an agency that led or assisted, and nobody has said with what result."""
        return self.state is State.DONE and self.role is not Role.INFORM and self.result is None

    def touched(self) -> "Assignment":
        """The same facts, written again."""
        return replace(self, rev=self.rev + 1)

    def verbs(self) -> list[Verb]:
        """What may be done with it now."""
        return [verb for (state, verb) in NEXT if state is self.state and self._allows(verb)]

    def _allows(self, verb: Verb) -> bool:
        """The moves that the table alone cannot decide."""
        if (self.state, verb) == (State.ACKNOWLEDGED, Verb.FINISH):
            return self.role is Role.INFORM or self.unit_id is None
        return True

    def step(self, verb: Verb, *, at: datetime, now: datetime | None = None) -> "Assignment":
        """The assignment after a verb: its new state, that state's time, a flag where it jumped, and no alarm.

        `at` is when it happened, `now` when it is told (a crew without signal tells late): lateness and a time that
        lies before the step before are flagged, never refused. Raises NotAllowedNow.
        """
        state = NEXT.get((self.state, verb))
        if state is None or not self._allows(verb):
            raise NotAllowedNow(verb=verb, state=self.state, since=self.since, allowed=self.verbs())
        flags = [FLAGGED.get((self.state, verb))]
        if at < self.since:
            flags.append("out_of_order")
        if now is not None and now - at > LATE_ENTRY:
            flags.append("late_entry")
        times: dict[str, datetime] = {f"{state}_at": at} if state in _TIMED else {}
        if state in FINAL:
            times["ended_at"] = at
        return replace(
            self,
            state=state,
            flags=[*self.flags, *(flag for flag in flags if flag and flag not in self.flags)],
            escalation=Escalation.NONE,
            escalated_at=None,
            alarm_acknowledged_at=None,
            alarm_acknowledged_by=None,
            proposed_unit_id=None,
            rev=self.rev + 1,
            **times,
        )

    @property
    def since(self) -> datetime:
        """When it came into its present state."""
        return next(
            at
            for at in (self.ended_at, self.arrived_at, self.departed_at, self.acknowledged_at, self.sent_at)
            if at is not None
        )

    def risen(self, to: Escalation, *, at: datetime, proposed_unit_id: UUID | None) -> "Assignment":
        """The alarm one step higher: it sounds again until somebody acknowledges it."""
        return replace(
            self,
            escalation=to,
            escalated_at=at,
            alarm_acknowledged_at=None,
            alarm_acknowledged_by=None,
            proposed_unit_id=proposed_unit_id or self.proposed_unit_id,
            rev=self.rev + 1,
        )


_TIMED: Final = frozenset({State.ACKNOWLEDGED, State.DEPARTED, State.ARRIVED, State.DONE})


def check_reason(reason: str, known: dict[str, tuple[str, str]], text: str | None) -> None:
    """Raises UnknownReason for a code that is not in the list, NeedsText for `other` without words."""
    if reason not in known:
        raise UnknownReason(reason=reason, known=list(known))
    if reason == "other" and not (text or "").strip():
        raise NeedsText(reason=reason)


def check_result(result: str | None) -> None:
    """Raises UnknownReason for a code that is not in the list of results."""
    if result is not None and result not in RESULTS:
        raise UnknownReason(reason=result, known=list(RESULTS))
