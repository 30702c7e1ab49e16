"""The fewest interventions to add to a plan that close chosen gaps, and all ways that are as short."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from mwkb.assessment import Assessment, conclude
from mwkb.change import offered, with_offers
from mwkb.choice.solver import Demand, best, others
from mwkb.findings import Finding, Thing
from mwkb.knowledge import Knowledge
from mwkb.plan import Plan
from mwkb.problems import InputProblem, nearest
from mwkb.standing import Standing, standing
from mwkb.timings import Timings
from mwkb.vocabulary import MWKB


@dataclass(frozen=True)
class Addition:
    """An intervention to commission, as one entry of the plan.

    It is targeted at ``groups``, each of which is needed for the gaps to close; ``as_offered`` says that it
    is also, or without groups only, for those and in the way that the toolkit offers it. ``score`` is its
    score in the plan, 0 if it has no rating; ``closes`` are the ids of the gaps that it closes.
    """

    intervention: Thing
    groups: tuple[Thing, ...]
    as_offered: bool
    score: int
    closes: tuple[str, ...]


@dataclass(frozen=True)
class Mending:
    """How gaps can be closed.

    ``closable`` are the gaps that some addition closes, ``out_of_reach`` those that none does. ``ways`` are
    the sets of the fewest interventions that close all that can be closed, the one with the highest scores
    first; where the same interventions can share out the groups in several ways, each with the fewest of
    them is a way of its own. ``more`` says that there are further ones. ``remaining`` are gaps that the first
    way as a whole leaves open all the same, and ``opened`` those that it opens.
    """

    plan: Thing
    closable: tuple[Finding, ...]
    out_of_reach: tuple[Finding, ...]
    ways: tuple[tuple[Addition, ...], ...]
    more: bool
    remaining: tuple[Finding, ...]
    opened: tuple[Finding, ...]


@dataclass(frozen=True)
class _Offer:
    """What one intervention can be for, None standing for how the toolkit offers it, each with the gaps that it closes."""

    intervention: Thing
    score: int
    closing: Mapping[Thing | None, frozenset[str]]

    @property
    def closes(self) -> frozenset[str]:
        """What one entry closes that is for all of it."""
        return frozenset[str]().union(*self.closing.values())


def mend(
    knowledge: Knowledge,
    plan: Plan,
    wanted: Sequence[str] = (),
    *,
    limit: int = 5,
    parameters: Mapping[str, str] | None = None,
    timings: Timings | None = None,
) -> Mending:
    """Find the fewest interventions to add that close the gaps with the ids ``wanted``, or all that are warnings.

    An intervention can be added as the toolkit offers it, targeted at any of the groups with such a gap that
    the toolkit means it for, or both at once. What that closes is found with the rules, one intervention and
    one group at a time; an entry for several closes what it closes for each. So a gap which only several
    together would close counts as out of reach. The first way is put through the rules as a whole, which
    shows what it leaves open and what it opens. Raises InputProblem if an id is not that of a gap in the
    plan, or if there is no such parameter or it cannot have that value.
    """
    clock = timings or Timings()
    before = conclude(knowledge, plan, parameters=parameters, timings=clock)
    gaps = {finding.id: finding for finding in before.of_kind("plan-gap")}
    for name in wanted:
        if name not in gaps:
            raise InputProblem(f"There is no gap '{name}' in the plan.", remedy=nearest(name, gaps) or "See mwkb gaps.")
    chosen = [gap for gap in gaps.values() if (gap.id in wanted if wanted else gap.severity != "info")]
    with clock.stage("try what could be added"), standing(knowledge, plan, parameters) as held:
        offers = _offers(knowledge, plan, before, chosen, held)
        clock.count(held.derivation.seconds)
    reach = {name for offer in offers for name in offer.closes}
    closable = tuple(gap for gap in chosen if gap.id in reach)
    ways, more = _shortest(offers, [gap.id for gap in closable], limit)
    after = conclude(knowledge, _with(knowledge, plan, ways[0]), parameters=parameters, timings=clock) if ways else before
    still = {finding.id for finding in after.findings}
    return Mending(
        before.plan,
        closable,
        tuple(gap for gap in chosen if gap.id not in reach),
        tuple(ways),
        more,
        tuple(gap for gap in closable if ways and gap.id in still),
        tuple(gap for gap in after.of_kind("plan-gap") if gap.id not in gaps),
    )


def _shortest(offers: Sequence[_Offer], gaps: Sequence[str], limit: int) -> tuple[list[tuple[Addition, ...]], bool]:
    """Up to ``limit`` ways with the fewest interventions that close all gaps, and whether there are more.

    Those with the highest scores come first. Where not all can be had, other interventions go before other
    ways to share out the groups among the same ones.
    """
    if not gaps:
        return [], False
    demands = [Demand(gap, {n: 1.0 for n, offer in enumerate(offers) if gap in offer.closes}, least=1) for gap in gaps]
    # One intervention fewer is worth more than all scores together.
    one = 1 + sum(offer.score for offer in offers)
    values = [float(offer.score - one) for offer in offers]
    fewest = len(best(values, demands) or ())
    demands.append(Demand("the fewest", dict.fromkeys(range(len(offers)), 1.0), most=fewest))
    picked = others(values, demands, limit + 1)
    ways: list[tuple[Addition, ...]] = []
    more = len(picked) > limit
    for still, choice in reversed([*enumerate(reversed(picked[:limit]))]):
        room = limit - len(ways) - still
        shared = _shared_out([offers[n] for n in sorted(choice)], gaps, room + 1)
        ways += shared[:room]
        more |= len(shared) > room
    return ways, more


def _shared_out(offers: Sequence[_Offer], gaps: Sequence[str], limit: int) -> list[tuple[Addition, ...]]:
    """The ways in which these interventions can be for the fewest groups and still close all gaps."""
    parts = [(offer, group) for offer in offers for group in offer.closing]
    numbers = range(len(parts))
    demands = [Demand(gap, {n: 1.0 for n in numbers if gap in parts[n][0].closing[parts[n][1]]}, least=1) for gap in gaps]
    demands += [Demand("an entry", {n: 1.0 for n in numbers if parts[n][0] is offer}, least=1) for offer in offers]
    # Fewest groups first; to be as the toolkit offers it costs a little, so that it is there only where it is needed.
    targeted = {n: 1.0 for n in numbers if parts[n][1]}
    values = [float(-1 - len(offers) if n in targeted else -1) for n in numbers]
    fewest = len((best(values, demands) or frozenset()) & targeted.keys())
    demands.append(Demand("the fewest groups", targeted, most=fewest))
    ways = others(values, demands, limit, minimal=True)
    return [
        tuple(_addition(offer, [parts[n][1] for n in sorted(way) if parts[n][0] is offer], gaps) for offer in offers)
        for way in ways
    ]


def _addition(offer: _Offer, parts: Sequence[Thing | None], gaps: Sequence[str]) -> Addition:
    closes = tuple(gap for gap in gaps if any(gap in offer.closing[part] for part in parts))
    return Addition(offer.intervention, tuple(part for part in parts if part), None in parts, offer.score, closes)


def _with(knowledge: Knowledge, plan: Plan, additions: Iterable[Addition]) -> Plan:
    return with_offers(
        plan,
        [
            offered(knowledge, plan, a.intervention.iri, [group.iri for group in a.groups], as_offered=a.as_offered)
            for a in additions
        ],
    )


def _offers(knowledge: Knowledge, plan: Plan, before: Assessment, wanted: Sequence[Finding], held: Standing) -> list[_Offer]:
    """The interventions that could be added and close any of the wanted gaps."""
    groups = dict.fromkeys(f.about for f in wanted if MWKB + "PopulationGroup" in _kinds(knowledge, f.about.iri))
    scores = {rated.intervention.iri: rated.rating.score for rated in before.ratings}

    def closed_by(intervention: str, group: Thing | None) -> frozenset[str]:
        held.turn_to(with_offers(plan, [offered(knowledge, plan, intervention, [group.iri] if group else [])]))
        return frozenset(gap.id for gap in wanted if not knowledge.objects(gap.iri, "mwkb:inPlan"))

    offers: list[_Offer] = []
    for intervention in _available(knowledge, before):
        thing = Thing(intervention, knowledge.label(intervention), knowledge.number_printed(intervention))
        options = [None, *(group for group in groups if _can_be_for(knowledge, intervention, group.iri))]
        closing = {group: closed for group in options if (closed := closed_by(intervention, group))}
        if closing:
            offers.append(_Offer(thing, scores.get(intervention, 0), closing))
    return offers


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
