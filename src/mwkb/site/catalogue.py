"""All that the site shows, gathered once: the things, what is stated of them, and the links between them both ways."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from mwkb import ask
from mwkb.knowledge import Knowledge
from mwkb.site.inferred import Conclusions, conclusions
from mwkb.site.links import Link, links
from mwkb.site.statements import Statements, read
from mwkb.site.things import Family, Thing, gather
from mwkb.sparql import SparqlFile
from mwkb.vocabulary import MWKB, QUERY

FAMILIES: Sequence[Family] = ("fact", "term", "rule", "query", "shape", "module")
"""The order in which what links to a thing is shown."""
FEW = 12
"""Up to how many links a group shows unfolded."""


@dataclass(frozen=True)
class Group:
    """Things of one kind that lead to another in the same way."""

    kind: str
    words: str
    things: tuple[Thing, ...]

    @property
    def folded(self) -> bool:
        return len(self.things) > FEW


@dataclass(frozen=True)
class Catalogue:
    """Everything with its links; see the modules that give its parts."""

    knowledge: Knowledge
    statements: Statements
    queries: Mapping[str, SparqlFile]
    things: Mapping[str, Thing]
    concluded: Conclusions
    links: Sequence[Link]

    @cached_property
    def incoming(self) -> Mapping[str, Sequence[Link]]:
        found: dict[str, list[Link]] = {}
        for link in self.links:
            found.setdefault(link.target, []).append(link)
        return found

    @cached_property
    def of_family(self) -> Mapping[Family, Sequence[Thing]]:
        """The things of each family in the order in which a person looks for them."""
        found: dict[Family, list[Thing]] = {family: [] for family in FAMILIES}
        for thing in self.things.values():
            found[thing.family].append(thing)
        return {family: sorted(several, key=lambda thing: thing.key) for family, several in found.items()}

    @cached_property
    def instances(self) -> Mapping[str, Sequence[Thing]]:
        """The facts of each class, not counting those of a narrower one."""
        found: dict[str, list[Thing]] = {}
        for thing in self.of_family["fact"]:
            for each in thing.classes:
                found.setdefault(each, []).append(thing)
        return found

    def of_class(self, name: str) -> Sequence[Thing]:
        return self.instances.get(MWKB + name, ())

    def query(self, thing: Thing) -> SparqlFile:
        return self.queries[thing.iri.removeprefix(QUERY)]

    def known(self, iris: Iterable[str]) -> list[Thing]:
        """The things among IRIs, in the order of a reader."""
        return sorted((self.things[iri] for iri in {*iris} if iri in self.things), key=lambda thing: thing.key)

    def groups(self, iri: str) -> tuple[Group, ...]:
        """What links to a thing, by family, kind and way."""
        found: dict[tuple[int, str, str], dict[str, Thing]] = {}
        for link in self.incoming.get(iri, ()):
            source = self.things[link.source]
            key = (FAMILIES.index(source.family), source.kind, link.words)
            found.setdefault(key, {})[source.iri] = source
        return tuple(
            Group(kind, words, tuple(sorted(several.values(), key=lambda thing: thing.key)))
            for (_, kind, words), several in sorted(
                found.items(), key=lambda item: (item[0][0], item[0][2] != "instances", item[0])
            )
        )

    def said(self, iri: str, predicate: str) -> list[str]:
        """The values of a property of a thing as texts."""
        return [getattr(value, "value", "") for name, value in self.statements.of(iri) if name == predicate]

    def linked(self, more: Iterable[Link]) -> Catalogue:
        """The same with more links, such as those of drawings."""
        return replace(self, links=sorted({*self.links, *(link for link in more if link.target in self.things)}))


def catalogue(knowledge: Knowledge) -> Catalogue:
    """Gather everything. Raises InputProblem with file and line if a rule, query, shape or fact cannot be read."""
    statements = read(knowledge)
    queries = ask.catalogue()
    things = gather(knowledge, statements, queries)
    concluded = conclusions(knowledge)
    return Catalogue(
        *(knowledge, statements, queries, things, concluded),
        links(knowledge, things, statements, queries, concluded),
    )
