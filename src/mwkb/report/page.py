"""Everything that the page of a report shows, made from an assessment, so that the template only lays it out."""

from __future__ import annotations

from dataclasses import dataclass

from mwkb.assessment import Assessment
from mwkb.findings import Finding, Kind, Rated, Thing
from mwkb.knowledge import Knowledge
from mwkb.report import annex, board, coverage
from mwkb.report.annex import Claim, Part, Passage, Reading, Version
from mwkb.report.board import Number, Step
from mwkb.report.coverage import AreaRow, GroupRow, NeighbourhoodRow
from mwkb.report.matrix import Matrix, matrix
from mwkb.report.words import TITLES, counted, sentence, sentences
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
        return coverage.most_groups(self.groups, self.neighbourhoods)

    @property
    def most_neighbourhoods(self) -> tuple[NeighbourhoodRow, ...]:
        """The neighbourhoods as they fit on the first pages; all are listed further on if that is not what they are."""
        return coverage.most_neighbourhoods(self.neighbourhoods)

    @property
    def left_out(self) -> tuple[AreaRow, ...]:
        """The areas that the plan leaves out, with its reasons."""
        return tuple(row for row in self.areas if row.excluded_because)

    @property
    def reasons_fit(self) -> bool:
        """Whether these reasons are told on the first pages, and not further on."""
        return coverage.reasons_fit(self.areas)


@dataclass(frozen=True)
class Checked:
    """How many checks passed, found something, or had nothing to look at."""

    passed: int
    failed: int
    empty: int

    @property
    def sentences(self) -> tuple[str, ...]:
        passed = f"{counted(self.passed, 'check')} passed: each looked at entries of the plan, and none of these breaks it."
        failed = f"{counted(self.failed, 'check')} found something." if self.failed else "No check found anything."
        empty = (
            f"{counted(self.empty, 'check')} had nothing to look at, since the plan has no such entry: "
            "this says neither that it would pass nor that it would not."
        )
        return (sentence(passed), failed, *([empty] if self.empty else []))


def page(found: Assessment, knowledge: Knowledge) -> Page:
    steps = board.steps(found)
    first = board.first(steps)
    stages = coverage.life_stages(found)
    return Page(
        title=found.plan.label,
        about=tuple(filter(None, (found.locality, f"plan version {found.plan_version}" if found.plan_version else ""))),
        file=found.file,
        conforms=found.conforms,
        verdict=sentences(found),
        numbers=board.numbers(found),
        first=first,
        further=len(steps) - len(first),
        matrix=matrix(found, knowledge),
        completeness=found.reach.completeness,
        is_complete=found.reach.is_complete,
        life_stages=stages,
        areas=coverage.area_rows(found, stages),
        groups=coverage.group_rows(found),
        neighbourhoods=coverage.neighbourhood_rows(found),
        gradient=coverage.gradient(found),
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


def _group(found: Assessment, kind: Kind) -> Group:
    title, note = TITLES[kind]
    return Group(kind, title, note, found.of_kind(kind))


def _checked(found: Assessment) -> Checked:
    failed = sum(bool(check.found) for check in found.checks)
    empty = sum(not check.looked_at for check in found.checks)
    return Checked(len(found.checks) - failed - empty, failed, empty)
