"""A plan as it was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pyoxigraph import Quad

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
class Plan:
    """The triples of one plan and the places they came from.

    ``places`` maps (subject, predicate) and (subject, "") to a place in the submitted file.
    """

    iri: str
    file: str
    quads: tuple[Quad, ...]
    places: Mapping[tuple[str, str], Place] = field(default_factory=dict)
    unknown_keys: tuple[UnknownKey, ...] = ()
    notes: tuple[Note, ...] = ()

    def place(self, subject: str, predicate: str = "") -> Place | None:
        """Where a value stood; where that is not known, where its node or the nearest one around it began."""
        if (subject, predicate) in self.places:
            return self.places[subject, predicate]
        while (subject, "") not in self.places and subject.startswith(self.iri + "/"):
            subject = subject.rpartition("/")[0]
        return self.places.get((subject, ""))
