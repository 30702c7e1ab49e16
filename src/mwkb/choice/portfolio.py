"""The best of a plan's interventions under a budget, by scores that each intervention brings in once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal as OneOf

from pyoxigraph import NamedNode

from mwkb.choice.solver import Demand, best, conflict
from mwkb.finding_reader import read_ratings
from mwkb.findings import Thing
from mwkb.knowledge import Knowledge
from mwkb.plan import Plan
from mwkb.problems import InputProblem
from mwkb.standing import standing
from mwkb.timings import Timings
from mwkb.vocabulary import KB, MWKB

TOO_MUCH = Decimal(10) ** 12
"""Amounts are below this, far more than any plan is about."""
Asks = OneOf["life-stage", "group", "budget"]


@dataclass(frozen=True)
class Asked:
    """Something that a portfolio must meet.

    An intervention for a life stage, one that is targeted at a group at risk, or the budget, which is about
    no thing.
    """

    kind: Asks
    thing: Thing | None = None


@dataclass(frozen=True)
class Item:
    """A planned entry with its cost in pounds, its intervention's score, 0 if it has no rating, and what it serves."""

    entry: str
    intervention: Thing
    cost: Decimal
    score: int
    serves: tuple[Asked, ...] = ()


@dataclass(frozen=True)
class Portfolio:
    """What to keep and what to leave under a budget, or why no choice meets all that is asked.

    ``unmet`` is what not even the whole plan meets; ``conflicts`` is what cannot be met together, the budget
    among it, though without any one of it the rest can. ``least_cost`` is what it takes, whatever the budget,
    to meet all that the plan can meet. If no choice is feasible, nothing is ``chosen`` and nothing
    ``left_out``, and there are conflicts unless something unmet is reason enough.
    """

    is_feasible: bool
    budget: Decimal
    chosen: tuple[Item, ...]
    left_out: tuple[Item, ...]
    unmet: tuple[Asked, ...]
    conflicts: tuple[Asked, ...]
    least_cost: Decimal

    @property
    def cost(self) -> Decimal:
        return sum((item.cost for item in self.chosen), Decimal(0))

    @property
    def score(self) -> int:
        """The scores of the interventions that are kept, each once, in however many entries it stands."""
        return sum({item.intervention.iri: item.score for item in self.chosen}.values())


def portfolio(
    knowledge: Knowledge,
    plan: Plan,
    budget: Decimal,
    *,
    where_possible: bool = False,
    parameters: Mapping[str, str] | None = None,
    timings: Timings | None = None,
) -> Portfolio:
    """Choose the planned interventions with the highest total score that the budget allows.

    An intervention that several entries deliver counts once. Kept are at least one intervention for each
    life stage and a targeted one for each at-risk group that lives there; with ``where_possible`` only as
    far as the plan has one. Among choices of equal score the cheapest is taken. Raises InputProblem if a
    planned intervention has no cost or one that is too large, if the budget is not an amount, or if there
    is no such parameter or it cannot have that value.
    """
    if not (budget.is_finite() and 0 <= budget < TOO_MUCH):
        raise InputProblem(f"'{budget}' is not an amount in pounds.", remedy=f"Use an amount from 0 to below {TOO_MUCH:,f}.")
    clock = timings or Timings()
    with clock.stage("try each entry alone"), standing(knowledge, plan, parameters) as held:
        planned, asked = _items(knowledge, plan), _asked(knowledge, plan)
        items = []
        for item in planned:
            held.turn_to(_alone(plan, item.entry))
            items.append(replace(item, serves=_served(knowledge, plan.iri, asked)))
        clock.count(held.derivation.seconds)
    serving = {wish: {n: 1.0 for n, item in enumerate(items) if wish in item.serves} for wish in asked}
    unmet = tuple(wish for wish, numbers in serving.items() if not numbers)
    unit = _unit([budget, *(item.cost for item in items)])
    costs = dict(enumerate(float(item.cost / unit) for item in items))
    demands = {wish: Demand(str(wish), numbers, least=1) for wish, numbers in serving.items() if numbers}
    cheapest = best([-cost for cost in costs.values()], demands.values())
    demands[Asked("budget")] = Demand("budget", costs, most=float(budget / unit))
    possible = where_possible or not unmet
    kept = _highest(items, costs, list(demands.values())) if possible else None
    conflicts = conflict([0.0] * len(items), demands.values()) if possible else ()
    return Portfolio(
        kept is not None,
        budget,
        tuple(item for number, item in enumerate(items) if kept is not None and number in kept),
        tuple(item for number, item in enumerate(items) if kept is not None and number not in kept),
        unmet,
        tuple(wish for wish, demand in demands.items() if demand in conflicts),
        sum((items[number].cost for number in cheapest or ()), Decimal(0)),
    )


def _unit(amounts: Iterable[Decimal]) -> Decimal:
    """The unit, such as a pound or a penny, of which all amounts are whole numbers: the solver adds those up exactly."""
    return Decimal(1).scaleb(min(0, *(int(amount.as_tuple().exponent) for amount in amounts)))


def _highest(items: Sequence[Item], costs: Mapping[int, float], demands: Sequence[Demand]) -> frozenset[int] | None:
    """The items, by number, with the highest total score, and of those with that score the cheapest."""
    entries: dict[str, list[int]] = {}
    for number, item in enumerate(items):
        entries.setdefault(item.intervention.iri, []).append(number)
    # An intervention is an option of its own, which has the score and can be had with any entry that delivers it.
    delivered = dict(enumerate(entries.values(), len(items)))
    had = [Demand("delivered", {option: -1.0, **dict.fromkeys(by, 1.0)}, least=0) for option, by in delivered.items()]
    scores = {option: float(items[by[0]].score) for option, by in delivered.items()}
    chosen = best([0.0] * len(items) + list(scores.values()), [*demands, *had])
    if chosen is None:
        return None
    as_high = Demand("the highest score", scores, least=sum(scores.get(option, 0.0) for option in chosen))
    cheapest = best([-cost for cost in costs.values()] + [0.0] * len(scores), [*demands, *had, as_high])
    return frozenset(option for option in cheapest or () if option < len(items))


def _items(knowledge: Knowledge, plan: Plan) -> list[Item]:
    scores = {rated.intervention.iri: rated.rating.score for rated in read_ratings(knowledge, plan)}
    items = []
    for entry in (term.value for term in knowledge.objects(plan.iri, "mwkb:plansIntervention")):
        delivers = knowledge.value(entry, "mwkb:delivers")
        costs = [value.value for value in knowledge.objects(entry, "mwkb:plannedCost")]
        place = plan.place(entry, MWKB + "plannedCost")
        name = (
            knowledge.label(delivers) if delivers else knowledge.value(entry, "mwkb:localDescription") or "a local intervention"
        )
        if not costs:
            raise InputProblem(f"'{name}' has no cost in pounds.", place, "Give each planned intervention its cost.")
        if len(costs) > 1:
            raise InputProblem(f"'{name}' has several costs: {', '.join(costs)}.", place, "Give one cost.")
        cost = costs[0]
        if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", cost):
            raise InputProblem(f"'{cost}' is not a cost of '{name}' in pounds.", place, "Write digits only, such as 120000.")
        if Decimal(cost) >= TOO_MUCH:
            raise InputProblem(f"'{name}' costs too much.", place, f"Give a cost below {TOO_MUCH:,f} pounds.")
        thing = Thing(delivers or entry, name, knowledge.number_printed(delivers) if delivers else "")
        items.append(Item(entry, thing, Decimal(cost), scores.get(delivers or "", 0)))
    if not items:
        raise InputProblem("The plan has no intervention to choose from.", plan.place(plan.iri))
    # In an order of their own, so that of choices that are as good always the same one is taken.
    return sorted(items, key=lambda item: (-item.score, item.cost, item.entry))


def _asked(knowledge: Knowledge, plan: Plan) -> tuple[Asked, ...]:
    """What the choice must hold: something for each life stage, and for each group at risk that lives there."""
    groups = [
        group.value
        for needs in knowledge.objects(plan.iri, "mwkb:needsAssessment")
        for record in knowledge.objects(needs.value, "mwkb:recordsGroup")
        if knowledge.value(record.value, "mwkb:presence") == KB + "presence-present"
        for group in knowledge.objects(record.value, "mwkb:group")
        if knowledge.value(group.value, "mwkb:atRisk") == "true"
    ]
    stages = knowledge.subjects("rdf:type", MWKB + "LifeStage")
    every = [*(_wish(knowledge, "life-stage", iri) for iri in stages), *(_wish(knowledge, "group", iri) for iri in groups)]
    return tuple(dict.fromkeys(every))


def _served(knowledge: Knowledge, plan: str, asked: tuple[Asked, ...]) -> tuple[Asked, ...]:
    """What of all that is asked a plan meets, as the rules conclude it."""
    met = {_wish(knowledge, "life-stage", stage.value) for stage in knowledge.objects(plan, "mwkb:reachesLifeStage")}
    met |= {_wish(knowledge, "group", group.value) for group in knowledge.objects(plan, "mwkb:reachesTargeted")}
    return tuple(wish for wish in asked if wish in met)


def _wish(knowledge: Knowledge, kind: Asks, iri: str) -> Asked:
    return Asked(kind, Thing(iri, knowledge.label(iri)))


def _alone(plan: Plan, entry: str) -> Plan:
    """The plan with no other intervention than one."""
    link = NamedNode(MWKB + "plansIntervention")
    return replace(plan, quads=tuple(q for q in plan.quads if q.predicate != link or q.object == NamedNode(entry)))
