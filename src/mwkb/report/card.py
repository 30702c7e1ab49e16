"""A card for a person to read."""

from __future__ import annotations

import textwrap

from mwkb.card import Card
from mwkb.vocabulary import compact


def card_text(found: Card) -> str:
    """A card for a person to read."""
    lines = [found.label, f"{', '.join(found.kinds)} · {compact(found.iri)}", ""]
    lines += [textwrap.fill(found.definition, 100), ""] if found.definition else []
    for title, groups in (("", found.properties), ("Linked from", found.linked_from)):
        if groups and title:
            lines += ["", title]
        for name, values in groups:
            shown = values if len(values) <= 12 else (*values[:12], f"and {len(values) - 12} more")
            lines.append(textwrap.fill("; ".join(shown), 100, initial_indent=f"  {name}: ", subsequent_indent="      "))
    if found.sources:
        lines += ["", textwrap.fill("Source: " + "; ".join(map(str, found.sources)), 100, subsequent_indent="  ")]
    return "\n".join(lines) + "\n"
