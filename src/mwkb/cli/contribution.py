"""The command that checks a contribution."""

from __future__ import annotations

import typer

from mwkb.cli.options import FormatOption, OutputOption
from mwkb.cli.output import Format, chosen, emit


def check(form: FormatOption = None, output: OutputOption = None) -> None:
    """Check all that a contribution has to pass: syntax, format, terms, shapes, hygiene, rules, cases, version."""
    from mwkb.check import check as made
    from mwkb.report.check import steps_json, steps_text

    picked = chosen(form, output, (Format.TEXT, Format.JSON))
    steps = tuple(made())
    emit((steps_json if picked is Format.JSON else steps_text)(steps), output)
    if any(step.problems for step in steps):
        raise typer.Exit(1)
