"""What a plan says, written out again as keys and values: the way back from triples to a tree.

Reading what is written gives the same triples: an entry gets an ``id`` wherever its IRI is not the
one that its place in the tree gives it.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Container
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode

from mwkb.plan.document import Plan
from mwkb.plan.limits import USUAL
from mwkb.plan.structure import CLASSES, context, namespaces
from mwkb.problems import InputProblem, Place
from mwkb.vocabulary import MWKB, RDF, compact, expand

Tree = dict[str, Any]
_TYPE = RDF + "type"
_DEEPEST = (USUAL.depth - 2) // 2
"""How deep entries can stand in each other: each brings a list and a group of its own, and may hold one list more."""


@dataclass(frozen=True)
class Homeless:
    """What a plan says and keys and values have no place for."""

    what: str
    place: Place


def tree(plan: Plan, lists: Container[str] = ()) -> Tree:
    """The plan as keys and values, texts all, in the order of the packaged context.

    The entries under the keys in ``lists`` are lists even where there is one. Raises InputProblem if the
    plan says something that has no key.
    """
    said, homeless = what_fits(plan, lists)
    if homeless:
        raise InputProblem(homeless[0].what, homeless[0].place, "Convert to Turtle or JSON-LD instead.")
    return said


def what_fits(plan: Plan, lists: Container[str] = ()) -> tuple[Tree, tuple[Homeless, ...]]:
    """What of a plan keys and values can say, and what they cannot."""
    writer = _Writer(plan, lists)
    return writer.tree(), tuple(writer.homeless)


class _Writer:
    def __init__(self, plan: Plan, lists: Container[str]) -> None:
        self.plan, self.lists = plan, lists
        self.said: dict[str, dict[str, dict[NamedNode | Literal, None]]] = {}
        for quad in plan.quads:
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
                self.said.setdefault(quad.subject.value, {}).setdefault(quad.predicate.value, {})[quad.object] = None
        self.keys = {key: expand(about["@id"]) for key, about in context().items() if isinstance(about, dict)}
        self.kinds: dict[str, str] = {}
        """The class that its key gives to each entry that is written."""
        self.homeless: list[Homeless] = []

    def tree(self) -> Tree:
        self.kinds[self.plan.iri] = MWKB + "LocalityPlan"
        whole = {"id": self.plan.iri, **self._entry(self.plan.iri)}
        paths = set(self.keys.values())
        for quad in self.plan.quads:
            subject, predicate, value = (getattr(term, "value", "") for term in (quad.subject, quad.predicate, quad.object))
            typed = predicate == _TYPE
            if subject not in self.kinds or (self.kinds[subject] != value if typed else predicate not in paths):
                what = compact(predicate) + (f" {compact(value)}" if typed else "")
                self._leave(f"This format has no place for '{what}' of '{compact(subject)}'.", subject, predicate, value)
        return whole

    def _leave(self, what: str, subject: str, predicate: str, value: str) -> None:
        self.homeless.append(Homeless(what, self.plan.place(subject, predicate, value) or Place(self.plan.file)))

    def _entry(self, iri: str, depth: int = 0) -> Tree:
        said = self.said.get(iri, {})
        found: Tree = {}
        for key, path in self.keys.items():
            values = list(said.get(path, ()))
            if key in CLASSES:
                if nodes := self._held(iri, path, MWKB + CLASSES[key], values, depth):
                    found[key] = self._entries(key, iri, nodes, depth + 1)
            elif values:
                texts = sorted(self._text(key, path, value) for value in values)
                found[key] = texts[0] if len(texts) == 1 else texts
        return found

    def _held(self, owner: str, path: str, kind: str, values: list[NamedNode | Literal], depth: int) -> list[str]:
        """The entries that a property leads to, but for those that stand elsewhere already, or too deep to be read back."""
        nodes = []
        for iri in (value.value for value in values if isinstance(value, NamedNode)):
            if iri in self.kinds:
                self._leave(f"'{compact(iri)}' stands in two places, which this format cannot say.", owner, path, iri)
            elif depth == _DEEPEST:
                self._leave(f"'{compact(iri)}' is nested too deeply for this format.", owner, path, iri)
            else:
                self.kinds[iri] = kind
                nodes.append(iri)
        return nodes

    def _entries(self, key: str, owner: str, iris: list[str], depth: int) -> Any:
        """Entries in the order in which reading gives them the IRIs that they have, as far as that can be."""
        if len(iris) == 1 and key not in self.lists and iris[0] != f"{owner}/{key}/1":
            return self._entry(iris[0], depth) if iris[0] == f"{owner}/{key}" else self._with_id(iris[0], depth)
        placed = {int(m[1]): iri for iri in iris if (m := re.fullmatch(re.escape(f"{owner}/{key}/") + r"([1-9]\d*)", iri))}
        where_they_are = set(placed.values())
        others = [iri for iri in iris if iri not in where_they_are]
        others += [placed[number] for number in sorted(placed) if number > len(iris)]  # no entry gets there
        waiting = deque(others)
        entries: list[Tree] = []
        for position in range(1, len(iris) + 1):
            if position in placed:
                entries.append(self._entry(placed[position], depth))
            else:
                entries.append(self._with_id(waiting.popleft(), depth))
        return entries

    def _with_id(self, iri: str, depth: int) -> Tree:
        given = iri.removeprefix(self.plan.iri + "/") if self._is_local(iri) else iri
        return {"id": given, **self._entry(iri, depth)}

    def _is_local(self, iri: str) -> bool:
        return re.fullmatch(re.escape(self.plan.iri + "/") + r"[\w.-]+", iri) is not None

    def _text(self, key: str, path: str, value: NamedNode | Literal) -> str:
        if isinstance(value, Literal):
            return value.value
        if context()[key].get("@type") == "@id":
            return value.value.removeprefix(self.plan.iri + "/")
        return value.value.removeprefix(namespaces()[path])
