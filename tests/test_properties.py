"""Laws that hold whatever a plan says."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from mwkb import knowledge as knowledge_base
from mwkb.assessment import Assessment, conclude
from mwkb.findings import Finding
from mwkb.plan import Plan
from mwkb.plan.tree import read_tree
from mwkb.report.structured import assessment_json
from mwkb.undefined import undefined_names
from mwkb.vocabulary import KB, MWKB, local_name

Keys = dict[str, Any]
knowledge = cache(knowledge_base.load)
law = settings(max_examples=40, deadline=None, derandomize=True)


@cache
def ids(kind: str) -> tuple[str, ...]:
    return tuple(local_name(iri) for iri in knowledge().subjects("rdf:type", MWKB + kind))


@cache
def linked(key: str) -> dict[str, frozenset[str]]:
    """What each intervention is linked to by a property."""
    iris = knowledge().subjects("rdf:type", MWKB + "Intervention")
    return {local_name(iri): frozenset(local_name(o.value) for o in knowledge().objects(iri, key)) for iri in iris}


@cache
def at_risk() -> tuple[str, ...]:
    return tuple(group for group in ids("PopulationGroup") if knowledge().value(KB + group, "mwkb:atRisk") == "true")


@cache
def around(group: str) -> frozenset[str]:
    """A group and all that are wider."""
    wider = (local_name(o.value) for o in knowledge().objects(KB + group, "skos:broader"))
    return frozenset({group}).union(*map(around, wider))


# Plans


def entries(keys: Keys, unique: str) -> st.SearchStrategy[list[Keys]]:
    return st.lists(st.fixed_dictionaries(keys), max_size=4, unique_by=lambda entry: entry[unique])


def one_of(*kinds: str) -> st.SearchStrategy[str]:
    return st.sampled_from([name for kind in kinds for name in ids(kind)])


@st.composite
def plans(draw: st.DrawFn, complete: bool = False) -> Keys:
    """A small plan from names of the knowledge base; ``complete`` in what it commissions and which groups it has."""
    status = st.just("complete") if complete else st.sampled_from(["complete", "partial", "not-assessed"])
    factors = entries({"factor": one_of("RiskFactor"), "factor-status": st.sampled_from(["present", "absent"])}, "factor")
    weak = entries({"factor": one_of("ProtectiveFactor"), "factor-status": st.sampled_from(["weak", "strong"])}, "factor")
    presence = st.sampled_from(["present", "present", "absent"])
    return {
        "sections": [
            {"section": "interventions", "status": draw(status)},
            {"section": "needs-groups", "status": draw(status if not complete else st.sampled_from(["complete", "partial"]))},
        ],
        "needs": {
            "factors": [entry | {"evidence": "a survey"} for entry in draw(factors)] + draw(weak),
            "groups": draw(entries({"group": one_of("PopulationGroup"), "presence": presence}, "group")),
        },
        "priorities": draw(entries({"item": one_of("Intervention", "Outcome"), "priority": st.integers(1, 5)}, "item")),
        "interventions": draw(planned()),
        "exclusions": draw(
            entries({"excludes": one_of("Intervention", "CommissioningArea"), "reason": st.just("not ours")}, "excludes")
        ),
    }


def planned() -> st.SearchStrategy[list[Keys]]:
    groups = st.lists(one_of("PopulationGroup"), min_size=1, max_size=2, unique=True)
    return entries(
        {"delivers": one_of("Intervention"), "approach": st.sampled_from(["universal", "targeted"]), "for-groups": groups},
        "delivers",
    )


@st.composite
def full_plans(draw: st.DrawFn) -> Keys:
    """A plan that says something of every part: neighbourhoods, money, equality, engagement, partners and answers too."""
    keys = draw(plans())
    characteristics = st.sampled_from([name.removeprefix("equality-") for name in ids("EqualityCharacteristic")])
    names = [f"place-{number}" for number in range(draw(st.integers(0, 5)))]
    keys["sections"] += [{"section": name, "status": "complete"} for name in ("segments", "equality", "engagement", "assets")]
    keys["objective"] = draw(st.sampled_from(["lowest-wellbeing", "maximise-gain", "additional-assistance"]))
    keys["upstream-share"] = draw(st.integers(0, 100))
    keys["needs"] |= {
        "segments": [
            {"id": name, "name": name, "segment-type": "neighbourhood", "disadvantage-rank": rank}
            for rank, name in enumerate(names, 1)
        ],
        "equality": draw(entries({"characteristic": characteristics, "evidence": st.just("a survey")}, "characteristic")),
        "disaggregated-by": draw(st.lists(characteristics, max_size=3, unique=True)),
    }
    keys["partners"] = draw(
        entries(
            {"name": st.sampled_from(["One", "Two"]), "stands-for": st.lists(one_of("Stakeholder"), max_size=3, unique=True)},
            "name",
        )
    )
    keys["engagement"] = draw(entries({"engages": one_of("PopulationGroup"), "decision-role": st.booleans()}, "engages"))
    keys["responses"] = draw(entries({"to": one_of("ScopingQuestion", "EngagementPrinciple"), "answer": st.just("yes")}, "to"))
    for entry in keys["interventions"]:
        entry |= {
            "cost": draw(st.integers(0, 10**6)),
            "upstream": draw(st.booleans()),
            "evaluation": draw(st.sampled_from(["", "yearly"])),
        }
        entry["for-segments"] = draw(st.lists(st.sampled_from(names), unique=True)) if names else []
    return keys


def read(keys: Keys, **more: Any) -> Plan:
    return read_tree(yaml.safe_dump(keys | more), "plan.yaml")


def concluded(plan: Plan | Keys) -> Assessment:
    return conclude(knowledge(), plan if isinstance(plan, Plan) else read(plan))


def about(findings: tuple[Finding, ...]) -> set[str]:
    return {local_name(finding.about.iri) for finding in findings}


def gaps(found: Assessment, *rules: str) -> set[str]:
    return about(tuple(f for f in found.of_kind("plan-gap") if {reason.rule for reason in f.reasons} & set(rules)))


def scores(keys: Keys) -> dict[str, int]:
    derived = concluded(keys).derived
    return {t.subject.value: int(t.object.value) for t in derived if t.predicate.value == MWKB + "score"}


# Laws


@law
@given(full_plans())
def test_the_plans_say_nothing_that_is_not_known(keys: Keys) -> None:
    """Else the laws would be held on less than they seem to be."""
    assert undefined_names(read(keys), knowledge().names) == ()


@law
@given(full_plans())
def test_nothing_is_recommended_that_the_plan_commissions_or_excludes(keys: Keys) -> None:
    recommended = about(concluded(keys).of_kind("recommendation"))
    excluded = {entry["excludes"] for entry in keys["exclusions"]}
    assert not recommended & {entry["delivers"] for entry in keys["interventions"]}
    assert not recommended & excluded
    assert not {i for i in recommended if linked("mwkb:inArea")[i] <= excluded}


@law
@given(plans())
def test_nothing_is_recommended_that_is_meant_only_for_groups_that_are_absent(keys: Keys) -> None:
    recorded = {entry["group"]: entry["presence"] for entry in keys["needs"]["groups"]}
    absent = {group for group, presence in recorded.items() if presence == "absent"}
    if {"section": "needs-groups", "status": "complete"} in keys["sections"]:
        present = {wider for group, presence in recorded.items() if presence == "present" for wider in around(group)}
        absent |= {group for group in at_risk() if group not in recorded and group not in present}
    targets = linked("mwkb:targets")
    assert not {i for i in about(concluded(keys).of_kind("recommendation")) if targets[i] and targets[i] <= absent}


@law
@given(plans(complete=True), planned())
def test_another_intervention_never_opens_a_gap_in_coverage(keys: Keys, more: list[Keys]) -> None:
    before = concluded(keys)
    after = concluded(keys | {"interventions": keys["interventions"] + more})
    for rules in (("G-01",), ("G-03",), ("G-02", "G-03"), ("G-04",), ("G-08",), ("G-17",), ("G-31",)):
        assert gaps(after, *rules) <= gaps(before, *rules)


@law
@given(full_plans(), st.data())
def test_a_higher_priority_never_lowers_a_score(keys: Keys, data: st.DataObject) -> None:
    keys["priorities"] = keys["priorities"] or [{"item": "outcome-05-4", "priority": 2}]
    before = scores(keys)
    raised = data.draw(st.sampled_from(keys["priorities"]))
    raised["priority"] = data.draw(st.integers(raised["priority"], 5))
    after = scores(keys)
    assert before.keys() == after.keys()
    assert all(after[rating] >= score for rating, score in before.items())


@law
@given(full_plans(), st.randoms(use_true_random=False))
def test_the_order_of_the_triples_changes_nothing(keys: Keys, random: Any) -> None:
    plan = read(keys)
    quads = list(plan.quads)
    random.shuffle(quads)
    assert concluded(replace(plan, quads=tuple(quads))) == concluded(plan)


@law
@given(full_plans())
def test_another_iri_of_the_plan_changes_only_iris(keys: Keys) -> None:
    one, other = "https://example.org/one", "https://w3id.org/mwkb/example/a-far-longer-name"
    renamed = json.loads(assessment_json(concluded(read(keys, id=one, title="x"))).replace(one, other))
    assert renamed == json.loads(assessment_json(concluded(read(keys, id=other, title="x"))))


@law
@given(plans(complete=True), st.sampled_from(["partial", "not-assessed", None]))
def test_without_a_declaration_of_completeness_nothing_is_concluded_from_absence(keys: Keys, status: str | None) -> None:
    assert gaps(concluded(keys), "G-01")
    undeclared = [entry | {"status": status} for entry in keys["sections"]] if status else []
    assert concluded(keys | {"sections": undeclared}).of_kind("plan-gap") == ()
