"""Marks in the cells of a workbook: a colour and a comment, taken away again without what people wrote themselves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mwkb.validate import SEVERITIES, Severity
from mwkb.workbook.cells import PAPER

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

FILLS: dict[Severity, str] = {"violation": "FFF6CFCB", "warning": "FFFCE9C4", "info": "FFDCE9F5"}
WORDS: dict[Severity, str] = {"violation": "Violation", "warning": "Warning", "info": "Remark"}
LINE = "— mwkb —"
"""Stands before and after what we say in a comment: some programs forget who wrote it."""
LONGEST = 4000
_OURS = re.compile(rf"\s*{LINE}\n.*?(\n{LINE}|$)", re.DOTALL)


@dataclass(frozen=True)
class Mark:
    """What is said of a cell, ``Interventions!A3``."""

    cell: str
    severity: Severity
    says: str


def mark(book: Workbook, marks: list[Mark]) -> None:
    """Colour each cell that something is said of, and say it in a comment behind what is there; earlier marks go."""
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    _unmark(book)
    said: dict[tuple[str, str], list[Mark]] = {}
    for each in marks:
        sheet, _, cell = each.cell.rpartition("!")
        said.setdefault((sheet, cell), []).append(each)
    for (sheet, cell), about in said.items():
        if sheet in book.sheetnames:
            target = _first_of_merged(book[sheet], cell)
            worst = min((each.severity for each in about), key=SEVERITIES.index)
            target.fill = PatternFill("solid", fgColor=FILLS[worst])
            text = "\n\n".join(f"{WORDS[each.severity]}: {each.says}" for each in about)[:LONGEST]
            theirs = target.comment
            text = (f"{theirs.text}\n\n" if theirs else "") + f"{LINE}\n{text}\n{LINE}"
            height = min(60 + len(text) // 2, 500)
            target.comment = Comment(text, theirs.author if theirs and theirs.author else "mwkb", width=420, height=height)


def _unmark(book: Workbook) -> None:
    """Take away what an earlier assessment marked."""
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if not cell.comment or not _OURS.search(cell.comment.text):
                    continue
                theirs, author = _OURS.sub("", cell.comment.text).strip(), cell.comment.author
                cell.comment = Comment(theirs, author) if theirs else None
                if cell.fill.fgColor.rgb in FILLS.values():
                    cell.fill = PatternFill("solid", fgColor=PAPER) if cell.font.bold else PatternFill()


def _first_of_merged(sheet: Worksheet, coordinate: str) -> Cell | MergedCell:
    """A cell, or where it is part of merged cells the first of them, which alone can be marked."""
    from openpyxl.utils.cell import coordinate_to_tuple

    for area in sheet.merged_cells.ranges:
        if coordinate in area:
            return sheet.cell(area.min_row, area.min_col)
    column, row = coordinate_to_tuple(coordinate)[::-1]
    return sheet.cell(row, column)
