"""As what each name is used, and whether it is declared as that (Structural Specification, sections 2.4, 5 and 5.8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from mwkb.problems import closest
from mwkb.reasoning.datatypes import FACETS, MAP
from mwkb.reasoning.statements import Statements, Term
from mwkb.reasoning.syntax import (
    ANNOTATION,
    ANNOTATION_PROPERTIES,
    CHARACTERISTICS,
    CLASS,
    CLASS_AT_BOTH,
    CLASS_AT_END,
    DATA,
    DATATYPE,
    INDIVIDUAL,
    OBJECT,
    PROPERTY_AT_BOTH,
    PROPERTY_AT_END,
    RESERVED,
    STRUCTURE,
    SYNTAX,
    TYPE,
    WORDS,
)
from mwkb.reasoning.violation import Breach
from mwkb.vocabulary import OWL, RDFS, compact, local_name

_BUILT_IN = {
    OWL + "Thing": CLASS,
    OWL + "Nothing": CLASS,
    OWL + "topObjectProperty": OBJECT,
    OWL + "bottomObjectProperty": OBJECT,
    OWL + "topDataProperty": DATA,
    OWL + "bottomDataProperty": DATA,
    **dict.fromkeys(ANNOTATION_PROPERTIES, ANNOTATION),
    **dict.fromkeys(MAP, DATATYPE),
}


@dataclass(frozen=True)
class Use:
    """A name where only a class, a datatype or a property of some kind can stand."""

    term: Term
    kinds: tuple[str, ...]
    triple: Triple


def kinds_of(statements: Statements, term: Term) -> frozenset[str]:
    """As what a name is declared or built in, or what a nameless class or data range is written as."""
    if isinstance(term, NamedNode):
        built_in = _BUILT_IN.get(term.value)
        return frozenset(statements.kinds.get(term.value, ())) | ({built_in} if built_in else frozenset())
    if isinstance(term, Literal):
        return frozenset()
    types = {getattr(value, "value", "") for value in statements.values(term, TYPE)}
    found = {kind for kind in (CLASS, DATATYPE) if kind in types or (kind == CLASS and OWL + "Restriction" in types)}
    if statements.value(term, OWL + "inverseOf") is not None:
        found.add(OBJECT)
    return frozenset(found)


def uses(statements: Statements) -> Iterator[Use]:
    """Every place in which a name has a part in OWL 2, with what it must be there."""
    for triple in statements:
        name, subject, value = triple.predicate.value, triple.subject, triple.object
        if not isinstance(subject, NamedNode | BlankNode) or not isinstance(value, NamedNode | BlankNode | Literal):
            continue
        if subject in statements.ontologies:
            continue
        if name == TYPE:
            yield from _typed(triple, subject, value)
        elif name in CLASS_AT_BOTH:
            yield from (Use(term, (CLASS,), triple) for term in (subject, value))
        elif name == OWL + "equivalentClass":
            yield from (Use(term, (CLASS, DATATYPE), triple) for term in (subject, value))
        elif name in PROPERTY_AT_BOTH:
            kinds: tuple[str, ...] = (OBJECT,) if name == OWL + "inverseOf" else (OBJECT, DATA)
            kinds += (ANNOTATION,) if name == RDFS + "subPropertyOf" else ()
            yield from (Use(term, kinds, triple) for term in (subject, value) if isinstance(term, NamedNode))
        elif name in CLASS_AT_END and ANNOTATION not in kinds_of(statements, subject):
            yield Use(value, (CLASS,), triple)
        elif name in PROPERTY_AT_END:
            yield from [Use(value, (OBJECT, DATA), triple)] if isinstance(value, NamedNode) else []
        elif name == RDFS + "range":
            yield from _filled(statements, subject, value, triple)
        elif name in (OWL + "someValuesFrom", OWL + "allValuesFrom"):
            for on in statements.values(subject, OWL + "onProperty"):
                yield from _filled(statements, on, value, triple)
        elif name in (OWL + "onDataRange", OWL + "onDatatype", OWL + "datatypeComplementOf"):
            yield Use(value, (DATATYPE,), triple)
        elif name == OWL + "complementOf":
            yield Use(value, (CLASS,), triple)
        elif name in (OWL + "unionOf", OWL + "intersectionOf", OWL + "disjointUnionOf"):
            kind = DATATYPE if DATATYPE in kinds_of(statements, subject) else CLASS
            yield from (Use(member, (kind,), triple) for member in statements.members(value))
        elif name in (OWL + "hasKey", OWL + "propertyChainAxiom"):
            kinds = (OBJECT,) if name == OWL + "propertyChainAxiom" else (OBJECT, DATA)
            yield from (Use(member, kinds, triple) for member in statements.members(value))
        elif name == OWL + "members":
            disjoint = {getattr(t, "value", "") for t in statements.values(subject, TYPE)}
            if OWL + "AllDifferent" not in disjoint:
                kinds = (CLASS,) if OWL + "AllDisjointClasses" in disjoint else (OBJECT, DATA)
                yield from (Use(member, kinds, triple) for member in statements.members(value))
        elif name not in SYNTAX and not (name.startswith(RESERVED) and name not in _BUILT_IN):
            yield Use(triple.predicate, _for_value(value), triple)
        if isinstance(value, Literal) and name not in SYNTAX and not statements.is_annotation(triple):
            yield Use(value.datatype, (DATATYPE,), triple)


def _typed(triple: Triple, subject: Term, value: Term) -> Iterator[Use]:
    kind = getattr(value, "value", "")
    if kind in CHARACTERISTICS:
        kinds = (OBJECT, DATA) if kind == OWL + "FunctionalProperty" else (OBJECT,)
        if isinstance(subject, NamedNode):
            yield Use(subject, kinds, triple)
    elif kind not in WORDS and kind not in STRUCTURE:
        yield Use(value, (CLASS,), triple)


def _filled(statements: Statements, on: Term, value: Term, triple: Triple) -> Iterator[Use]:
    """What fills a property: a class or a data range, as the property is."""
    kinds = kinds_of(statements, on)
    if ANNOTATION not in kinds:
        yield Use(value, (DATATYPE,) if DATA in kinds else (CLASS,) if OBJECT in kinds else (CLASS, DATATYPE), triple)


def _for_value(value: Term) -> tuple[str, ...]:
    return (DATA, ANNOTATION) if isinstance(value, Literal) else (OBJECT, ANNOTATION)


def undeclared(statements: Statements) -> Iterator[Breach]:
    """Names that are not declared, or declared as something that cannot stand where they are used."""
    for use in uses(statements):
        known = kinds_of(statements, use.term)
        if known.intersection(use.kinds) or not isinstance(use.term, NamedNode):
            continue
        iri, place = use.term.value, use.triple
        wanted = " or ".join(WORDS[kind] for kind in use.kinds)
        as_that = f"{'an' if wanted[0] in 'ao' else 'a'} {wanted}"
        if iri.startswith(RESERVED) and iri not in _BUILT_IN:
            if use.kinds == (DATATYPE,):
                what = f"{compact(iri)} is not in the OWL 2 datatype map, so that no reasoner knows its values."
                remedy = (
                    "Use a datatype of the map, such as xsd:dateTime or xsd:string, or make the property an annotation property."
                )
                yield Breach("datatype", what, remedy, place)
            else:
                what = f"{compact(iri)} is of the reserved vocabulary and no {wanted}."
                yield Breach("reserved vocabulary", what, "Use a term of your own.", place)
            continue
        known -= {INDIVIDUAL}
        if known:
            is_declared = " and ".join(WORDS[kind] for kind in sorted(known))
            what = f"{compact(iri)} is used as {as_that} but declared as {is_declared}."
            yield Breach("wrong kind", what, "Declare it as what it is, or use another term.", place)
        else:
            remedy = _near(iri, use.kinds, statements) or f"Declare it: {compact(iri)} a {compact(use.kinds[0])} ."
            yield Breach("undeclared", f"{compact(iri)} is used as {as_that} but not declared.", remedy, place)


def _near(iri: str, kinds: tuple[str, ...], statements: Statements) -> str:
    """A hint at the declared name of the same kind and namespace that is most like one, or an empty text."""
    namespace = iri[: len(iri) - len(local_name(iri))]
    ours = (name for name, known in statements.kinds.items() if name.startswith(namespace) and known.intersection(kinds))
    near = closest(local_name(iri), map(local_name, ours))
    return f"Did you mean {compact(namespace + near)}?" if near else ""


def punning(statements: Statements) -> Iterator[Breach]:
    """Names that are declared as two things of which OWL 2 DL allows one."""
    for iri, kinds in statements.kinds.items():
        for group in ((OBJECT, DATA, ANNOTATION), (CLASS, DATATYPE)):
            both = [kind for kind in group if kind in kinds]
            if len(both) > 1:
                words = " and as ".join(WORDS[kind] for kind in both)
                place = Triple(NamedNode(iri), NamedNode(TYPE), NamedNode(both[-1]))
                yield Breach("punning", f"{compact(iri)} is declared as {words}.", "Keep one, or use two names.", place)


def reserved(statements: Statements) -> Iterator[Breach]:
    """Names of the reserved vocabulary that are declared anew, or used as properties that OWL 2 does not have."""
    for triple in statements:
        subject, name = triple.subject, triple.predicate.value
        if isinstance(subject, NamedNode) and subject.value.startswith(RESERVED):
            kind = getattr(triple.object, "value", "")
            if name == TYPE and kind in WORDS and _BUILT_IN.get(subject.value) != kind:
                what = f"{compact(subject.value)} is of the reserved vocabulary and cannot be declared as {WORDS[kind]}."
                yield Breach("reserved vocabulary", what, "Use a term of your own.", triple)
        if name.startswith(RESERVED) and name not in SYNTAX and name not in _BUILT_IN and name not in FACETS:
            what = f"{compact(name)} is of the reserved vocabulary and no property that OWL 2 DL has."
            yield Breach("reserved vocabulary", what, "Use a term of your own.", triple)
