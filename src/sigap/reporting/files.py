"""A report as CSV and as a workbook."""

import csv
import io

import xlsxwriter

from sigap.kernel import settings
from sigap.reporting.daily import Cell, DailyReport

DELIMITER = settings.declare(
    "report.csv_delimiter",
    ";",
    "Between the fields of a CSV file; Indonesian spreadsheets expect a semicolon.",
)
DASH = "–"


def as_csv(report: DailyReport) -> bytes:
    """All tables below each other, UTF-8 with a byte-order mark: spreadsheets open it without asking."""
    text = io.StringIO()
    rows = csv.writer(text, delimiter=DELIMITER.value, lineterminator="\r\n")
    rows.writerow([report.title])
    for table in report.tables:
        rows.writerow([])
        rows.writerow([table.title])
        rows.writerow(table.head)
        rows.writerows([_shown(cell) for cell in row] for row in table.rows)
    rows.writerow([])
    rows.writerows([line] for line in report.footer)
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(report: DailyReport) -> bytes:
    """One sheet per table, numbers as numbers, ready to print on A4."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    title = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"})
    note = book.add_format({"font_color": "#4d5a66"})
    for table in report.tables:
        sheet = book.add_worksheet(table.title[:31].replace("/", "-"))
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(3)
        sheet.write(0, 0, report.title, title)
        sheet.write(1, 0, table.title)
        sheet.write_row(3, 0, table.head, head)
        for place, row in enumerate(table.rows, start=4):
            sheet.write_row(place, 0, [_shown(cell) for cell in row])
        for column in range(len(table.head)):
            longest = max(
                [len(table.head[column]) // 2, *(len(str(row[column])) for row in table.rows)], default=8
            )
            sheet.set_column(column, column, min(48, max(10, longest + 2)))
        for place, line in enumerate(report.footer, start=len(table.rows) + 5):
            sheet.write(place, 0, line, note)
        sheet.freeze_panes(4, 0)
    book.close()
    return file.getvalue()


def _shown(cell: Cell) -> str | int | float:
    return DASH if cell is None else cell
