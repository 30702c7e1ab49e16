"""The pages that lead to others: trees of terms, lists by kind, interpretations, parameters, sources, glossary, letters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mwkb.report.words import SEVERITIES
from mwkb.site.catalogue import Catalogue, Group
from mwkb.site.content import Reading
from mwkb.site.statements import SHAPE_FILES
from mwkb.site.things import Thing, natural
from mwkb.source import ranges
from mwkb.validate import SHACL_SEVERITIES
from mwkb.vocabulary import DCTERMS, MWKB, RDFS, SH, SHAPE, SKOS


@dataclass(frozen=True)
class Branch:
    """A term with those that are narrower; ``note`` says how many facts, or from where to where."""

    thing: Thing
    note: str
    narrower: tuple[Branch, ...]


def tree(found: Catalogue, kind: str, by: str) -> tuple[Branch, ...]:
    """The terms of a kind below the broadest ones."""
    terms = [thing for thing in found.of_family["term"] if thing.kind == kind]
    broader = {thing.iri: {*found.said(thing.iri, by)} & {t.iri for t in terms} for thing in terms}

    def branch(thing: Thing, above: frozenset[str]) -> Branch:
        inside = above | {thing.iri}
        below = [t for t in terms if thing.iri in broader[t.iri] and t.iri not in inside]
        return Branch(thing, _note(found, thing), tuple(branch(t, inside) for t in below))

    return tuple(branch(thing, frozenset()) for thing in terms if not broader[thing.iri])


def _note(found: Catalogue, thing: Thing) -> str:
    if thing.kind == "class":
        count = len(found.instances.get(thing.iri, ()))
        return f"{count} fact{'s' if count != 1 else ''}" if count else ""
    ends = (" or ".join(_named(found, iri) for iri in found.said(thing.iri, end)) for end in (RDFS + "domain", RDFS + "range"))
    start, end = ends
    return f"{start or 'anything'} → {end or 'anything'}" if start or end else ""


def _named(found: Catalogue, iri: str) -> str:
    return found.things[iri].name if iri in found.things else found.statements.shorten(iri)


def definition(found: Catalogue, thing: Thing) -> str:
    names = (SKOS + "definition", SH + "message", SH + "description", RDFS + "label", DCTERMS + "abstract")
    return next((text for name in names for text in found.said(thing.iri, name)), "")


def facts_by_kind(found: Catalogue) -> tuple[Group, ...]:
    """The facts of each class; its words are those of the class's definition."""
    return tuple(
        Group(found.things[iri].name, iri, tuple(facts))
        for iri, facts in sorted(found.instances.items(), key=lambda item: natural(_named(found, item[0])))
        if iri in found.things
    )


@dataclass(frozen=True)
class ListedShape:
    thing: Thing
    severity: str
    says: str


def shapes_by_file(found: Catalogue) -> tuple[tuple[Thing, tuple[ListedShape, ...]], ...]:
    """Each file of shapes with what it defines, prefixes and constraints last."""
    headers = (f"{SHAPE.rstrip('#')}/{name}" for name in SHAPE_FILES)
    modules = [found.things[iri] for iri in headers if iri in found.things]
    of_file: dict[str, list[ListedShape]] = {}
    for thing in found.of_family["shape"]:
        severity = SHACL_SEVERITIES.get(next(iter(found.said(thing.iri, SH + "severity")), ""))
        says = next((t for p in (SH + "message", SH + "description", RDFS + "label") for t in found.said(thing.iri, p)), "")
        of_file.setdefault(found.statements.file[thing.iri], []).append(
            ListedShape(thing, SEVERITIES[severity] if severity else "", says)
        )
    return tuple((module, tuple(of_file.get(found.statements.file[module.iri], ()))) for module in modules)


def interpretations(found: Catalogue) -> tuple[tuple[str, tuple[Reading, ...]], ...]:
    """All interpretations by kind, the least sure first."""
    order = {"weak": 0, "medium": 1, "firm": 2}
    by_kind: dict[str, list[Reading]] = {}
    for thing in found.of_family["fact"]:
        for confidence in found.said(thing.iri, MWKB + "confidence"):
            texts = (
                next((t for p in names for t in found.said(thing.iri, p)), "")
                for names in (
                    (MWKB + "chosenReading", MWKB + "statement", SKOS + "definition"),
                    (MWKB + "alternative",),
                    (MWKB + "reasoning",),
                )
            )
            by_kind.setdefault(thing.kind, []).append(Reading(thing, found.knowledge.label(confidence).lower(), *texts))
    return tuple(
        (kind, tuple(sorted(several, key=lambda r: (order.get(r.confidence, 3), r.thing.key))))
        for kind, several in sorted(by_kind.items())
    )


def counted(readings: Iterable[Reading]) -> list[tuple[str, int]]:
    """How many interpretations there are of each degree of confidence, in the order in which they come."""
    return list(Counter(reading.confidence for reading in readings).items())


@dataclass(frozen=True)
class Parameter:
    thing: Thing
    value: str
    unit: str
    bounds: str
    definition: str
    rules: tuple[Thing, ...]


def parameters(found: Catalogue) -> tuple[Parameter, ...]:
    listed = []
    for thing in found.of_class("Parameter"):

        def first(*names: str, of: str = thing.iri) -> str:
            return next((text for name in names for text in found.said(of, MWKB + name)), "")

        value = first("parameterValue") or _named(found, first("parameterChoice"))
        smallest, largest = first("smallestValue"), first("largestValue")
        bounds = f"{smallest} to {largest}" if smallest and largest else f"{smallest} or more" if smallest else ""
        readers = found.known(
            link.source for link in found.incoming.get(thing.iri, ()) if link.source in found.knowledge.rules_by_iri
        )
        listed.append(Parameter(thing, value, first("unit"), bounds, definition(found, thing), tuple(readers)))
    return tuple(listed)


@dataclass(frozen=True)
class SourcePart:
    """A part of the toolkit with its lines and what rests on it."""

    thing: Thing
    lines: str
    groups: tuple[Group, ...]

    @property
    def count(self) -> int:
        return sum(len(group.things) for group in self.groups)


def sources(found: Catalogue) -> tuple[SourcePart, ...]:
    """The parts of the toolkit in the order in which they stand in it, the wider before the narrower."""
    parts = []
    for thing in found.of_class("SourcePart"):
        lines = ", ".join(found.said(thing.iri, MWKB + "sourceLines"))
        said = {link.source for link in found.incoming.get(thing.iri, ()) if link.by == DCTERMS + "source"}
        facts = [t for t in found.known(said) if t.family == "fact" and t.kind != thing.kind]
        by_kind: dict[str, list[Thing]] = {}
        for fact in facts:
            by_kind.setdefault(fact.kind, []).append(fact)
        parts.append(
            SourcePart(thing, lines, tuple(Group(kind, "", tuple(several)) for kind, several in sorted(by_kind.items())))
        )

    def place(part: SourcePart) -> tuple[int, int, str]:
        first, last = next(iter(ranges(part.lines)), (0, 0))
        return first, -last, part.thing.iri

    return tuple(sorted(parts, key=place))


def letters(things: Iterable[Thing]) -> dict[str, Sequence[Thing]]:
    """The things by the first letter of their names; what begins with none is below 0-9."""
    found: dict[str, list[Thing]] = {}
    for thing in sorted(things, key=lambda t: (natural(t.name or t.number), t.iri)):
        first = (thing.name or thing.number)[:1].upper()
        found.setdefault(first if first.isascii() and first.isalpha() else "0-9", []).append(thing)
    return dict(sorted(found.items()))
