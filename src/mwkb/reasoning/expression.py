"""A class, property or data range as it is built up, however RDF spells it."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode

from mwkb.reasoning.statements import Statements, Term
from mwkb.reasoning.syntax import CARDINALITIES
from mwkb.vocabulary import OWL, local_name

_JUNCTIONS = {OWL + "unionOf": "or", OWL + "intersectionOf": "and", OWL + "oneOf": "one of"}
_NEGATIONS = (OWL + "complementOf", OWL + "datatypeComplementOf")
_QUANTITIES = {"someValuesFrom": "some", "allValuesFrom": "only", "hasValue": "value", "hasSelf": "self"}
_COUNTS = {"min": "min", "max": "max", "cardinality": "exactly", "qualified": "exactly"}


@dataclass(frozen=True)
class Expression:
    """What ``form`` makes of ``parts``: a name of itself; and, or, one of and not of several; some, only, value, self, min,
    max and exactly (``number``) of a property and what fills it; inverse; facets of a datatype."""

    form: str
    parts: tuple[Expression, ...] = ()
    term: Term | None = None
    number: str = ""


def expression(statements: Statements, term: Term) -> Expression:
    """How a term is built up; what cannot be read is "something"."""
    return _read(statements, term, frozenset())


def junction(statements: Statements, predicate: str, head: Term) -> Expression:
    """The expression of a list, as owl:unionOf, owl:intersectionOf or owl:oneOf take it."""
    return Expression(_JUNCTIONS[predicate], tuple(expression(statements, member) for member in statements.members(head)))


def _read(statements: Statements, term: Term, around: frozenset[Term]) -> Expression:
    if not isinstance(term, BlankNode):
        return Expression("name", term=term)
    if term in around:
        return Expression("something")
    within = around | {term}

    def of(value: Term) -> Expression:
        return _read(statements, value, within)

    said = {
        t.predicate.value: t.object
        for t in reversed(statements.about.get(term, ()))
        if isinstance(t.object, NamedNode | BlankNode | Literal)
    }
    for predicate, form in _JUNCTIONS.items():
        if predicate in said:
            return Expression(form, tuple(map(of, statements.members(said[predicate]))))
    for predicate in _NEGATIONS:
        if predicate in said:
            return Expression("not", (of(said[predicate]),))
    if OWL + "inverseOf" in said:
        return Expression("inverse", (of(said[OWL + "inverseOf"]),))
    if OWL + "onDatatype" in said:
        return Expression("facets", (of(said[OWL + "onDatatype"]), *_facets(statements, said)))
    if OWL + "onProperty" in said:
        on = of(said[OWL + "onProperty"])
        for local, form in _QUANTITIES.items():
            if OWL + local in said:
                return Expression(form, (on, of(said[OWL + local])))
        filler = said.get(OWL + "onClass") or said.get(OWL + "onDataRange")
        for predicate in sorted(CARDINALITIES & said.keys()):
            form = next(word for start, word in _COUNTS.items() if local_name(predicate).startswith(start))
            number = getattr(said[predicate], "value", "?")
            return Expression(form, (on,) if filler is None else (on, of(filler)), number=number)
    return Expression("something")


def _facets(statements: Statements, said: dict[str, Term]) -> list[Expression]:
    return [
        Expression("facet", (Expression("name", term=facet.object),), number=local_name(facet.predicate.value))
        for node in statements.members(said.get(OWL + "withRestrictions", NamedNode(OWL + "Nothing")))
        for facet in (() if isinstance(node, Literal) else statements.about.get(node, ()))
        if isinstance(facet.object, Literal)
    ]
