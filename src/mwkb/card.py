"""Everything that is known of one term or fact, on one screen."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pyoxigraph import DefaultGraph, NamedNode, Quad

from mwkb.knowledge import Knowledge
from mwkb.rules.infer import infer
from mwkb.source import Source
from mwkb.vocabulary import DCTERMS, MWKB, RDF, RDFS, SKOS, compact, local_name

_OWN = {
    DCTERMS + "source",
    MWKB + "sourceLines",
    MWKB + "statement",
    RDF + "type",
    RDFS + "label",
    SKOS + "definition",
    SKOS + "prefLabel",
}
"""What a card shows in a place of its own."""


@dataclass(frozen=True)
class Value:
    """A value as a person reads it, with its IRI if it is a thing."""

    text: str
    iri: str = ""


@dataclass(frozen=True)
class Values:
    """All values of one property; of incoming links, all from things of one kind."""

    property: str
    values: tuple[Value, ...]
    kind: str = ""


@dataclass(frozen=True)
class Level:
    """An evidence level that a rule gives an intervention under a policy, and what it rests on."""

    level: str
    policy: str
    basis: tuple[str, ...]
    rule: str


@dataclass(frozen=True)
class Card:
    """A thing with its kinds, definition, sources, properties, evidence levels, and what links to it.

    ``notation`` is the number under which the toolkit prints it, or empty.
    """

    iri: str
    label: str
    notation: str
    kinds: tuple[str, ...]
    definition: str
    statement: str
    sources: tuple[Source, ...]
    properties: tuple[Values, ...]
    levels: tuple[Level, ...]
    linked_from: tuple[Values, ...]


def card(knowledge: Knowledge, iri: str) -> Card:
    """Gather what is known of a thing; for an intervention, also the evidence levels that follow."""
    node = NamedNode(iri)
    outgoing: dict[tuple[str, str], set[Value]] = {}
    for quad in knowledge.store.quads_for_pattern(node, None, None, DefaultGraph()):
        numbered = quad.predicate.value == SKOS + "notation" and knowledge.number_printed(iri)
        if quad.predicate.value not in _OWN and not numbered:
            outgoing.setdefault((property_label(knowledge, quad.predicate.value), ""), set()).add(_value(knowledge, quad))
    incoming: dict[tuple[str, str], set[Value]] = {}
    for quad in knowledge.store.quads_for_pattern(None, None, node, DefaultGraph()):
        if isinstance(quad.subject, NamedNode) and quad.subject != node:
            key = (property_label(knowledge, quad.predicate.value), knowledge.kind(quad.subject.value))
            incoming.setdefault(key, set()).add(_thing(knowledge, quad.subject.value))
    return Card(
        iri,
        knowledge.label(iri),
        knowledge.number_printed(iri),
        tuple(filter(None, (knowledge.kind(iri),))),
        knowledge.value(iri, "skos:definition") or "",
        knowledge.value(iri, "mwkb:statement") or "",
        knowledge.sources(iri),
        _sorted(outgoing),
        _levels(knowledge, iri),
        _sorted(incoming),
    )


def property_label(knowledge: Knowledge, iri: str) -> str:
    """What a person calls a property; the terms of OWL have no label here, and their names are taken apart."""
    label = knowledge.label(iri)
    return label if label != local_name(iri) else re.sub(r"(?<=[a-z])(?=[A-Z])", " ", label).lower()


def _value(knowledge: Knowledge, quad: Quad) -> Value:
    if isinstance(quad.object, NamedNode):
        return _thing(knowledge, quad.object.value)
    return Value(getattr(quad.object, "value", ""))


def _thing(knowledge: Knowledge, iri: str) -> Value:
    """A thing by its name: a number with its value, an interpretation with its confidence.

    The number that the toolkit prints before a name comes first. What is of another vocabulary is
    named by its address.
    """
    if iri not in knowledge.names:
        return Value(compact(iri), iri)
    text = f"{knowledge.number_printed(iri)} {knowledge.label(iri)}".strip()
    if printed := knowledge.value(iri, "mwkb:printedAs"):
        text += f": {printed}"
    if confidence := knowledge.value(iri, "mwkb:confidence"):
        text += f" ({knowledge.label(confidence).lower()})"
    return Value(text, iri)


def _levels(knowledge: Knowledge, iri: str) -> tuple[Level, ...]:
    if MWKB + "Intervention" not in {kind.value for kind in knowledge.objects(iri, "rdf:type")}:
        return ()
    derivation = infer(knowledge.store, knowledge.groups)
    try:
        return tuple(
            Level(
                knowledge.label(knowledge.value(assertion, "mwkb:assertsLevel") or ""),
                knowledge.label(knowledge.value(assertion, "mwkb:underPolicy") or ""),
                tuple(knowledge.label(basis.value) for basis in knowledge.objects(assertion, "mwkb:basis")),
                local_name(knowledge.value(assertion, "mwkb:byRule") or ""),
            )
            for assertion in knowledge.subjects("mwkb:assertionAbout", iri)
        )
    finally:
        derivation.withdraw()


def _sorted(found: dict[tuple[str, str], set[Value]]) -> tuple[Values, ...]:
    return tuple(
        Values(name, tuple(sorted(values, key=lambda value: (value.text, value.iri))), kind)
        for (name, kind), values in sorted(found.items(), key=lambda item: (item[0][1], item[0][0]))
    )
