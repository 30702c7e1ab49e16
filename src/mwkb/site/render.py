"""Templates and what they are given: how a page writes a link, a value and an address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment
from markupsafe import Markup, escape

from mwkb.report.html import environment, printable
from mwkb.site.content import Value
from mwkb.site.things import Family, Thing


@dataclass(frozen=True)
class Site:
    """What every page shows. ``entrances`` are names with paths, ``index`` those of the index of each family."""

    title: str
    version: str
    licence: str
    attribution: str
    entrances: tuple[tuple[str, str], ...]
    index: Mapping[Family, tuple[str, str]]


@dataclass(frozen=True)
class Links:
    """Writes links from a page whose way up to the site's own folder is ``root``."""

    root: str

    def thing(self, thing: Thing, text: str = "") -> Markup:
        gone = ' <span class="confidence weak">deprecated</span>' if thing.deprecated else ""
        return Markup(f'<a href="{self.root}{thing.path}">{escape(printable(text or thing.title))}</a>{gone}')

    def value(self, value: Value) -> Markup:
        if value.thing:
            return self.thing(value.thing, value.text)
        return self.address(value.address, value.text)

    def address(self, iri: str, text: str) -> Markup:
        """A link to an address elsewhere, or the mere text where there is none that a browser should follow."""
        if not re.match(r"https?://", iri):
            return escape(printable(text))
        return Markup(f'<a href="{escape(iri)}" rel="external">{_breakable(str(printable(text)))}</a>')


def render(template: str, site: Site, path: str, **content: Any) -> str:
    """The page of a template that lies at a path of the site."""
    root = "../" * path.count("/")
    links = Links(root)
    given = {"site": site, "root": root, "here": path, "link": links.thing, "show": links.value, "address": links.address}
    return _environment().get_template(template).render(**given, **content)


@cache
def _environment() -> Environment:
    given = environment("mwkb.site")
    given.filters |= {"breakable": _breakable, "fragment": lambda iri: iri.partition("#")[2]}
    return given


def _breakable(text: str) -> Markup:
    """A text that may break after a slash or a hash."""
    return Markup("").join(escape(part) + Markup("<wbr>" if part in "/#" else "") for part in re.split("([/#])", text) if part)


def asset(name: str) -> str:
    """A file that goes to the site as it is."""
    given = _environment()
    assert given.loader is not None
    return given.loader.get_source(given, name)[0]
