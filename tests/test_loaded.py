"""A loaded plan: another version of it gives what an assessment of its own gives, and leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad

from mwkb.assessment import assess
from mwkb.change import changed
from mwkb.loaded import loaded
from mwkb.plan import Plan, read_plan
from mwkb.plan.tree import read_tree
from mwkb.rules import infer
from mwkb.vocabulary import MWKB, RDF
from test_properties import Keys, full_plans, ids, knowledge, law, read

few = settings(law, max_examples=15)
OAKMERE = Path(__file__).parents[1] / "examples" / "oakmere.yaml"


@few
@given(st.lists(full_plans(), min_size=2, max_size=4))
def test_any_version_after_any_other_gives_what_it_gives_alone(versions: list[Keys]) -> None:
    """Also one that has little in common with the one before."""
    plans = [read(keys, id="https://example.org/plan") for keys in versions]
    before = set(knowledge().store)
    with loaded(knowledge(), plans[0]) as held:
        found = [held.assessment, *(held.assess(plan) for plan in plans[1:])]
    assert set(knowledge().store) == before
    assert found == [assess(plan, knowledge=knowledge()) for plan in plans]


def edits() -> st.SearchStrategy[list[str]]:
    interventions, factors, groups = (st.sampled_from(ids(kind)) for kind in ("Intervention", "RiskFactor", "PopulationGroup"))
    presence = st.sampled_from(["present", "absent"])
    return st.lists(
        st.one_of(
            st.builds("priority:{}={}".format, interventions, st.integers(1, 5)),
            st.builds("factor:{}={}".format, factors, presence),
            st.builds("group:{}={}".format, groups, presence),
        ),
        min_size=1,
        max_size=3,
    )


@few
@given(edits(), st.lists(st.sampled_from(["3a", "4d", "6iv"]), unique=True))
def test_a_change_of_the_example_gives_what_the_changed_plan_gives_alone(edited: list[str], dropped: list[str]) -> None:
    plan = read_plan(OAKMERE)
    other = changed(knowledge(), plan, edited, drop=dropped)
    alone = [assess(each, knowledge=knowledge()) for each in (other, plan)]
    with loaded(knowledge(), plan) as held:
        assert [held.assess(each) for each in (other, plan)] == alone


def without(plan: Plan, name: str) -> Plan:
    return replace(plan, quads=tuple(quad for quad in plan.quads if not str(quad).count(name)))


def moved(plan: Plan) -> Plan:
    """The same plan with a line above, so that every place is another one."""
    return read_tree("# a comment\n" + OAKMERE.read_text(encoding="utf-8"), plan.file)


@pytest.mark.parametrize(
    "edit",
    [
        moved,
        lambda plan: without(plan, "PlannedIntervention"),  # its entries lose their class
        lambda plan: without(plan, "completeness"),
        lambda plan: replace(
            plan, quads=(*plan.quads, Quad(NamedNode(plan.iri), NamedNode(MWKB + "gsss"), plan.quads[0].object))
        ),
        lambda plan: replace(plan, quads=plan.quads[:1]),
    ],
    ids=["other lines", "entries without a class", "nothing declared", "an unknown name", "almost nothing"],
)
def test_unusual_changes_too(edit: Callable[[Plan], Plan]) -> None:
    plan = read_plan(OAKMERE)
    other = edit(plan)
    for engine in ("shifty", "pyshacl"):
        alone = assess(other, knowledge=knowledge(), engine=engine)
        with loaded(knowledge(), plan, engine=engine) as held:
            assert held.assess(other) == alone


def test_what_a_plan_states_and_a_rule_concludes_too_stays_while_either_does() -> None:
    plan = read_plan(OAKMERE)
    rated = NamedNode(f"{plan.iri}/rating/intervention-3a")
    stating = replace(plan, quads=(*plan.quads, Quad(rated, NamedNode(RDF + "type"), NamedNode(MWKB + "Rating"))))
    before = set(knowledge().store)
    alone = [assess(each, knowledge=knowledge()) for each in (stating, plan)]
    with loaded(knowledge(), stating) as held:
        assert [held.assessment, held.assess(plan), held.assess(stating)] == [*alone, alone[0]]
    assert set(knowledge().store) == before


def test_only_rules_that_a_change_touches_run_again(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = read_plan(OAKMERE)
    ran: list[str] = []
    monkeypatch.setattr(
        infer, "conclusions", lambda store, rule, run=infer.conclusions: (ran.append(rule.id), run(store, rule))[1]
    )
    with loaded(knowledge(), plan) as held:
        assert set(ran) == {rule.id for rule in knowledge().rules}
        ran.clear()
        held.assess(plan)
        assert ran == []
        held.assess(changed(knowledge(), plan, ["priority:intervention-3a=2"]))
        assert "R-05" in ran  # rates the intervention anew
        assert len(set(ran)) < 20


def test_parameters_hold_for_each_version() -> None:
    plan = read_plan(OAKMERE)
    other = changed(knowledge(), plan, ["priority:intervention-3a=2"])
    given_values = {"evidence-policy": "area-inherit"}
    alone = assess(other, knowledge=knowledge(), parameters=given_values)
    with loaded(knowledge(), plan, parameters=given_values) as held:
        assert held.assess(other) == alone


def test_another_plan_is_no_version() -> None:
    plan = read_plan(OAKMERE)
    with loaded(knowledge(), plan) as held, pytest.raises(ValueError, match="is not another version of"):
        held.assess(replace(plan, iri="https://example.org/other"))
