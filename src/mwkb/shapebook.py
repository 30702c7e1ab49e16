"""The shapes as a whole: what each checks, how grave a breach is, on what warrant, and with how many cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from pyoxigraph import Literal, NamedNode, Store

from mwkb import files
from mwkb.knowledge import turtle_store
from mwkb.validate import SHACL_SEVERITIES, Severity
from mwkb.vocabulary import MWKB, SH, SHAPE, expand, local_name

_TESTS = {"plan": "plans", "kb": "facts"}
"""The folder with the cases of each file of shapes."""


@dataclass(frozen=True)
class ListedShape:
    """A shape as a list shows it. ``cases`` is None where the tests do not lie beside the shapes, as in a wheel."""

    id: str
    name: str
    message: str
    severity: Severity
    warrant: str
    cases: int | None


def shapes(of: str) -> tuple[ListedShape, ...]:
    """The shapes for a ``plan`` or for the ``kb`` that can give a result, by id."""
    store = turtle_store(files.shape_file(of))
    counted = _cases(files.root() / "tests" / _TESTS[of] / "cases.yaml")
    found = [
        ListedShape(
            local_name(iri),
            _value(store, iri, SH + "name"),
            _value(store, iri, SH + "message"),
            SHACL_SEVERITIES[_value(store, iri, SH + "severity")],
            _value(store, iri, MWKB + "warrant"),
            None if counted is None else counted.get(iri, 0),
        )
        for iri in _reporting(store)
    ]
    return tuple(sorted(found, key=lambda shape: shape.id))


def _reporting(store: Store) -> list[str]:
    """The shapes that have a severity: the others only put these together."""
    found = store.quads_for_pattern(None, NamedNode(SH + "severity"), None)
    return [q.subject.value for q in found if isinstance(q.subject, NamedNode) and q.subject.value.startswith(SHAPE)]


def _value(store: Store, iri: str, property_: str) -> str:
    found = store.quads_for_pattern(NamedNode(iri), NamedNode(property_), None)
    return next((q.object.value for q in found if isinstance(q.object, NamedNode | Literal)), "")


def _cases(path: Path) -> Mapping[str, int] | None:
    """In how many cases a result of each shape is expected."""
    if not path.exists():
        return None
    cases = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Counter(shape for case in cases for shape in {expand(result["shape"]) for result in case.get("expect", ())})
