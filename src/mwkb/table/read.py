"""Read a table of facts back: a workbook, or CSV, as rows of texts, each with the cell that it stands in."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from mwkb.knowledge import Knowledge
from mwkb.plan.document import Note
from mwkb.plan.limits import USUAL, Limits
from mwkb.problems import InputProblem, Place, nearest
from mwkb.table.columns import Column, Columns
from mwkb.table.kind import Kind, kinds
from mwkb.table.layout import FILE, FILE_KEY, id_heading, id_key
from mwkb.workbook.layout import FIRST, HEAD, INSTRUCTIONS, KEYS, LISTS
from mwkb.workbook.names import folded
from mwkb.workbook.opening import grid, opened, place, text_of

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell as SheetCell
    from openpyxl.cell.cell import MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

ENDINGS = (".xlsx", ".csv")
_ID = "id"
_GUARDED = re.compile(r"'[=+\-@\t\r]")
"""How CSV begins a text that a spreadsheet would run."""


@dataclass(frozen=True)
class Cell:
    text: str
    place: Place


@dataclass(frozen=True)
class Row:
    """A fact as its row says it; a cell that could not be read is empty."""

    kind: Kind
    id: Cell
    file: Cell
    cells: Mapping[str, Cell]


@dataclass
class Read:
    """The rows of a table, with the columns of each kind, what was refused and what was passed over."""

    asked: Columns
    rows: list[Row] = field(default_factory=list)
    columns: dict[str, dict[str, Column]] = field(default_factory=dict)
    kinds: list[Kind] = field(default_factory=list)
    refused: list[InputProblem] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def read(path: Path, knowledge: Knowledge, limits: Limits = USUAL) -> Read:
    """Read a table. Raises InputProblem if it cannot be read at all; what is wrong in a cell is among what is refused."""
    if path.suffix.lower() not in ENDINGS:
        raise InputProblem(f"A table cannot be read from '{path.suffix or path.name}'.", path, f"Use {' or '.join(ENDINGS)}.")
    _check(path, limits)
    reader = _Reader(path, knowledge)
    if path.suffix.lower() == ".csv":
        reader.csv(path)
    else:
        for sheet in opened(path, limits).values():
            if sheet.title not in (INSTRUCTIONS, LISTS):
                reader.sheet(sheet, limits)
    if not reader.found.kinds:
        raise InputProblem(
            "There is no table of facts in it.",
            path,
            "Start from one that mwkb table writes, and leave its headings as they are.",
        )
    return reader.found


def _check(path: Path, limits: Limits) -> None:
    if path.is_dir():
        raise InputProblem("This is a folder, not a table.", path)
    try:
        size = path.stat().st_size
    except OSError as error:
        raise InputProblem(f"The file cannot be opened: {error.strerror}.", path, "Check the path.") from None
    if size > limits.bytes:
        raise InputProblem(f"The file is larger than {limits.bytes / 1_000_000:g} MB.", path)


class _Reader:
    def __init__(self, path: Path, knowledge: Knowledge) -> None:
        self.path = path
        self.kinds = kinds(knowledge)
        self.found = Read(Columns(knowledge))

    def csv(self, path: Path) -> None:
        try:
            text = path.read_bytes().decode("utf-8-sig")
            lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        except UnicodeDecodeError:
            raise InputProblem("The file is not UTF-8 text.", path, "Save it as CSV UTF-8.") from None
        except csv.Error as error:
            raise InputProblem(f"This is not CSV: {error}.", path, "Save it anew, with commas and double quotes.") from None
        kind = next((kind for kind in self.kinds if lines and lines[0] and _is_id(kind, lines[0][0])), None)
        if kind is None:
            return
        table = [
            [Cell(_unguarded(_with_plain_ends(text)), self._at(row, number)) for number, text in enumerate(line, 1)]
            for row, line in enumerate(lines, 1)
        ]
        heads = self._columns(kind, [("", cell) for cell in table[0]], table[1:])
        for line in table[1:]:
            if any(cell.text for cell in line) and len(line) != len(table[0]):
                what = f"The row has {len(line)} cells, and there are {len(table[0])} columns."
                self._refuse(what, line[0].place, "Put quotes around a text with commas, and leave no cell out.")
            else:
                self._row(kind, heads, line)

    def _at(self, row: int, column: int) -> Place:
        from openpyxl.utils import get_column_letter

        return Place(str(self.path), cell=f"{get_column_letter(column)}{row}")

    def sheet(self, sheet: Worksheet, limits: Limits) -> None:
        lines = list(grid(sheet, self.path, limits))
        keys = [str(cell.value or "") for cell in lines[KEYS - 1]] if len(lines) >= KEYS else []
        kind = next((kind for kind in self.kinds if id_key(kind) in keys), None)
        if kind is None:
            if any(cell.value is not None for line in lines for cell in line):
                what = f"The sheet '{sheet.title}' is no table of facts, or its hidden row is gone; it was not read."
                self.found.notes.append(Note(what, Place(str(self.path), cell=f"{sheet.title}!A1")))
            return
        for merged in sheet.merged_cells.ranges:
            self._refuse("Cells are merged here.", place(self.path, sheet.cell(merged.min_row, merged.min_col)), "Separate them.")
        table = [[self._cell(cell) for cell in line] for line in lines[FIRST - 1 :]]
        titles = [Cell(str(cell.value or ""), place(self.path, cell)) for cell in lines[HEAD - 1]]
        heads = self._columns(kind, list(zip(keys, titles, strict=True)), table)
        for line in table:
            self._row(kind, heads, line)

    def _cell(self, cell: SheetCell | MergedCell) -> Cell:
        """What a cell says; nothing, and what is wrong is kept, if it cannot be read."""
        try:
            return Cell(_with_plain_ends(text_of(self.path, cell)), place(self.path, cell))
        except InputProblem as problem:
            self.found.refused.append(problem)
            return Cell("", place(self.path, cell))

    def _refuse(self, what: str, where: Place, remedy: str) -> None:
        self.found.refused.append(InputProblem(what, where, remedy))

    def _columns(self, kind: Kind, heads: Sequence[tuple[str, Cell]], rows: Iterable[Sequence[Cell]]) -> list[str]:
        """What each column holds, by the IRI of its property; a column that is not known is refused if anything is in it."""
        known = {column.iri: column for column in self.found.asked.of(kind)}
        named = {folded(column.heading.removesuffix(" *")): iri for iri, column in known.items()} | {folded(FILE): FILE_KEY}
        used = {re.sub(r"\d", "", cell.place.cell or "") for row in rows for cell in row if cell.text}
        if kind in self.found.kinds:
            self._refuse(f"There are two tables of {kind.plural}.", heads[0][1].place, "Put all rows into one.")
        self.found.kinds.append(kind)
        found: list[str] = []
        for key, head in heads:
            title = head.text.strip().removesuffix("*").strip()
            column = key if key in known or key == FILE_KEY else named.get(folded(title), "")
            if key == id_key(kind) or (not key and _is_id(kind, title)):
                column = _ID
            if column and column in found:
                self._refuse(f"There are two columns '{title}'.", head.place, "Keep one of them.")
            elif not column and (title or re.sub(r"\d", "", head.place.cell or "") in used):
                what = f"'{title}' is no column of this table." if title else "What stands in this column has no heading."
                hint = nearest(title.casefold(), named) if title else ""
                self._refuse(what, head.place, hint or "Take it out.")
            found.append(column)
        self.found.columns[kind.iri] = known
        return found

    def _row(self, kind: Kind, heads: Sequence[str], line: Sequence[Cell]) -> None:
        if not any(cell.text for cell in line):
            return
        cells = {head: cell for head, cell in zip(heads, line, strict=False) if head}
        nothing = Cell("", line[0].place)
        self.found.rows.append(Row(kind, cells.pop(_ID, nothing), cells.pop(FILE_KEY, nothing), cells))


def _is_id(kind: Kind, title: str) -> bool:
    return folded(title) == folded(id_heading(kind))


def _unguarded(text: str) -> str:
    return text[1:] if _GUARDED.match(text) else text


def _with_plain_ends(text: str) -> str:
    """A text whose lines end as we write them, and not as some programs do."""
    return re.sub(r"\r\n?", "\n", text)
