"""The knowledge base for other triplestores, and the rules for other rule engines."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from pyoxigraph import CanonicalizationAlgorithm, Dataset, DefaultGraph, NamedNode, RdfFormat, Store, Triple, serialize

from mwkb.deprecation import GRAPH
from mwkb.knowledge import Knowledge
from mwkb.rules import Rule
from mwkb.sparql import tokens
from mwkb.vocabulary import KB, MWKB, OWL, PREFIXES, RDF, SHAPE

HEADER = "https://w3id.org/mwkb/shapes/rules"
"""The IRI of the exported rules as a whole."""


def nquads(knowledge: Knowledge) -> str:
    """All that is in the store, sorted: the default graph holds everything, as queries read it.

    What a plan says and what each rule concluded from it is in a named graph of its own as well.
    """
    lines = serialize(_dataset(knowledge.store), format=RdfFormat.N_QUADS) or b""
    return b"".join(sorted(lines.splitlines(keepends=True))).decode()


def turtle(knowledge: Knowledge) -> str:
    """All that is in the store as one graph."""
    return (serialize(_triples(knowledge), format=RdfFormat.TURTLE, prefixes=PREFIXES) or b"").decode()


def merged(knowledge: Knowledge) -> list[Triple]:
    """Ontology and facts as one ontology that imports nothing, for Protege and other editors of OWL, sorted.

    It has the header of the ontology as a whole; those of the modules, which are in it, are left out.
    """
    store = knowledge.alone
    whole = MWKB.rstrip("#")
    headers = {quad.subject for quad in store.quads_for_pattern(None, NamedNode(RDF + "type"), NamedNode(OWL + "Ontology"))}
    modules = {header for header in headers if getattr(header, "value", "") != whole}
    triples = (quad.triple for quad in _dataset(store))
    return sorted((t for t in triples if t.subject not in modules and t.predicate.value != OWL + "imports"), key=str)


def merged_turtle(knowledge: Knowledge) -> str:
    return (serialize(merged(knowledge), format=RdfFormat.TURTLE, prefixes=PREFIXES) or b"").decode()


def merged_rdfxml(knowledge: Knowledge) -> str:
    return (serialize(merged(knowledge), format=RdfFormat.RDF_XML, prefixes=PREFIXES) or b"").decode()


def merged_functional(knowledge: Knowledge) -> str:
    """In OWL 2 functional-style syntax. Raises InputProblem if something in it has no name."""
    from mwkb.functional import functional

    return functional(merged(knowledge))


def jsonld(knowledge: Knowledge) -> str:
    """All that is in the store as one graph, in JSON-LD with the prefixes as its context."""
    from rdflib import Graph

    graph = Graph(bind_namespaces="none")
    graph.parse(data=serialize(_triples(knowledge), format=RdfFormat.N_TRIPLES) or b"", format="nt")
    document = json.loads(graph.serialize(format="json-ld", context=PREFIXES))
    return json.dumps(_sorted(document), ensure_ascii=False, indent=1) + "\n"


def _sorted(value: Any) -> Any:
    """JSON-LD in one order: there is no list in it whose order means something."""
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return sorted(
            map(_sorted, value),
            key=lambda item: (item.get("@id", ""), json.dumps(item)) if isinstance(item, dict) else ("", item),
        )
    return value


def _triples(knowledge: Knowledge) -> list[Triple]:
    """The triples of the default graph and those of deprecated facts, each once, sorted."""
    graphs = (DefaultGraph(), NamedNode(GRAPH))
    return sorted({quad.triple for quad in _dataset(knowledge.store) if quad.graph_name in graphs}, key=str)


def _dataset(store: Store) -> Dataset:
    """What is in a store, with blank nodes, which only a plan can have, named the same every time."""
    dataset = Dataset(store)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def shacl_af(knowledge: Knowledge) -> str:
    """The rules that ask for no absence and count nothing, as SHACL Advanced Features in Turtle.

    SHACL runs a rule once for each target and does not say whether it runs again when another rule has
    concluded something. So all rules belong to one shape, in the order in which they feed one another,
    and the shape has one target, which the rules do not mention: an engine that iterates comes to the
    same end as mwkb does, and one that does not comes as near as it can.
    """
    from rdflib import DCTERMS, OWL, RDF, RDFS, SH, XSD, Graph, Literal, URIRef

    graph = Graph(bind_namespaces="none")
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace, replace=True)
    header, shape = URIRef(HEADER), URIRef(SHAPE + "rules")

    def say(subject: URIRef, *pairs: tuple[URIRef, URIRef | Literal]) -> None:
        for predicate, value in pairs:
            graph.add((subject, predicate, value))

    def text(content: str) -> Literal:
        return Literal(content, lang="en-GB")

    say(
        header,
        (RDF.type, OWL.Ontology),
        (DCTERMS.title, text("mwkb: rules for other engines")),
        (DCTERMS.description, text(_description(knowledge.rules))),
        (DCTERMS.creator, text("The mwkb editors")),
        (DCTERMS.license, URIRef("https://creativecommons.org/licenses/by/4.0/")),
        (OWL.versionInfo, Literal(knowledge.version)),
    )
    for prefix, namespace in PREFIXES.items():
        declaration = URIRef(f"{SHAPE}prefix-{prefix}")
        say(header, (SH.declare, declaration))
        say(
            declaration,
            (RDF.type, SH.PrefixDeclaration),
            (SH.prefix, Literal(prefix)),
            (SH.namespace, Literal(namespace, datatype=XSD.anyURI)),
        )
    say(shape, (RDF.type, SH.NodeShape), (RDFS.label, text("All rules")), (SH.targetNode, URIRef(MWKB.rstrip("#"))))
    for position, rule in enumerate(_in_order(rule for layer in knowledge.layers for rule in layer if rule.is_monotone)):
        node = URIRef(rule.iri)
        say(shape, (SH.rule, node))
        say(
            node,
            (RDF.type, SH.SPARQLRule),
            (RDFS.label, text(f"{rule.id} {rule.file.title}")),
            (DCTERMS.description, text(rule.file.description)),
            *((DCTERMS.source, URIRef(KB + part)) for part in rule.file.sources),
            (URIRef(MWKB + "sourceLines"), Literal(rule.file.lines)),
            (SH.construct, Literal(_construct(rule))),
            (SH.order, Literal(position)),
            (SH.prefixes, header),
        )
    return graph.serialize(format="longturtle")


def _construct(rule: Rule) -> str:
    """The text of a rule without its header and prefixes."""
    start = next(token.start for token in tokens(rule.file.text) if token.text.upper() == "CONSTRUCT")
    return rule.file.text[start:].strip()


def _in_order(rules: Iterable[Rule]) -> list[Rule]:
    """The rules so that each comes after those whose conclusions it reads, as far as they do not read one another's."""
    every = list(rules)
    ordered: dict[Rule, None] = {}
    begun: set[Rule] = set()

    def visit(rule: Rule) -> None:
        if rule not in begun:
            begun.add(rule)
            for writer in every:
                if writer.writes & rule.reads:
                    visit(writer)
            ordered[rule] = None

    for rule in every:
        visit(rule)
    return list(ordered)


def _description(rules: Iterable[Rule]) -> str:
    """What the exported rules are, and which rules are not among them and why."""
    absent = [rule.id for rule in rules if rule.reads_absence_of]
    counting = [rule.id for rule in rules if rule.reads_all_of and not rule.reads_absence_of]
    return (
        "Rules of mwkb as SHACL Advanced Features. Run them until nothing new follows. "
        "They are the rules whose conclusions more data never takes away. "
        f"Not among them, because they ask whether something is absent: {', '.join(absent)}. "
        f"Not among them, because they count or add up: {', '.join(counting)}. "
        "What rests on those rules does not follow here either."
    )
