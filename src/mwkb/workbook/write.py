"""Write a workbook: the form as a template, or a plan in it."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from mwkb.form import Field, Form, Part
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
from mwkb.workbook.layout import (
    FIRST,
    HEAD,
    HELP,
    ID,
    INSTRUCTIONS,
    KEYS,
    KNOWLEDGE,
    LISTS,
    NO,
    NUMBER,
    OWNER,
    PLAN,
    VERSION,
    YES,
    Column,
    columns,
    once,
    room,
    tables,
)
from mwkb.workbook.rows import Pointers, Tree, entries, held_once, values_of

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

_WIDTHS = {"text": 36, "choice": 32, "reference": 26}
SPARE = 30
"""Rows for further entries that a sheet has drop-downs for."""


def workbook(form: Form, plan: Tree | None = None) -> bytes:
    """A workbook as a file: empty, or with a plan as ``plan.entries.tree`` gives it."""
    return _Writer(form, plan or {}).file()


class _Writer:
    def __init__(self, form: Form, plan: Tree) -> None:
        from openpyxl import Workbook

        self.form, self.plan = form, plan
        self.book: Workbook = Workbook()
        self.rows = {part.key: list(entries(form, part, plan)) for part in tables(form)}
        pointed_at = {f.part for part in form.parts for f in part.fields if f.kind == "reference"}
        self.pointers = {key: Pointers(form, form.part(key), self.plan) for key in pointed_at}
        self.lists: dict[tuple[str, str], str] = {}

    def file(self) -> bytes:
        assert self.book.active is not None
        self.book.active.title = INSTRUCTIONS
        sheets = [self.book.create_sheet(PLAN), *(self.book.create_sheet(part.label) for part in tables(self.form))]
        self._lists()
        self._once(sheets[0])
        for part, sheet in zip(tables(self.form), sheets[1:], strict=True):
            self._table(part, sheet)
        self._instructions(self.book[INSTRUCTIONS])
        self.book.properties.creator = "mwkb"
        self.book.properties.created = self.book.properties.modified = THEN.replace(tzinfo=None)
        stream = io.BytesIO()
        self.book.save(stream)
        return always_the_same(stream.getvalue())

    def _lists(self) -> None:
        """The choices of each field, a column each, on a hidden sheet, and a name for each.

        Drop-downs go by the name: where they go by cells of another sheet, some programs save them in a way of their own.
        """
        from openpyxl.utils import get_column_letter
        from openpyxl.workbook.defined_name import DefinedName

        sheet = self.book.create_sheet(LISTS)
        sheet.sheet_state = "hidden"
        number = 0
        for part in self.form.parts:
            for field in part.fields:
                labels = [choice.label for choice in field.choices] or ([YES, NO] if field.kind == "yes-no" else [])
                if not labels:
                    continue
                number += 1
                letter = get_column_letter(number)
                for row, choice in enumerate([f"{part.label}: {field.label}", *labels], 1):
                    put(sheet.cell(row, number), choice)
                name = f"list_{part.key}_{field.key}".replace("-", "_")
                cells = f"{LISTS}!${letter}$2:${letter}${len(labels) + 1}"
                self.book.defined_names[name] = DefinedName(name, attr_text=cells)
                self.lists[part.key, field.key] = name

    def _once(self, sheet: Worksheet) -> None:
        """The sheet with a row for each thing that there is once."""
        width = max(
            room(f, len(values_of(held_once(self.plan, p), f.key))) for p in once(self.form) for f in p.fields if f.kind != "part"
        )
        for letter, size in zip("ABCDEFGHIJ", sizes := [10, 34, 46, *[24] * (width - 1), 60], strict=False):
            sheet.column_dimensions[letter].width = size
        sheet.column_dimensions["A"].hidden = True
        row = 1
        for part in once(self.form):
            held = held_once(self.plan, part)
            heading(sheet.cell(row, 2), part.label)
            quiet(sheet.cell(row, width + 3), part.help)
            row += 1
            for field in part.fields:
                if field.kind == "part":
                    continue
                key = field.key if part.key == "plan" else f"{part.key}.{field.key}"
                put(sheet.cell(row, 1), key)
                label(sheet.cell(row, 2), field.label + (" *" if field.need == "violation" else ""))
                quiet(sheet.cell(row, width + 3), field.help)
                for offset, value in enumerate(values_of(held, field.key)):
                    self._value(sheet.cell(row, 3 + offset), field, value)
                last = 2 + room(field, len(values_of(held, field.key)))
                self._check(sheet, part, field, f"C{row}:{sheet.cell(row, last).coordinate}")
                for column in range(3, last + 1):
                    boxed(sheet.cell(row, column))
                row += 1
            row += 1
        sheet.freeze_panes = "C1"
        for_paper(sheet, sum(sizes[1:]))
        fit_rows(sheet, 1)
        put(sheet.cell(row, 1), ID)
        label(sheet.cell(row, 2), "Web address of the plan")
        put(sheet.cell(row, 3), str(self.plan.get(ID, "")))
        quiet(sheet.cell(row, width + 3), "It names the plan for good; leave it empty to go by the name of the file.")
        for part in once(self.form)[1:]:
            if ID in held_once(self.plan, part):
                row += 1
                put(sheet.cell(row, 1), f"{part.key}.{ID}")
                label(sheet.cell(row, 2), f"Web address of this: {part.label}")
                put(sheet.cell(row, 3), str(held_once(self.plan, part)[ID]))

    def _table(self, part: Part, sheet: Worksheet) -> None:
        """The sheet with a row for each entry of a part."""
        from openpyxl.utils import get_column_letter

        rows = self.rows[part.key]
        needed = {f.key: max((len(values_of(entry, f.key)) for _, entry in rows), default=0) for f in part.fields}
        shown = columns(self.form, part, needed)
        widths = [_WIDTHS.get(column.field.kind, 16) if column.field else 13 for column in shown]
        for number, column in enumerate(shown, 1):
            letter = get_column_letter(number)
            heading(sheet.cell(HEAD, number), column.label)
            quiet(sheet.cell(HELP, number), column.field.help if column.field else "")
            put(sheet.cell(KEYS, number), column.key)
            sheet.column_dimensions[letter].width = widths[number - 1]
            if column.field:
                self._check(sheet, part, column.field, f"{letter}{FIRST}:{letter}{FIRST + len(rows) + SPARE - 1}")
        sheet.column_dimensions[get_column_letter(len(shown))].hidden = True
        sheet.row_dimensions[KEYS].hidden = True
        for line, texts in ((HEAD, [c.label for c in shown]), (HELP, [c.field.help if c.field else "" for c in shown])):
            needed_lines = max(lines_needed(text, width) for text, width in zip(texts, widths, strict=True))
            sheet.row_dimensions[line].height = 4 + 15 * needed_lines
        sheet.freeze_panes = f"B{FIRST}"
        for_paper(sheet, sum(widths[:-1]), f"{HEAD}:{HELP}")
        for offset, (owner, entry) in enumerate(rows):
            for number in range(1, len(shown)):
                boxed(sheet.cell(FIRST + offset, number))
            for number, value in self._cells(shown, offset, owner, entry):
                target = sheet.cell(FIRST + offset, number)
                about = shown[number - 1].field
                if about:
                    self._value(target, about, value)
                else:
                    put(target, value)
        fit_rows(sheet, FIRST)
        for offset in range(len(rows), len(rows) + SPARE):
            if shown[0].key == NUMBER:
                label(sheet.cell(FIRST + offset, 1), offset + 1)

    def _cells(self, shown: Sequence[Column], offset: int, owner: int | None, entry: Tree) -> Iterator[tuple[int, Any]]:
        taken: dict[str, int] = {}
        for number, column in enumerate(shown, 1):
            if column.key == NUMBER:
                yield number, offset + 1
            elif column.key == OWNER:
                if owner is not None:
                    yield number, owner
            elif column.key == ID:
                if "id" in entry:
                    yield number, entry["id"]
            else:
                values = values_of(entry, column.key)
                taken[column.key] = taken.get(column.key, 0) + 1
                if taken[column.key] <= len(values):
                    yield number, values[taken[column.key] - 1]

    def _value(self, cell: Cell | MergedCell, field: Field, value: Any) -> None:
        """A value as a person reads it: a choice by its label, a reference by the name or number of what it points to."""
        text = str(value)
        if field.kind == "choice":
            put(cell, field.by_name.get(text, text))
        elif field.kind == "reference":
            put(cell, self.pointers[field.part].written(text))
        elif field.kind == "yes-no":
            put(cell, {"true": YES, "false": NO}.get(text, text))
        elif field.kind == "date":
            put(cell, as_date(text))
            cell.number_format = "yyyy-mm-dd"
        elif field.kind in ("integer", "decimal", "year"):
            put(cell, as_number(text))
        else:
            put(cell, text)

    def _check(self, sheet: Worksheet, part: Part, field: Field, cells: str) -> None:
        """What a spreadsheet checks while somebody types, with the help as a hint."""
        from openpyxl.worksheet.datavalidation import DataValidation

        found = self.lists.get((part.key, field.key))
        if found:
            rule = DataValidation("list", formula1=f"={found}", errorStyle="warning")
            rule.error = "This is not in the list. It may be kept, and mwkb will say whether it knows it."
        elif field.kind == "date":
            rule = DataValidation("date", operator="greaterThan", formula1="18264")
            rule.error = "Give a date."
        elif field.kind in ("integer", "year", "decimal"):
            rule = DataValidation("decimal" if field.kind == "decimal" else "whole", operator="greaterThanOrEqual")
            rule.formula1 = field.least or "0"
            if field.most:
                rule.operator, rule.formula2 = "between", field.most
            rule.error = f"Give a number from {field.least or 0}" + (f" to {field.most}." if field.most else " upwards.")
        else:
            return
        rule.showErrorMessage, rule.showInputMessage = True, True
        rule.promptTitle, rule.prompt = field.label[:32], field.help[:255]
        rule.add(cells)
        sheet.add_data_validation(rule)

    def _instructions(self, sheet: Worksheet) -> None:
        sheet.column_dimensions["A"].hidden = True
        sheet.column_dimensions["B"].width = 28
        sheet.column_dimensions["C"].width = 110
        heading(sheet.cell(1, 2), "A plan for mental wellbeing")
        steps = (
            "Fill in the sheet Plan first, then the other sheets from left to right. A sheet may stay empty.",
            "What has a star (*) must be there. Everything else is asked for, and the report says what is missing.",
            "Choose from the lists. Where a list does not fit, write what you mean: the report says whether it is known.",
            "Rows go by number: an outcome names the number of its intervention, a measure that of its outcome.",
            "On the sheet Sections, call a part complete only if it is: nothing is concluded from what another part lacks.",
            "Write no formulas. Save the file as .xlsx, and check it: mwkb assess plan.xlsx.",
        )
        for number, step in enumerate(steps, 1):
            label(sheet.cell(number + 2, 2), f"Step {number}")
            quiet(sheet.cell(number + 2, 3), step)
        row = len(steps) + 4
        for part in (part for part in self.form.parts if part.several):
            label(sheet.cell(row, 2), part.label)
            quiet(sheet.cell(row, 3), part.help)
            row += 1
        for key, name, version in (
            (VERSION, "Version of the template", self.form.version),
            (KNOWLEDGE, "Version of the knowledge base", self.form.knowledge_version),
        ):
            row += 1
            put(sheet.cell(row, 1), key)
            label(sheet.cell(row, 2), name)
            label(sheet.cell(row, 3), version)
        for_paper(sheet, 138)
        fit_rows(sheet, 1)
