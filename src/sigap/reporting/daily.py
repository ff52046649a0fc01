"""The daily report as tables of words and numbers: one shape for the screen, CSV and XLSX."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sigap.calls.model import words as call_words
from sigap.geo import borders
from sigap.incidents.catalogue import CATEGORIES, TYPES
from sigap.kernel.clock import WIB
from sigap.reporting.model import Check, Figures, Measure, Period, figures
from sigap.reporting.store import Facts
from sigap.reporting.words import WORDS, clock_text, day_text, share_text


@dataclass(frozen=True, slots=True)
class Duration:
    """A cell that holds seconds: `0:39` to people, a time in a workbook."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Share:
    """A cell that holds a part of one: `93 %` to people, a percentage in a workbook."""

    value: float


type Cell = str | int | Duration | Share | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One section: a title, column heads, rows. None is shown as a dash."""

    code: str
    title: str
    head: list[str]
    rows: list[list[Cell]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyReport:
    """A day's report with the journal's head, which ties it to what can be verified."""

    day: date
    made_at: datetime
    language: str
    figures: Figures
    tables: list[Table]
    checks: list[Check]
    journal_seq: int
    journal_hash: str
    reconciles: bool
    complete: bool
    """Whether the day was over when this was made; before that its counts still grow."""

    @property
    def title(self) -> str:
        """The report's name and day in words."""
        return f"{WORDS[self.language]['title']}, {day_text(self.day, self.language)}"

    @property
    def footer(self) -> list[str]:
        """When it was made, whether it adds up, and the journal's head."""
        said = WORDS[self.language]
        made = self.made_at.astimezone(WIB).strftime("%Y-%m-%d %H:%M:%S WIB")
        check = said["reconciles"] if self.reconciles else said["does_not_reconcile"]
        return [
            f"{said['made_at']} {made}",
            *([] if self.complete else [said["incomplete"]]),
            check,
            f"{said['journal_head']} {self.journal_seq} {self.journal_hash}",
        ]


def daily_report(
    day: date, facts: Facts, made_at: datetime, language: str, *, sees_restricted: bool
) -> DailyReport:
    """The report of one local day. Small counts of types that touch a person stay hidden from general readers."""
    counted = figures(facts.calls, facts.incidents, facts.assignments)
    tables = [
        _calls(counted, language),
        _causes(counted, language),
        _categories(counted, language),
        _types(counted, language, sees_restricted=sees_restricted),
        _agencies(counted, facts.agency_names, language),
        _kecamatan(counted, language),
        _clocks(counted.clocks, language),
    ]
    checks = _held_against(facts, counted, tables)
    tables.append(_checks(checks, language))
    return DailyReport(
        day=day,
        made_at=made_at,
        language=language,
        figures=counted,
        tables=tables,
        journal_seq=facts.journal_seq,
        journal_hash=facts.journal_hash.hex(),
        checks=checks,
        reconciles=all(check.holds for check in checks),
        complete=period_of(day).ends_at <= made_at,
    )


def _held_against(facts: Facts, counted: Figures, tables: list[Table]) -> list[Check]:
    """What is printed against what was counted another way: from the journal, or from the facts themselves."""
    printed = {table.code: table for table in tables}

    def total(code: str, column: int, rows: slice = slice(None)) -> int:
        cells = (row[column] for row in printed[code].rows[rows])
        return sum(cell for cell in cells if isinstance(cell, int))

    named = slice(None, -1)  # the last row is the total itself
    answered = sum(call.answered_at is not None for call in facts.calls)
    return [
        Check(code="journal_calls", left=facts.offered_in_journal, right=counted.calls["offered"]),
        Check(code="offered", left=len(facts.calls), right=total("calls", 1, slice(1, 4))),
        Check(code="end_causes", left=len(facts.calls), right=total("end_causes", 1)),
        Check(code="dispositions", left=answered, right=total("calls", 1, slice(4, None))),
        Check(code="journal_incidents", left=facts.opened_in_journal, right=counted.incidents),
        Check(code="categories", left=len(facts.incidents), right=total("categories", 2, named)),
        Check(code="kecamatan", left=len(facts.incidents), right=total("kecamatan", 2, named)),
        Check(code="agencies", left=len(facts.assignments), right=total("agencies", 2)),
    ]


def period_of(day: date) -> Period:
    """The period of a daily report."""
    return Period.day(day)


def cell_text(cell: Cell) -> str | int | None:
    """A cell as the screen shows it; None stays None."""
    match cell:
        case Duration(seconds):
            return clock_text(seconds)
        case Share(value):
            return share_text(value)
        case _:
            return cell


def _duration(seconds: float | None) -> Duration | None:
    return None if seconds is None else Duration(seconds)


def _name(names: Mapping[str, Mapping[str, str]], code: str, language: str) -> str:
    return names.get(code, {}).get(language, code)


def _calls(counted: Figures, language: str) -> Table:
    said, names = WORDS[language], call_words()["dispositions"]
    rows: list[list[Cell]] = [
        [said["offered"], counted.calls["offered"]],
        [said["answered"], counted.calls["answered"]],
        [said["lost"], counted.calls["lost"]],
        [said["waiting"], counted.calls["waiting"]],
    ]
    rows.extend([_name(names, code, language), counted.dispositions[code]] for code in names)
    rows.append([said["undetermined"], counted.dispositions["undetermined"]])
    return Table(code="calls", title=said["calls"], head=[said["disposition"], said["count"]], rows=rows)


def _causes(counted: Figures, language: str) -> Table:
    said, names = WORDS[language], call_words()["end_causes"]
    rows: list[list[Cell]] = [
        [said["running"] if code == "running" else _name(names, code, language), count]
        for code, count in sorted(counted.end_causes.items())
    ]
    return Table(
        code="end_causes", title=said["end_causes"], head=[said["end_cause"], said["count"]], rows=rows
    )


def _categories(counted: Figures, language: str) -> Table:
    said = WORDS[language]
    rows: list[list[Cell]] = [
        [code, category.id if language == "id" else category.en, counted.by_category[code]]
        for code, category in CATEGORIES.items()
    ]
    rows.append(["", said["total"], counted.incidents])
    return Table(
        code="categories",
        title=said["by_category"],
        head=[said["code"], said["category"], said["count"]],
        rows=rows,
    )


def _types(counted: Figures, language: str, *, sees_restricted: bool) -> Table:
    said = WORDS[language]
    rows: list[list[Cell]] = []
    shown = counted.by_type + counted.restricted_by_type if sees_restricted else counted.by_type
    hidden = 0 if sees_restricted else counted.restricted_by_type.total()
    for code, count in sorted(shown.items()):
        kind = TYPES.get(code)
        name = code if kind is None else kind.id if language == "id" else kind.en
        small = count < 5 and kind is not None and kind.category == "MED" and not sees_restricted
        rows.append([code, name, "<5" if small else count])
    if hidden:
        rows.append(["", said["restricted"], hidden])
    return Table(
        code="types", title=said["by_type"], head=[said["code"], said["type"], said["count"]], rows=rows
    )


def _agencies(counted: Figures, names: Mapping[str, str], language: str) -> Table:
    said = WORDS[language]
    rows: list[list[Cell]] = [
        [
            line.agency,
            names.get(line.agency, line.agency),
            line.sent,
            line.acknowledged,
            line.refused,
            line.timed_out,
            line.cancelled,
            line.done,
            line.running,
            _duration(line.acknowledge.median_s),
            _duration(line.response.median_s),
            _duration(line.response.p90_s),
        ]
        for line in counted.agencies
    ]
    head = [
        "code",
        "agency",
        "sent",
        "acknowledged",
        "refused",
        "timed_out",
        "cancelled",
        "done",
        "running_jobs",
    ]
    clocks = ["acknowledge_median", "response_median", "response_p90"]
    return Table(
        code="agencies", title=said["by_agency"], head=[said[word] for word in head + clocks], rows=rows
    )


def _kecamatan(counted: Figures, language: str) -> Table:
    said = WORDS[language]
    names = kecamatan_names()
    rows: list[list[Cell]] = [[code, name, counted.by_kecamatan[code]] for code, name in names.items()]
    unknown = sum(count for code, count in counted.by_kecamatan.items() if code not in names)
    rows.append(["", said["outside"], counted.outside + unknown])
    rows.append(["", said["restricted"], counted.restricted])
    rows.append(["", said["total"], counted.incidents])
    return Table(
        code="kecamatan",
        title=said["by_kecamatan"],
        head=[said["code"], "Kecamatan", said["count"]],
        rows=rows,
    )


def kecamatan_names() -> dict[str, str]:
    """Kecamatan by code, in the order of their codes."""
    return {area.code: area.name for area in borders.current().areas if area.kind == "kecamatan"}


def _clocks(clocks: list[Measure], language: str) -> Table:
    said = WORDS[language]
    rows: list[list[Cell]] = [
        [
            said[f"clock_{clock.code}"],
            _duration(clock.median_s),
            _duration(clock.p90_s),
            clock.n,
            Duration(clock.target_s),
            None if clock.within is None else Share(clock.within),
        ]
        for clock in clocks
    ]
    head = [said[word] for word in ("clock", "median", "p90", "n", "target", "within")]
    return Table(code="clocks", title=said["clocks"], head=head, rows=rows)


def _checks(checks: list[Check], language: str) -> Table:
    said = WORDS[language]
    rows: list[list[Cell]] = [
        [
            said[f"check_{check.code}"],
            check.left,
            check.right,
            said["agrees"] if check.holds else said["differs"],
        ]
        for check in checks
    ]
    head = [said[word] for word in ("check", "left", "right", "verdict")]
    return Table(code="checks", title=said["checks"], head=head, rows=rows)
