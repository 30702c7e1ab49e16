"""Why an intervention is not recommended: for each rule that could have said so, the first condition that fails."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pyoxigraph import NamedNode, Triple

from mwkb.explain import Fact, Prover, Row, Step, constant, instances, rows
from mwkb.knowledge import Knowledge, Source, Term
from mwkb.plan import Plan
from mwkb.rules import Condition, Pattern, Rule
from mwkb.vocabulary import MWKB, RDF, expand

DEPTH = 4
"""How many rules deep a missing premise is followed."""


@dataclass(frozen=True)
class Failure:
    """The first condition of a rule that fails.

    ``against`` are the facts that a condition on an absence meets and ``because`` the rules that
    concluded them; ``instead`` says what there is in place of a premise that is missing, and
    ``deeper`` why no rule concluded that premise.
    """

    rule: str
    title: str
    warrant: tuple[Source, ...]
    condition: str
    absence: bool
    against: tuple[Fact, ...] = ()
    because: tuple[Step, ...] = ()
    instead: tuple[str, ...] = ()
    deeper: tuple[Failure, ...] = ()


def why_not(knowledge: Knowledge, plan: Plan, intervention: str) -> tuple[Failure, ...]:
    """Failures for every rule that recommends; empty if the intervention is recommended.

    The plan and its conclusions must be in the store (see ``assessment.derived``).
    """
    seeker = _Seeker(knowledge, plan)
    finding = [finding for finding in knowledge.subjects("mwkb:about", intervention) if seeker.is_recommendation(finding)]
    if finding:
        return ()
    wanted = (
        Pattern("?finding", RDF + "type", MWKB + "Recommendation"),
        Pattern("?finding", expand("mwkb:inPlan"), "?plan"),
        Pattern("?finding", expand("mwkb:about"), "?intervention"),
    )
    known: Row = {"plan": NamedNode(plan.iri), "intervention": NamedNode(intervention)}
    return seeker.failures(wanted, known, 0)


class _Seeker:
    def __init__(self, knowledge: Knowledge, plan: Plan) -> None:
        self.knowledge, self.plan = knowledge, plan
        self.prover = Prover(knowledge, plan)

    def is_recommendation(self, finding: str) -> bool:
        kinds = {kind.value for kind in self.knowledge.objects(finding, "rdf:type")}
        return MWKB + "Recommendation" in kinds and self.knowledge.value(finding, "mwkb:inPlan") == self.plan.iri

    def failures(self, wanted: tuple[Pattern, ...], known: Row, depth: int) -> tuple[Failure, ...]:
        """For each rule whose head could give the wanted patterns: where it fails."""
        found = []
        for rule in self.knowledge.rules:
            bound = _unify(rule.head, wanted, known)
            if bound is not None:
                failure = self._failure(rule, bound, depth)
                if failure:
                    found.append(failure)
        return tuple(found)

    def _failure(self, rule: Rule, bound: Row, depth: int) -> Failure | None:
        fixed = _fixed(rule, [bound])  # a variable that the body itself assigns cannot be fixed beforehand
        before: list[Row] = [fixed]
        for number, condition in enumerate(rule.conditions, 1):
            now = rows(self.knowledge.store, rule.body(number), fixed)
            if not now:
                return self._describe(rule, number, condition, before, depth)
            before = now
        return None

    def _describe(self, rule: Rule, number: int, condition: Condition, before: list[Row], depth: int) -> Failure:
        start = Failure(rule.id, rule.file.title, self.knowledge.warrant(rule), condition.words, bool(condition.absent))
        if condition.absent and not (condition.needed or condition.optional):
            against = self._against(rule, number, condition, before)
            facts = tuple(sorted((self.prover.fact(t) for t in against), key=lambda fact: fact.words))
            return replace(start, against=facts, because=self.prover.steps(against, 0))
        missing, around = self._missing(rule, number, condition, before)
        return replace(
            start, absence=False, instead=self._instead(missing, around), deeper=self._deeper(condition, missing, around, depth)
        )

    def _missing(self, rule: Rule, number: int, condition: Condition, before: list[Row]) -> tuple[Pattern | None, list[Row]]:
        """The one pattern without which the condition would hold, and the rows in which it then does."""
        if any(p.predicate == RDF + "type" and self._is_concluded(p) for p in condition.needed):
            return None, before  # a whole node is missing, not one of its properties
        for pattern in condition.needed:
            rest = "\n".join(other.text for other in condition.needed if other is not pattern)
            found = rows(self.knowledge.store, rule.body(number - 1, rest), _fixed(rule, before))
            if found:
                return pattern, found
        return None, before

    def _deeper(self, condition: Condition, missing: Pattern | None, around: list[Row], depth: int) -> tuple[Failure, ...]:
        if depth >= DEPTH or (missing is not None and not missing.object.startswith("?") and self._values(missing, around)):
            return ()
        patterns = (missing,) if missing is not None else condition.needed or condition.optional
        concluded = tuple(pattern for pattern in patterns if self._is_concluded(pattern))
        return self.failures(concluded, _shared(around), depth + 1) if concluded else ()

    def _is_concluded(self, pattern: Pattern) -> bool:
        return any(pattern.term in rule.writes for rule in self.knowledge.rules)

    def _against(self, rule: Rule, number: int, condition: Condition, before: list[Row]) -> set[Triple]:
        """The triples that an absence condition meets, so that it fails."""
        triples: set[Triple] = set()
        for found in rows(self.knowledge.store, rule.body(number - 1, condition.absent_text), _fixed(rule, before)):
            triples |= {t for t in instances(condition.absent, found) if self.prover.holds(t)}
        return triples

    def _instead(self, missing: Pattern | None, around: list[Row]) -> tuple[str, ...]:
        """What there is where a premise is missing: what else its subject has, and what would have served."""
        if missing is None or missing.predicate == RDF + "type":
            return ()
        words = set()
        label = self.knowledge.label(missing.predicate)
        values = self._values(missing, around)
        for subject in {row[missing.subject[1:]] for row in around if missing.subject[1:] in row}:
            if all(row.get(missing.subject[1:]) == subject for row in around):
                words.add(f"{self.prover.name(subject)} — {label} — {', '.join(values) or 'nothing'}")
        wanted = {self.prover.name(value) for row in around if (value := row.get(missing.object[1:])) is not None}
        if missing.object.startswith("?") and len(wanted) > 1:
            words.add(f"would serve: {', '.join(sorted(wanted))}")
        return tuple(sorted(words))

    def _values(self, missing: Pattern, around: list[Row]) -> list[str]:
        """What the thing that lacks a property value has instead, where it is one thing."""
        subjects = {row.get(missing.subject[1:]) for row in around}
        one = subjects.pop() if len(subjects) == 1 else None
        return (
            sorted(self.prover.name(v) for v in self.knowledge.objects(one.value, missing.predicate))
            if isinstance(one, NamedNode)
            else []
        )


def _fixed(rule: Rule, before: list[Row]) -> Row:
    """What all rows agree on and the rule's body does not assign itself."""
    return {name: term for name, term in _shared(before).items() if f"?{name}" not in rule.assigned}


def _shared(before: list[Row]) -> Row:
    """What all rows agree on."""
    first = before[0]
    return {name: term for name, term in first.items() if all(row.get(name) == term for row in before)}


def _unify(head: tuple[Pattern, ...], wanted: tuple[Pattern, ...], known: Row) -> Row | None:
    """What a rule's variables must be for its head to give the wanted patterns; None if it cannot."""
    bound: dict[str, Term] = {}
    for pattern in wanted:
        candidates = [h for h in head if h.predicate == pattern.predicate]
        if pattern.predicate == RDF + "type":
            candidates = [h for h in candidates if h.object == pattern.object]
        if not candidates:
            return None
        target = candidates[0]
        for ours, theirs in zip(target.parts, pattern.parts, strict=True):
            value = known.get(theirs[1:]) if theirs.startswith("?") else constant(theirs)
            if value is None:
                continue
            if not ours.startswith("?"):
                if constant(ours) != value:
                    return None
            elif bound.setdefault(ours[1:], value) != value:
                return None
    return bound
