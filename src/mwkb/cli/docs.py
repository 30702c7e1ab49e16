"""The command docs: the reference site of ontology, facts, shapes, rules and queries."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer


def docs(
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="The folder to write; an older site in it is replaced.")
    ],
) -> None:
    """Write a reference site: a page for each term, fact, shape, rule and query, to be read without a server."""
    from mwkb import knowledge as knowledge_base
    from mwkb.site import folder
    from mwkb.site.build import site

    folder.check(output)
    contents = site(knowledge_base.load())
    folder.write(output, contents)
    print(f"{len(contents)} files; begin with {output / 'index.html'}", file=sys.stderr)
