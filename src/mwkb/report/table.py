"""What a table of facts changes, in words."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode

from mwkb.problems import printable
from mwkb.report.words import counted
from mwkb.table.difference import Difference, Edit, FactChange
from mwkb.table.values import shown
from mwkb.vocabulary import local_name

FEW = 12
"""How many facts without a row are named."""


def difference_text(found: Difference) -> str:
    """Each fact that changes with its properties: what it was and what it is to be."""
    return "".join(f"{printable(line)}\n" for change in found.changes for line in _fact(found, change))


def _fact(found: Difference, change: FactChange) -> Iterator[str]:
    new = f"new {change.kind.label} " if change.types else ""
    yield f"{new}{change.name} ({local_name(change.iri)}, {change.file})" if new else change.name
    for edit in change.edits:
        yield from (f"  {edit.column.label}: {what}" for what in _edit(found, edit, bool(new)))


def _edit(found: Difference, edit: Edit, new: bool) -> Iterator[str]:
    gone, come = (list(shown(found.called, edit.column, values)) for values in (edit.gone, edit.come))
    if new:
        yield from come
    elif len(gone) == len(come) == 1 and not (edit.column.several and isinstance(edit.come[0], NamedNode)):
        yield f"{gone[0]} -> {come[0]}"
    else:
        yield from (f"- {text}" for text in gone)
        yield from (f"+ {text}" for text in come)


def absent_text(found: Difference) -> list[str]:
    """The facts that have no row: they stay."""
    told = []
    for kind, facts in found.absent:
        told += [
            f"{found.called.name(fact)} is not in the table and stays: to withdraw it, deprecate it." for fact in facts[:FEW]
        ]
        if len(facts) > FEW:
            told.append(f"{len(facts) - FEW} more {kind.plural} are not in the table and stay.")
    return told


def counts(found: Difference) -> str:
    """How many facts change and are new."""
    new = sum(bool(change.types) for change in found.changes)
    return f"{counted(len(found.changes) - new, 'changed fact')}, {counted(new, 'new fact')}"
