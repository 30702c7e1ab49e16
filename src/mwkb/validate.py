"""Validate a plan with SHACL: undefined names first, then the shapes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal as OneOf

from mwkb.deprecation import names_both
from mwkb.entry import EntryNames
from mwkb.knowledge import Knowledge
from mwkb.plan import Plan
from mwkb.plan.document import DeprecatedName
from mwkb.plan_shapes import plan_shapes, raw_results
from mwkb.problems import Place
from mwkb.shacl import Raw
from mwkb.undefined import undefined_names
from mwkb.vocabulary import KB, MWKB, SH, SHAPE

Severity = OneOf["violation", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("violation", "warning", "info")
SHACL_SEVERITIES: dict[str, Severity] = {SH + "Violation": "violation", SH + "Warning": "warning", SH + "Info": "info"}

UNDEFINED = SHAPE + "undefined-name"
"""Stands where a shape's IRI would, for a name that nothing defines."""
OUTDATED = SHAPE + "outdated-template"
"""The same for a workbook of another version of the template."""
DEPRECATED = SHAPE + "deprecated-name"
"""The same for a deprecated term or fact."""


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


def told(knowledge: Knowledge, plan: Plan, raw: Iterable[Raw], names: EntryNames | None = None) -> tuple[Result, ...]:
    """What an engine found in a plan, and the names in it that nothing defines, as a person is told.

    The names of its entries may be at hand already.
    """
    names = names or EntryNames(knowledge, plan)
    undefined = [
        Result(
            "violation",
            f"'{name.name}' is not a name that a plan can use." + (f" {name.hint}" if name.hint else " Check its spelling."),
            name.focus, name.path, UNDEFINED, names.name(name.focus), "Name", name.name, "", name.place,
        )
        for name in undefined_names(plan, knowledge.names)
    ]  # fmt: skip
    deprecated = [
        Result(
            "warning", _deprecated(knowledge, plan, name), name.focus, name.path, DEPRECATED, names.name(name.focus), "Name",
            None, "", name.place,
        )
        for name in plan.deprecated
    ]  # fmt: skip
    noted = [Result("warning", n.what, plan.iri, None, OUTDATED, "", "Template", None, "", n.place) for n in plan.notes]
    shaped = tuple(_result(each, plan, names) for each in sorted(raw, key=repr))
    return tuple(sorted(dict.fromkeys([*_said_once(undefined, shaped, plan), *deprecated, *noted]), key=_order))


def _deprecated(knowledge: Knowledge, plan: Plan, name: DeprecatedName) -> str:
    """That a name is deprecated, why, and what to use instead."""
    found = knowledge.deprecations[name.iri]
    said = [f"'{knowledge.label(name.iri)}' is deprecated since version {found.version}.", found.reason]
    if found.replacement:
        said.append(f"Use '{knowledge.label(found.replacement)}' instead; mwkb fmt --migrate writes it so.")
    if names_both(plan, name, found.replacement):
        said.append("The plan names that too: see that it does not say the same twice.")
    return " ".join(filter(None, said))


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


def _result(raw: Raw, plan: Plan, names: EntryNames) -> Result:
    shapes = plan_shapes()
    return Result(
        SHACL_SEVERITIES[raw.severity],
        raw.message or shapes.value(raw.shape, SH + "message"),
        raw.focus,
        raw.path,
        raw.shape,
        names.name(raw.focus),
        shapes.value(raw.shape, SH + "name"),
        raw.value,
        shapes.value(raw.shape, MWKB + "warrant"),
        plan.place(raw.focus, raw.path or "", raw.value),
    )


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
