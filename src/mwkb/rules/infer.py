"""Run rules to a fixpoint, group by group, each rule's triples in its own named graph; and again where facts change."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import Any

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, QueryTriples, Store, Triple

from mwkb.problems import InputProblem
from mwkb.rules.rule import Rule, iri_or_empty

ROUNDS = 50
"""How often a group may run before it is taken not to end: no chain in the knowledge base is near as long."""
_DEFAULT = DefaultGraph()


class Derivation:
    """What rules concluded from a store, and how to bring that up to date.

    A triple goes to the default graph, where queries read, and to the graph named after each rule that
    concluded it. ``groups`` are the rules in an order in which each reads only what those before it, or in
    its own group, conclude; see ``strata``.
    """

    def __init__(self, store: Store, groups: Sequence[Sequence[Rule]]) -> None:
        self.store, self.groups = store, groups
        self.added: set[Triple] = set()
        """What is in the default graph through the rules alone."""
        self.recorded: set[Quad] = set()
        """Each conclusion in the graph of its rule."""
        self.seconds: dict[str, float] = {}
        """How long each rule took."""
        self._by_rule: dict[str, set[Quad]] = {}
        self._graphs = [NamedNode(rule.iri) for group in groups for rule in group]

    def run(self) -> None:
        """Add all conclusions. Raises InputProblem if a group does not come to an end; nothing is then left."""
        for group in self.groups:
            self._settle(group)

    def rerun(self, changed: Iterable[Triple]) -> set[Triple]:
        """Conclude anew what depends on triples that came to the default graph or went; gives all that came or went with them.

        Raises InputProblem as ``run``.
        """
        all_changed = Changes(self.store, changed)
        for group in self.groups:
            if any(all_changed.touch(rule) for rule in group):
                all_changed.add(self._again(group))
        return all_changed.triples

    def takes_over(self, triple: Triple) -> bool:
        """Whether a triple that is no longer stated stays, since a rule concludes it."""
        concluded = any(Quad(triple.subject, triple.predicate, triple.object, graph) in self.recorded for graph in self._graphs)
        if concluded:
            self.added.add(triple)
        return concluded

    def gives_up(self, triple: Triple) -> bool:
        """Whether a triple that is stated from now on was there through the rules alone."""
        through_rules = triple in self.added
        self.added.discard(triple)
        return through_rules

    def withdraw(self) -> None:
        """Take everything that was concluded out of the store again; what it was can still be read here."""
        for triple in self.added:
            self.store.remove(_plain(triple))
        for quad in self.recorded:
            self.store.remove(quad)

    def _settle(self, group: Sequence[Rule]) -> None:
        due = list(group)
        for _ in range(ROUNDS):
            came = Changes(self.store, (triple for rule in due for triple in self._fire(rule)))
            due = [rule for rule in group if came.touch(rule)]
            if not due:
                return
        self.withdraw()
        names = ", ".join(sorted(rule.id for rule in due))
        raise InputProblem(f"The rules {names} still conclude something new after {ROUNDS} rounds.")

    def _again(self, group: Sequence[Rule]) -> set[Triple]:
        """Conclude anew with a group; what came to the default graph or went."""
        if len(group) == 1:
            changed = self._replace(group[0])
            if changed is not None:
                return changed
        before = self._shown(group)
        for rule in group:
            self._withdraw(self._by_rule.pop(rule.id, ()))
        self._settle(group)
        return before ^ self._shown(group)

    def _fire(self, rule: Rule) -> list[Triple]:
        """Run a rule once; what came to the default graph."""
        started = time.perf_counter()
        came = [quad.triple for quad in self._concluded(rule) if self._record(rule, quad)]
        self._count(rule, started)
        return came

    def _replace(self, rule: Rule) -> set[Triple] | None:
        """Run a rule in place of its last run; what came or went, or None if it depends on what it concludes itself."""
        started = time.perf_counter()
        before, now = self._by_rule.get(rule.id, set()), set(self._concluded(rule))
        if rule.reads_itself and Changes(self.store, (quad.triple for quad in before | now)).touch(rule):
            return None
        changed = {quad.triple for quad in now - before if self._record(rule, quad)} | self._withdraw(before - now)
        self._by_rule[rule.id] = now
        self._count(rule, started)
        return changed

    def _concluded(self, rule: Rule) -> Iterable[Quad]:
        graph = NamedNode(rule.iri)
        return (Quad(triple.subject, triple.predicate, triple.object, graph) for triple in conclusions(self.store, rule))

    def _record(self, rule: Rule, quad: Quad) -> bool:
        """Add a conclusion of a rule unless it is there; whether it came to the default graph."""
        if quad in self.store:
            return False
        self.store.add(quad)
        self.recorded.add(quad)
        self._by_rule.setdefault(rule.id, set()).add(quad)
        plain = _plain(quad.triple)
        if plain in self.store:
            return False
        self.store.add(plain)
        self.added.add(quad.triple)
        return True

    def _count(self, rule: Rule, started: float) -> None:
        self.seconds[rule.id] = self.seconds.get(rule.id, 0.0) + time.perf_counter() - started

    def _shown(self, group: Sequence[Rule]) -> set[Triple]:
        """What is in the default graph through rules of the group."""
        return {quad.triple for rule in group for quad in self._by_rule.get(rule.id, ())} & self.added

    def _withdraw(self, quads: Iterable[Quad]) -> set[Triple]:
        """Take conclusions of a rule back, and give what went from the default graph: what another rule concludes too stays."""
        gone = set()
        for quad in quads:
            self.store.remove(quad)
            self.recorded.discard(quad)
            if quad.triple in self.added and not any(
                other.graph_name != _DEFAULT
                for other in self.store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
            ):
                self.store.remove(_plain(quad.triple))
                self.added.discard(quad.triple)
                gone.add(quad.triple)
        return gone


class Changes:
    """Triples that came to the default graph of a store or went, by which it is told what they may concern."""

    def __init__(self, store: Store, triples: Iterable[Triple]) -> None:
        self.store = store
        self.triples: set[Triple] = set()
        self._by_property: dict[str, list[Triple]] = {}
        self._had: dict[tuple[Any, str], set[str]] = {}
        self._has: dict[tuple[Any, str, str], bool] = {}
        self.add(triples)

    def add(self, triples: Iterable[Triple]) -> None:
        self._has.clear()
        for triple in triples:
            self.triples.add(triple)
            self._by_property.setdefault(triple.predicate.value, []).append(triple)
            self._had.setdefault((triple.subject, triple.predicate.value), set()).add(_iri(triple.object))

    def touch(self, rule: Rule) -> bool:
        """Whether what the rule concludes may be different for one of them.

        That takes a pattern of the rule that it matches, and that its subject and object have, or had
        before, all that the rule needs of them.
        """
        return any(
            _may_be(pattern.subject, triple.subject)
            and _may_be(pattern.object, triple.object)
            and self._fits(rule, pattern.subject, triple.subject)
            and self._fits(rule, pattern.object, triple.object)
            for pattern in rule.patterns
            for triple in self._by_property.get(pattern.predicate, ())
        )

    def _fits(self, rule: Rule, variable: str, term: Any) -> bool:
        return all(self._have(term, *need) for need in rule.needed_of.get(variable, ()))

    def _have(self, subject: Any, predicate: str, value: str) -> bool:
        key = (subject, predicate, value)
        if key not in self._has:
            had = self._had.get((subject, predicate), set())
            self._has[key] = (value in had if value else bool(had)) or (
                isinstance(subject, NamedNode | BlankNode)
                and any(
                    True
                    for _ in self.store.quads_for_pattern(
                        subject, NamedNode(predicate), NamedNode(value) if value else None, _DEFAULT
                    )
                )
            )
        return self._has[key]


def _may_be(part: str, term: Any) -> bool:
    iri = iri_or_empty(part)
    return not iri or iri == _iri(term)


def _iri(term: Any) -> str:
    return term.value if isinstance(term, NamedNode) else ""


def _plain(triple: Triple) -> Quad:
    """A triple in the default graph."""
    return Quad(triple.subject, triple.predicate, triple.object)


def infer(store: Store, groups: Sequence[Sequence[Rule]]) -> Derivation:
    """Add all conclusions of the rules to the store. Raises InputProblem if they do not come to an end."""
    derivation = Derivation(store, groups)
    derivation.run()
    return derivation


def conclusions(store: Store, rule: Rule) -> list[Triple]:
    """What one rule concludes from the store as it stands."""
    answer = store.query(rule.stepwise)
    assert isinstance(answer, QueryTriples)
    return list(answer)
