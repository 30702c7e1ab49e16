"""Whether the triples can be read as OWL 2 at all (Mapping to RDF Graphs, section 3): headers, lists, class expressions,
and what has no name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from mwkb.reasoning.statements import Statements, as_term, is_a
from mwkb.reasoning.syntax import CLASS, DATATYPE, EXPRESSIONS, FILLERS, TYPE, owl
from mwkb.reasoning.terms import kinds_of, uses
from mwkb.reasoning.violation import Breach
from mwkb.vocabulary import OWL, RDF, RDFS, XSD, compact, local_name

_LISTED = {
    OWL + "unionOf": 0,
    OWL + "intersectionOf": 0,
    OWL + "oneOf": 0,
    OWL + "members": 2,
    OWL + "distinctMembers": 2,
    OWL + "disjointUnionOf": 2,
    OWL + "propertyChainAxiom": 2,
    OWL + "hasKey": 1,
    OWL + "withRestrictions": 1,
    OWL + "onProperties": 1,
}
"""What is a list, and how many members OWL 2 DL wants at least."""
_NAMED_ONLY = owl("sameAs differentFrom hasValue sourceIndividual targetIndividual")


def headers(statements: Statements) -> Iterator[Breach]:
    """A file says of one ontology what it is, each with one version."""
    by_file: dict[str, list[Triple]] = {}
    for triple in statements:
        if is_a(triple, OWL + "Ontology"):
            by_file.setdefault(statements.places[triple].file, []).append(triple)
    for several in by_file.values():
        for triple in several[1:]:
            yield Breach("header", "The file has two headers.", "Keep one owl:Ontology.", triple)
    versions = Counter(t.subject for t in statements if t.predicate.value == OWL + "versionIRI")
    for triple in statements:
        if triple.predicate.value != OWL + "versionIRI":
            continue
        if triple.subject not in statements.ontologies:
            what = f"{_shown(triple.subject)} has a version but is no ontology."
            yield Breach("header", what, "Declare it: a owl:Ontology.", triple)
        elif versions[triple.subject] > 1:
            what = f"{_shown(triple.subject)} has {versions[triple.subject]} version IRIs."
            yield Breach("header", what, "Keep one.", triple)


def lists(statements: Statements) -> Iterator[Breach]:
    """Lists that have no end, branch, or have too few members."""
    for triple in statements:
        least = _LISTED.get(triple.predicate.value)
        if least is None:
            continue
        problem = _flaw(statements, triple.object)
        members = len(statements.members(triple.object)) if isinstance(triple.object, NamedNode | BlankNode) else 0
        if not problem and members < least:
            problem = f"has {members} member{'' if members == 1 else 's'} and needs {least}"
        if problem:
            what = f"The list of {compact(triple.predicate.value)} {problem}."
            yield Breach("list", what, "Write it as ( one two three ).", triple, prevents=True)


def _flaw(statements: Statements, head: object) -> str:
    met: set[object] = set()
    while head != NamedNode(RDF + "nil"):
        if not isinstance(head, BlankNode):
            return "does not end with rdf:nil"
        if head in met:
            return "comes back to itself"
        met.add(head)
        first, rest = statements.values(head, RDF + "first"), statements.values(head, RDF + "rest")
        if len(first) != 1 or len(rest) != 1:
            return f"has {len(first)} rdf:first and {len(rest)} rdf:rest in one place, and needs one of each"
        head = rest[0]
    return ""


def expressions(statements: Statements) -> Iterator[Breach]:
    """Nameless classes and data ranges that cannot be read as one expression."""
    used = {use.term: use.triple for use in uses(statements) if isinstance(use.term, BlankNode)}
    starts = {
        t.subject: t
        for t in statements
        if t.predicate.value in (*EXPRESSIONS, OWL + "onProperty") and isinstance(t.subject, BlankNode)
    }
    for node, triple in {**used, **starts}.items():
        if problem := _unreadable(statements, node):
            yield Breach("class expression", problem[0], problem[1], triple, prevents=True)


def _unreadable(statements: Statements, node: BlankNode) -> tuple[str, str] | None:
    said = [t for t in statements.about.get(node, ()) if t.predicate.value != TYPE]
    if any(t.predicate.value == OWL + "inverseOf" for t in said):
        return None
    expressed = [t for t in said if t.predicate.value in (*EXPRESSIONS, *FILLERS)]
    restriction = any(t.predicate.value in (OWL + "onProperty", OWL + "onProperties") for t in said)
    types = {getattr(value, "value", "") for value in statements.values(node, TYPE)}
    if restriction and len([t for t in said if t.predicate.value == OWL + "onProperty"]) > 1:
        return "A restriction is on two properties.", "Write a restriction for each, joined by owl:intersectionOf."
    if len(expressed) != 1:
        said_of = ", ".join(sorted(compact(t.predicate.value) for t in expressed)) or "nothing that makes it one"
        return f"A nameless class says {said_of}.", "Say one thing of it, such as owl:someValuesFrom or owl:unionOf."
    if (expressed[0].predicate.value in FILLERS) != restriction:
        lacking = "owl:onProperty" if not restriction else "what it restricts to"
        return (
            f"A restriction lacks {lacking}.",
            "Give it owl:onProperty and one of owl:someValuesFrom, owl:allValuesFrom and the like.",
        )
    if restriction and OWL + "Restriction" not in types:
        return "A restriction is not declared as one.", "Write: [ a owl:Restriction ; ... ]."
    if not restriction and not types & {CLASS, DATATYPE}:
        return "A nameless class is declared neither as a class nor as a datatype.", "Write: [ a owl:Class ; ... ]."
    return _number(statements, expressed[0], said)


def _number(statements: Statements, triple: Triple, said: list[Triple]) -> tuple[str, str] | None:
    name, value = local_name(triple.predicate.value), triple.object
    if "ardinality" in name:
        if not isinstance(value, Literal) or not value.value.lstrip("+").isdigit() or not value.datatype.value.startswith(XSD):
            return f"The number of {compact(triple.predicate.value)} is none.", 'Write it as "2"^^xsd:nonNegativeInteger.'
        qualified = any(t.predicate.value in (OWL + "onClass", OWL + "onDataRange") for t in said)
        if qualified != ("ualified" in name):
            return f"{compact(triple.predicate.value)} {'has' if qualified else 'lacks'} owl:onClass.", (
                "Use the qualified cardinalities with owl:onClass or owl:onDataRange, and the others without."
            )
    if name == "hasSelf" and getattr(value, "value", "") != "true":
        return "owl:hasSelf is not true.", "Write: owl:hasSelf true."
    return None


def mixed(statements: Statements) -> Iterator[Breach]:
    """Classes said to be data ranges, object properties to be datatype properties."""
    for triple in statements:
        name = triple.predicate.value
        if name in (OWL + "equivalentClass", RDFS + "subPropertyOf", OWL + "equivalentProperty", OWL + "propertyDisjointWith"):
            one, other = (kinds_of(statements, as_term(t)) for t in (triple.subject, triple.object))
            if one and other and not one & other:
                what = f"{_shown(triple.subject)} and {_shown(triple.object)} are not of one kind, as {compact(name)} wants."
                yield Breach("wrong kind", what, "Say it of two things of one kind.", triple)


def nameless(statements: Statements) -> Iterator[Breach]:
    """Individuals without a name where OWL 2 DL wants one, or in a circle."""
    expressions = {t.subject for t in statements if t.predicate.value in (*EXPRESSIONS, *FILLERS, RDF + "first")}
    links: dict[BlankNode, list[tuple[BlankNode, Triple]]] = {}
    for triple in statements:
        name, subject, value = triple.predicate.value, triple.subject, triple.object
        ends = [value] if name == OWL + "hasValue" else [subject, value] if name.endswith(("#sameAs", "#differentFrom")) else []
        ends += [value] if name in (OWL + "sourceIndividual", OWL + "targetIndividual") else []
        if name in _NAMED_ONLY and any(isinstance(end, BlankNode) for end in ends):
            what = f"{compact(name)} is said of something without a name."
            yield Breach("nameless individual", what, "Give it a name.", triple)
        plain = not name.startswith((OWL, RDF, RDFS)) and subject not in expressions and value not in expressions
        if plain and isinstance(subject, BlankNode) and isinstance(value, BlankNode):
            links.setdefault(subject, []).append((value, triple))
    for start in links:
        for value, triple in links[start]:
            if start in _reached(value, links):
                what = "Things without names are linked in a circle."
                yield Breach("nameless individual", what, "Give one of them a name.", triple)


def _reached(start: BlankNode, links: dict[BlankNode, list[tuple[BlankNode, Triple]]]) -> set[BlankNode]:
    found, waiting = {start}, [start]
    while waiting:
        new = {value for value, _ in links.get(waiting.pop(), ())} - found
        found |= new
        waiting += new
    return found


def _shown(term: object) -> str:
    return compact(term.value) if isinstance(term, NamedNode) else "A nameless one"
