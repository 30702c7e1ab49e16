"""The submitter's workbook with what was found: cells marked and commented, and a sheet of findings first."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

from mwkb.assessment import Assessment
from mwkb.form import Form, form
from mwkb.knowledge import Knowledge
from mwkb.plan import Plan, read_plan
from mwkb.problems import InputProblem, Place
from mwkb.report.faults import conclusion, said
from mwkb.report.words import TITLES, named, sentences, versions
from mwkb.submission import changes, fitting, read_back
from mwkb.validate import UNDEFINED, Severity
from mwkb.workbook.cells import always_the_same, fit_rows, for_paper, heading, put, quiet
from mwkb.workbook.marks import FILLS, WORDS, Mark, mark
from mwkb.workbook.opening import loaded

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

SHEET = "Findings"
COLUMNS = (("Kind", 20), ("Weight", 11), ("Where", 22), ("About", 36), ("What was found", 80), ("What to do", 50))
HEAD = 5
"""The row with the labels of the columns, by which a sheet is known for one of ours."""
MOST = 30
"""How many things that the workbook leaves out are named."""


@dataclass(frozen=True)
class _Line:
    """One row of the sheet of findings."""

    kind: str
    severity: Severity
    place: Place | None
    about: str
    what: str
    action: str

    @property
    def cell(self) -> str:
        return (self.place and self.place.cell) or ""

    @property
    def where(self) -> str:
        """The cell, or the line of a plan that is no workbook."""
        return self.cell or (f"Line {self.place.line} of the plan" if self.place and self.place.line else "")


def annotated(found: Assessment, knowledge: Knowledge) -> bytes:
    """The workbook that was assessed, or as much of the plan as one can hold, with what was found."""
    path, asked = Path(found.file), form(knowledge)
    plan = read_plan(path)
    lost: list[_Line] = []
    if path.suffix.lower() == ".xlsx":
        content = path.read_bytes()
    else:
        content, plan, lost = _as_workbook(plan, asked)
    book = loaded(io.BytesIO(content))
    lines = [*lost, *_results(found, plan), *_findings(found, plan)]
    mark(book, [Mark(line.cell, line.severity, f"{line.what} {line.action}".strip()) for line in lines if line.cell])
    _list(book, found, lines)
    stream = io.BytesIO()
    book.save(stream)
    return always_the_same(stream.getvalue())


def _as_workbook(plan: Plan, asked: Form) -> tuple[bytes, Plan, list[_Line]]:
    """A plan as a workbook, with the cells that its values stand in, and what of it the workbook cannot hold."""
    content, homeless = fitting(plan, asked)
    lost = [(each.what, each.place) for each in homeless]
    try:
        again = read_back(content, asked)
    except InputProblem as problem:
        lost.append((f"The sheets behind this one cannot be read as a plan: {problem.what}", Place(plan.file)))
        again = replace(plan, places={})
    else:
        kept = {unknown.key for unknown in again.unknown_keys}  # which stand in their cells, and are told of anyway
        lost += [(each.what, each.place) for each in changes(plan, again) if each.value not in kept]
    what = lost[:MOST]
    if len(lost) > MOST:
        what.append((f"There are {len(lost) - MOST} more such things.", Place(plan.file)))
    remedy = "The plan itself is as it was. What is found rests on all that it says."
    return content, again, [_Line("Not in this workbook", "info", place, "", says, remedy) for says, place in what]


def _results(found: Assessment, plan: Plan) -> Iterator[_Line]:
    for result in found.validation:
        place = result.place
        # A fault of the file itself has a cell already, and a key that is not known has none; all else is looked up
        # in the workbook that is marked.
        if not (place and place.cell) and not (result.shape == UNDEFINED and result.path is None):
            place = plan.place(result.focus, result.path or "", result.value)
        yield _Line("What is to be mended", result.severity, place, result.title, said(result), "")


def _findings(found: Assessment, plan: Plan) -> Iterator[_Line]:
    for finding in found.findings:
        records = [reason.record.iri for reason in finding.reasons if reason.record]
        places = [plan.place(iri) for iri in records if iri.startswith(plan.iri)]
        own = plan.place(finding.about.iri) if finding.about.iri.startswith(plan.iri + "/") else None
        place = next(filter(None, (*places, own)), None)
        what, action = conclusion(replace(finding, actions=())), " ".join(finding.actions)
        yield _Line(TITLES[finding.kind][0], finding.severity, place, named(finding.about), what, action)


def _list(book: Workbook, found: Assessment, lines: list[_Line]) -> None:
    from openpyxl.styles import Alignment, PatternFill

    for earlier in [sheet for sheet in book.worksheets if _is_ours(sheet)]:
        book.remove(earlier)
    taken = {name.casefold() for name in book.sheetnames}
    names = chain([SHEET], (f"{SHEET} {number}" for number in count(2)))
    sheet: Worksheet = book.create_sheet(next(name for name in names if name.casefold() not in taken), 0)
    heading(sheet.cell(1, 1), found.plan.label)
    for row, sentence in enumerate((*sentences(found), versions(found.mwkb_version, found.knowledge_version)), 2):
        quiet(sheet.cell(row, 1), sentence)
        sheet.cell(row, 1).alignment = Alignment(wrap_text=False)
    sheet.cell(1, 1).alignment = Alignment(wrap_text=False)
    for column, (label, width) in enumerate(COLUMNS, 1):
        heading(sheet.cell(HEAD, column), label)
        sheet.column_dimensions["ABCDEF"[column - 1]].width = width
    for row, line in enumerate(lines, HEAD + 1):
        for column, text in enumerate((line.kind, WORDS[line.severity], line.where, line.about, line.what, line.action), 1):
            put(sheet.cell(row, column), text)
            sheet.cell(row, column).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.cell(row, 2).fill = PatternFill("solid", fgColor=FILLS[line.severity])
        if line.cell:
            name, _, coordinate = line.cell.rpartition("!")
            sheet.cell(row, 3).hyperlink = f"#'{name}'!{coordinate}"
    sheet.freeze_panes = f"A{HEAD + 1}"
    if lines:
        sheet.auto_filter.ref = f"A{HEAD}:F{HEAD + len(lines)}"
    fit_rows(sheet, HEAD + 1)
    for_paper(sheet, sum(width for _, width in COLUMNS), f"{HEAD}:{HEAD}")
    book.active = 0
    for other in book.worksheets:
        other.sheet_view.tabSelected = other is sheet


def _is_ours(sheet: Worksheet) -> bool:
    """Whether a sheet is one of findings, and not one that a person called so."""
    if not sheet.title.casefold().startswith(SHEET.casefold()):
        return False
    return [sheet.cell(HEAD, column).value for column in range(1, len(COLUMNS) + 1)] == [label for label, _ in COLUMNS]
