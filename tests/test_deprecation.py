"""Deprecated terms and facts: no rule meets them, a plan that names them is warned, and its file can be rewritten."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from conftest import Mwkb
from mwkb import files
from mwkb.assessment import Assessment, assess
from mwkb.export import nquads, turtle
from mwkb.form import form
from mwkb.knowledge import Knowledge, load
from mwkb.migrate import migrated
from mwkb.opening import read
from mwkb.problems import InputProblem
from mwkb.submission import converted
from mwkb.validate import DEPRECATED
from mwkb.vocabulary import KB, MWKB, PREFIXES

PREFIX = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items())
OAKMERE = files.root() / "examples" / "oakmere.yaml"
OLD = """
kb:intervention-6x a mwkb:Intervention ; skos:prefLabel "Money advice"@en-gb ; skos:notation "6x" ;
  mwkb:inArea kb:area-06 ; mwkb:approach kb:approach-targeted ; mwkb:addresses kb:risk-debt ;
  owl:deprecated true ; dcterms:isReplacedBy kb:intervention-6y ; mwkb:deprecatedIn "0.3.0" ;
  mwkb:deprecationReason "It was printed under another name."@en-gb .
kb:intervention-6y skos:prefLabel "Debt advice"@en-gb ; a mwkb:Intervention ;
  owl:deprecated true ; dcterms:isReplacedBy kb:intervention-6iii ; mwkb:deprecatedIn "0.4.0" ;
  mwkb:deprecationReason "It was printed under yet another name."@en-gb .
kb:risk-owing a mwkb:RiskFactor ; skos:prefLabel "Owing money"@en-gb ; owl:deprecated true ; mwkb:deprecatedIn "0.3.0" .
mwkb:oldCost a owl:DatatypeProperty ; rdfs:label "old cost"@en-gb ; owl:deprecated true ;
  dcterms:isReplacedBy mwkb:plannedCost ; mwkb:deprecatedIn "0.3.0" ; mwkb:deprecationReason "The name was unclear."@en-gb .
"""


@pytest.fixture(scope="module")
def later() -> Knowledge:
    """The knowledge base with an intervention that was replaced twice, a risk factor that was given up and an old property."""
    store = Store()
    store.bulk_extend(load().store)
    store.extend(parse(PREFIX + OLD, format=RdfFormat.TURTLE))
    return Knowledge(store)


@pytest.fixture
def plan(tmp_path: Path) -> Callable[[str, str], Path]:
    """Oakmere's plan with some words in place of others."""

    def written(old: str, new: str) -> Path:
        path = tmp_path / "oakmere.yaml"
        text = OAKMERE.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        return path

    return written


def conclusions(found: Assessment) -> set[tuple[str, str]]:
    return {(finding.id.rpartition("/finding/")[2], finding.severity) for finding in found.findings}


# What rules see


def test_a_deprecated_fact_is_kept_and_none_that_is_asked_for(later: Knowledge) -> None:
    intervention = MWKB + "Intervention"
    assert KB + "intervention-6x" in later.names
    assert later.label(KB + "intervention-6x") == "Money advice"
    assert later.kind(KB + "intervention-6x") == "deprecated intervention"
    assert KB + "intervention-6x" not in later.subjects("rdf:type", intervention)
    assert KB + "intervention-6x" not in later.subjects("mwkb:addresses", KB + "risk-debt")


def test_a_deprecated_fact_changes_nothing_for_a_plan_that_does_not_use_it(later: Knowledge, knowledge: Knowledge) -> None:
    assert conclusions(assess(OAKMERE, knowledge=later)) == conclusions(assess(OAKMERE, knowledge=knowledge))


def test_an_export_holds_all_that_is_said_of_a_deprecated_fact(later: Knowledge) -> None:
    wanted = Quad(NamedNode(KB + "intervention-6x"), NamedNode(MWKB + "inArea"), NamedNode(KB + "area-06"))
    assert wanted.triple in {quad.triple for quad in parse(turtle(later), format=RdfFormat.TURTLE)}
    held = [quad for quad in parse(nquads(later), format=RdfFormat.N_QUADS) if quad.triple == wanted.triple]
    assert held and all(quad.graph_name != DefaultGraph() for quad in held)


def test_no_form_offers_a_deprecated_choice(later: Knowledge) -> None:
    offered = {choice.label for part in form(later).parts for field in part.fields for choice in field.choices}
    assert not {"6x Money advice", "Money advice", "Owing money"} & offered


# A plan that uses one


def test_the_replacement_takes_its_place_and_the_plan_is_told(later: Knowledge, plan: Callable[[str, str], Path]) -> None:
    found = assess(plan("delivers: intervention-6iii", "delivers: intervention-6x"), knowledge=later)
    assert conclusions(found) == conclusions(assess(OAKMERE, knowledge=later))
    told = [result for result in found.validation if result.shape == DEPRECATED]
    assert [(result.severity, result.message) for result in told] == [
        (
            "warning",
            "'Money advice' is deprecated since version 0.3.0. It was printed under another name. "
            "Use 'Debt counselling and advice' instead; mwkb fmt --migrate writes it so.",
        )
    ]
    line = told[0].place.line if told[0].place else 0
    assert OAKMERE.read_text(encoding="utf-8").splitlines()[(line or 0) - 1].strip() == "- delivers: intervention-6iii"
    assert found.conforms
    assert [check.found != () for check in found.checks if check.shape == DEPRECATED] == [True]


def test_what_nothing_replaces_is_told_too(later: Knowledge, plan: Callable[[str, str], Path]) -> None:
    found = assess(plan("factor: risk-debt", "factor: risk-owing"), knowledge=later)
    assert "'Owing money' is deprecated since version 0.3.0." in [result.message for result in found.validation]


def test_a_deprecated_property_is_replaced_too(later: Knowledge, tmp_path: Path, knowledge: Knowledge) -> None:
    path = tmp_path / "oakmere.ttl"
    path.write_bytes(converted(read(knowledge, OAKMERE), form(knowledge), ".ttl").replace(b"mwkb:plannedCost", b"mwkb:oldCost"))
    found = assess(path, knowledge=later)
    assert found.planned_cost == assess(OAKMERE, knowledge=knowledge).planned_cost
    assert {result.message.partition(" is ")[0] for result in found.validation if result.shape == DEPRECATED} == {"'old cost'"}


def test_a_plan_that_names_the_replacement_too_is_told_so(later: Knowledge, tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text("interventions:\n  - delivers: intervention-6x\n  - delivers: intervention-6iii\n")
    told = [result.message for result in assess(path, knowledge=later).validation if result.shape == DEPRECATED]
    assert [message.endswith("The plan names that too: see that it does not say the same twice.") for message in told] == [True]
    assert [each.names_both for each in migrated(later, path)[1]] == [True]


# Rewriting it


def test_a_plan_is_rewritten_and_all_else_in_it_stays(later: Knowledge, plan: Callable[[str, str], Path]) -> None:
    content, rewritten = migrated(later, plan("intervention-6iii", "intervention-6x"))
    assert content == OAKMERE.read_bytes()
    assert {(each.old, each.new) for each in rewritten} == {("Money advice", "Debt counselling and advice")}


@pytest.mark.parametrize("ending", [".ttl", ".nt", ".jsonld", ".json", ".xlsx"])
def test_a_plan_is_rewritten_in_any_format(
    monkeypatch: pytest.MonkeyPatch, later: Knowledge, knowledge: Knowledge, tmp_path: Path, ending: str
) -> None:
    wanted = converted(read(knowledge, OAKMERE), form(knowledge), ending)
    monkeypatch.setattr("mwkb.knowledge.load", lambda: later)  # from which the form of a workbook is made
    path = tmp_path / f"oakmere{ending}"
    if ending == ".xlsx":
        from openpyxl import load_workbook

        path.write_bytes(wanted)
        book = load_workbook(path)
        for cell in (cell for row in book["Interventions"].iter_rows() for cell in row):
            if cell.value == "6iii Debt counselling and advice":
                cell.value = "6x money  advice"
        book.save(path)
    else:
        path.write_bytes(re.sub(rb"intervention-6iii\b", b"intervention-6x", wanted))
    content, rewritten = migrated(later, path)
    assert rewritten
    path.write_bytes(content)
    again = read(later, path)
    assert again.deprecated == ()
    assert {quad.triple for quad in again.quads} == {quad.triple for quad in read(knowledge, OAKMERE).quads} or ending in (
        ".xlsx",
    )


def test_a_longer_name_that_begins_alike_stays(later: Knowledge, plan: Callable[[str, str], Path]) -> None:
    path = plan("delivers: intervention-6iii", "delivers: intervention-6x  # not intervention-6x-plus")
    content, _ = migrated(later, path)
    assert b"delivers: intervention-6iii  # not intervention-6x-plus" in content


def test_line_ends_and_the_mark_of_utf_8_stay(later: Knowledge, tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_bytes(b"\xef\xbb\xbftitle: A plan\r\ninterventions:\r\n  - delivers: intervention-6x\r\n")
    assert migrated(later, path)[0] == path.read_bytes().replace(b"-6x", b"-6iii")


def test_what_nothing_replaces_is_for_a_person_to_mend(later: Knowledge, plan: Callable[[str, str], Path]) -> None:
    with pytest.raises(
        InputProblem, match=r"yaml:\d+: 'Owing money' cannot be rewritten here. Nothing replaces it: take it out."
    ):
        migrated(later, plan("factor: risk-debt", "factor: risk-owing"))


def test_a_name_written_in_a_way_of_its_own_is_for_a_person_to_mend(later: Knowledge, tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(yaml.safe_dump({"title": "A plan"}) + 'interventions: [{delivers: "intervention-6\\x78"}]\n')
    with pytest.raises(InputProblem, match=r"cannot be rewritten here. Write intervention-6iii in its place by hand."):
        migrated(later, path)


def test_the_command_writes_all_plans_or_none(
    mwkb: Mwkb, monkeypatch: pytest.MonkeyPatch, later: Knowledge, plan: Callable[[str, str], Path], tmp_path: Path
) -> None:
    monkeypatch.setattr("mwkb.knowledge.load", lambda: later)
    path = plan("intervention-6iii", "intervention-6x")
    before = path.read_bytes()
    broken = tmp_path / "broken.yaml"
    broken.write_text("- no plan")
    assert mwkb("fmt", "--migrate", str(path), str(broken)).code == 2
    assert mwkb("fmt", "--migrate", "--check", str(path)).code == 1
    assert path.read_bytes() == before
    code, out, err = mwkb("fmt", "--migrate", str(path))
    assert (code, out) == (0, "")
    assert f"{path}:381: 'Money advice' is now 'Debt counselling and advice'" in err
    assert path.read_bytes() == OAKMERE.read_bytes()
    assert mwkb("fmt", "--migrate", "--check", str(path)) == (0, "", "")
    assert mwkb("fmt", "--migrate").code == 2
