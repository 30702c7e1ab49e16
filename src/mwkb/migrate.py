"""A plan rewritten in names that are current, with all else in its file as it was."""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mwkb.deprecation import current, names_both
from mwkb.knowledge import Knowledge
from mwkb.plan import Plan, read_plan
from mwkb.plan.document import DeprecatedName
from mwkb.plan.structure import context
from mwkb.problems import InputProblem, Place
from mwkb.vocabulary import expand, local_name


@dataclass(frozen=True)
class Rewritten:
    """A name that was replaced: where it stood, what it was and what it is now, as a person calls them.

    ``names_both`` says whether the plan named the replacement too, so that it may say the same twice now.
    """

    place: Place
    old: str
    new: str
    names_both: bool


def migrated(knowledge: Knowledge, path: Path) -> tuple[bytes, tuple[Rewritten, ...]]:
    """The content of a plan's file with the replacement of each deprecated name, and what was replaced.

    Only the names are rewritten: comments, layout and order stay. Raises InputProblem, with the line or cell, if
    the file cannot be read, nothing replaces a name, or the name cannot be found where it is used.
    """
    before = read_plan(path)
    plan = current(before, knowledge.deprecations)
    for name in plan.deprecated:
        if not knowledge.deprecations[name.iri].replacement:
            raise _by_hand(knowledge, name, plan, "Nothing replaces it: take it out.")
    rewrite = _in_workbook if path.suffix.lower() == ".xlsx" else _in_text
    content = rewrite(knowledge, path.read_bytes(), plan)
    if plan.deprecated:
        _hold_to(knowledge, plan, content)
    return content, tuple(
        dict.fromkeys(
            Rewritten(
                name.place or Place(plan.file),
                knowledge.label(name.iri),
                knowledge.label(knowledge.deprecations[name.iri].replacement),
                names_both(plan, name, knowledge.deprecations[name.iri].replacement),
            )
            for name in plan.deprecated
        )
    )


def _in_text(knowledge: Knowledge, content: bytes, plan: Plan) -> bytes:
    lines = re.findall(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+", content.decode("utf-8"))
    for name in plan.deprecated:
        line = name.place.line if name.place else None
        if line is None or line > len(lines):
            raise _by_hand(knowledge, name, plan)
        new = knowledge.deprecations[name.iri].replacement
        for old_text, new_text in _spellings(name, new).items():
            # A name ends where no letter, digit or hyphen follows: 'risk-debt' does not stand in 'risk-debts'.
            lines[line - 1] = re.sub(rf"(?<![\w-]){re.escape(old_text)}(?![\w-])", new_text, lines[line - 1])
    return "".join(lines).encode()


def _spellings(name: DeprecatedName, new: str) -> Mapping[str, str]:
    """What may be written for a deprecated name, each with what is written for its replacement."""
    found = {local_name(name.iri): local_name(new)}
    if name.is_property:
        keys = {expand(about["@id"]): key for key, about in context().items() if isinstance(about, dict)}
        if name.iri in keys and new in keys:
            found[keys[name.iri]] = keys[new]
    return found


def _in_workbook(knowledge: Knowledge, content: bytes, plan: Plan) -> bytes:
    from mwkb.form import form
    from mwkb.workbook.cells import always_the_same
    from mwkb.workbook.opening import loaded

    if not plan.deprecated:
        return content
    offered = {expand(choice.name): choice.label for part in form(knowledge).parts for f in part.fields for choice in f.choices}
    book = loaded(io.BytesIO(content))
    for name in plan.deprecated:
        sheet, _, cell = ((name.place and name.place.cell) or "").rpartition("!")
        new = knowledge.deprecations[name.iri].replacement
        if sheet not in book.sheetnames or new not in offered:
            raise _by_hand(knowledge, name, plan)
        book[sheet][cell].value = offered[new]
    stream = io.BytesIO()
    book.save(stream)
    return always_the_same(stream.getvalue())


def _hold_to(knowledge: Knowledge, plan: Plan, content: bytes) -> None:
    """Raise InputProblem unless the content says just what the plan says in current names."""
    with tempfile.TemporaryDirectory(prefix="mwkb-") as folder:
        copy = Path(folder) / Path(plan.file).name
        copy.write_bytes(content)
        again = read_plan(copy)
    if {quad.triple for quad in again.quads} != {quad.triple for quad in plan.quads}:
        left = current(again, knowledge.deprecations).deprecated or plan.deprecated
        raise _by_hand(knowledge, left[0], plan)


def _by_hand(knowledge: Knowledge, name: DeprecatedName, plan: Plan, remedy: str = "") -> InputProblem:
    new = knowledge.deprecations[name.iri].replacement
    return InputProblem(
        f"'{knowledge.label(name.iri)}' cannot be rewritten here.",
        name.place or Place(plan.file),
        remedy or f"Write {local_name(new)} in its place by hand.",
    )
