"""A plan that stays loaded with its assessment, so that another version of it takes only what the change touches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from mwkb.assessment import Assessment, collected, validated
from mwkb.finding_reader import FindingReader
from mwkb.knowledge import Knowledge
from mwkb.plan import Plan
from mwkb.plan_shapes import raw_results, raw_results_again
from mwkb.reach import Reach, reach_reads, read_reach
from mwkb.shacl import Raw
from mwkb.standing import Standing, standing
from mwkb.validate import told


class Loaded:
    """A plan that stands in the store of the knowledge base, with its assessment; see ``loaded``."""

    def __init__(self, knowledge: Knowledge, plan: Plan, held: Standing, raw: set[Raw], engine: str) -> None:
        self._knowledge, self._plan, self._held, self._raw, self._engine = knowledge, plan, held, raw, engine
        self._reader = FindingReader(knowledge, plan)
        self.assessment = self._collected(read_reach(knowledge, plan))

    def assess(self, plan: Plan) -> Assessment:
        """The assessment of another version of the plan, which is loaded from then on; the same as ``assessment.assess`` gives.

        Raises ValueError if it is a plan of another IRI.
        """
        turn = self._held.turn_to(plan)
        self._raw = raw_results_again(self._knowledge, plan, self._raw, turn.came, turn.went, self._engine)
        self._plan = plan
        self._reader.turn_to(plan, turn.changed)
        reach = read_reach(self._knowledge, plan) if reach_reads(turn.changed) else self.assessment.reach
        self.assessment = self._collected(reach)
        return self.assessment

    @property
    def seconds(self) -> Mapping[str, float]:
        """How long each rule took, over all versions."""
        return self._held.derivation.seconds

    def _collected(self, reach: Reach) -> Assessment:
        found = collected(self._knowledge, self._plan, self._held.derivation, reach, self._reader)
        return validated(found, self._plan, told(self._knowledge, self._plan, self._raw, self._reader.entries))


@contextmanager
def loaded(
    knowledge: Knowledge, plan: Plan, *, engine: str = "shifty", parameters: Mapping[str, str] | None = None
) -> Iterator[Loaded]:
    """Have a plan with its conclusions in the store for a while, and with them its assessment.

    Until then nothing else is to be assessed with this knowledge base: it would see the plan too.
    Raises InputProblem as ``assessment.assess``.
    """
    raw = raw_results(knowledge, plan, engine)
    with standing(knowledge, plan, parameters) as held:
        yield Loaded(knowledge, plan, held, raw, engine)
