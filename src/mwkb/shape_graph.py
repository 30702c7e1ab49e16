"""A file of shapes as a graph: what it says of each shape, and what each reads of the data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from pyoxigraph import Literal, NamedNode, QueryTriples, RdfFormat, Store, Triple, parse, serialize

from mwkb.sparql import names
from mwkb.vocabulary import RDF, RDFS, SH

_BROADER = RDFS + "subClassOf"
_TARGETS = (SH + "targetClass", SH + "targetSubjectsOf", SH + "targetObjectsOf", SH + "targetNode")


class ShapeGraph:
    """The shapes in a Turtle text.

    A shape reads the properties and classes that it names, also in its queries and in what it leads to.
    A query in which a variable stands for a property or a class would read more; the two engines would
    then differ, for one is given all data and the other what the shapes read. So they would if a shape looked
    in the data that is always there for a property that is said to be ``of_submitted`` data only.
    """

    def __init__(self, text: bytes, of_submitted: frozenset[str] = frozenset()) -> None:
        self.text, self._of_submitted = text, of_submitted
        self._nodes: dict[Any, dict[str, list[Any]]] = {}
        for quad in parse(text, format=RdfFormat.TURTLE):
            self._nodes.setdefault(quad.subject, {}).setdefault(quad.predicate.value, []).append(quad.object)

    def having(self, *properties: str) -> list[str]:
        """The shapes that have one of the properties, in a stable order."""
        return sorted(_iri(n) for n, said in self._nodes.items() if _iri(n) and any(name in said for name in properties))

    def value(self, shape: str, property_: str) -> str:
        """The first value of a property of a shape, or an empty text."""
        found = self._nodes.get(NamedNode(shape), {}).get(property_, ()) if shape else ()
        return next((value.value for value in found if isinstance(value, NamedNode | Literal)), "")

    def iris(self, shape: str, property_: str) -> list[str]:
        """The IRIs that are values of a property of a shape."""
        return list(filter(None, map(_iri, self._nodes.get(NamedNode(shape), {}).get(property_, ()))))

    @cached_property
    def parts(self) -> Mapping[str, frozenset[str]]:
        """For each shape with a target that shape and its property shapes: what a result names as its source."""

        def parts(shape: str) -> Iterator[str]:
            yield shape
            for part in self.iris(shape, SH + "property"):
                yield from parts(part)

        return {shape: frozenset(parts(shape)) for shape in self.having(*_TARGETS)}

    @cached_property
    def reads(self) -> Mapping[str, frozenset[str]]:
        """For each such part the IRIs that it names itself or in what it leads to, except for other parts."""
        return {part: self._named(part) for parts in self.parts.values() for part in parts}

    def touched(self, triples: Iterable[Triple]) -> frozenset[str]:
        """The parts whose results may be different for triples that came or went."""
        changed = {_iri(t.object) if t.predicate.value == RDF + "type" else t.predicate.value for t in triples}
        return frozenset(part for part, read in self.reads.items() if read & changed)

    def with_part(self, parts: frozenset[str]) -> frozenset[str]:
        """The shapes with a target that have one of the parts."""
        return frozenset(shape for shape, own in self.parts.items() if own & parts)

    def only(self, shapes: Iterable[str]) -> bytes:
        """Some of the shapes with what they lead to, as N-Triples."""
        queue: list[Any] = [NamedNode(shape) for shape in shapes]
        seen = set(queue)
        for node in queue:
            new = {value for values in self._nodes.get(node, {}).values() for value in values} - seen
            seen |= new
            queue += new
        return (
            serialize(
                (
                    Triple(node, NamedNode(name), value)
                    for node in queue
                    for name, values in self._nodes.get(node, {}).items()
                    for value in values
                ),
                format=RdfFormat.N_TRIPLES,
            )
            or b""
        )

    def visible(self, data: Store, shapes: Iterable[str] | None = None) -> bytes:
        """What the shapes, or some of those with a target, can read of the default graph of a store, as N-Triples."""
        if shapes is None:
            read = self._mentioned
        else:
            read = frozenset(iri for shape in shapes for part in self.parts[shape] for iri in self.reads[part])
        listed = " ".join(f"<{iri}>" for iri in sorted((read | {_BROADER}) - {RDF + "type"} - self._of_submitted))
        return b"".join(
            _constructed(data, text)
            for text in (
                f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES ?p {{ {listed} }} ?s ?p ?o }}",
                f"CONSTRUCT {{ ?s a ?c }} WHERE {{ VALUES ?broad {{ {listed} }} ?c <{_BROADER}>* ?broad . ?s a ?c }}",
            )
        )

    @cached_property
    def _mentioned(self) -> frozenset[str]:
        """Every IRI that stands for a value in the graph or in a query."""
        return frozenset(iri for led in self._leads.values() for iri in map(_iri, led) if iri)

    def _named(self, part: str) -> frozenset[str]:
        others = {NamedNode(iri) for iri in self.iris(part, SH + "property")}
        seen: set[Any] = {NamedNode(part)}
        queue: list[Any] = [*seen]
        while queue:
            new = [node for node in self._leads.get(queue.pop(), ()) if node not in seen and node not in others]
            seen.update(new)
            queue += new
        return frozenset(filter(None, map(_iri, seen)))

    @cached_property
    def _leads(self) -> Mapping[Any, list[Any]]:
        """What each node of the graph leads to: other nodes, and the names in queries."""
        prefixes = {
            said[SH + "prefix"][0].value: said[SH + "namespace"][0].value
            for said in self._nodes.values()
            if SH + "prefix" in said and SH + "namespace" in said
        }
        found: dict[Any, list[Any]] = {}
        for node, said in self._nodes.items():
            led = found.setdefault(node, [])
            for name, values in said.items():
                if name in (SH + "select", SH + "ask"):
                    led += [NamedNode(iri) for value in values for iri in names(value.value, prefixes)]
                else:
                    led += [value for value in values if not isinstance(value, Literal)]
        return found


def _constructed(data: Store, text: str) -> bytes:
    answer = data.query(text)
    assert isinstance(answer, QueryTriples)
    return answer.serialize(format=RdfFormat.N_TRIPLES) or b""


def _iri(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else ""
