"""What the knowledge base must hold of the toolkit: counts, sources, and levels under both policies."""

from __future__ import annotations

from collections import Counter

import pytest
from pyoxigraph import NamedNode

from conftest import Assessed
from mwkb.knowledge import Knowledge
from mwkb.vocabulary import KB, MWKB

# One line a kind. Where the toolkit prints fewer or more than we hold, a comment says why.
COUNTS = {
    # Box 6 and what it names
    "CommissioningArea": 10,
    "Intervention": 29,  # 30 statements, one of which stands in two areas
    "Outcome": 37,
    "EconomicClaim": 6,
    "EvidenceStatement": 30,
    "ImplementationNote": 31,
    "RiskFactor": 46,
    "ProtectiveFactor": 43,
    "PopulationGroup": 58,  # the three life stages among them
    "LifeStage": 3,
    "EqualityCharacteristic": 6,
    "Approach": 2,
    # evidence and the decision matrix
    "EvidenceLevel": 3,
    "MatrixCategory": 5,
    "MatrixCell": 15,
    "PriorityPrinciple": 6,
    "ProgrammeObjective": 3,
    "PopulationTarget": 3,
    "GapAnalysisStep": 3,
    "Statistic": 23,
    "Reference": 81,
    # the frame
    "Aim": 12,  # 4 that it describes, 7 that it contributes to, and what it is designed for
    "BackgroundNote": 4,
    "PopulationApproachElement": 5,
    "HighlightedReport": 7,
    "CompanionPublication": 3,
    "WellbeingDimension": 3,
    "WellbeingDefinition": 4,
    "CaseDimension": 4,
    "CommissioningMeaning": 9,
    "CommissioningRequirement": 7,
    # the steps
    "Step": 10,
    "UniversalismStep": 4,
    "IntensityRung": 7,
    "PartnershipElement": 6,
    "LeadershipBehaviour": 6,
    "Sector": 4,
    "SectorRole": 17,
    "EngagementPrinciple": 6,
    "EngagementElement": 2,
    "InformationSource": 5,
    "NeedsAssessmentContent": 6,
    "DataSource": 6,
    "CoordinationTask": 10,
    "PracticeCharacteristic": 6,
    "ImplementationElement": 10,
    "WorkforceLevel": 2,
    "TrainingNeed": 4,  # three tiers, and continuing development for all
    "TimeHorizon": 3,
    "GoodPractice": 5,
    # the appendices and lists
    "ScopingQuestion": 10,
    "ScopingTopic": 7,
    "Phase": 3,
    "ChecklistItem": 21,
    "Guidance": 8,
    "GlossaryTerm": 18,
    "ResourceEntry": 45,
}
INTERPRETATIONS = (
    "AreaReading",
    "EvidenceReading",
    "FactorReading",
    "GuidanceReading",
    "IndicatorReading",
    "MainstreamReading",
    "MatrixCell",
    "PartnerReading",
    "TextReading",
)


def members(knowledge: Knowledge, kind: str) -> list[str]:
    return knowledge.subjects("rdf:type", MWKB + kind)


def printed(knowledge: Knowledge, kind: str) -> list[str]:
    """The members of a kind without what was added to the toolkit's own from other public sources."""
    every = members(knowledge, kind)
    own = [m for m in every if any(source.value.startswith(KB + "toolkit") for source in knowledge.objects(m, "dcterms:source"))]
    return own or every


@pytest.mark.parametrize(("kind", "count"), COUNTS.items())
def test_there_are_as_many_as_the_toolkit_has(knowledge: Knowledge, kind: str, count: int) -> None:
    assert len(printed(knowledge, kind)) == count


def test_the_thirty_statements_of_box_6_are_29_interventions_of_which_one_is_in_two_areas(knowledge: Knowledge) -> None:
    areas = {i: len(knowledge.objects(i, "mwkb:inArea")) for i in printed(knowledge, "Intervention")}
    assert sum(areas.values()) == 30
    assert {i for i, number in areas.items() if number == 2} == {KB + "intervention-3e"}


def test_every_number_from_6_to_86_is_cited_or_is_that_of_a_publication(knowledge: Knowledge) -> None:
    references = members(knowledge, "Reference")
    assert {knowledge.number(r, "mwkb:referenceNumber") for r in references} == set(range(6, 87))
    assert all(knowledge.subjects("mwkb:citesReference", r) or knowledge.objects(r, "mwkb:identifies") for r in references)


def test_lists_are_numbered_without_a_gap(knowledge: Knowledge) -> None:
    numbered: dict[str, list[int]] = {}
    for name in knowledge.names:
        position = knowledge.number(name, "mwkb:position")
        if position is not None:
            part = knowledge.value(name, "mwkb:inPhase") or knowledge.value(name, "mwkb:ofSector") or ""
            stem = name.rpartition("-")[0] if name[-1].isdigit() else knowledge.kind(name)
            numbered.setdefault(f"{stem} {part}", []).append(position)
    for stem, positions in numbered.items():
        assert sorted(positions) == list(range(1, len(positions) + 1)), stem


def test_the_roles_of_the_sectors_are_six_four_four_and_three(knowledge: Knowledge) -> None:
    found = Counter(knowledge.value(role, "mwkb:ofSector") for role in members(knowledge, "SectorRole"))
    expected = {"local-authority": 6, "health": 4, "voluntary": 4, "community": 3}
    assert found == {f"{KB}sector-{name}": count for name, count in expected.items()}


def test_the_checklist_has_ten_seven_and_four_items(knowledge: Knowledge) -> None:
    found = Counter(knowledge.value(item, "mwkb:inPhase") for item in members(knowledge, "ChecklistItem"))
    assert found == {KB + "phase-1": 10, KB + "phase-2": 7, KB + "phase-3": 4}


def test_figure_3_has_twelve_bodies_and_for_each_is_said_how_long_it_was_in_force(knowledge: Knowledge) -> None:
    bodies = [b for b in members(knowledge, "Body") if KB + "toolkit-figure-3" in {s.iri for s in knowledge.sources(b)}]
    assert len(bodies) == 12
    later = {status: knowledge.value(status, "mwkb:about") for status in members(knowledge, "LaterStatus")}
    assert set(bodies) <= set(later.values())
    assert set(members(knowledge, "Guidance")) <= set(later.values())


def test_what_happened_later_is_never_taken_from_the_toolkit(knowledge: Knowledge) -> None:
    for status in members(knowledge, "LaterStatus"):
        assert not any(source.iri.startswith(KB) for source in knowledge.sources(status)), status
        assert knowledge.value(status, "mwkb:checkedOn"), status


def test_long_term_commitment_is_asked_of_commissioners_and_of_the_seven_entries_of_the_list(knowledge: Knowledge) -> None:
    """Two entries name several: employers with the business community, and government at three levels."""
    asked = {
        s.removeprefix(KB + "stakeholder-")
        for s in knowledge.subjects("mwkb:stakeholderRole", KB + "stakeholder-role-commitment")
    }
    assert asked == {
        "health-commissioners", "local-authority-commissioners",
        "education", "employers", "business-community", "voluntary-sector", "local-community-groups",
        "regeneration-initiatives", "criminal-justice-agencies",
        "local-government", "regional-government", "national-government",
    }  # fmt: skip


def test_the_jsna_tells_five_things_and_each_other_source_one(knowledge: Knowledge) -> None:
    told = {s.rpartition("/")[2]: len(knowledge.objects(s, "mwkb:tells")) for s in members(knowledge, "InformationSource")}
    assert told.pop("information-source-joint-strategic-needs-assessment") == 5
    assert set(told.values()) == {1}


def test_every_step_says_what_to_do(knowledge: Knowledge) -> None:
    actions = Counter(knowledge.value(action, "mwkb:inStep") for action in members(knowledge, "RecommendedAction"))
    assert set(actions) == set(members(knowledge, "Step"))


def test_every_number_of_a_statistic_has_its_unit_and_what_it_measures(knowledge: Knowledge) -> None:
    belongs = Counter(q.value for s in members(knowledge, "Statistic") for q in knowledge.objects(s, "mwkb:hasQuantity"))
    assert belongs == dict.fromkeys(members(knowledge, "Quantity"), 1)
    for quantity in members(knowledge, "Quantity"):
        for needed in ("mwkb:unit", "mwkb:measures", "mwkb:printedAs"):
            assert len(knowledge.objects(quantity, needed)) == 1, (quantity, needed)


def test_both_figures_of_what_the_nhs_spends_are_kept(knowledge: Knowledge) -> None:
    spends = [knowledge.value(f"{KB}statistic-{number}-a", "mwkb:printedAs") for number in ("05", "12")]
    assert spends == ["10.8%", "13.8%"]


def test_every_entry_of_the_register_of_losses_is_an_interpretation(knowledge: Knowledge) -> None:
    noted = {knowledge.value(reading, "skos:notation") for reading in members(knowledge, "TextReading")}
    lost = {4, 5, 6}
    assert noted - {None} == {f"{'LOST' if number in lost else 'AMBIG'}-{number}" for number in range(1, 21)}
    assert all(knowledge.objects(reading, "mwkb:about") for reading in members(knowledge, "TextReading"))


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
