"""Plans as JSON-LD with the context inside: nothing is fetched, and no key is dropped in silence as JSON-LD would."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from mwkb import vocabulary
from mwkb.plan.document import Places, UnknownKey
from mwkb.plan.limits import Limits
from mwkb.plan.structure import Group, List, Node, Value
from mwkb.plan.tree import tree_of
from mwkb.problems import InputProblem, Place, nearest

_UNDEFINED = "urn:x-mwkb-undefined:"
"""The namespace of the keys that the context of a plan leaves undefined, so that they can be told."""


class JsonLd:
    """A document with its places, (node, "") and (node, property), and the keys that mean nothing."""

    def __init__(self, text: str, name: str, limits: Limits) -> None:
        """Raises InputProblem with file and line if this is not JSON or a context lies elsewhere."""
        self.name = name
        self.places: Places = {}
        self.unknown: list[UnknownKey] = []
        self._terms: dict[str, str] = {}
        self._written: dict[str, Place] = {}
        self._letters = self._words = 0
        tree = tree_of(text, name, limits)
        self._look(tree)
        if self._letters * self._words > limits.expanded:
            raise InputProblem("The context is too long for so many values.", self._written.get("@context"))
        self._find(tree)
        try:
            data = json.loads(text, parse_float=self._number, parse_constant=self._number)
        except json.JSONDecodeError as error:
            raise InputProblem(f"This is not JSON: {error.msg}.", Place(name, error.lineno)) from None
        except ValueError:
            raise InputProblem("A number has too many digits.", Place(name)) from None
        self._text = json.dumps([_with_names(node) for node in (data if isinstance(data, list) else [data])])

    def quads(self) -> Iterator[Quad]:
        """What the document says. Raises SyntaxError if it is not JSON-LD, InputProblem if it is no single graph."""
        # Lenient, for what is no IRI is dropped in silence otherwise: whoever takes the quads is to check them.
        for quad in parse(self._text, format=RdfFormat.JSON_LD, base_iri=vocabulary.PLAN, lenient=True):
            subject = quad.subject.value if isinstance(quad.subject, NamedNode) else ""
            predicate = quad.predicate.value
            place = self.places.get((subject, predicate)) or self.places.get((subject, "")) or Place(self.name)
            if isinstance(quad.graph_name, NamedNode) or str(quad.graph_name) != "DEFAULT":
                raise InputProblem("A plan is one graph, not a named one.", place, "Leave out the '@id' beside '@graph'.")
            names = [term.value for term in (quad.predicate, quad.object) if isinstance(term, NamedNode)]
            unknown = [iri.removeprefix(_UNDEFINED) for iri in names if iri.startswith(_UNDEFINED)]
            if "/" not in predicate and predicate in self._written and not predicate.startswith("urn:"):
                unknown.append(predicate)  # a prefix that no context defines
            for key in unknown:
                self.unknown.append(UnknownKey(key, self._written.get(key, place), nearest(key, self._terms)))
            if not unknown:
                yield quad

    def _look(self, node: Node, within_context: bool = False) -> None:
        """Note what the contexts of nodes define and where each word stands."""
        if isinstance(node, Value):
            self._count(node, within_context)
        elif isinstance(node, List):
            for item in node.items:
                self._look(item, within_context)
        else:
            seen = set()
            for key, value in node.pairs:
                if key.text in seen:
                    raise InputProblem(f"The key '{key.text}' is given twice.", key.place, "Make it one list.")
                seen.add(key.text)
                self._count(key, within_context)
                if key.text == "@context":
                    for context in value.items if isinstance(value, List) else (value,):
                        self._inline(context)
                        if isinstance(context, Group) and not within_context:
                            self._define(context)
                self._look(value, within_context or key.text == "@context")

    def _count(self, word: Value, within_context: bool) -> None:
        self._written.setdefault(word.text or "", word.place)
        self._letters += len(word.text or "") * within_context
        self._words += not within_context

    def _inline(self, context: Node) -> None:
        imported = [value for key, value in context.pairs if key.text == "@import"] if isinstance(context, Group) else []
        for elsewhere in imported or [context]:
            if isinstance(elsewhere, Value) and elsewhere.text is not None:
                raise InputProblem(
                    f"The context '{elsewhere.text}' lies elsewhere and is not fetched.",
                    elsewhere.place,
                    "Write it into the file.",
                )

    def _define(self, context: Group) -> None:
        for key, value in context.pairs:
            inner = {k.text: v for k, v in value.pairs} if isinstance(value, Group) else {}
            meaning = inner.get("@id", value)
            if key.text and isinstance(meaning, Value) and meaning.text:
                self._terms[key.text] = meaning.text

    def _find(self, node: Node) -> None:
        """Note where each node that has an id stands, and each of its properties."""
        if isinstance(node, List):
            for item in node.items:
                self._find(item)
        elif isinstance(node, Group):
            ids = [(key, value) for key, value in node.pairs if "@id" in (key.text, self._terms.get(key.text or ""))]
            for key, value in node.pairs:
                if ids and isinstance(ids[0][1], Value):
                    subject = urljoin(self._terms.get("@base", vocabulary.PLAN), self._iri(ids[0][1].text or ""))
                    self.places.setdefault((subject, ""), ids[0][0].place)
                    self.places.setdefault((subject, self._iri(key.text or "", "@vocab")), key.place)
                if key.text != "@context":
                    self._find(value)

    def _iri(self, word: str, start: str = "") -> str:
        """What a word or a prefixed name stands for, as far as that can be told without the rules of JSON-LD."""
        word = self._terms.get(word, word)
        prefix, colon, local = word.partition(":")
        if word == "@type":
            return vocabulary.RDF + "type"
        return self._terms.get(prefix, f"{prefix}:") + local if colon else self._terms.get(start, "") + word

    def _number(self, written: str) -> float:
        if not math.isfinite(number := float(written)):
            raise InputProblem(f"'{written}' is not a number that can be read.", self._written.get(written, Place(self.name)))
        return number


def _with_names(node: Any) -> Any:
    """A node whose keys without a meaning are given one, until its own context says otherwise."""
    if not isinstance(node, dict):
        return node
    fallback = {"@vocab": _UNDEFINED}
    given = node.get("@context", [])
    contexts: list[Any] = [fallback]
    for context in given if isinstance(given, list) else [given]:
        contexts += [context, fallback] if context is None else [context]
    return {**node, "@context": contexts}
