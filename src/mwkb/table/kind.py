"""The kinds of facts, as a person calls them, and the facts of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mwkb.knowledge import Knowledge
from mwkb.problems import InputProblem, nearest
from mwkb.vocabulary import KB, MWKB, local_name

_MASS = ("guidance", "completeness", "presence")
"""Kinds whose name is the same for one and for several."""
_NATURAL = re.compile(r"\d+")


@dataclass(frozen=True)
class Kind:
    """A class that facts are of, with its facts in their order.

    A fact that is of a kind and of a narrower one too is a fact of the narrower one only, so that it has one row.
    Deprecated facts are among them: in the table they can be read, corrected and put back into use.
    """

    iri: str
    label: str
    plural: str
    facts: tuple[str, ...]
    deprecated: frozenset[str] = frozenset()

    @property
    def usual(self) -> tuple[str, ...]:
        """The facts that a new one is like: those in use, or all if none is."""
        return tuple(fact for fact in self.facts if fact not in self.deprecated) or self.facts


def kinds(knowledge: Knowledge) -> tuple[Kind, ...]:
    """Every kind of which there are facts, by name."""
    facts: dict[str, list[str]] = {}
    for iri in (iri for iri in knowledge.names if iri.startswith(KB)):
        gone = knowledge.deprecations.get(iri)
        own = list(gone.kinds) if gone else [kind.value for kind in knowledge.objects(iri, "rdf:type")]
        broader = {above for kind in own for above in list(broader_kinds(knowledge, kind))[1:]}
        for kind in [kind for kind in own if kind.startswith(MWKB) and kind not in broader][:1]:
            facts.setdefault(kind, []).append(iri)
    found = [
        Kind(
            *(iri, knowledge.label(iri), plural(knowledge.label(iri)), _in_order(held)),
            frozenset(iri for iri in held if iri in knowledge.deprecations),
        )
        for iri, held in facts.items()
    ]
    return tuple(sorted(found, key=lambda kind: kind.label))


def find(knowledge: Knowledge, word: str) -> Kind:
    """The kind that a person means: by its name for one or several, with hyphens or blanks, or by its class.

    Raises InputProblem with the nearest name if there is none.
    """
    every = kinds(knowledge)
    known = {name: kind for kind in every for name in (_folded(local_name(kind.iri)), _folded(kind.label), _folded(kind.plural))}
    wanted = _folded(word.removeprefix("mwkb:").removeprefix(MWKB))
    if wanted in known:
        return known[wanted]
    hint = nearest(wanted, known)
    raise InputProblem(f"There are no facts of the kind '{word}'.", remedy=hint or "mwkb table lists the kinds that there are.")


def broader_kinds(knowledge: Knowledge, kind: str) -> Iterator[str]:
    """A class and all that are broader."""
    queue = [kind]
    for each in queue:
        yield each
        queue += [above.value for above in knowledge.objects(each, "rdfs:subClassOf") if above.value not in queue]


def narrower_kinds(knowledge: Knowledge, kind: str) -> Iterator[str]:
    """A class and all that are narrower."""
    queue = [kind]
    for each in queue:
        yield each
        queue += [below for below in knowledge.subjects("rdfs:subClassOf", each) if below not in queue]


def plural(label: str) -> str:
    """The name of several things of a kind: ``step of a gap analysis`` has its head before the first small word."""
    small = re.search(r" (?:of|on|for) ", label)
    head, rest = (label[: small.start()], label[small.start() :]) if small else (label, "")
    if head in _MASS:
        return label
    if re.search(r"[^aeiou]y$", head):
        return f"{head[:-1]}ies{rest}"
    return head + ("es" if re.search(r"(s|x|ch|sh)$", head) else "s") + rest


def natural(iri: str) -> str:
    """A key by which item 2 comes before item 10."""
    return _NATURAL.sub(lambda digits: digits.group().zfill(8), local_name(iri))


def _in_order(iris: list[str]) -> tuple[str, ...]:
    return tuple(sorted(iris, key=natural))


def _folded(name: str) -> str:
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return " ".join(apart.replace("-", " ").replace("_", " ").split()).casefold()
