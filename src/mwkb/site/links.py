"""Which thing leads to which, and by what: gathered in one pass over the files, and read both ways."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode

from mwkb.knowledge import Knowledge
from mwkb.rules import Rule
from mwkb.rules.listing import dependencies
from mwkb.site.inferred import Conclusions
from mwkb.site.statements import Node, Pairs, Statements
from mwkb.site.things import Thing
from mwkb.sparql import SparqlFile, names, tokens
from mwkb.vocabulary import DCTERMS, MWKB, OWL, QUERY, RDF, RDFS, SH, local_name

_BACK = {
    RDF + "type": "instances",
    RDFS + "subClassOf": "narrower",
    RDFS + "subPropertyOf": "narrower",
    RDFS + "domain": "starts here",
    RDFS + "range": "leads here",
    RDFS + "isDefinedBy": "defined here",
    DCTERMS + "source": "from this source",
    OWL + "disjointWith": "is something else than this",
    SH + "property": "has this as a part",
    SH + "targetClass": "is for these",
    SH + "targetSubjectsOf": "is for what has this",
    SH + "path": "is on this property",
    SH + "sparql": "checks by this query",
    SH + "prefixes": "uses the prefixes here",
}
"""What a link is called at the thing that it leads to, where the name of the property would not read well there."""


@dataclass(frozen=True, order=True)
class Link:
    """That one thing leads to another. ``words`` say how, as read at the other; ``by`` is the property's IRI, if one."""

    source: str
    target: str
    words: str
    by: str = ""


def links(
    knowledge: Knowledge,
    things: Mapping[str, Thing],
    statements: Statements,
    queries: Mapping[str, SparqlFile],
    concluded: Conclusions,
) -> list[Link]:
    """Every link between two things, each once."""
    found = set(_stated(knowledge, things, statements))
    for rule in knowledge.rules:
        found.update(_of_rule(knowledge, rule))
    for feed in dependencies(knowledge.rules):
        found.add(Link(feed.writer.iri, feed.reader.iri, "feeds this"))
        found.add(Link(feed.reader.iri, feed.writer.iri, "is fed by this"))
    for name, file in queries.items():
        found.update(Link(QUERY + name, iri, "names this") for iri in names(file.text, prefixes_of(file.text)))
    for iri, levels in concluded.levels.items():
        for level in levels:
            found.add(Link(iri, level.rule, "is given an evidence level by this"))
            found.update(Link(iri, basis, "has its evidence level from this (inferred)") for basis in level.basis)
    for iri, inferred in concluded.properties.items():
        for each in inferred:
            found.add(Link(iri, each.value, f"{knowledge.label(each.property)} (inferred)"))
            found.add(Link(iri, each.property, "has this property by inference"))
            found.add(Link(iri, each.rule, "is concluded about by this"))
    return sorted(link for link in found if link.source in things and link.target in things and link.source != link.target)


def _stated(knowledge: Knowledge, things: Mapping[str, Thing], statements: Statements) -> Iterator[Link]:
    labels: dict[str, str] = {}
    for iri, thing in things.items():
        every = _with_inner(statements, statements.of(iri)) if thing.family == "shape" else statements.of(iri)
        for predicate, value in every:
            if predicate in things:
                yield Link(iri, predicate, "has this property", predicate)
            if isinstance(value, NamedNode) and value.value in things:
                if predicate not in labels:
                    labels[predicate] = _BACK.get(predicate) or plain_name(knowledge, predicate)
                yield Link(iri, value.value, labels[predicate], predicate)
            elif isinstance(value, Literal) and predicate in (SH + "select", SH + "ask"):
                for name in names(value.value, statements.prefixes):
                    yield Link(iri, name, "names this")


def plain_name(knowledge: Knowledge, iri: str) -> str:
    """What a person calls a property; the name of one without a label is taken apart."""
    label = knowledge.label(iri)
    return label if label != local_name(iri) else re.sub(r"(?<=[a-z])(?=[A-Z])", " ", label).lower()


def _with_inner(statements: Statements, pairs: Pairs) -> Iterator[tuple[str, Node]]:
    """The statements with those of the nodes without a name that they lead to."""
    for predicate, value in pairs:
        yield predicate, value
        if isinstance(value, BlankNode):
            yield from (
                (p if p.startswith(MWKB) else predicate, v) for p, v in _with_inner(statements, statements.of(str(value)))
            )


def _of_rule(knowledge: Knowledge, rule: Rule) -> Iterator[Link]:
    said: Iterable[tuple[Iterable[str], str]] = (
        (rule.writes, "concludes this"),
        (rule.reads, "reads this"),
        (rule.reads_absence_of, "needs that this is absent"),
        (rule.reads_all_of, "counts this"),
    )
    seen: set[str] = set()
    for terms, words in said:
        for term in terms:
            seen.add(term)
            yield Link(rule.iri, term, words)
    for source in knowledge.warrant(rule):
        yield Link(rule.iri, source.iri, "rests on this")
        seen.add(source.iri)
    for name in names(rule.file.text, prefixes_of(rule.file.text)) - seen:
        yield Link(rule.iri, name, "names this")


def prefixes_of(text: str) -> dict[str, str]:
    """The prefixes that a SPARQL text declares."""
    found = {}
    every = [token for token in tokens(text) if token.kind != "comment"]
    for word, name, iri in zip(every, every[1:], every[2:], strict=False):
        if word.text.upper() == "PREFIX" and iri.kind == "iri":
            found[name.text.rstrip(":")] = iri.text[1:-1]
    return found
