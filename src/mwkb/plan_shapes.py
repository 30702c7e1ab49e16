"""The shapes for plans, and what the engines find in a plan by them."""

from __future__ import annotations

from collections.abc import Callable, Set
from functools import lru_cache
from weakref import WeakKeyDictionary

from pyoxigraph import RdfFormat, Triple, serialize

from mwkb import files
from mwkb.knowledge import Knowledge
from mwkb.plan import Plan
from mwkb.shacl import Engine, Raw, Report, engine, results
from mwkb.shape_graph import ShapeGraph
from mwkb.vocabulary import DCTERMS, RDF

_OF_PLANS_ONLY = frozenset({DCTERMS + "source"})
"""What the shapes for plans ask for only in what was submitted: they never ask where a fact of the knowledge base comes from."""


@lru_cache(maxsize=1)
def plan_shapes() -> ShapeGraph:
    """The shapes for plans."""
    return ShapeGraph(files.shape_file("plan").read_bytes(), _OF_PLANS_ONLY)


def ready(name: str = "shifty") -> Engine:
    """An engine that has the shapes for plans. Raises InputProblem if it is not known or cannot be had."""
    return engine(name, plan_shapes())


def raw_results(knowledge: Knowledge, plan: Plan, engine: str = "shifty", only: frozenset[str] | None = None) -> set[Raw]:
    """What an engine finds in what was submitted; of the shapes for plans it may put only those to it that have these parts."""
    return validation(knowledge, plan, engine, only)()


def validation(
    knowledge: Knowledge, plan: Plan, engine: str = "shifty", only: frozenset[str] | None = None
) -> Callable[[], set[Raw]]:
    """The work that gives ``raw_results``: it looks at neither store nor plan any more, so that it can run beside other work."""
    report = _report(engine, knowledge)
    submitted = serialize((q.triple for q in plan.quads), format=RdfFormat.N_TRIPLES) or b""
    own = plan.own
    shapes = None if only is None else plan_shapes().with_part(only)
    return lambda: {raw for raw in results(report(submitted, shapes)) if raw.focus in own}


def raw_results_again(
    knowledge: Knowledge, plan: Plan, before: set[Raw], came: Set[Triple], went: Set[Triple], engine: str = "shifty"
) -> set[Raw]:
    """As ``raw_results``, for a plan that has some triples more and some less than one of the same IRI with known results."""
    if any(t.predicate.value == RDF + "type" and getattr(t.subject, "value", "") in plan.own for t in went):
        return raw_results(knowledge, plan, engine)  # an entry is of another class, so that other shapes look at it
    touched = plan_shapes().touched(came | went)
    kept = {raw for raw in before if raw.shape not in touched and raw.focus in plan.own}
    return kept | raw_results(knowledge, plan, engine, touched) if touched else kept


_REPORTS: WeakKeyDictionary[Knowledge, dict[str, Report]] = WeakKeyDictionary()


def _report(name: str, knowledge: Knowledge) -> Report:
    """What an engine says of plans beside the knowledge base."""
    reports = _REPORTS.setdefault(knowledge, {})
    if name not in reports:
        reports[name] = ready(name).over(knowledge.alone)
    return reports[name]
