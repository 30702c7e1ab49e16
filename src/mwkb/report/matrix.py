"""The decision matrix with the interventions of a plan in its cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from mwkb.assessment import Assessment
from mwkb.knowledge import Knowledge
from mwkb.report.words import counted, named
from mwkb.vocabulary import MWKB, local_name

MOST = 6
"""How many interventions of one cell are shown at most."""
LINES, WIDTH = 32, 22
"""About how many lines of interventions the matrix may have, so that the second page holds it, and letters in each."""
MOST_UNRATED = 3
"""How many interventions that are not rated are named below the matrix."""


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
    unrated: tuple[str, ...]

    @property
    def holds_any(self) -> bool:
        return any(cell.interventions for _, _, cells in self.rows for cell in cells)

    @property
    def holds_more(self) -> bool:
        """Whether there are more interventions than are shown in the cells and below."""
        return any(cell.further for _, _, cells in self.rows for cell in cells) or len(self.unrated) > MOST_UNRATED

    @property
    def says_unrated(self) -> str:
        """Which planned interventions have no place in the matrix, the first few by name."""
        if not self.unrated:
            return ""
        further = len(self.unrated) - MOST_UNRATED
        named = "; ".join(self.unrated[:MOST_UNRATED]) + (f"; and {further} more" if further > 0 else "")
        are = "is" if len(self.unrated) == 1 else "are"
        why = "for want of an evidence level or a local priority"
        return f"{counted(len(self.unrated), 'planned intervention')} {are} not rated, {why}: {named}"


def matrix(found: Assessment, knowledge: Knowledge) -> Matrix:
    """The matrix as the knowledge base holds it, with the interventions that the plan's ratings place in it.

    Local interventions are never rated: the toolkit gives them no evidence level.
    """
    cells: dict[tuple[int, int], Category] = {}
    for iri in knowledge.subjects("rdf:type", MWKB + "MatrixCell"):
        evidence, priority = knowledge.number(iri, "mwkb:evidenceValue"), knowledge.number(iri, "mwkb:priorityValue")
        if evidence is not None and priority is not None:
            cells[evidence, priority] = _category(knowledge, knowledge.value(iri, "mwkb:category") or "")
    placed: dict[tuple[int, int], list[Placed]] = {}
    for rated in sorted(found.ratings, key=lambda r: (not r.commissioned, r.intervention.iri)):
        at = (rated.rating.evidence, rated.rating.priority)
        placed.setdefault(at, []).append(Placed(named(rated.intervention), rated.commissioned))
    rated_iris = {rated.intervention.iri for rated in found.ratings}
    most = _most(placed)
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
                tuple(_cell(cells[level, p], placed.get((level, p), []), most) for p in priorities if (level, p) in cells),
            )
            for level in evidence_levels
        ),
        tuple(_category(knowledge, iri) for iri in ranked),
        tuple(named(thing) for thing in found.planned if thing.iri not in rated_iris),
    )


def _most(placed: Mapping[tuple[int, int], Sequence[Placed]]) -> int:
    """How many interventions each cell may show for the rows to fit on the page; a row is as high as its fullest cell."""

    def lines(most: int) -> int:
        heights: dict[int, int] = {}
        for (level, _), interventions in placed.items():
            names = [ceil(len(each.name) / WIDTH) for each in interventions[:most]]
            height = sum(names) + (len(interventions) > most)
            heights[level] = max(heights.get(level, 0), height)
        return sum(heights.values())

    return next((most for most in range(MOST, 1, -1) if lines(most) <= LINES), 1)


def _cell(category: Category, placed: Sequence[Placed], most: int) -> Cell:
    return Cell(category, tuple(placed[:most]), len(placed[most:]))


def _category(knowledge: Knowledge, iri: str) -> Category:
    symbol, asks = (knowledge.value(iri, name) or "" for name in ("skos:notation", "mwkb:asks"))
    return Category(knowledge.label(iri), symbol, asks, local_name(iri))
