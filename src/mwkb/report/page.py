"""Everything that the page of a report shows, made from an assessment, so that the template holds no logic."""

from __future__ import annotations

from dataclasses import dataclass

from mwkb.assessment import Assessment
from mwkb.findings import Finding, Kind, Rated, Thing
from mwkb.knowledge import Knowledge
from mwkb.report import annex, board
from mwkb.report.annex import Claim, Part, Passage, Reading, Version
from mwkb.report.board import AreaRow, GroupRow, NeighbourhoodRow, Number, Step
from mwkb.report.matrix import Matrix, matrix
from mwkb.report.words import TITLES, sentences
from mwkb.validate import Result


@dataclass(frozen=True)
class Group:
    """The findings of a kind, under its title."""

    id: str
    title: str
    note: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Page:
    """A report, in the order in which it is read. What is about a plan alone is empty for a profile."""

    title: str
    about: tuple[str, ...]
    file: str
    conforms: bool
    verdict: tuple[str, ...]
    numbers: tuple[Number, ...]
    first: tuple[Step, ...]
    further: int
    matrix: Matrix
    completeness: str
    is_complete: bool
    life_stages: tuple[Thing, ...]
    areas: tuple[AreaRow, ...]
    groups: tuple[GroupRow, ...]
    neighbourhoods: tuple[NeighbourhoodRow, ...]
    gradient: str
    recommendations: Group
    claims: tuple[Claim, ...]
    gaps: tuple[Group, ...]
    questions: Group
    ratings: tuple[Rated, ...]
    results: tuple[Result, ...]
    parts: tuple[Part, ...]
    checked: Checked
    readings: tuple[Reading, ...]
    passages: tuple[Passage, ...]
    versions: tuple[Version, ...]
    parameters: tuple[Version, ...]
    notices: tuple[str, ...]

    @property
    def most_groups(self) -> tuple[GroupRow, ...]:
        """The groups that fit on the first pages; all are listed further on if there are more."""
        return self.groups[: board.MOST_GROUPS]

    @property
    def most_neighbourhoods(self) -> tuple[NeighbourhoodRow, ...]:
        """The neighbourhoods that fit on the first pages: if there are more, those at both ends."""
        if len(self.neighbourhoods) <= board.MOST_NEIGHBOURHOODS:
            return self.neighbourhoods
        half = board.MOST_NEIGHBOURHOODS // 2
        return self.neighbourhoods[:half] + self.neighbourhoods[-half:]


@dataclass(frozen=True)
class Checked:
    """How many checks passed, found something, or had nothing to look at."""

    passed: int
    failed: int
    empty: int


def page(found: Assessment, knowledge: Knowledge) -> Page:
    steps = board.steps(found)
    first = board.first(steps)
    stages = board.life_stages(found)
    return Page(
        title=found.plan.label,
        about=tuple(filter(None, (found.locality, f"plan version {found.plan_version}" if found.plan_version else ""))),
        file=found.file,
        conforms=found.conforms,
        verdict=_verdict(found),
        numbers=board.numbers(found),
        first=first,
        further=len(steps) - len(first),
        matrix=matrix(found, knowledge),
        completeness=found.reach.completeness,
        is_complete=found.reach.is_complete,
        life_stages=stages,
        areas=board.area_rows(found, stages),
        groups=board.group_rows(found),
        neighbourhoods=board.neighbourhood_rows(found),
        gradient=board.gradient(found),
        recommendations=_group(found, "recommendation"),
        claims=annex.claims(found, knowledge),
        gaps=tuple(_group(found, kind) for kind in ("plan-gap", "data-gap", "toolkit-gap") if found.of_kind(kind)),
        questions=_group(found, "challenge"),
        ratings=found.ratings,
        results=found.validation,
        parts=annex.parts(found),
        checked=_checked(found),
        readings=annex.readings(found),
        passages=annex.passages(found, knowledge),
        versions=annex.versions(found, knowledge),
        parameters=annex.parameters(found, knowledge),
        notices=found.notices,
    )


def _verdict(found: Assessment) -> tuple[str, ...]:
    readable, concluded = sentences(found)
    if found.validation:
        return readable, concluded
    return (f"The plan can be read as it stands: none of the {len(found.checks)} checks found a fault.", concluded)


def _group(found: Assessment, kind: Kind) -> Group:
    title, note = TITLES[kind]
    return Group(kind, title, note, found.of_kind(kind))


def _checked(found: Assessment) -> Checked:
    failed = sum(bool(check.found) for check in found.checks)
    empty = sum(not check.looked_at for check in found.checks)
    return Checked(len(found.checks) - failed - empty, failed, empty)
