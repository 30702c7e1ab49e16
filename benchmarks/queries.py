"""Each question of the catalogue: against rdflib on the same graph, and beside a cube of published figures."""

from __future__ import annotations

import random
from collections.abc import Iterator
from time import perf_counter
from typing import Any

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat

from benchmarks.cold import EXAMPLE
from benchmarks.measure import by_turns
from mwkb import knowledge
from mwkb.ask import bind, catalogue, select
from mwkb.assessment import derived
from mwkb.knowledge import Knowledge
from mwkb.plan import read_plan
from mwkb.vocabulary import MWKB, PREFIXES, RDF, XSD

AREAS, INDICATORS, YEARS = 307, 56, 7
"""The size of the published cube: areas, indicators and years."""


def cube(know: Knowledge) -> Iterator[Quad]:
    """Figures made up at random for as many areas, indicators and years as the published cube has.

    Indicators are those that the knowledge base reads, and others that it does not know.
    """
    made_up = random.Random(2010)
    known = know.subjects("rdf:type", MWKB + "Indicator")
    indicators = [*known, *(f"https://example.org/indicator/{number}" for number in range(INDICATORS - len(known)))][:INDICATORS]
    for area in range(AREAS):
        profile = f"https://example.org/profile/{area}"
        yield _quad(profile, RDF + "type", NamedNode(MWKB + "LocalityProfile"))
        for indicator in indicators:
            for year in range(YEARS):
                node = f"{profile}/{indicator.rpartition('/')[2]}/{year}"
                yield _quad(profile, MWKB + "hasObservation", NamedNode(node))
                yield _quad(node, RDF + "type", NamedNode(MWKB + "Observation"))
                yield _quad(node, MWKB + "indicator", NamedNode(indicator))
                yield _quad(node, MWKB + "observedValue", _typed(f"{made_up.uniform(0, 200):.1f}", "decimal"))
                yield _quad(node, MWKB + "observedYear", _typed(str(2015 + year), "gYear"))
                yield _quad(node, MWKB + "rankFromWorst", Literal(made_up.randint(1, AREAS)))
                yield _quad(node, MWKB + "rankedAmong", Literal(AREAS))


def _quad(subject: str, predicate: str, value: NamedNode | Literal) -> Quad:
    return Quad(NamedNode(subject), NamedNode(predicate), value)


def _typed(text: str, kind: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + kind))


def measure(pairs: int) -> dict[str, Any]:
    """Seconds of each question with each engine and with the cube, and whether the engines give as many rows."""
    import rdflib

    know = knowledge.load()
    plan = read_plan(EXAMPLE)
    found: dict[str, Any] = {}
    with derived(know, plan):
        graph = rdflib.Graph()
        graph.parse(data=know.store.dump(format=RdfFormat.N_TRIPLES, from_graph=DefaultGraph()) or b"", format="nt")
        bound = {}
        for name, file in catalogue().items():
            given = [f"{p.name}={p.example}" for p in file.parameters if p.default is None and p.example and p.name != "plan"]
            bound[name] = bind(know, file, given)
            theirs = {key: rdflib.util.from_n3(str(term)) for key, term in bound[name].items()}
            rows: dict[str, int] = {}

            def ours(name: str = name, text: str = file.text, rows: dict[str, int] = rows) -> None:
                rows["mwkb"] = len(list(select(know.store, text, bound[name])))

            def rdflibs(text: str = file.text, theirs: Any = theirs, rows: dict[str, int] = rows) -> None:
                rows["rdflib"] = len(list(graph.query(text, initBindings=theirs, initNs=PREFIXES)))

            seconds = by_turns({"mwkb": ours, "rdflib": rdflibs}, pairs)
            found[name] = {**seconds, "ratio": seconds["rdflib"] / seconds["mwkb"], "rows": rows}
        figures = list(cube(know))
        know.store.bulk_extend(figures)
        for name, file in catalogue().items():
            started = perf_counter()
            found[name]["rows with the cube"] = len(list(select(know.store, file.text, bound[name])))
            found[name]["with the cube"] = perf_counter() - started
    return {"observations": AREAS * INDICATORS * YEARS, "triples of the cube": len(figures), "queries": found}
