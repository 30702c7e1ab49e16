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
    "leaders": "SeniorLeader",
    "task-group": "TaskGroup",
    "information": "SourceUse",
    "workforce": "WorkforcePlan",
    "evaluation-framework": "EvaluationFramework",
    "responses": "Response",
    "initiatives": "CurrentInitiative",
    "equality": "EqualityRecord",
}
DEPTH = 12
_NULL = "tag:yaml.org,2002:null"
_IRI = r"https?://[^\s<>\"{}|^`\\]+"
_ESCAPE = re.compile(r"\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|.)", re.DOTALL)
"""An escape in JSON; the groups are the two halves of a character that JSON writes as two and YAML as one."""
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


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


def read_tree(text: str, name: str) -> Plan:
    """Read YAML or JSON. Raises InputProblem with file and line if it cannot be understood."""
    return _Tree(name).read(text)


class _Tree:
    def __init__(self, name: str) -> None:
        self.name = name
        self.places: dict[tuple[str, str], Place] = {}
        self.unknown: list[UnknownKey] = []
        self.iri = ""

    def read(self, text: str) -> Plan:
        root = self._compose(text)
        if not isinstance(root, yaml.MappingNode):
            raise InputProblem("A plan is a list of 'key: value' lines.", self._at(root))
        slug = re.sub(r"[^a-z0-9]+", "-", Path(self.name).stem.lower()).strip("-") or "plan"
        self.iri = (
            self._id(root, _IRI, "Write a web address, such as https://example.org/our-plan.").rstrip("/")
            or vocabulary.PLAN + slug
        )
        document = self._node(root, self.iri, "LocalityPlan", 0)
        document["@context"] = {**context(), "@base": self.iri + "/"}
        try:
            quads = tuple(parse(json.dumps(document), format=RdfFormat.JSON_LD))
        except SyntaxError as error:
            raise InputProblem(f"The plan cannot be understood: {_brief(error)}.", self._at(root)) from None
        return Plan(self.iri, self.name, tuple(_plain(q) for q in quads), self.places, tuple(self.unknown))

    def _compose(self, text: str) -> yaml.Node:
        if self.name.lower().endswith(".json"):
            text = _ESCAPE.sub(_joined, text.replace("\t", " "))
        try:
            depth = 0
            for event in yaml.parse(text, Loader=_LOADER):
                depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
                if depth > DEPTH:
                    raise InputProblem("The lists are nested too deeply.", self._mark(event.start_mark))
                if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                    raise InputProblem(
                        "An anchor or alias ('&' or '*') is not allowed.",
                        self._mark(event.start_mark),
                        "Write the text out, or put it in quotes.",
                    )
                if getattr(event, "tag", None):
                    raise InputProblem("A tag ('!') is not allowed.", self._mark(event.start_mark), "Put the text in quotes.")
            root = yaml.compose(text, Loader=_LOADER)
        except yaml.MarkedYAMLError as error:
            raise InputProblem(
                f"This is not well-formed: {error.problem or error.context}.", self._mark(error.problem_mark)
            ) from None
        except (yaml.YAMLError, RecursionError, ValueError) as error:
            raise InputProblem(f"This is not well-formed: {_brief(error)}.", Place(self.name)) from None
        if root is None:
            raise InputProblem("The file holds no plan.", Place(self.name))
        return root

    def _node(self, node: yaml.MappingNode, iri: str, kind: str, depth: int) -> dict[str, Any]:
        result: dict[str, Any] = {"@id": iri, "@type": "mwkb:" + kind}
        if (iri, "") in self.places:
            name, first = iri.removeprefix(self.iri + "/"), self.places[iri, ""].line
            raise InputProblem(f"The id '{name}' is given twice, first on line {first}.", self._at(node))
        self.places[iri, ""] = self._at(node)
        seen: set[str] = set()
        for key_node, value in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise InputProblem("A key is a single word, not a list or a group of keys.", self._at(key_node))
            key = key_node.value
            if key in seen:
                raise InputProblem(f"The key '{key}' is given twice.", self._at(key_node), "Make it one list.")
            seen.add(key)
            if key not in keys():
                self.unknown.append(UnknownKey(key, self._at(key_node), nearest(key, keys())))
                continue
            if key == "id":
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
                given = self._id(item, rf"[\w.-]+|{_IRI}", "Use letters, digits and hyphens.")
                path = f"{iri}/{key}" + (f"/{number}" if several else "")
                yield self._node(
                    item, given if "://" in given else f"{self.iri}/{given}" if given else path, CLASSES[key], depth + 1
                )
            elif isinstance(item, yaml.ScalarNode):
                if item.tag == _NULL:
                    continue
                if key in CLASSES:
                    raise InputProblem(
                        f"'{key}' takes a group of keys, not the single value '{item.value}'.",
                        self._at(item),
                        f"Write its keys below '{key}:'.",
                    )
                if _is_typed(key) and item.value.startswith("@"):
                    raise InputProblem(f"'{item.value}' is not a value for '{key}'.", self._at(item), "Write a name without '@'.")
                yield item.value.strip() if _is_typed(key) else item.value

    def _id(self, node: yaml.MappingNode, allowed: str, remedy: str) -> str:
        """The id that a node gives itself, or an empty text."""
        for key, value in node.value:
            if key.value == "id" and value.tag != _NULL:
                given = value.value if isinstance(value, yaml.ScalarNode) else "a list or a group of keys"
                if given and not re.fullmatch(allowed, given):
                    raise InputProblem(f"'{given}' cannot be an id.", self._at(value), remedy)
                return str(given)
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


def _joined(escape: re.Match[str]) -> str:
    high, low = escape.groups()
    return f"\\U{0x10000 + ((int(high, 16) - 0xD800) << 10) + int(low, 16) - 0xDC00:08x}" if high else escape.group()


def _plain(quad: Quad) -> Quad:
    return Quad(quad.subject, quad.predicate, quad.object)


def _brief(error: BaseException) -> str:
    return str(error).strip().splitlines()[0].rstrip(".")
