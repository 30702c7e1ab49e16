"""The knowledge base in memory: ontology and facts, loaded once in a process."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, RdfFormat, Store

from mwkb import files, rules, strata
from mwkb.problems import InputProblem, Place
from mwkb.rules import Rule
from mwkb.vocabulary import DCTERMS, KB, MWKB, OWL, RDFS, SKOS, compact, local_name

_LABEL = NamedNode(RDFS + "label")
_PREF_LABEL = NamedNode(SKOS + "prefLabel")
_SOURCE = NamedNode(DCTERMS + "source")
_LINES = NamedNode(MWKB + "sourceLines")
_DEFAULT = DefaultGraph()


@dataclass(frozen=True)
class Source:
    """Where a fact comes from: a part of the toolkit, or a publication, and the lines of the text."""

    iri: str
    label: str
    lines: str = ""

    def __str__(self) -> str:
        return self.label + (f", lines {self.lines}" if self.lines else "")


class Knowledge:
    """Ontology, facts and rules. The store's default graph holds all triples that queries read."""

    def __init__(self, store: Store, layers: tuple[tuple[Rule, ...], ...]) -> None:
        self.store, self.layers = store, layers

    @property
    def rules(self) -> tuple[Rule, ...]:
        return tuple(sorted((rule for layer in self.layers for rule in layer), key=lambda rule: rule.id))

    def rule(self, iri: str) -> Rule:
        return next(rule for rule in self.rules if rule.iri == iri)

    @cached_property
    def version(self) -> str:
        ontology = NamedNode(MWKB.rstrip("#"))
        found = next(self.store.quads_for_pattern(ontology, NamedNode(OWL + "versionInfo"), None, _DEFAULT), None)
        return found.object.value if found and isinstance(found.object, Literal) else "unknown"

    @cached_property
    def names(self) -> frozenset[str]:
        """Every term and fact that is defined: what a plan may refer to."""
        return frozenset(
            quad.subject.value
            for quad in self.store.quads_for_pattern(None, None, None, _DEFAULT)
            if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith((MWKB, KB))
        )

    def label(self, iri: str) -> str:
        """The name a person knows a thing by; its local name where it has none."""
        node = NamedNode(iri)
        for predicate in (_PREF_LABEL, _LABEL):
            for quad in self.store.quads_for_pattern(node, predicate, None, _DEFAULT):
                if isinstance(quad.object, Literal):
                    return quad.object.value
        return local_name(iri)

    def sources(self, iri: str) -> tuple[Source, ...]:
        """Where a fact comes from."""
        node = NamedNode(iri)
        lines = [q.object.value for q in self.store.quads_for_pattern(node, _LINES, None, _DEFAULT) if isinstance(q.object, Literal)]
        found = {q.object.value for q in self.store.quads_for_pattern(node, _SOURCE, None, _DEFAULT) if not _is_blank(q)}
        return tuple(Source(s, self._source_label(s), ", ".join(lines)) for s in sorted(found))

    def _source_label(self, iri: str) -> str:
        return "the editors of mwkb" if iri == MWKB.rstrip("#") else self.label(iri) if iri.startswith(KB) else iri

    def select(self, text: str, **bindings: NamedNode | Literal) -> list[dict[str, NamedNode | Literal]]:
        """The rows of a SELECT, with variables bound as terms."""
        from pyoxigraph import Variable

        answer = self.store.query(text, substitutions={Variable(k): v for k, v in bindings.items()} or None)
        assert isinstance(answer, QuerySolutions)
        names = [variable.value for variable in answer.variables]
        return [{name: row[name] for name in names if row[name] is not None} for row in answer]  # type: ignore[misc]

    @contextmanager
    def with_triples(self, quads: Iterable[Quad], graph: str) -> Iterator[None]:
        """Have the triples in the store for a while, in the default graph and a named one."""
        added: list[Quad] = []
        for quad in quads:
            for target in (Quad(quad.subject, quad.predicate, quad.object), Quad(quad.subject, quad.predicate, quad.object, NamedNode(graph))):
                if target not in self.store:
                    self.store.add(target)
                    added.append(target)
        try:
            yield
        finally:
            for quad in added:
                self.store.remove(quad)


def _is_blank(quad: Quad) -> bool:
    return not isinstance(quad.object, NamedNode | Literal)


def load() -> Knowledge:
    """Load ontology, facts and rules from the files that ship. Raises InputProblem with file and line."""
    store = Store()
    for path in (*files.ontology_files(), *files.fact_files()):
        try:
            store.bulk_load(path=str(path), format=RdfFormat.TURTLE)
        except SyntaxError as error:
            what = re.sub(r"^Parser error at line \d+ between columns \d+ and \d+: ", "", str(error).splitlines()[0])
            raise InputProblem(f"This is not Turtle: {what}", Place(files.shown(path), error.lineno)) from None
    return Knowledge(store, strata.strata(rules.load()))


def describe(knowledge: Knowledge, iri: str) -> str:
    """A name for messages: the label, with the short IRI behind it."""
    return f"{knowledge.label(iri)} ({compact(iri)})"
