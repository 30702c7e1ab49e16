"""Load Turtle files into a store."""

from __future__ import annotations

import re
from pathlib import Path

from pyoxigraph import RdfFormat, Store

from mwkb import files
from mwkb.problems import InputProblem, Place
from mwkb.vocabulary import PREFIXES


def turtle_store(*paths: Path) -> Store:
    """A store with the triples of Turtle files. Raises InputProblem with file and line if one cannot be read."""
    store = Store()
    for path in paths:
        try:
            store.bulk_load(path=str(path), format=RdfFormat.TURTLE)
        except SyntaxError as error:
            what = re.sub(r"^Parser error [^:]*: ", "", error.msg.splitlines()[0]).removesuffix(".")
            raise InputProblem(f"This is not Turtle: {what}.", Place(files.shown(path), error.lineno), _remedy(what)) from None
        except OSError as error:
            raise InputProblem(f"The file cannot be read: {error.strerror or error}.", path) from None
    return store


def _remedy(what: str) -> str:
    """What to do about a prefix of mwkb that a file uses without it, and about the mark that some editors begin a file with."""
    if what.startswith("\ufeff"):
        return "Save it as UTF-8 without a byte order mark."
    found = re.match(r"The prefix (\w+): has not been declared", what)
    known = PREFIXES.get(found[1], "") if found else ""
    return f"Add as its first line: PREFIX {found[1]}: <{known}>" if found and known else ""
