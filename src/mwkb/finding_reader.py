"""Read what the rules found out of the store."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, TypeVar

from pyoxigraph import NamedNode, Triple

from mwkb.entry import NAMING, EntryNames
from mwkb.findings import (
    KINDS,
    Finding,
    GuidanceLink,
    Interpretation,
    Kind,
    Observed,
    Rated,
    Rating,
    Reason,
    Record,
    Thing,
)
from mwkb.knowledge import Knowledge, Term
from mwkb.plan import Plan
from mwkb.problems import Place
from mwkb.validate import SEVERITIES, SHACL_SEVERITIES, Severity
from mwkb.vocabulary import MWKB, local_name

Read = TypeVar("Read")


def read_findings(knowledge: Knowledge, plan: Plan) -> tuple[Finding, ...]:
    """All findings about a plan whose conclusions are in the store; see ``FindingReader.findings``."""
    return FindingReader(knowledge, plan).findings()


def read_ratings(knowledge: Knowledge, plan: Plan) -> tuple[Rated, ...]:
    """Every intervention that the rules rated in a plan, the highest score first."""
    return FindingReader(knowledge, plan).ratings()


class _Noting(Knowledge):
    """The knowledge base as it is, with a note of everything that it is asked about."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.__dict__.update(knowledge.__dict__)
        self.asked: set[str] = set()

    def objects(self, subject: str, predicate: str) -> list[Term]:
        self.asked.add(subject)
        return super().objects(subject, predicate)

    def subjects(self, predicate: str, value: str) -> list[str]:
        self.asked.add(value)
        return super().subjects(predicate, value)


class FindingReader:
    """Reads what the rules concluded of a plan, and of another version of it only what a change touches."""

    def __init__(self, knowledge: Knowledge, plan: Plan) -> None:
        self.knowledge = _Noting(knowledge)
        self._read: dict[str, tuple[Any, frozenset[str]]] = {}
        self._turn_to(plan)

    def _turn_to(self, plan: Plan) -> None:
        self.plan = plan
        self.levels = self._levels()
        self.entries = EntryNames(self.knowledge, plan)

    def turn_to(self, plan: Plan, changed: Iterable[Triple]) -> None:
        """Go on with another version of the plan, between which and the former these triples came to the store or went."""
        same_places = plan.places is self.plan.places or plan.places == self.plan.places
        old_levels = self.levels
        touched = set[str]()
        renamed = False
        for triple in changed:
            touched |= {getattr(triple.subject, "value", ""), getattr(triple.object, "value", "")}
            renamed = renamed or triple.predicate.value in NAMING
        self._turn_to(plan)
        if renamed or not same_places:
            self._read.clear()
        touched |= {about for about in old_levels.keys() | self.levels if old_levels.get(about) != self.levels.get(about)}
        self._read = {iri: (value, asked) for iri, (value, asked) in self._read.items() if not asked & touched}

    def findings(self) -> tuple[Finding, ...]:
        """All findings, ranked within each kind.

        Recommendations come by score, then evidence level, then category; among equals, first those that
        fit the plan's objective, then those with more reasons.
        """
        found = [self._once(self._finding, iri, kind) for kind, name in KINDS.items() for iri in self._instances(name)]
        return tuple(sorted(found, key=_order))

    def ratings(self) -> tuple[Rated, ...]:
        """Every intervention that is rated, the highest score first."""
        know = self.knowledge
        commissioned = {i.value for i in know.objects(self.plan.iri, "mwkb:commissions")}
        read = [self._once(self._rated, rating) for rating in know.subjects("mwkb:ratedIn", self.plan.iri)]
        found = [replace(rated, commissioned=rated.intervention.iri in commissioned) for rated in read]
        return tuple(sorted(found, key=lambda r: (-r.rating.score, -r.rating.evidence, r.intervention.iri)))

    def _once(self, read: Callable[..., Read], iri: str, *parts: Kind) -> Read:
        """What is read of a finding or rating, anew only once something has changed that it rests on."""
        if iri not in self._read:
            self.knowledge.asked = {iri}
            value = read(iri, *parts)
            self._read[iri] = (value, frozenset(self.knowledge.asked))
        known: Read = self._read[iri][0]
        return known

    def _rated(self, iri: str) -> Rated:
        """An intervention with its rating; whether it is commissioned is not said yet."""
        return Rated(self.thing(self.knowledge.value(iri, "mwkb:rates") or ""), self.rating(iri), False)

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
        """Something by its name; an entry of the plan by what a person calls it."""
        know = self.knowledge
        if iri == self.plan.iri:
            return Thing(iri, "The plan as a whole")
        label, number = self.entries.label(iri) if iri.startswith(self.plan.iri) else ("", "")
        return Thing(iri, label, number) if label else Thing(iri, know.label(iri), know.number_printed(iri))

    def _finding(self, iri: str, kind: Kind) -> Finding:
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
            fits=tuple(self.thing(t.value) for t in know.objects(iri, "mwkb:fitsObjective")),
            answers_needs=know.number(iri, "mwkb:answersNeeds"),
            guidance=tuple(self._guidance(t.value) for t in know.objects(iri, "mwkb:withGuidance")),
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
                    return ", ".join(self.thing(v.value).label if "://" in v.value else _printed(v.value) for v in values)
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

    def _guidance(self, iri: str) -> GuidanceLink:
        statuses = self.knowledge.subjects("mwkb:about", iri)
        successors = [s.value for status in statuses for s in self.knowledge.objects(status, "mwkb:successor")]
        return GuidanceLink(self.thing(iri), tuple(map(self.thing, successors)))

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


def _printed(value: str) -> str:
    """A value as a person writes it: a great number with commas."""
    return f"{int(value):,}" if re.fullmatch(r"\d{5,}", value) else value


def _order(finding: Finding) -> tuple[object, ...]:
    rating = finding.rating
    return (
        list(KINDS).index(finding.kind),
        ("violation", "warning", "info").index(finding.severity),
        -(rating.score if rating else 0),
        -(finding.evidence or 0),
        rating.rank if rating else 9,
        -len(finding.fits),
        -len(finding.reasons),
        finding.id,
    )
