"""The dashboard's figures: today or the last days against targets, thirty days of trend. No case content."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sigap.kernel.clock import WIB
from sigap.reporting.model import (
    RESPONSE_TARGET_S,
    CallFact,
    Figures,
    IncidentFact,
    Measure,
    Period,
    figures,
    measure,
    spans,
)
from sigap.reporting.store import Facts

TREND_DAYS: Final = 30
HISTOGRAM_MIN: Final = 30
"""Minutes shown one by one; what took longer is in the last bin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCounts:
    """One day's calls."""

    day: date
    offered: int
    normal: int
    prank: int
    ghost: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Dashboard:
    """What the dashboard shows: the chosen days' figures and the last thirty days."""

    period: Period
    chosen: Figures
    month: Figures
    trend: list[DayCounts]
    reconciles: bool
    """Whether the sums come out and the calls are as many as the journal says."""
    response: Measure
    response_minutes: list[int]
    """Response to P1 and P2 in thirty days, and its incidents by whole minutes; index = minute."""


def dashboard(today: date, days: int, facts: Facts) -> Dashboard:
    """The dashboard of the last `days` days from thirty days of facts."""
    period = Period(first=today - timedelta(days=days - 1), last=today)
    start = period.starts_at
    chosen = figures(
        [call for call in facts.calls if call.offered_at >= start],
        [item for item in facts.incidents if item.opened_at >= start],
        [job for job in facts.assignments if job.sent_at >= start],
    )
    return Dashboard(
        period=period,
        chosen=chosen,
        month=figures(facts.calls, facts.incidents, facts.assignments),
        trend=_trend(today, facts.calls),
        reconciles=all(check.holds for check in chosen.checks)
        and facts.offered_in_journal == len(facts.calls),
        response=measure("response", _response_s(facts.incidents), RESPONSE_TARGET_S.value),
        response_minutes=_minutes(_response_s(facts.incidents)),
    )


def month_of(today: date) -> Period:
    """The days that a dashboard needs facts of."""
    return Period(first=today - timedelta(days=TREND_DAYS - 1), last=today)


def _trend(today: date, calls: Sequence[CallFact]) -> list[DayCounts]:
    offered: Counter[date] = Counter()
    said: Counter[tuple[date, str | None]] = Counter()
    for call in calls:
        day = call.offered_at.astimezone(WIB).date()
        offered[day] += 1
        said[day, call.disposition] += 1
    days = [today - timedelta(days=back) for back in range(TREND_DAYS - 1, -1, -1)]
    return [
        DayCounts(
            day=day,
            offered=offered[day],
            normal=said[day, "normal"],
            prank=said[day, "prank"],
            ghost=said[day, "ghost"],
        )
        for day in days
    ]


def _response_s(incidents: Sequence[IncidentFact]) -> list[float]:
    urgent = [item for item in incidents if item.priority in {"P1", "P2"}]
    return spans(
        urgent, lambda item: item.first_offered_at or item.opened_at, lambda item: item.first_arrived_at
    )


def _minutes(seconds: Sequence[float]) -> list[int]:
    bins = [0] * (HISTOGRAM_MIN + 1)
    for value in seconds:
        bins[min(HISTOGRAM_MIN, max(0, int(value // 60)))] += 1
    return bins
