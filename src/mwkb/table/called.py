"""What things are called in a table: shown so that only one is meant, and found by name, number or id."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mwkb.knowledge import Knowledge
from mwkb.problems import InputProblem, nearest
from mwkb.table.columns import choices
from mwkb.table.kind import broader_kinds, natural
from mwkb.vocabulary import KB, MWKB, compact, expand, local_name
from mwkb.workbook.names import Names, folded

_ADDRESS = re.compile(r"https?://[^\s<>\"{}|^`\\]+")
_EDITORS = MWKB.rstrip("#")


@dataclass(frozen=True)
class Named:
    """A fact that only the table knows, or knows under another name."""

    iri: str
    label: str
    kind: str
    number: str = ""


class Called:
    """The names of facts; ``others`` are those that the table gives, beside the facts that there are."""

    def __init__(self, knowledge: Knowledge, others: Sequence[Named] = ()) -> None:
        self._knowledge, self._others = knowledge, others
        self._new = {named.iri: named for named in others if named.iri not in knowledge.names}
        self._held: dict[tuple[str, ...], _Choices] = {}

    def shown(self, iri: str, classes: tuple[str, ...] = ()) -> str:
        """What a cell says for a thing, so that no other that the column allows is meant."""
        if iri == _EDITORS:
            return self._knowledge.source(iri).label
        if iri.startswith(MWKB):
            return compact(iri)
        return self._among(classes).shown.get(iri) or self._among(()).shown.get(iri) or iri

    def name(self, iri: str) -> str:
        """The name of a fact, with the number under which it is printed."""
        if iri in self._new:
            return f"{self._new[iri].number} {self._new[iri].label}".strip()
        return f"{self._knowledge.number_printed(iri)} {self._knowledge.label(iri)}".strip()

    def labels(self, classes: tuple[str, ...]) -> list[str]:
        """What the things that a column allows are shown as, in their order."""
        return list(self._among(classes).shown.values())

    def find(self, text: str, classes: tuple[str, ...] = (), addresses: bool = False) -> str:
        """The IRI of what is written. Raises InputProblem, without a place, if it is not known or several things are."""
        if addresses and folded(text) == folded(self._knowledge.source(_EDITORS).label):
            return _EDITORS
        if "://" in text:
            return self._at(text, classes, addresses)
        if text.startswith("mwkb:") and not classes and expand(text) in self._knowledge.names:
            return expand(text)
        allowed = self._among(classes)
        found = allowed.find(text)
        if found:
            return found
        if allowed.names.is_of_several(text):
            which = ", ".join(allowed.shown[iri] if "(" in allowed.shown[iri] else local_name(iri) for iri in allowed.meant(text))
            raise InputProblem(f"'{text}' is the name of several things.", remedy=f"Write which: {which}.")
        other = self._among(()).find(text) if classes else None
        if other:
            wanted = " or ".join(self._knowledge.label(kind) for kind in classes)
            raise InputProblem(f"'{text}' is of the kind {self._kind(other)}.", remedy=f"Name what is of the kind {wanted}.")
        raise InputProblem(f"Nothing is known as '{text}'.", remedy=allowed.hint(text))

    def _at(self, text: str, classes: tuple[str, ...], addresses: bool) -> str:
        """An address as it is; that of a fact must be one that there is."""
        if text.startswith(KB):
            return self.find(text.removeprefix(KB), classes)
        if not addresses and not text.startswith(MWKB):
            raise InputProblem(f"'{text}' is an address.", remedy="Give the name or id of a fact.")
        if not _ADDRESS.fullmatch(text) or (text.startswith(MWKB) and text not in self._knowledge.names):
            raise InputProblem(f"'{text}' is not an address.", remedy="Write it as in the bar of a browser, without blanks.")
        return text

    def _kind(self, iri: str) -> str:
        return self._knowledge.label(self._new[iri].kind) if iri in self._new else self._knowledge.kind(iri)

    def _among(self, classes: tuple[str, ...]) -> _Choices:
        if classes not in self._held:
            self._held[classes] = _Choices(self._calls(classes))
        return self._held[classes]

    def _calls(self, classes: tuple[str, ...]) -> Iterator[tuple[str, str, list[str]]]:
        """The things that classes allow: each with its name and what else it is called."""
        known = choices(self._knowledge, classes) if classes else (n for n in self._knowledge.names if n.startswith(KB))
        given: dict[str, list[str]] = {}
        for named in self._others:
            given.setdefault(named.iri, []).append(named.label)
        for iri in sorted(set(known), key=natural):
            also = [value.value for value in self._knowledge.objects(iri, "skos:altLabel")]
            also += [self._knowledge.label(iri), self._knowledge.number_printed(iri), *given.get(iri, ())]
            yield iri, self.name(iri), also
        for named in self._new.values():
            if not classes or set(classes) & set(broader_kinds(self._knowledge, named.kind)):
                yield named.iri, self.name(named.iri), [named.label, named.number]


class _Choices:
    """Some things by all that they are called."""

    def __init__(self, calls: Iterator[tuple[str, str, list[str]]]) -> None:
        every = list(calls)
        bearers: dict[str, set[str]] = {}
        for iri, name, _ in every:
            bearers.setdefault(folded(name), set()).add(iri)
        self.shown = {
            iri: name if len(bearers[folded(name)]) == 1 and "\n" not in name else f"{name} ({local_name(iri)})"
            for iri, name, _ in every
        }
        self._also = [(other, iri) for iri, name, also in every for other in (name, *also) if other]
        self._ids = {local_name(iri): iri for iri in self.shown}
        self.names = Names([(shown, iri) for iri, shown in self.shown.items()], also=self._also)

    def find(self, text: str) -> str | None:
        """What a name or an id means; None if it means nothing or several things."""
        return self.names.find(text) or self._ids.get(text.removeprefix("kb:"))

    def hint(self, text: str) -> str:
        """What was meant, by name or else by id."""
        return self.names.hint(text) or nearest(text, self._ids)

    def meant(self, text: str) -> list[str]:
        """The things that a text may mean."""
        return list(dict.fromkeys(iri for other, iri in self._also if folded(other) == folded(text)))
