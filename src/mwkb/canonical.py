"""Turtle in one canonical layout, so that a change of meaning is all a diff shows."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

from rdflib import OWL, RDF, RDFS, SKOS, BNode, Graph
from rdflib.plugins.parsers.notation3 import BadSyntax
from rdflib.plugins.serializers.longturtle import LongTurtleSerializer
from rdflib.serializer import Serializer
from rdflib.term import Node

from mwkb import files
from mwkb.problems import InputProblem, Place
from mwkb.vocabulary import PREFIXES


def canonical(path: Path) -> str:
    """The text of a Turtle file in canonical layout: sorted by name, one value a line, known prefixes.

    Raises InputProblem with file and line if it is not Turtle, or if it has comments, which the
    layout could not keep.
    """
    return laid_out(graph_of(path))


def graph_of(path: Path) -> Graph:
    """What a Turtle file says. Raises InputProblem as ``canonical``."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise InputProblem("The file is not UTF-8 text.", Place(files.shown(path)), "Save it as UTF-8.") from None
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("#"):
            raise InputProblem(
                "A comment would be lost in the canonical layout.",
                Place(files.shown(path), number),
                "Say it in skos:scopeNote or rdfs:comment.",
            )
    graph = Graph(bind_namespaces="none")
    try:
        graph.parse(data=text, format="turtle")
    except BadSyntax as error:
        what = error.message.splitlines()[1].removesuffix(" at ^ in:")
        raise InputProblem(f"This is not Turtle: {what}.", Place(files.shown(path), error.lines + 1)) from None
    return graph


def laid_out(graph: Graph) -> str:
    """A graph as Turtle in canonical layout."""
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace, replace=True)
    layout: Callable[[Graph], Serializer] = _ByName
    stream = io.BytesIO()
    layout(graph).serialize(stream)
    return stream.getvalue().decode("utf-8")


def managed() -> list[Path]:
    """The files that are kept canonical: ontology, facts and shapes."""
    return [*files.ontology_files(), *files.fact_files(), *map(files.shape_file, ("form", "kb", "plan"))]


class _ByName(LongTurtleSerializer):
    """rdflib's long Turtle, but the header first, then each thing by its name, and of a thing first how it is called.

    rdflib itself moves a thing down the file with each link to it, which a diff would show as a change.
    """

    predicateOrder = [RDF.type, RDFS.label, SKOS.prefLabel, SKOS.notation, SKOS.definition]  # noqa: N815, RUF012

    def orderSubjects(self) -> list[Node]:  # noqa: N802
        headers = set(self.store.subjects(RDF.type, OWL.Ontology))
        return sorted(super().orderSubjects(), key=lambda s: (isinstance(s, BNode), s not in headers, _by_number(str(s))))


def _by_number(name: str) -> str:
    """A key by which item 2 comes before item 10."""
    return re.sub(r"\d+", lambda digits: digits.group().zfill(8), name)
