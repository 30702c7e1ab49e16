"""Where output goes and in which format, the same for every command."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from mwkb import files
from mwkb.problems import InputProblem, printable


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    TSV = "tsv"
    TURTLE = "turtle"
    MARKDOWN = "markdown"
    HTML = "html"
    PDF = "pdf"
    XLSX = "xlsx"
    SARIF = "sarif"
    JUNIT = "junit"
    GITHUB = "github"


_SURROGATE = re.compile("[\ud800-\udfff]")
"""What stands in the name of a file that is no text, and cannot be written."""

ENDINGS = {
    ".txt": Format.TEXT,
    ".json": Format.JSON,
    ".csv": Format.CSV,
    ".tsv": Format.TSV,
    ".ttl": Format.TURTLE,
    ".md": Format.MARKDOWN,
    ".html": Format.HTML,
    ".pdf": Format.PDF,
    ".xlsx": Format.XLSX,
    ".sarif": Format.SARIF,
    ".xml": Format.JUNIT,
}

BINARY = (Format.PDF, Format.XLSX)
"""The formats that are no text and that a terminal cannot show."""

NARROWEST = 12
"""The letters that a column of a table has room for at least."""
ROWS = (Format.TEXT, Format.JSON, Format.CSV)
"""The formats of a table."""
USUAL = (Format.TEXT, Format.JSON, Format.CSV, Format.TURTLE)


def chosen(form: Format | None, output: Path | None, allowed: Sequence[Format] = USUAL, reads: Path | None = None) -> Format:
    """The format that --format names, else the output's ending, else text.

    Raises InputProblem if the ending is unknown, the command has no such format, the output is the
    very file that the command reads, or a terminal cannot show it.
    """
    if output is not None and reads is not None and output.exists() and reads.exists() and output.samefile(reads):
        raise InputProblem("The output would replace the file it is about.", output, "Write to another file.")
    picked = form
    if picked is None and output is not None:
        if output.suffix.lower() not in ENDINGS:
            endings = ", ".join(ending for ending, form in ENDINGS.items() if form in allowed)
            raise InputProblem(
                f"There is no format for '{output.suffix}'.", output, f"End it in one of {endings}, or use --format."
            )
        picked = ENDINGS[output.suffix.lower()]
    picked = picked or Format.TEXT
    if picked not in allowed:
        raise InputProblem(
            f"This command has no format '{picked.value}'.", remedy=f"Use one of: {', '.join(f.value for f in allowed)}."
        )
    if picked in BINARY and output is None and sys.stdout.isatty():
        ending = next(ending for ending, form in ENDINGS.items() if form is picked)
        raise InputProblem(f"A terminal cannot show the format '{picked.value}'.", remedy=f"Write to a file: -o report{ending}.")
    return picked


def emit(content: str | bytes, output: Path | None) -> None:
    """Write to the file, whole or not at all, or to standard output."""
    if isinstance(content, str):
        content = _SURROGATE.sub("\ufffd", content)
    if output is None:
        if sys.stdout is None:
            raise InputProblem("The standard output is closed.", remedy="Use --output FILE.")
        try:
            if isinstance(content, bytes):
                sys.stdout.buffer.write(content)
            else:
                sys.stdout.write(content)
            sys.stdout.flush()
        except BrokenPipeError:
            # The reader, such as head, has had enough: the rest goes nowhere, and the exit code stays what it is.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return
    if not output.parent.is_dir():
        raise InputProblem("There is no such folder to write to.", output.parent)
    if output.is_dir():
        raise InputProblem("This is a folder; name a file to write to.", output)
    files.write_whole(output, content)


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table for a person to read; each column gets room for some letters, however narrow the screen."""
    from io import StringIO

    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    grid = Table(box=SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        grid.add_column(escape(column), overflow="fold")
    for row in rows:
        grid.add_row(*(escape(printable(cell)) for cell in row))
    stream = StringIO()
    width = max(Console().width if sys.stdout.isatty() else 160, NARROWEST * len(columns))
    Console(file=stream, width=width, no_color=True, highlight=False).print(grid)
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines()) + "\n"
