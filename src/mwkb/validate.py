"""Validate a plan with SHACL: undefined names first, then the shapes.

pySHACL is the reference; shifty, a Rust engine, gives the same results faster and serves by
default. A test holds the two together, result for result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING
from typing import Literal as OneOf

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse, serialize

from mwkb import files
from mwkb.entry import EntryNames
from mwkb.knowledge import Knowledge
from mwkb.plan import Plan
from mwkb.problems import InputProblem, Place
from mwkb.undefined import undefined_names
from mwkb.vocabulary import KB, MWKB, RDF, SH, SHAPE

if TYPE_CHECKING:
    from rdflib import Graph

Severity = OneOf["violation", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("violation", "warning", "info")
SHACL_SEVERITIES: dict[str, Severity] = {SH + "Violation": "violation", SH + "Warning": "warning", SH + "Info": "info"}
ENGINES = ("shifty", "pyshacl")

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


@dataclass(frozen=True)
class _Raw:
    focus: str
    path: str | None
    value: str | None
    shape: str
    severity: str
    message: str


def validate(knowledge: Knowledge, plan: Plan, engine: str = "shifty") -> tuple[Result, ...]:
    """Everything the shapes find in a plan, worst first, then in the order of the file.

    Raises InputProblem if the engine is not known or cannot be had.
    """
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
    shaped = check_shapes(knowledge, plan, engine)
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
    shapes = _Shapes.read(files.shape_file("plan").read_bytes())
    names = EntryNames(knowledge, plan)
    submitted = serialize((q.triple for q in plan.quads), format=RdfFormat.N_TRIPLES) or b""
    own = {q.subject.value for q in plan.quads if isinstance(q.subject, NamedNode)}
    raw = run(engine, shapes.text, knowledge.base, submitted)
    return tuple(sorted({shapes.result(result, plan, names) for result in raw if result.focus in own}, key=_order))


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


def run(engine: str, shapes: bytes, base: bytes, submitted: bytes = b"") -> list[_Raw]:
    """The results of one engine on shapes (Turtle) and two parts of the data (N-Triples)."""
    engines: dict[str, Callable[[bytes, bytes, bytes], Iterable[Quad]]] = {"shifty": _shifty, "pyshacl": _pyshacl}
    if engine not in engines:
        raise InputProblem(f"There is no engine '{engine}'.", remedy=f"Use one of: {', '.join(ENGINES)}.")
    return sorted(_results(engines[engine](shapes, base, submitted)), key=repr)


def _shifty(shapes: bytes, base: bytes, submitted: bytes) -> Iterable[Quad]:
    try:
        # The public wrapper hands back an rdflib graph; the extension itself, typed and pinned, does not need rdflib.
        from shifty._shifty import PreparedValidator
    except ImportError as error:
        raise InputProblem("The engine 'shifty' is not installed.", remedy="Use --engine pyshacl.") from error
    answer = PreparedValidator(shapes, None, "turtle").validate_w3c(
        base + submitted, None, "ntriples", graph_mode="data", run_infer=False
    )
    return parse(answer.report_turtle, format=RdfFormat.TURTLE)


def _pyshacl(shapes: bytes, base: bytes, submitted: bytes) -> Iterable[Quad]:
    import logging
    import warnings

    import pyshacl
    from rdflib import Graph

    # rdflib tells of each ill-typed value with a traceback; the shapes tell the submitter.
    logging.getLogger("rdflib.term").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", message="Parsing weird boolean")
    data = _graph(base, "nt") + _graph(submitted, "nt")
    _, report, _ = pyshacl.validate(data, shacl_graph=_graph(shapes, "turtle"), inference="none", advanced=False, inplace=True)
    if not isinstance(report, Graph):
        raise InputProblem(f"pySHACL could not validate: {report}")
    return parse(report.serialize(format="nt", encoding="utf-8"), format=RdfFormat.N_TRIPLES)


@lru_cache(maxsize=4)
def _graph(content: bytes, form: str) -> Graph:
    """An rdflib graph, parsed once for as long as its content stays the same."""
    import rdflib

    # What was submitted is judged, not what rdflib would make of it; pySHACL sets this back in its runs.
    rdflib.NORMALIZE_LITERALS = False
    return rdflib.Graph().parse(data=content, format=form)


def _results(report: Iterable[Quad]) -> Iterator[_Raw]:
    nodes: dict[object, dict[str, str]] = {}
    for quad in report:
        if isinstance(quad.object, NamedNode | Literal):
            nodes.setdefault(quad.subject, {}).setdefault(quad.predicate.value, quad.object.value)
    for node in nodes.values():
        if node.get(RDF + "type") == SH + "ValidationResult":
            focus, value = node.get(SH + "focusNode", ""), node.get(SH + "value")
            # For a SPARQL constraint the engines differ on whether the focus itself counts as the value.
            yield _Raw(
                focus,
                node.get(SH + "resultPath"),
                None if value == focus else value,
                node.get(SH + "sourceShape", ""),
                node.get(SH + "resultSeverity", ""),
                node.get(SH + "resultMessage", ""),
            )


@dataclass(frozen=True)
class _Shapes:
    """The shapes with what a message needs of them."""

    text: bytes
    names: dict[str, str]
    messages: dict[str, str]
    warrants: dict[str, str]

    @classmethod
    def read(cls, text: bytes) -> _Shapes:
        quads = tuple(parse(text, format=RdfFormat.TURTLE))

        def table(predicate: str) -> dict[str, str]:
            return {
                q.subject.value: q.object.value
                for q in quads
                if q.predicate.value == predicate and isinstance(q.subject, NamedNode) and isinstance(q.object, Literal)
            }

        return cls(text, table(SH + "name"), table(SH + "message"), table(MWKB + "warrant"))

    def result(self, raw: _Raw, plan: Plan, names: EntryNames) -> Result:
        return Result(
            SHACL_SEVERITIES[raw.severity],
            raw.message or self.messages.get(raw.shape, ""),
            raw.focus,
            raw.path,
            raw.shape,
            names.name(raw.focus),
            self.names.get(raw.shape, ""),
            raw.value,
            self.warrants.get(raw.shape, ""),
            plan.place(raw.focus, raw.path or "", raw.value),
        )
