"""Where a fact comes from, and the lines of the text that say so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

Range = tuple[int, int]
"""The first and the last of some lines of the text."""


@dataclass(frozen=True)
class Source:
    """Where a fact comes from: a part of the toolkit or a publication, and the lines of the text."""

    iri: str
    label: str
    lines: str = ""

    def __str__(self) -> str:
        return self.label + (f", lines {self.lines}" if self.lines else "")


def ranges(lines: str) -> list[Range]:
    """The ranges of lines such as ``1906-1910, 2025``."""
    bounds = [part.partition("-") for part in lines.split(", ") if part]
    return [(int(first), int(last or first)) for first, _, last in bounds]


def as_text(ranges: Iterable[Range]) -> str:
    """The opposite of ``ranges``."""
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)
