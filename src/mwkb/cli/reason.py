"""The command reason: consistency, classes without members, what follows, and what is not OWL 2 DL."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from mwkb.cli.options import FormatOption, OutputOption
from mwkb.cli.output import Format, chosen, emit


def reason(
    drafts: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILES]", help="Turtle files of your own, to be reasoned over together with what mwkb keeps."),
    ] = None,
    timeout: Annotated[float, typer.Option(min=1, metavar="SECONDS", help="Stop the reasoner after this time.")] = 300,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Reason over ontology and facts: do they clash and why, what follows from them, are they OWL 2 DL."""
    from mwkb.reasoning import reason as run
    from mwkb.report import reason as report
    from mwkb.report.structured import plain

    picked = chosen(form, output, (Format.TEXT, Format.JSON, Format.MARKDOWN))
    found = run(drafts or [], timeout)
    if picked is Format.JSON:
        emit(json.dumps({"in_order": found.in_order, **plain(found)}, ensure_ascii=False, indent=2) + "\n", output)
    else:
        emit((report.reasoned_text if picked is Format.TEXT else report.reasoned_markdown)(found), output)
    if not found.in_order:
        raise typer.Exit(1)
