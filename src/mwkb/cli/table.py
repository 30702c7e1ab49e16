"""The command table: facts as a workbook or CSV, and what was changed in one put into the knowledge base."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mwkb import files
from mwkb.cli.options import OutputOption
from mwkb.cli.output import Format, chosen, emit
from mwkb.cli.output import table as rows
from mwkb.problems import InputProblem

if TYPE_CHECKING:
    from mwkb.knowledge import Knowledge


def _kinds(incomplete: str) -> Iterator[tuple[str, str]]:
    """The kinds of facts, for the shell to complete."""
    from mwkb import knowledge as knowledge_base
    from mwkb.table import kinds

    named = ((kind.plural.replace(" ", "-"), f"{len(kind.facts)} facts") for kind in kinds(knowledge_base.load()))
    return (each for each in named if each[0].startswith(incomplete))


def table(
    kinds: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[KIND...]", help="Kinds of facts: interventions, 'risk factors', references.", autocompletion=_kinds
        ),
    ] = None,
    apply: Annotated[
        Path | None, typer.Option("--apply", metavar="FILE", help="Read a table back and put what it changes into kb/.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="With --apply: say what would change, and write nothing.")] = False,
    output: OutputOption = None,
) -> None:
    """Write facts as a table for a spreadsheet, and put back what was changed in it: .xlsx, or .csv for one kind.

    Without a kind, list the kinds that there are.
    """
    from mwkb import knowledge as knowledge_base

    if apply is not None and (kinds or output):
        raise InputProblem("--apply reads a table, and kinds and --output write one.", remedy="Use one after the other.")
    if dry_run and apply is None:
        raise InputProblem("--dry-run goes with --apply.", remedy="See --help.")
    if apply is None:
        _write(knowledge_base.load(), kinds or [], output)
        return
    if not dry_run:
        files.editable_root()
    _apply(knowledge_base.load(), apply, dry_run)


def _write(knowledge: Knowledge, words: list[str], output: Path | None) -> None:
    from mwkb.table import find
    from mwkb.table import kinds as all_kinds

    if not words:
        if output is not None:
            raise InputProblem("No kind of facts is named.", remedy="mwkb table lists the kinds that there are.")
        emit(rows(("Kind", "Facts"), [(kind.plural, str(len(kind.facts))) for kind in all_kinds(knowledge)]), None)
        return
    from mwkb.table import write

    asked = list(dict.fromkeys(find(knowledge, word) for word in words))
    picked = chosen(None if output else Format.CSV, output, (Format.XLSX, Format.CSV))
    if picked is Format.CSV:
        if len(asked) > 1:
            raise InputProblem("CSV holds one kind of facts.", output, "Write a workbook: -o facts.xlsx.")
        emit(write.csv(knowledge, asked[0]), output)
    else:
        emit(write.workbook(knowledge, asked), output)


def _apply(knowledge: Knowledge, path: Path, dry_run: bool) -> None:
    from mwkb.report.table import absent_text, counts, difference_text
    from mwkb.table.apply import texts
    from mwkb.table.difference import difference
    from mwkb.table.judge import judged
    from mwkb.table.read import read

    content = read(path, knowledge)
    for note in content.notes:
        print(f"warning: {note.place}: {note.what}", file=sys.stderr)
    found = difference(knowledge, content)
    judgement = judged(knowledge, found.changes, found.refused)
    for warning in judgement.warnings:
        print(f"warning: {warning}", file=sys.stderr)
    refused = sorted({str(p): p for p in (*found.refused, *judgement.refused)}.values(), key=_position)
    if refused:
        for problem in refused:
            print(f"error: {problem}", file=sys.stderr)
        print(f"Nothing was written: {len(refused)} to mend.", file=sys.stderr)
        raise typer.Exit(1)
    for line in absent_text(found):
        print(line, file=sys.stderr)
    if not found.changes:
        print("The table says what the knowledge base says: nothing to write.", file=sys.stderr)
        return
    changed = texts(found.changes)
    emit(difference_text(found), None)
    if dry_run:
        print(f"Nothing was written: {counts(found)}.", file=sys.stderr)
        return
    files.editable_root()
    files.write_all(changed)
    print(f"Written: {counts(found)}, in {', '.join(files.shown(each) for each in changed)}.", file=sys.stderr)


def _position(problem: InputProblem) -> tuple[object, ...]:
    return problem.place.position if problem.place else ()
