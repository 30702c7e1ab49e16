"""The commands that choose: the fewest additions to a plan, and the best portfolio under a budget."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mwkb.cli.finish import tell
from mwkb.cli.options import (
    FormatOption,
    OutputOption,
    ParameterOption,
    PlanFile,
    TimingsOption,
    parameters,
    warn_of_unknown_keys,
)
from mwkb.cli.output import Format, chosen, emit
from mwkb.problems import InputProblem
from mwkb.timings import Timings

if TYPE_CHECKING:
    from mwkb.knowledge import Knowledge
    from mwkb.plan import Plan

FORMATS = (Format.TEXT, Format.JSON)


def mend(
    plan: PlanFile,
    close: Annotated[
        list[str], typer.Option(metavar="FINDING", help="Close this gap, by its id; may be repeated. Else all that are warnings.")
    ] = [],  # noqa: B006
    ways: Annotated[int, typer.Option(min=1, max=100, help="Show at most this many ways that are equally short.")] = 5,
    form: FormatOption = None,
    output: OutputOption = None,
    parameter: ParameterOption = [],  # noqa: B006
    timings: TimingsOption = False,
) -> None:
    """Find the fewest interventions to add that close the gaps in a plan."""
    from mwkb.choice import mend as mending
    from mwkb.report.choice import mending_json, mending_text

    picked = chosen(form, output, FORMATS, reads=plan)
    clock = Timings()
    knowledge, document = _read(plan, clock)
    found = mending.mend(knowledge, document, close, limit=ways, parameters=parameters(parameter), timings=clock)
    emit((mending_json if picked is Format.JSON else mending_text)(found, knowledge.versions), output)
    tell(clock if timings else None)


def portfolio(
    plan: PlanFile,
    budget: Annotated[str, typer.Option(metavar="POUNDS", help="What the interventions may cost together.", show_default=False)],
    where_possible: Annotated[
        bool, typer.Option("--where-possible", help="Leave out of account what not even the whole plan offers.")
    ] = False,
    form: FormatOption = None,
    output: OutputOption = None,
    parameter: ParameterOption = [],  # noqa: B006
    timings: TimingsOption = False,
) -> None:
    """Choose the planned interventions with the highest scores that a budget allows.

    The choice keeps an intervention for each life stage and one targeted at each group at risk that
    lives there. Exit code 1 if there is no such choice.
    """
    from mwkb.choice import portfolio as portfolios
    from mwkb.report.choice import portfolio_json, portfolio_text

    picked = chosen(form, output, FORMATS, reads=plan)
    amount = _pounds(budget)
    clock = Timings()
    knowledge, document = _read(plan, clock)
    found = portfolios.portfolio(
        knowledge, document, amount, where_possible=where_possible, parameters=parameters(parameter), timings=clock
    )
    emit((portfolio_json if picked is Format.JSON else portfolio_text)(found, knowledge.versions), output)
    tell(clock if timings else None)
    if not found.is_feasible:
        raise typer.Exit(1)


def _read(plan: Path, clock: Timings) -> tuple[Knowledge, Plan]:
    from mwkb.opening import opened

    knowledge, document = opened(plan, clock)
    warn_of_unknown_keys(document)
    return knowledge, document


def _pounds(text: str) -> Decimal:
    """An amount in digits; commas may stand between thousands, and nowhere else."""
    if not re.fullmatch(r"£?([0-9]{1,12}|[0-9]{1,3}(,[0-9]{3}){1,3})(\.[0-9]{1,2})?", text):
        raise InputProblem(f"{text!r} is not an amount in pounds.", remedy="Write, for example, --budget 3000000.")
    return Decimal(text.removeprefix("£").replace(",", ""))
