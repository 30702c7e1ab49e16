"""What the first page of a report shows a board: key numbers and what to fix first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from math import ceil
from textwrap import shorten

from mwkb.assessment import Assessment
from mwkb.problems import Place
from mwkb.report.coverage import NOTHING, TARGETED, group_rows
from mwkb.report.faults import said
from mwkb.report.words import counted, named
from mwkb.validate import SEVERITIES, Severity

LINES, WIDTH = 40, 100
"""How many lines of what is to be mended fit on the first page, and about how many letters in each."""
LONGEST = 420
"""The letters to which the text of a thing to mend is shortened on the first page."""
NAMED = 3
"""How many of several entries with the same fault are named."""
LISTED = 6
"""How many of their places are listed."""


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
    """Those of the steps that fit on the first page: at least one, if there are any."""
    taken = accumulate(step.lines for step in steps)
    fitting = sum(lines <= LINES for lines in taken)
    return tuple(steps[: max(fitting, 1)])


def _title(field: str, about: Sequence[str]) -> str:
    """The field with the entries it is about: a few by name, the rest by number."""
    names = list(dict.fromkeys(filter(None, about)))
    listed = ", ".join(names[:NAMED]) + (f" and {len(names) - NAMED} more" if len(names) > NAMED else "")
    return " · ".join(filter(None, (field, listed)))


def where(places: Iterable[Place | None]) -> str:
    """Places as one text: a file with its lines or cells, of which the first few are listed."""
    known = sorted({place for place in places if place}, key=lambda place: (place.file, place.position))
    parts = []
    for file, within in groupby(known, key=lambda place: place.file):
        spots = [("cell", p.cell) if p.cell else ("line", str(p.line)) for p in within if p.cell or p.line]
        listed = ", ".join(spot for _, spot in spots[:LISTED])
        further = f" and {len(spots) - LISTED} more" if len(spots) > LISTED else ""
        parts.append(file + (f", {spots[0][0]}{'s' if len(spots) > 1 else ''} {listed}{further}" if spots else ""))
    return "; ".join(parts)
