"""Plans in every format that people and programs hand in: converted from one to another, and asked for by a template."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pyoxigraph import NamedNode, RdfFormat, serialize

from mwkb.form import Choice, Field, Form, Part
from mwkb.plan import Plan
from mwkb.plan.entries import Homeless, Tree, tree, what_fits
from mwkb.plan.structure import namespaces
from mwkb.plan.tree import escaped
from mwkb.problems import InputProblem, Place
from mwkb.vocabulary import KB, PREFIXES, RDF

FORMATS = (".xlsx", ".yaml", ".json", ".jsonld", ".ttl", ".nt")
"""What a plan can be written as, by the ending of the file."""
_RDF = {".jsonld": RdfFormat.JSON_LD, ".ttl": RdfFormat.TURTLE, ".nt": RdfFormat.N_TRIPLES}
TEMPLATES = (".xlsx", ".yaml")
FEW = 12
"""Up to how many choices a commented template lists."""
WIDTH = 100
_TYPE = RDF + "type"


def ending_of(path: Path) -> str:
    """The ending by which the format of a file goes."""
    ending = path.suffix.lower()
    return ".yaml" if ending == ".yml" else ending


def converted(plan: Plan, form: Form, ending: str) -> bytes:
    """A plan in the format of an ending; reading it gives the same triples.

    Raises InputProblem if something would be lost: a name that is not known, a text that the format cannot
    hold as it is, or what it has no place for.
    """
    for unknown in plan.unknown_keys:
        raise InputProblem(f"'{unknown.key}' is not known, and would be lost.", unknown.place, unknown.hint or "Mend it first.")
    content = written(plan, form, ending)
    if ending not in _RDF:
        try:
            again = _read_back(content, form, ending)
        except InputProblem as problem:  # its place is in a copy that nobody sees
            raise InputProblem(problem.what, Place(plan.file), "Mend it, or convert to Turtle.") from None
        for change in changes(plan, again):
            raise InputProblem(change.what, change.place, change.remedy)
        for unknown in again.unknown_keys:
            raise InputProblem(f"'{unknown.key}' would not be known in the other format.", Place(plan.file), "Convert to Turtle.")
    return content


def fitting(plan: Plan, form: Form) -> tuple[bytes, tuple[Homeless, ...]]:
    """A workbook with what of a plan it has a place for, and the rest."""
    from mwkb.workbook.layout import tables
    from mwkb.workbook.write import workbook

    said, homeless = what_fits(plan, {part.key for part in tables(form)})
    return workbook(form, said), homeless


def _read_back(content: bytes, form: Form, ending: str) -> Plan:
    if ending == ".xlsx":
        return read_back(content, form)
    from mwkb.plan.tree import read_tree

    return read_tree(content.decode(), f"plan{ending}")


def read_back(workbook: bytes, form: Form) -> Plan:
    """The plan that a workbook holds, with places in its cells. Raises InputProblem if it cannot be read."""
    from mwkb.workbook.read import read_workbook

    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "plan.xlsx"
        copy.write_bytes(workbook)
        return read_workbook(copy, form)


@dataclass(frozen=True)
class Change:
    """Something that a plan says and that does not come back from another format as it is, with the text written for it."""

    what: str
    place: Place
    remedy: str
    value: str | None = None


def changes(plan: Plan, again: Plan) -> Iterator[Change]:
    """All that does not come back from the other format as it is."""
    kept = {quad.triple for quad in again.quads}
    telling = {quad.subject for quad in plan.quads if quad.predicate.value != _TYPE}
    lost = {quad.subject for quad in plan.quads} - telling - {NamedNode(plan.iri)} - {quad.subject for quad in again.quads}
    for entry in sorted(lost, key=str):
        where = plan.place(getattr(entry, "value", "")) or Place(plan.file)
        yield Change("An entry that says nothing would be lost.", where, "Fill it in, or take it out.")
    for quad in plan.quads:
        if quad.triple in kept or quad.predicate.value == _TYPE or quad.object in lost:
            continue  # a class comes back with the key of its entry
        said = value = getattr(quad.object, "value", "")
        if isinstance(quad.object, NamedNode):
            value = said.removeprefix(plan.iri + "/").removeprefix(namespaces().get(quad.predicate.value, KB))
        shown = f"'{value}'" if len(value) <= WIDTH else f"A text of {len(value)} characters"
        yield Change(
            f"{shown} would not stay as it is in the other format." if value else "An empty text would be lost.",
            plan.place(getattr(quad.subject, "value", ""), quad.predicate.value, said) or Place(plan.file),
            "It may be a name that is not known, or have blanks at its ends. Mend it, or convert to Turtle.",
            value,
        )


def written(plan: Plan, form: Form, ending: str) -> bytes:
    """A plan in the format of an ending, as far as its names are known.

    Raises InputProblem if the plan says what the format has no place for, or there is no such format.
    """
    if ending in _RDF:
        triples = sorted((quad.triple for quad in plan.quads), key=str)
        return serialize(triples, format=_RDF[ending], prefixes=None if ending == ".nt" else PREFIXES) or b""
    if ending == ".xlsx":
        from mwkb.workbook.layout import tables
        from mwkb.workbook.write import workbook

        return workbook(form, tree(plan, {part.key for part in tables(form)}))
    said = tree(plan)
    if ending == ".yaml":
        return yaml.dump(said, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=WIDTH).encode()
    if ending == ".json":
        return (escaped(json.dumps(said, ensure_ascii=False, indent=2)) + "\n").encode()
    raise InputProblem(f"A plan cannot be written as '{ending}'.", remedy=f"Use one of: {', '.join(FORMATS)}.")


def template(form: Form, ending: str, needs: Tree | None = None) -> bytes:
    """An empty form, or one in which the needs are filled in, as a workbook or as YAML with comments.

    Raises InputProblem if there is no template of that ending.
    """
    if ending == ".xlsx":
        from mwkb.workbook.write import workbook

        return workbook(form, needs or {})
    if ending == ".yaml":
        return ("\n".join(_lines(form, needs or {})) + "\n").encode()
    raise InputProblem(f"There is no template as '{ending}'.", remedy=f"End the file in one of: {', '.join(TEMPLATES)}.")


class _Dumper(yaml.SafeDumper):
    """Writes a text without quotes wherever it is read as the same text: all but what YAML means as nothing."""


_Dumper.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag == "tag:yaml.org,2002:null"]
    for first, resolvers in yaml.SafeDumper.yaml_implicit_resolvers.items()
}


def _lines(form: Form, filled: Tree) -> Iterator[str]:
    """YAML in which every field stands in a comment, but for those that are filled in."""
    yield f"# A plan for mental wellbeing. Template {form.version}, knowledge base {form.knowledge_version}."
    yield "# Take away the '#' in front of each line that you fill in, of the line with the '-' above it,"
    yield "# and of the line that both stand under."
    yield "# Names are found with: mwkb search WORD"
    yield ""
    yield "#id: https://example.org/our-plan   # a web address that names the plan for good"
    for part in form.parts:
        if part.owner in ("", "plan"):
            yield from _part(form, part, filled if part.key == "plan" else filled.get(part.key), 0)


def _part(form: Form, part: Part, filled: Any, depth: int) -> Iterator[str]:
    inner = [other for other in form.parts if other.owner == part.key and part.key != "plan"]
    pad = "  " * depth
    if part.key != "plan":
        yield ""
        yield from _comment(pad, part.help)
        yield f"{pad}{part.key}:" if filled else f"#{pad}{part.key}:"
        depth += 1
        pad = "  " * depth
    if isinstance(filled, list):
        for line in yaml.dump(filled, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=WIDTH).splitlines():
            yield pad + line
    first = part.several
    for field in part.fields:
        if field.kind == "part":
            continue
        value = filled.get(field.key) if isinstance(filled, Mapping) else None
        yield from _comment(pad + ("  " if part.several else ""), f"{field.help} {_allowed(field)}".strip())
        start = "- " if first else "  " if part.several else ""
        given = f" {value}" if value else ""
        yield f"{pad}{start}{field.key}:{given}" if value else f"#{pad}{start}{field.key}:"
        first = False
    for other in inner:
        held = filled.get(other.key) if isinstance(filled, Mapping) else None
        yield from _part(form, other, held, depth + (1 if part.several else 0))


def _allowed(field: Field) -> str:
    """What a field takes, in words."""
    need = {"violation": "Required.", "warning": "Expected."}.get(field.need, "")
    several = " Several go in brackets: [a, b]." if field.several else ""
    kinds = {
        "date": "A date such as 2027-04-01.",
        "year": "A year.",
        "yes-no": "true or false.",
        "integer": "A whole number.",
        "decimal": "A number.",
        "reference": f"The id of an entry under {field.part}.",
        "choice": _list(field.choices),
    }
    return " ".join(filter(None, (need, kinds.get(field.kind, "") + several)))


def _list(choices: tuple[Choice, ...]) -> str:
    if len(choices) > FEW:
        return f"A name such as {choices[0].name} ({choices[0].label})."
    return "One of: " + "; ".join(f"{choice.name} ({choice.label})" for choice in choices) + "."


def _comment(pad: str, text: str) -> Iterator[str]:
    from textwrap import wrap

    yield from (f"## {pad}{line}" for line in wrap(text, WIDTH - len(pad) - 4, break_on_hyphens=False))
