"""The submitter's workbook with what was found: cells marked and commented, and a sheet of findings first."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mwkb.assessment import Assessment
from mwkb.form import Form, form
from mwkb.knowledge import Knowledge
from mwkb.plan import Plan, read_plan
from mwkb.problems import Place
from mwkb.report.words import TITLES, named, sentences
from mwkb.workbook.cells import PAPER, always_the_same, fit_rows, for_paper, heading, put, quiet

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

SHEET = "Findings"
COLUMNS = (("Kind", 20), ("Weight", 11), ("Where", 22), ("About", 36), ("What was found", 80), ("What to do", 50))
_FILLS = {"violation": "FFF6CFCB", "warning": "FFFCE9C4", "info": "FFDCE9F5"}
_WORDS = {"violation": "Violation", "warning": "Warning", "info": "Remark"}


@dataclass(frozen=True)
class _Line:
    """One row of the sheet of findings."""

    kind: str
    severity: str
    place: Place | None
    about: str
    what: str
    action: str


def annotated(found: Assessment, knowledge: Knowledge) -> bytes:
    """The workbook that was assessed, or the plan as one, with what was found.

    Raises InputProblem if the plan says what a workbook has no place for.
    """
    from openpyxl import load_workbook

    content, plan = _as_workbook(Path(found.file), form(knowledge))
    book = load_workbook(io.BytesIO(content), keep_links=False)
    lines = [*_results(found, plan), *_findings(found, plan)]
    _mark(book, lines)
    _list(book, found, lines)
    stream = io.BytesIO()
    book.save(stream)
    return always_the_same(stream.getvalue())


def _as_workbook(path: Path, asked: Form) -> tuple[bytes, Plan]:
    """The bytes of a workbook with the plan in a file, and the plan with the cells that its values stand in."""
    if path.suffix.lower() == ".xlsx":
        return path.read_bytes(), read_plan(path)
    from mwkb.submission import written
    from mwkb.workbook.read import read_workbook

    content = written(read_plan(path), asked, ".xlsx")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "plan.xlsx"
        copy.write_bytes(content)
        return content, read_workbook(copy, asked)


def _results(found: Assessment, plan: Plan) -> Iterator[_Line]:
    for result in found.validation:
        # A fault of the file itself has a cell already; every other is looked up in the workbook that is marked.
        place = result.place if result.place and result.place.cell else plan.place(result.focus, result.path or "")
        yield _Line("What is to be mended", result.severity, place, result.title, result.message, "")


def _findings(found: Assessment, plan: Plan) -> Iterator[_Line]:
    for finding in found.findings:
        records = [reason.record.iri for reason in finding.reasons if reason.record]
        places = [plan.place(iri) for iri in records if iri.startswith(plan.iri)]
        own = plan.place(finding.about.iri) if finding.about.iri.startswith(plan.iri + "/") else None
        says = " ".join(filter(None, (finding.question, *(reason.says for reason in finding.reasons))))
        place = next(filter(None, (*places, own)), None)
        yield _Line(TITLES[finding.kind][0], finding.severity, place, named(finding.about), says, " ".join(finding.actions))


def _mark(book: Workbook, lines: list[_Line]) -> None:
    """Colour each cell that something is said of, and say it in a comment."""
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    _unmark(book)
    said: dict[tuple[str, str], list[_Line]] = {}
    for line in lines:
        if line.place and line.place.cell:
            sheet, _, cell = line.place.cell.rpartition("!")
            said.setdefault((sheet, cell), []).append(line)
    for (sheet, cell), about in said.items():
        if sheet in book.sheetnames:
            target = _first_of_merged(book[sheet], cell)
            worst = min((line.severity for line in about), key=list(_FILLS).index)
            target.fill = PatternFill("solid", fgColor=_FILLS[worst])
            text = "\n\n".join(f"{_WORDS[line.severity]}: {line.what}" for line in about)
            target.comment = Comment(text[:4000], "mwkb", width=420, height=min(60 + len(text) // 2, 500))


def _unmark(book: Workbook) -> None:
    """Take away what an earlier assessment marked."""
    from openpyxl.styles import PatternFill

    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.comment and cell.comment.text.startswith(tuple(f"{word}: " for word in _WORDS.values())):
                    cell.comment = None
                    cell.fill = PatternFill("solid", fgColor=PAPER) if cell.font.bold else PatternFill()


def _first_of_merged(sheet: Worksheet, coordinate: str) -> Cell | MergedCell:
    """A cell, or where it is part of merged cells the first of them, which alone can be marked."""
    from openpyxl.utils.cell import coordinate_to_tuple

    for area in sheet.merged_cells.ranges:
        if coordinate in area:
            return sheet.cell(area.min_row, area.min_col)
    column, row = coordinate_to_tuple(coordinate)[::-1]
    return sheet.cell(row, column)


def _list(book: Workbook, found: Assessment, lines: list[_Line]) -> None:
    from openpyxl.styles import Alignment, PatternFill

    if SHEET in book.sheetnames:
        del book[SHEET]
    sheet: Worksheet = book.create_sheet(SHEET, 0)
    heading(sheet.cell(1, 1), found.plan.label)
    for row, sentence in enumerate(sentences(found), 2):
        quiet(sheet.cell(row, 1), sentence)
        sheet.cell(row, 1).alignment = Alignment(wrap_text=False)
    sheet.cell(1, 1).alignment = Alignment(wrap_text=False)
    for column, (label, width) in enumerate(COLUMNS, 1):
        heading(sheet.cell(5, column), label)
        sheet.column_dimensions["ABCDEF"[column - 1]].width = width
    for row, line in enumerate(lines, 6):
        cell = line.place.cell if line.place and line.place.cell else ""
        for column, text in enumerate((line.kind, _WORDS[line.severity], cell, line.about, line.what, line.action), 1):
            put(sheet.cell(row, column), text)
            sheet.cell(row, column).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.cell(row, 2).fill = PatternFill("solid", fgColor=_FILLS[line.severity])
        if cell:
            name, _, coordinate = cell.rpartition("!")
            sheet.cell(row, 3).hyperlink = f"#'{name}'!{coordinate}"
    sheet.freeze_panes = "A6"
    if lines:
        sheet.auto_filter.ref = f"A5:F{5 + len(lines)}"
    fit_rows(sheet, 6)
    for_paper(sheet, sum(width for _, width in COLUMNS), "5:5")
    book.active = 0
    for other in book.worksheets:
        other.sheet_view.tabSelected = other is sheet
