"""The command export: the knowledge base and the rules for other tools."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from mwkb.cli.options import OutputOption, warn_of_unknown_keys
from mwkb.cli.output import emit
from mwkb.problems import InputProblem


class What(StrEnum):
    KB = "kb"
    RULES = "rules"


class ExportFormat(StrEnum):
    NQUADS = "nquads"
    TURTLE = "turtle"
    SHACL_AF = "shacl-af"


# The first is what comes out if nothing else is said; SHACL-AF is written in Turtle.
FORMATS = {What.KB: (ExportFormat.NQUADS, ExportFormat.TURTLE), What.RULES: (ExportFormat.SHACL_AF, ExportFormat.TURTLE)}
ENDINGS = {".nq": ExportFormat.NQUADS, ".ttl": ExportFormat.TURTLE}


def export(
    what: Annotated[What, typer.Argument(metavar="[kb|rules]", help="The knowledge base, or the rules.")] = What.KB,
    form: Annotated[
        ExportFormat | None,
        typer.Option("--format", help="nquads or turtle for the knowledge base, shacl-af for the rules; else by the ending."),
    ] = None,
    plan: Annotated[Path | None, typer.Option(help="With this plan and what the rules conclude from it.")] = None,
    output: OutputOption = None,
) -> None:
    """Write the knowledge base for another triplestore, or the rules for another rule engine."""
    from contextlib import ExitStack

    from mwkb import export as exports
    from mwkb import knowledge as knowledge_base
    from mwkb.assessment import derived
    from mwkb.opening import read

    picked = _chosen(what, form, output)
    if plan is not None and what is What.RULES:
        raise InputProblem("The rules are the same for every plan.", remedy="Leave out --plan.")
    if plan is not None and output is not None and output.exists() and plan.exists() and output.samefile(plan):
        raise InputProblem("The output would replace the plan.", output, "Write to another file.")
    knowledge = knowledge_base.load()
    with ExitStack() as stack:
        if plan is not None:
            document = read(knowledge, plan)
            warn_of_unknown_keys(document)
            stack.enter_context(derived(knowledge, document))
        if what is What.RULES:
            text = exports.shacl_af(knowledge)
        else:
            text = (exports.nquads if picked is ExportFormat.NQUADS else exports.turtle)(knowledge)
    emit(text, output)


def _chosen(what: What, form: ExportFormat | None, output: Path | None) -> ExportFormat:
    """The format that --format names, else the output's ending, else the usual one. Raises InputProblem if there is none."""
    picked = form or (ENDINGS.get(output.suffix.lower()) if output is not None else FORMATS[what][0])
    if picked is None:
        raise InputProblem(
            "There is no format for this ending.", output, f"End it in one of {', '.join(ENDINGS)}, or use --format."
        )
    if picked not in FORMATS[what]:
        raise InputProblem(
            f"There is no format '{picked.value}' for this.", remedy=f"Use one of: {', '.join(f.value for f in FORMATS[what])}."
        )
    return picked
