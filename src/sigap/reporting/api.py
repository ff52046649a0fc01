"""GET /api/reports/daily, /api/dashboard, /api/feed/tickets."""

from datetime import date, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from sigap.identity.http import Conn, Language, ServerClock, SignedIn
from sigap.identity.model import NoSession
from sigap.incidents.catalogue import CATEGORIES
from sigap.kernel.canonical import plain
from sigap.kernel.clock import WIB
from sigap.kernel.paths import Home
from sigap.kernel.problems import Denied, Invalid
from sigap.kernel.web import View, refuses
from sigap.reporting import feed, files, store
from sigap.reporting.daily import DailyReport, cell_text, daily_report, kecamatan_names, period_of
from sigap.reporting.dashboard import dashboard, month_of
from sigap.reporting.model import WITHIN_SHARE, Period

router = APIRouter(tags=["reports"])

Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2199, 12, 31))]
"""A local day; the bounds keep arithmetic with days possible."""
FEED_DAYS = 31
"""The longest stretch that one request exports."""


class PeriodTooLong(Invalid):
    """The days asked for run backwards or are too many; facts: where, why."""

    code = "report.period_unusable"


class MeasureView(View):
    """One clock: seconds, None under five values. `within`: the share of `of` that kept the target."""

    code: str
    n: int
    p10_s: float | None
    median_s: float | None
    p90_s: float | None
    within: float | None
    of: int
    target_s: float


class TableView(View):
    """One section as the screen draws it."""

    code: str
    title: str
    head: list[str]
    rows: list[list[str | int | None]]


class CheckView(View):
    """One sum that must come out."""

    code: str
    left: int
    right: int
    holds: bool


class JournalHeadView(View):
    """What the report can be verified against: `sigap journal verify FILE --head HASH`."""

    seq: int
    hash: str


class DailyReportView(View):
    """A day's report: counts by code for machines, tables in words for people."""

    date: date
    title: str
    made_at: str
    calls: dict[str, int]
    end_causes: dict[str, int]
    dispositions: dict[str, int]
    incidents: dict[str, Any]
    agencies: list[dict[str, Any]]
    clocks: list[MeasureView]
    checks: list[CheckView]
    reconciles: bool
    complete: bool
    tables: list[TableView]
    journal: JournalHeadView


@router.get(
    "/reports/daily",
    response_model=DailyReportView,
    responses={
        200: {
            "description": "The report; as CSV or XLSX where asked for.",
            "content": {
                "text/csv": {},
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {},
            },
        }
    }
    | refuses(NoSession, Denied),
)
async def daily(
    conn: Conn,
    by: SignedIn,
    clock: ServerClock,
    language: Language,
    day: Annotated[
        Day | None,
        Query(alias="date", description="Local day (WIB); today if left out.", examples=["2026-11-24"]),
    ] = None,
    format: Annotated[Literal["json", "csv", "xlsx"], Query()] = "json",
) -> Any:
    """The day's calls, incidents, agencies, kecamatan and clocks, with the check that the totals agree."""
    by.require("report.read")
    now = clock.now()
    chosen = day or now.astimezone(WIB).date()
    facts = await store.facts_of(conn, period_of(chosen))
    sees = by.may("report.read_personal") or by.may("incident.read_restricted")
    report = daily_report(chosen, facts, now, language, sees_restricted=sees)
    name = f"laporan-112-{chosen:%Y%m%d}"
    if format == "csv":
        return _download(files.as_csv(report), "text/csv; charset=utf-8", f"{name}.csv")
    if format == "xlsx":
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        return _download(files.as_xlsx(report), kind, f"{name}.xlsx")
    return _view(report)


def _download(content: bytes, media_type: str, name: str) -> Response:
    return Response(
        content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _view(report: DailyReport) -> DailyReportView:
    counted = report.figures
    return DailyReportView(
        date=report.day,
        title=report.title,
        made_at=str(plain(report.made_at)),
        calls=dict(counted.calls),
        end_causes=dict(counted.end_causes),
        dispositions=dict(counted.dispositions),
        incidents={
            "total": counted.incidents,
            "by_category": {code: counted.by_category[code] for code in CATEGORIES},
            "by_priority": dict(counted.by_priority),
            "by_state": dict(counted.by_state),
            "by_kecamatan": dict(counted.by_kecamatan),
            "restricted": counted.restricted,
            "outside": counted.outside,
        },
        agencies=[
            {
                "agency": line.agency,
                "sent": line.sent,
                "acknowledged": line.acknowledged,
                "refused": line.refused,
                "timed_out": line.timed_out,
                "cancelled": line.cancelled,
                "done": line.done,
                "running": line.running,
                "acknowledge_median_s": line.acknowledge.median_s,
                "response_median_s": line.response.median_s,
            }
            for line in counted.agencies
        ],
        clocks=[MeasureView.model_validate(clock) for clock in counted.clocks],
        checks=[CheckView.model_validate(check) for check in report.checks],
        reconciles=report.reconciles,
        complete=report.complete,
        tables=[
            TableView(
                code=table.code,
                title=table.title,
                head=table.head,
                rows=[[cell_text(cell) for cell in row] for row in table.rows],
            )
            for table in report.tables
        ],
        journal=JournalHeadView(seq=report.journal_seq, hash=report.journal_hash),
    )


class CountView(View):
    """A named count."""

    code: str
    name: str
    count: int


class DayCountsView(View):
    """One day's calls."""

    day: date
    offered: int
    normal: int
    prank: int
    ghost: int


class DashboardView(View):
    """The dashboard: the chosen days, and thirty days of incidents and trend. Figures only."""

    first: date
    last: date
    calls: dict[str, int]
    calls_reconcile: bool
    assignments: int
    acknowledged: int
    clocks: list[MeasureView]
    within_share: float
    month_response: MeasureView
    response_minutes: list[int]
    incidents: int
    by_category: list[CountView]
    by_kecamatan: list[CountView]
    placed: int
    trend: list[DayCountsView]
    made_at: str


@router.get("/dashboard", responses=refuses(NoSession, Denied))
async def figures_of_the_room(
    conn: Conn,
    by: SignedIn,
    clock: ServerClock,
    language: Language,
    days: Annotated[Literal["1", "7", "30"], Query(description="How many days up to today.")] = "1",
) -> DashboardView:
    """Today, 7 or 30 days against targets, and the last thirty days by category, kecamatan and day."""
    by.require("dashboard.read")
    now = clock.now()
    today = now.astimezone(WIB).date()
    shown = dashboard(today, int(days), await store.facts_of(conn, month_of(today)))
    categories = {code: item.id if language == "id" else item.en for code, item in CATEGORIES.items()}
    places = kecamatan_names()
    return DashboardView(
        first=shown.period.first,
        last=shown.period.last,
        calls=dict(shown.chosen.calls),
        calls_reconcile=shown.reconciles,
        assignments=sum(line.sent for line in shown.chosen.agencies),
        acknowledged=sum(line.acknowledged for line in shown.chosen.agencies),
        clocks=[MeasureView.model_validate(item) for item in shown.chosen.clocks],
        within_share=WITHIN_SHARE.value,
        month_response=MeasureView.model_validate(shown.response),
        response_minutes=shown.response_minutes,
        incidents=shown.month.incidents,
        by_category=[
            CountView(code=code, name=categories.get(code, code), count=count)
            for code, count in shown.month.by_category.most_common()
        ],
        by_kecamatan=[
            CountView(code=code, name=places.get(code, code), count=count)
            for code, count in shown.month.by_kecamatan.most_common()
        ],
        placed=shown.month.incidents - shown.month.restricted,
        trend=[DayCountsView.model_validate(item) for item in shown.trend],
        made_at=str(plain(now)),
    )


@router.get(
    "/feed/tickets",
    response_class=Response,
    responses={200: {"description": "The tickets.", "content": {"application/json": {}, "text/csv": {}}}}
    | refuses(NoSession, Denied, PeriodTooLong, feed.ProfileUnusable),
)
async def feed_tickets(
    request: Request,
    conn: Conn,
    by: SignedIn,
    clock: ServerClock,
    first: Annotated[
        Day | None, Query(description="First local day on which a ticket was closed; today if left out.")
    ] = None,
    last: Annotated[Day | None, Query(description="Last day; the first if left out.")] = None,
    format: Annotated[Literal["json", "csv"], Query()] = "json",
) -> Response:
    """Each ticket closed in these days, as the site's feed profile shapes it."""
    by.require("report.read")
    start = first or clock.now().astimezone(WIB).date()
    end = last or start
    if not timedelta(0) <= end - start < timedelta(days=FEED_DAYS):
        raise PeriodTooLong(where="first, last", why=f"1–{FEED_DAYS}")
    period = Period(first=start, last=end)
    home: Home = request.app.state.home
    profile = feed.load_profile(home.root / "feed.toml")
    tickets = await feed.tickets_of(conn, period)
    name = f"umpan-112-{start:%Y%m%d}-{end:%Y%m%d}"
    if format == "csv":
        return _download(
            feed.as_csv(tickets, profile, files.DELIMITER.value), "text/csv; charset=utf-8", f"{name}.csv"
        )
    return _download(feed.as_json(tickets, profile, period), "application/json", f"{name}.json")
