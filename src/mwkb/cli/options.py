"""Options and steps that several commands share."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mwkb.cli.output import Format
from mwkb.problems import InputProblem

if TYPE_CHECKING:
    from mwkb.knowledge import Knowledge
    from mwkb.plan import Plan


class FailOn(StrEnum):
    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"
    NEVER = "never"


class Engine(StrEnum):
    SHIFTY = "shifty"
    PYSHACL = "pyshacl"


PlanFile = Annotated[
    Path, typer.Argument(metavar="PLAN", help="A plan as YAML, JSON, Turtle, N-Triples or JSON-LD.", show_default=False)
]
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
AreaOption = Annotated[
    str | None, typer.Option(metavar="GSS", help="An area, by its GSS code, from published figures instead of a plan.")
]
IndicatorsOption = Annotated[Path | None, typer.Option(metavar="CSV", help="The figures: area_code, year, indicator, value.")]
IndicatorOption = Annotated[list[str], typer.Option(metavar="NAME", help="Use only this indicator; may be repeated.")]
YearOption = Annotated[int | None, typer.Option(help="Use this year's figures; else the latest of each indicator.")]
SkipOption = Annotated[bool, typer.Option("--skip-bad-rows", help="Leave out rows and indicators that cannot be used.")]


def parameters(given: list[str]) -> dict[str, str]:
    """Parameter values by name, from NAME=VALUE texts. Raises InputProblem if one is not of that form."""
    values = {}
    for item in given:
        name, equals, value = item.partition("=")
        if not equals:
            raise InputProblem(
                f"'{item}' does not set a parameter.", remedy="Write NAME=VALUE, such as evidence-policy=area-inherit."
            )
        values[name.strip()] = value.strip()
    return values


def warn_of_unknown_keys(plan: Plan) -> None:
    """Say on standard error which keys of a plan were not read, for commands that do not validate."""
    for unknown in plan.unknown_keys:
        print(
            f"warning: {unknown.place}: '{unknown.key}' is not a name that a plan can use. {unknown.hint}".rstrip(),
            file=sys.stderr,
        )


def plan_or_area(plan: Path | None, area: str | None, indicators: Path | None) -> None:
    """Raise InputProblem unless there is either a plan, or an area with its figures."""
    if (plan is None) == (area is None):
        raise InputProblem("Give either a plan or --area.", remedy="See --help.")
    if (area is None) != (indicators is None):
        raise InputProblem("--area and --indicators go together.", remedy="See --help.")


def profile_of(
    knowledge: Knowledge, area: str | None, indicators: Path | None, only: list[str], year: int | None, skip: bool
) -> Plan:
    """The profile of an area from a table of figures; what is skipped is said on standard error."""
    from mwkb.indicators import profile, read_table

    assert area is not None and indicators is not None
    table = read_table(indicators, skip)
    document = profile(knowledge, table, area, year, tuple(only), allow_missing=skip)
    for problem in table.skipped:
        print(f"skipped: {problem}", file=sys.stderr)
    return document
