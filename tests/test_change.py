"""What if: a plan with other priorities, needs and interventions, and what then opens, closes and moves."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from conftest import Mwkb
from mwkb.assessment import assess
from mwkb.change import changed
from mwkb.difference import Difference, difference, what_if
from mwkb.knowledge import Knowledge
from mwkb.plan import Plan, read_plan
from mwkb.plan.tree import read_tree
from mwkb.problems import InputProblem
from mwkb.report.difference import difference_text
from mwkb.vocabulary import KB, MWKB

ROOT = Path(__file__).parents[1]
OAKMERE = ROOT / "examples" / "oakmere.yaml"
PLAN = """
sections: [{section: interventions, status: complete}]
needs:
  factors: [{factor: risk-debt, factor-status: present, evidence: Survey}]
  groups: [{group: group-unemployed-people, presence: present}]
priorities:
  - {item: outcome-06-2, priority: 2}
interventions:
  - id: schools
    delivers: intervention-3a
    approach: universal
    for-groups: [group-pupils]
    outcomes:
      - {id: resilient, outcome: outcome-03-1, measures: [{instrument: A survey}]}
"""


@pytest.fixture
def plan() -> Plan:
    return read_tree(PLAN, "plan.yaml")


def said(plan: Plan, property_: str) -> set[str]:
    return {getattr(q.object, "value", "") for q in plan.quads if q.predicate.value == MWKB + property_}


def ids(found: Difference) -> tuple[set[str], set[str]]:
    return {f.id for f in found.opened}, {f.id for f in found.closed}


def test_the_plan_itself_stays_as_it_is(knowledge: Knowledge, plan: Plan) -> None:
    before = plan.quads
    other = changed(knowledge, plan, ["priority:outcome-06-2=5"], ["6iii"], ["3a"])
    assert plan.quads == before and other.quads != before and other.iri == plan.iri


def test_a_priority_that_is_given_is_replaced(knowledge: Knowledge, plan: Plan) -> None:
    assert said(changed(knowledge, plan, ["priority:outcome-06-2=5"]), "priorityValue") == {"5"}


def test_a_priority_that_is_not_given_is_added(knowledge: Knowledge, plan: Plan) -> None:
    other = changed(knowledge, plan, ["priority:outcome-03-1=4"])
    assert said(other, "priorityValue") == {"2", "4"} and KB + "outcome-03-1" in said(other, "onItem")


def test_needs_can_be_set_too_where_there_is_no_needs_assessment_yet(knowledge: Knowledge) -> None:
    empty = read_tree("title: A plan", "plan.yaml")
    other = changed(knowledge, empty, ["factor:risk-debt=present", "group:group-older-people=absent"])
    assert said(other, "factorStatus") == {KB + "factor-status-present"} and said(other, "presence") == {KB + "presence-absent"}
    assert len(said(other, "needsAssessment")) == 1


def test_an_intervention_is_added_as_the_toolkit_offers_it(knowledge: Knowledge, plan: Plan) -> None:
    other = changed(knowledge, plan, add=["6iii"])
    assert said(other, "delivers") == {KB + "intervention-3a", KB + "intervention-6iii"}
    assert KB + "group-people-with-debts-or-low-income" in said(other, "forGroup")


def test_an_intervention_is_dropped_with_its_outcomes_and_measures(knowledge: Knowledge, plan: Plan) -> None:
    other = changed(knowledge, plan, drop=["3a"])
    assert (
        said(other, "delivers")
        == said(other, "outcome")
        == said(other, "instrument")
        == said(other, "plansIntervention")
        == set()
    )
    assert said(other, "factor") == {KB + "risk-debt"}


def test_adding_and_dropping_the_same_gives_the_plan_back(knowledge: Knowledge, plan: Plan) -> None:
    there = changed(knowledge, plan, add=["6iii"])
    assert set(changed(knowledge, there, drop=["6iii"]).quads) == set(plan.quads)


@pytest.mark.parametrize(
    ("settings", "add", "drop", "says"),
    [
        (["prioriti:outcome-06-2=4"], [], [], "Did you mean priority?"),
        (["priority:outcome-06-2"], [], [], "Write priority:ITEM=4"),
        (["priority:outcome-06-2=9"], [], [], "'9' is not a priority. Use one of: 1, 2, 3, 4, 5."),
        (["priority:outcome-06-22=4"], [], [], "Did you mean outcome-06-2?"),
        (["factor:risk-debt=presnt"], [], [], "Did you mean present?"),
        (["factor:risk-debt=weak"], [], [], "'weak' is not what can be said of 'Debt'. Use one of: present, absent."),
        (["factor:group-unemployed-people=present"], [], [], "'Unemployed people' (population group) cannot be set as a factor."),
        (["group:risk-debt=present"], [], [], "'Debt' (risk factor) cannot be set as a group."),
        (["priority:group-unemployed-people=4"], [], [], "cannot be set as a priority."),
        ([], ["3a"], [], "The plan commissions 'Social and Emotional Learning (SEL) programmes' already."),
        ([], ["risk-debt"], [], "'risk-debt' is not an intervention."),
        ([], [], ["6iii"], "The plan does not commission 'Debt counselling and advice'."),
    ],
)
def test_what_cannot_be_is_refused(
    knowledge: Knowledge, plan: Plan, settings: list[str], add: list[str], drop: list[str], says: str
) -> None:
    with pytest.raises(InputProblem, match=r".*") as problem:
        changed(knowledge, plan, settings, add, drop)
    assert says in str(problem.value)


def test_what_is_set_and_what_is_added_are_things_of_their_own(knowledge: Knowledge, plan: Plan) -> None:
    both = changed(knowledge, plan, ["priority:intervention-6iii=5"], ["6iii"])
    without = changed(knowledge, both, drop=["6iii"])
    assert said(without, "onItem") == {KB + "outcome-06-2", KB + "intervention-6iii"}


def test_every_entry_about_a_thing_is_set(knowledge: Knowledge) -> None:
    twice = read_tree("priorities: [{item: intervention-3a, priority: 2}, {item: intervention-3a, priority: 3}]", "plan.yaml")
    assert said(changed(knowledge, twice, ["priority:3a=5"]), "priorityValue") == {"5"}


# What then changes


def test_commissioning_what_closes_a_gap_closes_it(knowledge: Knowledge, plan: Plan) -> None:
    opened, closed = ids(what_if(knowledge, plan, add=["6iii"]))
    assert {"plan-gap/risk-debt", "plan-gap/area-06"} <= closed
    assert not {i for i in opened if i.startswith("plan-gap/area")}


def test_nothing_changes_where_nothing_is_changed(knowledge: Knowledge, plan: Plan) -> None:
    assert what_if(knowledge, plan).is_empty
    assert what_if(knowledge, plan, ["priority:outcome-06-2=2"]).is_empty


def test_there_and_back_is_the_same_the_other_way_round(knowledge: Knowledge, plan: Plan) -> None:
    there = what_if(knowledge, plan, add=["6iii"])
    back = what_if(knowledge, changed(knowledge, plan, add=["6iii"]), drop=["6iii"])
    assert ids(there) == ids(back)[::-1]


def test_a_higher_priority_moves_an_intervention_in_the_matrix(knowledge: Knowledge, plan: Plan) -> None:
    found = what_if(knowledge, plan, ["priority:outcome-06-2=5"])
    moved = {move.intervention.notation: move for move in found.moves}["6iii"]
    assert moved.before is not None and moved.after is not None
    assert (moved.before.priority, moved.after.priority) == (2, 5) and moved.after.score > moved.before.score


def test_what_is_only_supposed_is_not_blamed_for_what_it_lacks(knowledge: Knowledge) -> None:
    assert what_if(knowledge, read_plan(OAKMERE), add=["10"]).results_opened == ()


# The commands


def test_assess_shows_what_would_change(mwkb: Mwkb) -> None:
    code, out, err = mwkb("assess", str(OAKMERE), "--add", "10", "--set", "priority:outcome-08-1=5")
    assert (code, err) == (0, "")
    assert "What would change: priority:outcome-08-1=5; with 10\n" in out
    for words in (
        "Closes (",
        "10 Community empowerment and environments · gap in the plan",
        "Moves in the decision matrix (",
        "  10  Community empowerment and environments: 0 -> 1",
    ):
        assert words in out


def test_compare_says_so_if_two_plans_are_alike(mwkb: Mwkb) -> None:
    assert mwkb("compare", str(OAKMERE), str(OAKMERE)).out.endswith("Nothing changes.\n")


def test_compare_tells_two_plans_apart_in_every_format(mwkb: Mwkb) -> None:
    plans = (str(ROOT / "examples" / "little-marsh.yaml"), str(OAKMERE))
    told = json.loads(mwkb("compare", *plans, "--format", "json").out)
    assert told["before"]["file"].endswith("little-marsh.yaml") and told["opened"] and told["closed"] and told["moves"]
    rows = list(csv.DictReader(io.StringIO(mwkb("compare", *plans, "--format", "csv").out)))
    assert sum(row["change"] == "opens" for row in rows) == len(told["opened"]) + len(told["results_opened"])
    assert sum(row["change"] == "moves" for row in rows) == len(told["moves"])


def test_an_entry_taken_out_leaves_the_results_of_those_after_it_as_they_were(knowledge: Knowledge) -> None:
    one, two, three = ("{delivers: intervention-3a}", "{delivers: intervention-6iii}", "{local-description: Money talk}")
    before, after = (
        assess(read_tree(f"interventions: [{', '.join(entries)}]", "plan.yaml"), knowledge=knowledge)
        for entries in ((one, two, three), (two, three))
    )
    found = difference(before, after)
    assert found.results_opened == ()
    assert {result.about for result in found.results_closed} == {"3a Social and Emotional Learning (SEL) programmes"}


def test_a_finding_that_becomes_graver_is_told_and_can_fail_a_comparison(knowledge: Knowledge) -> None:
    entries = "sections: [{section: interventions, status: complete}]\ninterventions: [{delivers: intervention-3a}]"
    (before, _), (after, _) = ((assess(read_tree(entries, "plan.yaml"), knowledge=knowledge), 0) for _ in range(2))
    gap = before.of_kind("plan-gap")[0]
    graver = tuple(replace(f, severity="violation") if f == gap else f for f in after.findings)
    found = difference(before, replace(after, findings=graver))
    assert (found.opened, found.closed, found.worst_opened()) == ((), (), "violation")
    assert f"* {gap.severity} -> violation" in difference_text(found, "")


def test_a_gap_of_an_entry_is_the_same_gap_when_an_entry_is_put_before_it(knowledge: Knowledge) -> None:
    local = "{local-description: Money talk, approach: universal, for-groups: life-stage-adults}"
    before, after = (
        assess(
            read_tree(
                f"sections: [{{section: interventions, status: complete}}]\ninterventions: [{', '.join(entries)}]", "plan.yaml"
            ),
            knowledge=knowledge,
        )
        for entries in ((local,), ("{delivers: intervention-3a}", local))
    )
    found = difference(before, after)
    assert "Money talk" in {f.about.label for f in after.of_kind("plan-gap")}
    assert "Money talk" not in {f.about.label for f in (*found.opened, *found.closed)}


def test_what_opens_can_fail_a_comparison(mwkb: Mwkb) -> None:
    arguments = ("assess", str(OAKMERE), "--drop", "9a")
    assert mwkb(*arguments).code == 0
    assert mwkb(*arguments, "--fail-on", "warning").code == 1


def test_a_name_that_is_not_known_is_said_in_one_line(mwkb: Mwkb) -> None:
    code, out, err = mwkb("assess", str(OAKMERE), "--add", "befriendng")
    assert (code, out, err.count("\n")) == (2, "", 1)
