"""The parts that drawings are made of."""

from __future__ import annotations

import textwrap
from xml.etree import ElementTree as ET

from markupsafe import Markup

LETTER, SMALL = 6.8, 5.9
"""How wide a letter of 13 and of 11.5 pixels is on average, rounded up."""


def drawing(name: str, title: str, description: str, width: float, height: float) -> ET.Element:
    """An empty drawing with a name for those who do not see it. ``name`` is unique on the page."""
    size = {"viewBox": f"0 0 {width:g} {height:g}", "width": f"{width:g}", "height": f"{height:g}"}
    svg = ET.Element("svg", {**size, "class": "drawing", "role": "group", "aria-labelledby": f"{name}-title {name}-desc"})
    text(svg, "title", title, id=f"{name}-title")
    text(svg, "desc", description, id=f"{name}-desc")
    ET.SubElement(svg, "rect", {"class": "paper", "width": f"{width:g}", "height": f"{height:g}"})
    return svg


def text(parent: ET.Element, tag: str, words: str, **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, tag, {name.rstrip("_"): value for name, value in attributes.items()})
    element.text = words
    return element


def linked(parent: ET.Element, address: str) -> ET.Element:
    """What holds the parts of a link, or a mere group where it leads nowhere."""
    return ET.SubElement(parent, "a", {"href": address}) if address else ET.SubElement(parent, "g")


def lines(words: str, width: float, most: int = 3) -> list[str]:
    """A text on as many lines as it takes to keep a width, with an ellipsis where that is more than allowed."""
    wrapped = textwrap.wrap(words, max(6, int(width / LETTER)), break_long_words=True) or [""]
    if len(wrapped) > most:
        wrapped = [*wrapped[: most - 1], wrapped[most - 1].rstrip(" .,;") + "…"]
    return wrapped


def short(words: str, width: float, letter: float = LETTER) -> str:
    """A text on one line, with an ellipsis where it is too long."""
    most = int(width / letter)
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def curve(x: float, y: float, end_x: float, end_y: float, bow: float) -> str:
    """A curve that leaves to the right (to the left, if ``bow`` is negative) and comes in level."""
    back = bow if abs(end_x - x) > 1 else -bow  # within a column it comes back from the same side
    return f"M{x:g} {y:g} C{x + bow:g} {y:g} {end_x - back:g} {end_y:g} {end_x:g} {end_y:g}"


def markup(svg: ET.Element) -> Markup:
    return Markup(ET.tostring(svg, encoding="unicode"))
