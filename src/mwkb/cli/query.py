"""The commands query and queries, and what the shell completes for them."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mwkb.cli.finish import tell
from mwkb.cli.options import (
    FormatOption,
    IndicatorOption,
    OutputOption,
    SkipOption,
    TimingsOption,
    YearOption,
    warn_of_unknown_keys,
)
from mwkb.cli.output import ROWS, Format, chosen, emit, table
from mwkb.problems import InputProblem, nearest

if TYPE_CHECKING:
    from mwkb.knowledge import Knowledge, Term
    from mwkb.plan import Plan
    from mwkb.sparql import Parameter, SparqlFile


def _names(incomplete: str) -> Iterator[tuple[str, str]]:
    """The queries of the catalogue, for the shell to complete."""
    from mwkb.ask import catalogue

    return ((name, file.title) for name, file in catalogue().items() if name.startswith(incomplete))


def _plans(incomplete: str) -> Iterator[str]:
    """The folders and the files that may be plans, for the shell to complete."""
    from mwkb.plan import FORMATS

    folder = incomplete.rpartition("/")[0] + "/" if "/" in incomplete else ""
    for path in sorted(Path(folder or ".").glob("*")):
        written = folder + path.name + ("/" if path.is_dir() else "")
        kept = path.is_dir() or path.suffix.lower() in FORMATS
        if kept and written.startswith(incomplete) and not path.name.startswith("."):
            yield written


def _parameter(ctx: typer.Context, incomplete: str) -> Iterator[tuple[str, str]]:
    """The parameters of the query that is asked, and after the equals sign their values."""
    from mwkb.ask import catalogue

    known = catalogue()
    # While an option lacks its value, the words before it are not sorted into parameters yet.
    asked = next((known[word] for word in (ctx.params.get("name"), *ctx.args) if word in known), None)
    name, equals, value = incomplete.partition("=")
    for parameter in asked.parameters if asked else ():
        if not equals and parameter.name.startswith(name):
            yield f"{parameter.name}=", parameter.description
        elif equals and parameter.name == name:
            yield from ((f"{name}={short}", label) for short, label in _values(parameter) if short.startswith(value))


def _value_of(name: str) -> Callable[[str], Iterator[tuple[str, str]]]:
    """The values of a parameter, as the first query that has it takes them."""

    def complete(incomplete: str) -> Iterator[tuple[str, str]]:
        from mwkb.ask import catalogue

        parameter = next(p for file in catalogue().values() for p in file.parameters if p.name == name)
        return ((short, label) for short, label in _values(parameter) if short.startswith(incomplete))

    return complete


def _values(parameter: Parameter) -> Iterator[tuple[str, str]]:
    from mwkb import knowledge as knowledge_base
    from mwkb.ask import allowed
    from mwkb.vocabulary import local_name

    knowledge = knowledge_base.load()
    return ((local_name(iri), knowledge.label(iri)) for iri in allowed(knowledge, parameter))


def query(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME]", help="A query of the catalogue; see mwkb queries.", show_default=False, autocompletion=_names
        ),
    ] = None,
    plan: Annotated[
        Path | None, typer.Option(help="Ask about this plan and what the rules conclude from it.", autocompletion=_plans)
    ] = None,
    param: Annotated[
        list[str],
        typer.Option(metavar="NAME=VALUE", help="The value of a parameter; may be repeated.", autocompletion=_parameter),
    ] = [],  # noqa: B006
    area: Annotated[
        str | None,
        typer.Option(metavar="AREA", help="Short for --param area=AREA, such as 6.", autocompletion=_value_of("area")),
    ] = None,
    intervention: Annotated[
        str | None,
        typer.Option(
            metavar="INTERVENTION",
            help="Short for --param intervention=INTERVENTION, such as 6iii.",
            autocompletion=_value_of("intervention"),
        ),
    ] = None,
    expression: Annotated[
        str | None, typer.Option("--expression", "-e", metavar="SPARQL", help="Ask a SELECT of your own.")
    ] = None,
    endpoint: Annotated[
        str | None, typer.Option(metavar="URL", help="Ask a SPARQL endpoint that holds what mwkb export gives.")
    ] = None,
    timeout: Annotated[
        float, typer.Option(min=0.1, max=86400, metavar="SECONDS", help="How long an endpoint may take to answer.")
    ] = 60,
    indicators: Annotated[
        Path | None, typer.Option(metavar="CSV", help="Ask about the areas in a table of published figures, and what follows.")
    ] = None,
    indicator: IndicatorOption = [],  # noqa: B006
    year: YearOption = None,
    skip_bad_rows: SkipOption = False,
    form: FormatOption = None,
    output: OutputOption = None,
    timings: TimingsOption = False,
) -> None:
    """Ask a question of the catalogue, or one of your own in SPARQL."""
    from mwkb import knowledge as knowledge_base
    from mwkb.ask import ask
    from mwkb.timings import Timings

    picked = chosen(form, output, ROWS, reads=plan or indicators)
    if (name is None) == (expression is None):
        raise InputProblem("Give either the name of a query or --expression.", remedy="See mwkb queries for the names.")
    if endpoint is not None and (plan is not None or indicators is not None):
        raise InputProblem(
            f"--{'plan' if plan else 'indicators'} and --endpoint do not go together: "
            "an endpoint answers from what was loaded there.",
            remedy="Load there what mwkb export --plan gives, and ask without --plan.",
        )
    short = {"area": area, "intervention": intervention}
    given = [*param, *(f"{key}={value}" for key, value in short.items() if value is not None)]
    clock = Timings()
    with clock.stage("load the knowledge base"):
        knowledge = knowledge_base.load()
    text, bound = _question(knowledge, name, expression, given)
    if endpoint is not None:
        from mwkb.remote import ask_endpoint

        with clock.stage("ask the endpoint"):
            columns, rows = ask_endpoint(endpoint, text, bound, timeout)
    else:
        from mwkb.assessment import derived

        with clock.stage("read what it is about"):
            asked = _asked_about(knowledge, plan, indicators, tuple(indicator), year, skip_bad_rows)
        with derived(knowledge, *asked, timings=clock) if asked else nullcontext(), clock.stage("ask"):
            columns, rows = ask(knowledge, text, bound)
    emit(_rows(columns, rows, picked), output)
    tell(clock if timings else None)


def _question(knowledge: Knowledge, name: str | None, expression: str | None, given: list[str]) -> tuple[str, dict[str, Term]]:
    """The text of a question with its parameters. Raises InputProblem if there is no such question."""
    from mwkb.ask import bind, catalogue

    if expression is not None and given:
        raise InputProblem("A SELECT of your own has no parameters.", remedy="Write the values into it.")
    if name is None:
        return expression or "", {}
    known = catalogue()
    if name not in known:
        raise InputProblem(f"There is no query '{name}'.", remedy=nearest(name, known) or "See mwkb queries for the names.")
    return known[name].text, bind(knowledge, known[name], given)


def _asked_about(
    knowledge: Knowledge, plan: Path | None, indicators: Path | None, only: tuple[str, ...], year: int | None, skip: bool
) -> list[Plan]:
    """The plan and the profiles of areas that a question is about."""
    from mwkb.indicators import profiles, read_table
    from mwkb.opening import read

    found = []
    if plan is not None:
        found.append(read(knowledge, plan))
        warn_of_unknown_keys(found[0])
    if indicators is not None:
        table = read_table(indicators, skip)
        for problem in table.skipped:
            print(f"skipped: {problem}", file=sys.stderr)
        found += profiles(knowledge, table, year, only)
    return found


def _rows(columns: list[str], rows: list[list[str]], picked: Format) -> str:
    """What a query answered, in the format that was picked."""
    from mwkb import vocabulary
    from mwkb.report.structured import table_csv

    if picked is Format.JSON:
        return json.dumps([dict(zip(columns, row, strict=True)) for row in rows], ensure_ascii=False, indent=2) + "\n"
    if picked is Format.CSV:
        return table_csv(columns, rows)
    # For a person, a name stands in for the IRI beside it, a column without a value says nothing, and the
    # one plan that was asked about need not be named in each row.
    bare = [re.sub("(Label|Title)$", "", column) for column in columns]
    kept = [index for index, name in enumerate(bare) if columns[index] != name or bare.count(name) == 1]
    shown = [index for index in kept if not rows or any(row[index] for row in rows)]
    plans = {row[index] for row in rows for index in shown if bare[index] == "plan"}
    if len(plans) == 1 and len(shown) > 1:
        shown = [index for index in shown if bare[index] != "plan"]
    heading = f"{plans.pop()}\n" if len(plans) == 1 else ""
    return heading + table([bare[index] for index in shown], [[vocabulary.compact(row[i]) for i in shown] for row in rows])


def queries(form: FormatOption = None, output: OutputOption = None) -> None:
    """List the questions of the catalogue by theme, with their parameters."""
    from mwkb.ask import catalogue

    picked = chosen(form, output, ROWS)
    files = sorted(catalogue().values(), key=lambda file: (file.theme, file.id))
    columns = ("theme", "name", "question", "parameters", "description")
    rows = [(file.theme, file.id, file.title, _parameters(file), file.description) for file in files]
    if picked is Format.JSON:
        emit(json.dumps([dict(zip(columns, row, strict=True)) for row in rows], ensure_ascii=False, indent=2) + "\n", output)
    elif picked is Format.CSV:
        from mwkb.report.structured import table_csv

        emit(table_csv(columns, rows), output)
    else:
        emit(table(columns[:-1], [row[:-1] for row in rows]), output)


def _parameters(file: SparqlFile) -> str:
    return ", ".join(f"{p.name} ({p.kind}){f' such as {p.example}' if p.example else ''}" for p in file.parameters)
