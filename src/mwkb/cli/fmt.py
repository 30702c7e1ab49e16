"""The command that lays files out: Turtle canonically, plans in names that are current."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from mwkb import files
from mwkb.problems import InputProblem


def fmt(
    paths: Annotated[list[Path] | None, typer.Argument(metavar="[FILES]", help="Turtle files; else all that mwkb keeps.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Change nothing; exit with 1 if a file would be changed.")] = False,
    saved: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE", help="Write to the one file what an editor saved as RDF/XML."),
    ] = None,
    migrate: Annotated[
        bool, typer.Option("--migrate", help="The files are plans: rewrite deprecated names in them, and nothing else.")
    ] = False,
) -> None:
    """Bring Turtle files into their canonical layout, without what Protege adds; with --migrate, rename in plans."""
    if migrate and saved is not None:
        raise InputProblem("--from is for Turtle files, and --migrate for plans.", remedy="Use one after the other.")
    if migrate:
        _migrate(paths or [], check)
    elif saved is not None:
        _take_over(saved, paths or [], check)
    else:
        _lay_out(paths or [], check)


def _lay_out(paths: Sequence[Path], check: bool) -> None:
    from mwkb.canonical import canonical, managed

    changed = []
    for path in paths or managed():
        text = canonical(path)
        if text.encode() != path.read_bytes():
            changed.append(files.shown(path))
            if not check:
                files.write_whole(path, text)
    for name in changed:
        print(f"{'not canonical' if check else 'rewritten'}: {name}", file=sys.stderr)
    if check and changed:
        print(f"To mend: mwkb fmt {' '.join(changed)}", file=sys.stderr)
        raise typer.Exit(1)


def _take_over(saved: Path, paths: Sequence[Path], check: bool) -> None:
    """Write what an editor saved as RDF/XML to a file of mwkb in its canonical layout."""
    from mwkb.canonical import canonical_rdfxml

    if len(paths) != 1 or check:
        raise InputProblem("--from writes to one file.", remedy="Write: mwkb fmt --from saved.owl ontology/evidence.ttl")
    files.write_whole(paths[0], canonical_rdfxml(saved, paths[0]))
    print(f"rewritten: {files.shown(paths[0])}", file=sys.stderr)


def _migrate(plans: Sequence[Path], check: bool) -> None:
    """Rewrite deprecated names in plans: all are read before one is written."""
    from mwkb import knowledge as knowledge_base
    from mwkb.migrate import migrated

    if not plans:
        raise InputProblem("--migrate rewrites plans.", remedy="Name the files: mwkb fmt --migrate plan.yaml.")
    knowledge = knowledge_base.load()
    done = [(plan, *migrated(knowledge, plan)) for plan in plans]
    for each in (each for _, _, rewritten in done for each in rewritten):
        told = f"{each.place}: '{each.old}' {'is deprecated: use' if check else 'is now'} '{each.new}'"
        twice = ", which the plan names too: see that it does not say the same twice" if each.names_both else ""
        print(told + twice, file=sys.stderr)
    if not check:
        files.write_all({plan: content for plan, content, rewritten in done if rewritten})
    elif any(rewritten for _, _, rewritten in done):
        raise typer.Exit(1)
