"""Proportionate universalism: what neighbourhoods receive, against how disadvantaged they are.

Held on a fictional borough of eight neighbourhoods, and on the 21 wards of Trafford by their scores in
the Index of Multiple Deprivation of 2025, where the published figures are at hand.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from pyoxigraph import NamedNode

from mwkb.assessment import conclude, derived
from mwkb.findings import Finding
from mwkb.knowledge import Knowledge
from mwkb.plan import Plan
from mwkb.plan.tree import read_tree
from mwkb.vocabulary import MWKB, local_name

WARDS = Path(__file__).parents[2] / "shared" / "data" / "trafford-wards.csv"
UNIVERSAL = {"delivers": "intervention-2a", "approach": "universal", "for-groups": ["group-parents"]}
TARGETED = {"delivers": "intervention-2c", "approach": "targeted", "for-groups": ["group-parents-higher-risk"]}


def fictional() -> list[str]:
    return ["quay", "mills", "station", "market", "park", "meadow", "hill", "heights"]


def trafford() -> list[str]:
    if not WARDS.exists():
        pytest.skip("the published figures are not at hand")
    with WARDS.open(encoding="utf-8", newline="") as stream:
        scores = {
            row["area_code"]: float(row["value"])
            for row in csv.DictReader(stream)
            if row["indicator"] == "Index of Multiple Deprivation" and row["period"] == "2025"
        }
    assert len(scores) == 21
    return sorted(scores, key=lambda ward: -scores[ward])


@pytest.fixture(params=[fictional, trafford], ids=["fictional borough", "Trafford"])
def wards(request: pytest.FixtureRequest) -> list[str]:
    """Neighbourhoods from the most to the least disadvantaged."""
    found: Callable[[], list[str]] = request.param
    return found()


def plan(wards: list[str], *offers: tuple[dict[str, Any], list[str]], complete: bool = True) -> Plan:
    status = "complete" if complete else "partial"
    segments = [
        {"id": ward, "name": ward, "segment-type": "neighbourhood", "disadvantage-rank": rank}
        for rank, ward in enumerate(wards, 1)
    ]
    keys = {
        "sections": [{"section": name, "status": status} for name in ("interventions", "segments")],
        "needs": {"segments": segments},
        "interventions": [offer | {"id": f"offer-{n}", "for-segments": where} for n, (offer, where) in enumerate(offers)],
    }
    return read_tree(yaml.safe_dump(keys), "plan.yaml")


def gradient(knowledge: Knowledge, plan: Plan) -> dict[str, set[str]]:
    """The findings on the gradient and on neighbourhoods left out, each with the rules behind it."""
    found: list[Finding] = list(conclude(knowledge, plan).of_kind("plan-gap"))
    rules = {
        finding.id.removeprefix("plan-gap/").removeprefix("segment-"): {reason.rule for reason in finding.reasons}
        for finding in found
    }
    return {name: behind for name, behind in rules.items() if behind & {"G-16", "G-24", "G-25"}}


def intensities(knowledge: Knowledge, plan: Plan) -> dict[str, int]:
    with derived(knowledge, plan) as derivation:
        return {
            local_name(quad.subject.value): int(getattr(quad.object, "value", ""))
            for quad in derivation.added
            if quad.predicate == NamedNode(MWKB + "intensity") and isinstance(quad.subject, NamedNode)
        }


def test_the_same_for_everybody_is_a_flat_gradient(knowledge: Knowledge, wards: list[str]) -> None:
    flat = plan(wards, (UNIVERSAL, wards))
    assert intensities(knowledge, flat) == dict.fromkeys(wards, 1)
    assert gradient(knowledge, flat) == {"gradient": {"G-16"}}


def test_more_where_disadvantage_is_greatest_is_proportionate(knowledge: Knowledge, wards: list[str]) -> None:
    proportionate = plan(wards, (UNIVERSAL, wards), (TARGETED, wards[: len(wards) // 4]))
    shown = intensities(knowledge, proportionate)
    assert [shown[ward] for ward in wards] == sorted(shown.values(), reverse=True)
    assert gradient(knowledge, proportionate) == {}


def test_more_where_disadvantage_is_least_is_inverted(knowledge: Knowledge, wards: list[str]) -> None:
    found = gradient(knowledge, plan(wards, (UNIVERSAL, wards), (TARGETED, wards[-2:])))
    assert found == {"gradient": {"G-24"}}


def test_more_in_the_middle_alone_leaves_the_gradient_flat(knowledge: Knowledge, wards: list[str]) -> None:
    found = gradient(knowledge, plan(wards, (UNIVERSAL, wards), (TARGETED, [wards[len(wards) // 2]])))
    assert found == {"gradient": {"G-16"}}


def test_a_most_disadvantaged_neighbourhood_with_nothing_is_a_gap_of_its_own(knowledge: Knowledge, wards: list[str]) -> None:
    others = wards[1:]
    found = gradient(knowledge, plan(wards, (UNIVERSAL, others), (TARGETED, wards[1 : len(wards) // 4])))
    assert found[wards[0]] == {"G-25"}


def test_without_complete_sections_nothing_is_said(knowledge: Knowledge, wards: list[str]) -> None:
    assert gradient(knowledge, plan(wards, (UNIVERSAL, wards), complete=False)) == {}
