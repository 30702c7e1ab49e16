"""The fewest axioms that clash: of many that are inconsistent together, some that are, and no longer when one is taken away.

The search takes axioms in an order and looks for the shortest beginning that is inconsistent: its last axiom belongs
to every clash within that beginning. So it is set aside as needed, what comes before it is put in order again, nearest
to the needed ones first, and the search begins anew until the needed ones clash by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mwkb.reasoning.hermit import OutOfTime
from mwkb.reasoning.statements import Axiom
from mwkb.vocabulary import OWL, RDFS

Clash = Callable[[Sequence[Sequence[Axiom]]], int]
"""The position of the first set that clashes, in a chain in which each set holds the one before; its length if none does."""

BRANCHES = 8
"""How many beginnings are tried in one run of the reasoner, which costs more to start than to think."""


@dataclass(frozen=True)
class Found:
    """Axioms that clash; ``minimal`` says whether the search came to its end."""

    axioms: tuple[Axiom, ...]
    minimal: bool


def fewest(axioms: Sequence[Axiom], clash: Clash, near: frozenset[str] = frozenset(), trusted: int = 0) -> Found:
    """A minimal set of the axioms that clash, given that all of them together do.

    ``near`` are names that the clash is about, if that is known; ``trusted`` is the number of axioms in front that
    most likely do not clash. If time runs out, what is left of the axioms so far is returned.
    """
    needed: list[Axiom] = []
    rest = by_nearness(axioms, near) if near else list(axioms)
    sizes = _doubled(len(rest)) if near else [trusted] if 0 < trusted < len(rest) else _between(-1, len(rest))
    try:
        while rest:
            size = _shortest(needed, rest, clash, sizes)
            if size == 0:
                break
            needed.append(rest[size - 1])
            rest = by_nearness(rest[: size - 1], near.union(*(axiom.names for axiom in needed)))
            sizes = _doubled(len(rest))
    except OutOfTime:
        return Found((*needed, *rest), False)
    return Found(tuple(needed), True)


def _shortest(needed: Sequence[Axiom], rest: Sequence[Axiom], clash: Clash, sizes: list[int]) -> int:
    """How many of ``rest`` it takes for a clash with ``needed``, beginning with some sizes; that all of them do is known."""
    low, high = -1, len(rest)
    while sizes:
        first = clash([[*needed, *rest[:size]] for size in sizes])
        low, high = (sizes[first - 1] if first else low), (sizes[first] if first < len(sizes) else high)
        sizes = _between(low, high)
    return high


def _doubled(most: int) -> list[int]:
    return [0, *(2**n for n in range(most.bit_length()) if 2**n < most)]


def _between(low: int, high: int) -> list[int]:
    """Some sizes that part what lies between two others evenly."""
    return sorted({low + (high - low) * n // (BRANCHES + 1) for n in range(1, BRANCHES + 1)} - {low, high})


def by_nearness(axioms: Sequence[Axiom], names: frozenset[str]) -> list[Axiom]:
    """The axioms in the order of how many steps they are from some names; terminology before facts, else in their order.

    A fact leads to other facts about its individuals and to what is said of its class or property. From a class
    or property one gets only to what is said of it: a thousand facts use it, and few of them matter.
    """
    links: dict[str, list[int]] = {}
    facts = [is_fact(axiom) for axiom in axioms]
    for number, axiom in enumerate(axioms):
        for name in _entries(axiom, facts[number]):
            links.setdefault(name, []).append(number)
    level: dict[int, int] = {}
    reached, met, depth = set(names), set(names), 0
    while reached:
        new = {n for name in reached for n in links.get(name, ()) if n not in level}
        level.update(dict.fromkeys(new, depth))
        reached = {name for n in new for name in axioms[n].names} - met
        met |= reached
        depth += 1
    order = sorted(range(len(axioms)), key=lambda n: (level.get(n, depth), facts[n], n))
    return [axioms[n] for n in order]


def is_fact(axiom: Axiom) -> bool:
    """Whether an axiom says something of individuals."""
    name = axiom.head.predicate.value
    return not (name.startswith((OWL, RDFS)) or getattr(axiom.head.object, "value", "").startswith((OWL, RDFS)))


def _entries(axiom: Axiom, fact: bool) -> frozenset[str]:
    """The names by which one comes to an axiom."""
    if not fact:
        return axiom.names
    head = axiom.head
    ends = [head.subject] if head.predicate.value.endswith("#type") else [head.subject, head.object]
    return frozenset(getattr(end, "value", "") for end in ends)
