"""Boxes in columns, with lines from left to right: what leads from one thing to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from xml.etree import ElementTree as ET

from markupsafe import Markup

from mwkb.site.drawing.svg import curve, drawing, lines, linked, markup, short, text

WIDTH, GAP, ROW, PAD, SPACE, TOP, MARGIN, HEAD = 1160, 88, 17, 7, 7, 34, 2, 26


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
    x: float
    y: float
    height: float
    words: tuple[str, ...]

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


def columns_svg(name: str, title: str, description: str, columns: Sequence[Column], between: Sequence[Line]) -> Markup:
    """The drawing; pointing at a box, or moving to its link, brings out its lines."""
    wide = (WIDTH - 2 * MARGIN - GAP * (len(columns) - 1)) / len(columns)
    headings: list[tuple[float, float, str]] = []
    placed: dict[str, _Placed] = {}
    bottoms = []
    for number, column in enumerate(columns):
        x, y = MARGIN + number * (wide + GAP), float(MARGIN)
        boxes = {}
        heads = []
        for part in column:
            if not part.boxes:
                continue
            heads.append((x, y + HEAD - 9, part.title))
            y += HEAD
            for box in part.boxes:
                words = tuple(lines(box.name, wide - 2 * PAD))
                height = 2 * PAD + ROW * (len(words) + bool(box.note)) - 3
                boxes[box.id] = _Placed(box, x, y, height, words)
                y += height + SPACE
            y += SPACE
        headings += heads
        bottoms.append((y, boxes, heads))
        placed |= boxes
    height = max(y for y, _, _ in bottoms) + MARGIN
    for y, boxes, heads in bottoms:  # a short column stands in the middle
        down = (height - y) / 2 if len(heads) == 1 and y < height * 0.7 else 0
        if down:
            placed |= {iri: replace(each, y=each.y + down) for iri, each in boxes.items()}
            headings = [(x, top + down if (x, top, words) in heads else top, words) for x, top, words in headings]
    svg = drawing(name, title, description, WIDTH, height)
    for x, y, words in headings:
        text(svg, "text", words, class_="head", x=f"{x:g}", y=f"{y:g}")
    starts: dict[str, list[Line]] = {}
    for line in between:
        starts.setdefault(line.start, []).append(line)
    ends = {line.end for line in between}
    for each in placed.values():
        _draw(svg, each, wide, [(line, placed[line.end]) for line in starts.get(each.box.id, ()) if line.end in placed], ends)
    return markup(svg)


def _draw(svg: ET.Element, placed: _Placed, wide: float, leads: Sequence[tuple[Line, _Placed]], ends: set[str]) -> None:
    group = ET.SubElement(svg, "g", {"class": f"node {placed.box.style}".strip()})
    for line, end in leads:
        path = ET.SubElement(
            group,
            "path",
            {"class": f"line {line.style}".strip(), "d": curve(placed.x + wide, placed.middle, end.x, end.middle, GAP / 2)},
        )
        if line.says:
            text(path, "title", line.says)
    link = linked(group, placed.box.address)
    text(link, "title", placed.box.name)
    size = {"width": f"{wide:g}", "height": f"{placed.height:g}", "rx": "4"}
    ET.SubElement(link, "rect", {"x": f"{placed.x:g}", "y": f"{placed.y:g}", **size})
    for row, words in enumerate(placed.words):
        text(link, "text", words, x=f"{placed.x + PAD:g}", y=f"{placed.y + PAD + 10 + row * ROW:g}")
    if placed.box.note:
        y = placed.y + PAD + 10 + len(placed.words) * ROW
        text(link, "text", short(placed.box.note, wide - 2 * PAD, 6), class_="note", x=f"{placed.x + PAD:g}", y=f"{y:g}")
