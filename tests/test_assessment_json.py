"""The JSON of an assessment keeps to the schema that ships with mwkb."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from mwkb import files
from mwkb.assessment import assess, conclude, unassessed, validated
from mwkb.indicators import profile, read_table
from mwkb.knowledge import Knowledge
from mwkb.plan import read_plan
from mwkb.report.structured import FORMAT, assessment_json
from test_plans import CASES, EXAMPLES, plan_file

ROOT = Path(__file__).parents[1]
FAULTY = ("P-factor-observation-kind", "P-unknown-choices", "P-given-twice", "S-01-locality-kind", "S-06-score-product", "clean")
SCHEMA = json.loads(files.schema("assessment.schema.json"))
VALIDATOR = Draft202012Validator(SCHEMA)


@pytest.fixture(scope="module")
def oakmere(knowledge: Knowledge) -> Any:
    """The full example, cut down to one finding of each kind."""
    document = json.loads(assessment_json(assess(ROOT / "examples/oakmere.yaml", knowledge=knowledge)))
    one_of_each = {finding["kind"]: finding for finding in reversed(document["findings"])}
    return document | {"findings": list(reversed(one_of_each.values()))}


def problems(document: Any) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(document)]


def walk(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Every value in a document with the path to it."""
    yield path, value
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from walk(inner, (*path, key))


def groups(document: Any) -> dict[tuple[str, ...], tuple[Any, ...]]:
    """A path to one object of each sort, by the keys that lead to it. Parameters are free to have any name."""
    found: dict[tuple[str, ...], tuple[Any, ...]] = {}
    for path, value in walk(document):
        if isinstance(value, dict) and path != ("parameters",):
            found.setdefault(tuple(step for step in path if isinstance(step, str)), path)
    return found


def changed(document: Any, path: tuple[Any, ...], /, **new: Any) -> Any:
    """The document with other values at a path; ``...`` takes a key away."""
    result = copy.deepcopy(document)
    target = result
    for step in path:
        target = target[step]
    for key, value in new.items():
        target.pop(key) if value is ... else target.update({key: value})
    return result


def test_the_schema_is_itself_valid_and_ships_under_the_name_that_the_json_gives() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$id"] == FORMAT == SCHEMA["properties"]["format"]["const"]


def test_every_property_is_described_and_no_object_is_open() -> None:
    for path, value in walk(SCHEMA):
        if path[-1:] == ("properties",):
            assert all(inner["description"].endswith(".") for inner in value.values()), path
        if isinstance(value, dict) and "properties" in value:
            assert value["additionalProperties"] is False and value["required"] == list(value["properties"]), path


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_a_plan_gives_json_after_the_schema(knowledge: Knowledge, path: Path) -> None:
    assert problems(json.loads(assessment_json(assess(path, knowledge=knowledge)))) == []


def test_before_any_rule_has_run_nothing_is_said_of_reach(knowledge: Knowledge) -> None:
    plan = read_plan(ROOT / "examples/oakmere.yaml")
    document = json.loads(assessment_json(validated(unassessed(knowledge, plan), plan, ())))
    assert problems(document) == []
    assert document["reach"]["neighbourhoods"] == document["reach"]["groups"] == document["reach"]["life_stages"] == []
    assert any(area["commissioned"] for area in document["coverage"]) and len(document["planned"]) == 14


@pytest.mark.parametrize("name", FAULTY)
def test_a_plan_with_faults_gives_json_after_the_schema(knowledge: Knowledge, name: str, tmp_path: Path) -> None:
    path = plan_file(next(case for case in CASES if case["name"] == name), tmp_path)
    assert problems(json.loads(assessment_json(assess(path, knowledge=knowledge)))) == []


def test_a_profile_from_figures_gives_json_after_the_schema(knowledge: Knowledge, tmp_path: Path) -> None:
    table = tmp_path / "figures.csv"
    table.write_text("area_code,year,indicator,value\nE1,2021,Unemployment,9\nE2,2021,Unemployment,3\n", encoding="utf-8")
    found = profile(knowledge, read_table(table), "E1", only=("Unemployment",))
    document = json.loads(assessment_json(conclude(knowledge, found, parameters={"worst-share": "0.5"})))
    assert problems(document) == []
    observed = [r["record"]["observations"] for f in document["findings"] for r in f["reasons"] if r["record"]]
    assert observed and all(figures[0]["rank"] == 1 for figures in observed)


def test_the_full_example_has_every_sort_of_object(oakmere: Any) -> None:
    sorts = {path[-1] for path in groups(oakmere) if path}
    assert sorts >= {"plan", "validation", "findings", "reasons", "record", "rating", "rests_on", "coverage", "place", "warrant"}


def test_a_missing_or_added_key_anywhere_fails(oakmere: Any) -> None:
    for path in groups(oakmere).values():
        target = oakmere
        for step in path:
            target = target[step]
        assert problems(changed(oakmere, path, surprise="new")), f"an added key passes at {path}"
        for key in target:
            assert problems(changed(oakmere, path, **{key: ...})), f"'{key}' can be missing at {path}"


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        ((), "format", "https://w3id.org/mwkb/schema/assessment/2"),
        ((), "conforms", "yes"),
        ((), "planned_cost", 120000),
        (("parameters",), "worst-share", 0.25),
        (("findings", 0), "kind", "advice"),
        (("findings", 0), "severity", "Warning"),
        (("findings", 0, "rests_on", 0), "confidence", "certain"),
        (("findings", 0, "rating"), "evidence", 4),
        (("findings", 0, "rating"), "priority", 0),
        (("validation", 0), "severity", "error"),
        (("validation", 0, "place"), "line", 0),
    ],
)
def test_a_value_outside_the_schema_fails(oakmere: Any, path: tuple[Any, ...], key: str, value: Any) -> None:
    assert problems(changed(oakmere, path, **{key: value}))
