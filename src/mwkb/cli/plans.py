"""Commands about plans: assess, validate, recommend, gaps; the others have files of their own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mwkb.cli.compare import FORMATS, show
from mwkb.cli.finish import finish
from mwkb.cli.formats import ASSESSMENT, VALIDATION
from mwkb.cli.options import (
    AreaOption,
    Engine,
    EngineOption,
    FailOn,
    FailOnOption,
    FormatOption,
    IndicatorOption,
    IndicatorsOption,
    OutputOption,
    ParameterOption,
    PlanFile,
    SkipOption,
    TimingsOption,
    YearOption,
    parameters,
    plan_or_area,
    profile_of,
    warn_of_unknown_keys,
)
from mwkb.cli.output import Format, chosen, emit

if TYPE_CHECKING:
    from mwkb.assessment import Assessment
    from mwkb.findings import Kind
    from mwkb.knowledge import Knowledge
    from mwkb.timings import Timings


def assess(
    plan: PlanFile,
    form: FormatOption = None,
    output: OutputOption = None,
    fail_on: FailOnOption = FailOn.VIOLATION,
    engine: EngineOption = Engine.SHIFTY,
    parameter: ParameterOption = [],  # noqa: B006
    settings: Annotated[
        list[str], typer.Option("--set", metavar="KIND:ITEM=VALUE", help="What if: such as priority:outcome-03-1=5.")
    ] = [],  # noqa: B006
    add: Annotated[list[str], typer.Option(metavar="INTERVENTION", help="What if this intervention were commissioned too.")] = [],  # noqa: B006
    drop: Annotated[list[str], typer.Option(metavar="INTERVENTION", help="What if this intervention were not.")] = [],  # noqa: B006
    timings: TimingsOption = False,
) -> None:
    """Check a plan, recommend interventions, show gaps and questions: the whole assessment.

    With --set, --add or --drop, show instead what would change.
    """
    if settings or add or drop:
        _what_if(
            plan, chosen(form, output, FORMATS, reads=plan), output, fail_on, engine, parameter, (settings, add, drop), timings
        )
        return
    picked = chosen(form, output, tuple(ASSESSMENT), reads=plan)
    knowledge, found, clock = _assessed(plan, engine, parameter)
    emit(ASSESSMENT[picked](found, knowledge, fail_on), output)
    finish(found.worst(), fail_on, clock if timings else None)


def validate(
    plan: PlanFile,
    form: FormatOption = None,
    output: OutputOption = None,
    fail_on: FailOnOption = FailOn.VIOLATION,
    engine: EngineOption = Engine.SHIFTY,
    timings: TimingsOption = False,
) -> None:
    """Check that a plan can be read and holds what the toolkit asks for."""
    from mwkb.opening import opened
    from mwkb.timings import Timings

    picked = chosen(form, output, tuple(VALIDATION), reads=plan)
    clock = Timings()
    knowledge, document = opened(plan, clock, engine.value)
    from mwkb.beside import begun
    from mwkb.plan_shapes import validation

    with clock.stage("validate"):
        work = clock.timed("validate", validation(knowledge, document, engine.value))
    raw = begun(work)
    # While the shapes are put to the plan; the report too, which is wanted as soon as they are done.
    from mwkb.assessment import unassessed, validated
    from mwkb.report import text  # noqa: F401
    from mwkb.validate import told

    found = unassessed(knowledge, document)
    results = raw()
    with clock.stage("validate"):
        found = validated(found, document, told(knowledge, document, results))
    emit(VALIDATION[picked](found, knowledge, fail_on), output)
    finish(found.worst(), fail_on, clock if timings else None)


def recommend(
    plan: Annotated[Path | None, typer.Argument(metavar="[PLAN]", help="A plan; or use --area.", show_default=False)] = None,
    area: AreaOption = None,
    indicators: IndicatorsOption = None,
    indicator: IndicatorOption = [],  # noqa: B006
    year: YearOption = None,
    skip_bad_rows: SkipOption = False,
    form: FormatOption = None,
    output: OutputOption = None,
    fail_on: FailOnOption = FailOn.VIOLATION,
    parameter: ParameterOption = [],  # noqa: B006
    timings: TimingsOption = False,
) -> None:
    """Recommend interventions for a plan, or for an area from published figures."""
    from mwkb import knowledge as knowledge_base
    from mwkb.assessment import conclude
    from mwkb.timings import Timings

    plan_or_area(plan, area, indicators)
    kinds: tuple[Kind, ...] = ("recommendation",)
    picked = chosen(form, output, reads=plan or indicators)
    if plan is not None:
        _, found, clock = _assessed(plan, Engine.SHIFTY, parameter, checked=False)
    else:
        kinds = ("recommendation", "toolkit-gap")
        clock = Timings()
        with clock.stage("load the knowledge base"):
            knowledge = knowledge_base.load()
        with clock.stage("read the figures"):
            document = profile_of(knowledge, area, indicators, indicator, year, skip_bad_rows)
        found = conclude(knowledge, document, parameters(parameter), clock)
    _show(found, kinds, picked, output)
    finish(_worst(found, kinds), fail_on, clock if timings else None)


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
    _, found, clock = _assessed(plan, Engine.SHIFTY, parameter, checked=False)
    _show(found, kinds, picked, output)
    finish(_worst(found, kinds), fail_on, clock if timings else None)


def _what_if(
    plan: Path,
    picked: Format,
    output: Path | None,
    fail_on: FailOn,
    engine: Engine,
    parameter: list[str],
    edits: tuple[list[str], list[str], list[str]],
    timings: bool,
) -> None:
    from mwkb.opening import opened
    from mwkb.timings import Timings

    clock = Timings()
    knowledge, document = opened(plan, clock)
    from mwkb.change import summary
    from mwkb.difference import what_if

    warn_of_unknown_keys(document)
    found = what_if(knowledge, document, *edits, engine=engine.value, parameters=parameters(parameter), timings=clock)
    show(found, f"What would change: {summary(*edits)}", picked, output)
    finish(found.worst_opened(), fail_on, clock if timings else None)


def _assessed(plan: Path, engine: Engine, parameter: list[str], checked: bool = True) -> tuple[Knowledge, Assessment, Timings]:
    from mwkb.opening import opened
    from mwkb.timings import Timings

    clock = Timings()
    knowledge, document = opened(plan, clock, engine.value if checked else "")
    from mwkb.assessment import assess, conclude

    values = parameters(parameter)
    if checked:
        found = assess(document, knowledge=knowledge, engine=engine.value, parameters=values, timings=clock, beside=True)
        return knowledge, found, clock
    run = conclude(knowledge, document, values, clock)
    warn_of_unknown_keys(document)
    return knowledge, run, clock


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
