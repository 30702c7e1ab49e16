"""The shapes of the knowledge base against small facts with one fault each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from pyoxigraph import NamedNode, RdfFormat, Triple, parse, serialize

from mwkb import files
from mwkb.knowledge import Knowledge
from mwkb.shacl import ENGINES, Report, engine, results
from mwkb.shape_graph import ShapeGraph
from mwkb.store import turtle_store
from mwkb.vocabulary import KB, PREFIXES, RDF, compact
from test_plans import checks

FOLDER = Path(__file__).parent / "facts"
CASES: list[dict[str, Any]] = yaml.safe_load((FOLDER / "cases.yaml").read_text(encoding="utf-8"))
HEADER = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items())
TYPE = NamedNode(RDF + "type")
SHAPES = ShapeGraph(files.shape_file("kb").read_bytes())


def triples(lines: list[str]) -> set[Triple]:
    return {quad.triple for quad in parse(HEADER + "".join(f"{line} .\n" for line in lines), format=RdfFormat.TURTLE)}


CLEAN = {quad.triple for quad in parse((FOLDER / "clean.ttl").read_text(encoding="utf-8"), format=RdfFormat.TURTLE)}


@pytest.fixture(scope="session")
def reports(knowledge: Knowledge) -> dict[str, Report]:
    """Each engine with the shapes, the ontology, and of the facts only what kind of thing each one is that the cases link to."""
    named = {term.value for case in CASES for t in triples(case.get("with", [])) for term in t if isinstance(term, NamedNode)}
    named |= {term.value for triple in CLEAN for term in triple if isinstance(term, NamedNode)}
    data = turtle_store(*files.ontology_files())
    data.extend(quad for name in named for quad in knowledge.store.quads_for_pattern(NamedNode(name), TYPE, None))
    return {name: engine(name, SHAPES).over(data) for name in ENGINES}


def found(report: Report, facts: set[Triple]) -> set[tuple[str, str | None, str, str]]:
    submitted = serialize(sorted(facts, key=str), format=RdfFormat.N_TRIPLES) or b""
    return {
        (compact(r.focus), compact(r.path) if r.path else None, compact(r.shape), r.severity.rpartition("#")[2])
        for r in results(report(submitted, None))
        if r.focus.startswith(KB + "t-")
    }


@pytest.mark.parametrize("name", ENGINES)
def test_facts_without_fault_are_accepted(reports: dict[str, Report], name: str) -> None:
    assert found(reports[name], CLEAN) == set()


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_fault_is_found(reports: dict[str, Report], case: dict[str, Any], name: str) -> None:
    gone = triples(case.get("without", []))
    assert gone <= CLEAN, "the case takes away what is not there"
    expected = {(e["focus"], e["path"], e["shape"], e["severity"]) for e in case["expect"]}
    assert found(reports[name], CLEAN - gone | triples(case.get("with", []))) == expected


def test_every_shape_of_the_facts_has_a_case_in_which_it_fires() -> None:
    assert set(checks("kb")) == {e["shape"] for case in CASES for e in case["expect"]}
