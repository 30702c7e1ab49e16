"""Turtle in one canonical layout, so that a change of meaning is all a diff shows."""

from __future__ import annotations

from pathlib import Path

from mwkb import files
from mwkb.problems import InputProblem, Place
from mwkb.vocabulary import PREFIXES


def canonical(path: Path) -> str:
    """The text of a Turtle file in canonical layout: sorted, one value a line, known prefixes.

    Raises InputProblem with file and line if it is not Turtle, or if it has comments, which the
    layout could not keep.
    """
    from rdflib import Graph
    from rdflib.plugins.parsers.notation3 import BadSyntax

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
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    try:
        graph.parse(data=text, format="turtle")
    except BadSyntax as error:
        what = error.message.splitlines()[1].removesuffix(" at ^ in:")
        raise InputProblem(f"This is not Turtle: {what}.", Place(files.shown(path), error.lines + 1)) from None
    result: str = graph.serialize(format="longturtle")
    return result


def managed() -> list[Path]:
    """The files that are kept canonical: ontology, facts and shapes."""
    return [*files.ontology_files(), *files.fact_files(), files.shape_file("plan"), files.shape_file("kb")]
