"""What the page of a thing says, whatever kind of thing it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode

from mwkb.site.catalogue import Catalogue, Group
from mwkb.site.inferred import Level
from mwkb.site.layers import Layer, layer
from mwkb.site.links import plain_name
from mwkb.site.statements import Node
from mwkb.site.things import Thing
from mwkb.source import Source
from mwkb.vocabulary import DCTERMS, MWKB, OWL, RDF, RDFS, SH, SKOS, local_name

_OWN = {
    *(RDF + "type", RDFS + "label", RDFS + "isDefinedBy", SKOS + "prefLabel", SKOS + "definition"),
    *(DCTERMS + "source", MWKB + "sourceLines", MWKB + "statement", MWKB + "confidence", MWKB + "warrant"),
    *(OWL + "deprecated", DCTERMS + "isReplacedBy", MWKB + "deprecationReason", MWKB + "deprecatedIn"),
    *(SH + "name", SH + "message", SH + "severity", SH + "description", SH + "select", SH + "ask"),
}
"""What the page shows in a place of its own."""
_FIRST = tuple(MWKB + name for name in ("unclear", "chosenReading", "alternative", "reasoning"))
_NAMES_OF_OTHERS = {
    RDFS + "subClassOf": "narrower than",
    RDFS + "subPropertyOf": "narrower than",
    RDFS + "domain": "starts at",
    RDFS + "range": "leads to",
    RDFS + "seeAlso": "see also",
    OWL + "disjointWith": "never at once",
    OWL + "imports": "imports",
    OWL + "versionInfo": "version",
    OWL + "versionIRI": "address of this version",
    OWL + "priorVersion": "prior version",
    SH + "targetClass": "is for each",
    SH + "targetSubjectsOf": "is for what has",
    SH + "path": "property",
    SH + "property": "parts",
    SH + "class": "values are of",
    SH + "sparql": "query",
}
MANY = 12
"""Up to how many values of a property are all shown unfolded."""


@dataclass(frozen=True)
class Value:
    """A value: a thing with a page, an address elsewhere, or a text."""

    text: str
    thing: Thing | None = None
    address: str = ""


@dataclass(frozen=True)
class Row:
    """A property with its values."""

    name: str
    thing: Thing | None
    values: tuple[Value, ...]

    @property
    def folded(self) -> bool:
        return len(self.values) > MANY


@dataclass(frozen=True)
class Reading:
    """An interpretation that concerns a thing."""

    thing: Thing
    confidence: str
    chosen: str
    alternative: str
    reasoning: str


@dataclass(frozen=True)
class Inference:
    """What a rule concluded of a fact: a property with its values."""

    property: Value
    values: tuple[Value, ...]
    rules: tuple[Thing, ...]


@dataclass(frozen=True)
class GivenLevel:
    level: Level
    basis: tuple[Thing, ...]
    rule: Thing | None


@dataclass(frozen=True)
class Deprecation:
    reason: str
    replaced_by: tuple[Value, ...]
    since: str


@dataclass(frozen=True)
class Content:
    """What the page of a thing says."""

    thing: Thing
    layer: Layer
    confidence: str
    kinds: tuple[Value, ...]
    definition: str
    statement: str
    module: Thing | None
    file: str
    sources: tuple[tuple[Source, Thing | None], ...]
    rows: tuple[Row, ...]
    readings: tuple[Reading, ...]
    levels: tuple[GivenLevel, ...]
    inferred: tuple[Inference, ...]
    groups: tuple[Group, ...]
    deprecation: Deprecation | None

    @property
    def linked_from(self) -> int:
        return len({thing.iri for group in self.groups for thing in group.things})


def content(found: Catalogue, thing: Thing) -> Content:
    knowledge, iri = found.knowledge, thing.iri
    definition = knowledge.value(iri, "skos:definition") or knowledge.value(iri, "dcterms:abstract") or ""
    if thing.family in ("shape", "module"):
        definition = definition or next(iter(_said(found, iri, SH + "message", SH + "description", DCTERMS + "abstract")), "")
    confidence = knowledge.value(iri, "mwkb:confidence")
    modules = found.said(iri, RDFS + "isDefinedBy")
    return Content(
        thing,
        layer(knowledge, found.statements, thing),
        knowledge.label(confidence).lower() if confidence else "",
        tuple(value(found, NamedNode(each)) for each in thing.classes),
        definition,
        knowledge.value(iri, "mwkb:statement") or "",
        found.things.get(modules[0]) if modules else None,
        found.statements.file.get(iri, ""),
        () if thing.family == "shape" else tuple((each, found.things.get(each.iri)) for each in knowledge.sources(iri)),
        _rows(found, thing),
        _readings(found, iri),
        tuple(
            GivenLevel(level, tuple(found.known(level.basis)), found.things.get(level.rule))
            for level in found.concluded.levels.get(iri, ())
        ),
        _inferred(found, iri),
        found.groups(iri),
        _deprecation(found, iri),
    )


def value(found: Catalogue, node: Node) -> Value:
    """A value as a person reads it; a number with what is printed for it, an interpretation with its confidence."""
    if isinstance(node, NamedNode):
        iri = node.value
        if iri in found.things:
            thing = found.things[iri]
            printed = found.knowledge.value(iri, "mwkb:printedAs") if thing.family == "fact" else None
            return Value(f"{thing.title}: {printed}" if printed else thing.title, thing)
        if iri == MWKB.rstrip("#"):
            return Value("the editors of mwkb")
        named = found.knowledge.label(iri)
        short = found.statements.shorten(iri)
        text = named if named != local_name(iri) else short
        return Value(text, address=iri if re.match("https?://", iri) and text == short else "")
    text = node.value if isinstance(node, Literal) else str(node)
    return Value(text, address=text if re.fullmatch(r"https?://\S+", text) else "")


def name_of_property(found: Catalogue, iri: str) -> str:
    """What a person calls a property; one of another vocabulary may have a name of ours."""
    return _NAMES_OF_OTHERS.get(iri) or plain_name(found.knowledge, iri)


def _rows(found: Catalogue, thing: Thing) -> tuple[Row, ...]:
    rows: dict[str, list[Value]] = {}
    for predicate, node in found.statements.of(thing.iri):
        numbered = predicate == SKOS + "notation" and thing.number
        named = thing.family == "module" and predicate in (DCTERMS + "title", DCTERMS + "abstract")
        if predicate not in _OWN and not numbered and not named:
            rows.setdefault(predicate, []).extend(_values(found, node))
    return tuple(
        Row(name_of_property(found, predicate), found.things.get(predicate), tuple(sorted(values, key=_value_key)))
        for predicate, values in sorted(rows.items(), key=lambda item: _property_key(found, item[0]))
    )


def _property_key(found: Catalogue, iri: str) -> tuple[int, int, str]:
    if iri in _FIRST:
        return 0, _FIRST.index(iri), ""
    return 1 + iri.startswith((OWL, SH)), 0, name_of_property(found, iri)


def _value_key(value: Value) -> tuple[str, str]:
    return value.thing.key if value.thing else (value.text, "")


def _values(found: Catalogue, node: Node) -> list[Value]:
    """A value; of a list or a node without a name those within it."""
    if not isinstance(node, BlankNode):
        return [value(found, node)]
    return [
        each
        for name, inner in found.statements.of(str(node))
        if inner != NamedNode(RDF + "nil")
        for each in _values(found, inner)
    ]


def _said(found: Catalogue, iri: str, *predicates: str) -> Sequence[str]:
    return [text for predicate in predicates for text in found.said(iri, predicate)]


def _readings(found: Catalogue, iri: str) -> tuple[Reading, ...]:
    """The interpretations that read or concern a thing, the least sure first."""
    order = {"weak": 0, "medium": 1, "firm": 2}
    knowledge, seen = found.knowledge, {}
    for link in found.incoming.get(iri, ()):
        if not link.by or link.by in (RDF + "type", DCTERMS + "source", MWKB + "confidence") or iri == link.by:
            continue
        confidence = knowledge.value(link.source, "mwkb:confidence")
        if confidence and not link.words.startswith("has this property"):
            chosen = (knowledge.value(link.source, f"mwkb:{name}") for name in ("chosenReading", "statement"))
            seen[link.source] = Reading(
                found.things[link.source],
                knowledge.label(confidence).lower(),
                next(filter(None, chosen), None) or knowledge.value(link.source, "skos:definition") or "",
                knowledge.value(link.source, "mwkb:alternative") or "",
                knowledge.value(link.source, "mwkb:reasoning") or "",
            )
    return tuple(sorted(seen.values(), key=lambda reading: (order.get(reading.confidence, 3), reading.thing.key)))


def _inferred(found: Catalogue, iri: str) -> tuple[Inference, ...]:
    values: dict[str, dict[str, set[str]]] = {}
    for each in found.concluded.properties.get(iri, ()):
        values.setdefault(each.property, {}).setdefault(each.value, set()).add(each.rule)
    return tuple(
        Inference(
            Value(name_of_property(found, property_), found.things.get(property_)),
            tuple(Value(thing.title, thing) for thing in found.known(by)),
            tuple(found.known(rule for rules in by.values() for rule in rules)),
        )
        for property_, by in sorted(values.items())
    )


def _deprecation(found: Catalogue, iri: str) -> Deprecation | None:
    if "true" not in found.said(iri, OWL + "deprecated"):
        return None
    replaced = [value(found, node) for name, node in found.statements.of(iri) if name == DCTERMS + "isReplacedBy"]
    reason, since = (" ".join(found.said(iri, MWKB + name)) for name in ("deprecationReason", "deprecatedIn"))
    return Deprecation(reason, tuple(replaced), since)
