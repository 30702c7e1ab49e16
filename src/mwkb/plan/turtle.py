"""Where each thing stands in Turtle and N-Triples, which parsers do not tell: subjects, their properties and the values."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from urllib.parse import urljoin

from mwkb import vocabulary
from mwkb.plan.document import Places
from mwkb.plan.limits import Limits
from mwkb.problems import InputProblem, Place

_TOKEN = re.compile(
    r"""(?P<skip>\s++|\#[^\n\r]*+)
    |(?P<text>\"{3}(?:[^"\\]|\\.|"(?!""))*+\"{3}|'{3}(?:[^'\\]|\\.|'(?!''))*+'{3}
        |"(?!"")(?:[^"\\\n\r]|\\.)*+"|'(?!'')(?:[^'\\\n\r]|\\.)*+')
    |(?P<statement><<|\{\|)
    |(?P<iri><[^<>\s]*+>)
    |(?P<mark>[][();,.])
    |(?P<word>(?:\\.|\.*+[^][\s<>"'(){};,.\\#]|\.*+\\.|(?<=[^\s])\#)++)""",
    re.VERBOSE | re.DOTALL,
)
_ITEMS = {"@prefix": 2, "prefix": 2, "@base": 1, "base": 1}
"""What stands after the word of a directive."""


def places(text: str, name: str, limits: Limits) -> Places:
    """The places of subjects, of their properties and, where no escape is in them, of values; what is nameless goes by
    its label, ``_:b``.

    Raises InputProblem where brackets are nested too deeply or a statement is made about a statement:
    of both, parsers can run out of stack. What is not Turtle ends the search; the parser says why.
    """
    breaks = _breaks(text)
    found: Places = {}
    prefixes: dict[str, str] = {}
    base, subject, predicate, expected = vocabulary.PLAN, "", "", "subject"
    around: list[tuple[str, str, str]] = []
    directive: list[str] = []

    def iri(token: str) -> str:
        if token.startswith("<"):
            return urljoin(base, token[1:-1]) if "://" not in token else token[1:-1]
        prefix, _, local = token.partition(":")
        return vocabulary.RDF + "type" if token == "a" else prefixes.get(prefix, f"{prefix}:") + re.sub(r"\\(.)", r"\1", local)

    def note(value: str) -> None:
        if subject and expected == "object":
            found.setdefault((subject, predicate, value), place)

    position = 0
    place = Place(name)
    while token := _TOKEN.match(text, position):
        position = token.end()
        if token.lastgroup == "skip":
            continue
        word = token.group()
        place = Place(name, bisect_right(breaks, token.start()) + 1)
        if token.lastgroup == "text":
            note(word.strip(word[0]))
            continue
        if token.lastgroup == "statement":
            raise InputProblem("A statement about a statement is not read.", place, "Leave it out.")
        if word in ("[", "("):
            around.append((subject, predicate, expected))
            if len(around) > limits.depth:
                raise InputProblem("The brackets are nested too deeply.", place)
            subject, predicate, expected = "", "", "predicate" if word == "[" else "object"
        elif word in ("]", ")"):
            subject, predicate, expected = around.pop() if around else ("", "", "subject")
            expected = "predicate" if expected == "subject" else expected
        elif word in (".", ";"):
            expected = "predicate" if word == ";" else "subject" if not around else expected
        elif token.lastgroup == "mark":
            continue
        elif directive or (expected == "subject" and word.lower() in _ITEMS):
            directive.append(word)
            if len(directive) > _ITEMS[directive[0].lower()]:
                if len(directive) == 3:
                    prefixes[directive[1].removesuffix(":")] = iri(directive[2])
                else:
                    base = iri(directive[1])
                directive = []
        elif expected == "subject":
            subject, expected = iri(word), "predicate"
            found.setdefault((subject, ""), place)
        elif expected == "predicate":
            predicate, expected = iri(word), "object"
            if subject:
                found.setdefault((subject, predicate), place)
        elif not word.startswith(("^^", "@")):
            note(iri(word) if word.startswith("<") or ":" in word else word)
    return found


def comments(text: str) -> Iterator[tuple[int, str]]:
    """The comments of a text in Turtle, each with its line, as far as it is Turtle."""
    breaks = _breaks(text)
    position = 0
    while token := _TOKEN.match(text, position):
        position = token.end()
        if token.group().startswith("#") and token.lastgroup == "skip":
            yield bisect_right(breaks, token.start()) + 1, token.group().rstrip()


def _breaks(text: str) -> list[int]:
    """Where each line after the first begins."""
    return [found.end() for found in re.finditer(r"\r\n?|\n", text)]
