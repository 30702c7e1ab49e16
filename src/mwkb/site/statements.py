"""What the files state, by subject: ontology and facts, and the shapes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, RdfFormat, Triple, parse

from mwkb import files
from mwkb.knowledge import Knowledge
from mwkb.problems import InputProblem
from mwkb.vocabulary import PREFIXES, RDF

Node = NamedNode | BlankNode | Literal | Triple
Pairs = Sequence[tuple[str, Node]]
SHAPE_FILES = ("plan", "kb", "form")


@dataclass(frozen=True)
class Statements:
    """The properties and values of each subject, by IRI or by the name of a node without one.

    ``shaped`` are those of the shape files; ``file`` says where a thing is defined, ``prefixes`` how files shorten IRIs.
    """

    known: Mapping[str, Pairs]
    shaped: Mapping[str, Pairs]
    file: Mapping[str, str]
    prefixes: Mapping[str, str]

    def of(self, subject: str) -> Pairs:
        return self.known.get(subject) or self.shaped.get(subject, ())

    def shorten(self, iri: str) -> str:
        """The IRI as a prefixed name where a file has a prefix for it, else unchanged."""
        for prefix, namespace in self.prefixes.items():
            if iri.startswith(namespace) and re.fullmatch(r"\w|\w[\w.-]*[\w-]", iri[len(namespace) :]):
                return f"{prefix}:{iri[len(namespace) :]}"
        return iri


def read(knowledge: Knowledge) -> Statements:
    """All statements. Raises InputProblem with the file if a file cannot be read."""
    known: dict[str, list[tuple[str, Node]]] = {}
    shaped: dict[str, list[tuple[str, Node]]] = {}
    for quad in knowledge.alone.quads_for_pattern(None, None, None, DefaultGraph()):
        known.setdefault(_name(quad.subject), []).append((quad.predicate.value, quad.object))
    where: dict[str, str] = {}
    prefixes = dict(PREFIXES)
    shape_files = [files.shape_file(name) for name in SHAPE_FILES]
    for path in [*files.ontology_files(), *files.fact_files(), *shape_files]:
        try:
            parser = parse(path=str(path), format=RdfFormat.TURTLE)
            for quad in parser:
                if quad.predicate.value == RDF + "type":
                    where.setdefault(_name(quad.subject), files.shown(path))
                if path in shape_files:
                    pair = (quad.predicate.value, quad.object)
                    said = shaped.setdefault(_name(quad.subject), [])
                    if pair not in said:
                        said.append(pair)
            prefixes = {**parser.prefixes, **prefixes}
        except (SyntaxError, OSError) as error:
            raise InputProblem(f"The file cannot be read: {error}", path) from None
    shorter_last = sorted(prefixes.items(), key=lambda item: (-len(item[1]), item[0]))
    return Statements(_in_order(known), _in_order(shaped), where, dict(shorter_last))


def _in_order(found: Mapping[str, list[tuple[str, Node]]]) -> dict[str, Pairs]:
    """The statements by name. What has no name keeps the order of its file: its name is another in every run."""

    def key(pair: tuple[str, Node]) -> tuple[str, str]:
        return pair[0], "" if isinstance(pair[1], BlankNode) else str(pair[1])

    return {subject: sorted(pairs, key=key) for subject, pairs in sorted(found.items())}


def _name(node: object) -> str:
    return node.value if isinstance(node, NamedNode) else str(node)
