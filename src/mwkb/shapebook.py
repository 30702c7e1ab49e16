"""The shapes as a whole: what each checks, how grave a breach is, on what warrant, with how many cases, and on what of a plan."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from mwkb import files
from mwkb.plan import Plan
from mwkb.plan_shapes import plan_shapes
from mwkb.shape_graph import ShapeGraph
from mwkb.validate import DEPRECATED, OUTDATED, SHACL_SEVERITIES, UNDEFINED, Result, Severity
from mwkb.vocabulary import MWKB, RDF, RDFS, SH, SHAPE, expand, local_name

TESTS = {"plan": "plans", "kb": "facts"}
"""The folder with the cases of each file of shapes."""


@dataclass(frozen=True)
class ListedShape:
    """A shape as a list shows it. ``cases`` is None where the tests do not lie beside the shapes, as in a wheel."""

    id: str
    name: str
    message: str
    severity: Severity
    warrant: str
    cases: int | None


@dataclass(frozen=True)
class Check:
    """A shape as it was put to a part of a plan: to how many entries, and which of them break it.

    ``part`` says what the entries are, ``found`` holds their IRIs. A shape that several parts share is a check of each.
    """

    part: str
    shape: str
    name: str
    message: str
    severity: Severity
    warrant: str
    looked_at: int
    found: tuple[str, ...]


def shapes(of: str) -> tuple[ListedShape, ...]:
    """The shapes for a ``plan`` or for the ``kb`` that can give a result, by id."""
    graph = ShapeGraph(files.shape_file(of).read_bytes())
    counted = _cases(files.root() / "tests" / TESTS[of] / "cases.yaml")
    found = [_listed(graph, iri, None if counted is None else counted.get(iri, 0)) for iri in _reporting(graph)]
    return tuple(sorted(found, key=lambda shape: shape.id))


def _listed(graph: ShapeGraph, iri: str, cases: int | None = None) -> ListedShape:
    return ListedShape(
        local_name(iri),
        graph.value(iri, SH + "name"),
        graph.value(iri, SH + "message"),
        SHACL_SEVERITIES[graph.value(iri, SH + "severity")],
        graph.value(iri, MWKB + "warrant"),
        cases,
    )


@dataclass(frozen=True)
class _Targeted:
    """A shape that looks at entries: the part of a plan that it is for, its targets and what of it can give a result."""

    part: str
    classes: tuple[str, ...]
    properties: tuple[str, ...]
    reporting: tuple[tuple[str, ListedShape], ...]


@cache
def _targeted() -> tuple[_Targeted, ...]:
    graph = plan_shapes()
    reporting = set(_reporting(graph))
    found = []
    for node in graph.having(*_TARGETS):
        part = graph.value(node, RDFS + "label").removeprefix("Shape of ")
        classes, properties = (tuple(graph.iris(node, target)) for target in _TARGETS)
        inside = sorted({node, *graph.iris(node, SH + "property")} & reporting)
        listed = tuple((iri, _listed(graph, iri)) for iri in inside)
        found.append(_Targeted(part[:1].upper() + part[1:], classes, properties, listed))
    return tuple(found)


def checks(plan: Plan, results: Iterable[Result]) -> tuple[Check, ...]:
    """Every check that a plan was put to, part by part in alphabetical order, with what came of it."""
    said: dict[str, set[str]] = {}
    for breach in (breach for result in results for breach in result.breaches):
        said.setdefault(breach.shape, set()).add(breach.focus)
    of_class: dict[str, set[str]] = {}
    having: dict[str, set[str]] = {}
    for subject, property_, value, is_iri in plan.said:
        if subject:
            having.setdefault(property_, set()).add(subject)
            if property_ == RDF + "type" and is_iri:
                of_class.setdefault(value, set()).add(subject)
    found = []
    for shape in _targeted():
        entries = set[str]().union(
            *(of_class.get(kind, ()) for kind in shape.classes), *(having.get(name, ()) for name in shape.properties)
        )
        for iri, listed in shape.reporting:
            broken = tuple(sorted(entries & said.get(iri, set())))
            found.append(
                Check(
                    *(shape.part, iri, listed.name, _without_names(listed.message), listed.severity, listed.warrant),
                    *(len(entries), broken),
                )
            )
    found.append(_names_are_known(len(plan.own), tuple(sorted(said.get(UNDEFINED, ())))))
    if plan.deprecated:
        found.append(_names_are_current(len(plan.own), tuple(sorted(said.get(DEPRECATED, ())))))
    if plan.notes or plan.file.lower().endswith(".xlsx"):
        found.append(_form_is_whole(tuple(sorted(said.get(OUTDATED, ())))))
    return tuple(sorted(found, key=lambda check: (check.part, check.name, check.shape)))


def _without_names(message: str) -> str:
    """A message that says of no entry in particular what it misses."""
    return re.sub(r"\{\?\w+\}\.?", "...", message)


def _names_are_known(entries: int, broken: tuple[str, ...]) -> Check:
    """The check before the shapes; see ``undefined``."""
    message = "A name in the plan is not one that a plan can use. Check its spelling."
    return Check("Every entry of a plan", UNDEFINED, "Name", message, "violation", "mwkb: well-formedness", entries, broken)


def _names_are_current(entries: int, broken: tuple[str, ...]) -> Check:
    """The check for deprecated terms and facts; see ``deprecation``."""
    message = "A name in the plan is deprecated. Use what replaces it; mwkb fmt --migrate writes it so."
    return Check("Every entry of a plan", DEPRECATED, "Name", message, "warning", "mwkb: well-formedness", entries, broken)


def _form_is_whole(broken: tuple[str, ...]) -> Check:
    """The check of a workbook as a form; see ``workbook``."""
    message = "The workbook is not the form that a plan is read from. Write it anew with mwkb convert."
    return Check("Workbook as a form", OUTDATED, "Template", message, "warning", "mwkb: well-formedness", 1, broken)


_TARGETS = (SH + "targetClass", SH + "targetSubjectsOf")
"""The ways in which the shapes for plans say what they are put to."""


def _reporting(graph: ShapeGraph) -> list[str]:
    """The shapes that have a severity: the others only put these together."""
    return [iri for iri in graph.having(SH + "severity") if iri.startswith(SHAPE)]


def _cases(path: Path) -> Mapping[str, int] | None:
    """In how many cases a result of each shape is expected."""
    if not path.exists():
        return None
    cases = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Counter(shape for case in cases for shape in {expand(result["shape"]) for result in case.get("expect", ())})
