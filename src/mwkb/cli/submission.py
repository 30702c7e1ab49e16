"""The commands for people who hand in plans: an empty form, and a plan in another format."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mwkb.cli.options import AreaOption, IndicatorsOption, PlanFile, SkipOption, YearOption, profile_of, warn_of_notes
from mwkb.cli.output import emit
from mwkb.problems import InputProblem

WrittenTo = Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The file to write.", show_default=False)]


def template(
    output: WrittenTo,
    area: AreaOption = None,
    indicators: IndicatorsOption = None,
    year: YearOption = None,
    skip_bad_rows: SkipOption = False,
) -> None:
    """Write an empty form for a plan: a workbook (.xlsx) or YAML with comments (.yaml).

    With --area and --indicators, the risk factors that published figures show are filled in.
    """
    from mwkb import knowledge as knowledge_base
    from mwkb.form import form
    from mwkb.needs import recorded_needs
    from mwkb.submission import ending_of
    from mwkb.submission import template as written

    if (area is None) != (indicators is None):
        raise InputProblem("--area and --indicators go together.", remedy="See --help.")
    knowledge = knowledge_base.load()
    needs = None
    if area is not None:
        needs = recorded_needs(knowledge, profile_of(knowledge, area, indicators, [], year, skip_bad_rows))
    emit(written(form(knowledge), ending_of(output), needs), output)


def convert(plan: PlanFile, output: WrittenTo) -> None:
    """Write a plan in another format: .xlsx, .yaml, .json, .jsonld, .ttl or .nt, by the ending of the file."""
    from mwkb import knowledge as knowledge_base
    from mwkb.form import form
    from mwkb.plan import read_plan
    from mwkb.submission import converted, ending_of

    if output.exists() and plan.exists() and output.samefile(plan):
        raise InputProblem("The output would replace the plan.", output, "Write to another file.")
    document = read_plan(plan)
    warn_of_notes(document)
    emit(converted(document, form(knowledge_base.load()), ending_of(output)), output)
