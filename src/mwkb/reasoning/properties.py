"""What OWL 2 DL does not let be said of properties that hold along a chain (Structural Specification, section 11)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, NamedNode, Triple

from mwkb.reasoning.statements import Statements, Term
from mwkb.reasoning.syntax import CARDINALITIES, TYPE
from mwkb.reasoning.violation import Breach
from mwkb.vocabulary import OWL, RDFS, compact

_SIMPLE_ONLY = {
    OWL + "FunctionalProperty": "functional",
    OWL + "InverseFunctionalProperty": "inverse functional",
    OWL + "IrreflexiveProperty": "irreflexive",
    OWL + "AsymmetricProperty": "asymmetric",
}


@dataclass
class Hierarchy:
    """Which property is under which, and which follow from chains. An inverse is taken for the property itself, since the
    two are simple and ordered alike."""

    above: dict[str, set[str]] = field(default_factory=dict)
    chains: list[tuple[tuple[str, ...], str, Triple]] = field(default_factory=list)
    transitive: set[str] = field(default_factory=set)

    def reach(self, start: str) -> set[str]:
        """The properties above one, and itself."""
        found, waiting = {start}, [start]
        while waiting:
            new = self.above.get(waiting.pop(), set()) - found
            found |= new
            waiting += new
        return found

    def after(self, start: str) -> set[str]:
        """A property, and those that come after it in the order that chains ask for."""
        found, waiting = {start}, [start]
        while waiting:
            name = waiting.pop()
            new = {above for members, above, _ in self.chains if name in _inner(members, above)} - found
            found |= new
            waiting += new
        return found

    @property
    def composite(self) -> set[str]:
        """The properties that are not simple: those that a chain leads to."""
        begun = self.transitive | {above for _, above, _ in self.chains}
        return {above for name in begun for above in self.reach(name)}


def hierarchy(statements: Statements) -> Hierarchy:
    found = Hierarchy()
    for triple in statements:
        name = triple.predicate.value
        if name in (RDFS + "subPropertyOf", OWL + "equivalentProperty", OWL + "inverseOf"):
            lower, upper = _names(statements, triple.subject), _names(statements, triple.object)
            if name == OWL + "inverseOf" and isinstance(triple.subject, BlankNode):
                continue
            for one, other in ((lower, upper), (upper, lower))[: 1 if name == RDFS + "subPropertyOf" else 2]:
                if one and other:
                    found.above.setdefault(one, set()).add(other)
        elif name == OWL + "propertyChainAxiom" and isinstance(triple.object, NamedNode | BlankNode):
            members = tuple(_names(statements, member) for member in statements.members(triple.object))
            found.chains.append((members, _names(statements, triple.subject), triple))
        elif name == TYPE and getattr(triple.object, "value", "") == OWL + "TransitiveProperty":
            found.transitive.add(_names(statements, triple.subject))
    return found


def _names(statements: Statements, term: object) -> str:
    """The IRI of a property or of that which it is the inverse of."""
    if isinstance(term, BlankNode):
        return next((v.value for v in statements.values(term, OWL + "inverseOf") if isinstance(v, NamedNode)), "")
    return term.value if isinstance(term, NamedNode) else ""


def _inner(members: tuple[str, ...], above: str) -> tuple[str, ...]:
    """The properties of a chain that must come before the one that follows from it: it may stand itself at one end."""
    if members == (above, above) or above == OWL + "topObjectProperty":
        return ()
    return members[1:] if members[:1] == (above,) else members[:-1] if members[-1:] == (above,) else members


def not_simple(statements: Statements) -> Iterator[Breach]:
    """Properties that hold along a chain where only simple ones may stand."""
    composite = hierarchy(statements).composite
    for triple, term, what in _simple_places(statements):
        name = _names(statements, term)
        if name in composite:
            yield Breach(
                "non-simple property",
                f"{compact(name)} holds along a chain, so that it cannot be {what}.",
                "Take that away, or say it of a property that is neither transitive nor above one that is or has a chain.",
                triple,
                prevents=True,
            )


def _simple_places(statements: Statements) -> Iterator[tuple[Triple, Term, str]]:
    for triple in statements:
        name, subject, value = triple.predicate.value, triple.subject, triple.object
        assert isinstance(subject, NamedNode | BlankNode)
        kind = getattr(value, "value", "")
        if name == TYPE and kind in _SIMPLE_ONLY:
            yield triple, subject, _SIMPLE_ONLY[kind]
        elif name == TYPE and kind == OWL + "AllDisjointProperties":
            for head in statements.values(subject, OWL + "members"):
                yield from ((triple, member, "disjoint with another") for member in statements.members(head))
        elif name == OWL + "propertyDisjointWith" and isinstance(value, NamedNode | BlankNode):
            yield from ((triple, term, "disjoint with another") for term in (subject, value))
        elif name in CARDINALITIES or name == OWL + "hasSelf":
            yield from (
                (triple, on, "counted or taken of a thing itself") for on in statements.values(subject, OWL + "onProperty")
            )


def irregular(statements: Statements) -> Iterator[Breach]:
    """Chains that lead back to themselves: there must be an order in which each property comes after those of its chains."""
    found = hierarchy(statements)
    for members, above, triple in found.chains:
        later = found.after(above)
        if any(m in found.reach(name) for name in later for m in _inner(members, above)):
            yield Breach(
                "irregular chain",
                f"The chain of {compact(above)} leads back to it.",
                "Let each property of a chain come before the one that follows from it, which may stand itself only at one end.",
                triple,
                prevents=True,
            )
