"""A plan that stands in the store with all that follows from it, so that another version takes only what the change touches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass

from pyoxigraph import NamedNode, Quad, Triple

from mwkb.knowledge import Knowledge
from mwkb.plan import Plan
from mwkb.rules.infer import Derivation


@dataclass(frozen=True)
class Turn:
    """From one version of a plan to another: what it says more, what it says no longer, and every triple that came to
    the default graph or went, also by the rules."""

    came: Set[Triple]
    went: Set[Triple]
    changed: Set[Triple]


class Standing:
    """A plan with its conclusions in the store of the knowledge base; see ``standing``."""

    def __init__(self, knowledge: Knowledge, plan: Plan) -> None:
        self._store, self._plan = knowledge.store, plan
        self._own, self._stated = set[Triple](), set[Triple]()
        self._graph = NamedNode(plan.iri)
        self.derivation = Derivation(self._store, knowledge.groups)

    def begin(self) -> None:
        """Put the plan into the store and conclude all that follows. Raises InputProblem if the rules do not come to an end."""
        self._put({quad.triple for quad in self._plan.quads})
        self.derivation.run()

    def turn_to(self, plan: Plan) -> Turn:
        """Have another version of the plan instead. Raises ValueError if it is a plan of another IRI."""
        if plan.iri != self._plan.iri:
            raise ValueError(f"{plan.iri} is not another version of {self._plan.iri}")
        self._plan, before = plan, self._own
        changed = self.derivation.rerun(self._put({quad.triple for quad in plan.quads}))
        return Turn(self._own - before, before - self._own, changed)

    def end(self) -> None:
        """Take the plan and its conclusions out of the store."""
        self._put(set())
        self.derivation.withdraw()

    def _put(self, triples: set[Triple]) -> set[Triple]:
        """Have these triples of the plan in the store instead of others; gives what came to the default graph or went."""
        changed = set()
        for triple in self._own - triples:
            self._store.remove(Quad(triple.subject, triple.predicate, triple.object, self._graph))
            if triple in self._stated:
                self._stated.discard(triple)
                if self.derivation.takes_over(triple):
                    continue
                self._store.remove(Quad(triple.subject, triple.predicate, triple.object))
                changed.add(triple)
        for triple in triples - self._own:
            self._store.add(Quad(triple.subject, triple.predicate, triple.object, self._graph))
            plain = Quad(triple.subject, triple.predicate, triple.object)
            if plain not in self._store:
                self._store.add(plain)
                self._stated.add(triple)
                changed.add(triple)
            elif self.derivation.gives_up(triple):
                self._stated.add(triple)
        self._own = triples
        return changed


@contextmanager
def standing(knowledge: Knowledge, plan: Plan, parameters: Mapping[str, str] | None = None) -> Iterator[Standing]:
    """Have a plan with its conclusions in the store for a while.

    Until then nothing else is to be put there: it would be seen too. Raises InputProblem as ``assessment.assess``.
    """
    with knowledge.for_a_while(2 * len(plan.quads)), knowledge.with_parameters(parameters or {}):
        held = Standing(knowledge, plan)
        try:
            held.begin()
            yield held
        finally:
            held.end()
