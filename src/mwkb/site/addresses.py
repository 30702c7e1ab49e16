"""Where the page of each thing lies: at the path of its IRI, and no two at paths that differ in case alone."""

from __future__ import annotations

import re
from collections.abc import Iterable

BASE = "https://w3id.org/mwkb/"


def paths(things: Iterable[tuple[str, str]], reserved: Iterable[str]) -> dict[str, str]:
    """The path of the page of each IRI. What comes first gets the plain path.

    Each IRI comes with a word for what it is, which tells its page from another whose path would be the same on a
    file system that ignores case: the class Outcome has ``Outcome.html``, the property ``outcome-property.html``.
    """
    taken = {path.casefold() for path in reserved}
    found: dict[str, str] = {}
    for iri, word in things:
        if iri in found:
            continue
        folder, name = _parts(iri)
        tried = [name, f"{name}-{word}"]
        while (path := f"{folder}{tried.pop(0)}.html").casefold() in taken:
            if not tried:
                tried = [f"{name}-{word}-{len(taken)}"]
        taken.add(path.casefold())
        found[iri] = path
    return found


def _parts(iri: str) -> tuple[str, str]:
    """The folder and the name of a page. What a file's name cannot hold everywhere becomes a hyphen."""
    folder, _, name = iri.removeprefix(BASE).replace("#", "/", 1).partition("/")
    return f"{_safe(folder)}/", _safe(name)


def _safe(name: str) -> str:
    return re.sub(r"^\.+|[^\w.-]", "-", name, flags=re.ASCII) or "-"
