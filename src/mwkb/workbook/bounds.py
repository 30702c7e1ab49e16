"""How much a workbook would make of itself: counted in its parts before anything is built from them."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import ParseError

from mwkb.plan.limits import Limits
from mwkb.problems import InputProblem

_SPREAD = ("mergeCell", "hyperlink")
"""The elements that become as many cells as their reference spans."""
_ROWS, _COLUMNS = 1_048_576, 16_384
"""What a reference to whole columns or rows spans."""
_CHUNK = 100_000


class _TooMuch(Exception):
    """There is more than may be."""


class _Counter:
    """Counts what a parser comes across: elements, and the cells and areas that they refer to."""

    def __init__(self, most: int) -> None:
        self.left = most

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.left -= 1 + attributes.get("sqref", "").count(" ")
        if tag.rpartition("}")[2] in _SPREAD:
            self.left -= _area(attributes.get("ref", ""))
        if self.left < 0:
            raise _TooMuch


def check_size(path: Path, limits: Limits) -> None:
    """Raise InputProblem if a workbook holds more than a plan can need, in bytes or in cells and other parts.

    Raises BadZipFile if it is no archive. What is not well-formed is left to whoever reads it.
    """
    with zipfile.ZipFile(path) as archive:
        if sum(item.file_size for item in archive.infolist()) > limits.unpacked:
            raise InputProblem(f"The workbook unpacks to more than {limits.unpacked / 1_000_000:g} MB.", path)
        counter = _Counter(limits.cells)
        for item in archive.infolist():
            with archive.open(item) as part:
                try:
                    _count(part, counter)
                except _TooMuch:
                    raise InputProblem(
                        f"The workbook holds more than {limits.cells:,} cells, merged and empty ones among them.",
                        path,
                        "Delete the rows and columns behind what you wrote.",
                    ) from None
                except (ParseError, ValueError):  # a picture or a damaged part; the second of entities
                    continue


def _count(part: IO[bytes], counter: _Counter) -> None:
    from defusedxml.ElementTree import DefusedXMLParser

    parser = DefusedXMLParser(target=counter)
    while chunk := part.read(_CHUNK):
        parser.feed(chunk)


def _area(reference: str) -> int:
    """How many cells a reference spans, at least; none if it is not one."""
    from openpyxl.utils import range_boundaries

    try:
        left, top, right, bottom = range_boundaries(reference)
    except (TypeError, ValueError):
        return 0
    width = (right or _COLUMNS) - (left or 1) + 1
    height = (bottom or _ROWS) - (top or 1) + 1
    return max(width, 1) * max(height, 1)
