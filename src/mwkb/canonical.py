"""Turtle in one canonical layout, so that a change of meaning is all a diff shows."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pyoxigraph
from rdflib import OWL, RDF, RDFS, SKOS, BNode, Graph, Literal, URIRef
from rdflib.plugins.parsers.notation3 import BadSyntax
from rdflib.plugins.serializers.longturtle import LongTurtleSerializer
from rdflib.serializer import Serializer
from rdflib.term import Node

from mwkb import files
from mwkb.plan.turtle import comments
from mwkb.problems import InputProblem, Place
from mwkb.protege import own_comments, without_additions
from mwkb.store import turtle_store
from mwkb.vocabulary import PREFIXES


def canonical(path: Path) -> str:
    """The text of a Turtle file in canonical layout: sorted by name, one value a line, known prefixes.

    What Protege adds of its own when it saves a file is taken out. Raises InputProblem with file and line if it
    is not Turtle, or if it has comments of a person, which the layout could not keep.
    """
    return laid_out(graph_of(path))


def graph_of(path: Path) -> Graph:
    """What a Turtle file says. Raises InputProblem as ``canonical``."""
    text = _read(path)
    for line, _ in own_comments(comments(text)):
        raise InputProblem(
            "A comment would be lost in the canonical layout.",
            Place(files.shown(path), line),
            "Say it in skos:scopeNote or rdfs:comment.",
        )
    return _parsed(path, text)


def canonical_rdfxml(saved: Path, target: Path) -> str:
    """The text of an RDF/XML file as that of a Turtle file, with the prefixes that this has already.

    Raises InputProblem with file and line if it cannot be read.
    """
    graph = Graph(bind_namespaces="none")
    named: dict[str, BNode] = {}

    def node(term: object) -> Node:
        if isinstance(term, pyoxigraph.BlankNode):  # named by its place in the file, which settles what comes first
            return named.setdefault(term.value, BNode(f"b{len(named):06}"))
        if isinstance(term, pyoxigraph.Literal):
            datatype = None if term.language else URIRef(term.datatype.value)
            return Literal(term.value, lang=term.language, datatype=datatype, normalize=False)
        assert isinstance(term, pyoxigraph.NamedNode)
        return URIRef(term.value)

    try:
        for quad in pyoxigraph.parse(path=str(saved), format=pyoxigraph.RdfFormat.RDF_XML):
            graph.add((node(quad.subject), node(quad.predicate), node(quad.object)))
    except SyntaxError as error:
        raise InputProblem(f"This is not RDF/XML: {error.msg.splitlines()[0]}", Place(files.shown(saved), error.lineno)) from None
    except OSError as error:
        raise InputProblem(f"The file cannot be read: {error.strerror or error}.", saved) from None
    if not graph:
        raise InputProblem("The file says nothing.", Place(files.shown(saved)), "Save it again from the editor.")
    if target.exists():
        for prefix, namespace in _parsed(target, _read(target)).namespaces():
            graph.bind(prefix, namespace)
    return laid_out(graph)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise InputProblem("The file is not UTF-8 text.", Place(files.shown(path)), "Save it as UTF-8.") from None


def _parsed(path: Path, text: str) -> Graph:
    graph = Graph(bind_namespaces="none")
    try:
        return graph.parse(data=text, format="turtle")
    except BadSyntax as error:
        turtle_store(path)  # which names the line itself, and not the one where rdflib gave up
        what = error.message.splitlines()[1].removesuffix(" at ^ in:")
        raise InputProblem(f"This is not Turtle: {what}.", Place(files.shown(path), error.lines + 1)) from None


def laid_out(graph: Graph) -> str:
    """A graph as Turtle in canonical layout."""
    graph = without_additions(graph)
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
        within = {value for value in self.store.objects() if isinstance(value, BNode)}
        return sorted(
            super().orderSubjects(), key=lambda s: (isinstance(s, BNode), s in within, s not in headers, _by_number(str(s)))
        )


def _by_number(name: str) -> str:
    """A key by which item 2 comes before item 10."""
    return re.sub(r"\d+", lambda digits: digits.group().zfill(8), name)
