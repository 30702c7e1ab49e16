"""Everything that has a page: terms and their modules, facts, shapes, rules and queries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from pyoxigraph import NamedNode

from mwkb.knowledge import Knowledge
from mwkb.site.addresses import paths
from mwkb.site.statements import Statements
from mwkb.sparql import SparqlFile
from mwkb.vocabulary import KB, MWKB, OWL, QUERY, RDF, RDFS, SH, SHAPE, compact, local_name

Family = Literal["module", "term", "fact", "rule", "query", "shape"]
INDEXES = ("ontology/index.html", "kb/index.html", "rule/index.html", "query/index.html", "shapes/index.html")
_TERM_KINDS = (
    ("Class", "class"),
    ("ObjectProperty", "object property"),
    ("DatatypeProperty", "data property"),
    ("AnnotationProperty", "annotation property"),
)
_SHAPE_KINDS = {
    "NodeShape": "shape of a thing",
    "PropertyShape": "shape of a property",
    "SPARQLConstraint": "constraint in SPARQL",
    "PrefixDeclaration": "prefix",
}


@dataclass(frozen=True)
class Thing:
    """What a page is about. ``number`` is what it is known by besides its name: as printed, or the id of a rule or shape."""

    iri: str
    path: str
    family: Family
    kind: str
    name: str
    number: str = ""
    classes: tuple[str, ...] = ()
    deprecated: bool = False

    @property
    def title(self) -> str:
        return f"{self.number} {self.name}".strip()

    @property
    def short(self) -> str:
        return compact(self.iri)

    @property
    def key(self) -> tuple[str, str]:
        """Sorts by number, then by name."""
        return natural(self.title), self.iri


def natural(text: str) -> str:
    """A key by which 2 comes before 10, whatever the case."""
    return re.sub(r"\d+", lambda digits: digits.group().zfill(8), text.casefold())


def gather(knowledge: Knowledge, statements: Statements, queries: Mapping[str, SparqlFile]) -> dict[str, Thing]:
    """All things by IRI, in the order in which they claim the path of their page."""
    found = [
        *_modules(knowledge, statements),
        *_terms(knowledge),
        *_facts(knowledge),
        *(_Found(rule.iri, "rule", "rule", rule.file.title, rule.id) for rule in knowledge.rules),
        *(_Found(QUERY + name, "query", "query", file.title) for name, file in sorted(queries.items())),
        *_shapes(statements),
    ]
    where = paths(((each.iri, each.word) for each in found), INDEXES)
    return {
        each.iri: Thing(
            *(each.iri, where[each.iri], each.family, each.kind, each.name, each.number, each.classes),
            knowledge.value(each.iri, "owl:deprecated") == "true",
        )
        for each in found
    }


@dataclass(frozen=True)
class _Found:
    iri: str
    family: Family
    kind: str
    name: str
    number: str = ""
    classes: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        """What tells its page from that of another with the same name."""
        return self.kind.split()[-1] if self.family == "term" else self.family


def _modules(knowledge: Knowledge, statements: Statements) -> Iterable[_Found]:
    headers = {*knowledge.subjects("rdf:type", OWL + "Ontology")} - {MWKB.rstrip("#")}
    for iri in sorted(headers):
        yield _Found(iri, "module", "module of the ontology", _name_of_module(knowledge.label(iri)))
    for iri in statements.shaped:
        if (RDF + "type", NamedNode(OWL + "Ontology")) in statements.shaped[iri]:
            titles = [str(v.value) for p, v in statements.shaped[iri] if p.endswith("/title") and hasattr(v, "value")]
            yield _Found(iri, "module", "file of shapes", _name_of_module(titles[0] if titles else local_name(iri)))


def _name_of_module(title: str) -> str:
    name = title.removeprefix("mwkb: ")
    return name[:1].upper() + name[1:]


def _terms(knowledge: Knowledge) -> list[_Found]:
    found = []
    for iri in knowledge.names:
        if iri.startswith(MWKB):
            types = {local_name(kind.value) for kind in knowledge.objects(iri, "rdf:type")}
            place, kind = next(((n, word) for n, (t, word) in enumerate(_TERM_KINDS) if t in types), (len(_TERM_KINDS), "term"))
            found.append((place, iri, _Found(iri, "term", kind, knowledge.label(iri))))
    return [each for *_, each in sorted(found, key=lambda item: item[:2])]


def _facts(knowledge: Knowledge) -> Iterable[_Found]:
    for iri in sorted(knowledge.names):
        if iri.startswith(KB):
            classes = tuple(kind.value for kind in knowledge.objects(iri, "rdf:type"))
            yield _Found(iri, "fact", knowledge.kind(iri), knowledge.label(iri), knowledge.number_printed(iri), classes)


def _shapes(statements: Statements) -> Iterable[_Found]:
    for iri in statements.shaped:
        if iri.startswith(SHAPE):
            said: dict[str, str] = {}
            for predicate, value in statements.shaped[iri]:
                said.setdefault(predicate, getattr(value, "value", ""))
            kind = _SHAPE_KINDS.get(local_name(said.get(RDF + "type", "")), "shape")
            if statements.file.get(iri, "").endswith("/form.ttl"):
                kind = "part of the form" if kind == "shape of a thing" else "field of the form"
            name = said.get(SH + "name") or said.get(RDFS + "label") or ""
            yield _Found(iri, "shape", kind, name, local_name(iri))
