"""The main job: a plan goes in, an assessment comes out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from pyoxigraph import Triple

from mwkb import __version__
from mwkb import knowledge as knowledge_base
from mwkb.beside import begun
from mwkb.entry import EntryNames
from mwkb.finding_reader import FindingReader
from mwkb.findings import Finding, Kind, Rated, Thing
from mwkb.knowledge import Knowledge
from mwkb.opening import opened, read
from mwkb.parameters import in_force
from mwkb.plan import Plan
from mwkb.plan_shapes import validation
from mwkb.reach import Reach, read_reach
from mwkb.rules.infer import Derivation, infer
from mwkb.shapebook import Check, checks
from mwkb.timings import Timings
from mwkb.validate import SEVERITIES, Result, Severity, told
from mwkb.vocabulary import KB, MWKB


@dataclass(frozen=True)
class Coverage:
    """How many interventions the plan commissions in an area."""

    area: Thing
    commissioned: int
    excluded_because: str


@dataclass(frozen=True)
class Assessment:
    """Everything that was found about one plan or profile, with what it was found by.

    ``checks`` are the shapes that were put to it, none if it was not validated; ``planned`` are the
    interventions that it lists, each once, local ones by what it calls them. The same plan, knowledge
    base and parameters give the same assessment.
    """

    plan: Thing
    file: str
    locality: str
    plan_version: str
    mwkb_version: str
    knowledge_version: str
    parameters: tuple[tuple[str, str], ...]
    validation: tuple[Result, ...]
    checks: tuple[Check, ...]
    findings: tuple[Finding, ...]
    ratings: tuple[Rated, ...]
    coverage: tuple[Coverage, ...]
    reach: Reach
    planned: tuple[Thing, ...]
    planned_interventions: int
    planned_cost: Decimal | None
    notices: tuple[str, ...]
    derived: frozenset[Triple]

    @property
    def conforms(self) -> bool:
        """Whether the plan can be read and breaks no definition: advice never changes that."""
        return not any(result.severity == "violation" for result in self.validation)

    def of_kind(self, *kinds: Kind) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.kind in kinds)

    def worst(self) -> Severity | None:
        """The worst severity of any result or finding."""
        present = {r.severity for r in self.validation} | {f.severity for f in self.findings}
        return next((severity for severity in SEVERITIES if severity in present), None)


@contextmanager
def derived(
    knowledge: Knowledge, *plans: Plan, parameters: Mapping[str, str] | None = None, timings: Timings | None = None
) -> Iterator[Derivation]:
    """Have plans or profiles, and all that the rules conclude from them, in the store for a while."""
    clock = timings or Timings()
    with ExitStack() as stack:
        stack.enter_context(knowledge.with_parameters(parameters or {}))
        for plan in plans:
            stack.enter_context(knowledge.with_triples(plan.quads, plan.iri))
        with clock.stage("infer"):
            derivation = infer(knowledge.store, knowledge.groups)
        clock.count(derivation.seconds)
        try:
            yield derivation
        finally:
            derivation.withdraw()


def assess(
    plan: str | Path | Plan,
    *,
    knowledge: Knowledge | None = None,
    engine: str = "shifty",
    parameters: Mapping[str, str] | None = None,
    timings: Timings | None = None,
    beside: bool = False,
) -> Assessment:
    """Validate a plan, run the rules on it and collect the findings.

    ``plan`` is a file (a workbook, YAML, JSON, Turtle, N-Triples or JSON-LD) or a plan already read.
    ``parameters`` replaces values of ``kb/parameters.ttl`` for this run, by short name. With ``beside``
    the shapes are put to the plan while the rules run: one plan is done sooner so, many are not where
    each processor has a process of its own. Raises InputProblem if the plan cannot be read or a
    parameter has no such value.
    """
    clock = timings or Timings()
    if not isinstance(plan, Plan):
        if knowledge is None:
            knowledge, plan = opened(Path(plan), clock)
        else:
            with clock.stage("read the plan"):
                plan = read(knowledge, Path(plan))
    if knowledge is None:
        with clock.stage("load the knowledge base"):
            knowledge = knowledge_base.load()
    with clock.stage("validate"):
        raw = clock.timed("validate", validation(knowledge, plan, engine))
    if beside:
        raw = begun(raw)
    found = conclude(knowledge, plan, parameters, clock)
    results = raw()
    with clock.stage("validate"):
        return validated(found, plan, told(knowledge, plan, results))


def conclude(
    knowledge: Knowledge, plan: Plan, parameters: Mapping[str, str] | None = None, timings: Timings | None = None
) -> Assessment:
    """Run the rules on a plan or profile and collect the findings, without validation. See ``assess`` for the errors."""
    clock = timings or Timings()
    with (
        derived(knowledge, plan, parameters=parameters, timings=clock) as derivation,
        clock.stage("collect the findings"),
    ):
        return collected(knowledge, plan, derivation, read_reach(knowledge, plan))


def unassessed(knowledge: Knowledge, plan: Plan) -> Assessment:
    """What can be said of a plan before any rule has run."""
    with knowledge.with_triples(plan.quads, plan.iri):
        return collected(knowledge, plan, Derivation(knowledge.store, ()), Reach())


def validated(found: Assessment, plan: Plan, results: tuple[Result, ...]) -> Assessment:
    """The assessment of a plan together with what validation gave."""
    return replace(found, validation=results, checks=checks(plan, results))


def collected(
    knowledge: Knowledge,
    plan: Plan,
    derivation: Derivation,
    reach: Reach,
    reader: FindingReader | None = None,
) -> Assessment:
    """What the rules say of a plan whose conclusions are in the store; a reader of its findings may be at hand already."""
    reader = reader or FindingReader(knowledge, plan)
    locality = knowledge.value(plan.iri, "mwkb:locality")
    entries = [entry.value for entry in knowledge.objects(plan.iri, "mwkb:plansIntervention")]
    return Assessment(
        plan=Thing(plan.iri, knowledge.label(plan.iri)),
        file=plan.file,
        locality=knowledge.label(locality) if locality else "",
        plan_version=knowledge.value(plan.iri, "mwkb:planVersion") or "",
        mwkb_version=__version__,
        knowledge_version=knowledge.version,
        parameters=tuple(sorted(in_force(knowledge).items())),
        validation=(),
        checks=(),
        findings=reader.findings(),
        ratings=reader.ratings(),
        coverage=_coverage(knowledge, plan, entries),
        reach=reach,
        planned=_planned(knowledge, reader.entries, entries),
        planned_interventions=len(entries),
        planned_cost=_cost(knowledge, entries),
        notices=_notices(knowledge, plan),
        derived=frozenset(derivation.added),
    )


def _planned(knowledge: Knowledge, names: EntryNames, entries: list[str]) -> tuple[Thing, ...]:
    found = set()
    for entry in entries:
        delivered = [i.value for i in knowledge.objects(entry, "mwkb:delivers")]
        found |= {Thing(iri, knowledge.label(iri), knowledge.number_printed(iri)) for iri in delivered}
        if not delivered:
            found.add(Thing(entry, names.name(entry) or "An intervention without a name"))
    return tuple(sorted(found, key=lambda thing: thing.iri))


def _coverage(knowledge: Knowledge, plan: Plan, entries: list[str]) -> tuple[Coverage, ...]:
    # From the entries themselves and not from what a rule concludes, so that it holds before any rule has run.
    commissioned = {i.value for entry in entries for i in knowledge.objects(entry, "mwkb:delivers")}
    excluded = {}
    for exclusion in knowledge.objects(plan.iri, "mwkb:makesExclusion"):
        what, why = knowledge.value(exclusion.value, "mwkb:excludes"), knowledge.value(exclusion.value, "mwkb:exclusionReason")
        if what and why:
            excluded[what] = why
    result = []
    for area in knowledge.subjects("rdf:type", MWKB + "CommissioningArea"):
        count = sum(area in {a.value for a in knowledge.objects(i, "mwkb:inArea")} for i in commissioned)
        notation = knowledge.value(area, "skos:notation") or area.removeprefix(KB)
        result.append(Coverage(Thing(area, knowledge.label(area), notation), count, excluded.get(area, "")))
    return tuple(result)


def _notices(knowledge: Knowledge, plan: Plan) -> tuple[str, ...]:
    """What is to be said of the published figures in use: their data set, its acknowledgement and caveats."""
    used = {knowledge.value(o.value, "mwkb:indicator") or "" for o in knowledge.objects(plan.iri, "mwkb:hasObservation")}
    datasets = {d.value for indicator in used if indicator for d in knowledge.objects(indicator, "mwkb:publishedIn")}
    said = ("mwkb:attribution", "skos:scopeNote")
    return tuple(
        f"{knowledge.label(d)}. {' '.join(text.value for name in said for text in knowledge.objects(d, name))}"
        for d in sorted(datasets)
    )


def _cost(knowledge: Knowledge, entries: list[str]) -> Decimal | None:
    """The sum of the planned costs, each entry once whatever areas it counts in; None if none is given."""
    costs = []
    for entry in entries:
        for value in knowledge.objects(entry, "mwkb:plannedCost"):
            if re.fullmatch(r"[+-]?\d+(\.\d+)?", value.value):
                costs.append(Decimal(value.value))
    return sum(costs, Decimal(0)) if costs else None
