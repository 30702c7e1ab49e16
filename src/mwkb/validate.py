"""Validate a plan with SHACL: undefined names first, then the shapes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal as OneOf

from pyoxigraph import NamedNode, RdfFormat, Triple, serialize

from mwkb import files
from mwkb.entry import EntryNames
from mwkb.knowledge import Knowledge
from mwkb.plan import Plan
from mwkb.problems import Place
from mwkb.shacl import Engine, Raw, results
from mwkb.shacl import engine as prepared
from mwkb.shape_graph import ShapeGraph
from mwkb.undefined import undefined_names
from mwkb.vocabulary import KB, MWKB, RDF, SH, SHAPE

Severity = OneOf["violation", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("violation", "warning", "info")
SHACL_SEVERITIES: dict[str, Severity] = {SH + "Violation": "violation", SH + "Warning": "warning", SH + "Info": "info"}

UNDEFINED = SHAPE + "undefined-name"
"""Stands where a shape's IRI would, for a name that nothing defines."""
OUTDATED = SHAPE + "outdated-template"
"""The same for a workbook of another version of the template."""


@dataclass(frozen=True)
class Breach:
    """A shape and an entry that breaks it, both by their IRIs."""

    shape: str
    focus: str


@dataclass(frozen=True)
class Result:
    """One thing that is wrong with a plan, or worth saying about it.

    ``focus``, ``path`` and ``shape`` are IRIs; ``value`` is text; ``about`` is what a person calls
    the entry, empty if it is the plan itself; ``field`` is the shape's name; ``also`` is what other
    shapes have against the same thing and what is not said again.
    """

    severity: Severity
    message: str
    focus: str
    path: str | None
    shape: str
    about: str = ""
    field: str = ""
    value: str | None = None
    warrant: str = ""
    place: Place | None = None
    also: tuple[Breach, ...] = ()

    @property
    def breaches(self) -> tuple[Breach, ...]:
        """All that is broken by what is wrong."""
        return (Breach(self.shape, self.focus), *self.also)

    @property
    def title(self) -> str:
        """The entry and the field in words."""
        return " · ".join(filter(None, (self.about, self.field)))


def validate(knowledge: Knowledge, plan: Plan, engine: str = "shifty") -> tuple[Result, ...]:
    """Everything the shapes find in a plan, worst first, then in the order of the file.

    Raises InputProblem if the engine is not known or cannot be had.
    """
    return told(knowledge, plan, raw_results(knowledge, plan, engine))


def told(knowledge: Knowledge, plan: Plan, raw: Iterable[Raw]) -> tuple[Result, ...]:
    """What an engine found in a plan, and the names in it that nothing defines, as a person is told."""
    names = EntryNames(knowledge, plan)
    undefined = [
        Result(
            "violation",
            f"'{name.name}' is not a name that a plan can use." + (f" {name.hint}" if name.hint else " Check its spelling."),
            name.focus, name.path, UNDEFINED, names.name(name.focus), "Name", name.name, "", name.place,
        )
        for name in undefined_names(plan, knowledge.names)
    ]  # fmt: skip
    noted = [Result("warning", n.what, plan.iri, None, OUTDATED, "", "Template", None, "", n.place) for n in plan.notes]
    shaped = tuple(_result(each, plan, names) for each in sorted(raw, key=repr))
    return tuple(sorted(dict.fromkeys([*_said_once(undefined, shaped, plan), *noted]), key=_order))


def _said_once(undefined: list[Result], shaped: tuple[Result, ...], plan: Plan) -> list[Result]:
    """An undefined value is not of the class a shape asks for either: the name says so, and the shape not again."""
    values = {(result.focus, result.path): result for result in undefined}
    cells = {result.place: result for result in undefined if result.place and result.place.cell}
    also: dict[Result, list[Breach]] = {result: [] for result in undefined}
    others = []
    for result in shaped:
        name = cells.get(result.place) if result.place and result.value is None else None
        if result.value and result.value.startswith((KB, MWKB, plan.iri)):
            name = values.get((result.focus, result.path))
        if name is None:
            others.append(result)
        else:
            also[name] += result.breaches
    return [*(replace(result, also=tuple(also[result])) for result in undefined), *others]


def check_shapes(knowledge: Knowledge, plan: Plan, engine: str = "shifty") -> tuple[Result, ...]:
    """What the shapes alone find in a plan: only about what was submitted, each thing once."""
    names = EntryNames(knowledge, plan)
    return tuple(sorted({_result(raw, plan, names) for raw in raw_results(knowledge, plan, engine)}, key=_order))


def raw_results(knowledge: Knowledge, plan: Plan, engine: str = "shifty", only: frozenset[str] | None = None) -> set[Raw]:
    """What an engine finds in what was submitted; of the shapes for plans it may put only those to it that have these parts."""
    submitted = serialize((q.triple for q in plan.quads), format=RdfFormat.N_TRIPLES) or b""
    own = {q.subject.value for q in plan.quads if isinstance(q.subject, NamedNode)}
    shapes = None if only is None else plan_shapes().having(only)
    return {raw for raw in results(_engine(engine, knowledge).report(submitted, shapes)) if raw.focus in own}


def raw_results_again(
    knowledge: Knowledge, plan: Plan, before: set[Raw], changed: Iterable[Triple], engine: str = "shifty"
) -> set[Raw]:
    """As ``raw_results``, for a plan that differs in some triples from one of the same IRI of which the results are known."""
    own = {q.subject.value for q in plan.quads if isinstance(q.subject, NamedNode)}
    present = {q.triple for q in plan.quads}
    changed = set(changed)
    if any(t.predicate.value == RDF + "type" and t not in present and getattr(t.subject, "value", "") in own for t in changed):
        return raw_results(knowledge, plan, engine)  # an entry is of another class, so that other shapes look at it
    touched = plan_shapes().touched(changed)
    kept = {raw for raw in before if raw.shape not in touched and raw.focus in own}
    return kept | raw_results(knowledge, plan, engine, touched) if touched else kept


def _result(raw: Raw, plan: Plan, names: EntryNames) -> Result:
    shapes = plan_shapes()
    return Result(
        SHACL_SEVERITIES[raw.severity],
        raw.message or shapes.messages.get(raw.shape, ""),
        raw.focus,
        raw.path,
        raw.shape,
        names.name(raw.focus),
        shapes.names.get(raw.shape, ""),
        raw.value,
        shapes.warrants.get(raw.shape, ""),
        plan.place(raw.focus, raw.path or "", raw.value),
    )


@lru_cache(maxsize=2)
def _engine(name: str, knowledge: Knowledge) -> Engine:
    """An engine that has the shapes for plans and the knowledge base."""
    return prepared(name, plan_shapes(), knowledge.base)


@lru_cache(maxsize=1)
def plan_shapes() -> ShapeGraph:
    """The shapes for plans."""
    return ShapeGraph(files.shape_file("plan").read_bytes())


def _order(result: Result) -> tuple[object, ...]:
    position = (result.place or Place("")).position
    return (
        SEVERITIES.index(result.severity),
        result.shape != UNDEFINED,
        position,
        result.focus,
        result.shape,
        result.value or "",
    )
