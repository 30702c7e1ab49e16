"""A proof goes down to plan data, source and parameter; why-not names the condition that fails."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from pyoxigraph import NamedNode, Quad

from mwkb.assessment import derived
from mwkb.explain import Fact, Step, number, why
from mwkb.finding_reader import read_findings
from mwkb.knowledge import Knowledge
from mwkb.plan import Plan, read_plan
from mwkb.plan.tree import read_tree
from mwkb.problems import InputProblem
from mwkb.report.proof import failures_text
from mwkb.vocabulary import MWKB, local_name
from mwkb.why_not import Failure, concerned, why_not

EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("*.*"))
OAKMERE = EXAMPLES[0].with_name("oakmere.yaml")


def walk(steps: tuple[Step, ...]) -> Iterator[Step]:
    """Every step of a proof, those inside others too."""
    for step in steps:
        yield step
        for condition in step.conditions:
            yield from walk(condition.steps)


def leaves(steps: tuple[Step, ...]) -> list[Fact]:
    return [fact for step in walk(steps) for condition in step.conditions for fact in condition.facts]


def proof(knowledge: Knowledge, plan: Plan, finding: str) -> tuple[Step, ...]:
    with derived(knowledge, plan):
        return why(knowledge, plan, f"{plan.iri}/finding/{finding}")


def said(fact: Fact) -> tuple[str, str]:
    """Property and value of a fact, as short names."""
    return local_name(fact.triple.predicate.value), local_name(getattr(fact.triple.object, "value", ""))


def shown(plan: Plan, steps: tuple[Step, ...]) -> set[tuple[str, str, str]]:
    """Property and value of the leaves that stand in the plan, with the text of the line to which each points."""
    lines = Path(plan.file).read_text(encoding="utf-8").splitlines()
    return {(*said(fact), lines[fact.place.line - 1].strip()) for fact in leaves(steps) if fact.place and fact.place.line}


# Why


def test_the_proof_of_a_recommendation_reaches_plan_source_and_parameter(knowledge: Knowledge) -> None:
    plan = read_plan(OAKMERE)
    steps = proof(knowledge, plan, "recommendation/intervention-10")
    assert {step.rule for step in walk(steps)} >= {"R-07", "R-37", "R-05", "R-06", "R-40", "R-01", "R-36", "R-12", "R-13", "R-41"}
    assert ("factor", "risk-isolation", "- factor: risk-isolation") in shown(plan, steps)
    facts = {(local_name(fact.triple.subject.value), *said(fact)): fact for fact in leaves(steps)}
    assert facts["parameter-evidence-policy", "parameterChoice", "policy-strict"].parameter
    printed = facts["intervention-10", "addresses", "risk-traffic"].sources[0]
    assert (printed.label, printed.lines) == ("Box 6, Commissioning areas", "2300-2302, 2336-2338")
    assert all(source.lines for step in walk(steps) for source in step.warrant)


def test_the_proof_of_a_gap_reaches_plan_and_source_and_shows_what_is_absent(knowledge: Knowledge) -> None:
    plan = read_plan(OAKMERE)
    (step,) = proof(knowledge, plan, "plan-gap/risk-falls")
    assert (step.rule, {source.label for source in step.warrant}) == (
        "G-04",
        {"Section 5.1.1, Proportionate universalism", "Section 5.10, Demonstrate accountability for outcomes"},
    )
    assert shown(plan, (step,)) >= {
        ("completeness", "completeness-complete", "- {section: interventions, status: complete}"),
        ("factor", "risk-falls", "- factor: risk-falls"),
    }
    absent = {condition.words for condition in step.conditions if condition.absence}
    assert "the plan commissions no intervention that addresses it" in absent
    assert ("type", "RiskFactor") in {said(fact) for fact in leaves((step,)) if fact.sources}


def test_an_evidence_level_of_the_plans_own_stands_in_the_proof(knowledge: Knowledge) -> None:
    text = """
priorities: [{item: intervention-6iii, priority: 5}]
evidence-assertions:
  - {about: intervention-6iii, level: 3, asserted-by: Oakmere public health team}
"""
    plan = read_tree(text, "plan.yaml")
    steps = proof(knowledge, plan, "recommendation/intervention-6iii")
    assert "R-34" in {step.rule for step in walk(steps)} and "R-36" not in {step.rule for step in walk(steps)}
    levels = {(*said(fact), str(fact.place)) for fact in leaves(steps) if said(fact)[0] == "assertsLevel"}
    assert levels == {("assertsLevel", "evidence-level-3", "plan.yaml:4")}
    with derived(knowledge, plan):
        (found,) = (f for f in read_findings(knowledge, plan) if f.kind == "recommendation")
    assert found.rating and (found.rating.evidence, found.rating.score) == (3, 15)
    assert found.rating.evidence_by == "Oakmere public health team"


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_no_proof_of_the_examples_has_an_empty_step_or_a_fact_from_nowhere(knowledge: Knowledge, path: Path) -> None:
    plan = read_plan(path)
    with derived(knowledge, plan):
        for finding in read_findings(knowledge, plan):
            steps = why(knowledge, plan, finding.iri)
            assert steps, finding.id
            for step in walk(steps):
                assert step.title and step.warrant and step.concludes and step.conditions, (finding.id, step.rule)
                for condition in step.conditions:
                    named = condition.words and (condition.facts or condition.steps or condition.absence)
                    assert named, f"{finding.id}: a condition of {step.rule} shows nothing: {condition.words}"
            for fact in leaves(steps):
                assert fact.words and (fact.place or fact.sources), f"{finding.id}: nobody says {fact.words}"


# Why not

PRESENT = {"needs": {"groups": [{"group": "group-older-people", "presence": "present"}]}}  # 5d is meant for them
COMMISSIONED = "the plan does not commission the intervention already"
DECLINED = "the plan has not decided, with a reason, against the intervention"
NOT_FOR_HERE = "the intervention is not meant only for groups that the locality does not have"
RULED_OUT = "the rating of the intervention does not rule it out"
NO_NEED = "the intervention answers a need of the locality"


def fails(knowledge: Knowledge, keys: dict[str, Any], intervention: str) -> Failure:
    """Where the rule fails that recommends what answers a need."""
    plan = read_tree(yaml.safe_dump(keys), "plan.yaml")
    with derived(knowledge, plan):
        return next(failure for failure in why_not(knowledge, plan, f"recommendation/{intervention}") if failure.rule == "R-37")


@pytest.mark.parametrize(
    ("keys", "condition", "because"),
    [
        ({"interventions": [{"delivers": "intervention-5d"}]}, COMMISSIONED, ("delivers", "intervention-5d")),
        ({"exclusions": [{"excludes": "intervention-5d", "reason": "no"}]}, DECLINED, ("excludes", "intervention-5d")),
        ({"exclusions": [{"excludes": "area-05", "reason": "no"}]}, DECLINED, ("exclusionReason", "no")),
        ({"priorities": [{"item": "intervention-5d", "priority": 1}]}, RULED_OUT, ("priorityValue", "1")),
    ],
    ids=["commissioned", "excluded", "area excluded", "Lavender"],
)
def test_why_not_names_the_condition_and_what_stands_against_it(
    knowledge: Knowledge, keys: dict[str, Any], condition: str, because: tuple[str, str]
) -> None:
    failure = fails(knowledge, PRESENT | keys, "intervention-5d")
    assert (failure.condition, failure.absence) == (condition, True)
    assert failure.against and failure.warrant
    facts = [fact for fact in leaves(failure.because) if said(fact) == because and fact.place]
    assert facts and all(fact.place and fact.place.line for fact in facts)


def test_why_not_where_the_group_it_is_for_does_not_live_here(knowledge: Knowledge) -> None:
    keys = {
        "needs": {
            "factors": [{"factor": "risk-maternal-depression", "factor-status": "present"}],
            "groups": [{"group": "group-women-at-risk-of-depression", "presence": "absent"}],
        }
    }
    failure = fails(knowledge, keys, "intervention-1")
    assert failure.condition == NOT_FOR_HERE
    assert ("presence", "presence-absent") in {said(fact) for fact in leaves(failure.because)}


def test_why_not_where_no_need_is_recorded(knowledge: Knowledge) -> None:
    failure = fails(knowledge, {}, "intervention-5d")
    assert (failure.condition, failure.absence, failure.against) == (NO_NEED, False, ())
    assert {deeper.rule for deeper in failure.deeper} == {"R-12", "R-13", "R-14"}


def test_why_not_says_each_rule_that_recommends_or_nothing_if_one_does(knowledge: Knowledge) -> None:
    plan = read_plan(OAKMERE)
    with derived(knowledge, plan):
        recommended = {f.about.iri for f in read_findings(knowledge, plan) if f.kind == "recommendation"}
        for intervention in knowledge.subjects("rdf:type", MWKB + "Intervention"):
            failures = why_not(knowledge, plan, f"recommendation/{local_name(intervention)}")
            assert {f.rule for f in failures} == (set() if intervention in recommended else {"R-07", "R-37"})
            assert all(failure.condition and failure.title and failure.warrant for failure in failures)


@pytest.mark.parametrize(
    ("finding", "expected"),
    [
        ("plan-gap/area-03", {"G-01": "the plan commissions nothing in the area"}),
        (
            "plan-gap/portfolio",
            {"G-06": "the plan has no targeted intervention", "G-07": "the plan has no universal intervention"},
        ),
        (
            "plan-gap/gradient",
            {"G-16": "the first is the same as the second", "G-24": "the first is less than the second"},
        ),
        (
            "plan-gap/risk-debt",
            {"G-04": "the plan commissions no intervention that addresses it"},
        ),
    ],
)
def test_why_not_names_each_rule_that_could_have_concluded_a_finding(
    knowledge: Knowledge, finding: str, expected: dict[str, str]
) -> None:
    plan = read_plan(OAKMERE)
    with derived(knowledge, plan):
        assert {failure.rule: failure.condition for failure in why_not(knowledge, plan, finding)} == expected


@pytest.mark.parametrize(
    ("finding", "compared"),
    [
        ("plan-gap/gradient", ("most disadvantaged = 24", "least disadvantaged = 6")),
        ("plan-gap/upstream-share", ("spending = 4360000", "upstream spending = 1565000", "share = 35")),
        ("plan-gap/outcome-09-1", ("top = 4", "priority = 3")),
    ],
)
def test_why_not_shows_the_numbers_that_were_compared(knowledge: Knowledge, finding: str, compared: tuple[str, ...]) -> None:
    plan = read_plan(OAKMERE)
    with derived(knowledge, plan):
        assert why_not(knowledge, plan, finding)[0].instead == compared


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("3500000.75", "3500000.75"),
        ("3500000.0", "3500000"),
        ("6.333333333", "6.3333"),
        ("0.25", "0.25"),
        ("24", "24"),
        ("a", "a"),
    ],
)
def test_a_number_is_shown_without_decimals_that_say_nothing(value: str, shown: str) -> None:
    assert number(value) == shown


def test_why_not_shows_what_there_is_instead_and_what_would_serve(knowledge: Knowledge) -> None:
    plan = read_plan(OAKMERE)
    with derived(knowledge, plan):
        queue = list(why_not(knowledge, plan, "recommendation/intervention-3c"))
        while queue[0].rule != "R-12":
            queue += queue.pop(0).deeper
    assert queue[0].instead == ("Mentoring programmes addresses nothing",)
    assert {"Debt", "Smoking"} <= set(queue[0].would_serve) and "Obesity" not in queue[0].would_serve
    shown = failures_text("recommendation/intervention-3c", "", queue[:1], knowledge.versions)
    assert "there is: Mentoring programmes addresses nothing" in shown and "would serve: Alcohol misuse, Bullying" in shown


def test_every_rule_names_its_findings_in_the_way_that_why_not_reads(knowledge: Knowledge) -> None:
    """Each finding of Oakmere is one that the rules which concluded it are said to be able to conclude."""
    plan = read_plan(OAKMERE)
    with derived(knowledge, plan):
        for finding in read_findings(knowledge, plan):
            said = NamedNode(finding.iri), NamedNode(MWKB + "inPlan"), NamedNode(plan.iri)
            for rule in knowledge.rules:
                if Quad(*said, NamedNode(rule.iri)) in knowledge.store:
                    assert concerned(knowledge, plan, rule, finding.id), (rule.id, finding.id)


@pytest.mark.parametrize("wanted", ["plan-gap/nothing", "plan-gap/", "plan-gap/intervention-3a/x", "toolkit-gap/area-03"])
def test_what_no_rule_concludes_is_refused(knowledge: Knowledge, wanted: str) -> None:
    plan = read_plan(OAKMERE)
    with derived(knowledge, plan), pytest.raises(InputProblem, match=f"No rule concludes '{wanted}'"):
        why_not(knowledge, plan, wanted)
