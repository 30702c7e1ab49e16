"""A plan with one fault after another beside what validation must say: sets of (focus, path, shape, severity), not text."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from pyoxigraph import NamedNode, RdfFormat, Store, Triple, parse, serialize

from mwkb import files
from mwkb.knowledge import Knowledge
from mwkb.plan import Plan, read_plan
from mwkb.shacl import ENGINES, engine, results
from mwkb.shape_graph import ShapeGraph
from mwkb.source import ranges
from mwkb.validate import UNDEFINED, check_shapes, validate
from mwkb.vocabulary import MWKB, PREFIXES, SH, compact, expand

FOLDER = Path(__file__).parent / "plans"
CLEAN: dict[str, Any] = yaml.safe_load((FOLDER / "clean.yaml").read_text(encoding="utf-8"))
CASES: list[dict[str, Any]] = yaml.safe_load((FOLDER / "cases.yaml").read_text(encoding="utf-8"))
HEADER = f"BASE <{CLEAN['id'].rpartition('/')[0]}/>\n" + "".join(f"PREFIX {p}: <{n}>\n" for p, n in PREFIXES.items())
EXAMPLES = sorted(Path(__file__).parents[1].joinpath("examples").glob("*.*"))
Found = set[tuple[str, str | None, str, str]]


def changed(change: dict[str, Any]) -> dict[str, Any]:
    """The clean plan with some of it changed: see cases.yaml."""
    plan = deepcopy(CLEAN)
    for path, value in change.items():
        *way, last = (int(step) if step.isdigit() else step for step in path.split("."))
        part: Any = plan
        for step in way:
            part = part[step]
        if value is None:
            del part[last]
        elif isinstance(part, list) and last == len(part):
            part.append(value)
        else:
            part[last] = value
    return plan


def triples(lines: list[str]) -> set[Triple]:
    return {quad.triple for quad in parse(HEADER + "".join(f"{line} .\n" for line in lines), format=RdfFormat.TURTLE)}


def plan_file(case: dict[str, Any], folder: Path) -> Path:
    """The plan of a case as a file: YAML, or Turtle where the case has statements of Turtle."""
    path = folder / "plan.yaml"
    path.write_text(yaml.safe_dump(changed(case.get("change", {})), allow_unicode=True, sort_keys=False), encoding="utf-8")
    if not case.keys() & {"with", "without"}:
        return path
    said, gone = {quad.triple for quad in read_plan(path).quads}, triples(case.get("without", []))
    assert gone <= said, "the case takes away what is not there"
    turtle = folder / "plan.ttl"
    turtle.write_bytes(serialize(sorted(said - gone | triples(case.get("with", [])), key=str), format=RdfFormat.TURTLE) or b"")
    return turtle


def found(knowledge: Knowledge, plan: Plan, engine: str) -> Found:
    return {
        (r.focus.removeprefix(plan.iri + "/"), compact(r.path) if r.path else None, compact(r.shape), r.severity)
        for r in check_shapes(knowledge, plan, engine)
    }


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_validation_finds_exactly_what_is_expected(
    knowledge: Knowledge, case: dict[str, Any], engine: str, tmp_path: Path
) -> None:
    plan = read_plan(plan_file(case, tmp_path))
    expected = {
        (plan.iri if e["focus"] == "." else e["focus"], e["path"], e["shape"], e["severity"].lower()) for e in case["expect"]
    }
    assert found(knowledge, plan, engine) == expected


def test_every_case_has_a_name_of_its_own_and_says_why() -> None:
    assert len({case["name"] for case in CASES}) == len(CASES)
    assert all(case["why"].endswith(".") for case in CASES)
    assert all(case["why"].startswith("No fault: ") != bool(case["expect"]) for case in CASES)


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


NAMED: dict[str, tuple[dict[str, Any], str]] = {
    "what it delivers": ({"interventions.0.sustainability": None}, "6iii Debt counselling and advice"),
    "its description": (
        {"interventions.0.delivers": None, "interventions.0.local-description": "Money talk", "interventions.0.lead": None},
        "Money talk",
    ),
    "the entry around it": ({"interventions.0.outcomes.0.measures.0.baseline": None}, "6iii Debt counselling and advice"),
    "the factor recorded": ({"needs.factors.0.factor-status": None}, "Debt"),
    "the source of information": (
        {"information.4.reason-given": None},
        "Audit of the likely risks to the wellbeing of local communities",
    ),
    "its own name": ({"leaders.0.role": None}, "Dr R. Example"),
    "nothing, for the plan itself": ({"governance": None}, ""),
}


@pytest.mark.parametrize("by", NAMED)
def test_a_result_says_which_entry_it_is_about(knowledge: Knowledge, by: str, tmp_path: Path) -> None:
    change, name = NAMED[by]
    results = validate(knowledge, read_plan(plan_file({"change": change}, tmp_path)))
    assert {result.about for result in results} == {name}


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


@pytest.mark.parametrize("name", ["plan", "kb"])
def test_the_lines_of_a_warrant_lie_in_the_part_that_it_names(knowledge: Knowledge, name: str) -> None:
    parts = {knowledge.label(p).partition(",")[0].lower(): p for p in knowledge.subjects("rdf:type", MWKB + "SourcePart")}
    store = shapes(name)
    for short, shape in checks(name).items():
        for warrant in text(store, shape, "mwkb:warrant"):
            for passage in [] if warrant.startswith("mwkb: ") else warrant.split("; "):
                part, _, lines = passage.replace(", line ", ", lines ").partition(", lines ")
                held = ranges(knowledge.value(parts[part.lower()], "mwkb:sourceLines") or "")
                for first, last in ranges(lines):
                    assert any(start <= first <= last <= end for start, end in held), (short, passage)


def test_every_plan_shape_has_a_case_in_which_it_fires() -> None:
    assert set(checks("plan")) == {e["shape"] for case in CASES for e in case["expect"]}


MISSING: dict[str, dict[str, Any]] = {
    "not answer these of the ten scoping questions: 4, 10.": {
        "responses.9": {"to": "engagement-element-1", "answer": "Young people"},
        "responses.15": {"to": "engagement-element-2", "answer": "The police"},
    },
    "these items of the implementation checklist: 1.9, 1.10.": {
        "responses.24": {"to": "engagement-element-1", "answer": "Young people"},
        "responses.25": {"to": "engagement-element-2", "answer": "The police"},
        "interventions.1.responses.0": None,
    },
    "leaves out: Wider workforce.": {"workforce.levels.1": None},
    "leaves this training out: Awareness raising for the wider workforce; Continuing professional development.": {
        "workforce.training": ["training-need-2", "training-need-3"]
    },
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("said", MISSING)
def test_a_message_names_what_is_missing(knowledge: Knowledge, said: str, engine: str, tmp_path: Path) -> None:
    plan = read_plan(plan_file({"change": MISSING[said]}, tmp_path))
    (result,) = check_shapes(knowledge, plan, engine)
    assert said in result.message


def test_the_knowledge_base_meets_its_own_shapes(knowledge: Knowledge) -> None:
    for name in ENGINES:
        assert list(results(engine(name, ShapeGraph(files.shape_file("kb").read_bytes())).over(knowledge.alone)(b"", None))) == []


@pytest.mark.parametrize("name", ENGINES)
def test_a_wrong_fact_does_not_meet_the_shapes(knowledge: Knowledge, name: str) -> None:
    broken = b"<https://w3id.org/mwkb/kb/area-99> a <https://w3id.org/mwkb/ontology#CommissioningArea> .\n".replace(
        b" a ", b" <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
    )
    report = engine(name, ShapeGraph(files.shape_file("kb").read_bytes())).over(knowledge.alone)(broken, None)
    assert {r.focus for r in results(report)} == {"https://w3id.org/mwkb/kb/area-99"}
