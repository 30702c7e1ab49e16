"""The commands for developers of rules: list them, draw them, check a new one."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from mwkb.cli.commands import SETTINGS
from mwkb.cli.options import FormatOption, OutputOption
from mwkb.cli.output import Format, chosen, emit
from mwkb.problems import InputProblem

rules = typer.Typer(
    rich_markup_mode=None,
    add_completion=False,
    context_settings=SETTINGS,
    help="List the rules with their strata and what each reads and concludes; draw them; check a new one.",
)


@rules.callback(invoke_without_command=True)
def listing(
    context: typer.Context,
    graph: Annotated[
        Path | None, typer.Option(metavar="FILE.svg", help="Draw the strata and which rule reads what another concludes.")
    ] = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """List the rules with their strata and what each reads and concludes; draw them; check a new one."""
    if context.invoked_subcommand:
        return
    from mwkb import knowledge as knowledge_base
    from mwkb.report import rules as report
    from mwkb.report.rule_graph import rules_svg
    from mwkb.report.structured import plain
    from mwkb.rules.listing import dependencies, listed
    from mwkb.shapebook import shapes

    picked = chosen(form, output, (Format.TEXT, Format.JSON, Format.CSV, Format.MARKDOWN))
    if graph is not None and (form or output):
        raise InputProblem("--graph draws, and --format and --output list.", remedy="Use one after the other.")
    if graph is not None and graph.suffix.lower() != ".svg":
        raise InputProblem("The drawing is SVG.", graph, "End the file in .svg.")
    knowledge = knowledge_base.load()
    if graph is not None:
        emit(rules_svg(knowledge.layers, dependencies(knowledge.rules)), graph)
        return
    every = listed(knowledge)
    if picked is Format.JSON:
        emit(json.dumps(plain(every), ensure_ascii=False, indent=2) + "\n", output)
    elif picked is Format.CSV:
        emit(report.rules_csv(every), output)
    elif picked is Format.MARKDOWN:
        emit(report.catalogue_markdown(every, shapes("plan"), shapes("kb")), output)
    else:
        emit(report.rules_text(every), output)


@rules.command()
def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILES", help="Rule files, new or changed.", show_default=False)],
) -> None:
    """Say what is wrong with a rule before anything runs: exit code 1 if there is anything."""
    from mwkb import knowledge as knowledge_base
    from mwkb.rules.check import check as run

    knowledge = knowledge_base.load()
    worst = 0
    for file in files:
        try:
            problems = run(knowledge, file)
        except InputProblem as unreadable:
            print(f"error: {unreadable}", file=sys.stderr)
            worst = 2
            continue
        for problem in problems:
            print(problem)
        worst = max(worst, 1 if problems else 0)
    if worst:
        raise typer.Exit(worst)
    print(f"{'The rule is' if len(files) == 1 else f'All {len(files)} rules are'} well formed.", file=sys.stderr)
