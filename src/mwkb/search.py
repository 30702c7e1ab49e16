"""Find terms and facts by words that stand in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import DefaultGraph, Literal, NamedNode

from mwkb.knowledge import Knowledge
from mwkb.problems import nearest
from mwkb.vocabulary import DCTERMS, MWKB, RDFS, SKOS

_WEIGHTS = {SKOS + "prefLabel": 0, RDFS + "label": 0, SKOS + "notation": 0, SKOS + "altLabel": 1, SKOS + "definition": 2}
_REST = 3
"""What a match weighs by where it stands, the lightest first; in any other text it weighs the most."""
_NOT_SEARCHED = {DCTERMS + "created", MWKB + "sourceLines", MWKB + "webAddress"}


@dataclass(frozen=True)
class Match:
    """A term or fact in which all words were found, with the text that holds them."""

    iri: str
    label: str
    kind: str
    text: str


def search(knowledge: Knowledge, words: str, kind: str = "") -> tuple[Match, ...]:
    """The terms and facts of which one text holds all the words, the best match first.

    A word also matches what begins with it, and its plural; case does not matter. ``kind`` keeps
    things of that kind only, such as "intervention".
    """
    patterns = [re.compile(rf"\b{re.escape(_stem(word))}", re.IGNORECASE) for word in re.findall(r"\w+", words)]
    if not patterns:
        return ()
    best: dict[str, tuple[bool, int, int, str]] = {}
    for iri, predicate, text in _texts(knowledge):
        if all(pattern.search(text) for pattern in patterns):
            weight = _WEIGHTS.get(predicate, _REST)
            own_name = weight <= 1 and text.casefold() == words.strip().casefold()
            rank = (not own_name, weight, len(text) if weight == 0 else 0, text)
            best[iri] = min(best.get(iri, rank), rank)
    found = [(rank, Match(iri, knowledge.label(iri), knowledge.kind(iri), rank[-1])) for iri, rank in best.items()]
    found = [item for item in found if not kind or item[1].kind.casefold() == kind.casefold()]
    return tuple(match for _, match in sorted(found, key=lambda item: (item[0][:-1], item[1].label, item[1].iri)))


def hint(knowledge: Knowledge, words: str) -> str:
    """Which known word may have been meant where nothing was found, or an empty text."""
    known = {word.casefold() for _, _, text in _texts(knowledge) for word in re.findall(r"[^\W\d]{3,}", text)}
    hints = (nearest(word, known) for word in words.casefold().split() if word not in known)
    return next((text for text in hints if text), "")


def _texts(knowledge: Knowledge) -> Iterator[tuple[str, str, str]]:
    for quad in knowledge.store.quads_for_pattern(None, None, None, DefaultGraph()):
        subject, predicate, value = quad.subject, quad.predicate, quad.object
        if not isinstance(subject, NamedNode) or not isinstance(value, Literal) or predicate.value in _NOT_SEARCHED:
            continue
        if subject.value in knowledge.names:
            yield subject.value, predicate.value, value.value


def _stem(word: str) -> str:
    """The word without the ending of a plural."""
    return re.sub(r"(?<=\w{3})(?:(?<=i)es|s)$", "", word) if not word.endswith("ss") else word
