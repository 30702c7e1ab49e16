"""A plan as it was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pyoxigraph import NamedNode, Quad

from mwkb.problems import Place


@dataclass(frozen=True)
class UnknownKey:
    """A key that no part of the plan vocabulary has, or a name in a workbook that no list has."""

    key: str
    place: Place
    hint: str


@dataclass(frozen=True)
class Note:
    """Something worth knowing about the file that a plan was read from."""

    what: str
    place: Place


@dataclass(frozen=True)
class DeprecatedName:
    """A deprecated term or fact that a plan uses: where, and whether it is the property or what the property has as its value."""

    iri: str
    focus: str
    path: str
    place: Place | None
    is_property: bool


Places = dict[tuple[str, ...], Place]
"""The places of subjects, (subject, ""), of their properties, (subject, property), and of single values of these,
(subject, property, value), as far as they are known."""


@dataclass(frozen=True)
class Plan:
    """The triples of one plan and the places in the submitted file that they came from."""

    iri: str
    file: str
    quads: tuple[Quad, ...]
    places: Mapping[tuple[str, ...], Place] = field(default_factory=dict)
    unknown_keys: tuple[UnknownKey, ...] = ()
    notes: tuple[Note, ...] = ()
    deprecated: tuple[DeprecatedName, ...] = ()

    @cached_property
    def said(self) -> tuple[tuple[str, str, str, bool], ...]:
        """Each triple as texts, which are read much faster: the subject, empty if it is nameless, the property,
        the value, and whether that is an IRI."""
        return tuple(
            (
                quad.subject.value if isinstance(quad.subject, NamedNode) else "",
                quad.predicate.value,
                getattr(quad.object, "value", ""),
                isinstance(quad.object, NamedNode),
            )
            for quad in self.quads
        )

    @cached_property
    def own(self) -> frozenset[str]:
        """The IRIs of the plan and its entries."""
        return frozenset(subject for subject, _, _, _ in self.said if subject)

    def place(self, subject: str, predicate: str = "", value: str | None = None) -> Place | None:
        """Where a value stood, or the values of a property; where that is not known, where its node or the nearest one
        around it began."""
        for key in ((subject, predicate, value or ""), (subject, predicate)):
            if key in self.places:
                return self.places[key]
        while (subject, "") not in self.places and subject.startswith(self.iri + "/"):
            subject = subject.rpartition("/")[0]
        return self.places.get((subject, ""))
