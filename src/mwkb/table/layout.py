"""Where in a table each thing stands: the same for the writer and the reader.

A sheet of a workbook has the rows of a sheet of a plan: labels, help, hidden keys, and the first fact. A CSV file has
the labels only. The first column holds the id, and its heading and key say of which kind the facts are.
"""

from __future__ import annotations

from collections.abc import Iterable

from mwkb.table.kind import Kind
from mwkb.vocabulary import compact

FILE, FILE_KEY = "File", "file"
"""The last column: in which file of ``kb/`` the fact stands."""
LONGEST_TITLE = 31
"""The letters that the title of a sheet may have."""


def id_heading(kind: Kind) -> str:
    return f"{kind.label[:1].upper()}{kind.label[1:]} id"


def id_key(kind: Kind) -> str:
    return compact(kind.iri)


def titles(kinds: Iterable[Kind]) -> dict[str, str]:
    """The title of the sheet of each kind, by the kind's IRI: its name, cut at a word, and no two alike."""
    found: dict[str, str] = {}
    for kind in kinds:
        words, title = (kind.plural[:1].upper() + kind.plural[1:]).split(), ""
        for word in words:
            if len(f"{title} {word}".strip()) <= LONGEST_TITLE - 3:
                title = f"{title} {word}".strip()
        number, base = 1, title
        while title.casefold() in {other.casefold() for other in found.values()}:
            number += 1
            title = f"{base} {number}"
        found[kind.iri] = title
    return found
