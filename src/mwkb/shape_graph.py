"""A file of shapes as a graph: what a message needs of each shape, and what each reads of the data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from mwkb.sparql import names
from mwkb.vocabulary import MWKB, RDF, RDFS, SH

_TARGETS = {SH + "targetClass", SH + "targetSubjectsOf", SH + "targetObjectsOf", SH + "targetNode"}


class ShapeGraph:
    """The shapes in a Turtle text.

    A shape reads the properties and classes that it names, also in its queries and in what it leads to.
    A query in which a variable stands for a property or a class would read more; the two engines would
    then differ, for one is given all data and the other what the shapes read.
    """

    def __init__(self, text: bytes) -> None:
        self.text = text
        self._quads = tuple(parse(text, format=RdfFormat.TURTLE))

    @cached_property
    def names(self) -> Mapping[str, str]:
        return self._texts(SH + "name")

    @cached_property
    def messages(self) -> Mapping[str, str]:
        return self._texts(SH + "message")

    @cached_property
    def warrants(self) -> Mapping[str, str]:
        return self._texts(MWKB + "warrant")

    @cached_property
    def parts(self) -> Mapping[str, frozenset[str]]:
        """For each shape with a target that shape and its property shapes: what a result names as its source."""
        inner: dict[str, list[str]] = {}
        for quad in self._quads:
            if quad.predicate.value == SH + "property":
                inner.setdefault(_iri(quad.subject), []).append(_iri(quad.object))

        def parts(shape: str) -> Iterator[str]:
            yield shape
            for part in inner.get(shape, ()):
                yield from parts(part)

        targeted = {_iri(quad.subject) for quad in self._quads if quad.predicate.value in _TARGETS}
        return {shape: frozenset(parts(shape)) for shape in targeted}

    @cached_property
    def reads(self) -> Mapping[str, frozenset[str]]:
        """For each such part the IRIs that it names itself or in what it leads to, except for other parts."""
        return {part: self._named(part) for parts in self.parts.values() for part in parts}

    def touched(self, triples: Iterable[Triple]) -> frozenset[str]:
        """The parts whose results may be different for triples that came or went."""
        changed = {_iri(t.object) if t.predicate.value == RDF + "type" else t.predicate.value for t in triples}
        return frozenset(part for part, read in self.reads.items() if read & changed)

    def having(self, parts: frozenset[str]) -> frozenset[str]:
        """The shapes with a target that have one of the parts."""
        return frozenset(shape for shape, own in self.parts.items() if own & parts)

    def visible(self, base: Sequence[Triple], shapes: Iterable[str] | None = None) -> Iterator[Triple]:
        """Those of the triples that the shapes with a target, or some of them, can read."""
        read = {
            iri for shape in (self.parts if shapes is None else shapes) for part in self.parts[shape] for iri in self.reads[part]
        }
        below = [(_iri(t.subject), _iri(t.object)) for t in base if t.predicate.value == RDFS + "subClassOf"]
        classes = set(read)
        while more := {narrow for narrow, broad in below if broad in classes} - classes:
            classes |= more
        read.add(RDFS + "subClassOf")
        for triple in base:
            predicate = triple.predicate.value
            if _iri(triple.object) in classes if predicate == RDF + "type" else predicate in read:
                yield triple

    def _named(self, part: str) -> frozenset[str]:
        seen: set[object] = {NamedNode(part)}
        queue: list[object] = [*seen]
        while queue:
            new = [node for node in self._leads.get(queue.pop(), ()) if node not in seen]
            seen.update(new)
            queue += new
        return frozenset(filter(None, map(_iri, seen)))

    @cached_property
    def _leads(self) -> Mapping[object, list[object]]:
        """What each node of the graph leads to: other nodes, but for property shapes, and the names in queries."""
        found: dict[object, list[object]] = {}
        for quad in self._quads:
            led = found.setdefault(quad.subject, [])
            if quad.predicate.value in (SH + "select", SH + "ask") and isinstance(quad.object, Literal):
                led += [NamedNode(iri) for iri in names(quad.object.value, self._prefixes)]
            elif not isinstance(quad.object, Literal) and not (quad.predicate.value == SH + "property" and _iri(quad.object)):
                led.append(quad.object)
        return found

    @cached_property
    def _prefixes(self) -> Mapping[str, str]:
        """The prefixes that queries are written with."""
        declared: dict[object, dict[str, str]] = {}
        for quad in self._quads:
            if quad.predicate.value in (SH + "prefix", SH + "namespace") and isinstance(quad.object, Literal):
                declared.setdefault(quad.subject, {})[quad.predicate.value] = quad.object.value
        return {both[SH + "prefix"]: both[SH + "namespace"] for both in declared.values() if len(both) == 2}

    def _texts(self, predicate: str) -> Mapping[str, str]:
        return {
            quad.subject.value: quad.object.value
            for quad in self._quads
            if quad.predicate.value == predicate and isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal)
        }


def _iri(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else ""
