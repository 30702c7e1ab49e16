"""What the shapes for the knowledge base find in facts."""

from __future__ import annotations

from pyoxigraph import RdfFormat, Store, serialize

from mwkb import files
from mwkb.shacl import Raw, engine, results
from mwkb.shape_graph import ShapeGraph
from mwkb.store import turtle_store


def fact_results(facts: Store, name: str = "shifty") -> tuple[Raw, ...]:
    """What is wrong with facts by the shapes for them, in a stable order. Raises InputProblem if the engine cannot be had."""
    shapes = ShapeGraph(files.shape_file("kb").read_bytes())
    report = engine(name, shapes).over(turtle_store(*files.ontology_files()))
    submitted = serialize(sorted({quad.triple for quad in facts}, key=str), format=RdfFormat.N_TRIPLES) or b""
    return tuple(sorted(results(report(submitted, None)), key=repr))
