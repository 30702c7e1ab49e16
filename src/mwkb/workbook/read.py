"""Read a plan from a workbook: its cells become a tree of keys and values, each with its place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mwkb.form import Field, Form, Part
from mwkb.plan.document import Note, Plan, UnknownKey
from mwkb.plan.limits import USUAL, Limits
from mwkb.plan.structure import Group, List, Node, Value, plan_of
from mwkb.problems import InputProblem, Place
from mwkb.undefined import HINTS
from mwkb.workbook.layout import FIRST, ID, INSTRUCTIONS, KEYS, NO, NUMBER, OWNER, PLAN, VERSION, YES, once, tables
from mwkb.workbook.linked import Row, Rows, names, nest
from mwkb.workbook.names import Names, folded
from mwkb.workbook.opening import grid, is_percentage, opened, place, text_of

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell

_YES_NO = {folded(YES): "true", folded(NO): "false"}


def read_workbook(path: Path, form: Form, limits: Limits = USUAL) -> Plan:
    """Read one plan. Raises InputProblem with the cell if it is not a workbook of the template or cannot be understood."""
    return _Reader(path, form, limits).plan()


class _Reader:
    def __init__(self, path: Path, form: Form, limits: Limits) -> None:
        self.path, self.form, self.limits = path, form, limits
        self.sheets = opened(path, limits)
        self.unknown: list[UnknownKey] = []
        self.notes: list[Note] = []
        self.values = 0
        self.choices = {
            (part.key, f.key): Names(
                ((choice.label, choice.name) for choice in f.choices),
                [choice.name for choice in f.retired],
                (
                    *((other, choice.name) for choice in f.choices for other in choice.also),
                    *((choice.label, choice.name) for choice in f.retired),
                ),
            )
            for part in form.parts
            for f in part.fields
        }
        self.hints: dict[tuple[Names, str], str] = {}

    def plan(self) -> Plan:
        if PLAN not in self.sheets:
            raise InputProblem(
                f"There is no sheet '{PLAN}'.", self.path, "Start from a workbook that mwkb template -o plan.xlsx writes."
            )
        self._version()
        plan = plan_of(self._tree(), str(self.path))
        return replace(plan, unknown_keys=(*plan.unknown_keys, *self.unknown), notes=tuple(self.notes))

    def _version(self) -> None:
        """Note if the workbook is of another version of the template."""
        sheet = self.sheets.get(INSTRUCTIONS)
        rows = sheet.iter_rows(min_row=1, max_row=80, max_col=3) if sheet else iter(())
        found = {str(row[0].value): row[2] for row in rows}
        version = found.get(VERSION)
        if version is None or str(version.value) != self.form.version:
            made = f"version {version.value} of the template" if version else "no template that mwkb knows"
            self._note(
                f"This workbook was made from {made}; the present one is {self.form.version}. What it lacks is not asked for: "
                "write it anew with mwkb convert, and fill that in.",
                place(self.path, version) if version else Place(str(self.path)),
            )
        for part in tables(self.form):
            if part.label not in self.sheets:
                self._note(
                    f"There is no sheet '{part.label}', so nothing of it was read. Give it back its name, "
                    "or write the workbook anew with mwkb convert.",
                    Place(str(self.path)),
                )

    def _note(self, what: str, where: Place) -> None:
        self.notes.append(Note(what, where))

    def _unread(self, cells: Iterable[Cell | MergedCell]) -> None:
        """Note the first cell, if any, in which something stands that is not part of the form."""
        for cell in cells:
            if cell.value is not None and str(cell.value).strip():
                where = place(self.path, cell)
                self._note("What stands here is outside the form and was not read. Move it into a field, or leave it.", where)
                return

    def _tree(self) -> Group:
        start = Place(str(self.path), cell=f"{PLAN}!B1")
        once_said, blank = self._once()
        pairs: list[tuple[Value, Node]] = []
        rows = {part.key: self._rows(part) for part in tables(self.form)}
        nest(self.form, rows)
        self._point(rows, {key: said[ID][0].text or "" for key, said in once_said.items() if ID in said})
        for part in once(self.form):
            said = list(once_said.get(part.key, {}).items())
            held = [other for other in tables(self.form) if other.owner == part.key and part.key != "plan"]
            inner: list[tuple[Value, Node]] = [(Value(key, values[0].place), _one(values)) for key, values in said]
            inner += [(Value(p.key, start), self._list(p, rows[p.key])) for p in held if rows[p.key]]
            if part.key == "plan":
                pairs += inner
            elif inner:
                inner += _nothing(blank.get(part.key, {}))
                pairs.append((Value(part.key, inner[0][0].place), Group(tuple(inner), inner[0][0].place)))
            else:
                pairs += _nothing({part.key: next(iter(blank.get(part.key, {}).values()), start)})
        for part in tables(self.form):
            if part.owner not in ("", "plan"):
                continue
            if rows[part.key]:
                pairs.append((Value(part.key, rows[part.key][0].place), self._list(part, rows[part.key])))
            else:
                pairs += _nothing({part.key: Place(str(self.path), cell=f"{part.label}!A{FIRST}")})
        pairs += _nothing(blank.get("plan", {}))
        return Group(tuple(pairs), start)

    def _once(self) -> tuple[dict[str, dict[str, list[Value]]], dict[str, dict[str, Place]]]:
        """What the sheet ``Plan`` says, by part and field, and the first cell of each field that it says nothing of."""
        fields = {(part.key, f.key): f for part in once(self.form) for f in part.fields if f.kind != "part"}
        found: dict[str, dict[str, list[Value]]] = {}
        blank: dict[str, dict[str, Place]] = {}
        lines = list(grid(self.sheets[PLAN], self.path, self.limits))
        known = {(part, name) for key in (str(row[0].value or "") for row in lines) for part, name in [_key(key)]} & set(fields)
        if not known:
            raise InputProblem(
                f"The hidden column A of the sheet '{PLAN}' is gone.",
                Place(str(self.path), cell=f"{PLAN}!A1"),
                "Copy what you wrote into a workbook that mwkb template writes.",
            )
        end = _column_of_help(lines, fields)
        for row in lines:
            part, name = _key(str(row[0].value or ""))
            cells, about = row[2:end], fields.get((part, name))
            if about is None and name != ID:
                self._unread([*cells, *row[end + 1 :]])
                continue
            self._unread(row[end + 1 :])
            values = [v for cell in cells if (v := self._value(cell, part, about)) is not None]
            if values:
                found.setdefault(part, {}).setdefault(name, []).extend(values)
            elif about and cells:
                blank.setdefault(part, {}).setdefault(name, place(self.path, cells[0]))
        left = {
            part: {name: where for name, where in at.items() if name not in found.get(part, {})} for part, at in blank.items()
        }
        return found, left

    def _rows(self, part: Part) -> list[Row]:
        """The entries of a part: each row in which something stands besides its number."""
        sheet = self.sheets.get(part.label)
        if sheet is None:
            return []
        lines = list(grid(sheet, self.path, self.limits))
        keys = [str(cell.value or "") for cell in lines[KEYS - 1]] if len(lines) >= KEYS else []
        if not set(keys) & {f.key for f in part.fields}:
            raise InputProblem(
                "The hidden row with the keys of the columns is gone.",
                Place(str(self.path), cell=f"{part.label}!A{KEYS}"),
                "Copy what you wrote into a workbook that mwkb template writes.",
            )
        fields = {f.key: f for f in part.fields}
        known = {*fields, NUMBER, OWNER, ID}
        found: list[Row] = []
        for column, key in enumerate(keys):
            if key not in known:
                self._unread(row[column] for row in lines[KEYS:] if column < len(row))
        for line, row in enumerate(lines[FIRST - 1 :], FIRST):
            if all(cell.value is None for cell in row):
                continue
            # Without a column for numbers, a row goes by its position.
            entry = Row(Place(str(self.path), cell=f"{part.label}!A{line}"), "" if NUMBER in keys else str(len(found) + 1))
            counted = None
            for key, cell in zip(keys, row, strict=False):
                value = self._value(cell, part.key, fields.get(key)) if key in known else None
                if value is None:
                    if key in fields:
                        entry.empty.setdefault(key, place(self.path, cell))
                elif key == NUMBER:
                    counted = cell, value
                elif key == OWNER:
                    entry.owner = value
                elif key == ID:
                    entry.own = value
                else:
                    entry.pairs.setdefault(key, []).append(value)
            if entry.pairs or entry.own:
                entry.number = _number(counted[1]) if counted else entry.number
                found.append(entry)
            elif counted and not _is_number(counted[1]):
                self._unread([counted[0]])
        return found

    def _point(self, rows: Rows, ids: dict[str, str]) -> None:
        """Put in place of each reference the IRI, from the plan's on, of the entry with that name or number."""
        targets = names(self.form, rows, ids, ids.get("plan", ""))

        def point(part: Part, entries: list[Row]) -> None:
            for row in entries:
                for f in part.fields:
                    if f.kind == "reference" and f.key in row.pairs:
                        row.pairs[f.key] = [self._known(targets[f.part], v.text or "", v.place) for v in row.pairs[f.key]]
                for key, inner in row.inner.items():
                    point(self.form.part(key), inner)

        for part in tables(self.form):
            point(part, rows[part.key])

    def _list(self, part: Part, rows: list[Row]) -> List:
        return List(tuple(self._group(part, row) for row in rows), rows[0].place)

    def _group(self, part: Part, row: Row) -> Group:
        pairs: list[tuple[Value, Node]] = [(Value(ID, row.own.place), row.own)] if row.own else []
        pairs += [(Value(key, values[0].place), _one(values)) for key, values in row.pairs.items()]
        pairs += [(Value(key, rows[0].place), self._list(self.form.part(key), rows)) for key, rows in row.inner.items()]
        pairs += _nothing({key: place for key, place in row.empty.items() if key not in row.pairs})
        return Group(tuple(pairs), row.place)

    def _value(self, cell: Cell | MergedCell, part: str, about: Field | None) -> Value | None:
        """What a cell says, as a plan writes it; None if it is empty. A name that is not known is kept aside."""
        if cell.value is None:
            return None
        text, where = text_of(self.path, cell), place(self.path, cell)
        if not text:
            return None
        self.values += 1
        if self.values > self.limits.values:
            raise InputProblem(f"The plan holds more than {self.limits.values:,} values.", where)
        kind = about.kind if about else ""
        if about and kind == "choice":
            return self._known(self.choices[part, about.key], text.strip(), where)
        if kind in ("integer", "decimal") and is_percentage(cell):
            shown = text.removesuffix("%")
            raise InputProblem(f"Write {shown}, not {text}.", where, "Set the format of the cell to a plain number first.")
        return Value(_YES_NO.get(folded(text), text) if kind == "yes-no" else text, where)

    def _known(self, called: Names, text: str, where: Place) -> Value:
        """What a label means, or nothing if it is not known: it is kept aside then, with the one that was meant."""
        name = called.find(text)
        if name is None:
            several = "Several entries are called so; give each a name of its own."
            self.unknown.append(UnknownKey(text, where, several if called.is_of_several(text) else self._hint(called, text)))
        return Value(name, where)

    def _hint(self, called: Names, text: str) -> str:
        """The first hints are made, for each is compared with all that is known."""
        if (called, text) not in self.hints and len(self.hints) < HINTS:
            self.hints[called, text] = called.hint(text)
        return self.hints.get((called, text), "")


def _number(written: Value) -> str:
    if not _is_number(written):
        raise InputProblem(f"'{written.text}' is not the number of a row.", written.place, "Write a whole number, or nothing.")
    return str(int(written.text or ""))


def _is_number(written: Value) -> bool:
    return re.fullmatch(r"[0-9]{1,9}", written.text or "") is not None


def _column_of_help(lines: list[tuple[Cell | MergedCell, ...]], fields: dict[tuple[str, str], Field]) -> int:
    """The column of the sheet ``Plan`` in which the help stands; one behind the last if it was taken out."""
    found: Counter[int] = Counter()
    for row in lines:
        about = fields.get(_key(str(row[0].value or "")))
        for number, cell in enumerate(row[3:], 3):
            if about and cell.value is not None and folded(str(cell.value)) == folded(about.help):
                found[number] += 1
    return found.most_common(1)[0][0] if found else len(lines[0])


def _key(written: str) -> tuple[str, str]:
    """The part and the field that a hidden key of the sheet ``Plan`` names."""
    part, _, name = written.rpartition(".")
    return part or "plan", name


def _nothing(places: dict[str, Place]) -> list[tuple[Value, Node]]:
    """Keys without a value: they say nothing, but a check that misses one knows the cell."""
    return [(Value(key, place), Value(None, place)) for key, place in places.items()]


def _one(values: list[Value]) -> Node:
    return values[0] if len(values) == 1 else List(tuple(values), values[0].place)
