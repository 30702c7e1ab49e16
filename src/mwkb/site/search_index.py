"""What the search of the site looks through, as a script that defines it: a page from a disc may not fetch a file."""

from __future__ import annotations

import json
import textwrap

from mwkb.site.catalogue import Catalogue
from mwkb.site.things import Thing
from mwkb.vocabulary import DCTERMS, MWKB, SH, SKOS, local_name

LONGEST = 300
"""The letters of a definition that are searched and shown."""


def script(found: Catalogue) -> str:
    """``MWKB_INDEX``: for each thing its name, kind, path, number, id, other names, definition, and how a link to it reads."""
    rows = [_row(found, thing) for family in found.of_family.values() for thing in family]
    lines = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
    return f"window.MWKB_INDEX = [\n{lines}\n];\n".replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _row(found: Catalogue, thing: Thing) -> list[str]:
    number = thing.number or " ".join(found.said(thing.iri, SKOS + "notation"))
    others = found.said(thing.iri, SKOS + "altLabel")
    about = ("; ".join(others), _definition(found, thing), thing.title)
    return [thing.name, thing.kind, thing.path, number, local_name(thing.iri), *about]


def _definition(found: Catalogue, thing: Thing) -> str:
    if thing.family == "rule":
        text = found.knowledge.rules_by_iri[thing.iri].file.description
    elif thing.family == "query":
        text = found.query(thing).description
    else:
        names = (SKOS + "definition", MWKB + "statement", SH + "message", SH + "description", DCTERMS + "abstract")
        text = next((text for name in names for text in found.said(thing.iri, name)), "")
    return textwrap.shorten(text, LONGEST, placeholder=" …")
