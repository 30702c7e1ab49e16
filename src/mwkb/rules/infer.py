"""Run rules to a fixpoint, stratum by stratum, each rule's triples in its own named graph."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from pyoxigraph import DefaultGraph, NamedNode, Quad, QueryTriples, Store, Triple

from mwkb.problems import InputProblem
from mwkb.rules.rule import Rule

ROUNDS = 50
"""How often a stratum may run before it is taken not to end: no chain in the knowledge base is near as long."""


@dataclass
class Derivation:
    """What a run added: triples new to the default graph, and seconds spent in each rule."""

    added: list[Quad] = field(default_factory=list)
    recorded: list[Quad] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    def withdraw(self, store: Store) -> None:
        """Take everything that was derived out of the store again."""
        for quad in (*self.added, *self.recorded):
            store.remove(quad)


def infer(store: Store, layers: Sequence[Sequence[Rule]]) -> Derivation:
    """Add all conclusions of the rules, in their layers (see ``strata``), to the store.

    A triple goes to the default graph, where queries read, and to the graph named after each rule
    that concluded it. Raises InputProblem if a layer does not come to an end.
    """
    result = Derivation()
    default = DefaultGraph()
    for layer in layers:
        dirty = set(layer)
        for _ in range(ROUNDS):
            if not dirty:
                break
            changed: set[str] = set()
            for rule in (rule for rule in layer if rule in dirty):
                started = time.perf_counter()
                graph = NamedNode(rule.iri)
                for triple in conclusions(store, rule):
                    recorded = Quad(triple.subject, triple.predicate, triple.object, graph)
                    if recorded in store:
                        continue
                    store.add(recorded)
                    result.recorded.append(recorded)
                    plain = Quad(triple.subject, triple.predicate, triple.object, default)
                    if plain not in store:
                        store.add(plain)
                        result.added.append(plain)
                        changed |= rule.writes
                result.seconds[rule.id] = result.seconds.get(rule.id, 0.0) + time.perf_counter() - started
            dirty = {rule for rule in layer if rule.reads & changed}
        else:
            result.withdraw(store)
            names = ", ".join(sorted(rule.id for rule in dirty))
            raise InputProblem(f"The rules {names} still conclude something new after {ROUNDS} rounds.")
    return result


def conclusions(store: Store, rule: Rule) -> list[Triple]:
    """What one rule concludes from the store as it stands."""
    answer = store.query(rule.stepwise)
    assert isinstance(answer, QueryTriples)
    return list(answer)
