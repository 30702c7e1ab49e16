"""The query of a rule as the store runs it: it gives the same answer, and what is absent is looked for in the cheapest way.

The store looks up a triple of which it knows every part by going through all that its subject has, or its
property where that is less, and so longer with every plan. The absence of a single pattern is therefore taken
away as a whole, MINUS, which is one join.

Inside an EXISTS the store looks up every pattern by itself and then joins what it found, so that
``?plan mwkb:plansIntervention ?entry . ?entry mwkb:approach ?approach`` reads the entries of all plans
for each plan. With each pattern in an EXISTS of its own inside that of the one before, the store knows
?entry when it comes to the approach.

And it asks for such an absence only when all patterns are joined, as many times as there are rows by then;
where patterns follow that the absence needs nothing of, what stands before them becomes a query of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from mwkb.sparql import Token, tokens

_PARTNERS = {"{": "}", "(": ")"}


def stepwise(text: str) -> str:
    """A query that gives the same answer with its absences, and what stands inside each EXISTS, rewritten."""
    items = [token for token in tokens(text) if token.kind != "comment"]
    opening = next((i + 1 for i, item in enumerate(items) if item.text.upper() == "WHERE"), None)
    if opening is None:
        return text[: items[0].start] + _rewritten(text, items) + text[items[-1].end :] if items else text
    end = _end(items, opening)
    inside = _outermost(text, items[opening + 1 : end - 1])
    return f"{text[: items[opening].end]} {inside} {text[items[end - 1].start :]}"


def _outermost(text: str, items: Sequence[Token]) -> str:
    """What stands in the outermost group, with its absences in their cheapest form."""
    elements = list(_elements(text, items))
    written: list[str] = []
    for number, (kind, first, end) in enumerate(elements):
        # What only an OPTIONAL or one branch of a UNION binds may be unbound, and MINUS then says something else.
        bound = _variables_of(items, [element for element in elements[:number] if element[0] == "triples"])
        later = _variables_of(items, elements[number + 1 :])
        own = _variables_of(items, [(kind, first, end)])
        settled = kind == "filter" and "EXISTS" in _words(items[first : first + 3]) and own & bound and not own & later - bound
        absent = _only_pattern(text, items[first + 4 : end - 1]) if settled and "NOT" in _words(items[first : first + 3]) else ""
        if absent:
            written.append(f"MINUS {{ {absent} }}")
        else:
            written.append(_rewritten(text, items[first:end]) + (" ." if kind == "triples" else ""))
            if settled and {kind for kind, _, _ in elements[number + 1 :]} & {"triples", "group"}:
                written = [f"{{ SELECT * WHERE {{ {' '.join(written)} }} }}"]
    return " ".join(written)


def _only_pattern(text: str, items: Sequence[Token]) -> str:
    """The pattern of a group that holds but one, or an empty text."""
    kinds = list(_elements(text, items))
    triples = _triples(text, items, 0)[0] if [kind for kind, _, _ in kinds] == ["triples"] else ()
    return triples[0] if len(triples) == 1 else ""


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
    for kind, first, end in _elements(text, items):
        if kind == "other":
            return _rewritten(text, items)  # its place in the group matters
        if kind == "triples":
            patterns += _triples(text, items, first)[0]
        else:
            (filters if kind == "filter" else patterns).append(_rewritten(text, items[first:end]))
    return _chain(patterns, filters, set())


def _elements(text: str, items: Sequence[Token]) -> Iterator[tuple[str, int, int]]:
    """The elements of a group, each with its first and last position: triples of one subject, a filter, a group or another."""
    position = 0
    while position < len(items):
        word, first = items[position].text.upper(), position
        if word == ".":
            position += 1
            continue
        kind = "triples"
        if word == "{":
            kind, position = "group", _end(items, position)
            while position < len(items) and items[position].text.upper() == "UNION":
                position = _end(items, position + 1)
        elif items[position].kind == "word" and word != "A":  # FILTER; or OPTIONAL, BIND, VALUES
            kind = "filter" if word == "FILTER" else "other"
            position = _end(items, next(i for i in range(position, len(items)) if items[i].text in _PARTNERS))
        else:
            position = _triples(text, items, position)[1]
        yield kind, first, position


def _words(items: Sequence[Token]) -> set[str]:
    return {item.text.upper() for item in items}


def _variables_of(items: Sequence[Token], elements: Iterable[tuple[str, int, int]]) -> set[str]:
    return {item.text[1:] for _, first, end in elements for item in items[first:end] if item.kind == "variable"}


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
