"""Axioms as a person reads them: a sentence with the names of things, and a line of Manchester syntax with their IRIs."""

from __future__ import annotations

from collections.abc import Callable

from pyoxigraph import BlankNode, Literal, NamedNode

from mwkb.reasoning.expression import Expression, expression, junction
from mwkb.reasoning.statements import Axiom, Statements, Term
from mwkb.reasoning.syntax import TYPE
from mwkb.vocabulary import DCTERMS, OWL, RDFS, SKOS, XSD, compact, local_name

_LABELS = (SKOS + "prefLabel", RDFS + "label", DCTERMS + "title")
_CLASSES = {
    RDFS + "subClassOf": ("SubClassOf", "Every {0} is {1}."),
    OWL + "equivalentClass": ("EquivalentTo", "To be {0:a} is to be {1}."),
    OWL + "disjointWith": ("DisjointWith", "Nothing is both {0:a} and {1}."),
    OWL + "complementOf": ("EquivalentTo not", "To be {0:a} is to be anything but {1}."),
    OWL + "unionOf": ("EquivalentTo", "To be {0:a} is to be {1}."),
    OWL + "intersectionOf": ("EquivalentTo", "To be {0:a} is to be {1}."),
    OWL + "oneOf": ("EquivalentTo", "To be {0:a} is to be {1}."),
}
_PROPERTIES = {
    RDFS + "subPropertyOf": ("SubPropertyOf", "What has '{0}' has '{1}' too, with the same value."),
    OWL + "equivalentProperty": ("EquivalentTo", "'{0}' and '{1}' have the same values."),
    OWL + "propertyDisjointWith": ("DisjointWith", "Nothing has the same value of '{0}' and of '{1}'."),
    OWL + "inverseOf": ("InverseOf", "'{0}' is '{1}' the other way round."),
    OWL + "sameAs": ("SameAs", "{0} and {1} are the same."),
    OWL + "differentFrom": ("DifferentFrom", "{0} and {1} are different."),
}
_LISTS = {
    OWL + "disjointUnionOf": ("DisjointUnionOf", "To be {0:a} is to be exactly one of: {1}."),
    OWL + "hasKey": ("HasKey", "No two things of the class {0} have the same values of: {1}."),
    OWL + "propertyChainAxiom": ("SubPropertyChain", "'{0}' follows from these, one after the other: {1}."),
}
_CHARACTERISTICS = {
    "Functional": "Nothing has two values of '{0}'.",
    "InverseFunctional": "No two things have the same value of '{0}'.",
    "Transitive": "'{0}' holds along a chain.",
    "Symmetric": "'{0}' holds in both directions.",
    "Asymmetric": "'{0}' never holds in both directions.",
    "Reflexive": "Everything has '{0}' to itself.",
    "Irreflexive": "Nothing has '{0}' to itself.",
}
_GROUPS = {
    "AllDisjointClasses": ("DisjointClasses", "Nothing is two of these: {0}."),
    "AllDisjointProperties": ("DisjointProperties", "Nothing has the same value of two of these: {0}."),
    "AllDifferent": ("DifferentIndividuals", "These are all different: {0}."),
}
_IN_WORDS = {
    "some": "something with a value of '{0}'{1}",
    "only": "something whose every value of '{0}' is {1}",
    "value": "something with the value {1} of '{0}'",
    "self": "something with '{0}' to itself",
    "min": "something with at least {2} values of '{0}'{1}",
    "max": "something with at most {2} values of '{0}'{1}",
    "exactly": "something with exactly {2} values of '{0}'{1}",
}
_THING, _NOTHING = OWL + "Thing", OWL + "Nothing"

Show = Callable[[Expression], str]


class _Noun(str):
    """The name of a class, which as ``{0:a}`` is given its article."""

    def __format__(self, form: str) -> str:
        return _with_article(self) if form == "a" else str(self)


class Speaker:
    """Says axioms in words and in Manchester syntax."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    def label(self, iri: str) -> str:
        """What a thing is called."""
        return next((v.value for p in _LABELS if (v := self._statements.value(NamedNode(iri), p)) is not None), local_name(iri))

    def words(self, axiom: Axiom) -> str:
        """A sentence with the names that things have."""
        _, sentence, left, right = self._parts(axiom)
        subject, value = self._noun(left), self._value(axiom, right)
        said = sentence.format(_Noun(subject), value)
        return said[0].upper() + said[1:]

    def manchester(self, axiom: Axiom) -> str:
        """A line of Manchester syntax."""
        word, _, left, right = self._parts(axiom)
        return " ".join(filter(None, [*map(_manchester, left), word, ", ".join(map(_manchester, right))]))

    def _parts(self, axiom: Axiom) -> tuple[str, str, list[Expression], list[Expression]]:
        """The word of Manchester syntax, the sentence, and what goes before and into it."""
        head, of = axiom.head, self._expression
        subject, name, value = head.subject, head.predicate.value, head.object
        assert isinstance(subject, NamedNode | BlankNode) and isinstance(value, NamedNode | BlankNode | Literal)
        kind = local_name(getattr(value, "value", ""))
        if name in _CLASSES:
            many = name in (OWL + "unionOf", OWL + "intersectionOf", OWL + "oneOf")
            return (*_CLASSES[name], [of(subject)], [junction(self._statements, name, value) if many else of(value)])
        if name in _PROPERTIES:
            return (*_PROPERTIES[name], [of(subject)], [of(value)])
        if name in _LISTS:
            return (*_LISTS[name], [of(subject)], list(map(of, self._statements.members(value))))
        if name == RDFS + "domain":
            return "Domain", "Whatever has '{0}' is {1}.", [of(subject)], [of(value)]
        if name == RDFS + "range":
            return "Range", "Every value of '{0}' is {1}.", [of(subject)], [of(value)]
        if name == TYPE and kind in _GROUPS and isinstance(subject, BlankNode):
            heads = [h for p in ("members", "distinctMembers") for h in self._statements.values(subject, OWL + p)]
            word, sentence = _GROUPS[kind]
            return f"{word}:", sentence.replace("{0}", "{1}"), [], [of(m) for h in heads for m in self._statements.members(h)]
        if name == TYPE and kind == "NegativePropertyAssertion":
            return self._negative(subject)
        if name == TYPE and (word := kind.removesuffix("Property")) in _CHARACTERISTICS:
            return f"Characteristics {word}", _CHARACTERISTICS[word], [of(subject)], []
        if name == TYPE:
            return "Type", "{0} is {1}.", [of(subject)], [of(value)]
        label = self.label(name).replace("{", "{{").replace("}", "}}")
        return compact(name), f"{{0}} has '{label}' {{1}}.", [of(subject)], [of(value)]

    def _negative(self, subject: Term) -> tuple[str, str, list[Expression], list[Expression]]:
        source, on = (self._statements.value(subject, OWL + p) for p in ("sourceIndividual", "assertionProperty"))
        target = self._statements.value(subject, OWL + "targetIndividual") or self._statements.value(subject, OWL + "targetValue")
        name = getattr(on, "value", "")
        left, right = ([self._expression(term)] if term is not None else [] for term in (source, target))
        return f"not {compact(name)}", f"{{0}} does not have '{self.label(name)}' {{1}}.", left, right

    def _expression(self, term: Term) -> Expression:
        return expression(self._statements, term)

    def _noun(self, left: list[Expression]) -> str:
        return ", ".join(self._named(part) for part in left)

    def _value(self, axiom: Axiom, right: list[Expression]) -> str:
        name, value = axiom.head.predicate.value, axiom.head.object
        kind = local_name(getattr(value, "value", ""))
        nameable = kind in (*_GROUPS, "NegativePropertyAssertion") and kind != "AllDisjointClasses"
        classes = name in _CLASSES or name in (RDFS + "domain", RDFS + "range", OWL + "disjointUnionOf")
        if classes or (name == TYPE and not nameable):
            return ", ".join(map(self._class, right))
        return ", ".join(map(self._named, right))

    def _named(self, part: Expression) -> str:
        """A property or an individual by its name, a class without its article."""
        if part.form == "inverse":
            return f"{self._named(part.parts[0])} (the other way round)"
        return self._class(part, article=False)

    def _class(self, part: Expression, article: bool = True) -> str:
        """A class or data range in words."""
        form, parts, term = part.form, part.parts, part.term
        if form == "name":
            return self._name(term, article)
        if form in ("or", "and"):
            return f" {form} ".join(self._class(p) for p in parts)
        if form == "one of":
            return "one of " + ", ".join(map(self._named, parts))
        if form == "not":
            return f"anything but {self._class(parts[0])}"
        if form == "facets":
            return self._class(parts[0]) + " with " + ", ".join(f"{p.number} {self._named(p.parts[0])}" for p in parts[1:])
        if form in _IN_WORDS:
            filler = "" if len(parts) == 1 else self._named(parts[1]) if form == "value" else self._class(parts[1])
            if form in ("some", "min", "max", "exactly") and filler == "anything":
                filler = ""
            elif form in ("some", "min", "max", "exactly") and filler:
                filler = f" that {'is' if form == 'some' else 'are each'} {filler}"
            return _IN_WORDS[form].format(self._named(parts[0]), filler, part.number)
        return "something"

    def _name(self, term: Term | None, article: bool) -> str:
        if isinstance(term, Literal):
            return f'"{term.value}"'
        iri = getattr(term, "value", "")
        if iri in (_THING, _NOTHING):
            return "anything" if iri == _THING else "nothing"
        label = compact(iri) if iri.startswith(XSD) else self.label(iri)
        return _with_article(label) if article else label


def _with_article(noun: str) -> str:
    return f"{'an' if noun[:1].lower() in 'aeio' else 'a'} {noun}"


def _manchester(part: Expression) -> str:
    parts = list(map(_manchester, part.parts))
    match part.form:
        case "name":
            return _term(part.term)
        case "or" | "and":
            return f"({f' {part.form} '.join(parts)})"
        case "one of":
            return "{" + ", ".join(parts) + "}"
        case "not" | "inverse":
            return f"({part.form} {parts[0]})"
        case "facets":
            return f"{parts[0]}[{', '.join(parts[1:])}]"
        case "facet":
            return f"{part.number} {parts[0]}"
        case "self":
            return f"({parts[0]} Self)"
        case "min" | "max" | "exactly":
            return f"({' '.join([parts[0], part.form, part.number, *parts[1:]])})"
        case "some" | "only" | "value":
            return f"({parts[0]} {part.form} {parts[1]})"
    return "_"


def _term(term: Term | None) -> str:
    if not isinstance(term, Literal):
        return compact(getattr(term, "value", ""))
    text = '"' + term.value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if term.language:
        return f"{text}@{term.language}"
    return text if term.datatype.value == XSD + "string" else f"{text}^^{compact(term.datatype.value)}"
