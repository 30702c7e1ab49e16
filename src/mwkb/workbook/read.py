"""Read a plan from a workbook: its cells become a tree of keys and values, each with its place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from mwkb.form import Field, Form, Part
from mwkb.plan.document import Note, Plan, UnknownKey
from mwkb.plan.limits import USUAL, Limits
from mwkb.plan.structure import Group, List, Node, Value, plan_of
from mwkb.problems import InputProblem, Place
from mwkb.undefined import FEW
from mwkb.workbook.layout import FIRST, ID, INSTRUCTIONS, KEYS, NO, NUMBER, OWNER, PLAN, VERSION, YES, named, once, owners, tables
from mwkb.workbook.opening import grid, opened, place, text_of

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell


def read_workbook(path: Path, form: Form, limits: Limits = USUAL) -> Plan:
    """Read one plan. Raises InputProblem with the cell if it is not a workbook of the template or cannot be understood."""
    return _Reader(path, form, limits).plan()


@dataclass
class _Row:
    """An entry as its row says it."""

    number: int
    place: Place
    pairs: dict[str, list[Value]] = field(default_factory=dict)
    own: Value | None = None
    owner: Value | None = None
    inner: dict[str, list[_Row]] = field(default_factory=dict)
    empty: dict[str, Place] = field(default_factory=dict)
    """The first cell of each field in which nothing stands: where to write what is missing."""


class _Reader:
    def __init__(self, path: Path, form: Form, limits: Limits) -> None:
        self.path, self.form, self.limits = path, form, limits
        self.sheets = opened(path, limits)
        self.unknown: list[UnknownKey] = []
        self.notes: list[Note] = []

    def plan(self) -> Plan:
        from dataclasses import replace

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
        helps = [number for number, cell in enumerate(lines[0]) if cell.value is not None and number > 2]
        end = helps[-1] if helps else len(lines[0])
        for row in lines:
            part, name = _key(str(row[0].value or ""))
            cells, about = row[2:end], fields.get((part, name))
            if about is None and name != ID:
                self._unread(cells)
                continue
            self._unread(row[end + 1 :])
            values = [v for cell in cells if (v := self._value(cell, about)) is not None]
            if values:
                found.setdefault(part, {})[name] = values
            elif about and cells:
                blank.setdefault(part, {})[name] = place(self.path, cells[0])
        return found, blank

    def _rows(self, part: Part) -> list[_Row]:
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
        found: list[_Row] = []
        for column, key in enumerate(keys):
            if key not in (*fields, NUMBER, OWNER, ID):
                self._unread(row[column] for row in lines[KEYS:] if column < len(row))
        for line, row in enumerate(lines[FIRST - 1 :], FIRST):
            if all(cell.value is None for cell in row):
                continue
            entry = _Row(len(found) + 1, Place(str(self.path), cell=f"{part.label}!A{line}"))
            for key, cell in zip(keys, row, strict=False):
                if key not in (*fields, NUMBER, OWNER, ID):
                    continue
                value = self._value(cell, fields.get(key))
                if value is None:
                    if key in fields:
                        entry.empty.setdefault(key, place(self.path, cell))
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
                by_number = self._by_number(rows[owner.key])
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

    def _by_number(self, rows: list[_Row]) -> dict[str, _Row]:
        found: dict[str, _Row] = {}
        for row in rows:
            if str(row.number) in found:
                raise InputProblem(f"The number {row.number} is given twice.", row.place, "Give each row a number of its own.")
            found[str(row.number)] = row
        return found

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
        pairs += _nothing({key: place for key, place in row.empty.items() if key not in row.pairs})
        return Group(tuple(pairs), row.place)

    def _value(self, cell: Cell | MergedCell, about: Field | None) -> Value | None:
        """What a cell says, as a plan writes it; None if it is empty."""
        if cell.value is None:
            return None
        text, where = text_of(self.path, cell), place(self.path, cell)
        if not text:
            return None
        if about is None:
            return Value(text, where)
        if about.kind == "yes-no":
            return Value({YES.casefold(): "true", NO.casefold(): "false"}.get(text.casefold(), text), where)
        if about.kind == "choice":
            return self._known({choice.label: choice.name for choice in about.choices}, text.strip(), where)
        return Value(text, where)

    def _known(self, names: dict[str, str], text: str, place: Place) -> Value | None:
        """What a label means, or a name as a plan writes it; one that is not known is kept aside with the one that was meant."""
        plain = {label.casefold(): name for label, name in names.items()} | {name: name for name in names.values()}
        name = plain.get(text) or plain.get(text.casefold())
        if name is None:
            self.unknown.append(UnknownKey(text, place, _meant(text, names)))
            return None
        return Value(name, place)


def _meant(text: str, names: dict[str, str]) -> str:
    """A hint at the label that was meant, with its number or without, or at all labels if they are few."""
    written = {label.partition(" ")[2].casefold(): label for label in names} | {name: label for label, name in names.items()}
    written |= {label.casefold(): label for label in names}
    near = get_close_matches(text.casefold(), written, n=1, cutoff=0.6)
    if near:
        return f"Did you mean {written[near[0]]}?"
    return f"Use one of: {', '.join(names)}." if 0 < len(names) <= FEW else ""


def _key(written: str) -> tuple[str, str]:
    """The part and the field that a hidden key of the sheet ``Plan`` names."""
    part, _, name = written.rpartition(".")
    return part or "plan", name


def _nothing(places: dict[str, Place]) -> list[tuple[Value, Node]]:
    """Keys without a value: they say nothing, but a check that misses one knows the cell."""
    return [(Value(key, place), Value(None, place)) for key, place in places.items()]


def _one(values: list[Value]) -> Node:
    return values[0] if len(values) == 1 else List(tuple(values), values[0].place)
