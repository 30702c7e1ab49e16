"""What the knowledge base must hold of the toolkit: counts, sources, and levels under both policies."""

from __future__ import annotations

from collections import Counter

import pytest
from pyoxigraph import NamedNode

from conftest import Assessed
from mwkb.knowledge import Knowledge
from mwkb.vocabulary import KB, MWKB

COUNTS = {
    "CommissioningArea": 10,
    "Intervention": 29,
    "Outcome": 37,
    "EconomicClaim": 6,
    "EvidenceLevel": 3,
    "EqualityCharacteristic": 6,
    "LifeStage": 3,
    "MatrixCategory": 5,
    "MatrixCell": 15,
    "ProgrammeObjective": 3,
    "ProtectiveFactor": 43,
    "Reference": 42,
    "RiskFactor": 46,
    "Sector": 4,
    "TimeHorizon": 3,
}
INTERPRETATIONS = ("MatrixCell", "EvidenceReading", "FactorReading", "AreaReading", "IndicatorReading")


def members(knowledge: Knowledge, kind: str) -> list[str]:
    return knowledge.subjects("rdf:type", MWKB + kind)


@pytest.mark.parametrize(("kind", "count"), COUNTS.items())
def test_there_are_as_many_as_the_toolkit_has(knowledge: Knowledge, kind: str, count: int) -> None:
    assert len(members(knowledge, kind)) == count


def test_the_thirty_statements_of_box_6_are_29_interventions_of_which_one_is_in_two_areas(knowledge: Knowledge) -> None:
    areas = {i: len(knowledge.objects(i, "mwkb:inArea")) for i in members(knowledge, "Intervention")}
    assert sum(areas.values()) == 30
    assert {i for i, number in areas.items() if number == 2} == {KB + "intervention-3e"}


def test_every_number_of_box_6_is_cited_by_a_statement(knowledge: Knowledge) -> None:
    numbers = {knowledge.number(r, "mwkb:referenceNumber") for r in members(knowledge, "Reference")}
    assert numbers == set(range(41, 83))
    assert all(knowledge.subjects("mwkb:citesReference", r) for r in members(knowledge, "Reference"))


def test_every_thing_has_one_label_one_definition_and_a_source(knowledge: Knowledge) -> None:
    for name in sorted(n for n in knowledge.names if n.startswith(KB)):
        assert len(knowledge.objects(name, "skos:prefLabel")) == 1, name
        assert len(knowledge.objects(name, "skos:definition")) == 1, name
        assert knowledge.sources(name), name


@pytest.mark.parametrize("kind", INTERPRETATIONS)
def test_every_interpretation_has_confidence_reasoning_and_an_alternative(knowledge: Knowledge, kind: str) -> None:
    for name in members(knowledge, kind):
        assert len(knowledge.objects(name, "mwkb:confidence")) == 1, name
        assert knowledge.value(name, "mwkb:reasoning"), name
        assert knowledge.value(name, "mwkb:alternative") or knowledge.value(name, "mwkb:alternativeCategory"), name


def test_the_matrix_has_a_category_for_each_level_and_priority_and_the_product_does_not_decide_it(knowledge: Knowledge) -> None:
    cells = {
        (knowledge.number(c, "mwkb:evidenceValue"), knowledge.number(c, "mwkb:priorityValue")): knowledge.value(
            c, "mwkb:category"
        )
        for c in members(knowledge, "MatrixCell")
    }
    assert set(cells) == {(e, p) for e in (1, 2, 3) for p in (1, 2, 3, 4, 5)}
    counted = Counter((c or "").removeprefix(KB + "category-") for c in cells.values())
    assert counted == {"bright-blue": 5, "pink": 4, "light-blue": 2, "lavender": 2, "burgundy": 2}
    assert cells[2, 2] != cells[1, 4]


def test_raising_evidence_or_priority_never_leads_away_from_bright_blue(knowledge: Knowledge) -> None:
    bright = {
        (knowledge.number(c, "mwkb:evidenceValue") or 0, knowledge.number(c, "mwkb:priorityValue") or 0)
        for c in knowledge.subjects("mwkb:category", KB + "category-bright-blue")
    }
    for evidence, priority in bright:
        assert {(e, p) for e in range(evidence, 4) for p in range(priority, 6)} <= bright


def test_every_intervention_has_one_level_under_each_policy(knowledge: Knowledge, assessed: Assessed) -> None:
    with assessed("title: A plan"):
        for policy in ("policy-strict", "policy-area-inherit"):
            found = Counter(
                knowledge.value(a, "mwkb:assertionAbout") for a in knowledge.subjects("mwkb:underPolicy", KB + policy)
            )
            assert found == dict.fromkeys(members(knowledge, "Intervention"), 1)
            for assertion in knowledge.subjects("mwkb:underPolicy", KB + policy):
                assert len(knowledge.objects(assertion, "mwkb:assertsLevel")) == 1, assertion
                assert knowledge.objects(assertion, "mwkb:basis"), assertion


def test_area_inherit_never_gives_a_lower_level_than_strict(knowledge: Knowledge, assessed: Assessed) -> None:
    with assessed("title: A plan"):
        for intervention in members(knowledge, "Intervention"):
            strict, inherit = (
                knowledge.value(f"{intervention}/evidence/{policy}", "mwkb:assertsLevel") or ""
                for policy in ("strict", "area-inherit")
            )
            assert strict <= inherit, intervention


def test_nothing_in_the_facts_is_a_conclusion(knowledge: Knowledge) -> None:
    assert not list(knowledge.store.quads_for_pattern(None, NamedNode(MWKB + "byRule"), None))
