"""The columns of a table: the properties that facts of a kind have or may have, and what each asks for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal as OneOf

from pyoxigraph import Literal, NamedNode

from mwkb import files
from mwkb.card import property_label
from mwkb.knowledge import Knowledge, Term
from mwkb.plan.read import conclusions
from mwkb.store import turtle_store
from mwkb.table.kind import Kind, broader_kinds, narrower_kinds
from mwkb.vocabulary import DCTERMS, KB, MWKB, OWL, RDF, RDFS, SKOS, XSD, local_name

Holds = OneOf["thing", "text", "yes-no", "number", "date", "typed"]
"""What a cell holds; ``typed`` is what a datatype names for which there is no kind of cell, such as a year."""

_NAME = SKOS + "prefLabel"
_FIRST = (_NAME, SKOS + "altLabel", SKOS + "notation", SKOS + "definition", MWKB + "statement")
_WITHDRAWAL = (OWL + "deprecated", DCTERMS + "isReplacedBy", MWKB + "deprecationReason", MWKB + "deprecatedIn")
"""A fact is never deleted; these say that it is not to be used any more. Every kind may have them."""
_LAST = (SKOS + "scopeNote", DCTERMS + "source", MWKB + "sourceLines", RDFS + "seeAlso", *_WITHDRAWAL)
_ALWAYS = (_NAME, SKOS + "altLabel", SKOS + "definition", SKOS + "scopeNote", DCTERMS + "source", *_WITHDRAWAL)
_OF_LANGUAGE = re.compile(r"Mark its language as en-GB\.")
"""What a shape asks for and a table does by itself."""
_NUMBERS = (XSD + "integer", XSD + "decimal")
_ASKED = """
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT ?class ?path ?min ?max ?message ?value ?datatype WHERE {
  ?node sh:targetClass ?class ; sh:property ?shape .
  ?shape sh:path ?path ; sh:message ?message .
  OPTIONAL { ?shape sh:minCount ?min }
  OPTIONAL { ?shape sh:maxCount ?max }
  OPTIONAL { ?shape (sh:or/rdf:rest*/rdf:first)?/sh:class ?value }
  OPTIONAL { ?shape (sh:or/rdf:rest*/rdf:first)?/sh:datatype ?datatype }
}"""


@dataclass(frozen=True)
class Column:
    """One property as a column.

    ``classes`` are those of which a thing must be, none if any will do; ``addresses`` says that a web address is a value
    too. ``datatype`` is that of a new literal, empty for a text in British English.
    """

    iri: str
    label: str
    help: str
    required: bool
    several: bool
    holds: Holds
    datatype: str = ""
    classes: tuple[str, ...] = ()
    addresses: bool = False

    @property
    def heading(self) -> str:
        return self.label[:1].upper() + self.label[1:] + (" *" if self.required else "")


class Columns:
    """What the ontology, the shapes and the facts themselves say of properties."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge

    def of(self, kind: Kind) -> tuple[Column, ...]:
        """The columns for facts of a kind, in the order in which a person fills them in."""
        classes = set(broader_kinds(self._knowledge, kind.iri))
        asked = [row for row in self._asked if row["class"].value in classes]
        terms = {*_ALWAYS, *(row["path"].value for row in asked)}
        terms |= {term for above in classes for term in self._knowledge.subjects("rdfs:domain", above)} - conclusions()
        terms |= {term for fact in kind.facts for term in self._said.get(fact, {})}
        found = [self._column(term, kind, [row for row in asked if row["path"].value == term]) for term in terms]
        labels = Counter(column.label for column in found)
        apart = {c.iri: f"{c.label} ({local_name(c.iri)})" if labels[c.label] > 1 else c.label for c in found}
        renamed = (replace(column, label=apart[column.iri]) for column in found)
        return tuple(sorted(renamed, key=lambda column: (*_rank(column.iri), column.label)))

    def _column(self, iri: str, kind: Kind, asked: Sequence[dict[str, Term]]) -> Column:
        own = [value for fact in kind.facts for value in self._said.get(fact, {}).get(iri, ())]
        every = self._values.get(iri, [])
        kinds = {value.value for value in self._knowledge.objects(iri, "rdf:type")}
        ranges = [value.value for value in self._knowledge.objects(iri, "rdfs:range")]
        classes = _told(asked, "value") or [value for value in ranges if value.startswith(MWKB)]
        datatypes = _told(asked, "datatype") or [value for value in ranges if value.startswith(XSD)]
        links = iri in (DCTERMS + "source", DCTERMS + "isReplacedBy") or bool(classes) or OWL + "ObjectProperty" in kinds
        holds: Holds
        if links or any(isinstance(value, NamedNode) for value in every):
            holds, datatype = "thing", ""
        else:
            holds, datatype = _literal(iri, datatypes, [v for v in own or every if isinstance(v, Literal)])
        one = any(int(row["max"].value) == 1 for row in asked if "max" in row) or OWL + "FunctionalProperty" in kinds
        several = not one and (holds == "thing" or self._is_said_twice(iri))
        return Column(
            iri,
            property_label(self._knowledge, iri),
            self._help(iri, asked, holds, several, classes),
            any("min" in row for row in asked),
            several,
            holds,
            datatype,
            tuple(classes),
            holds == "thing" and not classes and iri in self._with_addresses,
        )

    def _help(self, iri: str, asked: Sequence[dict[str, Term]], holds: Holds, several: bool, classes: Sequence[str]) -> str:
        """The definition of a property, what the shapes say is to be done, and how to write it."""
        said = [self._knowledge.value(iri, "skos:definition") or _HELP.get(iri, "")]
        said += [_OF_LANGUAGE.sub("", row["message"].value.partition(". ")[2]).strip() for row in asked]
        if holds == "thing":
            what = " or ".join(self._knowledge.label(kind) for kind in classes)
            else_ = ", or a web address" if iri in self._with_addresses else ""
            said.append(f"Give the name or id of {'each ' if several else 'one '}{what or 'fact'}{else_}.")
        if several:
            said.append("Put each on a line of its own in the cell.")
        return " ".join(dict.fromkeys(filter(None, said)))

    def _is_said_twice(self, iri: str) -> bool:
        return any(len(said.get(iri, ())) > 1 for said in self._said.values())

    @cached_property
    def _with_addresses(self) -> frozenset[str]:
        """The properties of which some value is no thing that the knowledge base names."""
        ours = (KB, MWKB)
        return frozenset(
            term
            for term, values in self._values.items()
            if any(isinstance(value, NamedNode) and not value.value.startswith(ours) for value in values)
        )

    @cached_property
    def _asked(self) -> list[dict[str, Term]]:
        return Knowledge(turtle_store(files.shape_file("kb"))).select(_ASKED)

    @cached_property
    def _said(self) -> dict[str, dict[str, list[Term]]]:
        """What each fact says, by property, in the files of facts: what the ontology says of it is not changed in a table."""
        found: dict[str, dict[str, list[Term]]] = {}
        for quad in turtle_store(*files.fact_files()):
            subject, term, value = quad.subject, quad.predicate.value, quad.object
            if isinstance(subject, NamedNode) and isinstance(value, NamedNode | Literal) and term != RDF + "type":
                found.setdefault(subject.value, {}).setdefault(term, []).append(value)
        return found

    @cached_property
    def _values(self) -> dict[str, list[Term]]:
        """All values of each property of facts."""
        found: dict[str, list[Term]] = {}
        for said in self._said.values():
            for term, values in said.items():
                found.setdefault(term, []).extend(values)
        return found

    def said(self, fact: str, term: str) -> list[Term]:
        """The values of a property of a fact."""
        return self._said.get(fact, {}).get(term, [])


_HELP = {
    _NAME: "The name that a person knows it by.",
    SKOS + "altLabel": "Another name under which it is looked up.",
    SKOS + "definition": "One sentence: a (parent) that (difference).",
    SKOS + "notation": "The number or code under which it is known.",
    SKOS + "scopeNote": "What else a reader has to know.",
    DCTERMS + "source": "Where it comes from: a part of the toolkit, a publication or its web address.",
    OWL + "deprecated": "Yes if it is withdrawn: a fact is never deleted.",
    DCTERMS + "isReplacedBy": "What is to be used in its place, if it is withdrawn.",
}
"""The help for properties of other vocabularies, which the ontology does not define."""


def _literal(iri: str, datatypes: Sequence[str], values: Sequence[Literal]) -> tuple[Holds, str]:
    """What a cell holds and the datatype of what is new, by the shapes or ontology, else as most values have it."""
    if iri == OWL + "deprecated":
        datatypes = [XSD + "boolean"]
    usual = Counter("" if value.language else value.datatype.value for value in values).most_common(1)
    found = datatypes or [datatype for datatype, _ in usual if datatype]
    if not found:
        return "text", ""
    if set(found) == set(_NUMBERS) or (not datatypes and found[0] in _NUMBERS and _has_both(values)):
        return "number", ""
    kinds: dict[str, Holds] = {XSD + "string": "text", XSD + "boolean": "yes-no", XSD + "date": "date"}
    kinds |= dict.fromkeys(_NUMBERS, "number")
    return kinds.get(found[0], "typed"), found[0]


def _has_both(values: Sequence[Literal]) -> bool:
    return {value.datatype.value for value in values} == set(_NUMBERS)


def _told(asked: Sequence[dict[str, Term]], name: str) -> list[str]:
    return list(dict.fromkeys(row[name].value for row in asked if name in row))


def _rank(iri: str) -> tuple[int, int]:
    if iri in _FIRST:
        return 0, _FIRST.index(iri)
    return (2, _LAST.index(iri)) if iri in _LAST else (1, 0)


def choices(knowledge: Knowledge, classes: Sequence[str]) -> Iterator[str]:
    """The facts that a column allows."""
    for kind in dict.fromkeys(below for each in classes for below in narrower_kinds(knowledge, each)):
        yield from knowledge.subjects("rdf:type", kind)
