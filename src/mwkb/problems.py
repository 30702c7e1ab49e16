"""The one kind of error a user meets: what is wrong, where, and what to do."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Place:
    """Where something stands: a file and, if known, a line counted from 1, or a cell of a workbook, ``Interventions!A3``."""

    file: str
    line: int | None = None
    cell: str | None = None

    @property
    def position(self) -> tuple[int, str, int, int, str]:
        """A key that puts places of one file in the order of the file, and cells in that of their sheet."""
        sheet, _, cell = (self.cell or "").rpartition("!")
        letters, digits = re.sub(r"\d", "", cell), re.sub(r"\D", "", cell)
        return (self.line or 0, sheet, int(digits or 0), len(letters), letters)

    def __str__(self) -> str:
        where = self.cell or self.line
        return self.file if where is None else f"{self.file}:{where}"


LONGEST = 400
"""The letters that are said of what is wrong: a name may be quoted in it, and be as long as a file."""

LONGEST_WORD, MOST_WORDS = 100, 5_000


def printable(text: str) -> str:
    """A text of a plan or an endpoint without what would steer the terminal."""
    return text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text)


class InputProblem(Exception):
    """An input cannot be used. Its text is one line fit to be shown to a person."""

    def __init__(self, what: str, place: Place | Path | None = None, remedy: str = "") -> None:
        half = LONGEST // 2
        self.what = printable(what if len(what) <= LONGEST else f"{what[:half]} … {what[-half:]}")
        self.remedy = printable(remedy)
        self.place = Place(str(place)) if isinstance(place, Path) else place
        where = f"{self.place}: " if self.place else ""
        super().__init__(printable(where) + self.what + (f" {self.remedy}" if remedy else ""))


def closest(word: str, known: Iterable[str]) -> str:
    """The known word most like ``word``, or an empty text.

    There is none for a very long word or among very many, which would take too long to compare.
    """
    names = sorted(known)
    if len(word) > LONGEST_WORD or len(names) > MOST_WORDS:
        return ""
    return next(iter(difflib.get_close_matches(word, names, n=1, cutoff=0.6)), "")


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint that names the known word most like ``word``, or an empty text."""
    near = closest(word, known)
    return f"Did you mean {near}?" if near else ""
