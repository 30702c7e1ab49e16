"""The command that compares two plans, and what ``assess`` says of a plan that is changed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mwkb.cli.finish import finish
from mwkb.cli.options import (
    Engine,
    EngineOption,
    FailOn,
    FailOnOption,
    FormatOption,
    OutputOption,
    ParameterOption,
    TimingsOption,
    parameters,
)
from mwkb.cli.output import Format, chosen, emit

if TYPE_CHECKING:
    from mwkb.difference import Difference

FORMATS = (Format.TEXT, Format.JSON, Format.CSV)


def compare(
    before: Annotated[Path, typer.Argument(metavar="BEFORE", help="A plan.", show_default=False)],
    after: Annotated[Path, typer.Argument(metavar="AFTER", help="Another plan, or a later version of it.", show_default=False)],
    form: FormatOption = None,
    output: OutputOption = None,
    fail_on: FailOnOption = FailOn.VIOLATION,
    engine: EngineOption = Engine.SHIFTY,
    parameter: ParameterOption = [],  # noqa: B006
    timings: TimingsOption = False,
) -> None:
    """Compare two plans, or two versions of one: findings that open and close, moves in the matrix."""
    from mwkb.assessment import assess
    from mwkb.difference import difference
    from mwkb.opening import opened
    from mwkb.timings import Timings

    picked = chosen(form, output, FORMATS, reads=before)
    chosen(form, output, FORMATS, reads=after)
    clock = Timings()
    knowledge, document = opened(before, clock)
    values = parameters(parameter)
    old, new = (
        assess(plan, knowledge=knowledge, engine=engine.value, parameters=values, timings=clock) for plan in (document, after)
    )
    found = difference(old, new)
    show(found, "What changes from one plan to the other", picked, output)
    finish(found.worst_opened(), fail_on, clock if timings else None)


def show(found: Difference, heading: str, picked: Format, output: Path | None) -> None:
    """Emit a difference in the format picked."""
    from mwkb.report import difference as report

    if picked is Format.JSON:
        emit(report.difference_json(found), output)
    elif picked is Format.CSV:
        emit(report.difference_csv(found), output)
    else:
        emit(report.difference_text(found, heading), output)
