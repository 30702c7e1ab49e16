"""What a person calls an entry of a plan: by its own name, or by what it delivers, records or answers."""

from __future__ import annotations

from textwrap import shorten

from mwkb.knowledge import Knowledge
from mwkb.plan import Plan
from mwkb.vocabulary import expand

LONGEST = 70
"""The letters to which a description in the plan's own words is shortened where it serves as a name."""

_OWN_WORDS = ("skos:prefLabel", "mwkb:localDescription")
_IS_ABOUT = tuple(
    f"mwkb:{name}"
    for name in (
        *("delivers", "factor", "group", "ofCharacteristic", "ofSource", "onItem"),
        *("assertionAbout", "excludes", "engages", "section", "respondsTo", "outcome"),
    )
)
_NESTED = {expand(f"mwkb:{name}") for name in ("expectsOutcome", "measuredBy", "makesResponse")}
NAMING = frozenset({*map(expand, (*_OWN_WORDS, *_IS_ABOUT)), *_NESTED})
"""The properties by which an entry gets its name."""


class EntryNames:
    """The names of the entries of one plan. What is nested in an entry goes by the name of that entry."""

    def __init__(self, knowledge: Knowledge, plan: Plan) -> None:
        self._knowledge, self._plan = knowledge, plan
        self._values: dict[tuple[str, str], str] = {}
        self._owner: dict[str, str] = {}
        self._names: dict[str, str] = {}
        for subject, property_, value, _ in plan.said:
            if subject and property_ in NAMING:
                self._values.setdefault((subject, property_), value)
                if property_ in _NESTED and subject != plan.iri:
                    self._owner[value] = subject

    def label(self, iri: str) -> tuple[str, str]:
        """The name of an entry and the number under which the toolkit prints what it delivers; either may be empty."""
        seen = {self._plan.iri}
        while iri in self._owner and iri not in seen:
            seen.add(iri)
            iri = self._owner[iri]
        own = next(filter(None, (self._values.get((iri, expand(term))) for term in _OWN_WORDS)), None)
        about = next(filter(None, (self._values.get((iri, expand(term))) for term in _IS_ABOUT)), None)
        if about is None:
            return (shorten(own, LONGEST, placeholder=" ...") if own else "", "")
        return (self._knowledge.label(about), self._knowledge.number_printed(about))

    def name(self, iri: str) -> str:
        """The name with its number in front, empty for an entry without one."""
        if iri not in self._names:
            label, number = self.label(iri)
            self._names[iri] = f"{number} {label}".strip()
        return self._names[iri]
