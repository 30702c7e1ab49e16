"""Put what a table changes into the files of the knowledge base: all of them, or none."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from mwkb.table.difference import FactChange
from mwkb.table.homes import folder
from mwkb.table.values import LANGUAGE

if TYPE_CHECKING:
    from pyoxigraph import Triple
    from rdflib.term import Node


def texts(changes: Iterable[FactChange]) -> dict[Path, str]:
    """The canonical Turtle of each file that changes. Raises InputProblem if a file has what the layout would lose."""
    from rdflib import Graph

    from mwkb.canonical import graph_of, laid_out

    by_file: dict[str, list[FactChange]] = {}
    for change in changes:
        by_file.setdefault(change.file, []).append(change)
    found = {}
    for name, held in sorted(by_file.items()):
        path = folder() / name
        graph = graph_of(path) if path.exists() else Graph(bind_namespaces="none")
        for change in held:
            for triple in change.gone:
                graph.remove(nodes(triple))
            for triple in change.come:
                graph.add(nodes(triple))
        found[path] = laid_out(graph)
    return found


def nodes(triple: Triple) -> tuple[Node, Node, Node]:
    """A triple as rdflib has it, with the language as it is written in the files."""
    from pyoxigraph import Literal, NamedNode
    from rdflib import Literal as Text
    from rdflib import URIRef

    value = triple.object
    assert isinstance(triple.subject, NamedNode) and isinstance(value, NamedNode | Literal)
    said: Node
    if isinstance(value, NamedNode):
        said = URIRef(value.value)
    elif value.language:
        said = Text(value.value, lang=LANGUAGE if value.language == LANGUAGE.lower() else value.language)
    else:
        plain = value.datatype.value == "http://www.w3.org/2001/XMLSchema#string"
        said = Text(value.value) if plain else Text(value.value, datatype=URIRef(value.datatype.value))
    return URIRef(triple.subject.value), URIRef(triple.predicate.value), said
