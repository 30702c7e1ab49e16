"""What the shapes for the knowledge base find in facts."""

from __future__ import annotations

from dataclasses import replace

from pyoxigraph import Store

from mwkb import files
from mwkb.shacl import Raw, engine, results
from mwkb.shape_graph import ShapeGraph
from mwkb.vocabulary import SH


def fact_results(knowledge: Store, name: str = "shifty") -> tuple[Raw, ...]:
    """What is wrong with the facts in a store that holds the ontology too, in a stable order.

    Raises InputProblem if the engine cannot be had.
    """
    shapes = ShapeGraph(files.shape_file("kb").read_bytes())
    found = results(engine(name, shapes).over(knowledge)(b"", None))
    said = (replace(raw, message=raw.message or shapes.value(raw.shape, SH + "message")) for raw in found)
    return tuple(sorted(said, key=str))
