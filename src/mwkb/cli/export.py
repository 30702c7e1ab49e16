"""The command export: the knowledge base and the rules for other tools."""

from __future__ import annotations

from collections.abc import Sequence
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
    JSONLD = "jsonld"
    RDFXML = "rdfxml"
    FUNCTIONAL = "ofn"
    SHACL_AF = "shacl-af"


# The first is what comes out if nothing else is said; SHACL-AF is written in Turtle.
KNOWLEDGE = (ExportFormat.NQUADS, ExportFormat.TURTLE, ExportFormat.JSONLD)
MERGED = (ExportFormat.TURTLE, ExportFormat.RDFXML, ExportFormat.FUNCTIONAL)
RULES = (ExportFormat.SHACL_AF, ExportFormat.TURTLE)
ENDINGS = {
    ".nq": ExportFormat.NQUADS,
    ".ttl": ExportFormat.TURTLE,
    ".jsonld": ExportFormat.JSONLD,
    ".owl": ExportFormat.RDFXML,
    ".rdf": ExportFormat.RDFXML,
    ".ofn": ExportFormat.FUNCTIONAL,
}


def export(
    what: Annotated[What, typer.Argument(metavar="[kb|rules]", help="The knowledge base, or the rules.")] = What.KB,
    form: Annotated[
        ExportFormat | None,
        typer.Option("--format", help="nquads, turtle or jsonld for the knowledge base; else by the ending of --output."),
    ] = None,
    merged: Annotated[
        bool, typer.Option("--merged", help="Ontology and facts as one ontology, for Protege: turtle, rdfxml or ofn.")
    ] = False,
    plan: Annotated[Path | None, typer.Option(help="With this plan and what the rules conclude from it.")] = None,
    output: OutputOption = None,
) -> None:
    """Write the knowledge base for another triplestore, or the rules for another rule engine."""
    from contextlib import ExitStack

    from mwkb import export as exports
    from mwkb import knowledge as knowledge_base
    from mwkb.assessment import derived
    from mwkb.opening import read

    allowed = RULES if what is What.RULES else MERGED if merged else KNOWLEDGE
    picked = _chosen(allowed, form, output)
    if merged and (what is What.RULES or plan is not None):
        raise InputProblem("Only ontology and facts are merged.", remedy="Leave out --merged, or the other.")
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
        writers = {
            ExportFormat.NQUADS: exports.nquads,
            ExportFormat.TURTLE: exports.merged_turtle if merged else exports.turtle,
            ExportFormat.JSONLD: exports.jsonld,
            ExportFormat.RDFXML: exports.merged_rdfxml,
            ExportFormat.FUNCTIONAL: exports.merged_functional,
        }
        text = (exports.shacl_af if what is What.RULES else writers[picked])(knowledge)
    emit(text, output)


def _chosen(allowed: Sequence[ExportFormat], form: ExportFormat | None, output: Path | None) -> ExportFormat:
    """The format that --format names, else the output's ending, else the usual one. Raises InputProblem if there is none."""
    picked = form or (ENDINGS.get(output.suffix.lower()) if output is not None else allowed[0])
    if picked is None:
        endings = ", ".join(ending for ending, form in ENDINGS.items() if form in allowed)
        raise InputProblem("There is no format for this ending.", output, f"End it in one of {endings}, or use --format.")
    if picked not in allowed:
        remedy = f"Use one of: {', '.join(f.value for f in allowed)}."
        if allowed is KNOWLEDGE and picked in MERGED:
            remedy = f"Add --merged. {remedy}".replace("Use", "Or use")
        raise InputProblem(f"There is no format '{picked.value}' for this.", remedy=remedy)
    return picked
