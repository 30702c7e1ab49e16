"""The id of a new fact: the prefix of its kind, and the printed number where ids of the kind have it, or else the name."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache

from mwkb.knowledge import Knowledge
from mwkb.table.kind import Kind
from mwkb.table.read import Row
from mwkb.vocabulary import KB, MWKB, SKOS, compact

_NUMBERS = (SKOS + "notation", MWKB + "referenceNumber", MWKB + "position")
"""The properties that hold the number under which a thing is printed."""


class Ids:
    """The ids of facts as they are made."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._of = cache(self._usual)

    def made(self, row: Row) -> str:
        """The IRI of a new fact, or that of the namespace alone if nothing is there to make it from."""
        prefix, number, width = self._of(row.kind)
        said = {term: cell.text for term, cell in row.cells.items()}
        named = _numbered(said.get(number, ""), width) or _slug(said.get(SKOS + "prefLabel", ""))
        return f"{KB}{prefix}-{named}" if named else KB

    def _usual(self, kind: Kind) -> tuple[str, str, int]:
        """The prefix of a kind, the property whose number follows it, if there is one, and how many digits that has."""
        locals_ = [fact.removeprefix(KB) for fact in kind.usual]
        prefix = _common([name.split("-") for name in locals_])
        rest = [name.removeprefix(prefix + "-") for name in locals_]
        width = min((len(digits.group()) for name in rest if (digits := re.match(r"\d+", name))), default=0)
        for term in _NUMBERS:
            numbers = [self._knowledge.value(fact, compact(term)) for fact in kind.usual]
            if len(kind.usual) > 1 and rest == [_numbered(number or "", width) for number in numbers]:
                return prefix, term, width
        return prefix, "", 0


def _common(names: list[list[str]]) -> str:
    """The words that all ids begin with, or else the first word of most; of a single id the first word."""
    words = []
    for column in zip(*(name[:-1] for name in names), strict=False) if len(names) > 1 else ():
        if len(set(column)) > 1:
            break
        words.append(column[0])
    return "-".join(words) or Counter(name[0] for name in names).most_common(1)[0][0]


def _numbered(number: str, width: int) -> str:
    """A number as an id has it: 8 as 08 where the others have two digits."""
    return re.sub(r"^\d+", lambda digits: digits.group().zfill(width), _slug(number))


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")
