"""Validate a plan with SHACL: undefined names first, then the shapes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal as OneOf

from pyoxigraph import Literal, NamedNode, RdfFormat, parse, serialize

from mwkb import files
from mwkb.entry import EntryNames
from mwkb.knowledge import Knowledge
from mwkb.plan import Plan
from mwkb.problems import Place
from mwkb.shacl import Engine, Raw, results
from mwkb.shacl import engine as prepared
from mwkb.undefined import undefined_names
from mwkb.vocabulary import KB, MWKB, SH, SHAPE

Severity = OneOf["violation", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("violation", "warning", "info")
SHACL_SEVERITIES: dict[str, Severity] = {SH + "Violation": "violation", SH + "Warning": "warning", SH + "Info": "info"}

UNDEFINED = SHAPE + "undefined-name"
"""Stands where a shape's IRI would, for a name that nothing defines."""
OUTDATED = SHAPE + "outdated-template"
"""The same for a workbook of another version of the template."""


@dataclass(frozen=True)
class Result:
    """One thing that is wrong with a plan, or worth saying about it.

    ``focus``, ``path`` and ``shape`` are IRIs; ``value`` is text; ``about`` is what a person calls
    the entry, empty if it is the plan itself; ``field`` is the shape's name.
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

    @property
    def title(self) -> str:
        """The entry and the field in words."""
        return " · ".join(filter(None, (self.about, self.field)))


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
    said = {(result.focus, result.path) for result in undefined}
    cells = {result.place for result in undefined if result.place and result.place.cell}
    # An undefined value is not of the class a shape asks for either: say it once.
    shaped = [
        result
        for result in check_shapes(knowledge, plan, engine)
        if not ((result.focus, result.path) in said and result.value and result.value.startswith((KB, MWKB, plan.iri)))
        and not (result.place in cells and result.value is None)
    ]
    return tuple(sorted(dict.fromkeys([*undefined, *noted, *shaped]), key=_order))


def check_shapes(knowledge: Knowledge, plan: Plan, engine: str = "shifty") -> tuple[Result, ...]:
    """What the shapes alone find in a plan: only about what was submitted, each thing once."""
    names = EntryNames(knowledge, plan)
    submitted = serialize((q.triple for q in plan.quads), format=RdfFormat.N_TRIPLES) or b""
    own = {q.subject.value for q in plan.quads if isinstance(q.subject, NamedNode)}
    raw = sorted(results(_engine(engine, knowledge).report(submitted)), key=repr)
    return tuple(sorted({_shapes().result(result, plan, names) for result in raw if result.focus in own}, key=_order))


@lru_cache(maxsize=2)
def _engine(name: str, knowledge: Knowledge) -> Engine:
    """An engine that has the shapes for plans and the knowledge base."""
    return prepared(name, _shapes().text, knowledge.base)


@lru_cache(maxsize=1)
def _shapes() -> _Shapes:
    return _Shapes.read(files.shape_file("plan").read_bytes())


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

    def result(self, raw: Raw, plan: Plan, names: EntryNames) -> Result:
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
            plan.place(raw.focus, raw.path or ""),
        )
