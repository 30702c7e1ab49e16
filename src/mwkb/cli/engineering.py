"""Commands for those who extend the ontology and the facts."""

from __future__ import annotations

import json
from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mwkb.cli.options import FormatOption, OutputOption
from mwkb.cli.output import Format, chosen, emit, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mwkb.hygiene import Flaw


class Level(StrEnum):
    ERROR = "error"
    WARN = "warn"
    INFO = "info"


class FailOnLevel(StrEnum):
    ERROR = "error"
    WARN = "warn"
    INFO = "info"
    NEVER = "never"


def report(
    drafts: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILES]", help="Turtle files of your own, to be checked together with what mwkb keeps."),
    ] = None,
    fail_on: Annotated[FailOnLevel, typer.Option(help="Exit with 1 if there is anything at or above this level.")] = (
        FailOnLevel.ERROR
    ),
    level: Annotated[Level, typer.Option(help="Show only what is at or above this level.")] = Level.INFO,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Check the hygiene of ontology and facts: labels, definitions, sources, terms, links, units and more."""
    from mwkb import hygiene
    from mwkb.report.structured import plain
    from mwkb.sparql import LEVELS

    picked = chosen(form, output, (Format.TEXT, Format.TSV, Format.JSON))
    every = hygiene.report(drafts or [])
    found = [flaw for flaw in every if flaw.level in _at_or_above(level)]
    if picked is Format.JSON:
        emit(json.dumps(plain(found), ensure_ascii=False, indent=2) + "\n", output)
    elif picked is Format.TSV:
        # A tab or line break inside a value becomes a space, so that each flaw stays one line of six cells.
        rows = [(f.level, f.check, f.subject, f.property, f.value, str(f.place or "")) for f in found]
        lines = [("Level", "Check", "Subject", "Property", "Value", "Place"), *rows]
        emit("".join("\t".join(" ".join(cell.split()) for cell in line) + "\n" for line in lines), output)
    else:
        counted = Counter(flaw.level for flaw in every)
        counts = ", ".join(f"{counted[level]} {level}" for level in LEVELS)
        emit(f"{_report_text(found)}{len(hygiene.checks())} checks: {counts}.\n", output)
    if fail_on is not FailOnLevel.NEVER and any(flaw.level in _at_or_above(fail_on) for flaw in every):
        raise typer.Exit(1)


def _at_or_above(level: StrEnum) -> tuple[str, ...]:
    from mwkb.sparql import LEVELS

    return LEVELS[: LEVELS.index(level.value.upper()) + 1]


def _report_text(found: Sequence[Flaw]) -> str:
    from mwkb.vocabulary import compact

    text = []
    for title in dict.fromkeys(flaw.title for flaw in found):
        flaws = [flaw for flaw in found if flaw.title == title]
        text.append(f"{flaws[0].level} {title} ({len(flaws)}). {flaws[0].action}\n")
        rows = [(compact(f.subject), compact(f.property), compact(f.value), str(f.place or "")) for f in flaws]
        text.append(table(("subject", "property", "value", "place"), rows))
    return "".join(text)
