"""In which file of the knowledge base each fact stands, and where a new one goes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from mwkb import files
from mwkb.knowledge import Knowledge
from mwkb.vocabulary import DCTERMS, RDF

_NO_LINKS = (RDF + "type", DCTERMS + "source")
_PATH = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)*/)*[a-z0-9]+(?:-[a-z0-9]+)*\.ttl")

Direction = tuple[str, bool]
"""A property, and whether it leads from the fact to the other (or else from the other to the fact)."""


class Homes:
    """The files of facts, by their path in ``kb/``."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._at: dict[str, str] = {}
        start = folder()
        for path in files.fact_files():
            subjects = {quad.subject for quad in parse(path.read_bytes(), format=RdfFormat.TURTLE)}
            name = path.relative_to(start).as_posix()
            self._at |= {subject.value: name for subject in subjects if isinstance(subject, NamedNode)}

    def of(self, fact: str) -> str:
        """The file in which a fact stands, or an empty text."""
        return self._at.get(fact, "")

    @property
    def all(self) -> list[str]:
        return sorted(set(self._at.values()))

    def new(self, kind: Iterable[str], links: Iterable[tuple[Direction, str]]) -> list[str]:
        """The files into which a new fact may go: one, if all facts of its kind stand there or its links decide it.

        ``links`` are those of the new fact. A kind of link decides if it leads each fact that has it to something in
        the same file.
        """
        facts = list(kind)
        usual = {self.of(fact) for fact in facts}
        if len(usual) == 1:
            return list(usual)
        there: dict[Direction, set[str]] = {}
        for direction, other in links:
            there.setdefault(direction, set()).add(self.of(other))
        told: set[str] = set()
        for direction, ends in there.items():
            if self._decides(facts, direction):
                told = told & ends or told or ends
        return sorted(filter(None, told or usual))

    def _decides(self, facts: list[str], direction: Direction) -> bool:
        ends = [{self.of(other) for way, other in self._links(fact) if way == direction} for fact in facts]
        return any(ends) and all(self.of(fact) in files for fact, files in zip(facts, ends, strict=True) if files)

    def _links(self, fact: str) -> Iterator[tuple[Direction, str]]:
        node = NamedNode(fact)
        for quad in self._knowledge.store.quads_for_pattern(node, None, None):
            yield from links(quad.triple, fact)
        for quad in self._knowledge.store.quads_for_pattern(None, None, node):
            yield from links(quad.triple, fact)

    def settle(self, fact: str, file: str) -> None:
        """Remember where a new fact goes."""
        self._at[fact] = file


def links(triple: Triple, fact: str) -> Iterator[tuple[Direction, str]]:
    """What a triple links a fact to."""
    ends = triple.subject, triple.object
    if triple.predicate.value in _NO_LINKS or not all(isinstance(end, NamedNode) for end in ends):
        return
    subject, value = (getattr(end, "value", "") for end in ends)
    if subject == fact:
        yield (triple.predicate.value, True), value
    elif value == fact:
        yield (triple.predicate.value, False), subject


def folder() -> Path:
    return files.root() / "kb"


def can_be_new(path: str) -> bool:
    """Whether a path in ``kb/`` can be that of a file, there or not, in a folder that is there."""
    return _PATH.fullmatch(path) is not None and (folder() / path).parent.is_dir()
