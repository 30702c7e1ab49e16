"""What reasoning found, as plain text and as Markdown."""

from __future__ import annotations

from mwkb.problems import printable
from mwkb.reasoning import Explanation, Reasoned
from mwkb.report.text import headed, wrapped
from mwkb.report.words import counted, numbered


def reasoned_text(found: Reasoned) -> str:
    """The verdict, then each part that has something in it."""
    lines = [wrapped(line) for line in _verdict(found)] + [""]
    if found.clash is not None:
        lines += headed("What cannot all be true", _lead(found.clash))
        lines += [*_statements(found.clash), ""]
    if found.unsatisfiable:
        lines += headed(f"Classes that can have no member ({len(found.unsatisfiable)})", "")
        for number, empty in enumerate(found.unsatisfiable, 1):
            lines.append(wrapped(f"{empty.label} · {empty.iri}", f"{number:3}. ", "     "))
            if empty.why is not None:
                lines += [wrapped(_lead(empty.why), "     "), *_statements(empty.why, "     ")]
            lines.append("")
    if found.violations:
        lines += headed(f"What is not OWL 2 DL ({len(found.violations)})", "")
        for violation in found.violations:
            lines.append(wrapped(f"x {violation.place} · {violation.what} {violation.remedy}", "  ", "    "))
        lines.append("")
    if found.inferred:
        lines += headed(f"What follows and is not stated ({len(found.inferred)})", "")
        lines += [wrapped(f"- {inference.words}  {inference.manchester}", "  ", "    ") for inference in found.inferred]
        lines.append("")
    return "\n".join([*lines, *map(wrapped, found.notes)]).rstrip() + "\n"


def reasoned_markdown(found: Reasoned) -> str:
    """The same with tables, for a page of the documentation or a review."""
    lines = ["# Reasoning", "", *(line for sentence in _verdict(found) for line in (sentence, ""))]
    if found.clash is not None:
        lines += ["## What cannot all be true", "", _lead(found.clash), "", *_table(found.clash)]
    if found.unsatisfiable:
        lines += ["## Classes that can have no member", ""]
    for empty in found.unsatisfiable:
        lines += [f"### {_cell(empty.label)}", "", f"`{empty.iri}`", ""]
        if empty.why is not None:
            lines += [_lead(empty.why), "", *_table(empty.why)]
    if found.violations:
        lines += ["## What is not OWL 2 DL", "", "| Where | What | What to do |", "| --- | --- | --- |"]
        lines += [f"| {v.place} | {_cell(v.what)} | {_cell(v.remedy)} |" for v in found.violations] + [""]
    if found.inferred:
        lines += ["## What follows and is not stated", "", "| In words | Statement |", "| --- | --- |"]
        lines += [f"| {_cell(i.words)} | `{_cell(i.manchester)}` |" for i in found.inferred] + [""]
    return "\n".join([*lines, *(line for note in found.notes for line in (_cell(note), ""))]).rstrip() + "\n"


def _verdict(found: Reasoned) -> list[str]:
    read = f"{counted(found.files, 'file')}, {counted(found.axioms, 'axiom')}, {numbered(found.classes, 'class', 'classes')}."
    profile = "Not OWL 2 DL." if found.violations else "OWL 2 DL."
    if found.consistent is None:
        return [read, f"{profile} Whether it is consistent is not known."]
    if not found.consistent:
        return [read, f"{profile} Not consistent: not all of it can be true, so that anything follows from it."]
    empty = len(found.unsatisfiable)
    members = f"{numbered(empty, 'class', 'classes')} can have no member." if empty else "Every class can have a member."
    follows = (
        f"{len(found.inferred)} things follow that are not stated."
        if len(found.inferred) > 1
        else ("One thing follows that is not stated." if found.inferred else "Of classes nothing follows that is not stated.")
    )
    return [read, f"{profile} Consistent. {members} {follows}"]


def _lead(why: Explanation) -> str:
    if not why.minimal:
        return f"The clash is among these {len(why.statements)} statements; time ran out before it was narrowed down."
    if len(why.statements) == 1:
        return "This statement cannot be true:"
    return f"These {len(why.statements)} statements clash; take any one away and the others do not:"


MOST = 50
"""How many statements of an explanation that is not finished are shown: nobody reads more."""


def _statements(why: Explanation, indent: str = "  ") -> list[str]:
    lines = []
    for statement in why.statements[:MOST]:
        lines.append(wrapped(statement.words, f"{indent}- ", f"{indent}  "))
        lines.append(printable(f"{indent}  {statement.manchester}  {statement.place}"))
    if len(why.statements) > MOST:
        lines.append(f"{indent}- and {len(why.statements) - MOST} more")
    return lines


def _table(why: Explanation) -> list[str]:
    rows = [f"| {_cell(s.words)} | `{_cell(s.manchester)}` | {s.place} |" for s in why.statements[:MOST]]
    return ["| In words | Statement | Where |", "| --- | --- | --- |", *rows, ""]


def _cell(text: str) -> str:
    return " ".join(printable(text).split()).replace("|", "&#124;").replace("`", "'")
