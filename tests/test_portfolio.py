"""The best portfolio under a budget, on a small fictional plan."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pytest

from conftest import Mwkb
from mwkb.choice.portfolio import Asked, Item, portfolio
from mwkb.findings import Thing
from mwkb.knowledge import Knowledge
from mwkb.plan import Plan
from mwkb.plan.tree import read_tree
from mwkb.problems import InputProblem
from mwkb.report.choice import portfolio_text
from mwkb.vocabulary import KB, local_name
from small_plan import PLAN, top_priority_of_every_run

OAKMERE = Path(__file__).parents[1] / "examples" / "oakmere.yaml"


@pytest.fixture
def plan() -> Plan:
    return read_tree(PLAN, "small.yaml")


def kept(knowledge: Knowledge, plan: Plan, budget: int, where_possible: bool = False) -> set[str] | None:
    found = portfolio(knowledge, plan, Decimal(budget), where_possible=where_possible)
    return entries(found.chosen) if found.is_feasible else None


def entries(items: Iterable[Item]) -> set[str]:
    return {local_name(item.entry) for item in items}


@pytest.mark.parametrize(
    ("budget", "expected"),
    [
        (600, {"schools", "work", "warmth"}),
        (599, None),  # every one of the three is the only one for a life stage or for the group at risk
        (10_000, {"schools", "work", "warmth"}),
    ],
)
def test_a_portfolio_keeps_each_life_stage_and_each_group_at_risk(
    knowledge: Knowledge, plan: Plan, budget: int, expected: set[str] | None
) -> None:
    assert kept(knowledge, plan, budget) == expected


TWICE = """
priorities: [{item: intervention-3a, priority: 3}, {item: intervention-3b, priority: 5}]
interventions:
  - {id: once, delivers: intervention-3a, approach: universal, for-groups: [group-pupils], cost: 100}
  - {id: again, delivers: intervention-3a, approach: universal, for-groups: [group-pupils], cost: 100}
  - {id: other, delivers: intervention-3b, approach: universal, for-groups: [group-pupils], cost: 200}
"""
HELP = "  - {id: help, delivers: intervention-4a, approach: targeted, for-groups: [group-unemployed-people], cost: 250}\n"


@pytest.mark.parametrize(
    ("work_scores", "work_costs", "expected"),
    [
        (True, 200, "work"),  # the score decides
        (True, 300, "work"),  # also where it costs more
        (False, 200, "work"),  # of equal scores, the cheaper one
        (False, 300, "help"),
    ],
)
def test_of_two_for_one_group_the_higher_score_is_kept_and_then_the_lower_cost(
    knowledge: Knowledge, work_scores: bool, work_costs: int, expected: str
) -> None:
    text = (PLAN + HELP).replace("cost: 200", f"cost: {work_costs}")
    if not work_scores:
        text = text.replace("{item: intervention-4d,", "{item: intervention-3b,")
    assert kept(knowledge, read_tree(text, "small.yaml"), 700) == {"schools", "warmth", expected}


def test_a_budget_that_is_too_small_says_what_conflicts_and_what_it_takes(knowledge: Knowledge, plan: Plan) -> None:
    found = portfolio(knowledge, plan, Decimal(250))
    assert not found.is_feasible
    assert found.least_cost == 600
    assert Asked("budget") in found.conflicts
    assert {asked.kind for asked in found.conflicts} & {"life-stage", "group"}
    assert "- a budget of 250 pounds\n" in portfolio_text(found, knowledge.versions)
    assert (found.chosen, found.left_out) == ((), ())


def test_what_is_not_kept_is_left_out(knowledge: Knowledge) -> None:
    found = portfolio(knowledge, read_tree(PLAN + HELP, "small.yaml"), Decimal(700))
    assert entries(found.chosen) == {"schools", "work", "warmth"}
    assert entries(found.left_out) == {"help"}


def test_an_intervention_that_two_entries_deliver_counts_once(knowledge: Knowledge) -> None:
    """Twice 3a would have 18 where 3b has 10; it is worth 9, and the second entry nothing more."""
    plan = read_tree(TWICE, "twice.yaml")
    found = portfolio(knowledge, plan, Decimal(200), where_possible=True)
    assert (entries(found.chosen), found.score, found.cost) == ({"other"}, 10, 200)
    found = portfolio(knowledge, plan, Decimal(300), where_possible=True)
    assert (entries(found.chosen), found.score, found.cost) == ({"once", "other"}, 19, 300)
    assert "An intervention that several entries deliver counts once." in " ".join(
        portfolio_text(found, knowledge.versions).split()
    )


def test_an_intervention_of_which_two_entries_are_needed_counts_once(knowledge: Knowledge) -> None:
    plan = read_tree(
        """
needs: {groups: [{group: group-unemployed-people, presence: present}]}
priorities: [{item: intervention-3a, priority: 3}]
interventions:
  - {id: pupils, delivers: intervention-3a, approach: universal, for-groups: [group-pupils], cost: 100}
  - {id: jobless, delivers: intervention-3a, approach: targeted, for-groups: [group-unemployed-people], cost: 100}
""",
        "both.yaml",
    )
    found = portfolio(knowledge, plan, Decimal(200), where_possible=True)
    assert (entries(found.chosen), found.score) == ({"pupils", "jobless"}, 9)


def test_local_interventions_that_the_toolkit_does_not_have_score_nothing(knowledge: Knowledge) -> None:
    plan = read_tree(TWICE + "  - {id: ours, approach: universal, for-groups: [group-pupils], cost: 1}\n", "twice.yaml")
    found = portfolio(knowledge, plan, Decimal(1000), where_possible=True)
    assert {local_name(item.entry): item.score for item in (*found.chosen, *found.left_out)}["ours"] == 0
    assert found.score == 19


def test_a_parameter_changes_the_scores(knowledge: Knowledge) -> None:
    text = PLAN.replace("{item: intervention-4d,", "{item: intervention-6iii,")
    text += "  - {id: advice, delivers: intervention-6iii, cost: 50}\n"
    strict = portfolio(knowledge, read_tree(text, "small.yaml"), Decimal(1000))
    wider = portfolio(knowledge, read_tree(text, "small.yaml"), Decimal(1000), parameters={"evidence-policy": "area-inherit"})
    scores = [{local_name(i.entry): i.score for i in (*found.chosen, *found.left_out)}["advice"] for found in (strict, wider)]
    assert scores == [2, 6]  # priority 2 by evidence of level 1, or of level 3 where that of the area counts


def test_parameters_hold_whenever_the_rules_run(knowledge: Knowledge, plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = top_priority_of_every_run(monkeypatch)
    portfolio(knowledge, plan, Decimal(600), parameters={"top-priority": "3"})
    assert len(seen) > 100
    assert set(seen) == {"3"}


@pytest.mark.parametrize("parameters", [{"no-such": "1"}, {"top-priority": "much"}])
def test_a_parameter_that_cannot_be_is_refused(knowledge: Knowledge, plan: Plan, parameters: dict[str, str]) -> None:
    with pytest.raises(InputProblem):
        portfolio(knowledge, plan, Decimal(600), parameters=parameters)


def test_amounts_show_their_pence_where_there_are_any(knowledge: Knowledge) -> None:
    plan = read_tree(PLAN.replace("cost: 300", "cost: 300.40"), "small.yaml")
    text = portfolio_text(portfolio(knowledge, plan, Decimal(600)), knowledge.versions)
    assert "within 600 pounds." in text
    assert "costs at least 600.40 pounds." in text
    text = portfolio_text(portfolio(knowledge, plan, Decimal("600.4")), knowledge.versions)
    assert "The best choice within 600.40 pounds" in text
    assert ": 300.40 pounds · score" in text
    assert ": 200 pounds · score" in text


@pytest.mark.parametrize("cost", [3_000_000, 250_000_000, 999_999_999_999])
def test_a_penny_too_little_is_too_little(knowledge: Knowledge, cost: int) -> None:
    plan = read_tree(PLAN.replace("cost: 300", f"cost: {cost}"), "small.yaml")
    whole = Decimal(cost + 300)
    assert portfolio(knowledge, plan, min(whole, Decimal("999999999999.99"))).is_feasible == (cost < 10**11)
    assert not portfolio(knowledge, plan, min(whole, Decimal(10**12)) - Decimal("0.01")).is_feasible


def test_pence_add_up_exactly(knowledge: Knowledge) -> None:
    text = PLAN.replace("cost: 300", "cost: 0.1").replace("cost: 200", "cost: 0.2").replace("cost: 100", "cost: 0")
    assert portfolio(knowledge, read_tree(text, "small.yaml"), Decimal("0.3")).is_feasible


@pytest.mark.parametrize("budget", ["-1", "NaN", "sNaN", "Infinity", "1e400", "1e12"])
def test_a_budget_that_is_no_amount_is_refused_in_python_too(knowledge: Knowledge, plan: Plan, budget: str) -> None:
    with pytest.raises(InputProblem, match="is not an amount in pounds"):
        portfolio(knowledge, plan, Decimal(budget))


def test_a_cost_that_is_out_of_all_bounds_is_refused_with_its_line(knowledge: Knowledge) -> None:
    plan = read_tree(PLAN.replace("cost: 200", f"cost: 1{'0' * 400}"), "small.yaml")
    with pytest.raises(InputProblem, match=r"small.yaml:\d+: 'Supported work' costs too much"):
        portfolio(knowledge, plan, Decimal(600))


def test_what_the_plan_has_nothing_of_makes_it_infeasible_unless_left_out(knowledge: Knowledge) -> None:
    plan = read_tree(PLAN.replace("approach: targeted", "approach: universal"), "small.yaml")
    found = portfolio(knowledge, plan, Decimal(600))
    assert not found.is_feasible
    assert found.unmet == (Asked("group", Thing(KB + "group-unemployed-people", "Unemployed people")),)
    assert (found.chosen, found.left_out) == ((), ())
    assert "- an intervention targeted at Unemployed people\n" in portfolio_text(found, knowledge.versions)
    assert kept(knowledge, plan, 600, where_possible=True) is not None


def test_each_intervention_needs_a_cost(knowledge: Knowledge) -> None:
    plan = read_tree(PLAN.replace(", cost: 200", ""), "small.yaml")
    with pytest.raises(InputProblem, match=r"small.yaml:\d+: 'Supported work' has no cost"):
        portfolio(knowledge, plan, Decimal(600))


@pytest.mark.parametrize(
    ("cost", "says"),
    [
        ("'1,000'", "'1,000' is not a cost of 'Supported work' in pounds. Write digits only, such as 120000."),
        ("-5", "'-5' is not a cost of 'Supported work' in pounds."),
        ("nan", "'nan' is not a cost of 'Supported work' in pounds."),
        ("[200, 100]", "'Supported work' has several costs: 100, 200. Give one cost."),
    ],
)
def test_a_cost_that_cannot_be_used_is_told_from_none(knowledge: Knowledge, cost: str, says: str) -> None:
    text = PLAN.replace(", cost: 200", f", cost: {cost}")
    with pytest.raises(InputProblem) as raised:
        portfolio(knowledge, read_tree(text, "small.yaml"), Decimal(600))
    assert says in str(raised.value)


@pytest.mark.parametrize(
    "budget",
    [
        "much",
        "",
        "£",
        "-5",
        "-0",
        "NaN",
        "sNaN",
        "inf",
        "Infinity",
        "1e400",
        "1e3",
        "3,000,00",
        "3,0",
        "1_000",
        "٣",
        "5\n",
        "9" * 13,
    ],
)
def test_a_budget_that_is_no_amount_is_refused_in_one_line(mwkb: Mwkb, budget: str) -> None:
    answer = mwkb("portfolio", str(OAKMERE), f"--budget={budget}")
    assert (answer.code, answer.out) == (2, "")
    assert "is not an amount in pounds. Write, for example, --budget 3000000." in answer.err
    assert len(answer.err.splitlines()) == 1


def test_portfolio_as_text_and_json(mwkb: Mwkb, tmp_path: Path) -> None:
    file = tmp_path / "small.yaml"
    file.write_text(PLAN)
    text = mwkb("portfolio", str(file), "--budget", "£1000")
    assert text.code == 0
    assert "The best choice within 1,000 pounds keeps 3 interventions, costs 600 pounds" in text.out
    as_json = json.loads(mwkb("portfolio", str(file), "--budget", "1000", "--format", "json").out)
    assert as_json["cost"] == "600"
    assert as_json["is_feasible"] is True
    served = [wish for item in as_json["chosen"] for wish in item["serves"]]
    assert {
        "kind": "group",
        "thing": {"iri": KB + "group-unemployed-people", "label": "Unemployed people", "notation": ""},
    } in served
    refused = mwkb("portfolio", str(file), "--budget", "50")
    assert refused.code == 1
    assert "without any one of them the others named here can" in refused.out
