"""The fewest additions that close gaps, and the best portfolio under a budget, on a small fictional plan."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from conftest import Mwkb
from mwkb.assessment import conclude
from mwkb.change import changed
from mwkb.choice.mend import Mending, mend
from mwkb.choice.portfolio import portfolio
from mwkb.knowledge import Knowledge
from mwkb.plan import Plan, read_plan
from mwkb.plan.tree import read_tree
from mwkb.problems import InputProblem

OAKMERE = Path(__file__).parents[1] / "examples" / "oakmere.yaml"
PLAN = """
sections: [{section: interventions, status: complete}, {section: factors, status: complete}]
needs:
  factors:
    - {factor: risk-debt, factor-status: present, evidence: Survey}
    - {factor: risk-falls, factor-status: present, evidence: Admissions}
  groups:
    - {group: group-unemployed-people, presence: present}
priorities:
  - {item: intervention-3a, priority: 5}
  - {item: intervention-4d, priority: 2}
  - {item: intervention-6iv, priority: 4}
interventions:
  - {id: schools, delivers: intervention-3a, approach: universal, for-groups: [group-pupils], cost: 300}
  - {id: work, delivers: intervention-4d, approach: targeted, for-groups: [group-unemployed-people], cost: 200}
  - {id: warmth, delivers: intervention-6iv, approach: universal, for-groups: [group-older-people], cost: 100}
"""


@pytest.fixture
def plan() -> Plan:
    return read_tree(PLAN, "small.yaml")


def ids(found: Mending) -> list[str]:
    return [gap.id for gap in found.closable]


def codes(found: Mending) -> list[set[str]]:
    return [{addition.intervention.notation for addition in way} for way in found.ways]


def test_one_addition_closes_a_gap_and_all_that_do_are_shown(knowledge: Knowledge, plan: Plan) -> None:
    found = mend(knowledge, plan, ["plan-gap/risk-falls"], limit=50)
    assert ids(found) == ["plan-gap/risk-falls"]
    assert all(len(way) == 1 for way in found.ways)
    assert not found.more
    addressing = {iri.rpartition("-")[2] for iri in knowledge.subjects("mwkb:addresses", "https://w3id.org/mwkb/kb/risk-falls")}
    assert set().union(*codes(found)) == addressing


def test_no_single_addition_closes_what_is_said_to_take_two(knowledge: Knowledge, plan: Plan) -> None:
    wanted = ["plan-gap/risk-falls", "plan-gap/risk-debt"]
    found = mend(knowledge, plan, wanted)
    assert {len(way) for way in found.ways} == {2}
    assert not found.remaining
    for intervention in knowledge.subjects("rdf:type", "https://w3id.org/mwkb/ontology#Intervention"):
        if intervention.rpartition("-")[2] not in ("3a", "4d", "6iv"):
            after = conclude(knowledge, changed(knowledge, plan, add=[intervention]))
            assert set(wanted) & {finding.id for finding in after.findings}, intervention


def test_the_way_shown_first_has_the_highest_scores(knowledge: Knowledge, plan: Plan) -> None:
    found = mend(knowledge, plan, limit=10)
    scores = [sum(addition.score for addition in way) for way in found.ways]
    assert scores == sorted(scores, reverse=True)
    assert len({frozenset(way) for way in found.ways}) == len(found.ways)


def test_a_group_with_universal_cover_only_gets_a_targeted_offer(knowledge: Knowledge) -> None:
    plan = read_tree(PLAN.replace("approach: targeted", "approach: universal"), "small.yaml")
    found = mend(knowledge, plan, ["plan-gap/group-unemployed-people"])
    assert all(addition.group and addition.group.label == "Unemployed people" for way in found.ways for addition in way)


def test_what_an_intervention_cannot_close_is_out_of_reach(knowledge: Knowledge) -> None:
    found = mend(knowledge, read_plan(OAKMERE), ["plan-gap/equality-religion-or-belief"])
    assert [gap.id for gap in found.out_of_reach] == ["plan-gap/equality-religion-or-belief"]
    assert not found.ways
    assert not found.closable


def test_a_gap_that_is_not_there_is_refused_with_the_nearest(knowledge: Knowledge, plan: Plan) -> None:
    with pytest.raises(InputProblem, match=r"plan-gap/risk-fals.*[Dd]id you mean.*plan-gap/risk-falls"):
        mend(knowledge, plan, ["plan-gap/risk-fals"])


def test_mend_as_text_and_json(mwkb: Mwkb, tmp_path: Path) -> None:
    file = tmp_path / "small.yaml"
    file.write_text(PLAN)
    gap = "plan-gap/risk-falls"
    text = mwkb("mend", str(file), "--close", gap)
    assert text.code == 0
    assert "It takes 1 more intervention, and no fewer, to close 1 gap." in text.out
    as_json = json.loads(mwkb("mend", str(file), "--close", gap, "--format", "json").out)
    assert [gap["id"] for gap in as_json["closable"]] == [gap]
    assert all(gap in addition["closes"] for way in as_json["ways"] for addition in way)


def kept(knowledge: Knowledge, plan: Plan, budget: int, where_possible: bool = False) -> set[str] | None:
    found = portfolio(knowledge, plan, Decimal(budget), where_possible=where_possible)
    return {item.entry.rpartition("/")[2] for item in found.chosen} if found.is_feasible else None


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
    assert "a budget of 250 pounds" in found.conflicts
    assert any(name.startswith("for the life stage") or name.startswith("targeted at") for name in found.conflicts)


def test_what_the_plan_has_nothing_of_makes_it_infeasible_unless_left_out(knowledge: Knowledge) -> None:
    plan = read_tree(PLAN.replace("approach: targeted", "approach: universal"), "small.yaml")
    found = portfolio(knowledge, plan, Decimal(600))
    assert not found.is_feasible
    assert found.unmet == ("targeted at Unemployed people",)
    assert kept(knowledge, plan, 600, where_possible=True) is not None


def test_each_intervention_needs_a_cost(knowledge: Knowledge) -> None:
    plan = read_tree(PLAN.replace(", cost: 200", ""), "small.yaml")
    with pytest.raises(InputProblem, match=r"small.yaml:\d+: 'Supported work' has no cost"):
        portfolio(knowledge, plan, Decimal(600))


@pytest.mark.parametrize("budget", ["much", "-5", "NaN", "Infinity"])
def test_a_budget_that_is_no_amount_is_refused(mwkb: Mwkb, budget: str) -> None:
    answer = mwkb("portfolio", str(OAKMERE), f"--budget={budget}")
    assert answer.code == 2
    assert "is not an amount in pounds" in answer.err


def test_portfolio_as_text_and_json(mwkb: Mwkb, tmp_path: Path) -> None:
    file = tmp_path / "small.yaml"
    file.write_text(PLAN)
    text = mwkb("portfolio", str(file), "--budget", "£1,000")
    assert text.code == 0
    assert "The best choice within 1,000 pounds keeps 3 interventions, costs 600 pounds" in text.out
    as_json = json.loads(mwkb("portfolio", str(file), "--budget", "1000", "--format", "json").out)
    assert as_json["cost"] == "600"
    assert as_json["is_feasible"] is True
    refused = mwkb("portfolio", str(file), "--budget", "50")
    assert refused.code == 1
    assert "giving up any one of them makes room for the rest" in refused.out
