"""When a job is late: the escalation clocks as settings, and what is due of one assignment. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sigap.dispatch.model import Assignment, Escalation, Role, State
from sigap.kernel import settings
from sigap.kernel.settings import Setting

_SOURCE: Final = "default of this project; no published standard"


def _by_priority(name: str, p1: float, p2: float, p3: float, text: str) -> dict[str, Setting[float]]:
    return {
        priority: settings.declare(f"assignment.{name}.{priority.lower()}", seconds, text, source=_SOURCE)
        for priority, seconds in (("P1", p1), ("P2", p2), ("P3", p3), ("P4", p3))
    }


UNANSWERED: Final[dict[Escalation, dict[str, Setting[float]]]] = {
    Escalation.REALERTED: _by_priority(
        "ack_alert_s", 30.0, 60.0, 180.0, "Seconds from sending until an unanswered assignment sounds again."
    ),
    Escalation.NEXT_UNIT: _by_priority(
        "next_unit_s", 60.0, 120.0, 600.0, "Seconds from sending until the next suitable unit is proposed."
    ),
    Escalation.SUPERVISOR: _by_priority(
        "supervisor_s", 120.0, 300.0, 1200.0, "Seconds from sending until the supervisor is alarmed."
    ),
    Escalation.AGENCY_HEAD: _by_priority(
        "agency_head_s", 300.0, 900.0, 3600.0, "Seconds from sending until the agency's head is to be rung."
    ),
}
"""The ladder of an assignment that nobody acknowledges. P4 has P3's clocks."""

NOT_DEPARTED: Final = _by_priority(
    "depart_s", 120.0, 300.0, 900.0, "Seconds from acknowledging until a unit that has not departed alarms."
)
TO_SEND: Final = {
    priority: settings.declare(
        f"assignment.send_s.{priority.lower()}",
        seconds,
        "Seconds from answering the call (or opening the incident) until the first assignment is sent.",
        source="NFPA 1225 gives 60 s at 90 % for P1; the others are this project's",
    )
    for priority, seconds in (("P1", 60.0), ("P2", 120.0), ("P3", 300.0), ("P4", 900.0))
}
RESULT_S: Final = settings.declare(
    "assignment.result_s", 3600.0, "Seconds from done until an agency's result is overdue.", source=_SOURCE
)
ARRIVE_FACTOR: Final = settings.declare(
    "assignment.arrive_factor",
    1.5,
    "Times the promised travel time after which a unit on its way is late.",
    source=_SOURCE,
)
ARRIVE_DEFAULT_S: Final = settings.declare(
    "assignment.arrive_default_s",
    900.0,
    "Seconds on the way after which a unit is late where no time was promised.",
    source=_SOURCE,
)
ARRIVE_LEAST_S: Final = settings.declare(
    "assignment.arrive_least_s",
    120.0,
    "Seconds on the way before which no unit is late, however near it was.",
    source=_SOURCE,
)


@dataclass(frozen=True, slots=True)
class Due:
    """One step that falls due if nothing happens until then."""

    step: Escalation
    at: datetime
    late_for: str
    since: datetime


def due(assignment: Assignment, priority: str, *, sends_crews: bool) -> Sequence[Due]:
    """The steps of an assignment in its present state, earliest first; none once it has arrived or ended."""
    if assignment.state is State.SENT:
        sent = assignment.sent_at
        return [
            Due(step, sent + timedelta(seconds=clock[priority].value), "acknowledge", sent)
            for step, clock in UNANSWERED.items()
            if step is not Escalation.NEXT_UNIT or assignment.unit_id
        ]
    if (
        assignment.state is State.ACKNOWLEDGED
        and assignment.acknowledged_at
        and _goes(assignment, sends_crews)
    ):
        since = assignment.acknowledged_at
        at = since + timedelta(seconds=NOT_DEPARTED[priority].value)
        return [Due(Escalation.SUPERVISOR, at, "depart", since)]
    if assignment.state is State.DEPARTED and assignment.departed_at:
        since = assignment.departed_at
        return [
            Due(
                Escalation.SUPERVISOR,
                since + timedelta(seconds=travel_limit_s(assignment.eta_s)),
                "arrive",
                since,
            )
        ]
    return []


def _goes(assignment: Assignment, sends_crews: bool) -> bool:
    return assignment.unit_id is not None or (sends_crews and assignment.role is not Role.INFORM)


def travel_limit_s(promised_s: float | None) -> float:
    """Seconds on the way after which a unit is late."""
    if promised_s is None:
        return ARRIVE_DEFAULT_S.value
    return max(ARRIVE_LEAST_S.value, promised_s * ARRIVE_FACTOR.value)


def shown() -> dict[str, object]:
    """The clocks as the screens count them down."""
    return {
        "by_priority": {
            priority: {
                "ack_alert_s": UNANSWERED[Escalation.REALERTED][priority].value,
                "next_unit_s": UNANSWERED[Escalation.NEXT_UNIT][priority].value,
                "supervisor_s": UNANSWERED[Escalation.SUPERVISOR][priority].value,
                "agency_head_s": UNANSWERED[Escalation.AGENCY_HEAD][priority].value,
                "depart_s": NOT_DEPARTED[priority].value,
                "send_s": TO_SEND[priority].value,
            }
            for priority in NOT_DEPARTED
        },
        "arrive_factor": ARRIVE_FACTOR.value,
        "arrive_default_s": ARRIVE_DEFAULT_S.value,
        "arrive_least_s": ARRIVE_LEAST_S.value,
        "result_s": RESULT_S.value,
    }
