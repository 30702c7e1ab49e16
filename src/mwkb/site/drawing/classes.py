"""Classes as boxes that list the properties between them, grouped by module, with a line from each to where it leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from markupsafe import Markup

from mwkb.site.drawing.svg import SMALL, curve, drawing, lines, linked, markup, short, text

WIDTH, GAP, ROW, HEAD, PAD, SPACE = 1140, 40, 17, 24, 6, 10
TITLE = 18
"""The height of a line of a frame's title."""
BOW = 30


@dataclass(frozen=True)
class Property:
    """A property from one class to another. ``iri`` is that of what its link is about, ``target`` that of the other class."""

    iri: str
    name: str
    address: str
    leads_to: str
    target: str


@dataclass(frozen=True)
class ClassBox:
    iri: str
    name: str
    address: str
    properties: tuple[Property, ...]

    @property
    def height(self) -> int:
        return HEAD + ROW * len(self.properties) + (PAD if self.properties else 0)


@dataclass(frozen=True)
class Module:
    """A frame around classes; without a title there is none."""

    title: str
    address: str
    classes: tuple[ClassBox, ...]

    def title_lines(self, wide: float) -> list[str]:
        return lines(self.title, (wide - 2 * SPACE) * 0.93, 2) if self.title else []

    def height(self, wide: float) -> int:
        return TITLE * len(self.title_lines(wide)) + SPACE + sum(box.height + SPACE for box in self.classes)


def classes_svg(name: str, title: str, description: str, modules: Sequence[Module], columns: int = 4) -> Markup:
    """The drawing; each class and each property is a link."""
    wide = (WIDTH - GAP * (columns - 1)) / columns
    tops = [0.0] * columns
    frames: list[tuple[Module, float, float]] = []
    places: dict[str, tuple[ClassBox, float, float, int]] = {}
    for module in _packed(modules, columns, wide):
        column = min(range(columns), key=lambda n: (tops[n], n))
        x, y = column * (wide + GAP), tops[column]
        frames.append((module, x, y))
        down = y + TITLE * len(module.title_lines(wide)) + SPACE
        for box in module.classes:
            places[box.iri] = (box, x + SPACE, down, column)
            down += box.height + SPACE
        tops[column] = y + module.height(wide) + 14
    svg = drawing(name, title, description, WIDTH, max(tops))
    for module, x, y in frames:
        frame = {"class": "frame", "x": f"{x + 1:g}", "y": f"{y + 1:g}", "width": f"{wide - 2:g}", "rx": "6"}
        if module.title:
            ET.SubElement(svg, "rect", {**frame, "height": f"{module.height(wide) - 2:g}"})
            link = linked(svg, module.address)
            for row, words in enumerate(module.title_lines(wide)):
                text(link, "text", words, class_="head", x=f"{x + SPACE:g}", y=f"{y + 19 + TITLE * row:g}")
    for iri in places:
        _draw(svg, iri, places, wide - 2 * SPACE)
    return markup(svg)


def _packed(modules: Sequence[Module], columns: int, wide: float) -> list[Module]:
    """The modules, the tallest first, so that columns end at much the same height."""
    return sorted(modules, key=lambda module: (-module.height(wide), module.title)) if len(modules) > columns else list(modules)


def _draw(svg: ET.Element, iri: str, places: Mapping[str, tuple[ClassBox, float, float, int]], wide: float) -> None:
    box, x, y, column = places[iri]
    group = ET.SubElement(svg, "g", {"class": "node"})
    rows = [(each, y + HEAD + ROW * row + ROW / 2) for row, each in enumerate(box.properties)]
    ET.SubElement(group, "rect", {"x": f"{x:g}", "y": f"{y:g}", "width": f"{wide:g}", "height": f"{box.height:g}", "rx": "4"})
    link = linked(group, box.address)
    text(link, "text", short(box.name, wide - 2 * PAD, 7.2), class_="name", x=f"{x + PAD:g}", y=f"{y + 16:g}")
    for each, middle in rows:
        row_group = ET.SubElement(group, "g", {"class": "row"})
        if each.target in places and each.target != iri:
            _, to_x, to_y, to_column = places[each.target]
            to_y += HEAD / 2
            if to_column > column:
                way = curve(x + wide, middle, to_x, to_y, BOW)
            elif to_column < column:
                way = curve(x, middle, to_x + wide, to_y, -BOW)
            else:
                way = curve(x + wide, middle, x + wide, to_y, BOW)
            ET.SubElement(row_group, "path", {"class": "line", "d": way})
        link = linked(row_group, each.address)
        whole = f"{each.name} → {each.leads_to}"
        text(link, "title", whole)
        text(link, "text", short(whole, wide - 2 * PAD, SMALL), class_="small", x=f"{x + PAD:g}", y=f"{middle + 4:g}")
