"""Read a plan from a workbook: its cells become a tree of keys and values, each with its place."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mwkb.form import Field, Form, Part
from mwkb.plan.document import Note, Plan, UnknownKey
from mwkb.plan.structure import Group, List, Node, Value, plan_of
from mwkb.problems import InputProblem, Place, nearest
from mwkb.workbook.layout import FIRST, ID, INSTRUCTIONS, KEYS, NO, NUMBER, OWNER, PLAN, VERSION, YES, named, once, owners, tables

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

UNPACKED = 50_000_000
"""The bytes that the parts of a workbook may have together: a small file can unpack to a huge one."""
ROWS, COLUMNS = 5_000, 300
"""The rows and columns of a sheet that are read: fifty times those of a full plan."""


def read_workbook(path: Path, form: Form) -> Plan:
    """Read one plan. Raises InputProblem with the cell if it is not a workbook of the template or cannot be understood."""
    return _Reader(path, form).plan()


@dataclass
class _Row:
    """An entry as its row says it."""

    number: int
    place: Place
    pairs: dict[str, list[Value]] = field(default_factory=dict)
    own: Value | None = None
    owner: Value | None = None
    inner: dict[str, list[_Row]] = field(default_factory=dict)


class _Reader:
    def __init__(self, path: Path, form: Form) -> None:
        self.path, self.form = path, form
        self.sheets = self._open()
        self.unknown: list[UnknownKey] = []

    def plan(self) -> Plan:
        from dataclasses import replace

        if PLAN not in self.sheets:
            raise InputProblem(
                f"There is no sheet '{PLAN}'.", self.path, "Start from a workbook that mwkb template -o plan.xlsx writes."
            )
        plan = plan_of(self._tree(), str(self.path))
        return replace(plan, unknown_keys=(*plan.unknown_keys, *self.unknown), notes=tuple(self._notes()))

    def _open(self) -> dict[str, Worksheet]:
        from openpyxl import load_workbook

        try:
            with zipfile.ZipFile(self.path) as archive:
                if sum(item.file_size for item in archive.infolist()) > UNPACKED:
                    raise InputProblem(f"The workbook unpacks to more than {UNPACKED // 1_000_000} MB.", self.path)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                book = load_workbook(self.path, keep_links=False, rich_text=False)
        except InputProblem:
            raise
        except Exception as error:  # openpyxl raises whatever a damaged part made it stumble over
            what = "It is not a workbook" if isinstance(error, zipfile.BadZipFile) else "The workbook is damaged"
            raise InputProblem(f"{what} that can be read.", self.path, "Save it as .xlsx.") from None
        return {sheet.title: sheet for sheet in book.worksheets}

    def _notes(self) -> Iterator[Note]:
        sheet = self.sheets.get(INSTRUCTIONS)
        rows = sheet.iter_rows(min_row=1, max_row=80, max_col=3) if sheet else iter(())
        found = {str(row[0].value): row[2] for row in rows}
        version = found.get(VERSION)
        if version is None or str(version.value) != self.form.version:
            made = f"version {version.value} of the template" if version else "no template that mwkb knows"
            yield Note(
                f"This workbook was made from {made}; the present one is {self.form.version}. What it lacks is not asked for: "
                "write it anew with mwkb convert, and fill that in.",
                self._place(version) if version else Place(str(self.path)),
            )

    def _tree(self) -> Group:
        start = Place(str(self.path), cell=f"{PLAN}!A1")
        once_said = self._once()
        pairs: list[tuple[Value, Node]] = []
        rows = {part.key: self._rows(part) for part in tables(self.form)}
        self._nest(rows)
        self._point(rows)
        for part in once(self.form):
            said = list(once_said.get(part.key, {}).items())
            held = [other for other in tables(self.form) if other.owner == part.key and part.key != "plan"]
            inner: list[tuple[Value, Node]] = [(Value(key, values[0].place), _one(values)) for key, values in said]
            inner += [(Value(p.key, start), self._list(p, rows[p.key])) for p in held if rows[p.key]]
            if part.key == "plan":
                pairs += inner
            elif inner:
                pairs.append((Value(part.key, inner[0][0].place), Group(tuple(inner), inner[0][0].place)))
        for part in tables(self.form):
            if part.owner in ("", "plan") and rows[part.key]:
                pairs.append((Value(part.key, rows[part.key][0].place), self._list(part, rows[part.key])))
        return Group(tuple(pairs), start)

    def _once(self) -> dict[str, dict[str, list[Value]]]:
        """What the sheet ``Plan`` says, by part and field."""
        fields = {(part.key, f.key): f for part in once(self.form) for f in part.fields if f.kind != "part"}
        found: dict[str, dict[str, list[Value]]] = {}
        for row in self._grid(self.sheets[PLAN]):
            key = str(row[0].value or "")
            part, _, name = key.rpartition(".")
            part = part or "plan"
            if not key or (name != ID and (part, name) not in fields):
                continue
            cells = row[2:]
            about = fields.get((part, name))
            last = 1 if about is None or not about.several else len(cells) - 1
            values = [v for cell in cells[: max(last, 1)] if (v := self._value(cell, about)) is not None]
            if values:
                found.setdefault(part, {})[name] = values
        return found

    def _rows(self, part: Part) -> list[_Row]:
        """The entries of a part: each row in which something stands besides its number."""
        sheet = self.sheets.get(part.label)
        if sheet is None:
            return []
        grid = list(self._grid(sheet))
        keys = [str(cell.value or "") for cell in grid[KEYS - 1]] if len(grid) >= KEYS else []
        if not set(keys) & {f.key for f in part.fields}:
            raise InputProblem(
                "The hidden row with the keys of the columns is gone.",
                Place(str(self.path), cell=f"{part.label}!A{KEYS}"),
                "Copy what you wrote into a workbook that mwkb template writes.",
            )
        fields = {f.key: f for f in part.fields}
        found: list[_Row] = []
        for line, row in enumerate(grid[FIRST - 1 :], FIRST):
            entry = _Row(len(found) + 1, Place(str(self.path), cell=f"{part.label}!A{line}"))
            for key, cell in zip(keys, row, strict=False):
                value = self._value(cell, fields.get(key))
                if value is None or not key:
                    continue
                if key == NUMBER:
                    entry.number = int(value.text) if value.text and value.text.isdigit() else entry.number
                elif key == OWNER:
                    entry.owner = value
                elif key == ID:
                    entry.own = value
                elif key in fields:
                    entry.pairs.setdefault(key, []).append(value)
            if entry.pairs or entry.own:
                found.append(entry)
        return found

    def _nest(self, rows: dict[str, list[_Row]]) -> None:
        """Give each row that names the number of another to that one."""
        for part in reversed(tables(self.form)):
            for owner in owners(self.form, part):
                by_number = {str(row.number): row for row in rows[owner.key]}
                for row in list(rows[part.key]):
                    if row.owner is None and part.key == "responses":
                        continue
                    holder = by_number.get((row.owner.text or "") if row.owner else "")
                    if holder is None:
                        what = f"'{row.owner.text}' is no number on" if row.owner else "It names no number of"
                        place = row.owner.place if row.owner else row.place
                        raise InputProblem(f"{what} the sheet '{owner.label}'.", place, "Write the number of its row there.")
                    holder.inner.setdefault(part.key, []).append(row)
                    rows[part.key].remove(row)

    def _point(self, rows: dict[str, list[_Row]]) -> None:
        """Put in place of each reference the IRI, from the plan's on, of the entry with that name or number."""
        targets: dict[str, dict[str, str]] = {part.key: {} for part in tables(self.form)}

        def name(part: Part, entries: list[_Row], start: str) -> None:
            for position, row in enumerate(entries, 1):
                path = row.own.text if row.own and row.own.text else f"{start}{part.key}/{position}"
                called = [v.text for v in row.pairs.get("name", ())] if named(part) else [str(row.number)]
                targets[part.key] |= {text: path for text in called if text and text not in targets[part.key]}
                for key, inner in row.inner.items():
                    name(self.form.part(key), inner, f"{path}/")

        def point(part: Part, entries: list[_Row]) -> None:
            for row in entries:
                for f in part.fields:
                    if f.kind == "reference" and f.key in row.pairs:
                        known = [self._known(targets[f.part], v.text or "", v.place) for v in row.pairs[f.key]]
                        row.pairs[f.key] = [value for value in known if value is not None]
                row.pairs = {key: values for key, values in row.pairs.items() if values}
                for key, inner in row.inner.items():
                    point(self.form.part(key), inner)

        for part in tables(self.form):
            name(part, rows[part.key], f"{part.owner}/" if part.owner not in ("", "plan") else "")
        for part in tables(self.form):
            point(part, rows[part.key])

    def _list(self, part: Part, rows: list[_Row]) -> List:
        return List(tuple(self._group(part, row) for row in rows), rows[0].place)

    def _group(self, part: Part, row: _Row) -> Group:
        pairs: list[tuple[Value, Node]] = [(Value(ID, row.own.place), row.own)] if row.own else []
        pairs += [(Value(key, values[0].place), _one(values)) for key, values in row.pairs.items()]
        pairs += [(Value(key, rows[0].place), self._list(self.form.part(key), rows)) for key, rows in row.inner.items()]
        return Group(tuple(pairs), row.place)

    def _grid(self, sheet: Worksheet) -> Iterator[tuple[Cell | MergedCell, ...]]:
        if sheet.max_row > ROWS or sheet.max_column > COLUMNS:
            raise InputProblem(
                f"The sheet '{sheet.title}' is larger than {ROWS} rows and {COLUMNS} columns.", self.path, "Delete what is empty."
            )
        yield from sheet.iter_rows()

    def _place(self, cell: Cell | MergedCell) -> Place:
        return Place(str(self.path), cell=f"{cell.parent.title}!{cell.coordinate}")

    def _value(self, cell: Cell | MergedCell, about: Field | None) -> Value | None:
        """What a cell says, as a plan writes it; None if it is empty."""
        place = self._place(cell)
        if getattr(cell, "data_type", "") == "f":
            raise InputProblem("A formula is not read.", place, "Put its result in its place.")
        if getattr(cell, "data_type", "") == "e":
            raise InputProblem(f"The cell holds the error {cell.value}.", place, "Put a value in its place.")
        text = _text(cell.value)
        if not text:
            return None
        if about is None:
            return Value(text, place)
        if about.kind == "yes-no":
            return Value({YES.casefold(): "true", NO.casefold(): "false"}.get(text.casefold(), text), place)
        if about.kind == "choice":
            return self._known({choice.label: choice.name for choice in about.choices}, text, place)
        return Value(text, place)

    def _known(self, names: dict[str, str], text: str, place: Place) -> Value | None:
        """What a label means, or a name as a plan writes it; one that is not known is kept aside with the one that was meant."""
        plain = {label.casefold(): name for label, name in names.items()} | {name: name for name in names.values()}
        name = plain.get(text) or plain.get(text.casefold())
        if name is None:
            self.unknown.append(UnknownKey(text, place, nearest(text, names)))
            return None
        return Value(name, place)


def _one(values: list[Value]) -> Node:
    return values[0] if len(values) == 1 else List(tuple(values), values[0].place)


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
        exact = Decimal(str(value))
        return f"{exact.to_integral_value() if exact == exact.to_integral_value() else exact:f}"
    return str(value).strip()
