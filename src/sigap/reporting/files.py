"""A report as CSV and as a workbook."""

import csv
import io
from typing import Final

import xlsxwriter

from sigap.kernel import settings
from sigap.reporting.daily import Cell, DailyReport, Duration, Share

DELIMITER = settings.declare(
    "report.csv_delimiter",
    ";",
    "Between the fields of a CSV file; Indonesian spreadsheets expect a semicolon.",
)
DASH: Final = "–"
DAY_S: Final = 86_400
"""A workbook counts time in days."""


def safe_text(text: str) -> str:
    """Text for a CSV field; an apostrophe in front of what a spreadsheet would run as a formula (OWASP)."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def as_csv(report: DailyReport) -> bytes:
    """All tables below each other, UTF-8 with a byte-order mark: spreadsheets open it without asking."""
    text = io.StringIO()
    rows = csv.writer(text, delimiter=DELIMITER.value, lineterminator="\r\n")
    rows.writerow([report.title])
    for table in report.tables:
        rows.writerow([])
        rows.writerow([table.title])
        rows.writerow(table.head)
        rows.writerows([_csv(cell) for cell in row] for row in table.rows)
    rows.writerow([])
    rows.writerows([line] for line in report.footer)
    return text.getvalue().encode("utf-8-sig")


def _csv(cell: Cell) -> str | int:
    """Times with hours and a percent without a space, so that a spreadsheet reads neither as something else."""
    match cell:
        case None:
            return DASH
        case Duration(seconds):
            sign, whole = ("-" if round(seconds) < 0 else ""), abs(round(seconds))
            return f"{sign}{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"
        case Share(value):
            return f"{value * 100:.0f}%"
        case str():
            return safe_text(cell)
        case _:
            return cell


def as_xlsx(report: DailyReport) -> bytes:
    """One sheet per table, numbers as numbers, times as times, ready to print on A4."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(
        file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    title = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"})
    note = book.add_format({"font_color": "#4d5a66"})
    time = book.add_format({"num_format": "[h]:mm:ss"})
    percent = book.add_format({"num_format": "0%"})
    right = book.add_format({"align": "right"})
    for table in report.tables:
        sheet = book.add_worksheet(table.title[:31].replace("/", "-"))
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(3)
        sheet.write(0, 0, report.title, title)
        sheet.write(1, 0, table.title)
        sheet.write_row(3, 0, table.head, head)
        for place, row in enumerate(table.rows, start=4):
            for column, cell in enumerate(row):
                match cell:
                    case None:
                        sheet.write_string(place, column, DASH, right)
                    case Duration(seconds):
                        sheet.write_number(place, column, round(seconds) / DAY_S, time)
                    case Share(value):
                        sheet.write_number(place, column, value, percent)
                    case _:
                        sheet.write(place, column, cell)
        for column in range(len(table.head)):
            longest = max(
                [len(table.head[column]) // 2, *(len(str(_csv(row[column]))) for row in table.rows)],
                default=8,
            )
            sheet.set_column(column, column, min(48, max(10, longest + 2)))
        for place, line in enumerate(report.footer, start=len(table.rows) + 5):
            sheet.write(place, 0, line, note)
        sheet.freeze_panes(4, 0)
    book.close()
    return file.getvalue()
