"""Boxes in columns, with lines from left to right: what leads from one thing to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from markupsafe import Markup

from mwkb.site.drawing.svg import LETTER, SMALL, curve, drawing, lines, linked, markup, text

WIDTH, ROW, PAD, SPACE, MARGIN, HEAD = 1140, 16, 7, 7, 2, 26
GAP, NARROW = 104, 58
"""Between few columns, and between more than three."""
ROOMIEST = 34
"""How far boxes of a short column are moved apart at most."""


@dataclass(frozen=True)
class Box:
    """``note`` stands below the name in smaller letters; ``style`` colours the box."""

    id: str
    name: str
    note: str = ""
    address: str = ""
    style: str = ""


@dataclass(frozen=True)
class Part:
    """Boxes below one heading."""

    title: str
    boxes: tuple[Box, ...]


Column = Sequence[Part]


@dataclass(frozen=True)
class Line:
    start: str
    end: str
    says: str = ""
    style: str = ""


@dataclass(frozen=True)
class _Placed:
    box: Box
    column: int
    x: float
    y: float
    height: float
    words: tuple[str, ...]
    note: tuple[str, ...]

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


def columns_svg(name: str, title: str, description: str, columns: Sequence[Column], between: Sequence[Line]) -> Markup:
    """The drawing; pointing at a box, or moving to its link, brings out its lines."""
    gap = GAP if len(columns) <= 3 else NARROW
    wide = (WIDTH - 2 * MARGIN - gap * (max(len(columns), 3) - 1)) / max(len(columns), 3)
    placed: dict[str, _Placed] = {}
    headings: list[tuple[float, float, str]] = []
    tall = max(_set(column, n, 0, wide, 0, SPACE)[2] for n, column in enumerate(columns))
    for number, column in enumerate(columns):
        x = MARGIN + number * (wide + gap)
        count = sum(len(part.boxes) for part in column)
        height = _set(column, number, x, wide, 0, SPACE)[2]
        apart = SPACE + (min(ROOMIEST, (tall - height) / count) if count > 1 else 0)
        height = _set(column, number, x, wide, 0, apart)[2]
        boxes, heads, _ = _set(column, number, x, wide, max(0, (tall - height) / 2), apart)
        placed |= boxes
        headings += heads
    svg = drawing(name, title, description, WIDTH, tall + MARGIN)
    for x, y, words in headings:
        text(svg, "text", words, class_="head", x=f"{x:g}", y=f"{y:g}")
    starts: dict[str, list[Line]] = {}
    for line in between:
        if line.end in placed:
            starts.setdefault(line.start, []).append(line)
    for each in placed.values():
        _draw(svg, each, wide, gap, [(line, placed[line.end]) for line in starts.get(each.box.id, ())])
    return markup(svg)


def _set(
    column: Column, number: int, x: float, wide: float, top: float, apart: float
) -> tuple[dict[str, _Placed], list[tuple[float, float, str]], float]:
    """The boxes of a column with their places, its headings, and where it ends."""
    boxes: dict[str, _Placed] = {}
    heads = []
    y = top + MARGIN
    for part in column:
        if not part.boxes:
            continue
        heads.append((x, y + HEAD - 9, part.title))
        y += HEAD
        for box in part.boxes:
            words = tuple(lines(box.name, wide - 2 * PAD))
            note = tuple(lines(box.note, (wide - 2 * PAD) * LETTER / SMALL)) if box.note else ()
            height = 2 * PAD + ROW * (len(words) + len(note)) - 2
            boxes[box.id] = _Placed(box, number, x, y, height, words, note)
            y += height + apart
        y += SPACE
    return boxes, heads, y


def _draw(svg: ET.Element, placed: _Placed, wide: float, gap: float, leads: Sequence[tuple[Line, _Placed]]) -> None:
    group = ET.SubElement(svg, "g", {"class": f"node {placed.box.style}".strip()})
    for line, end in leads:
        if end.column < placed.column:
            way = curve(placed.x, placed.middle, end.x + wide, end.middle, -gap / 2)
        elif end.column > placed.column:
            way = curve(placed.x + wide, placed.middle, end.x, end.middle, gap / 2)
        else:
            way = curve(placed.x + wide, placed.middle, end.x + wide, end.middle, gap / 2)
        path = ET.SubElement(group, "path", {"class": f"line {line.style}".strip(), "d": way})
        if line.says:
            text(path, "title", line.says)
    link = linked(group, placed.box.address)
    text(link, "title", placed.box.name)
    size = {"width": f"{wide:g}", "height": f"{placed.height:g}", "rx": "4"}
    ET.SubElement(link, "rect", {"x": f"{placed.x:g}", "y": f"{placed.y:g}", **size})
    for row, words in enumerate((*placed.words, *placed.note)):
        kind = {} if row < len(placed.words) else {"class_": "note"}
        text(link, "text", words, **kind, x=f"{placed.x + PAD:g}", y=f"{placed.y + PAD + 10 + row * ROW:g}")
