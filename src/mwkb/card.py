"""Everything that is known of one term or fact, on one screen."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import DefaultGraph, NamedNode

from mwkb.knowledge import Knowledge, Source
from mwkb.vocabulary import MWKB, RDF, SKOS

_OWN = {RDF + "type", SKOS + "prefLabel", SKOS + "definition", "http://purl.org/dc/terms/source", MWKB + "sourceLines"}


@dataclass(frozen=True)
class Card:
    """A thing with its kinds, definition, sources, properties, and what links to it by which property."""

    iri: str
    label: str
    kinds: tuple[str, ...]
    definition: str
    sources: tuple[Source, ...]
    properties: tuple[tuple[str, tuple[str, ...]], ...]
    linked_from: tuple[tuple[str, tuple[str, ...]], ...]


def card(knowledge: Knowledge, iri: str) -> Card:
    """Gather what is known of a thing."""
    node = NamedNode(iri)
    outgoing: dict[str, list[str]] = {}
    for quad in knowledge.store.quads_for_pattern(node, None, None, DefaultGraph()):
        if quad.predicate.value not in _OWN:
            value = quad.object
            shown = knowledge.label(value.value) if isinstance(value, NamedNode) else getattr(value, "value", "")
            outgoing.setdefault(knowledge.label(quad.predicate.value), []).append(shown)
    incoming: dict[str, list[str]] = {}
    for quad in knowledge.store.quads_for_pattern(None, None, node, DefaultGraph()):
        if isinstance(quad.subject, NamedNode):
            incoming.setdefault(knowledge.label(quad.predicate.value), []).append(knowledge.label(quad.subject.value))
    kinds = tuple(knowledge.label(kind.value) for kind in knowledge.objects(iri, "rdf:type"))
    return Card(
        iri,
        knowledge.label(iri),
        kinds,
        knowledge.value(iri, "skos:definition") or "",
        knowledge.sources(iri),
        _sorted(outgoing),
        _sorted(incoming),
    )


def _sorted(found: dict[str, list[str]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((name, tuple(sorted(values))) for name, values in sorted(found.items()))
