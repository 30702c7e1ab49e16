"""A plan that stays loaded with all that follows from it, so that another version of it takes only what the change touches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from pyoxigraph import NamedNode, Quad, Triple

from mwkb.assessment import Assessment, collected, validated
from mwkb.finding_reader import FindingReader
from mwkb.knowledge import Knowledge
from mwkb.plan import Plan
from mwkb.plan_shapes import raw_results, raw_results_again
from mwkb.reach import Reach, reach_reads, read_reach
from mwkb.rules.infer import Derivation
from mwkb.shacl import Raw
from mwkb.validate import told


class Loaded:
    """A plan with its conclusions in the store of the knowledge base; see ``loaded``."""

    def __init__(self, knowledge: Knowledge, plan: Plan, engine: str, raw: set[Raw]) -> None:
        self._knowledge, self._store, self._engine = knowledge, knowledge.store, engine
        self._raw = raw
        self._plan = plan
        self._own, self._stated = set[Triple](), set[Triple]()
        self._graph = NamedNode(plan.iri)
        self._derivation = Derivation(self._store, knowledge.groups)
        self._put({quad.triple for quad in plan.quads})
        self._derivation.run()
        self._reader = FindingReader(knowledge, plan)
        self._collect(read_reach(knowledge, plan))

    def assess(self, plan: Plan) -> Assessment:
        """The assessment of another version of the plan, which is loaded from then on; the same as ``assessment.assess`` gives.

        Raises ValueError if it is a plan of another IRI.
        """
        if plan.iri != self._plan.iri:
            raise ValueError(f"{plan.iri} is not another version of {self._plan.iri}")
        said = {quad.triple for quad in plan.quads}
        self._raw = raw_results_again(self._knowledge, plan, self._raw, said - self._own, self._own - said, self._engine)
        changed = self._put(said)
        self._plan = plan
        changed = self._derivation.rerun(changed)
        self._reader.turn_to(plan, changed)
        self._collect(read_reach(self._knowledge, plan) if reach_reads(changed) else self.assessment.reach)
        return self.assessment

    def close(self) -> None:
        """Take the plan and its conclusions out of the store."""
        self._put(set())
        self._derivation.withdraw()

    def _collect(self, reach: Reach) -> None:
        found = collected(self._knowledge, self._plan, self._derivation, reach, self._reader)
        self.assessment = validated(found, self._plan, told(self._knowledge, self._plan, self._raw, self._reader.entries))

    def _put(self, triples: set[Triple]) -> set[Triple]:
        """Have these triples of the plan in the store instead of others; gives what came to the default graph or went."""
        changed = set()
        for triple in self._own - triples:
            self._store.remove(Quad(triple.subject, triple.predicate, triple.object, self._graph))
            if triple in self._stated:
                self._stated.discard(triple)
                if self._derivation.takes_over(triple):
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
            elif self._derivation.gives_up(triple):
                self._stated.add(triple)
        self._own = triples
        return changed


@contextmanager
def loaded(
    knowledge: Knowledge, plan: Plan, *, engine: str = "shifty", parameters: Mapping[str, str] | None = None
) -> Iterator[Loaded]:
    """Have a plan with its conclusions in the store for a while, and with them its assessment.

    Until then nothing else is to be assessed with this knowledge base: it would see the plan too.
    Raises InputProblem as ``assessment.assess``.
    """
    raw = raw_results(knowledge, plan, engine)
    with knowledge.for_a_while(2 * len(plan.quads)), knowledge.with_parameters(parameters or {}):
        held = Loaded(knowledge, plan, engine, raw)
        try:
            yield held
        finally:
            held.close()
