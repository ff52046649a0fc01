"""Figures of a period, pure: from what happened to counts, clocks and the check that they add up."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from sigap.kernel import settings
from sigap.kernel.clock import WIB

MIN_N: Final = 5
"""Under five values a median says more about one person than about the room: it is shown as a dash."""

WITHIN_SHARE = settings.declare(
    "target.within_share",
    0.9,
    "Share of the values that shall be within a clock's target.",
    source="NENA-STA-020.1-2020 (US)",
)
ANSWER_TARGET_S = settings.declare(
    "target.answer_s",
    15.0,
    "Seconds from offer to answer, for 90 % of calls.",
    source="NENA-STA-020.1-2020 (US)",
)
PROCESSING_TARGET_S = settings.declare(
    "target.processing_s",
    60.0,
    "Seconds from answer to the first assignment, for 90 %.",
    source="NFPA 1225 (US)",
)
ACKNOWLEDGE_TARGET_S = settings.declare(
    "target.acknowledge_s",
    60.0,
    "Seconds from an assignment to its acknowledgement, for 90 %.",
    source="Sigap default",
)
TURNOUT_TARGET_S = settings.declare(
    "target.turnout_s",
    80.0,
    "Seconds from acknowledgement to departure, for 90 %.",
    source="NFPA 1710 (US), fire",
)
TRAVEL_TARGET_S = settings.declare(
    "target.travel_s", 720.0, "Seconds from departure to arrival, for 90 %.", source="Sigap default"
)
RESPONSE_TARGET_S = settings.declare(
    "target.response_s",
    900.0,
    "Seconds from the first call's offer to the first arrival, for 90 %.",
    source="local target of 15 minutes; whether it counts from T0, T2 or T5 is for the regency to set",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFact:
    """What a report needs of one call."""

    id: UUID
    offered_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    end_cause: str | None
    disposition: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentFact:
    """What a report needs of one incident, with the first moments of its calls and assignments."""

    id: UUID
    type: str
    category: str
    priority: str
    state: str
    restricted: bool
    kecamatan_code: str | None
    opened_at: datetime
    closed_at: datetime | None
    first_offered_at: datetime | None
    first_answered_at: datetime | None
    first_sent_at: datetime | None
    first_arrived_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentFact:
    """What a report needs of one assignment."""

    agency: str
    role: str
    state: str
    sent_at: datetime
    acknowledged_at: datetime | None
    departed_at: datetime | None
    arrived_at: datetime | None
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Local calendar days, first and last included."""

    first: date
    last: date

    @classmethod
    def day(cls, day: date) -> "Period":
        """One day."""
        return cls(first=day, last=day)

    @property
    def starts_at(self) -> datetime:
        """Local midnight at which it begins, UTC."""
        return datetime.combine(self.first, time(), WIB).astimezone(UTC)

    @property
    def ends_at(self) -> datetime:
        """Local midnight at which it is over, UTC; not part of it."""
        return datetime.combine(self.last + timedelta(days=1), time(), WIB).astimezone(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One clock of the period. Seconds; None where fewer than MIN_N values are known.

    `within` is the share (0–1) of `of` that kept the target: of the `n` known values, and of what missed it for good.
    """

    code: str
    n: int
    p10_s: float | None
    median_s: float | None
    p90_s: float | None
    within: float | None
    of: int
    target_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One sum that must come out: both sides, counted apart."""

    code: str
    left: int
    right: int

    @property
    def holds(self) -> bool:
        """Whether both sides agree."""
        return self.left == self.right


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyLine:
    """One agency's assignments in the period."""

    agency: str
    sent: int
    acknowledged: int
    refused: int
    timed_out: int
    cancelled: int
    done: int
    running: int
    acknowledge: Measure
    response: Measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Everything a report says about a period."""

    calls: Counter[str]
    end_causes: Counter[str]
    dispositions: Counter[str]
    incidents: int
    by_category: Counter[str]
    by_type: Counter[str]
    restricted_by_type: Counter[str]
    """Of restricted cases, whatever their type is; `by_type` has the others alone."""
    by_priority: Counter[str]
    by_state: Counter[str]
    by_kecamatan: Counter[str]
    restricted: int
    outside: int
    agencies: list[AgencyLine]
    clocks: list[Measure]
    checks: list[Check]


def percentile(values: Sequence[float], share: float) -> float:
    """The value at a share (0–1) of the sorted values, linear between neighbours. Raises ValueError on none."""
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def measure(code: str, values: Iterable[float], target_s: float, *, missed: int = 0) -> Measure:
    """A clock from its single values in seconds. Negative ones (a fact told out of order) count as they are.

    `missed`: how many never came, though waited for beyond the target.
    """
    known = list(values)
    of = len(known) + missed
    enough = len(known) >= MIN_N
    return Measure(
        code=code,
        n=len(known),
        p10_s=round(percentile(known, 0.1), 3) if enough else None,
        median_s=round(percentile(known, 0.5), 3) if enough else None,
        p90_s=round(percentile(known, 0.9), 3) if enough else None,
        within=round(sum(value <= target_s for value in known) / of, 4) if of >= MIN_N else None,
        of=of,
        target_s=target_s,
    )


def spans[T](
    facts: Iterable[T], start: Callable[[T], datetime | None], end: Callable[[T], datetime | None]
) -> list[float]:
    """Seconds from start to end of each fact that has both."""
    found: list[float] = []
    for fact in facts:
        begun, ended = start(fact), end(fact)
        if begun is not None and ended is not None:
            found.append((ended - begun).total_seconds())
    return found


def _lost_late(call: CallFact) -> bool:
    """Whether a caller gave up after the target: a miss. One who gave up before it counts neither way."""
    if call.answered_at is not None or call.ended_at is None:
        return False
    return (call.ended_at - call.offered_at).total_seconds() >= ANSWER_TARGET_S.value


def clocks_of(
    calls: Sequence[CallFact], incidents: Sequence[IncidentFact], assignments: Sequence[AssignmentFact]
) -> list[Measure]:
    """Answer, processing, acknowledgement, turnout, travel, response. Test calls stay out of every clock."""
    real = [call for call in calls if call.disposition != "test"]
    return [
        measure(
            "answer",
            spans(real, lambda call: call.offered_at, lambda call: call.answered_at),
            ANSWER_TARGET_S.value,
            missed=sum(_lost_late(call) for call in real),
        ),
        measure(
            "processing",
            spans(incidents, lambda item: item.first_answered_at, lambda item: item.first_sent_at),
            PROCESSING_TARGET_S.value,
        ),
        measure(
            "acknowledge",
            spans(assignments, lambda job: job.sent_at, lambda job: job.acknowledged_at),
            ACKNOWLEDGE_TARGET_S.value,
        ),
        measure(
            "turnout",
            spans(assignments, lambda job: job.acknowledged_at, lambda job: job.departed_at),
            TURNOUT_TARGET_S.value,
        ),
        measure(
            "travel",
            spans(assignments, lambda job: job.departed_at, lambda job: job.arrived_at),
            TRAVEL_TARGET_S.value,
        ),
        measure(
            "response",
            spans(
                incidents,
                lambda item: item.first_offered_at or item.opened_at,
                lambda item: item.first_arrived_at,
            ),
            RESPONSE_TARGET_S.value,
        ),
    ]


def figures(
    calls: Sequence[CallFact], incidents: Sequence[IncidentFact], assignments: Sequence[AssignmentFact]
) -> Figures:
    """The period's figures. Restricted cases are counted, never placed: a small area's count would point at a home."""
    placed = [item for item in incidents if not item.restricted]
    answered = [call for call in calls if call.answered_at is not None]
    lost = [call for call in calls if call.answered_at is None and call.ended_at is not None]
    counted = Figures(
        calls=Counter(
            offered=len(calls),
            answered=len(answered),
            lost=len(lost),
            waiting=len(calls) - len(answered) - len(lost),
        ),
        end_causes=Counter(call.end_cause or "running" for call in calls),
        dispositions=Counter(call.disposition or "undetermined" for call in answered),
        incidents=len(incidents),
        by_category=Counter(item.category for item in incidents),
        by_type=Counter(item.type for item in placed),
        restricted_by_type=Counter(item.type for item in incidents if item.restricted),
        by_priority=Counter(item.priority for item in incidents),
        by_state=Counter(item.state for item in incidents),
        by_kecamatan=Counter(item.kecamatan_code for item in placed if item.kecamatan_code is not None),
        restricted=len(incidents) - len(placed),
        outside=sum(item.kecamatan_code is None for item in placed),
        agencies=_agency_lines(assignments),
        clocks=clocks_of(calls, incidents, assignments),
        checks=[],
    )
    counted.checks.extend(_checks(counted, len(assignments)))
    return counted


def _agency_lines(assignments: Sequence[AssignmentFact]) -> list[AgencyLine]:
    lines: list[AgencyLine] = []
    for agency in sorted({job.agency for job in assignments}):
        own = [job for job in assignments if job.agency == agency]
        states = Counter(job.state for job in own)
        turned = states["cancelled"] + states["diverted"]
        ended = states["refused"] + states["timed_out"] + turned + states["done"]
        lines.append(
            AgencyLine(
                agency=agency,
                sent=len(own),
                acknowledged=sum(job.acknowledged_at is not None for job in own),
                refused=states["refused"],
                timed_out=states["timed_out"],
                cancelled=turned,
                done=states["done"],
                running=len(own) - ended,
                acknowledge=measure(
                    "acknowledge",
                    spans(own, lambda job: job.sent_at, lambda job: job.acknowledged_at),
                    ACKNOWLEDGE_TARGET_S.value,
                ),
                response=measure(
                    "agency_response",
                    spans(own, lambda job: job.sent_at, lambda job: job.arrived_at),
                    RESPONSE_TARGET_S.value,
                ),
            )
        )
    return lines


def _checks(counted: Figures, assignments: int) -> list[Check]:
    calls = counted.calls
    return [
        Check(
            code="offered", left=calls["offered"], right=calls["answered"] + calls["lost"] + calls["waiting"]
        ),
        Check(code="end_causes", left=calls["offered"], right=sum(counted.end_causes.values())),
        Check(code="dispositions", left=calls["answered"], right=sum(counted.dispositions.values())),
        Check(code="categories", left=counted.incidents, right=sum(counted.by_category.values())),
        Check(
            code="kecamatan",
            left=counted.incidents,
            right=sum(counted.by_kecamatan.values()) + counted.restricted + counted.outside,
        ),
        Check(code="agencies", left=assignments, right=sum(line.sent for line in counted.agencies)),
    ]
