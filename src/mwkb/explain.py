"""Why a conclusion was drawn: a proof down to plan data, sources and parameter values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, Store, Triple, Variable

from mwkb.knowledge import Knowledge, Term
from mwkb.plan import Plan
from mwkb.problems import Place
from mwkb.rules import Condition, Pattern, Rule
from mwkb.source import Source
from mwkb.vocabulary import MWKB, RDF, expand

Row = Mapping[str, Term]
"""One way in which conditions hold: a term for each variable."""

DEPTH = 12
"""How deep a proof is followed: no chain of rules is near as long."""


@dataclass(frozen=True)
class Fact:
    """A premise that no rule concluded: in words, the name of its subject first, and where it stands."""

    triple: Triple
    subject: str
    words: str
    sources: tuple[Source, ...] = ()
    place: Place | None = None
    parameter: bool = False


@dataclass(frozen=True)
class Met:
    """A condition of a rule that holds, with the facts and further steps that make it hold.

    ``computed`` are the values that were counted, summed or compared in it, by name.
    """

    words: str
    absence: bool
    facts: tuple[Fact, ...]
    steps: tuple[Step, ...]
    computed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """One rule's part in a proof."""

    rule: str
    title: str
    warrant: tuple[Source, ...]
    concludes: tuple[str, ...]
    conditions: tuple[Met, ...]


def why(knowledge: Knowledge, plan: Plan, finding: str) -> tuple[Step, ...]:
    """The proof of a finding: one step for each rule that concluded it.

    The plan and its conclusions must be in the store (see ``assessment.derived``).
    """
    prover = Prover(knowledge, plan)
    triple = Triple(NamedNode(finding), NamedNode(expand("mwkb:inPlan")), NamedNode(plan.iri))
    return prover.steps({triple}, 0)


class Prover:
    """Finds which rule instances support given triples, and puts facts in words."""

    def __init__(self, knowledge: Knowledge, plan: Plan) -> None:
        self.knowledge, self.plan = knowledge, plan
        self.is_profile = any(kind.value == MWKB + "LocalityProfile" for kind in knowledge.objects(plan.iri, "rdf:type"))
        self._solutions: dict[str, list[Row]] = {}

    def steps(self, wanted: set[Triple], depth: int) -> tuple[Step, ...]:
        """One step for each rule that concluded one of the triples, its instances put together."""
        if depth > DEPTH:
            return ()
        found = []
        for rule in self.knowledge.rules:
            mine = {triple for triple in wanted if self._concluded(triple, rule)}
            if mine:
                rows = _supporting([(row, mine & set(instances(rule.head, row))) for row in self.solutions(rule)])
                met = tuple(self._met(rule, condition, rows, depth) for condition in rule.conditions)
                concludes = tuple(sorted(self.words(triple) for triple in mine))
                found.append(Step(rule.id, rule.file.title, self.knowledge.warrant(rule), concludes, met))
        return tuple(found)

    def _met(self, rule: Rule, condition: Condition, rows: list[Row], depth: int) -> Met:
        premises = {t for row in rows for t in instances((*condition.needed, *condition.optional), row) if self.holds(t)}
        premises |= {
            t for row in self._gathered(rule, condition, rows) for t in instances(condition.gathered, row) if self.holds(t)
        }
        concluded = {t for t in premises if any(self._concluded(t, rule) for rule in self.knowledge.rules)}
        facts = tuple(
            sorted((self.fact(t) for t in premises - concluded), key=lambda f: (f.place is None, str(f.place or ""), f.words))
        )
        absence = bool(condition.absent) and not premises
        return Met(condition.words, absence, facts, self.steps(concluded, depth + 1), computed(condition, rows))

    def _gathered(self, rule: Rule, condition: Condition, found: list[Row]) -> Iterator[Row]:
        """What a condition counts or sums over in the rows: every way in which its patterns hold there."""
        if condition.gathered:
            for row in found:
                yield from rows(self.knowledge.store, rule.gathering(condition), row)

    def solutions(self, rule: Rule) -> list[Row]:
        """Every way in which the rule's body holds, by variable."""
        if rule.id not in self._solutions:
            self._solutions[rule.id] = rows(self.knowledge.store, rule.body())
        return self._solutions[rule.id]

    def holds(self, triple: Triple) -> bool:
        return Quad(triple.subject, triple.predicate, triple.object, DefaultGraph()) in self.knowledge.store

    def _concluded(self, triple: Triple, rule: Rule) -> bool:
        return Quad(triple.subject, triple.predicate, triple.object, NamedNode(rule.iri)) in self.knowledge.store

    def fact(self, triple: Triple) -> Fact:
        """A premise in words, with its source: a place in the plan, or a passage of the toolkit."""
        subject = triple.subject.value if isinstance(triple.subject, NamedNode) else ""
        predicate = triple.predicate.value
        if any(self._concluded(triple, rule) for rule in self.knowledge.rules):
            return Fact(triple, self.name(triple.subject), self.words(triple))
        if subject.startswith(self.plan.iri):
            return Fact(triple, self.name(triple.subject), self.words(triple), place=self.plan.place(subject, predicate))
        parameter = MWKB + "Parameter" in {t.value for t in self.knowledge.objects(subject, "rdf:type")}
        return Fact(triple, self.name(triple.subject), self.words(triple), self.knowledge.sources(subject), parameter=parameter)

    def words(self, triple: Triple) -> str:
        """A triple as a phrase: the names of its three parts."""
        value, verb = self.name(triple.object), self.knowledge.label(triple.predicate.value)
        if triple.predicate.value == RDF + "type":
            verb = "is an" if value[:1].lower() in "aeiou" else "is a"
        return f"{self.name(triple.subject)} — {verb} — {value}"

    def name(self, term: object) -> str:
        """The name of a thing; for a nameless entry of the plan, its path in the plan."""
        if not isinstance(term, NamedNode):
            return str(getattr(term, "value", term))
        if term.value == self.plan.iri:
            return "the profile" if self.is_profile else "the plan"
        if term.value.startswith(self.plan.iri + "/") and not self.knowledge.value(term.value, "skos:prefLabel"):
            return term.value.removeprefix(self.plan.iri + "/")
        return self.knowledge.label(term.value)


def computed(condition: Condition, found: Iterable[Row]) -> tuple[str, ...]:
    """The numbers that a condition counts or sums, each by its name: ``needs answered = 4``."""
    if not condition.gathered:
        return ()
    names = [name[1:] for name, _ in condition.assigned]
    said = {(name, term.value) for row in found for name in names if isinstance(term := row.get(name), Literal)}
    return tuple(f"{spoken(name)} = {number(value)}" for name, value in sorted(said))


def spoken(name: str) -> str:
    """The name of a variable in words."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def number(value: str) -> str:
    """A number without the decimals that say nothing; other text unchanged."""
    if not re.fullmatch(r"[+-]?\d+\.\d+", value):
        return value
    exact = Decimal(value)
    return f"{round(exact, 2 if abs(exact) >= 100 else 4).normalize():f}"


def _supporting(rows: list[tuple[Row, set[Triple]]]) -> list[Row]:
    """The rows that stand behind a whole conclusion, out of rows with the wanted triples that each gives.

    A rule may give one triple in many rows, such as that a plan has a needs assessment; only the
    rows that give no less of the conclusion than another does are of interest.
    """
    shares = {frozenset(given) for _, given in rows}
    return [row for row, given in rows if given and not any(given < share for share in shares)]


def rows(store: Store, select: str, bound: Row | None = None) -> list[Row]:
    """The solutions of a SELECT in a stable order; ``bound`` variables are fixed."""
    fixed = {name: term for name, term in (bound or {}).items() if re.search(rf"\?{name}\b", select)}
    answer = store.query(select, substitutions={Variable(name): term for name, term in fixed.items()} or None)
    assert isinstance(answer, QuerySolutions)
    names = [variable.value for variable in answer.variables]
    found: list[Row] = []
    for solution in answer:
        row = {name: value for name in names if (value := solution[name]) is not None}
        found.append({**row, **(bound or {})})
    return sorted(found, key=lambda row: sorted((name, str(term)) for name, term in row.items()))


def instances(patterns: Iterable[Pattern], row: Row) -> list[Triple]:
    """The triples that patterns stand for in a row; those with an unbound variable are left out."""
    found = []
    for pattern in patterns:
        subject, predicate, value = (row.get(part[1:]) if part.startswith("?") else constant(part) for part in pattern.parts)
        if isinstance(subject, NamedNode) and isinstance(predicate, NamedNode) and value is not None:
            found.append(Triple(subject, predicate, value))
    return found


@cache
def constant(part: str) -> Term:
    """The term that a pattern writes: an IRI, or a literal in SPARQL's form."""
    if "://" in part and not part.startswith(('"', "'")):
        return NamedNode(part)
    answer = Store().query(f"SELECT ({part} AS ?term) {{}}")
    assert isinstance(answer, QuerySolutions)
    term = next(iter(answer))["term"]
    assert isinstance(term, NamedNode | Literal)
    return term
