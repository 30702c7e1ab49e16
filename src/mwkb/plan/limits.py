"""How much a plan may hold."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Guards of the machine against a file that is broken or made to harm.

    No conclusion rests on them, since a file beyond them is refused as a whole, so they are parameters of reading
    and not of the knowledge base.
    """

    bytes: int = 2_500_000
    """Of a file: a hundred times a full plan, and read in seconds."""
    depth: int = 12
    """Of groups and lists within each other: a plan needs seven, and JSON-LD written out in full some more; parsers
    that call themselves for each level run out of stack at some thousands."""
    values: int = 100_000
    """Of a plan: a hundred times a full plan; a value takes much more memory than the two bytes it can be written with."""
    letters: int = 100_000
    """Of one text: more than the whole text of a plan, and little enough for every step to copy it."""
    name: int = 1_000
    """Letters of an IRI: browsers take twice that; a prefix of many letters is otherwise multiplied by each of its uses."""
    expanded: int = 200_000_000
    """Letters that JSON-LD may grow to: those of the contexts, since definitions can build on each other, times the words
    that may use them. A full plan takes 30 millions; pyoxigraph holds it all at once and would end the program."""
    unpacked: int = 50_000_000
    """Bytes that the parts of a workbook may have together: a small file can unpack to a huge one."""
    cells: int = 1_000_000
    """Cells that a sheet of a workbook may span, and elements that its parts may hold and refer to, empty cells among
    them: enough for ten thousand rows that are formatted and empty; each takes some hundred bytes."""


USUAL = Limits()
