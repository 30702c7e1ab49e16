"""The knowledge base as files to take away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode

from mwkb import export
from mwkb.report.structured import table_csv
from mwkb.site.catalogue import Catalogue
from mwkb.site.content import name_of_property
from mwkb.site.things import natural
from mwkb.vocabulary import RDF, compact, local_name

FOLDER = "downloads/"
MEDIA: Mapping[str, str] = {
    ".ttl": "text/turtle",
    ".jsonld": "application/ld+json",
    ".nq": "application/n-quads",
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class Download:
    """A file with what it is; ``kind`` is that of the facts in a table, else empty."""

    path: str
    says: str
    content: str | bytes
    kind: str = ""

    @property
    def media(self) -> str:
        return MEDIA[self.path[self.path.rindex(".") :]]

    @property
    def size(self) -> str:
        """How large it is, in a unit that suits."""
        length = len(self.content.encode() if isinstance(self.content, str) else self.content)
        return f"{length / 1_000_000:.1f} MB" if length >= 1_000_000 else f"{max(1, round(length / 1000))} kB"


def downloads(found: Catalogue) -> tuple[Download, ...]:
    """The whole knowledge base in three formats of RDF, and its facts as tables, one for each kind."""
    knowledge = found.knowledge
    return (
        Download(f"{FOLDER}mwkb.ttl", "Ontology and facts as Turtle", export.turtle(knowledge)),
        Download(f"{FOLDER}mwkb.jsonld", "Ontology and facts as JSON-LD", export.jsonld(knowledge)),
        Download(f"{FOLDER}mwkb.nq", "Ontology and facts as N-Quads", export.nquads(knowledge)),
        *_tables(found),
    )


def _tables(found: Catalogue) -> list[Download]:
    return [
        Download(f"{FOLDER}{local_name(iri)}.csv", f"{found.things[iri].name} as CSV", _table(found, iri), found.things[iri].name)
        for iri in sorted(found.instances, key=lambda iri: natural(found.knowledge.label(iri)))
        if iri in found.things
    ]


def _table(found: Catalogue, class_: str) -> str:
    """A row for each fact of a class; several values in a cell are parted by a semicolon, and facts go by their ids."""
    facts = found.instances[class_]
    properties = sorted({p for fact in facts for p, _ in found.statements.of(fact.iri)} - {RDF + "type"})
    rows = [
        [
            fact.short,
            *(
                "; ".join(compact(v.value) if isinstance(v, NamedNode) else getattr(v, "value", "") for v in values)
                for values in ([v for p, v in found.statements.of(fact.iri) if p == name] for name in properties)
            ),
        ]
        for fact in facts
    ]
    return table_csv(["id", *(name_of_property(found, name) for name in properties)], rows)
