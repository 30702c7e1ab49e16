"""On which line of the files that ship, or of a draft, something is said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

from mwkb import files
from mwkb.problems import Place
from mwkb.vocabulary import PREFIXES, QUERY, RDF, RULE, compact, expand

_SUBJECT = re.compile(r"(?:<([^>]*)>|([a-z]+:[\w/.-]*\w))(?:\s|$)")
_PREDICATE = re.compile(r"    (?! )(?:<([^>]*)>|([a-z]+:[\w-]+|a))(?:\s|$)")
Block = tuple[Path, int, tuple[str, ...]]
"""A file, the number of the line on which a thing begins, and the lines that are about it."""


def iri_of(path: Path) -> str:
    """The IRI of a rule or query by its file."""
    return (QUERY if path.parent.name == "queries" else RULE) + path.stem


class Lines:
    """Where each thing is described, in Turtle whose subjects begin their lines and in files of SPARQL.

    A thing may be described in several files. In Turtle of another layout the first line of the thing stands for all
    of it.
    """

    def __init__(self, paths: Iterable[Path]) -> None:
        self._blocks: dict[str, list[Block]] = {}
        for path in paths:
            for iri, block in _blocks(path):
                self._blocks.setdefault(iri, []).append(block)

    def __contains__(self, iri: str) -> bool:
        return iri in self._blocks

    def place(self, subject: str, property_: str = "", value: str = "") -> Place | None:
        """Where a thing is said to have a value, or anything of that property, or where the thing begins; None if nowhere."""
        blocks = self._blocks.get(subject, [])
        if not blocks:
            return None
        for path, first, lines in blocks:
            line = _line_of_name(lines, value) if path.suffix == ".rq" else _line(lines, property_, value)
            if line is not None:
                return Place(files.shown(path), first + line)
        path, first, _ = blocks[0]
        return Place(files.shown(path), first)


def _blocks(path: Path) -> Iterator[tuple[str, Block]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    if path.suffix == ".rq":
        yield iri_of(path), (path, 1, tuple(lines))
        return
    starts = []
    for number, line in enumerate(lines):
        if match := _SUBJECT.match(line):
            iri, name = match.groups()
            if iri or name.partition(":")[0] in PREFIXES:
                starts.append((number, iri or expand(name)))
    for (number, iri), (end, _) in pairwise([*starts, (len(lines), "")]):
        yield iri, (path, number + 1, tuple(lines[number:end]))


def _line(lines: tuple[str, ...], property_: str, value: str) -> int | None:
    """The line, counted from 0, on which a property has a value; its first line if the value is not seen."""
    if not property_:
        return None
    within, found = False, None
    for number, line in enumerate(lines):
        if match := _PREDICATE.match(line):
            iri, name = match.groups()
            within = (iri or (RDF + "type" if name == "a" else expand(name))) == property_
            found = number if within and found is None else found
        if within and value and (value in line or re.search(rf"{re.escape(compact(value))}(?![\w-])", line)):
            return number
    return found


def _line_of_name(lines: tuple[str, ...], iri: str) -> int | None:
    """The first line of SPARQL that names something, other than to declare a prefix."""
    if not iri:
        return None
    pattern = re.compile(rf"(?<![\w-]){re.escape(compact(iri))}(?![\w-])|<{re.escape(iri)}>")
    return next((n for n, line in enumerate(lines) if pattern.search(line) and not line.upper().startswith("PREFIX")), None)
