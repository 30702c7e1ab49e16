"""What the first two pages of a report show a board: key numbers, what to fix first, coverage and intensity."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from math import ceil
from textwrap import shorten

from mwkb.assessment import Assessment
from mwkb.findings import Thing
from mwkb.problems import Place
from mwkb.reach import GroupReach, NeighbourhoodReach
from mwkb.report.faults import said
from mwkb.report.words import counted, named
from mwkb.validate import SEVERITIES, Severity

LINES, WIDTH = 40, 100
"""How many lines of what is to be mended fit on the first page, and about how many letters in each."""
LONGEST = 420
"""The letters to which the text of a thing to mend is shortened on the first page."""
LONGEST_NAME = 48
"""The letters to which the name of a neighbourhood is cut."""
NAMED = 3
"""How many of several entries with the same fault are named."""
MOST_GROUPS, MOST_NEIGHBOURHOODS = 12, 8
"""How many groups and neighbourhoods fit on the second page."""


@dataclass(frozen=True)
class Number:
    """A key number with what it counts and a note below it."""

    value: str
    label: str
    note: str = ""


@dataclass(frozen=True)
class Step:
    """A thing to mend: how grave, of which entries, what to do, and where they stand. Equal faults are one step."""

    severity: Severity
    kind: str
    title: str
    text: str
    where: str

    @property
    def lines(self) -> int:
        """About how many lines it takes on paper."""
        return ceil((len(self.title) + 14) / WIDTH) + ceil((len(self.text) + len(self.where) + 1) / WIDTH)


@dataclass(frozen=True)
class AreaRow:
    """An area with how many interventions it has, for each life stage and in all; ``relevant`` goes with ``counts``."""

    number: str
    name: str
    counts: tuple[int, ...]
    relevant: tuple[bool, ...]
    commissioned: int | None
    excluded_because: str


@dataclass(frozen=True)
class GroupRow:
    """An at-risk group with how each area reaches it: (targeted, among others), local interventions last."""

    name: str
    size: int | None
    reached: str
    areas: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class NeighbourhoodRow:
    """A neighbourhood with its intensity as a percentage of the greatest, for a bar."""

    name: str
    offered: NeighbourhoodReach
    share: int


def numbers(found: Assessment) -> tuple[Number, ...]:
    by_severity = {severity: sum(r.severity == severity for r in found.validation) for severity in SEVERITIES}
    recommended = found.of_kind("recommendation")
    strongest = next((finding.strength for finding in recommended if finding.strength), "")
    strong = sum(finding.strength == strongest for finding in recommended) if strongest else 0
    gaps, unknown, unsaid = (len(found.of_kind(kind)) for kind in ("plan-gap", "data-gap", "toolkit-gap"))
    elsewhere = [f"{n} {where}" for n, where in ((unknown, "in what is recorded"), (unsaid, "in the toolkit")) if n]
    excluded = sum(bool(area.excluded_because) for area in found.coverage)
    shown = [
        Number(
            str(by_severity["violation"]),
            "violation" if by_severity["violation"] == 1 else "violations",
            f"{counted(by_severity['warning'], 'warning')}, {counted(by_severity['info'], 'remark')}",
        ),
        Number(
            str(gaps),
            "gap in the plan" if gaps == 1 else "gaps in the plan",
            f"and {', '.join(elsewhere)}" if elsewhere else "",
        ),
        Number(
            str(len(recommended)),
            "recommendation" if len(recommended) == 1 else "recommendations",
            f"{strong} × {strongest}" if strong else "",
        ),
        Number(
            _of(sum(area.commissioned > 0 for area in found.coverage), len(found.coverage)),
            "areas covered",
            f"{excluded} left out with a reason" if excluded else "",
        ),
    ]
    if rows := group_rows(found):
        targeted = sum(row.reached == TARGETED for row in rows)
        nobody = sum(row.reached == NOTHING for row in rows)
        note = f"{nobody} reached by nothing" if nobody else "all of them are reached"
        shown.append(Number(_of(targeted, len(rows)), "at-risk groups targeted", note if found.reach.is_complete else ""))
    cost = f"£{found.planned_cost:,.0f} planned" if found.planned_cost is not None else "no costs given"
    planned = found.planned_interventions
    shown.append(Number(str(planned), "intervention planned" if planned == 1 else "interventions planned", cost))
    return tuple(shown)


def _of(part: int, whole: int) -> str:
    return f"{part} of {whole}"


def steps(found: Assessment) -> tuple[Step, ...]:
    """What is to be mended, the gravest first: gaps in the order of their rules, results in the order of the file.

    What is the same of several entries is one step.
    """
    faults: dict[tuple[Severity, str, str, str, str], list[tuple[str, Place | None]]] = {}
    for finding in found.of_kind("plan-gap"):
        says = " ".join([*dict.fromkeys(reason.says for reason in finding.reasons), *finding.actions])
        key = (finding.severity, "Gap", min(reason.rule for reason in finding.reasons), "", says)
        faults.setdefault(key, []).append((named(finding.about), finding.place))
    for result in found.validation:
        kind = "Violation" if result.severity == "violation" else "Warning"
        key = (result.severity, kind, result.shape, result.field, said(result))
        faults.setdefault(key, []).append((result.about, result.place))
    ordered = sorted(
        faults.items(),
        key=lambda item: (SEVERITIES.index(item[0][0]), item[0][1] != "Gap", item[0][2] if item[0][1] == "Gap" else ""),
    )
    return tuple(
        Step(
            severity,
            kind,
            _title(field, [about for about, _ in entries]),
            shorten(text, LONGEST, placeholder=" ..."),
            where(place for _, place in entries),
        )
        for (severity, kind, _, field, text), entries in ordered
        if severity != "info"
    )


def first(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Those of the steps that fit on the first page."""
    taken = accumulate(step.lines for step in steps)
    return tuple(step for step, lines in zip(steps, taken, strict=True) if lines <= LINES)


def _title(field: str, about: Sequence[str]) -> str:
    """The field with the entries it is about: a few by name, the rest by number."""
    names = list(dict.fromkeys(filter(None, about)))
    listed = ", ".join(names[:NAMED]) + (f" and {len(names) - NAMED} more" if len(names) > NAMED else "")
    return " · ".join(filter(None, (field, listed)))


def where(places: Iterable[Place | None]) -> str:
    """Places as one text: a file with its lines."""
    known = sorted({(place.file, place.line or 0) for place in places if place})
    parts = []
    for file, within in groupby(known, key=lambda item: item[0]):
        lines = [str(line) for _, line in within if line]
        parts.append(file + (f", line{'s' if len(lines) > 1 else ''} {', '.join(lines)}" if lines else ""))
    return "; ".join(parts)


def life_stages(found: Assessment) -> tuple[Thing, ...]:
    """The life stages, in the order of the areas that matter to them, which the toolkit begins with the youngest."""
    areas: dict[Thing, list[str]] = {}
    for row in found.reach.life_stages:
        areas.setdefault(row.stage, []).extend([row.area.iri] if row.area and row.relevant else [])
    return tuple(sorted(areas, key=lambda stage: areas[stage]))


def area_rows(found: Assessment, stages: Sequence[Thing]) -> tuple[AreaRow, ...]:
    """A row for each commissioning area, and one for local interventions if the plan has any."""
    reached = {(row.area.iri if row.area else "", row.stage.iri): row for row in found.reach.life_stages}

    def row(iri: str, number: str, name: str, commissioned: int | None, excluded_because: str) -> AreaRow:
        of = [reached.get((iri, stage.iri)) for stage in stages]
        counts, relevant = tuple(r.interventions if r else 0 for r in of), tuple(bool(r and r.relevant) for r in of)
        return AreaRow(number, name, counts, relevant, commissioned, excluded_because)

    areas = sorted(found.coverage, key=lambda c: c.area.iri)
    rows = [row(c.area.iri, c.area.notation, c.area.label, c.commissioned, c.excluded_because) for c in areas]
    local = row("", "", "Local interventions", None, "")
    return (*rows, local) if any(local.counts) else tuple(rows)


TARGETED, AMONG_OTHERS, NOTHING = "Targeted", "Among others", "Not reached"


def group_rows(found: Assessment) -> tuple[GroupRow, ...]:
    """The at-risk groups that live there, first those that the plan reaches least, among them the greatest."""
    rows: dict[Thing, list[GroupReach]] = {}
    for reach in found.reach.groups:
        rows.setdefault(reach.group, []).append(reach)
    found_rows = []
    for group, areas in rows.items():
        targeted, others = any(a.targeted for a in areas), any(a.among_others for a in areas)
        reached = TARGETED if targeted else AMONG_OTHERS if others else NOTHING
        found_rows.append(GroupRow(group.label, areas[0].size, reached, tuple((a.targeted, a.among_others) for a in areas)))
    order = (NOTHING, AMONG_OTHERS, TARGETED)
    return tuple(sorted(found_rows, key=lambda row: (order.index(row.reached), -(row.size or 0), row.name)))


def neighbourhood_rows(found: Assessment) -> tuple[NeighbourhoodRow, ...]:
    """The neighbourhoods, the most disadvantaged first."""
    every = found.reach.neighbourhoods
    greatest = max((n.intensity or 0 for n in every), default=0)
    return tuple(
        NeighbourhoodRow(_brief(n.neighbourhood.label), n, round(100 * (n.intensity or 0) / greatest) if greatest else 0)
        for n in every
    )


def _brief(name: str) -> str:
    """A name that fits in a cell whatever a plan says."""
    return name if len(name) <= LONGEST_NAME else name[:LONGEST_NAME] + "..."


def gradient(found: Assessment) -> str:
    """What the rules say of the gradient; where they find no fault with it, from where to where intensity goes."""
    for finding in found.of_kind("plan-gap"):
        if finding.id == "plan-gap/gradient":
            return " ".join(dict.fromkeys(reason.says for reason in finding.reasons))
    ranked = [n for n in found.reach.neighbourhoods if n.intensity is not None]
    if len(ranked) < 2:
        return ""
    first, last = ranked[0], ranked[-1]
    return (
        f"Intensity is {first.intensity} points in {_brief(first.neighbourhood.label)}, the most disadvantaged, and "
        f"{last.intensity} in {_brief(last.neighbourhood.label)}, the least; the average is {found.reach.average_intensity}."
    )
