"""What a plan says as a tree of keys and values, and the triples that it stands for.

YAML, JSON and workbooks become such a tree. It becomes JSON-LD by adding what people need not write:
the packaged context, an IRI for each node after its path, and its class. pyoxigraph turns that into
triples; the place of each value is kept beside them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pyoxigraph import Quad, RdfFormat, parse

from mwkb import files, vocabulary
from mwkb.plan.document import Places, Plan, UnknownKey
from mwkb.problems import InputProblem, Place, nearest
from mwkb.vocabulary import KB

CLASSES = {
    "locality": "Locality",
    "needs": "NeedsAssessment",
    "factors": "FactorRecord",
    "groups": "GroupRecord",
    "segments": "Segment",
    "assets": "Asset",
    "interventions": "PlannedIntervention",
    "outcomes": "PlannedOutcome",
    "measures": "OutcomeMeasure",
    "partners": "Partner",
    "priorities": "Priority",
    "ratings": "Rating",
    "engagement": "EngagementActivity",
    "exclusions": "Exclusion",
    "sections": "SectionStatus",
    "evidence-assertions": "EvidenceLevelAssertion",
    "leaders": "SeniorLeader",
    "task-group": "TaskGroup",
    "information": "SourceUse",
    "workforce": "WorkforcePlan",
    "evaluation-framework": "EvaluationFramework",
    "responses": "Response",
    "initiatives": "CurrentInitiative",
    "equality": "EqualityRecord",
}
_IRI = r"https?://[^\s<>\"{}|^`\\]+"


@dataclass(frozen=True)
class Value:
    """A single value as it is written; None where it is left empty."""

    text: str | None
    place: Place


@dataclass(frozen=True)
class List:
    """Several values or groups under one key."""

    items: tuple[Node, ...]
    place: Place


@dataclass(frozen=True)
class Group:
    """Keys with what stands under each."""

    pairs: tuple[tuple[Value, Node], ...]
    place: Place


Node = Value | List | Group


@cache
def context() -> dict[str, Any]:
    """The packaged JSON-LD context of a plan."""
    loaded: dict[str, Any] = json.loads(files.schema("plan-context.jsonld"))["@context"]
    return loaded


@cache
def keys() -> tuple[str, ...]:
    """The keys a plan may use."""
    return tuple(k for k, v in context().items() if isinstance(v, dict) or k == "id")


@cache
def namespaces() -> dict[str, str]:
    """For each property whose values are chosen from the knowledge base: what their names are written without."""
    return {
        context()[definition["@id"].partition(":")[0]] + definition["@id"].partition(":")[2]: definition["@context"]["@vocab"]
        for definition in context().values()
        if isinstance(definition, dict) and "@context" in definition
    }


def plan_of(root: Node, name: str) -> Plan:
    """The plan that a tree says. Raises InputProblem with the place if it cannot be understood."""
    return _Builder(name).plan(root)


class _Builder:
    def __init__(self, name: str) -> None:
        self.name = name
        self.places: Places = {}
        self.unknown: list[UnknownKey] = []
        self.iri = ""

    def plan(self, root: Node) -> Plan:
        if not isinstance(root, Group):
            raise InputProblem("A plan is a list of 'key: value' lines.", root.place)
        slug = re.sub(r"[^a-z0-9]+", "-", Path(self.name).stem.lower()).strip("-") or "plan"
        self.iri = (
            self._id(root, _IRI, "Write a web address, such as https://example.org/our-plan.").rstrip("/")
            or vocabulary.PLAN + slug
        )
        document = self._node(root, self.iri, "LocalityPlan")
        document["@context"] = {**context(), "@base": self.iri + "/"}
        try:
            quads = tuple(parse(json.dumps(document), format=RdfFormat.JSON_LD))
        except SyntaxError as error:
            what = str(error).strip().splitlines()[0].rstrip(".")
            raise InputProblem(f"The plan cannot be understood: {what}.", root.place) from None
        return Plan(self.iri, self.name, tuple(_plain(q) for q in quads), self.places, tuple(self.unknown))

    def _node(self, group: Group, iri: str, kind: str) -> dict[str, Any]:
        result: dict[str, Any] = {"@id": iri, "@type": "mwkb:" + kind}
        if (iri, "") in self.places:
            name, first = iri.removeprefix(self.iri + "/"), self.places[iri, ""]
            where = f"in {first.cell}" if first.cell else f"on line {first.line}"
            remedy = "Clear the hidden column 'id' of the copied row." if first.cell else "Give each entry an id of its own."
            raise InputProblem(f"The id '{name}' is given twice, first {where}.", group.place, remedy)
        self.places[iri, ""] = group.place
        seen: set[str] = set()
        for written, value in group.pairs:
            key = written.text or ""
            if key in seen:
                raise InputProblem(f"The key '{key}' is given twice.", written.place, "Make it one list.")
            seen.add(key)
            if key not in keys():
                self.unknown.append(UnknownKey(key, written.place, nearest(key, keys())))
                continue
            if key == "id":
                continue
            self.places[iri, _property(key)] = value.place if isinstance(value, Value) else written.place
            values = list(self._values(key, value, iri))
            if values:
                result[key] = values
        return result

    def _values(self, key: str, value: Node, iri: str) -> Iterator[Any]:
        several = isinstance(value, List)
        items = value.items if isinstance(value, List) else (value,)
        for number, item in enumerate(items, 1):
            if isinstance(item, List):
                raise InputProblem(f"'{key}' holds a list within a list.", item.place, "Use one list.")
            if isinstance(item, Group):
                if key not in CLASSES:
                    raise InputProblem(f"'{key}' takes a single value, not a group of keys.", item.place)
                given = self._id(item, rf"[\w.-]+|{_IRI}", "Use letters, digits and hyphens.")
                path = f"{iri}/{key}" + (f"/{number}" if several else "")
                inner = given if "://" in given else f"{self.iri}/{given}" if given else path
                self.places[iri, _property(key), inner] = item.place
                yield self._node(item, inner, CLASSES[key])
            elif item.text is not None:
                if key in CLASSES:
                    raise InputProblem(
                        f"'{key}' takes a group of keys, not the single value '{item.text}'.",
                        item.place,
                        f"Write its keys below '{key}:'.",
                    )
                if _is_typed(key) and item.text.startswith("@"):
                    raise InputProblem(f"'{item.text}' is not a value for '{key}'.", item.place, "Write a name without '@'.")
                text = item.text.strip() if _is_typed(key) else item.text
                self.places.setdefault((iri, _property(key), self._meant(key, text)), item.place)
                yield text

    def _meant(self, key: str, text: str) -> str:
        """What a text under a key stands for: an IRI where the key takes one, as far as that can be told here."""
        kind = context()[key].get("@type")
        prefix, colon, local = text.partition(":")
        if kind not in ("@id", "@vocab") or local.startswith("//"):
            return text
        if colon and isinstance(context().get(prefix), str):
            return str(context()[prefix]) + local
        return (namespaces().get(_property(key), KB) if kind == "@vocab" else self.iri + "/") + text

    def _id(self, group: Group, allowed: str, remedy: str) -> str:
        """The id that a group gives itself, or an empty text."""
        for key, value in group.pairs:
            if key.text == "id" and not (isinstance(value, Value) and value.text is None):
                given = value.text or "" if isinstance(value, Value) else "a list or a group of keys"
                if given and not re.fullmatch(allowed, given):
                    raise InputProblem(f"'{given}' cannot be an id.", value.place, remedy)
                return given
        return ""


@cache
def _property(key: str) -> str:
    """The IRI of the property that a key stands for."""
    definition = context().get(key)
    name = definition["@id"] if isinstance(definition, dict) else ""
    prefix, _, local = name.partition(":")
    return str(context().get(prefix, "")) + local


@cache
def _is_typed(key: str) -> bool:
    definition = context()[key]
    return isinstance(definition, dict) and "@type" in definition


def _plain(quad: Quad) -> Quad:
    return Quad(quad.subject, quad.predicate, quad.object)
