"""Commands about plans: assess, validate, recommend, gaps, explain."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mwkb.cli.output import Format, chosen, emit
from mwkb.problems import InputProblem, nearest

if TYPE_CHECKING:
    from mwkb.assessment import Assessment, Timings
    from mwkb.findings import Kind


class FailOn(StrEnum):
    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"
    NEVER = "never"


class Engine(StrEnum):
    SHIFTY = "shifty"
    PYSHACL = "pyshacl"


PlanFile = Annotated[Path, typer.Argument(metavar="PLAN", help="A plan as YAML, JSON or Turtle.", show_default=False)]
FormatOption = Annotated[Format | None, typer.Option("--format", help="Format of the output; else by the ending of --output.")]
OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to a file instead of the screen.")
]
FailOnOption = Annotated[FailOn, typer.Option(help="Exit with 1 if there is anything at or above this severity.")]
EngineOption = Annotated[Engine, typer.Option(help="The SHACL engine; both give the same results.")]
ParameterOption = Annotated[
    list[str], typer.Option("--parameter", "-p", metavar="NAME=VALUE", help="Use another value of a parameter.")
]
TimingsOption = Annotated[bool, typer.Option("--timings", help="Print how long each stage took.")]
GROUP = "Plans"


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    for command in (assess, validate, recommend, gaps, explain):
        app.command(rich_help_panel=GROUP)(command)


def assess(
    plan: PlanFile,
    form: FormatOption = None,
    output: OutputOption = None,
    fail_on: FailOnOption = FailOn.VIOLATION,
    engine: EngineOption = Engine.SHIFTY,
    parameter: ParameterOption = [],  # noqa: B006
    timings: TimingsOption = False,
) -> None:
    """Check a plan, recommend interventions, show gaps and questions: the whole assessment."""
    from mwkb.report import structured, text

    picked = chosen(form, output, reads=plan)
    found, clock = _assessed(plan, engine, parameter)
    shown = {
        Format.TEXT: text.assessment,
        Format.JSON: structured.assessment_json,
        Format.CSV: structured.assessment_csv,
        Format.TURTLE: structured.assessment_turtle,
    }
    emit(shown[picked](found), output)
    _finish(found.worst(), fail_on, clock if timings else None)


def validate(
    plan: PlanFile,
    form: FormatOption = None,
    output: OutputOption = None,
    fail_on: FailOnOption = FailOn.VIOLATION,
    engine: EngineOption = Engine.SHIFTY,
    timings: TimingsOption = False,
) -> None:
    """Check that a plan can be read and holds what the toolkit asks for."""
    from dataclasses import replace

    from mwkb import knowledge as knowledge_base
    from mwkb.assessment import Timings, unassessed
    from mwkb.plan import read_plan
    from mwkb.report import structured, text
    from mwkb.validate import validate as run

    picked = chosen(form, output, (Format.TEXT, Format.JSON, Format.CSV), reads=plan)
    clock = Timings()
    with clock.stage("load the knowledge base"):
        knowledge = knowledge_base.load()
    with clock.stage("read the plan"):
        document = read_plan(plan)
    with clock.stage("validate"):
        results = run(knowledge, document, engine.value)
    found = replace(unassessed(knowledge, document), validation=results)
    shown = {Format.TEXT: text.validation, Format.JSON: structured.assessment_json, Format.CSV: structured.assessment_csv}
    emit(shown[picked](found), output)
    _finish(found.worst(), fail_on, clock if timings else None)


def recommend(
    plan: Annotated[Path | None, typer.Argument(metavar="[PLAN]", help="A plan; or use --area.", show_default=False)] = None,
    area: Annotated[
        str | None, typer.Option(metavar="GSS", help="Recommend for an area from published figures, by its GSS code.")
    ] = None,
    indicators: Annotated[
        Path | None, typer.Option(metavar="CSV", help="The figures: area_code, year, indicator, value.")
    ] = None,
    indicator: Annotated[list[str], typer.Option(metavar="NAME", help="Use only this indicator; may be repeated.")] = [],  # noqa: B006
    year: Annotated[int | None, typer.Option(help="Use this year's figures; else the latest of each indicator.")] = None,
    skip_bad_rows: Annotated[
        bool, typer.Option("--skip-bad-rows", help="Leave out rows and indicators that cannot be used.")
    ] = False,
    form: FormatOption = None,
    output: OutputOption = None,
    fail_on: FailOnOption = FailOn.VIOLATION,
    parameter: ParameterOption = [],  # noqa: B006
    timings: TimingsOption = False,
) -> None:
    """Recommend interventions for a plan, or for an area from published figures."""
    if (plan is None) == (area is None):
        raise InputProblem("Give either a plan or --area.", remedy="See mwkb recommend --help.")
    if (area is None) != (indicators is None):
        raise InputProblem("--area and --indicators go together.", remedy="See mwkb recommend --help.")
    kinds: tuple[Kind, ...] = ("recommendation",)
    picked = chosen(form, output, reads=plan or indicators)
    if plan is not None:
        found, clock = _assessed(plan, Engine.SHIFTY, parameter, checked=False)
    else:
        assert area is not None and indicators is not None
        found, clock = _from_figures(area, indicators, tuple(indicator), year, skip_bad_rows, parameter)
        kinds = ("recommendation", "toolkit-gap")
    _show(found, kinds, picked, output)
    _finish(_worst(found, kinds), fail_on, clock if timings else None)


def gaps(
    plan: PlanFile,
    form: FormatOption = None,
    output: OutputOption = None,
    fail_on: FailOnOption = FailOn.VIOLATION,
    parameter: ParameterOption = [],  # noqa: B006
    timings: TimingsOption = False,
) -> None:
    """Show what a plan lacks, what is not recorded, and where the toolkit has nothing to offer."""
    kinds: tuple[Kind, ...] = ("plan-gap", "data-gap", "toolkit-gap")
    picked = chosen(form, output, reads=plan)
    found, clock = _assessed(plan, Engine.SHIFTY, parameter, checked=False)
    _show(found, kinds, picked, output)
    _finish(_worst(found, kinds), fail_on, clock if timings else None)


def explain(
    finding: Annotated[
        str,
        typer.Argument(
            metavar="PLAN[#FINDING]", help="A plan and the id of a finding, as a report prints it.", show_default=False
        ),
    ],
    finding_id: Annotated[
        str | None, typer.Argument(metavar="[FINDING]", help="The id of the finding, if not given after '#'.")
    ] = None,
    why_not: Annotated[
        str | None, typer.Option("--why-not", metavar="INTERVENTION", help="Say why an intervention is not recommended.")
    ] = None,
    form: FormatOption = None,
    output: OutputOption = None,
    parameter: ParameterOption = [],  # noqa: B006
) -> None:
    """Prove a finding, down to plan data, source and parameter values; or say why there is none."""
    from mwkb import explain as proofs
    from mwkb import knowledge as knowledge_base
    from mwkb import why_not as failures
    from mwkb.assessment import derived
    from mwkb.findings import read_findings
    from mwkb.plan import read_plan
    from mwkb.report import structured, text

    path, _, after = finding.partition("#")
    picked = chosen(form, output, (Format.TEXT, Format.JSON), reads=Path(path))
    wanted = finding_id or after
    if bool(wanted) == bool(why_not):
        raise InputProblem(
            "Say which finding, or use --why-not.", remedy=f"For example: mwkb explain '{path}#recommendation/intervention-10'."
        )
    knowledge = knowledge_base.load()
    document = read_plan(Path(path))
    target = knowledge.find(why_not) if why_not else ""
    with derived(knowledge, document, _parameters(parameter)):
        if why_not:
            if target not in knowledge.subjects("rdf:type", "https://w3id.org/mwkb/ontology#Intervention"):
                raise InputProblem(f"'{why_not}' is not an intervention.", remedy="See mwkb query interventions-of-area.")
            found = failures.why_not(knowledge, document, target)
            shown = (
                text.failures(knowledge.label(target), found)
                if picked is Format.TEXT
                else structured.failures_json(target, found)
            )
        else:
            findings = {f.id: f for f in read_findings(knowledge, document)}
            key = wanted.removeprefix(document.iri + "/finding/")
            if key not in findings:
                hint = nearest(key, findings) or "See mwkb assess for the findings there are."
                raise InputProblem(f"The plan has no finding '{wanted}'.", remedy=hint)
            steps = proofs.why(knowledge, document, findings[key].iri)
            shown = (
                f"{findings[key].about.label}: why\n\n{text.proof(steps)}"
                if picked is Format.TEXT
                else structured.proof_json(findings[key].iri, steps)
            )
    emit(shown, output)


def _parameters(given: list[str]) -> dict[str, str]:
    values = {}
    for item in given:
        name, equals, value = item.partition("=")
        if not equals:
            raise InputProblem(
                f"'{item}' does not set a parameter.", remedy="Write NAME=VALUE, such as evidence-policy=area-inherit."
            )
        values[name.strip()] = value.strip()
    return values


def _assessed(plan: Path, engine: Engine, parameter: list[str], checked: bool = True) -> tuple[Assessment, Timings]:
    from mwkb import knowledge as knowledge_base
    from mwkb.assessment import Timings, assess, conclude
    from mwkb.plan import read_plan

    clock = Timings()
    with clock.stage("load the knowledge base"):
        knowledge = knowledge_base.load()
    with clock.stage("read the plan"):
        document = read_plan(plan)
    values = _parameters(parameter)
    if checked:
        run = assess(document, knowledge=knowledge, engine=engine.value, parameters=values, timings=clock)
    else:
        run = conclude(knowledge, document, (), values, clock)
    if not checked and document.unknown_keys:
        first = document.unknown_keys[0]
        print(f"warning: {first.place}: '{first.key}' is not a name that a plan can use. {first.hint}".rstrip(), file=sys.stderr)
    return run, clock


def _from_figures(
    area: str, indicators: Path, only: tuple[str, ...], year: int | None, skip: bool, parameter: list[str]
) -> tuple[Assessment, Timings]:
    from mwkb import knowledge as knowledge_base
    from mwkb.assessment import Timings, conclude
    from mwkb.indicators import profile, read_table

    clock = Timings()
    with clock.stage("load the knowledge base"):
        knowledge = knowledge_base.load()
    with clock.stage("read the figures"):
        table = read_table(indicators, skip)
        document = profile(knowledge, table, area, year, only, allow_missing=skip)
    for problem in table.skipped:
        print(f"skipped: {problem}", file=sys.stderr)
    return conclude(knowledge, document, (), _parameters(parameter), clock), clock


def _show(found: Assessment, kinds: tuple[Kind, ...], picked: Format, output: Path | None) -> None:
    from dataclasses import replace

    from mwkb.report import structured, text

    if picked is Format.TEXT:
        emit(text.assessment(found, kinds, validation=False), output)
        return
    part = replace(found, findings=found.of_kind(*kinds))
    shown = {
        Format.JSON: structured.assessment_json,
        Format.CSV: structured.assessment_csv,
        Format.TURTLE: structured.assessment_turtle,
    }
    emit(shown[picked](part), output)


def _worst(found: Assessment, kinds: tuple[Kind, ...]) -> str | None:
    present = {finding.severity for finding in found.of_kind(*kinds)}
    return next((severity for severity in ("violation", "warning", "info") if severity in present), None)


def _finish(worst: str | None, fail_on: FailOn, clock: Timings | None) -> None:
    if clock is not None:
        for name, seconds in clock.stages.items():
            print(f"{name:<26} {seconds * 1000:8.1f} ms", file=sys.stderr)
        for name, seconds in sorted(clock.rules.items(), key=lambda item: -item[1])[:5]:
            print(f"  rule {name:<19} {seconds * 1000:8.1f} ms", file=sys.stderr)
        print(f"{'together':<26} {sum(clock.stages.values()) * 1000:8.1f} ms", file=sys.stderr)
    order = ["violation", "warning", "info"]
    if fail_on is not FailOn.NEVER and worst in order[: order.index(fail_on.value) + 1]:
        raise typer.Exit(1)
