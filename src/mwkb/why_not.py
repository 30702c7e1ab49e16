"""Why there is no such finding: for each rule that could have concluded it, the first condition that fails."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from pyoxigraph import Literal, NamedNode, Triple

from mwkb.explain import Fact, Prover, Row, Step, constant, instances, number, rows, spoken
from mwkb.knowledge import Knowledge, Term
from mwkb.plan import Plan
from mwkb.problems import InputProblem
from mwkb.rules import Condition, Pattern, Rule
from mwkb.source import Source
from mwkb.vocabulary import KB, RDF, local_name

DEPTH = 4
"""How many rules deep a missing premise is followed."""


@dataclass(frozen=True)
class Failure:
    """The first condition of a rule that fails.

    ``against`` are the facts that a condition on an absence meets and ``because`` the rules that
    concluded them; ``instead`` says what there is in place of a premise that is missing,
    ``would_serve`` names what could have been there, and ``deeper`` says why no rule concluded that premise.
    """

    rule: str
    title: str
    warrant: tuple[Source, ...]
    condition: str
    absence: bool
    against: tuple[Fact, ...] = ()
    because: tuple[Step, ...] = ()
    instead: tuple[str, ...] = ()
    would_serve: tuple[str, ...] = ()
    deeper: tuple[Failure, ...] = ()


_FINDING = re.compile(r'STR\(\?(?P<plan>\w+)\), "/finding/(?P<id>[^"]+)"(?:, REPLACE\(STR\(\?(?P<thing>\w+)\))?')
"""How the rules name a finding: the plan, the kind of the finding, and the local name of what it is about."""


def why_not(knowledge: Knowledge, plan: Plan, wanted: str) -> tuple[Failure, ...]:
    """Failures for every rule that could have concluded a finding; empty if the finding is there.

    ``wanted`` is the id of a finding, such as ``recommendation/intervention-3a`` or ``plan-gap/area-03``.
    The plan and its conclusions must be in the store (see ``assessment.derived``). Raises InputProblem
    if no rule can conclude such a finding.
    """
    if knowledge.objects(f"{plan.iri}/finding/{wanted}", "mwkb:inPlan"):
        return ()
    seeker = _Seeker(knowledge, plan)
    found = [
        failure
        for rule in knowledge.rules
        for bound in concerned(knowledge, plan, rule, wanted)
        if (failure := seeker.failure(rule, bound, 0)) is not None
    ]
    if not found:
        raise InputProblem(
            f"No rule concludes '{wanted}'.", remedy="Write a kind and a name, such as plan-gap/area-03; see mwkb assess."
        )
    return tuple(found)


def concerned(knowledge: Knowledge, plan: Plan, rule: Rule, wanted: str) -> list[Row]:
    """What the variables of a rule are where it concludes a finding with that id; empty if it never does."""
    template = _FINDING.search(rule.file.text)
    if template is None:
        return []
    known: Row = {template["plan"]: NamedNode(plan.iri)}
    if template["thing"] is None:
        return [known] if template["id"] == wanted else []
    if not wanted.startswith(template["id"]):
        return []
    things = _named(knowledge, plan, wanted.removeprefix(template["id"]))
    variable = "?" + template["thing"]
    return [{**known, template["thing"]: NamedNode(thing)} for thing in things if _can_be(knowledge, rule, variable, thing)]


def _named(knowledge: Knowledge, plan: Plan, name: str) -> list[str]:
    """What a local name can mean: a fact of the knowledge base or an entry of the plan."""
    own = {q.subject.value for q in plan.quads if isinstance(q.subject, NamedNode)} - {plan.iri}
    return sorted({KB + name} & knowledge.names | {iri for iri in own if local_name(iri) == name})


def _can_be(knowledge: Knowledge, rule: Rule, variable: str, thing: str) -> bool:
    """Whether a variable of a rule can stand for a thing, by the domains and ranges of its properties."""
    kinds = _kinds(knowledge, thing)
    for pattern in (pattern for condition in rule.conditions for pattern in condition.needed):
        expected: list[Term] = []
        if pattern.predicate == RDF + "type" and pattern.subject == variable and not pattern.object.startswith("?"):
            expected = [NamedNode(pattern.object)]
        elif variable in (pattern.subject, pattern.object):
            side = "rdfs:domain" if pattern.subject == variable else "rdfs:range"
            expected = knowledge.objects(pattern.predicate, side)
        if any(kind.value not in kinds for kind in expected):
            return False
    return True


def _kinds(knowledge: Knowledge, thing: str) -> set[str]:
    kinds, queue = set[str](), [kind.value for kind in knowledge.objects(thing, "rdf:type")]
    while queue:
        kind = queue.pop()
        if kind not in kinds:
            kinds.add(kind)
            queue += [wider.value for wider in knowledge.objects(kind, "rdfs:subClassOf")]
    return kinds


def names_its_finding(rule: Rule) -> bool:
    """Whether the IRI of a rule's finding is made in the way that is read here."""
    return _FINDING.search(rule.file.text) is not None


class _Seeker:
    def __init__(self, knowledge: Knowledge, plan: Plan) -> None:
        self.knowledge, self.plan = knowledge, plan
        self.prover = Prover(knowledge, plan)

    def failures(self, wanted: tuple[Pattern, ...], known: Row, depth: int) -> tuple[Failure, ...]:
        """For each rule whose head could give the wanted patterns: where it fails."""
        found = []
        for rule in self.knowledge.rules:
            bound = _unify(rule.head, wanted, known)
            if bound is not None:
                failure = self.failure(rule, bound, depth)
                if failure:
                    found.append(failure)
        return tuple(found)

    def failure(self, rule: Rule, bound: Row, depth: int) -> Failure | None:
        fixed = _fixed(rule, [bound])  # a variable that the body itself assigns cannot be fixed beforehand
        before: list[Row] = [fixed]
        for upto, condition in enumerate(rule.conditions, 1):
            now = rows(self.knowledge.store, rule.body(upto), fixed)
            if not now:
                return self._describe(rule, upto, condition, before, depth)
            before = now
        return None

    def _describe(self, rule: Rule, upto: int, condition: Condition, before: list[Row], depth: int) -> Failure:
        start = Failure(rule.id, rule.file.title, self.knowledge.warrant(rule), condition.words, bool(condition.absent))
        if condition.absent and not (condition.needed or condition.optional):
            against = self._against(rule, upto, condition, before)
            facts = tuple(sorted((self.prover.fact(t) for t in against), key=lambda fact: fact.words))
            return replace(start, against=facts, because=self.prover.steps(against, 0))
        if not (condition.optional or condition.gathered):
            patterns = "\n".join(pattern.text for pattern in condition.needed)
            holding = rows(self.knowledge.store, rule.body(upto - 1, patterns), _fixed(rule, before))
            if holding:  # only what is compared fails
                return replace(start, absence=False, instead=_compared(condition, holding))
        missing, around = self._missing(rule, upto, condition, before)
        return replace(
            start,
            absence=False,
            instead=self._instead(missing, around),
            would_serve=self._would_serve(missing, around),
            deeper=self._deeper(condition, missing, around, depth),
        )

    def _missing(self, rule: Rule, upto: int, condition: Condition, before: list[Row]) -> tuple[Pattern | None, list[Row]]:
        """The one pattern without which the condition would hold, and the rows in which it then does."""
        if any(p.predicate == RDF + "type" and self._is_concluded(p) for p in condition.needed):
            return None, before  # a whole node is missing, not one of its properties
        for pattern in condition.needed:
            rest = "\n".join(other.text for other in condition.needed if other is not pattern)
            found = rows(self.knowledge.store, rule.body(upto - 1, rest), _fixed(rule, before))
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

    def _against(self, rule: Rule, upto: int, condition: Condition, before: list[Row]) -> set[Triple]:
        """The triples that an absence condition meets, so that it fails."""
        triples: set[Triple] = set()
        for found in rows(self.knowledge.store, rule.body(upto - 1, condition.absent_text), _fixed(rule, before)):
            triples |= {t for t in instances(condition.absent, found) if self.prover.holds(t)}
        return triples

    def _instead(self, missing: Pattern | None, around: list[Row]) -> tuple[str, ...]:
        """What its subject has where a premise is missing."""
        if missing is None or missing.predicate == RDF + "type":
            return ()
        words = set()
        label = self.knowledge.label(missing.predicate)
        values = self._values(missing, around)
        for subject in {row[missing.subject[1:]] for row in around if missing.subject[1:] in row}:
            if all(row.get(missing.subject[1:]) == subject for row in around):
                words.add(f"{self.prover.name(subject)} {label} {', '.join(values) or 'nothing'}")
        return tuple(sorted(words))

    def _would_serve(self, missing: Pattern | None, around: list[Row]) -> tuple[str, ...]:
        """The values that a missing premise could have, where there are several."""
        if missing is None or missing.predicate == RDF + "type" or not missing.object.startswith("?"):
            return ()
        wanted = {self.prover.name(value) for row in around if (value := row.get(missing.object[1:])) is not None}
        return tuple(sorted(wanted)) if len(wanted) > 1 else ()

    def _values(self, missing: Pattern, around: list[Row]) -> list[str]:
        """What the thing that lacks a property value has instead, where it is one thing."""
        subjects = {row.get(missing.subject[1:]) for row in around}
        one = subjects.pop() if len(subjects) == 1 else None
        return (
            sorted(self.prover.name(v) for v in self.knowledge.objects(one.value, missing.predicate))
            if isinstance(one, NamedNode)
            else []
        )


def _compared(condition: Condition, before: list[Row]) -> tuple[str, ...]:
    """The numbers that a condition compares, by name, where they are the same in all rows."""
    shared = _shared(before)
    names = dict.fromkeys(name for name in re.findall(r"\?(\w+)", condition.text) if isinstance(shared.get(name), Literal))
    return tuple(f"{spoken(name)} = {number(shared[name].value)}" for name in names)


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
