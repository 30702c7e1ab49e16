"""The command that proves a finding, or says why there is none."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mwkb.cli.finish import tell
from mwkb.cli.options import (
    AreaOption,
    FormatOption,
    IndicatorOption,
    IndicatorsOption,
    OutputOption,
    ParameterOption,
    SkipOption,
    TimingsOption,
    YearOption,
    parameters,
    plan_or_area,
    profile_of,
    warn_of_unknown_keys,
)
from mwkb.cli.output import Format, chosen, emit
from mwkb.problems import InputProblem, nearest
from mwkb.vocabulary import KB, MWKB, local_name

if TYPE_CHECKING:
    from mwkb.findings import Finding
    from mwkb.knowledge import Knowledge


def explain(
    finding: Annotated[
        str | None,
        typer.Argument(
            metavar="PLAN[#FINDING]",
            help="A plan and the id of a finding, as a report prints it; with --area the id alone.",
            show_default=False,
        ),
    ] = None,
    finding_id: Annotated[
        str | None, typer.Argument(metavar="[FINDING]", help="The id of the finding, if not given after '#'.")
    ] = None,
    why_not: Annotated[
        str | None,
        typer.Option(
            "--why-not",
            metavar="FINDING",
            help="Say why there is no such finding; an intervention stands for its recommendation.",
        ),
    ] = None,
    area: AreaOption = None,
    indicators: IndicatorsOption = None,
    indicator: IndicatorOption = [],  # noqa: B006
    year: YearOption = None,
    skip_bad_rows: SkipOption = False,
    form: FormatOption = None,
    output: OutputOption = None,
    parameter: ParameterOption = [],  # noqa: B006
    timings: TimingsOption = False,
) -> None:
    """Prove a finding, down to plan data, source and parameter values; or say why there is none."""
    from mwkb import explain as proofs
    from mwkb import knowledge as knowledge_base
    from mwkb import why_not as failures
    from mwkb.assessment import derived
    from mwkb.finding_reader import read_findings
    from mwkb.opening import read
    from mwkb.report import structured
    from mwkb.report.proof import failures_text, proof_text
    from mwkb.timings import Timings

    path, _, after = (finding or "").partition("#")
    plan = None if area else Path(path) if path else None
    plan_or_area(plan, area, indicators)
    picked = chosen(form, output, (Format.TEXT, Format.JSON), reads=plan or indicators)
    wanted = finding_id or after or (path if area else "")
    if bool(wanted) == bool(why_not):
        raise InputProblem(
            "Say which finding, or use --why-not.", remedy=f"For example: mwkb explain '{path}#recommendation/intervention-10'."
        )
    clock = Timings()
    with clock.stage("load the knowledge base"):
        knowledge = knowledge_base.load()
    target = _wanted(knowledge, why_not) if why_not else ""
    with clock.stage("read the plan" if plan else "read the figures"):
        document = read(knowledge, plan) if plan else profile_of(knowledge, area, indicators, indicator, year, skip_bad_rows)
    warn_of_unknown_keys(document)
    with derived(knowledge, document, parameters=parameters(parameter), timings=clock), clock.stage("explain"):
        if why_not:
            failed = failures.why_not(knowledge, document, target)
            about = KB + target.rpartition("/")[2]
            name = knowledge.label(about) if about in knowledge.names else ""
            as_text, as_json = (
                failures_text(target, name, failed, knowledge.versions),
                structured.failures_json(target, failed, knowledge.versions),
            )
        else:
            proven = _finding(read_findings(knowledge, document), wanted.removeprefix(document.iri + "/finding/"))
            steps = proofs.why(knowledge, document, proven.iri)
            as_text, as_json = (
                proof_text(proven.about.label, steps, knowledge.versions),
                structured.proof_json(proven.iri, steps, knowledge.versions),
            )
    emit(as_text if picked is Format.TEXT else as_json, output)
    tell(clock if timings else None)


def _wanted(knowledge: Knowledge, name: str) -> str:
    """The id of a finding, given as such or as the name of an intervention."""
    from mwkb.findings import KINDS

    kind, slash, _ = name.partition("/")
    if slash and kind in KINDS:
        return name
    iri = knowledge.find(name)
    if iri not in knowledge.subjects("rdf:type", MWKB + "Intervention"):
        raise InputProblem(
            f"'{name}' is neither an intervention nor the id of a finding.",
            remedy=f"Write an intervention such as 3a, or an id such as plan-gap/{local_name(iri)}.",
        )
    return f"recommendation/{local_name(iri)}"


def _finding(found: tuple[Finding, ...], wanted: str) -> Finding:
    by_id = {finding.id: finding for finding in found}
    if wanted not in by_id:
        hint = nearest(wanted, by_id) or "See mwkb assess for the findings there are."
        raise InputProblem(f"There is no finding '{wanted}'.", remedy=hint)
    return by_id[wanted]
