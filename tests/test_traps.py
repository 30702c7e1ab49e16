"""The fifteen pitfalls of the toolkit's logic (research/rules-and-questions.md), each at the level of the rules."""

from __future__ import annotations

import re
from typing import Any

import pytest
from pyoxigraph import Literal

from conftest import Assessed
from mwkb import files
from mwkb.knowledge import Knowledge
from mwkb.plan.rdf import read_rdf
from mwkb.plan.tree import read_tree
from mwkb.rules import infer
from mwkb.vocabulary import KB, MWKB, PLAN, PREFIXES, local_name

HEADER = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items())
COMPLETE = "sections:\n  - {section: interventions, status: complete}\n"


def rows(knowledge: Knowledge, where: str, what: str = "*") -> list[tuple[str, ...]]:
    """The rows of a small query, as local names and plain values, in order."""
    found = knowledge.select(f"{HEADER}SELECT DISTINCT {what} WHERE {{ {where} }}")
    return sorted(tuple(v.value if isinstance(v, Literal) else local_name(v.value) for v in row.values()) for row in found)


def column(knowledge: Knowledge, where: str) -> list[str]:
    """The values of ``?x``."""
    return [row[0] for row in rows(knowledge, where, "?x")]


def findings(knowledge: Knowledge, kind: str) -> list[str]:
    """What the findings of a kind are about."""
    return column(knowledge, f"?finding a mwkb:{kind} ; mwkb:about ?x .")


def category(knowledge: Knowledge, intervention: str) -> list[tuple[str, ...]]:
    """Score and category of an intervention."""
    where = f"?r mwkb:rates kb:{intervention} ; mwkb:score ?score ; mwkb:category ?category ."
    return rows(knowledge, where, "?score ?category")


def test_01_product_does_not_decide_the_category(assessed: Assessed, knowledge: Knowledge) -> None:
    """Equal scores lie in different categories: the cell decides, not the product."""
    plan = "priorities:\n" + "".join(
        f"  - {{item: {item}, priority: {priority}}}\n"
        for item, priority in [
            ("intervention-1", 2), ("intervention-2b", 3),  # 6: evidence 3 and 2
            ("intervention-2a", 1), ("intervention-3c", 3),  # 3: evidence 3 and 1
            ("intervention-4b", 2), ("intervention-3d", 4),  # 4: evidence 2 and 1
        ]
    )  # fmt: skip
    with assessed(plan):
        assert category(knowledge, "intervention-1") == [("6", "category-light-blue")]
        assert category(knowledge, "intervention-2b") == [("6", "category-pink")]
        assert category(knowledge, "intervention-2a") == [("3", "category-light-blue")]
        assert category(knowledge, "intervention-3c") == [("3", "category-pink")]
        assert category(knowledge, "intervention-4b") == [("4", "category-pink")]
        assert category(knowledge, "intervention-3d") == [("4", "category-burgundy")]


@pytest.mark.parametrize("priority", range(1, 6))
@pytest.mark.parametrize("evidence", range(1, 4))
def test_01_each_cell_of_the_matrix_is_reached(assessed: Assessed, knowledge: Knowledge, evidence: int, priority: int) -> None:
    """Every evidence level and priority leads to the category that Figure 4 gives that cell, and to one only."""
    plan = {
        "priorities": [{"item": "intervention-6iii", "priority": priority}],
        "evidence-assertions": [{"about": "intervention-6iii", "level": evidence, "asserted-by": "Public health team"}],
    }
    printed = {
        3: "light light bright bright bright",
        2: "pink pink pink bright bright",
        1: "lavender lavender pink burgundy burgundy",
    }
    names = {"light": "light-blue", "bright": "bright-blue"}
    expected = printed[evidence].split()[priority - 1]
    with assessed(plan):
        score = str(evidence * priority)
        assert category(knowledge, "intervention-6iii") == [(score, "category-" + names.get(expected, expected))]


def test_02_no_gap_rests_on_figure_6_as_printed(assessed: Assessed, knowledge: Knowledge) -> None:
    """Figure 6 as printed ties area 5 to nobody and area 7 to older adults: neither makes or excuses a gap."""
    needs = "needs:\n  groups:\n    - {group: group-older-people, presence: present}\n"
    with assessed(COMPLETE + needs + "interventions:\n  - {delivers: intervention-5a}\n"):
        assert "area-05" not in findings(knowledge, "PlanGap")
    with assessed(COMPLETE + needs):
        assert {"area-05", "area-07"} <= set(findings(knowledge, "PlanGap"))
        because = rows(
            knowledge, "?g mwkb:about ?area ; mwkb:reason ?r . ?r mwkb:byRule rule:G-01 ; mwkb:because ?stage .", "?area"
        )
        assert ("area-05",) in because and ("area-07",) not in because
        printed = column(knowledge, "?r mwkb:asPrinted true ; mwkb:relevantArea ?x .")
        assert "area-07" in printed and "area-05" not in printed
    with assessed(needs):
        assert findings(knowledge, "PlanGap") == []


def test_03_universal_cover_is_no_targeted_offer(assessed: Assessed, knowledge: Knowledge) -> None:
    """A group at risk that is reached along with everybody still lacks a targeted offer."""
    plan = """
needs:
  groups:
    - {group: group-older-people-in-residential-care, presence: present}
interventions:
  - {delivers: intervention-10, approach: universal, for-groups: [group-whole-population]}
"""
    targeted = "  - {delivers: intervention-5a, approach: targeted, for-groups: [group-older-people-in-residential-care]}\n"
    with assessed(COMPLETE + plan):
        assert "group-older-people-in-residential-care" in findings(knowledge, "PlanGap")
        assert column(knowledge, "?plan mwkb:reachesTargeted ?x .") == []
    with assessed(COMPLETE + plan + targeted):
        assert "group-older-people-in-residential-care" not in findings(knowledge, "PlanGap")


def test_04_shared_intervention_covers_both_areas_and_counts_once(assessed: Assessed, knowledge: Knowledge) -> None:
    """The intervention that belongs to areas 3 and 7 covers both, is commissioned once and costed once."""
    with assessed(COMPLETE + "interventions:\n  - {delivers: intervention-3e, cost: 90000}\n"):
        assert column(knowledge, "?plan mwkb:coversArea ?x .") == ["area-03", "area-07"]
        assert not {"area-03", "area-07"} & set(findings(knowledge, "PlanGap"))
        assert column(knowledge, "?plan mwkb:commissions ?x .") == ["intervention-3e"]
        where = "?plan mwkb:commissions ?i ; mwkb:plansIntervention ?e . ?e mwkb:delivers ?i ; mwkb:plannedCost ?cost ."
        assert rows(knowledge, where, "(SUM(?cost) AS ?sum)") == [("90000",)]


@pytest.mark.parametrize("status", ["partial", "not-assessed", ""])
def test_05_unknown_is_not_absent(assessed: Assessed, knowledge: Knowledge, status: str) -> None:
    """From a section that is not declared complete nothing is concluded by absence, except that it is not complete."""
    plan: dict[str, Any] = {
        "needs": {
            "factors": [{"factor": "risk-debt", "factor-status": "present", "evidence": "Survey 2025"}],
            "groups": [{"group": "group-unemployed-people", "presence": "present"}],
        },
        "interventions": [{"delivers": "intervention-10", "approach": "universal", "for-groups": ["group-whole-population"]}],
    }
    sections = ["interventions", "needs-groups"]
    with assessed(plan | {"sections": [{"section": s, "status": status} for s in sections if status]}):
        assert findings(knowledge, "PlanGap") == []
        assert column(knowledge, "?plan mwkb:lacksGroup ?x .") == []
        assert {"section-interventions", "section-needs-groups"} <= set(findings(knowledge, "DataGap"))
    with assessed(plan | {"sections": [{"section": s, "status": "complete"} for s in sections]}):
        assert {"area-01", "risk-debt", "group-unemployed-people"} <= set(findings(knowledge, "PlanGap"))
        assert "group-problem-drinkers" in column(knowledge, "?plan mwkb:lacksGroup ?x .")


def test_06_overlapping_ages_are_not_counted_twice(assessed: Assessed, knowledge: Knowledge) -> None:
    """Adults up to 65 and older adults from 55 overlap: a record is counted once and the life stages keep separate."""
    plan = """
needs:
  groups:
    - {group: group-unemployed-people, presence: present, size: 5000}
    - {group: group-older-people, presence: present, size: 9000}
interventions:
  - {delivers: intervention-4b, approach: universal, for-groups: [life-stage-adults]}
"""
    with assessed(plan):
        record = (
            "?needs mwkb:recordsGroup ?record . ?record mwkb:group ?group ; mwkb:groupSize ?size . ?group mwkb:lifeStage ?stage ."
        )
        total = knowledge.select(f"{HEADER}SELECT (SUM(?size) AS ?sum) WHERE {{ {record} }}")
        assert [row["sum"].value for row in total] == ["14000"]
        assert rows(knowledge, record, "?group ?stage") == [
            ("group-older-people", "life-stage-older-adults"),
            ("group-unemployed-people", "life-stage-adults"),
        ]
        reached = column(knowledge, "?plan mwkb:reachesAmongOthers ?x .")
        assert "group-unemployed-people" in reached and "group-older-people" not in reached
    assert rows(knowledge, "?group mwkb:lifeStage ?one , ?two . FILTER(?one != ?two)") == []


def test_07_highest_priority_counts(assessed: Assessed, knowledge: Knowledge) -> None:
    """Priorities on outcomes and on interventions both bear on an intervention; the highest counts, whichever it is."""
    where = "?r mwkb:rates kb:intervention-1 ; mwkb:ratedPriority ?x ."
    for on_outcome, on_intervention in [(2, 4), (4, 2)]:
        plan = f"priorities:\n  - {{item: outcome-01-1, priority: {on_outcome}}}\n"
        with assessed(plan + f"  - {{item: intervention-1, priority: {on_intervention}}}\n"):
            assert column(knowledge, where) == ["4"]
        with assessed(plan):
            assert column(knowledge, where) == [str(on_outcome)]


def test_08_what_is_commissioned_is_not_recommended(assessed: Assessed, knowledge: Knowledge) -> None:
    """Neither a need nor a Bright Blue rating recommends what the plan commissions already."""
    plan = """
needs:
  factors:
    - {factor: risk-maternal-depression, factor-status: present}
priorities:
  - {item: intervention-1, priority: 5}
"""
    with assessed(plan):
        assert "intervention-1" in findings(knowledge, "Recommendation")
    with assessed(plan + "interventions:\n  - {delivers: intervention-1}\n"):
        assert "intervention-1" not in findings(knowledge, "Recommendation")


def test_09_nothing_is_recommended_for_groups_that_do_not_live_here(assessed: Assessed, knowledge: Knowledge) -> None:
    """An intervention meant only for a group that the locality lacks is not recommended, whatever speaks for it."""
    plan = """
needs:
  factors:
    - {factor: risk-debt, factor-status: present}
  groups:
    - {group: group-people-with-debts-or-low-income, presence: PRESENCE}
priorities:
  - {item: intervention-6iii, priority: 5}
evidence-assertions:
  - {about: intervention-6iii, level: 3, asserted-by: Public health team}
"""
    with assessed(plan.replace("PRESENCE", "present")):
        assert "intervention-6iii" in findings(knowledge, "Recommendation")
    with assessed(plan.replace("PRESENCE", "absent")):
        assert "intervention-6iii" not in findings(knowledge, "Recommendation")
        assert "intervention-6ii" in findings(knowledge, "Recommendation")


def test_10_no_stale_conclusions_after_an_edit(assessed: Assessed, knowledge: Knowledge) -> None:
    """What followed from an earlier version of a plan is gone with it; running twice adds nothing."""
    before = len(knowledge.store)
    plan = "priorities:\n  - {item: intervention-1, priority: PRIORITY}\n"
    with assessed(plan.replace("PRIORITY", "5")):
        assert findings(knowledge, "Recommendation") == ["intervention-1"]
        assert not infer.infer(knowledge.store, knowledge.groups).recorded
    assert len(knowledge.store) == before
    with assessed(plan.replace("PRIORITY", "2")):
        assert findings(knowledge, "Recommendation") == []
        assert category(knowledge, "intervention-1") == [("6", "category-light-blue")]
    assert len(knowledge.store) == before


def test_10_no_conclusions_stay_when_a_run_fails(assessed: Assessed, knowledge: Knowledge) -> None:
    """An error in between leaves no trace in the knowledge base."""
    before = set(knowledge.store)
    with pytest.raises(ZeroDivisionError), assessed("title: A plan"):
        raise ZeroDivisionError
    assert set(knowledge.store) == before


def test_11_absence_is_read_only_of_what_is_complete(assessed: Assessed, knowledge: Knowledge) -> None:
    """A rule about absence runs in a later layer than every rule that could still conclude what it looks for."""
    layer = {rule.id: number for number, rules in enumerate(knowledge.layers) for rule in rules}
    for one in knowledge.rules:
        for other in knowledge.rules:
            if one.reads_absence_of & other.writes:
                assert layer[other.id] < layer[one.id], f"{one.id} needs an absence before {other.id} is done"
            if one.reads & other.writes:
                assert layer[other.id] <= layer[one.id], f"{one.id} comes to rest before {other.id} starts"
    with assessed():
        each = "?a mwkb:assertionAbout ?intervention ; mwkb:underPolicy ?policy ; mwkb:assertsLevel ?level ."
        levels = rows(knowledge, each, "?intervention ?policy ?level")
        interventions = rows(knowledge, "?i a mwkb:Intervention .")
        assert len({row[:2] for row in levels}) == len(levels) == 2 * len(interventions)


def test_12_override_wins_and_can_be_seen(assessed: Assessed, knowledge: Knowledge) -> None:
    """A curator's level wins over the derived one, the plan's own over both; the rating says which it used."""
    priority = "priorities:\n  - {item: intervention-6iii, priority: 5}\n"
    own = "evidence-assertions:\n  - {id: own, about: intervention-6iii, level: 2, asserted-by: Public health team}\n"
    curated = """kb:curated-1 a mwkb:EvidenceLevelAssertion ; mwkb:assertionAbout kb:intervention-6iii ;
        mwkb:assertsLevel kb:evidence-level-3 ; mwkb:assertedBy "A curator" ."""
    used = "?r mwkb:rates kb:intervention-6iii ; mwkb:ratedEvidence ?level ; mwkb:usesEvidence ?assertion ."
    with assessed(priority):
        assert rows(knowledge, used, "?level ?assertion") == [("1", "strict")]
    with assessed(priority, curated):
        assert rows(knowledge, used, "?level ?assertion") == [("3", "curated-1")]
    with assessed(priority + own, curated):
        assert rows(knowledge, used, "?level ?assertion") == [("2", "own")]
        in_force = "?plan mwkb:evidenceInForce ?assertion . ?assertion mwkb:assertionAbout ?i ."
        assert len(rows(knowledge, in_force, "?i ?assertion")) == len(rows(knowledge, "?i a mwkb:Intervention ."))


def test_13_two_rules_give_one_finding_with_two_reasons(assessed: Assessed, knowledge: Knowledge) -> None:
    """A risk factor, a group and a Bright Blue rating speak for one intervention: one finding, three reasons."""
    plan = """
needs:
  factors:
    - {factor: risk-maternal-depression, factor-status: present}
  groups:
    - {group: group-women-at-risk-of-depression, presence: present}
priorities:
  - {item: intervention-1, priority: 5}
"""
    with assessed(plan):
        finding = "?finding a mwkb:Recommendation ; mwkb:about kb:intervention-1 ."
        assert len(rows(knowledge, finding, "?finding")) == 1
        reasons = column(knowledge, finding + " ?finding mwkb:reason ?r . ?r mwkb:byRule ?x .")
        assert reasons == ["R-07", "R-12", "R-14"]


@pytest.mark.parametrize("written", ["5", '"5"', "'5'", '" 5 "', "05", '"05"'])
def test_14_quoted_numbers_in_yaml_are_numbers(assessed: Assessed, knowledge: Knowledge, written: str) -> None:
    """Somebody who puts a number in quotes means the number."""
    with assessed(f"priorities:\n  - {{item: intervention-1, priority: {written}}}\n"):
        assert category(knowledge, "intervention-1") == [("15", "category-bright-blue")]


@pytest.mark.parametrize("written", ["high", "5.0", "five", "''"])
def test_14_other_words_in_yaml_give_no_rating(assessed: Assessed, knowledge: Knowledge, written: str) -> None:
    """A priority that is no whole number gives no rating, and the rules do not fail over it."""
    with assessed(read_tree(f"priorities:\n  - {{item: intervention-1, priority: {written}}}\n", "plan.yaml")):
        assert category(knowledge, "intervention-1") == []


@pytest.mark.parametrize(("written", "rated"), [("5", True), ('"5"', False), ("5.0", False), ("5e0", False), ('"5"@en', False)])
def test_14_numbers_of_another_kind_in_turtle_give_no_rating(
    assessed: Assessed, knowledge: Knowledge, written: str, rated: bool
) -> None:
    """In Turtle the kind of a number is stated: text and decimals are not priorities, and the rules do not fail over them."""
    text = f"""PREFIX kb: <{KB}> PREFIX mwkb: <{MWKB}>
        <{PLAN}plan> a mwkb:LocalityPlan ; mwkb:setsPriority <{PLAN}plan/p> .
        <{PLAN}plan/p> a mwkb:Priority ; mwkb:onItem kb:intervention-1 ; mwkb:priorityValue {written} ."""
    with assessed(read_rdf(text, "plan.ttl")):
        assert category(knowledge, "intervention-1") == ([("15", "category-bright-blue")] if rated else [])


def test_15_language_tags_are_all_british_english(knowledge: Knowledge) -> None:
    """Every label and definition is tagged en-GB (the store writes it in lower case), so none is missed or shown twice."""
    literals = {q.object for q in knowledge.store if isinstance(q.object, Literal)}
    assert {v.language for v in literals if v.language} == {"en-gb"}
    untagged = "{ ?s rdfs:label ?x } UNION { ?s skos:prefLabel ?x } UNION { ?s skos:definition ?x } "
    assert column(knowledge, untagged + 'FILTER(LANG(?x) != "en-gb")') == []
    several = "?s ?label ?one , ?two . FILTER(?label IN (skos:prefLabel, rdfs:label)) FILTER(STR(?one) < STR(?two))"
    assert rows(knowledge, several, "?s") == []


@pytest.mark.parametrize("path", [*files.rule_files(), *files.query_files()], ids=lambda path: path.stem)
def test_15_no_rule_or_query_filters_by_language(path: Any) -> None:
    """A filter by language would miss 'en' where 'en-GB' is written, and the other way round."""
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\bLANG(MATCHES)?\s*\(", text, re.IGNORECASE)
    assert not re.search(r"[\"']@[a-z]", text)
