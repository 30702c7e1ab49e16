"""The decision matrix with the interventions of a plan in its cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mwkb.assessment import Assessment
from mwkb.knowledge import Knowledge
from mwkb.report.words import named
from mwkb.vocabulary import MWKB, local_name

MOST = 6
"""How many interventions of one cell are shown, so that the matrix fits on a page."""


@dataclass(frozen=True)
class Placed:
    """An intervention in a cell of the matrix."""

    name: str
    commissioned: bool


@dataclass(frozen=True)
class Category:
    """A category of the matrix; ``style`` is its name in the style sheet."""

    name: str
    symbol: str
    asks: str
    style: str


@dataclass(frozen=True)
class Cell:
    """A cell of the matrix with those of its interventions that fit, the commissioned first, and how many more it has."""

    category: Category
    interventions: tuple[Placed, ...]
    further: int = 0


@dataclass(frozen=True)
class Matrix:
    """The decision matrix: a row for each evidence level, the highest first, with a cell for each priority."""

    priorities: tuple[int, ...]
    rows: tuple[tuple[int, str, tuple[Cell, ...]], ...]
    categories: tuple[Category, ...]

    @property
    def holds_any(self) -> bool:
        return any(cell.interventions for _, _, cells in self.rows for cell in cells)

    @property
    def holds_more(self) -> bool:
        """Whether a cell has more interventions than it shows."""
        return any(cell.further for _, _, cells in self.rows for cell in cells)


def matrix(found: Assessment, knowledge: Knowledge) -> Matrix:
    """The matrix as the knowledge base holds it, with the interventions that the plan's ratings place in it."""
    cells: dict[tuple[int, int], Category] = {}
    for iri in knowledge.subjects("rdf:type", MWKB + "MatrixCell"):
        evidence, priority = knowledge.number(iri, "mwkb:evidenceValue"), knowledge.number(iri, "mwkb:priorityValue")
        if evidence is not None and priority is not None:
            cells[evidence, priority] = _category(knowledge, knowledge.value(iri, "mwkb:category") or "")
    placed: dict[tuple[int, int], list[Placed]] = {}
    for rated in sorted(found.ratings, key=lambda r: (not r.commissioned, r.intervention.iri)):
        at = (rated.rating.evidence, rated.rating.priority)
        placed.setdefault(at, []).append(Placed(named(rated.intervention), rated.commissioned))
    levels = {knowledge.number(iri, "mwkb:levelValue"): iri for iri in knowledge.subjects("rdf:type", MWKB + "EvidenceLevel")}
    evidence_levels = sorted({evidence for evidence, _ in cells}, reverse=True)
    priorities = tuple(sorted({priority for _, priority in cells}))
    ranked = sorted(
        knowledge.subjects("rdf:type", MWKB + "MatrixCategory"), key=lambda c: knowledge.number(c, "mwkb:categoryRank") or 0
    )
    return Matrix(
        priorities,
        tuple(
            (
                level,
                knowledge.value(levels[level], "skos:altLabel") or "" if level in levels else "",
                tuple(_cell(cells[level, p], placed.get((level, p), [])) for p in priorities if (level, p) in cells),
            )
            for level in evidence_levels
        ),
        tuple(_category(knowledge, iri) for iri in ranked),
    )


def _cell(category: Category, placed: Sequence[Placed]) -> Cell:
    return Cell(category, tuple(placed[:MOST]), len(placed[MOST:]))


def _category(knowledge: Knowledge, iri: str) -> Category:
    symbol, asks = (knowledge.value(iri, name) or "" for name in ("skos:notation", "mwkb:asks"))
    return Category(knowledge.label(iri), symbol, asks, local_name(iri))
