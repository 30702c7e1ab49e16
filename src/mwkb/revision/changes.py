"""What changed from one revision to another, thing by thing and in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mwkb.revision.opening import Revision
from mwkb.revision.things import KINDS, TEXT, Said, Thing, Things, shortened
from mwkb.vocabulary import DCTERMS, MWKB, OWL, RDFS, SH, SKOS, local_name

ORDER = (*KINDS, "module", "borrowed term")
"""The kinds of things in the order in which a reader wants them."""
_LABELS = {RDFS + "label", SKOS + "prefLabel", SH + "name", DCTERMS + "title"}
_PARENTS = {RDFS + "subClassOf", RDFS + "subPropertyOf", SKOS + "broader", MWKB + "inArea", MWKB + "partOf"}
_DEPRECATION = {OWL + "deprecated", DCTERMS + "isReplacedBy", MWKB + "deprecationReason", MWKB + "deprecatedIn"}


@dataclass(frozen=True)
class Turn:
    """What of a thing changed: ``how`` is relabelled, re-parented, deprecated or value changed; then the values in words."""

    how: str
    property: str
    gone: tuple[str, ...]
    came: tuple[str, ...]


@dataclass(frozen=True)
class Changed:
    """A thing that is added, removed, deprecated or changed.

    ``name`` is what a person calls it, ``summary`` its definition, message or sentence, ``turns`` what changed of it.
    """

    iri: str
    kind: str
    how: str
    name: str
    summary: str
    turns: tuple[Turn, ...] = ()


@dataclass(frozen=True)
class Changes:
    """Everything that is not the same in two revisions, by kind and then by name."""

    before: str
    after: str
    version_before: str
    version_after: str
    things: tuple[Changed, ...]

    def of(self, how: str) -> tuple[Changed, ...]:
        return tuple(thing for thing in self.things if thing.how == how)


def changes(before: Revision, after: Revision) -> Changes:
    """What changed from one revision to another."""
    found = sorted(_changed(before.things, after.things), key=lambda c: (ORDER.index(c.kind), _by_number(c.iri)))
    return Changes(before.name, after.name, before.version, after.version, tuple(found))


def _by_number(name: str) -> str:
    return re.sub(r"\d+", lambda digits: digits.group().zfill(8), name)


def _changed(before: Things, after: Things) -> Iterator[Changed]:
    words = _Words(before, after)
    for iri in before.keys() | after.keys():
        old, new = before.get(iri), after.get(iri)
        if old is None or new is None:
            thing = new or old
            assert thing is not None
            yield Changed(iri, thing.kind, "added" if new else "removed", words.name(iri), _summary(thing))
        elif old.said != new.said:
            how = "deprecated" if new.is_deprecated and not old.is_deprecated else "changed"
            yield Changed(iri, new.kind, how, words.name(iri), _summary(new), tuple(_turns(old, new, words)))


def _summary(thing: Thing) -> str:
    """The one sentence that says most of a thing."""
    properties = (SKOS + "definition", SH + "message", DCTERMS + "abstract")
    return next((value for property_ in properties for value in thing.values(property_)), "")


def _turns(old: Thing, new: Thing, words: _Words) -> Iterator[Turn]:
    gone, came = old.said - new.said, new.said - old.said
    for property_ in sorted({said.predicate for said in gone | came}):
        yield Turn(
            _how(property_),
            words.property(property_),
            words.values(said for said in gone if said.predicate == property_),
            words.values(said for said in came if said.predicate == property_),
        )


def _how(property_: str) -> str:
    if property_ in _LABELS:
        return "relabelled"
    if property_ in _PARENTS:
        return "re-parented"
    return "deprecated" if property_ in _DEPRECATION else "value changed"


class _Words:
    """What a person calls the things of two revisions, by the later one where it has a name for them."""

    def __init__(self, before: Things, after: Things) -> None:
        self._revisions = (after, before)

    def name(self, iri: str) -> str:
        """The number that is printed before a name, and the name."""
        for things in self._revisions:
            if iri in things and things[iri].label:
                thing = things[iri]
                numbers = thing.values(SKOS + "notation") if thing.kind == "fact" else []
                return " ".join([*numbers[:1], thing.label])
        return shortened(iri)

    def property(self, iri: str) -> str:
        """The name of a property; one without a name has its IRI's, taken apart."""
        label = next((things[iri].label for things in self._revisions if iri in things), "")
        return label or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", local_name(iri)).lower() if iri != TEXT else iri

    def values(self, said: Iterable[Said]) -> tuple[str, ...]:
        return tuple(self.name(each.value) if each.form == "iri" else each.value for each in sorted(said))
