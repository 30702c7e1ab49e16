"""Write facts as a workbook, a sheet for each kind, or as CSV."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from mwkb.knowledge import Knowledge
from mwkb.report.structured import table_csv
from mwkb.table.called import Called
from mwkb.table.columns import Column, Columns
from mwkb.table.homes import Homes
from mwkb.table.kind import Kind
from mwkb.table.layout import FILE, FILE_KEY, id_heading, id_key, titles
from mwkb.table.values import shown
from mwkb.vocabulary import local_name
from mwkb.workbook.cells import (
    THEN,
    always_the_same,
    as_date,
    as_number,
    boxed,
    fit_rows,
    for_paper,
    heading,
    label,
    lines_needed,
    put,
    quiet,
)
from mwkb.workbook.layout import FIRST, HEAD, HELP, INSTRUCTIONS, KEYS, LISTS, NO, YES

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

SPARE = 30
"""Rows for new facts that a sheet has drop-downs for."""
MOST_CHOICES = 60
"""Up to how many choices a drop-down has."""
_WIDTHS = {"text": 40, "thing": 34}
_TEXT = "@"
"""The number format by which a spreadsheet leaves what is typed as it is."""
_STEPS = (
    "A row is a fact. Change what is wrong; to add a fact, write a new row below and leave its id empty.",
    "What has a star (*) must be there. Several values stand in one cell, each on a line of its own (Alt+Enter).",
    "Name other facts as they are called here, or by id. A new row may be named by rows of other sheets.",
    "A row that is taken out stays a fact: to withdraw it, write Yes in the column Deprecated.",
    "Write no formulas and merge no cells. Save the file as .xlsx, and put it into the knowledge base:",
    "mwkb table --apply FILE.xlsx --dry-run shows what would change; without --dry-run it is changed.",
)


def workbook(knowledge: Knowledge, kinds: Sequence[Kind]) -> bytes:
    """All facts of some kinds as a workbook; the same facts give the same bytes."""
    return _Writer(knowledge, kinds).file()


def csv(knowledge: Knowledge, kind: Kind) -> str:
    """All facts of a kind as CSV, a row each, with the labels of the columns as its first row."""
    columns, called, homes = _known(knowledge)
    asked = columns.of(kind)
    rows = [["\n".join(cell) for cell in _cells(columns, called, homes, asked, fact)] for fact in kind.facts]
    return table_csv([id_heading(kind), *(column.heading for column in asked), FILE], rows)


@lru_cache(maxsize=1)
def _known(knowledge: Knowledge) -> tuple[Columns, Called, Homes]:
    """What is looked up once for all kinds."""
    return Columns(knowledge), Called(knowledge), Homes(knowledge)


def _cells(columns: Columns, called: Called, homes: Homes, asked: Sequence[Column], fact: str) -> Iterator[list[str]]:
    """The lines of each cell in the row of a fact."""
    yield [local_name(fact)]
    for column in asked:
        yield list(shown(called, column, columns.said(fact, column.iri)))
    yield [homes.of(fact)]


class _Writer:
    def __init__(self, knowledge: Knowledge, kinds: Sequence[Kind]) -> None:
        from openpyxl import Workbook

        self.kinds = kinds
        self.columns, self.called, self.homes = _known(knowledge)
        self.version = knowledge.version
        self.book: Workbook = Workbook()
        self.asked: Mapping[str, tuple[Column, ...]] = {kind.iri: self.columns.of(kind) for kind in kinds}
        self.lists: dict[tuple[str, ...], str] = {}
        self.styles: dict[str, Any] = {}

    def file(self) -> bytes:
        assert self.book.active is not None
        self.book.active.title = INSTRUCTIONS
        self._instructions(self.book[INSTRUCTIONS])
        named = titles(self.kinds)
        sheets = [(kind, self.book.create_sheet(named[kind.iri])) for kind in self.kinds]
        self._lists()
        for kind, sheet in sheets:
            self._table(kind, sheet)
        self.book.active = 1 if sheets else 0
        for sheet in self.book.worksheets:
            sheet.sheet_view.tabSelected = sheet is self.book.active
        self.book.properties.creator = "mwkb"
        self.book.properties.created = self.book.properties.modified = THEN.replace(tzinfo=None)
        stream = io.BytesIO()
        self.book.save(stream)
        return always_the_same(stream.getvalue())

    def _choices(self, column: Column) -> tuple[str, ...]:
        """What a drop-down offers: few things of one kind, or Yes and No."""
        if column.holds == "yes-no":
            return YES, NO
        labels = self.called.labels(column.classes) if column.holds == "thing" and column.classes else []
        return tuple(labels) if len(labels) <= MOST_CHOICES else ()

    def _lists(self) -> None:
        """The choices, a column each, on a hidden sheet, and a name for each by which the drop-downs go."""
        from openpyxl.utils import get_column_letter
        from openpyxl.workbook.defined_name import DefinedName

        sheet = self.book.create_sheet(LISTS)
        sheet.sheet_state = "hidden"
        for kind in self.kinds:
            for choices in map(self._choices, self.asked[kind.iri]):
                if not choices or choices in self.lists:
                    continue
                number = len(self.lists) + 1
                letter = get_column_letter(number)
                for row, choice in enumerate(choices, 1):
                    put(sheet.cell(row, number), choice)
                name = f"list_{number}"
                self.book.defined_names[name] = DefinedName(name, attr_text=f"{LISTS}!${letter}$1:${letter}${len(choices)}")
                self.lists[choices] = name

    def _table(self, kind: Kind, sheet: Worksheet) -> None:
        from openpyxl.utils import get_column_letter

        asked = self.asked[kind.iri]
        heads = [
            (id_heading(kind), "What links go by. It never changes. Leave it empty for a new fact.", id_key(kind), 26),
            *((c.heading, c.help, c.iri, _WIDTHS.get(c.holds, 16)) for c in asked),
            (FILE, "Where the fact stands. Leave it empty for a new fact, unless you are asked for it.", FILE_KEY, 26),
        ]
        for number, (title, help, key, width) in enumerate(heads, 1):
            heading(sheet.cell(HEAD, number), title)
            quiet(sheet.cell(HELP, number), help)
            put(sheet.cell(KEYS, number), key)
            sheet.column_dimensions[get_column_letter(number)].width = width
        sheet.row_dimensions[KEYS].hidden = True
        for line, texts in ((HEAD, [head[0] for head in heads]), (HELP, [head[1] for head in heads])):
            most = max(lines_needed(text, head[3]) for text, head in zip(texts, heads, strict=True))
            sheet.row_dimensions[line].height = 4 + 15 * most
        sheet.freeze_panes = f"C{FIRST}"
        for_paper(sheet, sum(head[3] for head in heads), f"{HEAD}:{HELP}")
        for row, fact in enumerate(kind.facts, FIRST):
            cells = _cells(self.columns, self.called, self.homes, asked, fact)
            for number, (column, lines) in enumerate(zip([None, *asked, None], cells, strict=True), 1):
                self._fill(sheet.cell(row, number), column, lines)
        for row in range(FIRST + len(kind.facts), FIRST + len(kind.facts) + SPARE):
            for number, column in enumerate([None, *asked, None], 1):
                self._fill(sheet.cell(row, number), column, [])
        fit_rows(sheet, FIRST)
        for number, column in enumerate(asked, 2):
            letter = get_column_letter(number)
            self._check(sheet, column, f"{letter}{FIRST}:{letter}{FIRST + len(kind.facts) + SPARE - 1}")

    def _check(self, sheet: Worksheet, column: Column, cells: str) -> None:
        """A drop-down, where there are few choices. It refuses nothing: several values may stand in a cell."""
        from openpyxl.worksheet.datavalidation import DataValidation

        if name := self.lists.get(self._choices(column)):
            rule = DataValidation("list", formula1=f"={name}", showErrorMessage=False, allow_blank=True)
            rule.add(cells)
            sheet.add_data_validation(rule)

    def _instructions(self, sheet: Worksheet) -> None:
        sheet.column_dimensions["A"].width = 28
        sheet.column_dimensions["B"].width = 110
        heading(sheet.cell(1, 1), "Facts of the knowledge base")
        for number, step in enumerate(_STEPS, 1):
            label(sheet.cell(number + 2, 1), f"Step {number}")
            quiet(sheet.cell(number + 2, 2), step)
        row = len(_STEPS) + 4
        label(sheet.cell(row, 1), "Version of the knowledge base")
        label(sheet.cell(row, 2), self.version)
        for_paper(sheet, 138)
        fit_rows(sheet, 1)

    def _fill(self, cell: Cell | MergedCell, column: Column | None, lines: Sequence[str]) -> None:
        """Write the lines of a cell: one number or date as itself, so that a spreadsheet can sort by it, and all else as text."""
        holds = column.holds if column else "text"
        form = {"date": "yyyy-mm-dd", "number": "General"}.get(holds, _TEXT)
        styled: Any = cell  # to make the style of each cell anew would take most of the time
        if form not in self.styles:
            boxed(cell)
            cell.number_format = form
            self.styles[form] = styled._style
        styled._style = copy(self.styles[form])
        written: object = "\n".join(lines)
        if len(lines) == 1 and holds in ("date", "number"):
            written = as_date(lines[0]) if holds == "date" else as_number(lines[0])
        put(cell, written)
