"""Cells of a workbook: values as themselves, headings and hints; and a file that is the same each time."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell

THEN = datetime(2026, 1, 1, tzinfo=UTC)
"""The time that every workbook carries, so that the same plan gives the same bytes."""
_INK, _PAPER, _QUIET = "FF1F3A4D", "FFE8EEF2", "FF5A6872"


def put(cell: Cell | MergedCell, value: Any) -> None:
    """A value as itself: a text that a spreadsheet would run stays a text."""
    from openpyxl.cell.cell import Cell

    if value is None or value == "" or not isinstance(cell, Cell):
        return
    if isinstance(value, str):
        value = "".join(c for c in value if c.isprintable() or c in "\n\t")
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(("=", "+", "-", "@"))


def heading(cell: Cell | MergedCell, text: str) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    put(cell, text)
    cell.font = Font(bold=True, color=_INK)
    cell.fill = PatternFill("solid", fgColor=_PAPER)
    cell.alignment = Alignment(wrap_text=True, vertical="top")


def quiet(cell: Cell | MergedCell, text: str) -> None:
    from openpyxl.styles import Alignment, Font

    put(cell, text)
    cell.font = Font(color=_QUIET)
    cell.alignment = Alignment(wrap_text=True, vertical="top")


def as_date(text: str) -> date | str:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def as_number(text: str) -> int | Decimal | str:
    """A number that a spreadsheet writes in the same letters, or else the text."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if not number.is_finite() or len(text) > 15:
        return text
    whole = int(number) if number == number.to_integral_value() else number
    return whole if str(whole) == text else text


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
