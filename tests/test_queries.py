"""The query catalogue answers what it says it answers, for cases checked by hand.

A case names a plan (a file, or ``none``) or gives one as data, as a case of a rule does: ``given``, ``facts``,
``profile`` and ``choose``. Then come the columns to look at and the rows that they must hold.
"""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from pyoxigraph import Literal, NamedNode

from conftest import Assessed, Mwkb
from mwkb import files
from mwkb.knowledge import Knowledge
from mwkb.plan import Plan, read_plan
from mwkb.rules.infer import infer
from mwkb.sparql import Parameter, SparqlFile, read_query, tokens
from mwkb.vocabulary import XSD, expand, local_name

ROOT = Path(__file__).resolve().parents[1]
OAKMERE = "examples/oakmere.yaml"
QUERIES = {path.stem: read_query(path) for path in files.query_files()}
CASES = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in sorted((ROOT / "tests" / "queries").glob("*.yaml"))}
THEMES = {
    *("coverage", "recommendations", "evidence", "needs", "outcomes", "interpretation"),
    *("engagement", "equality", "implementation", "partners", "spending"),
}
DATA = {"given", "facts", "profile", "choose"}
KEYS = {"name", "plan", "parameters", "columns", "rows", "ordered"} | DATA

each_query = pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
Row = dict[str, NamedNode | Literal]


@contextmanager
def with_plan(knowledge: Knowledge, plan: str) -> Iterator[None]:
    """Have a plan, and what the rules conclude with it, in the store; ``none`` is no plan."""
    read = None if plan == "none" else read_plan(ROOT / plan)
    with knowledge.with_triples(read.quads if read else (), read.iri if read else "urn:none"):
        derivation = infer(knowledge.store, knowledge.groups)
        try:
            yield
        finally:
            derivation.withdraw()


@contextmanager
def with_example(knowledge: Knowledge, figures: Plan) -> Iterator[None]:
    """Have Oakmere and the figures of a fictional area, and what the rules conclude from both, in the store."""
    with knowledge.with_triples(figures.quads, figures.iri), with_plan(knowledge, OAKMERE):
        yield


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
def test_case(knowledge: Knowledge, assessed: Assessed, name: str, case: dict[str, Any]) -> None:
    data = {key: case[key] for key in DATA & case.keys()}
    assert case.keys() <= KEYS and bool(data) != ("plan" in case)
    with assessed(**data) if data else with_plan(knowledge, case["plan"]):
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
def test_runs_without_parameters_and_always_in_the_same_order(knowledge: Knowledge, figures: Plan, query: SparqlFile) -> None:
    with with_plan(knowledge, "none"):
        run(knowledge, query, {})
    runs = []
    for _ in range(2):
        with with_example(knowledge, figures):
            runs.append(run(knowledge, query, {}))
    assert runs[0]
    assert runs[0] == runs[1]
    keys = [token.text[1:] for token in tokens(query.text[query.text.rindex("ORDER BY") :]) if token.kind == "variable"]
    assert len({tuple(row.get(key) for key in keys) for row in runs[0]}) == len(runs[0]), "the order leaves ties"


@each_query
def test_each_example_finds_something(knowledge: Knowledge, figures: Plan, query: SparqlFile) -> None:
    with with_example(knowledge, figures):
        for parameter in query.parameters:
            values = {parameter.name: parameter.example}
            empty = any(c.get("plan") == OAKMERE and c.get("parameters") == values and not c["rows"] for c in CASES[query.id])
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


# How a query is asked


@pytest.mark.parametrize("area", ["10", "area-10", "kb:area-10", "Community empowerment and environments"])
def test_a_short_name_means_a_thing_of_the_kind_that_is_asked_for(mwkb: Mwkb, area: str) -> None:
    """The toolkit prints the number 10 before an area and before an intervention."""
    code, out, err = mwkb("query", "interventions-of-area", "--area", area, "--format", "csv")
    assert (code, err) == (0, "")
    assert {local_name(row["area"]) for row in csv.DictReader(io.StringIO(out))} == {"area-10"}
    assert mwkb("query", "interventions-of-area", "--param", f"area={area}", "--format", "csv").out == out


def test_intervention_is_short_for_the_parameter_of_that_name(mwkb: Mwkb) -> None:
    asked = mwkb("query", "economic-evidence", "--intervention", "5a", "--format", "csv")
    assert asked == mwkb("query", "economic-evidence", "--param", "intervention=kb:intervention-5a", "--format", "csv")
    assert asked.code == 0 and asked.out.count("\n") > 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["interventions-of-area", "--param", "area=area-11"], "Nothing is known as 'area-11'."),
        (["interventions-of-area", "--area", "risk-debt"], "'risk-debt' is not a commissioning area."),
        (["interventions-of-area", "--area", "6iii"], "'6iii' is not a commissioning area."),
    ],
)
def test_a_wrong_area_is_answered_with_the_ten_there_are(mwkb: Mwkb, arguments: list[str], says: str) -> None:
    code, out, err = mwkb("query", *arguments)
    assert (code, out, err.count("\n")) == (2, "", 1) and says in err
    assert all(f"area-{number:02} (" in err for number in range(1, 11))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["evidence-levels", "--intervention", "area-06"], "'area-06' is not an intervention. Use one of: intervention-1,"),
        (["evidence-levels", "--area", "6"], "has no parameter 'area'. It has: intervention, policy."),
        (["uncovered-areas", "--param", "plan=oakmere"], "Nothing is known as 'oakmere'."),
        (["-e", "SELECT * {}", "--param", "area=6"], "A SELECT of your own has no parameters."),
    ],
)
def test_a_wrong_parameter_is_said_in_one_line(mwkb: Mwkb, arguments: list[str], says: str) -> None:
    code, out, err = mwkb("query", *arguments)
    assert (code, out, err.count("\n")) == (2, "", 1) and says in err


def completed(*words: str) -> list[str]:
    """What the shell offers for the last word."""
    asked = {"_MWKB_COMPLETE": "complete_bash", "COMP_WORDS": " ".join(["mwkb", *words]), "COMP_CWORD": str(len(words))}
    program = str(Path(sys.executable).with_name("mwkb"))
    done = subprocess.run([program], capture_output=True, text=True, cwd=ROOT, env={**os.environ, **asked}, check=False)
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["interventions-b"], ["interventions-by-risk-factors-addressed"]),
        (["interventions-of-area", "--area", "area-0"], [f"area-0{number}" for number in range(1, 10)]),
        (["evidence-levels", "--intervention", "intervention-6iii"], ["intervention-6iii"]),
        (["evidence-levels", "--param", ""], ["intervention=", "policy="]),
        (["evidence-levels", "--param", "policy="], ["policy=policy-area-inherit", "policy=policy-strict"]),
        (["no-such-query", "--param", ""], []),
        (["--plan", "examp"], ["examples/"]),
        (["--plan", "examples/oak"], ["examples/oakmere.yaml"]),
        (["--plan", "no-such-folder/"], []),
    ],
    ids=lambda value: " ".join(value),
)
def test_the_shell_completes_from_the_knowledge_base(words: list[str], offered: list[str]) -> None:
    assert completed("query", *words) == offered


def test_a_table_of_figures_can_be_asked_about_all_its_areas(mwkb: Mwkb) -> None:
    table = str(ROOT / "tests" / "queries" / "figures.csv")
    asked = ("query", "worst-figures", "--indicators", table, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(mwkb(*asked).out)))
    assert {row["plan"].rpartition("/")[2] for row in rows} == {"E99999901", "E99999902"}
    assert {row["indicatorLabel"] for row in rows} == {"Unemployment", "Smoking", "Rough sleeping"}
    only = list(csv.DictReader(io.StringIO(mwkb(*asked, "--indicator", "Unemployment").out)))
    assert only == [row for row in rows if row["indicatorLabel"] == "Unemployment"]
    assert mwkb(*asked, "--indicator", "Unemploymnt").err.endswith("Did you mean Unemployment?\n")
