"""What the checks of a contribution found, for a person."""

from __future__ import annotations

import json
from collections.abc import Sequence

from mwkb.check import Step
from mwkb.report.structured import plain
from mwkb.report.words import counted


def steps_text(steps: Sequence[Step]) -> str:
    """A line for each check, and below it a line for each thing to mend: file, line, what is wrong, what to do."""
    width = max(len(step.title) for step in steps)
    lines = []
    for step in steps:
        outcome = (
            f"not made: {step.skipped}" if step.skipped else counted(len(step.problems), "fault") if step.problems else "fine"
        )
        lines.append(f"{step.title:<{width}}  {outcome}")
        lines += [f"  {problem}" for problem in step.problems]
    return "\n".join(lines) + "\n"


def steps_json(steps: Sequence[Step]) -> str:
    """The same for programs."""
    found = [
        {
            "check": step.title,
            "skipped": step.skipped,
            "problems": [{"what": p.what, "place": plain(p.place), "remedy": p.remedy} for p in step.problems],
        }
        for step in steps
    ]
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"
