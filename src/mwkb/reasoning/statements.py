"""What several Turtle files say together, each triple with the line on which it stands, and the axioms that triples make up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from mwkb import files
from mwkb.plan.document import Places
from mwkb.plan.limits import Limits
from mwkb.plan.turtle import places
from mwkb.problems import InputProblem, Place
from mwkb.reasoning.syntax import ABOUT_AXIOMS, ANNOTATION, ANNOTATION_PROPERTIES, HEADER, RESERVED, TYPE, WORDS
from mwkb.vocabulary import OWL, RDF

Node = NamedNode | BlankNode
Term = Node | Literal

_DEPTH = Limits(depth=100)
"""Brackets within each other that a class expression may have."""


@dataclass(frozen=True)
class Axiom:
    """Triples that mean something only together: one about a named thing with all that its blank nodes say, or one such
    group that belongs to no named thing. ``place`` is where it begins."""

    triples: tuple[Triple, ...]
    place: Place

    @property
    def head(self) -> Triple:
        return self.triples[0]

    @cached_property
    def names(self) -> frozenset[str]:
        """The IRIs it speaks of, without the reserved vocabulary."""
        terms = (term for t in self.triples for term in (t.subject, t.predicate, t.object))
        return frozenset(term.value for term in terms if isinstance(term, NamedNode) and not term.value.startswith(RESERVED))


class Statements:
    """The triples of several files."""

    def __init__(self, paths: Sequence[Path]) -> None:
        """Raises InputProblem with file and line if a file cannot be read."""
        self.places: dict[Triple, Place] = {}
        self.about: dict[Node, list[Triple]] = {}
        for number, path in enumerate(paths):
            for triple, place in _read(path, number):
                if self.places.setdefault(triple, place) is place:
                    self.about.setdefault(as_node(triple.subject), []).append(triple)

    def __iter__(self) -> Iterator[Triple]:
        return iter(self.places)

    @cached_property
    def kinds(self) -> dict[str, set[str]]:
        """As what each IRI is declared."""
        found: dict[str, set[str]] = {}
        for triple in self:
            if triple.predicate.value == TYPE and isinstance(triple.subject, NamedNode):
                kind = getattr(triple.object, "value", "")
                if kind in WORDS:
                    found.setdefault(triple.subject.value, set()).add(kind)
        return found

    @cached_property
    def ontologies(self) -> frozenset[Node]:
        return frozenset(as_node(t.subject) for t in self if is_a(t, OWL + "Ontology"))

    def value(self, subject: Term, predicate: str) -> Term | None:
        return next(iter(self.values(subject, predicate)), None)

    def values(self, subject: Term, predicate: str) -> list[Term]:
        if isinstance(subject, Literal):
            return []
        return [as_term(t.object) for t in self.about.get(subject, ()) if t.predicate.value == predicate]

    def members(self, head: Term) -> list[Term]:
        """The members of an RDF list as far as it is well formed."""
        found, seen = [], set()
        while isinstance(head, BlankNode) and head not in seen:
            seen.add(head)
            found += self.values(head, RDF + "first")[:1]
            head = self.value(head, RDF + "rest") or NamedNode(RDF + "nil")
        return found

    def is_annotation(self, triple: Triple) -> bool:
        """Whether a triple has no part in reasoning."""
        name = triple.predicate.value
        return (
            name in ANNOTATION_PROPERTIES
            or name in HEADER
            or triple.subject in self.ontologies
            or ANNOTATION in self.kinds.get(name, ())
        )

    @cached_property
    def axioms(self) -> tuple[Axiom, ...]:
        """All that takes part in reasoning, in the order of the files."""
        nested = {t.object for t in self if isinstance(t.object, BlankNode)}
        found: list[Axiom] = []
        met: set[Node] = set()
        for triple in self:
            subject = as_node(triple.subject)
            if isinstance(subject, BlankNode):
                if subject not in nested and subject not in met:
                    met.add(subject)
                    found += self._of_nameless(subject)
            elif not self.is_annotation(triple) and not is_declaration(triple):
                found.append(Axiom((triple, *self.below(triple)), self.places[triple]))
        return tuple(found)

    def _of_nameless(self, subject: Node) -> Iterator[Axiom]:
        own = [t for t in self.about[subject] if not self.is_annotation(t)]
        if any(is_a(t, kind) for t in own for kind in ABOUT_AXIOMS) or not own:
            return
        whole = dict.fromkeys(t for triple in own for t in (triple, *self.below(triple)))
        first = next((t for t in own if t.predicate.value == TYPE), own[0])
        yield Axiom((first, *(t for t in whole if t is not first)), self.places[first])

    def below(self, triple: Triple) -> Iterator[Triple]:
        """What is said of the blank nodes that a triple leads to."""
        waiting, met = [triple.object], {triple.object}
        while waiting:
            node = waiting.pop(0)
            for t in self.about.get(node, ()) if isinstance(node, BlankNode) else ():
                yield t
                if t.object not in met:
                    met.add(t.object)
                    waiting.append(t.object)


def is_a(triple: Triple, kind: str) -> bool:
    return triple.predicate.value == TYPE and getattr(triple.object, "value", "") == kind


def is_declaration(triple: Triple) -> bool:
    return triple.predicate.value == TYPE and getattr(triple.object, "value", "") in WORDS


def _read(path: Path, number: int) -> Iterator[tuple[Triple, Place]]:
    """The triples of a file, each with its place; blank nodes are named by their order, the same each time."""
    name = files.shown(path)
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise InputProblem("The file is not UTF-8 text.", Place(name), "Save it as UTF-8.") from None
    except OSError as error:
        raise InputProblem(f"The file cannot be read: {error.strerror or error}.", path) from None
    where = places(text, name, _DEPTH)
    named: dict[BlankNode, BlankNode] = {}
    labels: dict[str, str] = {}

    def stable(term: Term) -> Term:
        if not isinstance(term, BlankNode):
            return term
        if term not in named:
            named[term] = BlankNode(f"b{number}x{len(named)}")
            labels[named[term].value] = term.value
        return named[term]

    around: dict[Term, Place] = {}
    try:
        triples = [Triple(as_node(stable(as_term(q.subject))), q.predicate, stable(as_term(q.object))) for q in _parsed(text)]
    except SyntaxError as error:
        what = re.sub(r"^Parser error [^:]*: ", "", error.msg.splitlines()[0])
        raise InputProblem(f"This is not Turtle: {what}", Place(name, error.lineno)) from None
    for triple in triples:
        place = _place(triple, where, labels)
        if place is not None and isinstance(triple.object, BlankNode):
            around.setdefault(triple.object, place)
    for triple in reversed(triples):  # a parser may tell what is in brackets before what they belong to
        if isinstance(triple.object, BlankNode) and triple.subject in around:
            around.setdefault(triple.object, around[as_node(triple.subject)])
    for triple in triples:
        if isinstance(triple.object, BlankNode) and triple.subject in around:
            around.setdefault(triple.object, around[as_node(triple.subject)])
    for triple in triples:
        place = _place(triple, where, labels) or around.get(as_node(triple.subject)) or _first(text, triple, name)
        yield triple, place


def _parsed(text: str) -> Iterable[Triple]:
    return parse(text, format=RdfFormat.TURTLE)


def _place(triple: Triple, where: Places, labels: dict[str, str]) -> Place | None:
    subject = triple.subject.value if isinstance(triple.subject, NamedNode) else f"_:{labels[as_node(triple.subject).value]}"
    value = getattr(triple.object, "value", "")
    return where.get((subject, triple.predicate.value, value)) or where.get((subject, triple.predicate.value))


def _first(text: str, triple: Triple, name: str) -> Place:
    """Where a nameless thing most likely begins: at the first line with the name of what it is."""
    local = re.split(r"[#/]", getattr(triple.object, "value", "") or triple.predicate.value)[-1]
    line = next((number for number, line in enumerate(text.splitlines(), 1) if local and local in line), None)
    return Place(name, line)


def as_node(term: object) -> Node:
    """A subject, which in Turtle is never a triple."""
    assert isinstance(term, NamedNode | BlankNode)
    return term


def as_term(term: object) -> Term:
    """A subject or object, which in Turtle is never a triple."""
    assert isinstance(term, NamedNode | BlankNode | Literal)
    return term
