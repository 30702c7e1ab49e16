"""The knowledge base as files to take away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mwkb import export
from mwkb.knowledge import Knowledge
from mwkb.table import kinds, write
from mwkb.vocabulary import local_name

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


def downloads(knowledge: Knowledge) -> tuple[Download, ...]:
    """The whole knowledge base in three formats of RDF, and its facts as tables."""
    return (
        Download(f"{FOLDER}mwkb.ttl", "Ontology and facts as Turtle", export.turtle(knowledge)),
        Download(f"{FOLDER}mwkb.jsonld", "Ontology and facts as JSON-LD", export.jsonld(knowledge)),
        Download(f"{FOLDER}mwkb.nq", "Ontology and facts as N-Quads", export.nquads(knowledge)),
        *_tables(knowledge),
    )


def _tables(knowledge: Knowledge) -> list[Download]:
    """All facts as a workbook, and those of each kind as CSV, as ``mwkb table`` writes them."""
    every = kinds(knowledge)
    book = Download(f"{FOLDER}facts.xlsx", "All facts as a workbook, a sheet for each kind", write.workbook(knowledge, every))
    return [
        book,
        *(
            Download(f"{FOLDER}{local_name(kind.iri)}.csv", f"{kind.label} as CSV", write.csv(knowledge, kind), kind.label)
            for kind in every
        ),
    ]
