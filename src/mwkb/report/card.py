"""A card for a person to read."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from mwkb.card import Card, Values
from mwkb.vocabulary import compact

WIDTH = 100
LONG = 60
"""Values longer than this stand on lines of their own."""
MANY = 12
"""Up to how many values of one property are all named."""


def card_text(found: Card) -> str:
    """A card for a person to read."""
    lines = [f"{found.notation} {found.label}".strip(), f"{', '.join(found.kinds)} · {compact(found.iri)}"]
    for text in (found.definition, found.statement if found.statement != found.definition else ""):
        if text:
            lines += ["", _filled(text)]
    if found.properties:
        lines += ["", *_listed(found.properties)]
    if found.levels:
        lines += ["", "Evidence"]
        for level in found.levels:
            basis = "; ".join(text for text in level.basis if text != level.level)
            text = f"{level.level} under the policy '{level.policy}'" + (f": {basis}" if basis else "") + f" [{level.rule}]"
            lines.append(_filled(text, "  ", "      "))
    if found.linked_from:
        lines += ["", "What links to it", *_listed(found.linked_from)]
    if found.sources:
        lines += ["", _filled("Source: " + "; ".join(map(str, found.sources)), rest="  ")]
    return "\n".join(lines) + "\n"


def _listed(groups: tuple[Values, ...]) -> Iterator[str]:
    for group in groups:
        texts = [value.text for value in group.values]
        shown = texts if len(texts) <= MANY else [*texts[:MANY], f"and {len(texts) - MANY} more"]
        name = f"{group.kind}, {group.property}" if group.kind else group.property
        if len(shown) > 1 and max(map(len, shown)) > LONG:
            yield f"  {name}:"
            yield from (_filled(text, "    - ", "      ") for text in shown)
        else:
            yield _filled("; ".join(shown), f"  {name}: ", "      ")


def _filled(text: str, first: str = "", rest: str = "") -> str:
    return textwrap.fill(
        text, WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False, break_long_words=False
    )
