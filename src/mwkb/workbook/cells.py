"""Cells of a workbook: values as themselves, headings and hints; and a file that is the same each time."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from textwrap import wrap
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

THEN = datetime(2026, 1, 1, tzinfo=UTC)
"""The time that every workbook carries, so that the same plan gives the same bytes."""
LONGEST = 32_767
"""The characters that a cell has room for."""
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_INK, _QUIET, _LINE = "FF1F3A4D", "FF5A6872", "FFB8C4CC"
PAPER = "FFE8EEF2"
"""The colour behind headings."""
_TYPE = "Calibri"
PAGE = 190
"""The width of columns, in characters, that is readable on a page of A4 on its side."""


def put(cell: Cell | MergedCell, value: Any) -> None:
    """A value as itself: a text that a spreadsheet would run stays a text."""
    from openpyxl.cell.cell import Cell

    if value is None or value == "" or not isinstance(cell, Cell):
        return
    if isinstance(value, str):
        value = _NO_XML.sub("", value)[:LONGEST]
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(("=", "+", "-", "@"))


def heading(cell: Cell | MergedCell, text: str) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    put(cell, text)
    cell.font = Font(name=_TYPE, size=11, bold=True, color=_INK)
    cell.fill = PatternFill("solid", fgColor=PAPER)
    cell.alignment = Alignment(wrap_text=True, vertical="top")


def quiet(cell: Cell | MergedCell, text: str) -> None:
    from openpyxl.styles import Alignment, Font

    put(cell, text)
    cell.font = Font(name=_TYPE, size=10, color=_QUIET)
    cell.alignment = Alignment(wrap_text=True, vertical="top")


def label(cell: Cell | MergedCell, text: Any) -> None:
    """What stands beside a value, at the top of its row."""
    from openpyxl.styles import Alignment, Font

    put(cell, text)
    cell.font = Font(name=_TYPE, size=11)
    cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal="left")


def boxed(cell: Cell | MergedCell) -> None:
    """A cell that waits for what a person writes: a thin line around it, and long text on several lines."""
    from openpyxl.styles import Alignment, Border, Side

    line = Side("thin", color=_LINE)
    cell.border = Border(left=line, right=line, top=line, bottom=line)
    cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal="left")


def for_paper(sheet: Worksheet, width: float, repeated: str = "") -> None:
    """Print a sheet on its side, as many pages wide as its columns need, with some rows on every page."""
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = max(1, round(width / PAGE)), 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    if sheet.oddFooter:
        sheet.oddFooter.center.text = "&A, page &P of &N"
    if repeated:
        sheet.print_title_rows = repeated


def fit_rows(sheet: Worksheet, first: int) -> None:
    """Make each row as high as the longest text in it needs; some programs do not do so by themselves."""
    from openpyxl.utils import get_column_letter

    for row in sheet.iter_rows(min_row=first):
        needed = 1
        for cell in row:
            if isinstance(cell.value, str) and cell.alignment.wrap_text and cell.column:
                width = sheet.column_dimensions[get_column_letter(cell.column)].width
                needed = max(needed, lines_needed(cell.value, width))
        if needed > 1 and row[0].row:
            sheet.row_dimensions[row[0].row].height = 2 + 14 * min(needed, 28)


def lines_needed(text: str, width: float) -> int:
    """On how many lines a text stands in a column of that width, which is counted in digits: most letters are narrower."""
    return sum(max(1, len(wrap(part, int(width * 1.1)))) for part in text.splitlines()) or 1


def as_date(text: str) -> date | str:
    """A date that comes back from a spreadsheet in the same letters, or else the text."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return text
    # Spreadsheets count days from 1900, and differ on its first two months.
    return found if found.isoformat() == text and found.year > 1900 else text


def as_number(text: str) -> int | Decimal | str:
    """A number that comes back from a spreadsheet in the same letters, or else the text."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if not number.is_finite() or len(text) > 15 or digits(float(number)) != text:
        return text
    return int(number) if number == number.to_integral_value() else number


def digits(value: float) -> str:
    """A number in the digits that a spreadsheet keeps: 0.1 + 0.2 is 0.3 there."""
    shown = Decimal(f"{value:.15g}")
    return f"{shown.to_integral_value() if shown == shown.to_integral_value() else shown:f}"


def always_the_same(content: bytes) -> bytes:
    """The same archive with one time for all of its files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            fixed = zipfile.ZipInfo(item.filename, THEN.timetuple()[:6])
            fixed.compress_type = zipfile.ZIP_DEFLATED
            part = old.read(item.filename)
            if item.filename == "docProps/core.xml":  # openpyxl writes there when it saved
                part = re.sub(rb"\d{4}-\d\d-\d\dT[\d:]+Z", f"{THEN:%Y-%m-%dT%H:%M:%SZ}".encode(), part)
            new.writestr(fixed, part)
    return stream.getvalue()
