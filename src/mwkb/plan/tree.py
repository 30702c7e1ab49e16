"""Plans as YAML or JSON, through the packaged JSON-LD context.

The document becomes JSON-LD by adding what people need not write: the context, an IRI for each
node after its path, and its class. pyoxigraph turns that into triples; the YAML parser's marks
tell on which line each of them stood. JSON is read by the same parser, being YAML but for tabs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pyoxigraph import Quad, RdfFormat, parse

from mwkb import files, vocabulary
from mwkb.plan.document import Plan, UnknownKey
from mwkb.problems import InputProblem, Place, nearest

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
}
DEPTH = 12
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def context() -> dict[str, Any]:
    """The packaged JSON-LD context of a plan."""
    loaded: dict[str, Any] = json.loads(files.schema("plan-context.jsonld"))["@context"]
    return loaded


@cache
def keys() -> tuple[str, ...]:
    """The keys a plan may use."""
    return tuple(k for k, v in context().items() if isinstance(v, dict) or k in ("id", "type"))


def read_tree(text: str, name: str) -> Plan:
    """Read YAML or JSON. Raises InputProblem with file and line if it cannot be understood."""
    return _Tree(name).read(text)


class _Tree:
    def __init__(self, name: str) -> None:
        self.name = name
        self.places: dict[tuple[str, str], Place] = {}
        self.unknown: list[UnknownKey] = []
        self.ids: dict[str, int] = {}
        self.iri = ""

    def read(self, text: str) -> Plan:
        root = self._compose(text)
        if not isinstance(root, yaml.MappingNode):
            raise InputProblem("A plan is a list of 'key: value' lines.", self._at(root))
        given = next((v.value for k, v in root.value if k.value in ("id", "@id") and isinstance(v, yaml.ScalarNode)), "")
        slug = re.sub(r"[^a-z0-9]+", "-", Path(self.name).stem.lower()).strip("-") or "plan"
        self.iri = given.rstrip("/") if given else vocabulary.PLAN + slug
        document = self._node(root, self.iri, "LocalityPlan", 0)
        document["@context"] = {**context(), "@base": self.iri + "/"}
        try:
            quads = tuple(parse(json.dumps(document), format=RdfFormat.JSON_LD))
        except SyntaxError as error:
            raise InputProblem(f"The plan cannot be understood: {_brief(error)}.", self._at(root)) from None
        return Plan(self.iri, self.name, tuple(_plain(q) for q in quads), self.places, tuple(self.unknown))

    def _compose(self, text: str) -> yaml.Node:
        if self.name.lower().endswith(".json"):
            text = text.replace("\t", " ")
        try:
            depth = 0
            for event in yaml.parse(text, Loader=_LOADER):
                depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
                if depth > DEPTH:
                    raise InputProblem("The lists are nested too deeply.", self._mark(event.start_mark))
                if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                    raise InputProblem(
                        "An anchor or alias ('&' or '*') is not allowed.", self._mark(event.start_mark), "Write the text out, or put it in quotes."
                    )
                if getattr(event, "tag", None):
                    raise InputProblem("A tag ('!') is not allowed.", self._mark(event.start_mark), "Put the text in quotes.")
            root = yaml.compose(text, Loader=_LOADER)
        except yaml.MarkedYAMLError as error:
            raise InputProblem(f"This is not well-formed: {error.problem or error.context}.", self._mark(error.problem_mark)) from None
        except (yaml.YAMLError, RecursionError, ValueError) as error:
            raise InputProblem(f"This is not well-formed: {_brief(error)}.", Place(self.name)) from None
        if root is None:
            raise InputProblem("The file holds no plan.", Place(self.name))
        return root

    def _node(self, node: yaml.MappingNode, iri: str, kind: str, depth: int) -> dict[str, Any]:
        result: dict[str, Any] = {"@id": iri, "@type": "mwkb:" + kind}
        self.places[iri, ""] = self._at(node)
        seen: set[str] = set()
        for key_node, value in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else ""
            if key in seen:
                raise InputProblem(f"The key '{key}' is given twice.", self._at(key_node), "Make it one list.")
            seen.add(key)
            if key not in keys():
                self.unknown.append(UnknownKey(key, self._at(key_node), nearest(key, keys())))
                continue
            if key in ("id", "type"):
                continue
            self.places[iri, self._property(key)] = self._at(value if isinstance(value, yaml.ScalarNode) else key_node)
            values = list(self._values(key, value, iri, depth))
            if values:
                result[key] = values
        return result

    def _values(self, key: str, value: yaml.Node, iri: str, depth: int) -> Iterator[Any]:
        several = isinstance(value, yaml.SequenceNode)
        items = value.value if several else [value]
        for number, item in enumerate(items, 1):
            if isinstance(item, yaml.SequenceNode):
                raise InputProblem(f"'{key}' holds a list within a list.", self._at(item), "Use one list.")
            if isinstance(item, yaml.MappingNode):
                if key not in CLASSES:
                    raise InputProblem(f"'{key}' takes a single value, not a group of keys.", self._at(item))
                inner = self._identify(item) or f"{iri}/{key}" + (f"/{number}" if several else "")
                yield self._node(item, inner, CLASSES[key], depth + 1)
            elif isinstance(item, yaml.ScalarNode):
                if item.style is None and item.value in ("", "~", "null"):
                    continue
                if key in CLASSES:
                    raise InputProblem(
                        f"'{key}' takes a group of keys, not the single value '{item.value}'.", self._at(item), f"Write its keys below '{key}:'."
                    )
                yield item.value.strip() if _is_typed(key) else item.value

    def _identify(self, node: yaml.MappingNode) -> str:
        for key, value in node.value:
            if key.value == "id" and isinstance(value, yaml.ScalarNode):
                given = value.value
                if not re.fullmatch(r"[\w.-]+|https?://[^\s<>\"{}|^`\\]+", given):
                    raise InputProblem(f"'{given}' cannot be an id.", self._at(value), "Use letters, digits and hyphens.")
                if given in self.ids:
                    raise InputProblem(f"The id '{given}' is given twice, first on line {self.ids[given]}.", self._at(value))
                self.ids[given] = value.start_mark.line + 1
                return str(given) if "://" in given else f"{self.iri}/{given}"
        return ""

    def _property(self, key: str) -> str:
        definition = context().get(key)
        name = definition["@id"] if isinstance(definition, dict) else ""
        prefix, _, local = name.partition(":")
        return str(context().get(prefix, "")) + local

    def _at(self, node: yaml.Node) -> Place:
        return self._mark(node.start_mark)

    def _mark(self, mark: Any) -> Place:
        return Place(self.name, mark.line + 1 if mark else None)


def _is_typed(key: str) -> bool:
    definition = context()[key]
    return isinstance(definition, dict) and "@type" in definition


def _plain(quad: Quad) -> Quad:
    return Quad(quad.subject, quad.predicate, quad.object)


def _brief(error: BaseException) -> str:
    return str(error).strip().splitlines()[0].rstrip(".")
