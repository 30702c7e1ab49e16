"""The fewest additions that close gaps, on a small fictional plan."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import combinations, product
from pathlib import Path

import pytest

from conftest import Mwkb
from mwkb.assessment import conclude
from mwkb.change import changed
from mwkb.choice.mend import Mending, mend
from mwkb.findings import Thing
from mwkb.knowledge import Knowledge
from mwkb.plan import Plan, read_plan
from mwkb.plan.tree import read_tree
from mwkb.problems import InputProblem
from mwkb.report.choice import mending_text
from mwkb.vocabulary import MWKB, local_name
from small_plan import PLAN, top_priority_of_every_run

OAKMERE = Path(__file__).parents[1] / "examples" / "oakmere.yaml"


@pytest.fixture
def plan() -> Plan:
    return read_tree(PLAN, "small.yaml")


UNEMPLOYED, OLDER = "plan-gap/group-unemployed-people", "plan-gap/group-older-people"
TWO_GROUPS = """
sections: [{section: interventions, status: complete}]
needs:
  factors: [{factor: risk-falls, factor-status: present, evidence: Admissions}]
  groups:
    - {group: group-unemployed-people, presence: present}
    - {group: group-older-people, presence: present}
"""
TOOLKIT = "as the toolkit offers it"
OFFERS = {  # how the toolkit offers these, and at whom else they can be targeted
    "10": ("universal", "group-whole-population", ("group-unemployed-people", "group-older-people")),
    "5b": ("universal", "group-older-people", ("group-older-people",)),
    "4b": ("targeted", "group-unemployed-people", ("group-unemployed-people",)),
    "6iii": ("targeted", "group-people-with-debts-or-low-income", ()),
}


def only(knowledge: Knowledge, *codes: str) -> str:
    """The part of a plan that leaves no other interventions to add."""
    every = {iri.rpartition("-")[2] for iri in knowledge.subjects("rdf:type", MWKB + "Intervention")}
    reason = "reason: It is done already"
    return "exclusions:\n" + "".join(f"  - {{excludes: intervention-{c}, {reason}}}\n" for c in sorted(every - {*codes}))


FEW = (
    TWO_GROUPS
    + """
interventions:
  - {delivers: intervention-4d, approach: targeted, for-groups: [group-people-recovering-from-mental-illness]}
"""
)
"""A plan which has nothing universal; the tests leave only four interventions to add."""
Way = frozenset[tuple[str, frozenset[str]]]
"""Interventions, each with whom it is for."""


def written(groups: Iterable[Thing], as_offered: bool) -> frozenset[str]:
    return frozenset(local_name(group.iri) for group in groups) | ({TOOLKIT} if as_offered else set())


def every_way(size: int) -> Iterator[Way]:
    """Every way to add that many of the four interventions, for anyone whom they can be for."""
    for codes in combinations(OFFERS, size):
        parts = [(TOOLKIT, *OFFERS[code][2]) for code in codes]
        choices = [[frozenset(c) for n in range(1, len(part) + 1) for c in combinations(part, n)] for part in parts]
        yield from (frozenset(zip(codes, way, strict=True)) for way in product(*choices))


def open_with(knowledge: Knowledge, way: Way) -> set[str]:
    """What is open in the plan with these interventions, each written as an entry like any other."""
    text = FEW
    for code, offer in sorted(way):
        approach, for_group, _ = OFFERS[code]
        approaches = {approach} if TOOLKIT in offer else set()
        approaches |= {"targeted"} if offer - {TOOLKIT} else set()
        for_groups = {for_group if each == TOOLKIT else each for each in offer}
        text += f"  - {{delivers: intervention-{code}, approach: [{', '.join(sorted(approaches))}]"
        text += f", for-groups: [{', '.join(sorted(for_groups))}]}}\n"
    return open_ids(knowledge, text)


def open_ids(knowledge: Knowledge, text: str) -> set[str]:
    return {finding.id for finding in conclude(knowledge, read_tree(text, "few.yaml")).findings}


def interventions(way: Way) -> frozenset[str]:
    return frozenset(code for code, _ in way)


def groups(way: Way) -> int:
    return sum(len(offer - {TOOLKIT}) for _, offer in way)


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
    assert all([group.label for group in addition.groups] == ["Unemployed people"] for way in found.ways for addition in way)
    assert not any(addition.as_offered for way in found.ways for addition in way)


def test_an_intervention_is_targeted_only_at_groups_that_the_toolkit_means_it_for(knowledge: Knowledge) -> None:
    plan = read_tree(PLAN.replace("approach: targeted", "approach: universal"), "small.yaml")
    found = mend(knowledge, plan, ["plan-gap/group-unemployed-people"], limit=50)
    # 4b is for unemployed people and the others are for everybody; 5b, for one, is for older people.
    assert set().union(*codes(found)) == {"4b", "6i", "6ii", "7", "8a", "8d", "9b", "10"}


def test_two_groups_are_closed_by_one_entry_for_both(knowledge: Knowledge) -> None:
    found = mend(knowledge, read_tree(TWO_GROUPS, "two.yaml"), [UNEMPLOYED, OLDER], limit=50)
    assert {"10"} in codes(found)
    for way in found.ways:
        assert [{group.label for group in addition.groups} for addition in way] == [{"Unemployed people", "Older people"}]
        assert {gap for addition in way for gap in addition.closes} == {UNEMPLOYED, OLDER}
    assert not found.remaining


def test_a_group_is_named_only_where_its_gap_needs_it(knowledge: Knowledge) -> None:
    plan = read_tree(TWO_GROUPS + only(knowledge, "10", "5b", "4b"), "two.yaml")
    both = mend(knowledge, plan, [UNEMPLOYED, OLDER, "plan-gap/area-10"], limit=50)
    one = mend(knowledge, plan, ["plan-gap/area-10"], limit=50)
    assert codes(both) == codes(one) == [{"10"}]
    assert [len(addition.groups) for addition in both.ways[0]] == [2]
    assert [(addition.groups, addition.as_offered) for addition in one.ways[0]] == [((), True)]


def test_mend_finds_what_trying_every_entry_finds(knowledge: Knowledge) -> None:
    wanted = {UNEMPLOYED, OLDER, "plan-gap/risk-falls", "plan-gap/portfolio"}
    found = mend(knowledge, read_tree(FEW + only(knowledge, *OFFERS), "few.yaml"), sorted(wanted), limit=50)
    assert set(ids(found)) == wanted
    assert not found.more
    ways = [frozenset((a.intervention.notation, written(a.groups, a.as_offered)) for a in way) for way in found.ways]
    size = len(found.ways[0])
    closing = [way for n in range(1, size + 1) for way in every_way(n) if not wanted & open_with(knowledge, way)]
    assert {len(way) for way in closing} == {size} == {len(way) for way in ways}
    assert set(ways) <= set(closing)
    assert len(set(ways)) == len(ways)
    assert {interventions(way) for way in ways} == {interventions(way) for way in closing}
    for way in ways:
        assert groups(way) == min(groups(other) for other in closing if interventions(other) == interventions(way))
    # Among them is one entry for two groups, and one that is universal and targeted at once.
    assert any(len(offer - {TOOLKIT}) == 2 for way in ways for _, offer in way)
    assert any(TOOLKIT in offer and len(offer) > 1 for way in ways for _, offer in way)


@pytest.mark.parametrize(
    ("need", "says", "left"),
    [
        ("", "", {"6ii", "6iii"}),
        ("", "priorities: [{item: intervention-6iii, priority: 1}]", {"6ii"}),  # ruled out by its rating
        ("groups: [{group: group-people-with-debts-or-low-income, presence: absent}]", "", {"6ii"}),  # not applicable
    ],
)
def test_what_speaks_against_an_intervention_keeps_it_out(knowledge: Knowledge, need: str, says: str, left: set[str]) -> None:
    assert to_close_debt(knowledge, f"  {need}\n{says}\n{only(knowledge, '6ii', '6iii')}") == left


def test_an_intervention_that_the_plan_declines_is_kept_out(knowledge: Knowledge) -> None:
    assert to_close_debt(knowledge, only(knowledge, "6iii")) == {"6iii"}


def test_an_intervention_that_the_plan_commissions_is_kept_out(knowledge: Knowledge) -> None:
    """10 could be targeted at unemployed people, but it is there already."""
    text = (
        TWO_GROUPS + "interventions: [{delivers: intervention-10, approach: universal, for-groups: [group-whole-population]}]\n"
    )
    found = mend(knowledge, read_tree(text + only(knowledge, "10", "4b"), "two.yaml"), [UNEMPLOYED], limit=50)
    assert codes(found) == [{"4b"}]


def to_close_debt(knowledge: Knowledge, says: str) -> set[str]:
    text = "sections: [{section: interventions, status: complete}]\nneeds:\n"
    text += f"  factors: [{{factor: risk-debt, factor-status: present, evidence: Survey}}]\n{says}"
    return set().union(*codes(mend(knowledge, read_tree(text, "debt.yaml"), ["plan-gap/risk-debt"], limit=50)))


def test_a_rating_that_a_parameter_changes_no_longer_keeps_an_intervention_out(knowledge: Knowledge) -> None:
    text = PLAN.replace("{item: intervention-4d,", "{item: intervention-6iii,")
    plan = read_tree(text + only(knowledge, "6ii", "6iii", "5b"), "small.yaml")
    strict = mend(knowledge, plan, ["plan-gap/risk-debt"])
    wider = mend(knowledge, plan, ["plan-gap/risk-debt"], parameters={"evidence-policy": "area-inherit"})
    assert codes(strict) == [{"6ii"}]
    assert codes(wider) == [{"6iii"}, {"6ii"}]
    assert [sum(addition.score for addition in way) for way in wider.ways] == [6, 0]  # evidence 3 x priority 2


def test_parameters_hold_whenever_the_rules_run(knowledge: Knowledge, plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = top_priority_of_every_run(monkeypatch)
    mend(knowledge, plan, ["plan-gap/risk-falls"], parameters={"top-priority": "3"})
    assert len(seen) > 100
    assert set(seen) == {"3"}


@pytest.mark.parametrize("parameters", [{"no-such": "1"}, {"top-priority": "much"}])
def test_a_parameter_that_cannot_be_is_refused(knowledge: Knowledge, plan: Plan, parameters: dict[str, str]) -> None:
    with pytest.raises(InputProblem):
        mend(knowledge, plan, parameters=parameters)


def test_the_score_decides_which_way_comes_first_and_the_limit_how_many(knowledge: Knowledge) -> None:
    text = PLAN.replace("{item: intervention-4d, priority: 2}", "{item: intervention-6iii, priority: 5}")
    plan = read_tree(text + only(knowledge, "6ii", "6iii", "5b"), "small.yaml")
    found = mend(knowledge, plan, ["plan-gap/risk-debt"], limit=2)
    assert [[(a.intervention.notation, a.score) for a in way] for way in found.ways] == [[("6iii", 5)], [("6ii", 0)]]
    assert not found.more
    first = mend(knowledge, plan, ["plan-gap/risk-debt"], limit=1)
    assert first.ways == found.ways[:1]
    assert first.more


def test_different_interventions_are_shown_before_other_groups_for_the_same_ones(knowledge: Knowledge) -> None:
    wanted = [UNEMPLOYED, OLDER, "plan-gap/risk-falls"]
    plan = read_tree(TWO_GROUPS + only(knowledge, "10", "8a", "5b"), "two.yaml")
    every = mend(knowledge, plan, wanted, limit=100)
    different = {frozenset(code) for code in codes(every)}
    assert different == {frozenset({"10", "5b"}), frozenset({"8a", "5b"})}
    assert len(every.ways) > len(different)
    assert not every.more
    few = mend(knowledge, plan, wanted, limit=2)
    assert {frozenset(code) for code in codes(few)} == different
    assert few.more


def test_what_the_first_way_opens_is_told(knowledge: Knowledge) -> None:
    found = mend(knowledge, read_tree(PLAN + only(knowledge, "5b"), "small.yaml"), ["plan-gap/risk-falls"])
    assert codes(found) == [{"5b"}]
    # Its evidence is of level 1, and what is only supposed has no evaluation planned.
    assert "plan-gap/intervention-5b" in {gap.id for gap in found.opened}
    assert not {gap.id for gap in found.opened} & open_ids(knowledge, PLAN)


def test_what_the_first_way_leaves_open_as_a_whole_is_told(
    knowledge: Knowledge, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if together, other than each on its own, the additions had no effect."""
    monkeypatch.setattr("mwkb.choice.mend.conclude", lambda knowledge, _, **options: conclude(knowledge, plan, **options))
    found = mend(knowledge, plan, ["plan-gap/risk-falls", "plan-gap/risk-debt"], limit=1)
    assert found.remaining == found.closable
    assert not found.opened
    assert "Stays open with the first way as a whole (2)" in mending_text(found, knowledge.versions)


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
    assert list(as_json["ways"][0][0]) == ["intervention", "groups", "as_offered", "score", "closes"]


def test_the_text_says_whom_an_addition_is_for(knowledge: Knowledge) -> None:
    wanted = [UNEMPLOYED, OLDER, "plan-gap/risk-falls", "plan-gap/portfolio"]
    text = " ".join(
        mending_text(
            mend(knowledge, read_tree(FEW + only(knowledge, *OFFERS), "few.yaml"), wanted, limit=50), knowledge.versions
        ).split()
    )
    assert "It takes 2 more interventions, and no fewer, to close 4 gaps." in text
    assert "social environment, targeted at Older people, and at Unemployed people · not rated" in text
    assert "Falls prevention, as the toolkit offers it and targeted at Older people · not rated" in text
