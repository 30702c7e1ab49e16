"""An assessment as a page of its own: no script, nothing fetched, made from one template for screen and print."""

from __future__ import annotations

import re
import textwrap

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from mwkb.assessment import Assessment
from mwkb.knowledge import Knowledge
from mwkb.problems import Place
from mwkb.report import words
from mwkb.report.faults import said
from mwkb.report.page import page
from mwkb.vocabulary import local_name

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def assessment_html(found: Assessment, knowledge: Knowledge) -> str:
    given = environment("mwkb.report")
    given.filters |= {
        "breakable": _breakable,
        "first_sentence": _first_sentence,
        "local": local_name,
        "said": said,
        "shortened": lambda text: textwrap.shorten(text, 80, placeholder=" ..."),
        "thousands": lambda number: f"{number:,}",
    }
    given.globals |= {"place": _place, "words": words}
    return given.get_template("report.html").render(page=page(found, knowledge))


def environment(package: str) -> Environment:
    """The templates of a package: whatever they are given is text, and what they are not given is an error."""
    return Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=printable,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def printable(value: object) -> object:
    """A text without the characters that a page cannot hold; the template's own markup stays as it is."""
    if isinstance(value, Markup):
        return Markup(_CONTROL.sub("\ufffd", value))
    return _CONTROL.sub("\ufffd", value) if isinstance(value, str) else value


def _place(place: Place | None, file: str) -> str:
    """A place in the plan by its line or cell alone, since the page names the file."""
    if place is None:
        return ""
    if place.file != file or not (place.line or place.cell):
        return str(place)
    return f"cell {place.cell}" if place.cell else f"line {place.line}"


def _breakable(text: str) -> Markup:
    """A text that may break after a slash."""
    return Markup("/<wbr>").join(escape(part) for part in text.split("/"))


def _first_sentence(text: str) -> str:
    """What is wrong, without what to do about it."""
    return re.split(r"(?<=[.?!]) (?=[A-Z])", text, maxsplit=1)[0]
