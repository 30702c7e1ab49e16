"""What changes from one assessment to another: findings that open and close, and moves in the decision matrix."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TypeVar

from mwkb.assessment import Assessment
from mwkb.change import SUPPOSED, changed
from mwkb.findings import Finding, Rating, Thing
from mwkb.knowledge import Knowledge
from mwkb.loaded import loaded
from mwkb.plan import Plan
from mwkb.timings import Timings
from mwkb.validate import SEVERITIES, Result, Severity

Item = TypeVar("Item")


@dataclass(frozen=True)
class Move:
    """An intervention whose rating is not the same in both; None where it has none."""

    intervention: Thing
    before: Rating | None
    after: Rating | None


@dataclass(frozen=True)
class CoverageChange:
    """A commissioning area with the number of interventions in it before and after."""

    area: Thing
    before: int
    after: int


@dataclass(frozen=True)
class Difference:
    """From ``before`` to ``after``: what opens, what closes, what stays but for its reasons, and what moves."""

    before: Assessment
    after: Assessment
    opened: tuple[Finding, ...]
    closed: tuple[Finding, ...]
    altered: tuple[tuple[Finding, Finding], ...]
    results_opened: tuple[Result, ...]
    results_closed: tuple[Result, ...]
    moves: tuple[Move, ...]
    coverage: tuple[CoverageChange, ...]

    @property
    def is_empty(self) -> bool:
        return not (
            self.opened
            or self.closed
            or self.altered
            or self.results_opened
            or self.results_closed
            or self.moves
            or self.coverage
        )

    def worst_opened(self) -> Severity | None:
        """The worst severity of what opens or becomes graver."""
        graver = {new.severity for old, new in self.altered if SEVERITIES.index(new.severity) < SEVERITIES.index(old.severity)}
        present = {f.severity for f in self.opened} | {r.severity for r in self.results_opened} | graver
        return next((severity for severity in SEVERITIES if severity in present), None)


def difference(before: Assessment, after: Assessment) -> Difference:
    """What is in one assessment and not in the other. The two may be of one plan or of two."""
    old, new = _findings(before), _findings(after)
    old_results, new_results = _results(before), _results(after)
    return Difference(
        before,
        after,
        opened=tuple(finding for key, finding in new.items() if key not in old),
        closed=tuple(finding for key, finding in old.items() if key not in new),
        altered=tuple((old[key], f) for key, f in new.items() if key in old and _grounds(old[key]) != _grounds(f)),
        results_opened=tuple(result for key, result in new_results.items() if key not in old_results),
        results_closed=tuple(result for key, result in old_results.items() if key not in new_results),
        moves=_moves(before, after),
        coverage=_coverage(before, after),
    )


def what_if(
    knowledge: Knowledge,
    plan: Plan,
    settings: Sequence[str] = (),
    add: Sequence[str] = (),
    drop: Sequence[str] = (),
    *,
    engine: str = "shifty",
    parameters: Mapping[str, str] | None = None,
    timings: Timings | None = None,
) -> Difference:
    """What would change if some things were set, added and dropped; see ``change.changed`` for how to say it.

    What the shapes miss in an intervention that is only supposed, such as its lead, is left out.
    """
    clock = timings or Timings()
    other = changed(knowledge, plan, settings, add, drop)
    with ExitStack() as stack:
        with clock.stage("assess the plan"):
            held = stack.enter_context(loaded(knowledge, plan, engine=engine, parameters=parameters))
        before = held.assessment
        with clock.stage("assess what changes"):
            after = held.assess(other)
        clock.count(held.seconds)
    submitted = tuple(result for result in after.validation if not result.focus.startswith(plan.iri + SUPPOSED))
    return difference(before, replace(after, validation=submitted))


def _results(found: Assessment) -> dict[tuple[object, ...], Result]:
    """Each result by what it is about: the name of the entry, which stays when an entry before it comes or goes.

    Under another version of the shapes a breach may be graver, and is then another result.
    """

    def key(result: Result) -> tuple[str, ...]:
        about = result.about or result.focus.removeprefix(found.plan.iri)
        return (result.shape, result.severity, about, result.path or "", result.value or "")

    return _by(key, found.validation)


def _findings(found: Assessment) -> dict[tuple[object, ...], Finding]:
    """Each finding by its id, or, as ``_results``, by the name of the entry that it is about."""

    def key(finding: Finding) -> tuple[str, ...]:
        own = finding.about.iri.startswith(found.plan.iri + "/")
        return (finding.kind, finding.about.label) if own else (finding.id,)

    return _by(key, found.findings)


def _by(key: Callable[[Item], tuple[str, ...]], items: Iterable[Item]) -> dict[tuple[object, ...], Item]:
    """Items by key, those of the same key told apart by a number."""
    seen: Counter[tuple[str, ...]] = Counter()
    keyed: dict[tuple[object, ...], Item] = {}
    for item in items:
        named = key(item)
        seen[named] += 1
        keyed[(*named, seen[named])] = item
    return keyed


def _grounds(finding: Finding) -> object:
    """On what a finding rests, without the places and IRIs of the plan: its reasons, rating and severity."""
    rating = finding.rating
    return (
        finding.severity,
        tuple(sorted((reason.rule, reason.says) for reason in finding.reasons)),
        (rating.evidence, rating.priority, rating.category.iri) if rating else finding.evidence,
        finding.strength,
    )


def _moves(before: Assessment, after: Assessment) -> tuple[Move, ...]:
    old, new = ({r.intervention.iri: r for r in a.ratings} for a in (before, after))
    found = []
    for iri in sorted(old.keys() | new.keys()):
        was, now = (ratings[iri].rating if iri in ratings else None for ratings in (old, new))
        if _place(was) != _place(now):
            found.append(Move((new.get(iri) or old[iri]).intervention, was, now))
    return tuple(found)


def _place(rating: Rating | None) -> tuple[int, int] | None:
    return (rating.evidence, rating.priority) if rating else None


def _coverage(before: Assessment, after: Assessment) -> tuple[CoverageChange, ...]:
    old = {c.area.iri: c.commissioned for c in before.coverage}
    return tuple(
        CoverageChange(c.area, old.get(c.area.iri, 0), c.commissioned)
        for c in after.coverage
        if c.commissioned != old.get(c.area.iri, 0)
    )
