"""Plans beside what validation must say of them: sets of (focus, path, shape, severity), not text."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from pyoxigraph import NamedNode, RdfFormat, Store

from mwkb import files
from mwkb.knowledge import Knowledge
from mwkb.plan import read_plan
from mwkb.validate import ENGINES, UNDEFINED, check_shapes, run, validate
from mwkb.vocabulary import SH, compact, expand

CASES = sorted(path.parent for path in (Path(__file__).parent / "plans").glob("*/expected.yaml"))
EXAMPLES = sorted(Path(__file__).parents[1].joinpath("examples").glob("*.*"))
Found = set[tuple[str, str | None, str, str]]


def plan_file(case: Path) -> Path:
    return next(path for path in (case / "plan.yaml", case / "plan.ttl") if path.exists())


def found(knowledge: Knowledge, path: Path, engine: str) -> Found:
    plan = read_plan(path)
    return {
        (r.focus.removeprefix(plan.iri + "/"), compact(r.path) if r.path else None, compact(r.shape), r.severity)
        for r in check_shapes(knowledge, plan, engine)
    }


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_validation_finds_exactly_what_is_expected(knowledge: Knowledge, case: Path, engine: str) -> None:
    plan = read_plan(plan_file(case))
    expected = {
        (
            plan.iri if entry["focus"] in ("", ".") else str(entry["focus"]).removeprefix(plan.iri + "/"),
            compact(expand(entry["path"])) if entry["path"] else None,
            entry["shape"],
            str(entry["severity"]).lower(),
        )
        for entry in yaml.safe_load((case / "expected.yaml").read_text(encoding="utf-8")) or []
    }
    assert found(knowledge, plan_file(case), engine) == expected


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_the_engines_agree_result_for_result_on_the_examples(knowledge: Knowledge, path: Path) -> None:
    plan = read_plan(path)
    assert validate(knowledge, plan, "shifty") == validate(knowledge, plan, "pyshacl")


def test_the_small_and_the_full_example_have_no_violation(knowledge: Knowledge) -> None:
    for name in ("oakmere.yaml", "little-marsh.yaml", "little-marsh.ttl"):
        plan = read_plan(files.root() / "examples" / name)
        assert not [r for r in validate(knowledge, plan) if r.severity == "violation"]


def test_the_plan_of_mistakes_has_many_kinds_of_fault_each_with_its_line(knowledge: Knowledge) -> None:
    results = validate(knowledge, read_plan(files.root() / "examples" / "mistakes.yaml"))
    assert len({r.shape for r in results}) >= 20
    assert all(r.place and r.place.line for r in results)


def test_a_misspelt_name_is_said_first_with_the_name_that_was_meant(knowledge: Knowledge) -> None:
    results = validate(knowledge, read_plan(files.root() / "examples" / "misspelt-key.yaml"))
    assert results[0].shape == UNDEFINED
    assert "Did you mean interventions?" in results[0].message


def shapes(name: str) -> Store:
    store = Store()
    store.load(path=str(files.shape_file(name)), format=RdfFormat.TURTLE)
    return store


def text(store: Store, subject: NamedNode, term: str) -> list[str]:
    return [q.object.value for q in store.quads_for_pattern(subject, NamedNode(expand(term)), None)]


def checks(name: str) -> dict[str, NamedNode]:
    """Every shape that can give a result, by short name: property shapes and node shapes with a message."""
    store = shapes(name)
    subjects = {q.subject for q in store.quads_for_pattern(None, NamedNode(SH + "message"), None)}
    constraints = {q.object for q in store.quads_for_pattern(None, NamedNode(SH + "sparql"), None)}
    return {compact(s.value): s for s in subjects - constraints if isinstance(s, NamedNode)}


@pytest.mark.parametrize("name", ["plan", "kb"])
def test_every_shape_says_field_fault_severity_and_warrant(name: str) -> None:
    store = shapes(name)
    for short, shape in checks(name).items():
        for term in ("sh:name", "sh:message", "sh:severity", "mwkb:warrant"):
            assert len(text(store, shape, term)) == 1, f"{short} has not exactly one {term}"
    properties = {q.object for q in store.quads_for_pattern(None, NamedNode(SH + "property"), None)}
    assert all(isinstance(p, NamedNode) for p in properties), "a property shape without a name"
    assert {compact(p.value) for p in properties if isinstance(p, NamedNode)} <= set(checks(name))


def test_every_plan_shape_has_a_case_in_which_it_fires() -> None:
    fired = {
        entry["shape"] for case in CASES for entry in yaml.safe_load((case / "expected.yaml").read_text(encoding="utf-8")) or []
    }
    assert set(checks("plan")) - fired == set()


def test_the_knowledge_base_meets_its_own_shapes(knowledge: Knowledge) -> None:
    assert run("shifty", files.shape_file("kb").read_bytes(), knowledge.base) == []
    assert run("pyshacl", files.shape_file("kb").read_bytes(), knowledge.base) == []


@pytest.mark.parametrize("engine", ENGINES)
def test_a_wrong_fact_does_not_meet_the_shapes(knowledge: Knowledge, engine: str) -> None:
    broken = (
        knowledge.base
        + b"<https://w3id.org/mwkb/kb/area-99> a <https://w3id.org/mwkb/ontology#CommissioningArea> .\n".replace(
            b" a ", b" <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
        )
    )
    results = run(engine, files.shape_file("kb").read_bytes(), broken)
    assert {r.focus for r in results} == {"https://w3id.org/mwkb/kb/area-99"}
