"""Read what the rules found out of the store, as data a report can show."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal as OneOf

from pyoxigraph import NamedNode

from mwkb.knowledge import Knowledge, Source
from mwkb.plan import Plan
from mwkb.problems import Place
from mwkb.validate import SEVERITIES, SHACL_SEVERITIES, Severity
from mwkb.vocabulary import MWKB, local_name

Kind = OneOf["recommendation", "plan-gap", "data-gap", "toolkit-gap", "challenge"]
KINDS: dict[Kind, str] = {
    "recommendation": "Recommendation",
    "plan-gap": "PlanGap",
    "data-gap": "DataGap",
    "toolkit-gap": "ToolkitGap",
    "challenge": "Challenge",
}


@dataclass(frozen=True)
class Thing:
    """Something a sentence speaks of: its IRI, the name a person knows and its short code, if any."""

    iri: str
    label: str
    notation: str = ""


@dataclass(frozen=True)
class Observed:
    """A published figure with its place among all areas that have one; rank 1 is the worst."""

    indicator: Thing
    value: str
    unit: str
    year: str
    rank: int
    areas: int


@dataclass(frozen=True)
class Record:
    """The entry of the needs assessment behind a reason: where it stands and what it says."""

    iri: str
    evidence: str
    observations: tuple[Observed, ...]
    place: Place | None


@dataclass(frozen=True)
class Reason:
    """One ground for a finding, as one rule gives it."""

    rule: str
    says: str
    warrant: tuple[Source, ...]
    because: tuple[Thing, ...]
    record: Record | None


@dataclass(frozen=True)
class Interpretation:
    """A decision of the editors without which the finding would not stand."""

    iri: str
    label: str
    confidence: str
    alternative: str


@dataclass(frozen=True)
class Rating:
    """Evidence level, local priority, their product and the matrix category."""

    evidence: int
    priority: int
    score: int
    category: Thing
    symbol: str
    asks: str
    rank: int
    inherited: bool
    evidence_by: str


@dataclass(frozen=True)
class Rated:
    """An intervention with its rating in a plan, and whether the plan commissions it."""

    intervention: Thing
    rating: Rating
    commissioned: bool


@dataclass(frozen=True)
class Finding:
    """A conclusion about a plan. ``id`` names it within the plan and is stable."""

    id: str
    iri: str
    kind: Kind
    severity: Severity
    about: Thing
    reasons: tuple[Reason, ...]
    actions: tuple[str, ...] = ()
    rating: Rating | None = None
    evidence: int | None = None
    strength: str = ""
    question: str = ""
    answers: tuple[str, ...] = ()
    also_benefits: tuple[Thing, ...] = ()
    rests_on: tuple[Interpretation, ...] = ()
    place: Place | None = None


def read_findings(knowledge: Knowledge, plan: Plan) -> tuple[Finding, ...]:
    """All findings about a plan whose conclusions are in the store, ranked within each kind.

    Recommendations come by score, then evidence level, then category, then number of reasons.
    """
    return _Reader(knowledge, plan).all()


def read_ratings(knowledge: Knowledge, plan: Plan) -> tuple[Rated, ...]:
    """Every intervention that the rules rated in a plan, the highest score first."""
    reader = _Reader(knowledge, plan)
    commissioned = {i.value for i in knowledge.objects(plan.iri, "mwkb:commissions")}
    found = []
    for rating in knowledge.subjects("mwkb:ratedIn", plan.iri):
        rates = knowledge.value(rating, "mwkb:rates") or ""
        found.append(Rated(reader.thing(rates), reader.rating(rating), rates in commissioned))
    return tuple(sorted(found, key=lambda r: (-r.rating.score, -r.rating.evidence, r.intervention.iri)))


class _Reader:
    def __init__(self, knowledge: Knowledge, plan: Plan) -> None:
        self.knowledge, self.plan = knowledge, plan
        self.levels = self._levels()

    def all(self) -> tuple[Finding, ...]:
        found = [self._finding(kind, iri) for kind, name in KINDS.items() for iri in self._instances(name)]
        return tuple(sorted(found, key=_order))

    def _instances(self, name: str) -> list[str]:
        every = self.knowledge.subjects("rdf:type", MWKB + name)
        return [iri for iri in every if self.knowledge.value(iri, "mwkb:inPlan") == self.plan.iri]

    def _levels(self) -> dict[str, int]:
        """The evidence level in force of each intervention."""
        levels = {}
        for assertion in self.knowledge.objects(self.plan.iri, "mwkb:evidenceInForce"):
            about = self.knowledge.value(assertion.value, "mwkb:assertionAbout")
            level = self.knowledge.value(assertion.value, "mwkb:assertsLevel")
            if about and level:
                levels[about] = self.knowledge.number(level, "mwkb:levelValue") or 0
        return levels

    def thing(self, iri: str) -> Thing:
        label = "The plan as a whole" if iri == self.plan.iri else self.knowledge.label(iri)
        return Thing(iri, label, self.knowledge.number_printed(iri))

    def _finding(self, kind: Kind, iri: str) -> Finding:
        know = self.knowledge
        about = know.value(iri, "mwkb:about") or self.plan.iri
        rating_iri = know.value(iri, "mwkb:hasRating")
        reasons = tuple(self._reason(iri, reason.value) for reason in know.objects(iri, "mwkb:reason"))
        actions = {know.rules_by_iri[rule].file.action for rule in self._rules(iri)}
        strength = know.value(iri, "mwkb:strength")
        places = [reason.record.place for reason in reasons if reason.record and reason.record.place]
        return Finding(
            id=iri.removeprefix(self.plan.iri + "/finding/"),
            iri=iri,
            kind=kind,
            severity=self._severity(iri),
            about=self.thing(about),
            reasons=tuple(sorted(reasons, key=lambda r: (r.rule, r.says))),
            actions=tuple(sorted(filter(None, actions))),
            rating=self.rating(rating_iri) if rating_iri else None,
            evidence=self.levels.get(about),
            strength=know.label(strength) if strength else "",
            question=know.value(iri, "mwkb:question") or "",
            answers=tuple(value.value for value in know.objects(iri, "mwkb:answer")),
            also_benefits=tuple(self.thing(t.value) for t in know.objects(about, "mwkb:indirectlyBenefits")),
            rests_on=tuple(self._interpretation(t.value) for t in know.objects(iri, "mwkb:restsOn")),
            place=places[0] if places else self._planned_place(about),
        )

    def _severity(self, iri: str) -> Severity:
        """The gravest that a rule gives: several rules may conclude one finding."""
        given = {SHACL_SEVERITIES[value.value] for value in self.knowledge.objects(iri, "mwkb:severity")}
        return next((severity for severity in SEVERITIES if severity in given), "info")

    def _rules(self, iri: str) -> list[str]:
        reasons = self.knowledge.objects(iri, "mwkb:reason")
        return [rule.value for reason in reasons for rule in self.knowledge.objects(reason.value, "mwkb:byRule")]

    def _planned_place(self, about: str) -> Place | None:
        """Where the plan lists the intervention or section a finding is about."""
        for predicate in ("mwkb:delivers", "mwkb:section"):
            for entry in self.knowledge.subjects(predicate, about):
                if entry.startswith(self.plan.iri):
                    return self.plan.place(entry, MWKB + predicate.removeprefix("mwkb:"))
        return None

    def _reason(self, finding: str, iri: str) -> Reason:
        know = self.knowledge
        rule = know.rules_by_iri[know.value(iri, "mwkb:byRule") or ""]
        record = know.value(iri, "mwkb:fromRecord")
        because = tuple(self.thing(t.value) for t in know.objects(iri, "mwkb:because"))
        return Reason(
            rule.id,
            self._sentence(rule.file.says, finding, iri),
            know.warrant(rule),
            because,
            self._record(record) if record else None,
        )

    def _sentence(self, template: str, finding: str, reason: str) -> str:
        """The rule's sentence with each ``{name}`` replaced by the values of the property of that name.

        A property is looked for on the reason, then the finding, then the finding's rating.
        """
        rating = self.knowledge.value(finding, "mwkb:hasRating") or self.knowledge.value(reason, "mwkb:because") or ""

        def filled(match: re.Match[str]) -> str:
            for subject in (reason, finding, rating):
                values = self.knowledge.objects(subject, "mwkb:" + match[1]) if subject else []
                if values:
                    return ", ".join(self.knowledge.label(v.value) if "://" in v.value else v.value for v in values)
            return "something not recorded"

        return re.sub(r"\{(\w+)\}", filled, template)

    def _record(self, iri: str) -> Record:
        know = self.knowledge
        return Record(
            iri,
            know.value(iri, "mwkb:evidenceNote") or "",
            tuple(self._observed(o.value) for o in know.objects(iri, "mwkb:observation") if isinstance(o, NamedNode)),
            self.plan.place(iri),
        )

    def _observed(self, iri: str) -> Observed:
        know = self.knowledge
        indicator = know.value(iri, "mwkb:indicator") or ""
        return Observed(
            self.thing(indicator),
            know.value(iri, "mwkb:observedValue") or "",
            know.value(indicator, "mwkb:unit") or "",
            know.value(iri, "mwkb:observedYear") or "",
            know.number(iri, "mwkb:rankFromWorst") or 0,
            know.number(iri, "mwkb:rankedAmong") or 0,
        )

    def _interpretation(self, iri: str) -> Interpretation:
        know = self.knowledge
        confidence = know.value(iri, "mwkb:confidence")
        other = know.value(iri, "mwkb:alternativeCategory")
        alternative = know.label(other) if other else know.value(iri, "mwkb:alternative") or ""
        return Interpretation(
            iri, know.label(iri), local_name(confidence).removeprefix("confidence-") if confidence else "", alternative
        )

    def rating(self, iri: str) -> Rating:
        know = self.knowledge
        category = know.value(iri, "mwkb:category") or ""
        assertion = know.value(iri, "mwkb:usesEvidence") or ""
        by = know.value(assertion, "mwkb:assertedBy")
        return Rating(
            know.number(iri, "mwkb:ratedEvidence") or 0,
            know.number(iri, "mwkb:ratedPriority") or 0,
            know.number(iri, "mwkb:score") or 0,
            self.thing(category),
            know.value(category, "skos:notation") or "",
            know.value(category, "mwkb:asks") or "",
            know.number(category, "mwkb:categoryRank") or 0,
            know.value(assertion, "mwkb:inherited") == "true",
            by or ("this plan" if assertion.startswith(self.plan.iri) else ""),
        )


def _order(finding: Finding) -> tuple[object, ...]:
    rating = finding.rating
    return (
        list(KINDS).index(finding.kind),
        ("violation", "warning", "info").index(finding.severity),
        -(rating.score if rating else 0),
        -(finding.evidence or 0),
        rating.rank if rating else 9,
        -len(finding.reasons),
        finding.id,
    )
