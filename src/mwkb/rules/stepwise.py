"""The query of a rule as the store runs it: what a FILTER NOT EXISTS asks for is looked up one pattern after another.

Inside an EXISTS the store looks up every pattern by itself and then joins what it found, so that
``?plan mwkb:plansIntervention ?entry . ?entry mwkb:approach ?approach`` reads the entries of all plans
for each plan. With each pattern in an EXISTS of its own inside that of the one before, the store knows
?entry when it comes to the approach. Both ways of writing say the same; rules are written in the first.
"""

from __future__ import annotations

from collections.abc import Sequence

from mwkb.sparql import Token, tokens

_PARTNERS = {"{": "}", "(": ")"}


def stepwise(text: str) -> str:
    """A query that gives the same answer, with the patterns inside each EXISTS nested in the order they are written."""
    items = [token for token in tokens(text) if token.kind != "comment"]
    return text[: items[0].start] + _rewritten(text, items) + text[items[-1].end :] if items else text


def _rewritten(text: str, items: Sequence[Token]) -> str:
    """The text of some tokens, with each EXISTS among them rewritten."""
    if not items:
        return ""
    result, done, position = "", items[0].start, 0
    while position < len(items):
        if items[position].text.upper() == "EXISTS":
            end = _end(items, position + 1)
            result += f"{text[done : items[position].end]} {{ {_nested(text, items[position + 2 : end - 1])} }}"
            done, position = items[end - 1].end, end
        else:
            position += 1
    return result + text[done : items[-1].end]


def _nested(text: str, items: Sequence[Token]) -> str:
    """What stands inside an EXISTS, each pattern inside an EXISTS of the one before; filters come last, where all is bound."""
    patterns: list[str] = []
    filters: list[str] = []
    position = 0
    while position < len(items):
        word = items[position].text.upper()
        if word == ".":
            position += 1
        elif word == "FILTER":
            opening = next(i for i in range(position, len(items)) if items[i].text in _PARTNERS)
            end = _end(items, opening)
            filters.append(_rewritten(text, items[position:end]))
            position = end
        elif word == "{":
            end = _end(items, position)
            while end < len(items) and items[end].text.upper() == "UNION":
                end = _end(items, end + 1)
            patterns.append(_rewritten(text, items[position:end]))
            position = end
        elif items[position].kind == "word" and word != "A":
            return _rewritten(text, items)  # OPTIONAL, BIND, VALUES: their place in the group matters
        else:
            triples, position = _triples(text, items, position)
            patterns += triples
    return _chain(patterns, filters, set())


def _chain(patterns: Sequence[str], filters: Sequence[str], bound: set[str]) -> str:
    """Patterns, each inside an EXISTS of the one before, and filters as soon as the patterns have bound what they use."""
    if not patterns:
        return " ".join(filters)
    first, *others = patterns
    bound = bound | _variables(first)
    later = set[str]().union(*map(_variables, others)) - bound
    ready = [filter_ for filter_ in filters if not _variables(filter_) & later]
    rest = _chain(others, [filter_ for filter_ in filters if filter_ not in ready], bound)
    return " ".join([first, *ready, *([f"FILTER EXISTS {{ {rest} }}"] if rest else [])])


def _variables(text: str) -> set[str]:
    return {token.text[1:] for token in tokens(text) if token.kind == "variable"}


def _triples(text: str, items: Sequence[Token], position: int) -> tuple[list[str], int]:
    """The triples that start at a position and have one subject, each written out, and where the next element starts."""
    found = []
    subject, position = _term(text, items, position)
    mark = ";"
    while mark in (";", ","):
        if mark == ";":
            predicate, position = _term(text, items, position)
        value, position = _term(text, items, position)
        found.append(f"{subject} {predicate} {value} .")
        mark = items[position].text if position < len(items) else ""
        if mark in (";", ","):
            position += 1
            while mark == ";" and position < len(items) and items[position].text == ";":
                position += 1
            if position == len(items) or items[position].text == ".":
                break
    return found, position


def _term(text: str, items: Sequence[Token], position: int) -> tuple[str, int]:
    """A term with its language or datatype."""
    end = position + 1
    if items[position].kind == "string" and end < len(items):
        end += 2 if items[end].text == "^^" else items[end].text.startswith("@")
    return text[items[position].start : items[end - 1].end], end


def _end(items: Sequence[Token], opening: int) -> int:
    """The position after the partner of the brace or bracket at ``opening``."""
    depth = 0
    for position in range(opening, len(items)):
        if items[position].kind == "mark":
            depth += (items[position].text == items[opening].text) - (items[position].text == _PARTNERS[items[opening].text])
        if depth == 0:
            return position + 1
    raise ValueError(f"A '{items[opening].text}' is not closed.")
