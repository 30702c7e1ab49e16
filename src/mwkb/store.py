"""Load Turtle files into a store."""

from __future__ import annotations

import re
from pathlib import Path

from pyoxigraph import RdfFormat, Store

from mwkb import files
from mwkb.problems import InputProblem, Place


def turtle_store(*paths: Path) -> Store:
    """A store with the triples of Turtle files. Raises InputProblem with file and line if one cannot be read."""
    store = Store()
    for path in paths:
        try:
            store.bulk_load(path=str(path), format=RdfFormat.TURTLE)
        except SyntaxError as error:
            what = re.sub(r"^Parser error [^:]*: ", "", error.msg.splitlines()[0])
            raise InputProblem(f"This is not Turtle: {what}", Place(files.shown(path), error.lineno)) from None
        except OSError as error:
            raise InputProblem(f"The file cannot be read: {error.strerror or error}.", path) from None
    return store
