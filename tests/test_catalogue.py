"""The catalogue is whole: every term of a plan serves something, every rule a question, every question has an answer."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from mwkb import files
from mwkb.ask import catalogue
from mwkb.knowledge import Knowledge
from mwkb.rules import Rule
from mwkb.shapebook import shapes
from mwkb.sparql import read_rule, tokens
from mwkb.store import turtle_store
from mwkb.vocabulary import MWKB, RDF, expand

ROOT = Path(__file__).parents[1]
COMMANDS = {
    "CQ-08": "mwkb assess PLAN --set",
    "CQ-18": "mwkb explain PLAN#",
    "CQ-19": "mwkb explain PLAN --why-not",
    "CQ-20": "mwkb compare BEFORE AFTER",
    "CQ-21": "mwkb compare BEFORE AFTER",
    "CQ-32": "mwkb mend PLAN",
}
"""The questions that a command answers and not a query."""
BOOKKEEPING = {"about", "inPlan", "reason", "because", "byRule", "severity", "fromRecord", "Reason"}
"""What every finding has: that a query reads it says nothing of the rule."""


def named(text: str) -> set[str]:
    """The terms of mwkb that a SPARQL text names."""
    return {expand(t.text) for t in tokens(text) if t.kind == "name" and t.text.startswith("mwkb:")} - {MWKB}


@cache
def asked() -> frozenset[str]:
    """The terms that some query of the catalogue names."""
    return frozenset().union(*(named(query.text) for query in catalogue().values()))


def plan_terms() -> list[str]:
    store = turtle_store(ROOT / "ontology" / "plan.ttl")
    subjects = {quad.subject.value for quad in store if isinstance(quad.subject, NamedNode)}
    return sorted(iri for iri in subjects if iri.startswith(MWKB))


def test_every_term_of_a_plan_is_used_by_a_shape_a_rule_or_a_query() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (*files.rule_files(), *files.query_files())]
    used = set().union(*map(named, texts))
    used |= {expand(name) for name in re.findall(r"mwkb:\w+", files.shape_file("plan").read_text(encoding="utf-8"))}
    assert [term for term in plan_terms() if term not in used] == []


def answered(knowledge: Knowledge) -> set[Rule]:
    """The rules of which a query reads what they conclude, or a rule does of which that holds."""
    shown = {rule for rule in knowledge.rules if own(rule) & asked()}
    while True:
        read = {term for rule in shown for term in rule.reads | rule.reads_absence_of | rule.reads_all_of}
        more = {rule for rule in knowledge.rules if own(rule) & read} - shown
        if not more:
            return shown
        shown |= more


def own(rule: Rule) -> set[str]:
    return {term for term in rule.writes if term.removeprefix(MWKB) not in BOOKKEEPING}


def test_every_rule_serves_a_question(knowledge: Knowledge) -> None:
    assert sorted(rule.id for rule in set(knowledge.rules) - answered(knowledge)) == []


@pytest.mark.parametrize(("letter", "last"), [("R", 32), ("G", 21), ("S", 42)])
def test_every_rule_gap_and_shape_of_the_catalogue_is_made(letter: str, last: int) -> None:
    """As a rule or shape of that name, or by a rule whose description says '... of the catalogue' of it."""
    made = {path.stem for path in files.rule_files()}
    made |= {shape.id[:4] for of in ("plan", "kb") for shape in shapes(of)}
    for rule in map(read_rule, files.rule_files()):
        for several in re.findall(r"((?:[RGS]-\d\d(?:, | and )?)+) of the catalogue", " ".join(rule.description.split())):
            made |= set(re.findall(r"[RGS]-\d\d", several))
    assert [name for number in range(1, last + 1) if (name := f"{letter}-{number:02}") not in made] == []


@pytest.mark.parametrize("number", range(1, 33))
def test_every_question_of_the_catalogue_is_answered(number: int) -> None:
    """By a query whose description names it, or by a command that the README tells of."""
    name = f"CQ-{number:02}"
    queries = [query.id for query in catalogue().values() if re.search(rf"\b{name}\b", query.description)]
    assert queries or COMMANDS[name] in (ROOT / "README.md").read_text(encoding="utf-8"), name
    assert not (queries and name in COMMANDS)


def test_the_plan_vocabulary_is_what_plans_are_made_of() -> None:
    """The terms that are looked at are classes and properties, and more than a few."""
    store = turtle_store(ROOT / "ontology" / "plan.ttl")
    typed = {quad.subject.value for quad in store.quads_for_pattern(None, NamedNode(RDF + "type"), None)}
    assert set(plan_terms()) <= typed
    assert len(plan_terms()) > 100
