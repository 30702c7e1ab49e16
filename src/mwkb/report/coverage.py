"""What the second page of a report shows of coverage and intensity: a row for each area, group and neighbourhood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from math import ceil

from mwkb.assessment import Assessment
from mwkb.findings import Thing
from mwkb.reach import GroupReach, NeighbourhoodReach

LINES, WIDTH = 21, 24
"""About how many lines groups and neighbourhoods share on the second page, and letters of a name in each."""
MOST_NEIGHBOURHOODS = 6
"""How many neighbourhoods are shown there."""
LONGEST_NAME = 36
"""The letters to which the name of a neighbourhood is cut there."""
LONGEST_REASONS = 200
"""How many letters the reasons for leaving areas out may have together to be told there."""
TARGETED, AMONG_OTHERS, NOTHING = "Targeted", "Among others", "Not reached"


@dataclass(frozen=True)
class Mark:
    """What stands in a cell of a table, and the class of its style."""

    text: str
    style: str = ""


@dataclass(frozen=True)
class AreaRow:
    """An area with how many interventions it has for each life stage, and in all."""

    number: str
    name: str
    stages: tuple[Mark, ...]
    all: Mark
    excluded_because: str


@dataclass(frozen=True)
class GroupRow:
    """An at-risk group with how each area reaches it, local interventions last."""

    name: str
    size: int | None
    reached: str
    areas: tuple[Mark, ...]

    @property
    def style(self) -> str:
        return self.reached.lower().replace(" ", "-")


@dataclass(frozen=True)
class NeighbourhoodRow:
    """A neighbourhood with its intensity as a percentage of the greatest, for a bar, or why there is none."""

    name: str
    offered: NeighbourhoodReach
    share: int
    unknown: str


def life_stages(found: Assessment) -> tuple[Thing, ...]:
    """The life stages, in the order of the areas that matter to them, which the toolkit begins with the youngest."""
    areas: dict[Thing, list[str]] = {}
    for row in found.reach.life_stages:
        areas.setdefault(row.stage, []).extend([row.area.iri] if row.area and row.relevant else [])
    return tuple(sorted(areas, key=lambda stage: areas[stage]))


def area_rows(found: Assessment, stages: Sequence[Thing]) -> tuple[AreaRow, ...]:
    """A row for each commissioning area, and one for local interventions if the plan has any."""
    reached = {(row.area.iri if row.area else "", row.stage.iri): row for row in found.reach.life_stages}

    def marks(iri: str, excluded: bool) -> tuple[Mark, ...]:
        of = [reached.get((iri, stage.iri)) for stage in stages]
        return tuple(_counted(r.interventions if r else 0, bool(r and r.relevant), expected and not excluded) for r in of)

    expected = found.reach.is_complete
    rows = []
    for item in sorted(found.coverage, key=lambda c: c.area.iri):
        excluded = bool(item.excluded_because)
        everything = Mark(str(item.commissioned), "lacking" if expected and not excluded and not item.commissioned else "")
        row = marks(item.area.iri, excluded)
        rows.append(AreaRow(item.area.notation, item.area.label, row, everything, item.excluded_because))
    local = AreaRow("", "Local interventions", marks("", excluded=False), Mark(""), "")
    has_local = any(row.interventions for row in found.reach.life_stages if row.area is None)
    return (*rows, local) if has_local else tuple(rows)


def _counted(count: int, relevant: bool, expected: bool) -> Mark:
    """A count, darker the greater; none stands out where something is expected."""
    if count:
        return Mark(str(count), f"n{min(count, 3)}")
    return Mark("0" if relevant else "–", "lacking" if relevant and expected else "n0")


def reasons_fit(areas: Sequence[AreaRow]) -> bool:
    """Whether the reasons for leaving areas out are told on the second page, and not further on."""
    return sum(len(row.excluded_because) for row in areas) <= LONGEST_REASONS


def group_rows(found: Assessment) -> tuple[GroupRow, ...]:
    """The at-risk groups that live there, first those that the plan reaches least, among them the greatest."""
    rows: dict[Thing, list[GroupReach]] = {}
    for reach in found.reach.groups:
        rows.setdefault(reach.group, []).append(reach)
    found_rows = []
    for group, areas in rows.items():
        targeted, others = any(a.targeted for a in areas), any(a.among_others for a in areas)
        reached = TARGETED if targeted else AMONG_OTHERS if others else NOTHING
        found_rows.append(GroupRow(group.label, areas[0].size, reached, tuple(map(_reaches, areas))))
    order = (NOTHING, AMONG_OTHERS, TARGETED)
    return tuple(sorted(found_rows, key=lambda row: (order.index(row.reached), -(row.size or 0), row.name)))


def _reaches(area: GroupReach) -> Mark:
    return Mark("T", "targeted") if area.targeted else Mark("u", "others") if area.among_others else Mark("")


def neighbourhood_rows(found: Assessment) -> tuple[NeighbourhoodRow, ...]:
    """The neighbourhoods, the most disadvantaged first."""
    every = found.reach.neighbourhoods
    greatest = max((n.intensity or 0 for n in every), default=0)
    return tuple(
        NeighbourhoodRow(n.neighbourhood.label, n, round(100 * (n.intensity or 0) / greatest) if greatest else 0, _unknown(n))
        for n in every
    )


def _unknown(offered: NeighbourhoodReach) -> str:
    """Why there is no intensity."""
    if offered.intensity is not None:
        return ""
    return "no rank" if offered.rank is None else "not known"


def most_groups(groups: Sequence[GroupRow], neighbourhoods: Sequence[NeighbourhoodRow]) -> tuple[GroupRow, ...]:
    """The groups that fit on the second page beside the neighbourhoods."""
    left = LINES - sum(_lines(row.name) for row in most_neighbourhoods(neighbourhoods))
    fitting = sum(lines <= left for lines in accumulate(_lines(row.name) for row in groups))
    return tuple(groups[:fitting])


def _lines(name: str) -> int:
    return ceil(len(name) / WIDTH) or 1


def most_neighbourhoods(rows: Sequence[NeighbourhoodRow]) -> tuple[NeighbourhoodRow, ...]:
    """The neighbourhoods that fit on the second page, with short names: if there are more, those at both ends."""
    half = MOST_NEIGHBOURHOODS // 2
    fitting = rows if len(rows) <= MOST_NEIGHBOURHOODS else [*rows[:half], *rows[-half:]]
    return tuple(replace(row, name=_brief(row.name)) for row in fitting)


def _brief(name: str) -> str:
    """A name that fits in a cell whatever a plan says."""
    return name if len(name) <= LONGEST_NAME else name[:LONGEST_NAME] + "..."


def gradient(found: Assessment) -> str:
    """What the rules say of the gradient; where they find no fault with it, from where to where intensity goes."""
    for finding in found.of_kind("plan-gap"):
        if finding.id == "plan-gap/gradient":
            return " ".join(dict.fromkeys(reason.says for reason in finding.reasons))
    ranked = [n for n in found.reach.neighbourhoods if n.rank is not None]
    if not ranked or ranked[0].rank == ranked[-1].rank:
        return ""
    worst, best = ranked[0], ranked[-1]
    if worst.intensity is None or best.intensity is None:
        return ""
    points = "1 point" if worst.intensity == 1 else f"{worst.intensity} points"
    return (
        f"Intensity is {points} in {_placed(worst, ranked, 'the most disadvantaged')}, and "
        f"{best.intensity} in {_placed(best, ranked, 'the least')}; the average is {found.reach.average_intensity}."
    )


def _placed(one: NeighbourhoodReach, ranked: Sequence[NeighbourhoodReach], place: str) -> str:
    """A neighbourhood with its place among others, which it may share."""
    shared = sum(other.rank == one.rank for other in ranked) > 1
    return f"{_brief(one.neighbourhood.label)}, {'one of ' if shared else ''}{place}"
