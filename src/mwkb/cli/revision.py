"""The commands about revisions of the knowledge base: diff and version."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from mwkb.cli.options import FormatOption, OutputOption
from mwkb.cli.output import Format, chosen, emit

_RevisionName = "A version (0.1.0), a revision of git (main, HEAD~3), a folder or a file of RDF."


def diff(
    before: Annotated[str, typer.Argument(metavar="[BEFORE]", help=_RevisionName)] = "HEAD",
    after: Annotated[
        str | None, typer.Argument(metavar="[AFTER]", help="The same; else the files as they are.", show_default=False)
    ] = None,
    plans: Annotated[
        list[Path] | None, typer.Option("--plan", metavar="PLAN", help="Say what changes for this plan; else for the examples.")
    ] = None,
    no_plans: Annotated[bool, typer.Option("--no-plans", help="Only what changes in the knowledge base.")] = False,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Say in words what changed in the knowledge base, and what that does to the findings of plans."""
    from mwkb.report.changes import changes_json, changes_markdown
    from mwkb.revision.changes import changes
    from mwkb.revision.effect import Effect, effects, examples
    from mwkb.revision.opening import opened

    picked = chosen(form, output, (Format.TEXT, Format.MARKDOWN, Format.JSON))
    with opened(before) as old, opened(after) as new:
        found = changes(old, new)
        told: tuple[Effect, ...] = ()
        if old.folder and new.folder and found.things and not no_plans:
            told = effects(old.folder, new.folder, plans or examples())
    emit((changes_json if picked is Format.JSON else changes_markdown)(found, told), output)


def version(
    new: Annotated[str, typer.Argument(metavar="[VERSION]", help="Have every file state this version.", show_default=False)] = "",
    release: Annotated[bool, typer.Option("--release", help="Record that the present version is released as it is.")] = False,
) -> None:
    """Show the version, what changed since the last release and which version that demands; or set another."""
    from mwkb import files
    from mwkb.problems import InputProblem
    from mwkb.report.version import version_text
    from mwkb.revision import version as versions
    from mwkb.revision.opening import head
    from mwkb.revision.record import as_text, read_record, record_file, recorded
    from mwkb.revision.things import things_in

    if new and release:
        raise InputProblem("A version is set, or released.", remedy="Use one after the other.")
    if new or release:
        files.editable_root()
    record = read_record()
    things = things_in(files.root())
    if new:
        from datetime import UTC, datetime

        today = datetime.now(UTC).date().isoformat()
        files.write_all(versions.stamped(new, record, things, today))
        print(f"The version is {new}.")
        return
    wrong = list(versions.problems(record, things))
    if release and not wrong:
        files.write_whole(record_file(), as_text(recorded(things, versions.current(), head())))
        print(f"Version {versions.current()} is recorded as released, with {len(things)} things.")
        return
    found = versions.changes(record, things) if record is not None else ()
    emit(version_text(versions.current(), record, found), None)
    for problem in wrong:
        print(f"error: {problem}", file=sys.stderr)
    if wrong:
        raise typer.Exit(1)
