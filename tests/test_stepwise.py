"""A rule as the store runs it gives the answer of the rule as it is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import QueryTriples

from mwkb.assessment import derived
from mwkb.knowledge import Knowledge
from mwkb.plan import read_plan
from mwkb.rules import Rule, reader
from mwkb.rules.stepwise import stepwise


def written(inside: str) -> str:
    return " ".join(stepwise(f"ASK {{ ?a ?p ?b . FILTER NOT EXISTS {{ {inside} }} }}").split())


@pytest.mark.parametrize(
    ("inside", "steps"),
    [
        ("?a :p ?c", "?a :p ?c ."),
        ("?a :p ?c . ?c :q ?d", "?a :p ?c . FILTER EXISTS { ?c :q ?d . }"),
        ("?a :p ?c ; :q 'd'@en , 'e'^^:t .", "?a :p ?c . FILTER EXISTS { ?a :q 'd'@en . FILTER EXISTS { ?a :q 'e'^^:t . } }"),
        ("?a :p ?c . ?c :q ?d . FILTER(?c > ?b)", "?a :p ?c . FILTER(?c > ?b) FILTER EXISTS { ?c :q ?d . }"),
        (
            "?a :p ?c . FILTER NOT EXISTS { ?c :q ?d . ?d :r ?e . }",
            "?a :p ?c . FILTER NOT EXISTS { ?c :q ?d . FILTER EXISTS { ?d :r ?e . } }",
        ),
        ("{ ?a :p ?c } UNION { ?a :q ?c } ?c :r ?d", "{ ?a :p ?c } UNION { ?a :q ?c } FILTER EXISTS { ?c :r ?d . }"),
        ("?a :p ?c . OPTIONAL { ?c :q ?d }", "?a :p ?c . OPTIONAL { ?c :q ?d }"),
    ],
)
def test_a_pattern_is_asked_for_inside_the_one_before(inside: str, steps: str) -> None:
    assert written(inside) == f"ASK {{ ?a ?p ?b . FILTER NOT EXISTS {{ {steps} }} }}"


@pytest.mark.parametrize(
    ("where", "runs"),
    [
        ("?a :p ?b . FILTER NOT EXISTS { ?b :q ?c . }", "?a :p ?b . MINUS { ?b :q ?c . }"),
        (
            "?a :p ?b . FILTER NOT EXISTS { ?b :q ?c . ?c :r ?d . } ?a :s ?e .",
            "{ SELECT * WHERE { ?a :p ?b . FILTER NOT EXISTS { ?b :q ?c . FILTER EXISTS { ?c :r ?d . } } } } ?a :s ?e .",
        ),
        # What is bound only later, or perhaps not at all, is asked for as it stands.
        ("?a :p ?b . FILTER NOT EXISTS { ?b :q ?c . } ?a :s ?c .", "?a :p ?b . FILTER NOT EXISTS { ?b :q ?c . } ?a :s ?c ."),
        (
            "?a :p ?b . OPTIONAL { ?a :s ?c } FILTER NOT EXISTS { ?c :q ?d . }",
            "?a :p ?b . OPTIONAL { ?a :s ?c } FILTER NOT EXISTS { ?c :q ?d . }",
        ),
    ],
)
def test_an_absence_is_asked_for_in_its_cheapest_form(where: str, runs: str) -> None:
    assert " ".join(stepwise(f"SELECT * WHERE {{ {where} }}").split()) == f"SELECT * WHERE {{ {runs} }}"


def test_every_rule_concludes_the_same_either_way(knowledge: Knowledge) -> None:
    def answer(rule: Rule, text: str) -> set[str]:
        triples = knowledge.store.query(text)
        assert isinstance(triples, QueryTriples), rule.id
        return {str(triple) for triple in triples}

    with derived(knowledge, read_plan(Path(__file__).parents[1] / "examples" / "oakmere.yaml")):
        differ = [r.id for r in reader.load() if answer(r, r.stepwise) != answer(r, r.file.text)]
    assert not differ
