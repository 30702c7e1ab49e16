"""Where in a workbook each thing stands: the same for the writer and the reader.

The sheet ``Plan`` holds what there is once, a row for each field. Every other part has a sheet of its
own, a row for each entry. Hidden keys say what a row or column is, so that labels may be reworded.
"""

from __future__ import annotations

from dataclasses import dataclass

from mwkb.form import Field, Form, Part

PLAN = "Plan"
INSTRUCTIONS = "Instructions"
LISTS = "Lists"
"""A hidden sheet with the choices of the drop-downs."""
HEAD, HELP, KEYS, FIRST = 1, 2, 3, 4
"""Rows of a sheet with a row for each entry: labels, help, hidden keys, and the first entry."""
NUMBER, OWNER, ID = "#", "owner", "id"
"""Keys of the columns for an entry's own number, the number of the entry that holds it, and its id."""
YES, NO = "Yes", "No"
VERSION = "template-version"
KNOWLEDGE = "knowledge-base"
"""What the hidden keys of the two versions on the sheet with instructions are."""
ROOM = {"for-segments": 5, "with-partners": 4}
"""How many columns a field with several values gets, where it is not three."""


@dataclass(frozen=True)
class Column:
    """One column of a sheet: its hidden key, its label and, unless it holds numbers or ids, its field."""

    key: str
    label: str
    field: Field | None = None


def once(form: Form) -> list[Part]:
    """The parts that the sheet ``Plan`` holds."""
    return [part for part in form.parts if not part.several]


def tables(form: Form) -> list[Part]:
    """The parts that have a sheet of their own."""
    return [part for part in form.parts if part.several]


def room(field: Field, needed: int = 0) -> int:
    """How many columns a field gets, of which at least some are needed."""
    usual = ROOM.get(field.key, 3) if field.several else 1
    return max(min(usual, len(field.choices)) if field.kind == "choice" else usual, needed, 1)


def columns(form: Form, part: Part, needed: dict[str, int]) -> list[Column]:
    """The columns of a part's sheet; ``needed`` says how many values a field has at most."""
    found = []
    if any(other.owner == part.key for other in form.parts) or _is_pointed_at(form, part):
        found.append(Column(NUMBER, "No."))
    for owner in owners(form, part):
        found.append(Column(OWNER, f"No. of {owner.label.removesuffix('s').lower()}"))
    for field in part.fields:
        if field.kind == "part":
            continue
        count = room(field, needed.get(field.key, 0))
        star = " *" if field.need == "violation" else ""
        found += [Column(field.key, field.label + (f" {n}" if count > 1 else "") + star, field) for n in range(1, count + 1)]
    return [*found, Column(ID, "id")]


def owners(form: Form, part: Part) -> list[Part]:
    """The part with a row for each entry whose entries hold those of this part; none if the plan itself does."""
    key = "interventions" if part.key == "responses" else part.owner
    return [other for other in tables(form) if other.key == key]


def _is_pointed_at(form: Form, part: Part) -> bool:
    return any(f.kind == "reference" and f.part == part.key and "name" not in named(part) for p in form.parts for f in p.fields)


def named(part: Part) -> set[str]:
    """The fields that every entry of a part must have a name in, by which references can go."""
    return {field.key for field in part.fields if field.key == "name" and field.need == "violation"}
