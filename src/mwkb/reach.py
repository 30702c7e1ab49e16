"""Whom a plan reaches, and where: its interventions by life stage, at-risk group and neighbourhood.

The numbers are those of the catalogue's queries; see there for what counts where.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from pyoxigraph import NamedNode, Triple

from mwkb import files
from mwkb.ask import ask
from mwkb.findings import Thing
from mwkb.knowledge import Knowledge
from mwkb.plan import Plan
from mwkb.sparql import names, read_query
from mwkb.vocabulary import KB, PREFIXES, RDF


@dataclass(frozen=True)
class StageReach:
    """How many interventions of an area are for a life stage. Without an area: local interventions."""

    area: Thing | None
    stage: Thing
    interventions: int
    relevant: bool


@dataclass(frozen=True)
class GroupReach:
    """How many interventions of an area reach an at-risk group, and how. Without an area: local interventions."""

    group: Thing
    size: int | None
    area: Thing | None
    targeted: int
    among_others: int


@dataclass(frozen=True)
class NeighbourhoodReach:
    """What is offered in a neighbourhood; ``unsaid`` are the offers that do not say their approach.

    ``intensity`` is in points, and None without a rank or where no offer says its approach; rank 1 is the worst off.
    """

    neighbourhood: Thing
    rank: int | None
    population: int | None
    band: str
    universal: int
    targeted: int
    both: int
    unsaid: int
    intensity: int | None


@dataclass(frozen=True)
class Reach:
    """Whom a plan reaches. ``completeness`` is that of its section on interventions, empty if it declares none:
    what the plan lacks means little unless it ``is_complete``. Before any rule has run, nothing is known of it.
    """

    completeness: str = ""
    is_complete: bool = False
    life_stages: tuple[StageReach, ...] = ()
    groups: tuple[GroupReach, ...] = ()
    neighbourhoods: tuple[NeighbourhoodReach, ...] = ()
    average_intensity: str = ""


def read_reach(knowledge: Knowledge, plan: Plan) -> Reach:
    """Whom a plan reaches whose conclusions are in the store."""
    stages, groups, offers, points = (_rows(knowledge, plan, query, key) for query, key in _QUERIES.items())

    def thing(row: dict[str, str], column: str) -> Thing:
        iri = row[column]
        return Thing(iri, row[column + "Label"] or knowledge.label(iri), knowledge.number_printed(iri))

    ranked = {row["neighbourhood"]: row for row in points}
    return Reach(
        next((row["completenessLabel"] for row in stages), ""),
        any(row["completeness"] == KB + "completeness-complete" for row in stages),
        tuple(
            StageReach(
                thing(row, "area") if row["area"] else None,
                thing(row, "stage"),
                int(row["interventions"]),
                row["relevant"] == "true",
            )
            for row in stages
        ),
        tuple(
            GroupReach(
                thing(row, "group"),
                _number(row["size"]),
                thing(row, "area") if row["area"] else None,
                int(row["targeted"]),
                int(row["amongOthers"]),
            )
            for row in groups
        ),
        tuple(
            NeighbourhoodReach(
                thing(row, "segment"),
                _number(row["rank"]),
                _number(ranked[row["segment"]]["population"]),
                ranked[row["segment"]]["bandLabel"],
                int(row["universal"]),
                int(row["targeted"]),
                int(row["both"]),
                int(row["unsaid"]),
                _number(ranked[row["segment"]]["intensity"]),
            )
            for row in offers
            if row["segment"] in ranked
        ),
        next((row["average"] for row in points), ""),
    )


_QUERIES = {
    "areas-by-life-stage": ("area", "stage"),
    "areas-by-at-risk-group": ("group", "area"),
    "approaches-by-neighbourhood": ("segment",),
    "intensity-by-neighbourhood": ("neighbourhood",),
}
"""The queries with the columns by which their rows are told apart."""


def _rows(knowledge: Knowledge, plan: Plan, query: str, key: tuple[str, ...]) -> list[dict[str, str]]:
    """The rows of a query of the catalogue about one plan, one for each key: a faulty plan says things twice."""
    columns, rows = ask(knowledge, _query(query), {"plan": NamedNode(plan.iri)})
    found: dict[tuple[str, ...], dict[str, str]] = {}
    for row in rows:
        named = dict(zip(columns, row, strict=True))
        found.setdefault(tuple(named[column] for column in key), named)
    return list(found.values())


def reach_reads(triples: Iterable[Triple]) -> bool:
    """Whether any of the triples has a property or is of a class that the queries name."""
    named = _named()
    return any((_iri(t.object) if t.predicate.value == RDF + "type" else t.predicate.value) in named for t in triples)


@cache
def _named() -> frozenset[str]:
    return frozenset().union(*(names(_query(query), PREFIXES) for query in _QUERIES))


def _iri(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else ""


@cache
def _query(name: str) -> str:
    return read_query(files.query_file(name)).text


def _number(value: str) -> int | None:
    """The number that a plan gives, or None if it gives none or something else."""
    return int(value) if value.isascii() and value.isdigit() else None
