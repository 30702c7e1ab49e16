"""Terms and facts that are deprecated: kept for good, since plans and other data name them, and replaced where they are used.

A deprecated fact is held in a graph of its own, so that no rule, query or list of choices meets it; what it
is called and what replaces it stays where everything is looked up. In a plan the replacement takes its place,
and the plan is told so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from mwkb.vocabulary import DCTERMS, KB, MWKB, OWL, RDF, RDFS, SKOS

if TYPE_CHECKING:
    from mwkb.plan.document import DeprecatedName, Places, Plan

GRAPH = "https://w3id.org/mwkb/deprecated"
"""The graph that holds all that is said of deprecated facts."""
_ABOUT = frozenset(
    (
        *(OWL + "deprecated", DCTERMS + "isReplacedBy", MWKB + "deprecatedIn", MWKB + "deprecationReason"),
        *(SKOS + "prefLabel", SKOS + "notation", SKOS + "definition", RDFS + "label", DCTERMS + "source", MWKB + "sourceLines"),
    )
)
"""What of a deprecated fact is still looked up."""


@dataclass(frozen=True)
class Deprecation:
    """A deprecated term or fact: of which classes it is, what replaces it, if anything, why, and from which version on."""

    iri: str
    kinds: tuple[str, ...]
    replacement: str
    reason: str
    version: str


def deprecations(store: Store) -> Mapping[str, Deprecation]:
    """What is deprecated in a knowledge base, each with what replaces it in the end."""
    found = {}
    for quad in store.quads_for_pattern(None, NamedNode(OWL + "deprecated"), None, DefaultGraph()):
        if isinstance(quad.subject, NamedNode) and getattr(quad.object, "value", "") == "true":
            found[quad.subject.value] = Deprecation(
                quad.subject.value,
                tuple(_values(store, quad.subject, RDF + "type")),
                next(iter(_values(store, quad.subject, DCTERMS + "isReplacedBy")), ""),
                next(iter(_values(store, quad.subject, MWKB + "deprecationReason")), ""),
                next(iter(_values(store, quad.subject, MWKB + "deprecatedIn")), ""),
            )
    return {iri: replace(each, replacement=_last(each, found)) for iri, each in sorted(found.items())}


def _values(store: Store, subject: NamedNode, predicate: str) -> list[str]:
    quads = store.quads_for_pattern(subject, NamedNode(predicate), None, DefaultGraph())
    return sorted(getattr(quad.object, "value", "") for quad in quads)


def _last(first: Deprecation, found: Mapping[str, Deprecation]) -> str:
    """What replaces a thing whose replacement may be replaced in turn; an empty text if they replace one another."""
    passed = {first.iri}
    at = first.replacement
    while at in found:
        if at in passed:
            return ""
        passed.add(at)
        at = found[at].replacement
    return at


def retire(store: Store, found: Mapping[str, Deprecation]) -> None:
    """Move deprecated facts out of the default graph, but for what they are called and what replaces them."""
    graph = NamedNode(GRAPH)
    for iri in found:
        if iri.startswith(KB):
            for quad in list(store.quads_for_pattern(NamedNode(iri), None, None, DefaultGraph())):
                store.add(Quad(quad.subject, quad.predicate, quad.object, graph))
                if quad.predicate.value not in _ABOUT:
                    store.remove(quad)


def current(plan: Plan, found: Mapping[str, Deprecation]) -> Plan:
    """A plan with the replacement of each deprecated name that it uses, and a note of each; the same plan if it uses none."""
    if not found:
        return plan
    from mwkb.plan.document import DeprecatedName  # late, for the knowledge base is loaded while plans are imported

    names = {iri: NamedNode(each.replacement or iri) for iri, each in found.items()}
    used: dict[DeprecatedName, None] = {}
    quads = []
    for quad in plan.quads:
        subject, predicate, value = getattr(quad.subject, "value", ""), quad.predicate.value, getattr(quad.object, "value", "")
        if predicate in names:
            used[DeprecatedName(predicate, subject, predicate, plan.place(subject, predicate), True)] = None
        if isinstance(quad.object, NamedNode) and value in names:
            used[DeprecatedName(value, subject, predicate, plan.place(subject, predicate, value), False)] = None
        quads.append(
            Quad(
                quad.subject,
                names.get(predicate, quad.predicate),
                names.get(value, quad.object) if isinstance(quad.object, NamedNode) else quad.object,
                quad.graph_name,
            )
        )
    if not used:
        return plan
    places: Places = {}
    for (first, *rest), place in plan.places.items():
        places[(first, *(names[part].value if part in names else part for part in rest))] = place
    return replace(plan, quads=tuple(dict.fromkeys(quads)), places=places, deprecated=tuple(used))


def names_both(plan: Plan, name: DeprecatedName, replacement: str) -> bool:
    """Whether a plan in current names uses what replaces a deprecated name under its own name too, for the same property."""
    renamed = {other.focus for other in plan.deprecated if other.iri == name.iri}
    return not name.is_property and any(
        path == name.path and value == replacement and subject not in renamed for subject, path, value, _ in plan.said
    )
