"""Datatypes of one's own: each is defined once, by none that is defined by it, and has no texts (Structural Specification,
sections 9.4 and 11.2)."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Triple

from mwkb.reasoning.statements import Statements
from mwkb.reasoning.syntax import DATATYPE, TYPE
from mwkb.reasoning.terms import uses
from mwkb.reasoning.violation import Breach
from mwkb.vocabulary import OWL, compact


def definitions(statements: Statements) -> Iterator[Breach]:
    own = {iri for iri, kinds in statements.kinds.items() if DATATYPE in kinds}
    defined: dict[str, list[Triple]] = {iri: [] for iri in own}
    for triple in statements:
        if triple.predicate.value == OWL + "equivalentClass" and getattr(triple.subject, "value", "") in own:
            defined[getattr(triple.subject, "value", "")].append(triple)
    used = {use.term.value for use in uses(statements) if isinstance(use.term, NamedNode)}
    for iri in sorted(own & used):
        declaration = Triple(NamedNode(iri), NamedNode(TYPE), NamedNode(DATATYPE))
        if len(defined[iri]) != 1:
            what = (
                f"The datatype {compact(iri)} has {len(defined[iri]) or 'no'} definition{'s' if len(defined[iri]) > 1 else ''}."
            )
            yield Breach("datatype", what, "Define it once, by owl:equivalentClass, or use one that OWL 2 has.", declaration)
        elif iri in _below(statements, iri, defined):
            yield Breach("datatype", f"The datatype {compact(iri)} is defined by itself.", "Define it by others.", declaration)
    for triple in statements:
        value = triple.object
        if isinstance(value, Literal) and value.datatype.value in own and not statements.is_annotation(triple):
            what = f"{compact(value.datatype.value)} is a datatype of your own, of which no text is a value."
            yield Breach("datatype", what, "Write the value with a datatype that OWL 2 has.", triple)


def _below(statements: Statements, iri: str, defined: dict[str, list[Triple]]) -> set[str]:
    """The datatypes of one's own that one is defined by."""
    found: set[str] = set()
    waiting = [iri]
    while waiting:
        new = {
            term
            for definition in defined[waiting.pop()]
            for triple in (definition, *statements.below(definition))
            if (term := getattr(triple.object, "value", "")) in defined and triple.predicate.value != TYPE
        } - found
        found |= new
        waiting += new
    return found
