"""Commands for those who extend the ontology and the facts."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from mwkb import files


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command(rich_help_panel="Ontology engineering")(fmt)


def fmt(
    paths: Annotated[list[Path] | None, typer.Argument(metavar="[FILES]", help="Turtle files; else all that mwkb keeps.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Change nothing; exit with 1 if a file is not canonical.")] = False,
) -> None:
    """Bring Turtle files into their canonical layout."""
    from mwkb.canonical import canonical, managed

    changed = []
    for path in paths or managed():
        text = canonical(path)
        if text != path.read_text(encoding="utf-8"):
            changed.append(files.shown(path))
            if not check:
                files.write_whole(path, text)
    for name in changed:
        print(f"{'not canonical' if check else 'rewritten'}: {name}", file=sys.stderr)
    if check and changed:
        print(f"To mend: mwkb fmt {' '.join(changed)}", file=sys.stderr)
        raise typer.Exit(1)
