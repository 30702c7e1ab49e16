"""Rows of the sheets put together: each into the entry that holds it, and with what others call it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from mwkb.form import Form, Part
from mwkb.plan.structure import Value
from mwkb.problems import InputProblem, Place
from mwkb.workbook.layout import named, owners, tables
from mwkb.workbook.names import Names


@dataclass(eq=False)
class Row:
    """An entry as its row says it; ``number`` is what other rows call it, empty if it has none."""

    place: Place
    number: str = ""
    pairs: dict[str, list[Value]] = field(default_factory=dict)
    own: Value | None = None
    owner: Value | None = None
    inner: dict[str, list[Row]] = field(default_factory=dict)
    empty: dict[str, Place] = field(default_factory=dict)
    """The first cell of each field in which nothing stands: where to write what is missing."""


Rows = dict[str, list[Row]]


def nest(form: Form, rows: Rows) -> None:
    """Give each row that names the number of another to that one. Raises InputProblem if there is none, or several."""
    for part in reversed(tables(form)):
        for owner in owners(form, part):
            by_number = _by_number(rows[owner.key])
            kept: list[Row] = []
            for row in rows[part.key]:
                if row.owner is None and part.key == "responses":
                    kept.append(row)
                    continue
                holder = by_number.get((row.owner.text or "") if row.owner else "")
                if holder is None:
                    what = f"'{row.owner.text}' is no number on" if row.owner else "It names no number of"
                    place = row.owner.place if row.owner else row.place
                    raise InputProblem(f"{what} the sheet '{owner.label}'.", place, "Write the number of its row there.")
                holder.inner.setdefault(part.key, []).append(row)
            rows[part.key] = kept


def _by_number(rows: list[Row]) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for row in rows:
        if row.number in found:
            raise InputProblem(f"The number {row.number} is given twice.", row.place, "Give each row a number of its own.")
        if row.number:
            found[row.number] = row
    return found


def names(form: Form, rows: Rows, starts: dict[str, str], plan: str) -> dict[str, Names]:
    """For each part what its entries are called, by name or else by number, with the IRIs from the plan's on.

    ``starts`` gives the IRI of each entry that there is once, as far as it has an id of its own. An IRI may be
    written in full too, which the writer does where it could be taken for a name.
    """
    found: dict[str, list[tuple[str, str]]] = {part.key: [] for part in tables(form)}
    paths: dict[str, list[str]] = {part.key: [] for part in tables(form)}

    def collect(part: Part, entries: list[Row], start: str) -> None:
        for path, row in _with_paths(part, entries, start):
            called = [value.text for value in row.pairs.get("name", ())] if named(part) else [row.number]
            found[part.key] += [(text, path) for text in called if text]
            paths[part.key] += [path, f"{plan}/{path}", path.removeprefix(f"{plan}/")]
            for key, inner in row.inner.items():
                collect(form.part(key), inner, f"{path}/")

    for part in tables(form):
        collect(part, rows[part.key], f"{starts.get(part.owner, part.owner)}/" if part.owner not in ("", "plan") else "")
    return {key: Names(found[key], paths[key]) for key in found}


def _with_paths(part: Part, entries: list[Row], start: str) -> Iterator[tuple[str, Row]]:
    for position, row in enumerate(entries, 1):
        yield (row.own.text if row.own and row.own.text else f"{start}{part.key}/{position}"), row
