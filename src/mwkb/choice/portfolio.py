"""The best of a plan's interventions under a budget."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from pyoxigraph import NamedNode

from mwkb.assessment import derived
from mwkb.choice.solver import Demand, best, conflict
from mwkb.finding_reader import read_ratings
from mwkb.findings import Thing
from mwkb.knowledge import Knowledge
from mwkb.plan import Plan
from mwkb.problems import InputProblem
from mwkb.vocabulary import KB, MWKB


@dataclass(frozen=True)
class Item:
    """A planned intervention with its cost in pounds, its score, 0 if it has no rating, and what is asked that it serves."""

    entry: str
    intervention: Thing
    cost: Decimal
    score: int
    serves: tuple[str, ...] = ()


@dataclass(frozen=True)
class Portfolio:
    """What to keep and what to leave under a budget, or why no choice meets all that is asked.

    ``unmet`` are demands that not even the whole plan meets; ``conflicts`` are demands that cannot be met
    together within the budget, and ``least_cost`` is what it takes to meet all that the plan can meet.
    """

    is_feasible: bool
    budget: Decimal
    chosen: tuple[Item, ...]
    left_out: tuple[Item, ...]
    unmet: tuple[str, ...]
    conflicts: tuple[str, ...]
    least_cost: Decimal

    @property
    def cost(self) -> Decimal:
        return sum((item.cost for item in self.chosen), Decimal(0))

    @property
    def score(self) -> int:
        return sum(item.score for item in self.chosen)


def portfolio(
    knowledge: Knowledge,
    plan: Plan,
    budget: Decimal,
    *,
    where_possible: bool = False,
    parameters: Mapping[str, str] | None = None,
) -> Portfolio:
    """Choose the planned interventions with the highest total score that the budget allows.

    Kept are at least one intervention for each life stage and a targeted one for each at-risk group
    that lives there; with ``where_possible`` only as far as the plan has one. Among choices of equal
    score the cheapest is taken. Raises InputProblem if a planned intervention has no cost.
    """
    with derived(knowledge, plan, parameters=parameters):
        planned, asked = _items(knowledge, plan), _asked(knowledge, plan)
    items = [replace(i, serves=_served(knowledge, _alone(plan, i.entry), asked, parameters)) for i in planned]
    serving = {name: {n: 1.0 for n, item in enumerate(items) if name in item.serves} for name in asked}
    unmet = tuple(name for name, numbers in serving.items() if not numbers)
    demands = [Demand(name, numbers, least=1) for name, numbers in serving.items() if numbers]
    scores, costs = [float(item.score) for item in items], [float(item.cost) for item in items]
    cheapest = best([-cost for cost in costs], demands)
    within = Demand(f"a budget of {budget:,.0f} pounds", dict(enumerate(costs)), most=float(budget))
    possible = where_possible or not unmet
    kept = _highest(scores, costs, [*demands, within]) if possible else None
    conflicts = conflict(scores, [*demands, within]) if possible else ()
    return Portfolio(
        kept is not None,
        budget,
        tuple(item for number, item in enumerate(items) if number in (kept or ())),
        tuple(item for number, item in enumerate(items) if number not in (kept or ())),
        unmet,
        tuple(demand.name for demand in conflicts),
        sum((items[number].cost for number in cheapest or ()), Decimal(0)),
    )


def _highest(scores: list[float], costs: list[float], demands: list[Demand]) -> frozenset[int] | None:
    """The choice with the highest total score, and of those with that score the cheapest."""
    chosen = best(scores, demands)
    if chosen is None:
        return None
    as_high = Demand("the highest score", dict(enumerate(scores)), least=sum(scores[number] for number in chosen))
    return best([-cost for cost in costs], [*demands, as_high])


def _items(knowledge: Knowledge, plan: Plan) -> list[Item]:
    scores = {rated.intervention.iri: rated.rating.score for rated in read_ratings(knowledge, plan)}
    items = []
    for entry in (term.value for term in knowledge.objects(plan.iri, "mwkb:plansIntervention")):
        delivers = knowledge.value(entry, "mwkb:delivers")
        cost = knowledge.value(entry, "mwkb:plannedCost") or ""
        name = (
            knowledge.label(delivers) if delivers else knowledge.value(entry, "mwkb:localDescription") or "a local intervention"
        )
        if not re.fullmatch(r"\d+(\.\d+)?", cost):
            raise InputProblem(f"'{name}' has no cost in pounds.", plan.place(entry), "Give each planned intervention its cost.")
        thing = Thing(delivers or entry, name, knowledge.number_printed(delivers) if delivers else "")
        items.append(Item(entry, thing, Decimal(cost), scores.get(delivers or "", 0)))
    if not items:
        raise InputProblem("The plan has no intervention to choose from.", plan.place(plan.iri))
    # In an order of their own, so that of choices that are as good always the same one is taken.
    return sorted(items, key=lambda item: (-item.score, item.cost, item.entry))


def _asked(knowledge: Knowledge, plan: Plan) -> tuple[str, ...]:
    """What the choice must hold, in words: for each life stage, and for each group at risk that lives there."""
    groups = [
        group.value
        for needs in knowledge.objects(plan.iri, "mwkb:needsAssessment")
        for record in knowledge.objects(needs.value, "mwkb:recordsGroup")
        if knowledge.value(record.value, "mwkb:presence") == KB + "presence-present"
        for group in knowledge.objects(record.value, "mwkb:group")
        if knowledge.value(group.value, "mwkb:atRisk") == "true"
    ]
    stages = knowledge.subjects("rdf:type", MWKB + "LifeStage")
    return (*(_for_stage(knowledge, iri) for iri in stages), *(_for_group(knowledge, iri) for iri in groups))


def _served(knowledge: Knowledge, plan: Plan, asked: tuple[str, ...], parameters: Mapping[str, str] | None) -> tuple[str, ...]:
    """What of all that is asked a plan meets, as the rules conclude it."""
    with derived(knowledge, plan, parameters=parameters):
        met = {_for_stage(knowledge, stage.value) for stage in knowledge.objects(plan.iri, "mwkb:reachesLifeStage")}
        met |= {_for_group(knowledge, group.value) for group in knowledge.objects(plan.iri, "mwkb:reachesTargeted")}
    return tuple(name for name in asked if name in met)


def _for_stage(knowledge: Knowledge, stage: str) -> str:
    return f"for the life stage {knowledge.label(stage)}"


def _for_group(knowledge: Knowledge, group: str) -> str:
    return f"targeted at {knowledge.label(group)}"


def _alone(plan: Plan, entry: str) -> Plan:
    """The plan with no other intervention than one."""
    link = NamedNode(MWKB + "plansIntervention")
    return replace(plan, quads=tuple(q for q in plan.quads if q.predicate != link or q.object == NamedNode(entry)))
