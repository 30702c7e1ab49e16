"""What a plan says, written out again as keys and values: the way back from triples to a tree.

Reading what is written gives the same triples: an entry gets an ``id`` wherever its IRI is not the
one that its place in the tree gives it.
"""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from mwkb.plan.document import Plan
from mwkb.plan.structure import CLASSES, context, namespaces
from mwkb.problems import InputProblem, Place
from mwkb.vocabulary import RDF, compact, expand

Tree = dict[str, Any]
_TYPE = RDF + "type"


def tree(plan: Plan, lists: Container[str] = ()) -> Tree:
    """The plan as keys and values, texts all, in the order of the packaged context.

    The entries under the keys in ``lists`` are lists even where there is one. Raises InputProblem if the
    plan says something that has no key.
    """
    return _Writer(plan, lists).tree()


class _Writer:
    def __init__(self, plan: Plan, lists: Container[str]) -> None:
        self.plan, self.lists = plan, lists
        self.said: dict[str, dict[str, list[NamedNode | Literal]]] = {}
        for quad in plan.quads:
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
                self.said.setdefault(quad.subject.value, {}).setdefault(quad.predicate.value, []).append(quad.object)
        self.keys = {key: expand(about["@id"]) for key, about in context().items() if isinstance(about, dict)}
        self.written: set[str] = set()

    def tree(self) -> Tree:
        whole = {"id": self.plan.iri, **self._entry(self.plan.iri)}
        for quad in self.plan.quads:
            self._must_be_written(quad)
        return whole

    def _must_be_written(self, quad: Quad) -> None:
        known = quad.predicate.value == _TYPE or quad.predicate.value in self.keys.values()
        if not isinstance(quad.subject, NamedNode) or quad.subject.value not in self.written or not known:
            subject = getattr(quad.subject, "value", "")
            place = self.plan.place(subject, quad.predicate.value) or Place(self.plan.file)
            raise InputProblem(
                f"This format has no place for '{compact(quad.predicate.value)}' of '{compact(subject)}'.", place,
                "Convert to Turtle or JSON-LD instead.",
            )  # fmt: skip

    def _entry(self, iri: str) -> Tree:
        self.written.add(iri)
        said = self.said.get(iri, {})
        found: Tree = {}
        for key, path in self.keys.items():
            values = said.get(path, [])
            if not values:
                continue
            if key in CLASSES:
                found[key] = self._entries(key, iri, [value for value in values if isinstance(value, NamedNode)])
            else:
                texts = sorted(self._text(key, path, value) for value in values)
                found[key] = texts[0] if len(texts) == 1 else texts
        return found

    def _entries(self, key: str, owner: str, nodes: list[NamedNode]) -> Any:
        """Entries in the order in which reading gives them the IRIs that they have, as far as that can be."""
        iris = [node.value for node in nodes]
        if len(iris) == 1 and key not in self.lists and iris[0] != f"{owner}/{key}/1":
            return self._entry(iris[0]) if iris[0] == f"{owner}/{key}" else self._with_id(iris[0])
        placed = {int(m[1]): iri for iri in iris if (m := re.fullmatch(re.escape(f"{owner}/{key}/") + r"([1-9]\d*)", iri))}
        others = [iri for iri in iris if iri not in placed.values()]
        entries: list[Tree] = []
        while placed or others:
            position = len(entries) + 1
            if position in placed:
                entries.append(self._entry(placed.pop(position)))
                continue
            entries.append(self._with_id(others.pop(0) if others else placed.pop(min(placed))))
        return entries

    def _with_id(self, iri: str) -> Tree:
        return {"id": iri.removeprefix(self.plan.iri + "/") if self._is_local(iri) else iri, **self._entry(iri)}

    def _is_local(self, iri: str) -> bool:
        return re.fullmatch(re.escape(self.plan.iri + "/") + r"[\w.-]+", iri) is not None

    def _text(self, key: str, path: str, value: NamedNode | Literal) -> str:
        if isinstance(value, Literal):
            return value.value
        if context()[key].get("@type") == "@id":
            return value.value.removeprefix(self.plan.iri + "/")
        return value.value.removeprefix(namespaces()[path])
