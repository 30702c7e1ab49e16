"""The query catalogue answers what it says it answers, for cases checked by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from pyoxigraph import Literal, NamedNode

from mwkb import files
from mwkb.infer import infer
from mwkb.knowledge import Knowledge
from mwkb.plan import read_plan
from mwkb.sparql import Parameter, SparqlFile, read_query, tokens
from mwkb.vocabulary import XSD, expand, local_name

ROOT = Path(__file__).resolve().parents[1]
OAKMERE = "examples/oakmere.yaml"
QUERIES = {path.stem: read_query(path) for path in files.query_files()}
CASES = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in sorted((ROOT / "tests" / "queries").glob("*.yaml"))}
THEMES = {"coverage", "recommendations", "evidence", "needs", "outcomes", "interpretation"}

each_query = pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
Row = dict[str, NamedNode | Literal]


@contextmanager
def with_plan(knowledge: Knowledge, plan: str) -> Iterator[None]:
    """Have a plan, and what the rules conclude with it, in the store; ``none`` is no plan."""
    read = None if plan == "none" else read_plan(ROOT / plan)
    with knowledge.with_triples(read.quads if read else (), read.iri if read else "urn:none"):
        derivation = infer(knowledge.store, knowledge.layers)
        try:
            yield
        finally:
            derivation.withdraw(knowledge.store)


def term(parameter: Parameter, value: object) -> NamedNode | Literal:
    if parameter.kind == "iri":
        return NamedNode(expand(str(value)))
    return Literal(str(value).lower() if parameter.kind == "boolean" else str(value), datatype=NamedNode(XSD + parameter.kind))


def run(knowledge: Knowledge, query: SparqlFile, values: dict[str, Any]) -> list[Row]:
    parameters = {parameter.name: parameter for parameter in query.parameters}
    return knowledge.select(query.text, **{name: term(parameters[name], value) for name, value in values.items()})


def plain(value: NamedNode | Literal | None) -> object:
    """The value as a case file writes it: a short name, a number, a truth value, a text, or nothing."""
    if isinstance(value, Literal):
        kind = value.datatype.value.removeprefix(XSD)
        return int(value.value) if kind == "integer" else value.value == "true" if kind == "boolean" else value.value
    return local_name(value.value) if value else None


def test_every_query_has_a_case_file() -> None:
    assert QUERIES
    assert QUERIES.keys() == CASES.keys()
    assert all(CASES.values())


@pytest.mark.parametrize(
    ("name", "case"), [(n, c) for n, cases in CASES.items() for c in cases], ids=lambda v: v["name"] if isinstance(v, dict) else v
)
def test_case(knowledge: Knowledge, name: str, case: dict[str, Any]) -> None:
    with with_plan(knowledge, case["plan"]):
        rows = run(knowledge, QUERIES[name], case.get("parameters", {}))
    found = [[plain(row.get(column)) for column in case["columns"]] for row in rows]
    wanted = case["rows"]
    if not case.get("ordered"):
        found, wanted = sorted(found, key=repr), sorted(wanted, key=repr)
    assert set(case["columns"]) <= QUERIES[name].columns.keys()
    assert found == wanted


@each_query
def test_header(knowledge: Knowledge, query: SparqlFile) -> None:
    assert query.theme in THEMES
    variables = knowledge.store.query(query.text).variables
    assert [variable.value for variable in variables] == list(query.columns)
    assert {parameter.name for parameter in query.parameters} <= query.columns.keys()  # or it cannot be bound
    assert all(parameter.description and parameter.example for parameter in query.parameters)


@each_query
def test_runs_without_parameters_and_always_in_the_same_order(knowledge: Knowledge, query: SparqlFile) -> None:
    with with_plan(knowledge, "none"):
        run(knowledge, query, {})
    runs = []
    for _ in range(2):
        with with_plan(knowledge, OAKMERE):
            runs.append(run(knowledge, query, {}))
    assert runs[0]
    assert runs[0] == runs[1]
    keys = [token.text[1:] for token in tokens(query.text[query.text.rindex("ORDER BY") :]) if token.kind == "variable"]
    assert len({tuple(row.get(key) for key in keys) for row in runs[0]}) == len(runs[0]), "the order leaves ties"


@each_query
def test_each_example_finds_something(knowledge: Knowledge, query: SparqlFile) -> None:
    with with_plan(knowledge, OAKMERE):
        for parameter in query.parameters:
            values = {parameter.name: parameter.example}
            empty = any(c["plan"] == OAKMERE and c.get("parameters") == values and not c["rows"] for c in CASES[query.id])
            assert bool(run(knowledge, query, values)) != empty, parameter.name


def test_a_default_is_what_no_value_means(knowledge: Knowledge) -> None:
    with with_plan(knowledge, OAKMERE):
        for query in QUERIES.values():
            defaults = {parameter.name: parameter.default for parameter in query.parameters if parameter.default is not None}
            columns = query.columns.keys() - defaults.keys()
            given, not_given = run(knowledge, query, defaults), run(knowledge, query, {})
            assert [[row.get(c) for c in columns] for row in given] == [[row.get(c) for c in columns] for row in not_given]


@each_query
def test_query_is_portable(query: SparqlFile) -> None:
    found = [token for token in tokens(query.text) if token.kind != "comment"]
    words = {token.text.upper() for token in found if token.kind == "word"}
    assert words.isdisjoint({"GRAPH", "SERVICE", "FROM", "LANG", "LANGMATCHES", "GROUP_CONCAT", "SAMPLE"})
    assert words.isdisjoint({"CONSTRUCT", "ASK", "DESCRIBE"})
