"""A drawing of the rules: a column for each stratum, and lines from each rule to those that read what it concludes."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from mwkb.rules import Rule
from mwkb.rules.listing import Dependency
from mwkb.vocabulary import MWKB

Place = tuple[int, int]
"""Column and row of a rule."""
WIDTH, HEIGHT, ROW, GAP, TOP, MARGIN = 290, 22, 28, 150, 96, 24
LONGEST = 40
"""The letters of a rule's name that a box holds."""
STYLE = """
  text { font: 12px system-ui, sans-serif; fill: #1d2733; }
  .head { font-size: 14px; font-weight: 600; }
  .note { fill: #4a5666; }
  .paper { fill: #fff; stroke: none; }
  rect { fill: #f4f7fa; stroke: #8796a8; }
  .finds rect { fill: #fdf3e1; stroke: #b98a2f; }
  path { fill: none; stroke: #8796a8; stroke-opacity: 0.3; }
  path.complete { stroke: #b3402e; stroke-dasharray: 5 3; }
  .key path, g.rule:hover path, g.rule:focus path { stroke-opacity: 1; }
  g.rule:hover path, g.rule:focus path { stroke-width: 2; }
  g.rule:hover rect, g.rule:focus rect { stroke-width: 2.5; }
"""


def rules_svg(layers: Sequence[Sequence[Rule]], feeds: Sequence[Dependency]) -> str:
    """The drawing as SVG; pointing at a rule brings out the lines to those that it feeds."""
    columns = ordered(layers, feeds)
    places = {rule.id: (x, y) for x, column in enumerate(columns) for y, rule in enumerate(column)}
    width = 2 * MARGIN + len(columns) * WIDTH + (len(columns) - 1) * GAP
    height = TOP + max(map(len, columns)) * ROW + MARGIN
    size = {"viewBox": f"0 0 {width} {height}", "width": str(width), "height": str(height), "role": "img"}
    svg = ET.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", **size})
    _text(svg, "title", "The rules of mwkb by stratum, and which rule reads what another concludes")
    _text(svg, "style", STYLE)
    ET.SubElement(svg, "rect", {"class": "paper", "width": str(width), "height": str(height)})
    _key(svg)
    for x, column in enumerate(columns):
        _text(svg, "text", f"Stratum {x + 1}", {"class": "head", "x": str(_left(x)), "y": str(TOP - 14)})
        for rule in column:
            _draw(svg, rule, [feed for feed in feeds if feed.writer is rule], places)
    ET.indent(svg)
    return ET.tostring(svg, encoding="unicode") + "\n"


def _text(parent: ET.Element, tag: str, words: str, attributes: dict[str, str] | None = None) -> None:
    ET.SubElement(parent, tag, attributes or {}).text = words


def _key(svg: ET.Element) -> None:
    key = ET.SubElement(svg, "g", {"class": "key"})
    title = "Rules by stratum: a stratum runs when those before it have come to rest"
    _text(key, "text", title, {"class": "head", "x": str(MARGIN), "y": "28"})
    x = MARGIN
    for kind, words in (
        ("", "reads what another rule concludes"),
        ("complete", "waits until all of it is concluded: asks for an absence, or counts"),
    ):
        ET.SubElement(key, "path", {"class": kind, "d": f"M{x} 50 h36"})
        _text(key, "text", words, {"class": "note", "x": str(x + 44), "y": "54"})
        x += 280
    box = ET.SubElement(key, "g", {"class": "finds"})
    ET.SubElement(box, "rect", {"x": str(x + 170), "y": "41", "width": "26", "height": "16", "rx": "3"})
    _text(key, "text", "concludes a finding that a report shows", {"class": "note", "x": str(x + 204), "y": "54"})


def ordered(layers: Sequence[Sequence[Rule]], feeds: Sequence[Dependency]) -> list[list[Rule]]:
    """The rules of each stratum, each near those that feed it, so that lines cross less."""
    height: dict[str, float] = {}
    columns = []
    for layer in layers:
        fed_from: dict[str, list[float]] = {rule.id: [] for rule in layer}
        for feed in feeds:
            if feed.reader.id in fed_from and feed.writer.id in height:
                fed_from[feed.reader.id].append(height[feed.writer.id])
        mean = {rule: sum(heights) / len(heights) if heights else 0.0 for rule, heights in fed_from.items()}
        column = sorted(layer, key=lambda rule: (mean[rule.id], rule.id))
        height |= {rule.id: row / len(column) for row, rule in enumerate(column)}
        columns.append(column)
    return columns


def _left(column: int) -> int:
    return MARGIN + column * (WIDTH + GAP)


def _draw(svg: ET.Element, rule: Rule, feeds: Sequence[Dependency], places: dict[str, Place]) -> None:
    x, y = _left(places[rule.id][0]), TOP + places[rule.id][1] * ROW
    finds = any(pattern.predicate == MWKB + "severity" for pattern in rule.head)
    group = ET.SubElement(svg, "g", {"class": "rule finds" if finds else "rule", "tabindex": "0"})
    name = f"{rule.id} {rule.file.title}"
    _text(group, "title", name)
    for feed in feeds:
        line = {"class": "complete"} if feed.complete else {}
        path = ET.SubElement(group, "path", {**line, "d": _curve(places[rule.id], places[feed.reader.id])})
        _text(path, "title", f"{feed.reader.id} reads {', '.join(feed.terms)}")
    ET.SubElement(group, "rect", {"x": str(x), "y": str(y), "width": str(WIDTH), "height": str(HEIGHT), "rx": "4"})
    short = name if len(name) <= LONGEST else name[: LONGEST - 1].rstrip() + "…"
    _text(group, "text", short, {"x": str(x + 8), "y": str(y + 15)})


def _curve(start: Place, end: Place) -> str:
    """A curve from the right of a box to the left of one in a later column; within a column it bows out."""
    x, y = _left(start[0]) + WIDTH, TOP + start[1] * ROW + HEIGHT // 2
    end_x, end_y = _left(end[0]), TOP + end[1] * ROW + HEIGHT // 2
    if end[0] > start[0]:
        return f"M{x} {y} C{x + GAP // 2} {y} {end_x - GAP // 2} {end_y} {end_x} {end_y}"
    return f"M{x} {y} C{x + GAP // 2} {y} {x + GAP // 2} {end_y} {x} {end_y}"
