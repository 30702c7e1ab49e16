"""The fewest additions to a plan that close chosen gaps, and all ways that are as short."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from mwkb.assessment import Assessment, conclude, derived
from mwkb.change import offered, with_offers
from mwkb.choice.solver import Demand, others
from mwkb.findings import Finding, Thing
from mwkb.knowledge import Knowledge
from mwkb.plan import Plan
from mwkb.problems import InputProblem, nearest
from mwkb.vocabulary import MWKB

_PER_ADDITION = 1000
"""What one addition weighs against scores: more than the scores of any plan add up to."""


@dataclass(frozen=True)
class Addition:
    """An intervention to commission; with a group, targeted at it, else as the toolkit offers it.

    ``score`` is its score in the plan, 0 if it has no rating; ``closes`` are the ids of the gaps that it closes.
    """

    intervention: Thing
    group: Thing | None
    score: int
    closes: tuple[str, ...]


@dataclass(frozen=True)
class Mending:
    """How gaps can be closed.

    ``closable`` are the gaps that some addition closes, ``out_of_reach`` those that none does. ``ways`` are
    the shortest sets of additions that close all that can be closed, the one with the highest scores first;
    ``more`` says that there are further ones. ``remaining`` are gaps that the first way as a whole leaves
    open all the same, and ``opened`` those that it opens.
    """

    plan: Thing
    closable: tuple[Finding, ...]
    out_of_reach: tuple[Finding, ...]
    ways: tuple[tuple[Addition, ...], ...]
    more: bool
    remaining: tuple[Finding, ...]
    opened: tuple[Finding, ...]


def mend(
    knowledge: Knowledge,
    plan: Plan,
    wanted: Sequence[str] = (),
    *,
    limit: int = 5,
    parameters: Mapping[str, str] | None = None,
) -> Mending:
    """Find the fewest interventions to add that close the gaps with the ids ``wanted``, or all that are warnings.

    What an addition closes is found with the rules, one addition at a time, so that a gap which only
    several together would close counts as out of reach. The first way is put through the rules as a
    whole, which shows what it leaves open and what it opens. Raises InputProblem if an id is not that
    of a gap in the plan.
    """
    before = conclude(knowledge, plan, parameters=parameters)
    gaps = {finding.id: finding for finding in before.of_kind("plan-gap")}
    for name in wanted:
        if name not in gaps:
            raise InputProblem(f"There is no gap '{name}' in the plan.", remedy=nearest(name, gaps) or "See mwkb gaps.")
    chosen = [gap for gap in gaps.values() if (gap.id in wanted if wanted else gap.severity != "info")]
    additions = _additions(knowledge, plan, before, chosen, parameters)
    reach = {name for addition in additions for name in addition.closes}
    closable = tuple(gap for gap in chosen if gap.id in reach)
    ways = _shortest(additions, closable, limit + 1)
    after = conclude(knowledge, _with(knowledge, plan, ways[0]), parameters=parameters) if ways else before
    still = {finding.id for finding in after.findings}
    return Mending(
        before.plan,
        closable,
        tuple(gap for gap in chosen if gap.id not in reach),
        tuple(ways[:limit]),
        len(ways) > limit,
        tuple(gap for gap in closable if ways and gap.id in still),
        tuple(gap for gap in after.of_kind("plan-gap") if gap.id not in gaps),
    )


def _shortest(additions: Sequence[Addition], closable: Sequence[Finding], limit: int) -> list[tuple[Addition, ...]]:
    """Up to ``limit`` of the smallest sets of additions that close all gaps, those with the highest scores first."""
    if not closable:
        return []
    demands = [Demand(gap.id, {n: 1.0 for n, a in enumerate(additions) if gap.id in a.closes}, least=1) for gap in closable]
    values = [float(addition.score - _PER_ADDITION) for addition in additions]
    first = others(values, demands, 1, float("-inf"))
    ways = others(values, demands, limit, float(-_PER_ADDITION * len(first[0])))
    return [tuple(additions[n] for n in sorted(way)) for way in ways]


def _with(knowledge: Knowledge, plan: Plan, additions: Sequence[Addition]) -> Plan:
    return with_offers(plan, [offered(knowledge, plan, a.intervention.iri, a.group.iri if a.group else "") for a in additions])


def _additions(
    knowledge: Knowledge, plan: Plan, before: Assessment, wanted: Sequence[Finding], parameters: Mapping[str, str] | None
) -> list[Addition]:
    """What could be added, each with the wanted gaps that it would close."""
    groups = [f.about for f in wanted if MWKB + "PopulationGroup" in _kinds(knowledge, f.about.iri)]
    scores = {rated.intervention.iri: rated.rating.score for rated in before.ratings}

    def closed_by(intervention: str, group: Thing | None) -> tuple[str, ...]:
        supposed = with_offers(plan, [offered(knowledge, plan, intervention, group.iri if group else "")])
        with derived(knowledge, supposed, parameters=parameters):
            return tuple(gap.id for gap in wanted if not knowledge.objects(gap.iri, "mwkb:inPlan"))

    additions: list[Addition] = []
    for intervention in _available(knowledge, before):
        thing = Thing(intervention, knowledge.label(intervention), knowledge.number_printed(intervention))
        options = [None, *(group for group in groups if _can_be_for(knowledge, intervention, group.iri))]
        for group in options:
            if closed := closed_by(intervention, group):
                additions.append(Addition(thing, group, scores.get(intervention, 0), closed))
    return additions


def _kinds(knowledge: Knowledge, iri: str) -> set[str]:
    return {kind.value for kind in knowledge.objects(iri, "rdf:type")}


def _available(knowledge: Knowledge, before: Assessment) -> list[str]:
    """The interventions that the plan does not commission and that nothing speaks against."""
    against = {MWKB + name for name in ("commissions", "declines", "notApplicable", "rulesOut")}
    taken = {
        triple.object.value
        for triple in before.derived
        if triple.predicate.value in against and isinstance(triple.object, NamedNode)
    }
    return [i for i in knowledge.subjects("rdf:type", MWKB + "Intervention") if i not in taken]


def _can_be_for(knowledge: Knowledge, intervention: str, group: str) -> bool:
    """Whether the toolkit means an intervention for a group or for a wider one."""
    around, queue = {group}, [group]
    while queue:
        wider = [value.value for value in knowledge.objects(queue.pop(), "skos:broader")]
        queue += [iri for iri in wider if iri not in around]
        around |= set(wider)
    return any(target.value in around for target in knowledge.objects(intervention, "mwkb:targets"))
