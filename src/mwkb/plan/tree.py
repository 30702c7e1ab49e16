"""Plans as YAML or JSON: the text becomes a tree of keys and values, each with its line.

JSON is read by the YAML parser, being YAML but for tabs and the way it writes rare characters.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from mwkb.plan.document import Plan
from mwkb.plan.limits import USUAL, Limits
from mwkb.plan.structure import Group, List, Node, Value, plan_of
from mwkb.problems import InputProblem, Place

_NULL = "tag:yaml.org,2002:null"
_STRING = re.compile(r'"(?:[^"\\]|\\.)*+"?', re.DOTALL)
_ALTERED = re.compile("[\t\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""Characters that JSON may hold in a text, and that YAML refuses or takes for blanks."""
_ESCAPE = re.compile(r"\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|.)|" + _ALTERED.pattern, re.DOTALL)
"""An escape in JSON, or what wants one; the groups are the halves of a character that JSON writes as two and YAML as one."""
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_tree(text: str, name: str, limits: Limits = USUAL) -> Plan:
    """Read YAML or JSON. Raises InputProblem with file and line if it cannot be understood."""
    return plan_of(tree_of(text, name, limits), name)


def tree_of(text: str, name: str, limits: Limits = USUAL) -> Node:
    """The keys and values of YAML or JSON. Raises InputProblem with file and line if it is neither or beyond the limits."""
    return _Reader(name, limits).tree(text)


class _Reader:
    def __init__(self, name: str, limits: Limits) -> None:
        self.name, self.limits = name, limits

    def tree(self, text: str) -> Node:
        """The tree of a text in which every key stands once."""
        return self._node(self._compose(text))

    def _node(self, node: yaml.Node) -> Node:
        place = self._mark(node.start_mark)
        if isinstance(node, yaml.ScalarNode):
            return Value(None if node.tag == _NULL else node.value, place)
        if isinstance(node, yaml.SequenceNode):
            return List(tuple(map(self._node, node.value)), place)
        pairs: list[tuple[Value, Node]] = []
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise InputProblem("A key is a single word, not a list or a group of keys.", self._mark(key.start_mark))
            pairs.append((Value(key.value, self._mark(key.start_mark)), self._node(value)))
        return Group(tuple(pairs), place)

    def _compose(self, text: str) -> yaml.Node:
        if self.name.lower().endswith((".json", ".jsonld")):
            text = _STRING.sub(lambda found: _ESCAPE.sub(_joined, found.group()), text).replace("\t", " ")
        try:
            depth = 0
            for number, event in enumerate(yaml.parse(text, Loader=_LOADER)):
                if number > self.limits.values:
                    raise InputProblem(f"The plan holds more than {self.limits.values:,} values.", self._mark(event.start_mark))
                depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
                if depth > self.limits.depth:
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
            if text.lstrip("\ufeff \n\t").startswith("#"):
                remedy = "Take away the '#' in front of each line that you fill in."
                raise InputProblem("The file holds no plan: every line is a comment.", Place(self.name), remedy)
            raise InputProblem("The file holds no plan.", Place(self.name))
        return root

    def _mark(self, mark: Any) -> Place:
        return Place(self.name, mark.line + 1 if mark else None)


def escaped(text: str) -> str:
    """JSON with an escape in place of each character that would be read as another or not at all."""
    return _ALTERED.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def _joined(escape: re.Match[str]) -> str:
    high, low = escape.groups()
    if high:
        return f"\\U{0x10000 + ((int(high, 16) - 0xD800) << 10) + int(low, 16) - 0xDC00:08x}"
    return escape.group() if escape.group().startswith("\\") else escaped(escape.group())


def _brief(error: BaseException) -> str:
    return str(error).strip().splitlines()[0].rstrip(".")
