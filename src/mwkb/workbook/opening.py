"""Open a workbook that a stranger sent: nothing in it runs, nothing unpacks without end, and what is damaged is said."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from mwkb.plan.limits import Limits
from mwkb.problems import InputProblem, Place
from mwkb.workbook.bounds import check_size
from mwkb.workbook.cells import digits

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

_BLANK = " \t\u00a0"
"""What is taken from the ends of a text; the end of a line stays."""
_OLE = b"\xd0\xcf\x11\xe0"
"""How a file of Excel before 2007 begins, and any that is protected by a password."""


def opened(path: Path, limits: Limits) -> dict[str, Worksheet]:
    """The sheets of a workbook by title. Raises InputProblem if it cannot be read; formulas, links and macros are left alone."""
    try:
        with path.open("rb") as file:
            start = file.read(4)
    except OSError as error:
        raise InputProblem(f"The file cannot be opened: {error.strerror}.", path) from None
    if start == _OLE:
        raise InputProblem("This is an older workbook (.xls), or has a password.", path, "Save it as .xlsx without a password.")
    try:
        check_size(path, limits)
        book = loaded(path)
    except InputProblem:
        raise
    except Exception as error:  # openpyxl raises whatever a damaged part made it stumble over
        what = "This is not a workbook" if isinstance(error, zipfile.BadZipFile) else "The workbook is damaged"
        raise InputProblem(f"{what} that can be read.", path, "Save it as .xlsx.") from None
    return {sheet.title: sheet for sheet in book.worksheets}


def loaded(source: Path | BinaryIO) -> Workbook:
    """A workbook without its links to others. What openpyxl warns of would mean nothing to whoever wrote it."""
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return load_workbook(source, keep_links=False, rich_text=False)


def grid(sheet: Worksheet, path: Path, limits: Limits) -> Iterator[tuple[Cell | MergedCell, ...]]:
    """The rows of a sheet. Raises InputProblem if it spans so many cells that something must be wrong."""
    if sheet.max_row * sheet.max_column > limits.cells:
        size = f"{sheet.max_row:,} rows and {sheet.max_column:,} columns"
        raise InputProblem(f"The sheet '{sheet.title}' spans {size}.", path, "Delete the rows and columns behind what you wrote.")
    yield from sheet.iter_rows()


def place(path: Path, cell: Cell | MergedCell) -> Place:
    return Place(str(path), cell=f"{cell.parent.title}!{cell.coordinate}")


def text_of(path: Path, cell: Cell | MergedCell) -> str:
    """What a cell says, as a plan writes it. Raises InputProblem at a formula or an error."""
    if getattr(cell, "data_type", "") == "f":
        raise InputProblem("A formula is not read.", place(path, cell), "Put its result in its place.")
    if getattr(cell, "data_type", "") == "e":
        raise InputProblem(f"The cell holds the error {cell.value}.", place(path, cell), "Put a value in its place.")
    if is_percentage(cell):
        return f"{digits(float(str(cell.value)) * 100)}%"  # as it is shown; what is kept is a hundredth
    return _text(cell.value)


def is_percentage(cell: Any) -> bool:
    """Whether a cell holds a number that a spreadsheet shows a hundred times as large."""
    return cell.data_type == "n" and cell.value is not None and "%" in cell.number_format


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return digits(value)
    return str(value).strip(_BLANK) if str(value).strip() else ""
