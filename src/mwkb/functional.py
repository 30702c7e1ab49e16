"""OWL 2 in functional-style syntax, of statements in which everything has a name: each triple is an axiom of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode, Triple

from mwkb.problems import InputProblem
from mwkb.reasoning.syntax import (
    ANNOTATION,
    ANNOTATION_PROPERTIES,
    CHARACTERISTICS,
    CLASS,
    DATA,
    DATATYPE,
    INDIVIDUAL,
    OBJECT,
    TYPE,
)
from mwkb.vocabulary import OWL, PREFIXES, RDFS, XSD, compact, local_name

_DECLARED = {
    CLASS: "Class",
    DATATYPE: "Datatype",
    OBJECT: "ObjectProperty",
    DATA: "DataProperty",
    ANNOTATION: "AnnotationProperty",
    INDIVIDUAL: "NamedIndividual",
}
_BETWEEN = {
    RDFS + "subClassOf": "SubClassOf",
    OWL + "equivalentClass": "EquivalentClasses",
    OWL + "disjointWith": "DisjointClasses",
    OWL + "inverseOf": "InverseObjectProperties",
    OWL + "sameAs": "SameIndividual",
    OWL + "differentFrom": "DifferentIndividuals",
}
_OF_PROPERTY = {
    RDFS + "subPropertyOf": "Sub{0}PropertyOf",
    OWL + "equivalentProperty": "Equivalent{0}Properties",
    OWL + "propertyDisjointWith": "Disjoint{0}Properties",
    RDFS + "domain": "{0}PropertyDomain",
    RDFS + "range": "{0}PropertyRange",
}
_KINDS = {OBJECT: "Object", DATA: "Data", ANNOTATION: "Annotation"}


def functional(triples: Iterable[Triple]) -> str:
    """The document of one ontology, sorted. Raises InputProblem if it has what this does not write, rather than losing it."""
    every = list(triples)
    header = next(t.subject for t in every if t.predicate.value == TYPE and t.object == NamedNode(OWL + "Ontology"))
    about = [t for t in every if t.subject == header]
    version = [_name(t.object) for t in about if t.predicate.value == OWL + "versionIRI"]
    said = [t for t in about if t.predicate.value not in (TYPE, OWL + "versionIRI")]
    kinds: dict[str, set[str]] = {}
    for triple in every:
        if triple.predicate.value == TYPE and (kind := getattr(triple.object, "value", "")) in _DECLARED:
            kinds.setdefault(_iri(triple.subject), set()).add(kind)
    lines = [
        *(f"Prefix({prefix}:=<{namespace}>)" for prefix, namespace in PREFIXES.items()),
        "",
        " ".join([f"Ontology({_name(header)}", *version]),
        *sorted(f"Annotation({_name(t.predicate)} {_name(t.object)})" for t in said),
        "",
        *sorted(_axiom(t, kinds) for t in every if t.subject != header),
        ")",
    ]
    return "\n".join(lines) + "\n"


def _axiom(triple: Triple, kinds: dict[str, set[str]]) -> str:
    subject, predicate, value = triple.subject, triple.predicate.value, triple.object
    kind, both = getattr(value, "value", ""), f"{_name(subject)} {_name(value)}"
    if predicate == TYPE and kind in _DECLARED:
        return f"Declaration({_DECLARED[kind]}({_name(subject)}))"
    if predicate == TYPE and kind in CHARACTERISTICS:
        word = local_name(kind).removesuffix("Property")
        return f"{word}{_of(_iri(subject), kinds)}Property({_name(subject)})"
    if predicate == TYPE:
        return f"ClassAssertion({_name(value)} {_name(subject)})"
    if predicate == OWL + "equivalentClass" and DATATYPE in kinds.get(_iri(subject), ()):
        return f"DatatypeDefinition({both})"
    if predicate in _BETWEEN:
        return f"{_BETWEEN[predicate]}({both})"
    if predicate in _OF_PROPERTY:
        return f"{_OF_PROPERTY[predicate].format(_of(_iri(subject), kinds))}({both})"
    if predicate in ANNOTATION_PROPERTIES or ANNOTATION in kinds.get(predicate, ()):
        return f"AnnotationAssertion({_name(triple.predicate)} {both})"
    return f"{_of(predicate, kinds)}PropertyAssertion({_name(triple.predicate)} {both})"


def _of(property_: str, kinds: dict[str, set[str]]) -> str:
    """The word for the kind of a property."""
    found = [word for kind, word in _KINDS.items() if kind in kinds.get(property_, ())]
    if len(found) != 1:
        raise InputProblem(
            f"{compact(property_)} is declared as no one kind of property.", remedy="See what mwkb reason says of it."
        )
    return found[0]


def _iri(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else ""


def _name(term: object) -> str:
    if isinstance(term, Literal):
        text = '"' + term.value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        if term.language:
            return f"{text}@{term.language}"
        return text if term.datatype.value == XSD + "string" else f"{text}^^{_name(term.datatype)}"
    if not isinstance(term, NamedNode):
        raise InputProblem(
            "What has no name is not written in functional syntax.", remedy="Write to a file that ends in .owl or .ttl."
        )
    short = compact(term.value)
    return short if re.fullmatch(r"[a-z]+:[A-Za-z_][A-Za-z0-9_-]*", short) and short != term.value else f"<{term.value}>"
