"""Figures that add up: by hand-made facts, and whatever the facts are."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from sigap.incidents.catalogue import CATEGORIES
from sigap.kernel.ids import new_id
from sigap.reporting.daily import DailyReport, daily_report
from sigap.reporting.dashboard import dashboard, month_of
from sigap.reporting.files import as_csv, as_xlsx
from sigap.reporting.model import (
    AssignmentFact,
    CallFact,
    IncidentFact,
    Period,
    figures,
    measure,
    percentile,
)
from sigap.reporting.store import Facts
from sigap.reporting.words import WORDS, clock_text, day_text

NOON = datetime(2026, 3, 1, 5, 0, tzinfo=UTC)


def after(seconds: float | None) -> datetime | None:
    """A moment after noon, or none."""
    return None if seconds is None else NOON + timedelta(seconds=seconds)


def call(
    answered: float | None = 4, ended: float | None = 60, disposition: str | None = "normal"
) -> CallFact:
    """A call offered at noon."""
    cause = None if ended is None else "agent_released" if answered is not None else "abandoned_queue"
    return CallFact(
        id=new_id(),
        offered_at=NOON,
        answered_at=after(answered),
        ended_at=after(ended),
        end_cause=cause,
        disposition=disposition,
    )


def incident(
    category: str = "FIR", kecamatan: str | None = "36.03.12", arrived: float | None = 600
) -> IncidentFact:
    """An incident of the first call at noon."""
    return IncidentFact(
        id=new_id(),
        type=f"{category}01",
        category=category,
        priority="P1",
        state="closed",
        restricted=category == "PPA",
        kecamatan_code=kecamatan,
        opened_at=NOON + timedelta(seconds=30),
        closed_at=after(3000),
        first_offered_at=NOON,
        first_answered_at=after(4),
        first_sent_at=after(50),
        first_arrived_at=after(arrived),
    )


def job(agency: str = "PLN", state: str = "done", acknowledged: float | None = 60) -> AssignmentFact:
    """An assignment sent 50 s after noon."""
    return AssignmentFact(
        agency=agency,
        role="lead",
        state=state,
        sent_at=NOON + timedelta(seconds=50),
        acknowledged_at=after(acknowledged),
        departed_at=after(120),
        arrived_at=after(600),
        reason=None,
    )


def facts(calls: list[CallFact], incidents: list[IncidentFact], jobs: list[AssignmentFact]) -> Facts:
    """A period's facts."""
    return Facts(
        calls=calls,
        incidents=incidents,
        assignments=jobs,
        agency_names={"PLN": "PLN"},
        offered_in_journal=len(calls),
        opened_in_journal=len(incidents),
        journal_seq=112,
        journal_hash=bytes(range(32)),
    )


def test_a_local_day_begins_at_local_midnight() -> None:
    day = Period.day(date(2026, 3, 1))
    assert day.starts_at == datetime(2026, 2, 28, 17, 0, tzinfo=UTC)
    assert day.ends_at - day.starts_at == timedelta(days=1)


def test_percentiles_lie_between_their_neighbours() -> None:
    assert percentile([10, 20, 30, 40], 0.5) == 25
    assert percentile([7], 0.9) == 7
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)


def test_under_five_values_a_median_is_a_dash() -> None:
    four, five = measure("answer", [1, 2, 3, 4], 15), measure("answer", [1, 2, 3, 4, 30], 15)
    assert (four.n, four.median_s, four.within) == (4, None, None)
    assert (five.n, five.median_s, five.within) == (5, 3, 0.8)


def test_a_quiet_day_has_all_zeroes_and_still_adds_up() -> None:
    counted = figures([], [], [])
    assert counted.incidents == 0
    assert all(check.holds for check in counted.checks)


def test_a_day_is_counted_by_outcome_and_end() -> None:
    counted = figures(
        [
            call(),
            call(disposition="prank"),
            call(disposition=None),
            call(answered=None, disposition=None),
            call(None, None, None),
        ],
        [incident(), incident("MED"), incident("PPA"), incident(kecamatan=None)],
        [job(), job(state="refused", acknowledged=None)],
    )
    assert counted.calls == {"offered": 5, "answered": 3, "lost": 1, "waiting": 1}
    assert counted.dispositions == {"normal": 1, "prank": 1, "undetermined": 1}
    assert counted.end_causes == {"agent_released": 3, "abandoned_queue": 1, "running": 1}
    assert counted.by_category == {"FIR": 2, "MED": 1, "PPA": 1}
    assert (counted.restricted, counted.outside, sum(counted.by_kecamatan.values())) == (1, 1, 2)
    (line,) = counted.agencies
    assert (line.sent, line.acknowledged, line.refused, line.done, line.running) == (2, 1, 1, 1, 0)
    assert all(check.holds for check in counted.checks)


def test_test_calls_stay_out_of_the_clocks() -> None:
    counted = figures([call(answered=3)] * 5 + [call(answered=600, disposition="test")] * 5, [], [])
    assert counted.calls["answered"] == 10
    assert (counted.clocks[0].n, counted.clocks[0].p90_s) == (5, 3)


def test_a_restricted_case_is_never_placed() -> None:
    counted = figures([], [incident("PPA", kecamatan="36.03.01")], [])
    assert counted.by_kecamatan == {}
    report = daily_report(
        date(2026, 3, 1), facts([], [incident("PPA")], []), NOON, "id", sees_restricted=False
    )
    (table,) = [table for table in report.tables if table.code == "types"]
    assert table.rows == [["", "Kasus Terbatas (tidak dirinci)", 1]]
    assert all(row[2] == 0 for row in next(t for t in report.tables if t.code == "kecamatan").rows if row[0])


facts_of_a_day = st.tuples(
    st.lists(
        st.builds(
            call,
            st.none() | st.floats(0, 900),
            st.none() | st.floats(0, 900),
            st.none() | st.sampled_from(["normal", "ghost", "test"]),
        ),
        max_size=12,
    ),
    st.lists(
        st.builds(
            incident,
            st.sampled_from(sorted(CATEGORIES)),
            st.none() | st.sampled_from(["36.03.01", "36.03.33", "99.99.99"]),
        ),
        max_size=12,
    ),
    st.lists(
        st.builds(
            job, st.sampled_from(["PLN", "PMI"]), st.sampled_from(["sent", "done", "refused", "diverted"])
        ),
        max_size=12,
    ),
)


@given(facts_of_a_day)
def test_whatever_happened_the_totals_agree(
    day: tuple[list[CallFact], list[IncidentFact], list[AssignmentFact]],
) -> None:
    report = daily_report(date(2026, 3, 1), facts(*day), NOON, "id", sees_restricted=False)
    assert report.reconciles
    kecamatan = next(table for table in report.tables if table.code == "kecamatan")
    numbers = [row[2] for row in kecamatan.rows]
    assert sum(number for number in numbers[:-1] if isinstance(number, int)) == numbers[-1] == len(day[1])


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_files_hold_what_the_tables_say(language: str, tmp_path: Path) -> None:
    report = daily_report(
        date(2026, 3, 1), facts([call()] * 6, [incident()], [job()]), NOON, language, sees_restricted=True
    )
    text = as_csv(report).decode("utf-8-sig")
    assert report.title in text
    assert f"{WORDS[language]['offered']};6" in text
    assert bytes(range(32)).hex() in text
    book = tmp_path / "report.xlsx"
    book.write_bytes(as_xlsx(report))
    sheets = load_workbook(book)
    assert len(sheets.sheetnames) == len(report.tables)
    for table, sheet in zip(report.tables, sheets.worksheets, strict=True):
        assert [cell.value for cell in sheet[4]][: len(table.head)] == table.head
        assert sheet.cell(5, 1).value == (table.rows[0][0] or None)


def test_words_exist_in_both_languages() -> None:
    assert set(WORDS["id"]) == set(WORDS["en"])


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, None), (0, "0:00"), (39.4, "0:39"), (700, "11:40"), (3725, "1:02:05"), (-65, "-1:05")],
)
def test_durations_read_like_clocks(seconds: float | None, text: str | None) -> None:
    assert clock_text(seconds) == text


def test_days_read_like_days() -> None:
    assert day_text(date(2026, 11, 24), "id") == "Selasa, 24 November 2026"


def test_the_dashboard_shows_today_and_thirty_days() -> None:
    today = date(2026, 3, 1)
    earlier = CallFact(
        id=new_id(),
        offered_at=NOON - timedelta(days=3),
        answered_at=None,
        ended_at=NOON - timedelta(days=3),
        end_cause="abandoned_queue",
        disposition=None,
    )
    shown = dashboard(
        today, 1, facts([call(), earlier], [incident(arrived=600), incident(arrived=9000)], [job()])
    )
    assert shown.chosen.calls["offered"] == 1
    assert shown.month.calls["offered"] == 2
    assert len(shown.trend) == 30
    assert (shown.trend[-1].offered, shown.trend[-4].offered) == (1, 1)
    assert (shown.response_minutes[10], shown.response_minutes[30]) == (1, 1)
    assert month_of(today).first == date(2026, 1, 31)


def test_a_count_that_disagrees_with_the_journal_is_said_loudly() -> None:
    missing = replace(facts([call()], [incident()], [job()]), offered_in_journal=2)
    report = daily_report(date(2026, 3, 1), missing, NOON, "id", sees_restricted=False)
    assert report.reconciles is False
    assert WORDS["id"]["does_not_reconcile"] in report.footer
    checks = next(table for table in report.tables if table.code == "checks")
    assert [row[3] for row in checks.rows].count("TIDAK cocok") == 1


def test_an_outcome_that_no_row_prints_is_found() -> None:
    strange = facts([call(disposition="unheard_of")], [], [])
    assert daily_report(date(2026, 3, 1), strange, NOON, "id", sees_restricted=False).reconciles is False


def test_the_dashboard_says_when_the_journal_knows_of_more_calls() -> None:
    told = facts([call()], [incident()], [job()])
    assert dashboard(date(2026, 3, 1), 1, told).reconciles is True
    assert dashboard(date(2026, 3, 1), 1, replace(told, offered_in_journal=2)).reconciles is False


def test_a_caller_who_gave_up_after_the_target_is_a_miss() -> None:
    answered = [call(answered=5)] * 4
    lost_late, lost_soon = call(None, 60, None), call(None, 3, None)
    answer = figures([*answered, lost_late, lost_soon, call(None, None, None)], [], []).clocks[0]
    assert (answer.n, answer.of, answer.within, answer.median_s) == (4, 5, 0.8, None)


def test_the_response_of_thirty_days_is_of_the_urgent_alone() -> None:
    slow = replace(incident(arrived=7200), priority="P4")
    shown = dashboard(date(2026, 3, 1), 1, facts([], [incident(arrived=600)] * 5 + [slow], []))
    assert (shown.response.n, shown.response.p90_s, sum(shown.response_minutes)) == (5, 600, 5)


def _book(report: DailyReport) -> Workbook:
    return load_workbook(BytesIO(as_xlsx(report)))


def test_a_workbook_can_be_computed_with() -> None:
    day = facts([call(answered=39)] * 6, [incident()] * 5, [job()] * 5)
    report = daily_report(date(2026, 3, 1), day, NOON, "id", sees_restricted=True)
    sheet = _book(report)[next(table.title for table in report.tables if table.code == "clocks")]
    answer = {head.value: cell for head, cell in zip(sheet[4], sheet[5], strict=True)}
    assert answer["Median"].value == timedelta(seconds=39)
    assert answer["n"].value == 6
    assert answer["Dalam target"].value == 0
    assert answer["Dalam target"].number_format == "0%"


def test_no_name_is_run_as_a_formula() -> None:
    name = '=HYPERLINK("http://x","y")'
    told = replace(facts([], [], [job("PLN")]), agency_names={"PLN": name})
    report = daily_report(date(2026, 3, 1), told, NOON, "id", sees_restricted=True)
    assert f'"\'{name.replace('"', '""')}"' in as_csv(report).decode("utf-8-sig")
    cell = _book(report)["Penugasan menurut OPD-Instansi"].cell(5, 2)
    assert (cell.value, cell.data_type) == (name, "s")


def test_a_csv_clock_cannot_be_read_as_hours() -> None:
    day = facts([call(answered=39)] * 6, [], [])
    text = as_csv(daily_report(date(2026, 3, 1), day, NOON, "id", sees_restricted=True)).decode("utf-8-sig")
    assert "Waktu Jawab (T2−T0);0:00:39;0:00:39;6;0:00:15;0%" in text


def test_a_report_says_that_its_day_is_not_over() -> None:
    day = facts([], [], [])
    running = daily_report(date(2026, 3, 1), day, NOON, "id", sees_restricted=True)
    over = daily_report(date(2026, 2, 28), day, NOON, "id", sees_restricted=True)
    assert (running.complete, over.complete) == (False, True)
    assert WORDS["id"]["incomplete"] in running.footer
    assert WORDS["id"]["incomplete"] not in over.footer


def test_a_call_over_midnight_belongs_to_the_day_it_rang() -> None:
    rang = datetime(2026, 3, 1, 16, 59, 59, tzinfo=UTC)
    day, next_day = Period.day(date(2026, 3, 1)), Period.day(date(2026, 3, 2))
    assert day.starts_at <= rang < day.ends_at == next_day.starts_at


def test_a_restricted_case_of_any_type_is_one_line_to_general_readers() -> None:
    told = facts([], [replace(incident("MED"), restricted=True), incident("PPA"), incident("FIR")], [])

    def rows(*, sees_restricted: bool) -> list[list[object]]:
        report = daily_report(date(2026, 3, 1), told, NOON, "id", sees_restricted=sees_restricted)
        return [[row[0], row[2]] for table in report.tables if table.code == "types" for row in table.rows]

    assert rows(sees_restricted=False) == [["FIR01", 1], ["", 2]]
    assert rows(sees_restricted=True) == [["FIR01", 1], ["MED01", 1], ["PPA01", 1]]
