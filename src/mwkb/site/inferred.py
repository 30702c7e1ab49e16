"""What the rules conclude from the knowledge base alone, without a plan."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode, Quad, Triple

from mwkb.knowledge import Knowledge
from mwkb.rules.infer import infer
from mwkb.vocabulary import MWKB, SKOS, local_name


@dataclass(frozen=True)
class Level:
    """The evidence level of an intervention under a policy, what it rests on and the rule that says so."""

    level: str
    value: int
    policy: str
    basis: tuple[str, ...]
    rule: str


@dataclass(frozen=True)
class Inferred:
    """A property of a fact that a rule concluded; ``value`` is the IRI of another fact."""

    property: str
    value: str
    rule: str


@dataclass(frozen=True)
class Conclusions:
    """By the IRI of the fact that it is about."""

    levels: dict[str, tuple[Level, ...]]
    properties: dict[str, tuple[Inferred, ...]]


def conclusions(knowledge: Knowledge) -> Conclusions:
    """All conclusions from facts alone; the store is left as it was."""
    stated = {quad.triple for quad in knowledge.alone}
    derivation = infer(knowledge.store, knowledge.groups)
    try:
        return Conclusions(_levels(knowledge), _properties(knowledge, stated, derivation.recorded))
    finally:
        derivation.withdraw()


def _levels(knowledge: Knowledge) -> dict[str, tuple[Level, ...]]:
    found: dict[str, list[Level]] = {}
    for assertion in knowledge.subjects("rdf:type", MWKB + "EvidenceLevelAssertion"):
        about = knowledge.value(assertion, "mwkb:assertionAbout") or ""
        level = knowledge.value(assertion, "mwkb:assertsLevel") or ""
        found.setdefault(about, []).append(
            Level(
                knowledge.label(level),
                knowledge.number(level, "mwkb:levelValue") or 0,
                knowledge.label(knowledge.value(assertion, "mwkb:underPolicy") or ""),
                tuple(basis.value for basis in knowledge.objects(assertion, "mwkb:basis") if basis.value != level),
                knowledge.value(assertion, "mwkb:byRule") or "",
            )
        )
    return {
        iri: tuple(sorted(levels, key=lambda level: (level.policy, -level.value, level.rule))) for iri, levels in found.items()
    }


def _properties(knowledge: Knowledge, stated: set[Triple], recorded: set[Quad]) -> dict[str, tuple[Inferred, ...]]:
    found: dict[str, set[tuple[str, str, str]]] = {}
    for quad in recorded:
        subject, value, rule = quad.subject, quad.object, quad.graph_name
        if isinstance(subject, NamedNode) and isinstance(value, NamedNode) and isinstance(rule, NamedNode):
            transitive = quad.predicate.value == SKOS + "broaderTransitive"  # each step of it is shown as what it is part of
            named = subject.value in knowledge.names and value.value in knowledge.names
            if named and not transitive and quad.triple not in stated:
                found.setdefault(subject.value, set()).add((quad.predicate.value, value.value, rule.value))
    return {
        iri: tuple(Inferred(*each) for each in sorted(values, key=lambda v: (v[0], local_name(v[1]), v[2])))
        for iri, values in found.items()
    }
