"""The knowledge base in memory: ontology, facts and rules, loaded once in a process."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, cached_property
from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, Store, Variable

from mwkb import __version__, files
from mwkb.deprecation import deprecations, retire
from mwkb.problems import InputProblem, nearest
from mwkb.source import Range, Source, as_text, ranges
from mwkb.store import turtle_store
from mwkb.vocabulary import KB, MWKB, compact, expand, local_name

if TYPE_CHECKING:
    from mwkb.rules import Rule

Term = NamedNode | Literal
_DEFAULT = DefaultGraph()
_NUMBERED = ("intervention", "commissioning area", "step")
"""Kinds that the toolkit itself numbers, so that a person knows them by number and name."""
_EDITORS = MWKB.rstrip("#")


class Knowledge:
    """Ontology, facts and rules. The store's default graph holds all triples that queries read."""

    def __init__(self, store: Store, rules: Sequence[Rule] | None = None) -> None:
        """``rules`` are those that ship with mwkb unless others are given."""
        self.store, self._given = store, rules
        self._known: dict[tuple[str, str], str] = {}
        self._in_force, self._withdrawn = 0, 0
        self.deprecations = deprecations(store)
        retire(store, self.deprecations)

    @property
    def alone(self) -> Store:
        """The store while ontology and facts are all that it holds. Raises RuntimeError when they are not."""
        if self._in_force:
            raise RuntimeError("a plan or another value of a parameter is in force")
        return self.store

    @cached_property
    def names(self) -> frozenset[str]:
        """Every term and fact that is defined: what a plan may refer to. Each is of some kind, unless it is deprecated."""
        subjects = (quad.subject for quad in self.alone.quads_for_pattern(None, _property("rdf:type"), None, _DEFAULT))
        defined = frozenset(s.value for s in subjects if isinstance(s, NamedNode) and s.value.startswith((MWKB, KB)))
        return defined | self.deprecations.keys()

    @cached_property
    def layers(self) -> tuple[tuple[Rule, ...], ...]:
        """The rules in their strata. Raises InputProblem with file and line if one that ships cannot be read."""
        from mwkb.rules import reader, strata

        return strata.strata(reader.load() if self._given is None else self._given)

    @cached_property
    def groups(self) -> tuple[tuple[Rule, ...], ...]:
        """The rules in the order in which they run."""
        from mwkb.rules import strata

        return strata.groups(self.layers)

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        return tuple(sorted((rule for layer in self.layers for rule in layer), key=lambda rule: rule.id))

    @cached_property
    def rules_by_iri(self) -> Mapping[str, Rule]:
        return {rule.iri: rule for rule in self.rules}

    @cached_property
    def version(self) -> str:
        return next((value.value for value in self.objects(_EDITORS, "owl:versionInfo")), "unknown")

    @property
    def versions(self) -> dict[str, str]:
        """What every report says it was made by, under the names that an assessment gives these."""
        return {"mwkb_version": __version__, "knowledge_version": self.version}

    def objects(self, subject: str, predicate: str) -> list[Term]:
        """The values of a property (a prefixed name) of a thing, in a stable order."""
        try:
            node = NamedNode(subject)
        except ValueError:  # a text of the plan where an IRI belongs
            return []
        found = [q.object for q in self.store.quads_for_pattern(node, _property(predicate), None, _DEFAULT)]
        terms = [term for term in found if isinstance(term, NamedNode | Literal)]
        return terms if len(terms) < 2 else sorted(terms, key=str)

    def value(self, subject: str, predicate: str) -> str | None:
        """The first value of a property as text, or None."""
        return next((value.value for value in self.objects(subject, predicate)), None)

    def number(self, subject: str, predicate: str) -> int | None:
        """The first value of a property as an integer, or None."""
        value = self.value(subject, predicate)
        return int(value) if value is not None and re.fullmatch(r"[+-]?\d+", value) else None

    def subjects(self, predicate: str, value: str) -> list[str]:
        """The things that have an IRI as the value of a property, in a stable order."""
        found = self.store.quads_for_pattern(None, _property(predicate), NamedNode(value), _DEFAULT)
        return sorted({q.subject.value for q in found if isinstance(q.subject, NamedNode)})

    def label(self, iri: str) -> str:
        """The name a person knows a thing by; its local name where it has none."""
        return self._kept("label", iri, self._label)

    def _label(self, iri: str) -> str:
        return (
            self.value(iri, "skos:prefLabel")
            or self.value(iri, "rdfs:label")
            or self.value(iri, "dcterms:title")
            or local_name(iri)
        )

    def sources(self, iri: str) -> tuple[Source, ...]:
        """Where a fact comes from, each part of the toolkit with those of the fact's lines that it holds."""
        lines = ", ".join(value.value for value in self.objects(iri, "mwkb:sourceLines"))
        return self._with_lines([value.value for value in self.objects(iri, "dcterms:source")], lines)

    def warrant(self, rule: Rule) -> tuple[Source, ...]:
        """The passages of the toolkit that justify a rule."""
        return self._with_lines([KB + part for part in rule.file.sources], rule.file.lines)

    def source(self, iri: str, lines: str = "") -> Source:
        """A source by its IRI, or by its printed name where a plan gives one."""
        label = "the editors of mwkb" if iri == _EDITORS else self.label(iri) if iri.startswith(KB) else iri
        return Source(iri, label, lines)

    def _with_lines(self, sources: Sequence[str], lines: str) -> tuple[Source, ...]:
        """Sources, each with the lines that it holds more closely than the others; the first takes what none holds."""
        held: dict[str, list[Range]] = {iri: [] for iri in sources}
        wholes = [(iri, whole) for iri in sources for whole in ranges(self.value(iri, "mwkb:sourceLines") or "")]
        for first, last in ranges(lines):
            holding = [(end - start, iri) for iri, (start, end) in wholes if start <= first and last <= end]
            held[min(holding)[1] if holding else sources[0]].append((first, last))
        return tuple(self.source(iri, as_text(ranges)) for iri, ranges in held.items())

    def select(self, text: str, **bindings: Term) -> list[dict[str, Term]]:
        """The rows of a SELECT, with variables bound as terms. Raises SyntaxError if it is not SPARQL."""
        answer = self.store.query(text, substitutions={Variable(k): v for k, v in bindings.items()} or None)
        if not isinstance(answer, QuerySolutions):
            raise SyntaxError("only SELECT queries give rows")
        names = [variable.value for variable in answer.variables]
        rows = []
        for solution in answer:
            row = {name: solution[name] for name in names}
            rows.append({name: value for name, value in row.items() if isinstance(value, NamedNode | Literal)})
        return rows

    def find(self, name: str) -> str:
        """The IRI of what a person means by a short name, an IRI, a label or another name of it.

        Raises InputProblem with the nearest name if nothing fits, or with all names if several things do.
        """
        iri = expand(name)
        if iri in self.names:
            return iri
        for prefix in ("intervention-", "area-", "area-0"):
            if KB + prefix + name in self.names:
                return KB + prefix + name
        labels = self._labels
        if meant := labels.get(name.casefold()):
            if len(meant) == 1:
                return meant[0]
            several = ", ".join(f"{compact(iri)} ({self.kind(iri)})" for iri in meant)
            raise InputProblem(f"'{name}' is the name of several things.", remedy=f"Say which: {several}.")
        short = {local_name(known) for known in self.names}
        codes = {code.removeprefix("intervention-") for code in short if code.startswith("intervention-")}
        hint = nearest(name.rpartition(":")[2], short) or nearest(name.casefold(), labels) or nearest(name, codes)
        raise InputProblem(f"Nothing is known as '{name}'.", remedy=hint)

    @cached_property
    def _labels(self) -> Mapping[str, tuple[str, ...]]:
        """The things that bear a name, by the name in lower case; a label goes before another name, and that before a number."""
        found: dict[str, dict[str, None]] = {}
        for predicates in (("skos:prefLabel", "rdfs:label", "dcterms:title"), ("skos:altLabel",), ("skos:notation",)):
            named: dict[str, dict[str, None]] = {}
            for iri in sorted(self.names):
                for predicate in predicates:
                    for label in self.objects(iri, predicate):
                        named.setdefault(label.value.casefold(), {})[iri] = None
            found = named | found
        return {label: tuple(iris) for label, iris in found.items()}

    def number_printed(self, iri: str) -> str:
        """The number under which the toolkit itself prints a thing, or an empty text."""
        return self._kept("number", iri, self._number_printed)

    def _number_printed(self, iri: str) -> str:
        return (self.value(iri, "skos:notation") or "") if self.kind(iri) in _NUMBERED else ""

    def _kept(self, what: str, iri: str, look_up: Callable[[str], str]) -> str:
        """What is looked up again and again, of a term or fact kept once it was: no plan or parameter changes these."""
        if iri not in self.names:
            return look_up(iri)
        if (what, iri) not in self._known:
            self._known[what, iri] = look_up(iri)
        return self._known[what, iri]

    def kind(self, iri: str) -> str:
        """What kind of thing it is, as a person calls it."""
        if iri in self.deprecations:
            return f"deprecated {', '.join(map(self.label, self.deprecations[iri].kinds))}"
        return ", ".join(self.label(kind.value) for kind in self.objects(iri, "rdf:type"))

    @contextmanager
    def for_a_while(self, size: int) -> Iterator[None]:
        """Around all that puts something into the store, of about this many quads, and takes it out again.

        A store in memory keeps what was taken out of it and passes over it in each search, so that it gets
        slower: once as much is gone as the knowledge base has, and nothing is in force, a new store takes its place.
        """
        self.names  # noqa: B018  while none of a plan are among them
        self._in_force += 1
        try:
            yield
        finally:
            self._in_force -= 1
            self._withdrawn += size
            if not self._in_force and self._withdrawn > len(self.store):
                renewed = Store()
                renewed.bulk_extend(self.store)
                self.store, self._withdrawn = renewed, 0

    @contextmanager
    def with_triples(self, quads: Collection[Quad], graph: str) -> Iterator[None]:
        """Have the triples in the store for a while, in the default graph and a named one."""
        added: list[Quad] = []
        with self.for_a_while(2 * len(quads)):
            for quad in quads:
                triple = (quad.subject, quad.predicate, quad.object)
                for target in (Quad(*triple), Quad(*triple, NamedNode(graph))):
                    if target not in self.store:
                        self.store.add(target)
                        added.append(target)
            try:
                yield
            finally:
                for quad in added:
                    self.store.remove(quad)

    @contextmanager
    def with_parameters(self, values: Mapping[str, str]) -> Iterator[None]:
        """Have other parameter values for a while, by the parameter's short name.

        Raises InputProblem if there is no such parameter or the value is not one it can have.
        """
        from mwkb.parameters import changed

        changes = changed(self, values)
        removed = list(changes)
        added = [Quad(old.subject, old.predicate, value) for old, value in changes.items()]
        with self.for_a_while(2 * len(changes)):
            try:
                for quad in removed:
                    self.store.remove(quad)
                for quad in added:
                    self.store.add(quad)
                yield
            finally:
                for quad in added:
                    self.store.remove(quad)
                for quad in removed:
                    self.store.add(quad)


@cache
def _property(name: str) -> NamedNode:
    return NamedNode(expand(name))


def load() -> Knowledge:
    """Load ontology and facts from the files that ship; rules are read when they are first asked for.

    Raises InputProblem with file and line.
    """
    return Knowledge(turtle_store(*files.ontology_files(), *files.fact_files()))
