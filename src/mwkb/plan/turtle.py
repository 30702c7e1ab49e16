"""Where each thing stands in Turtle and N-Triples, which parsers do not tell: each subject, and each of its properties."""

from __future__ import annotations

import re
from bisect import bisect_right
from urllib.parse import urljoin

from mwkb import vocabulary
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


def places(text: str, name: str, limits: Limits) -> dict[tuple[str, str], Place]:
    """The places of subjects, (subject, ""), and of their properties; a nameless subject goes by its label, ``_:b``.

    Raises InputProblem where brackets are nested too deeply or a statement is made about a statement:
    of both, parsers can run out of stack. What is not Turtle ends the search; the parser says why.
    """
    breaks = [found.end() for found in re.finditer(r"\r\n?|\n", text)]
    found: dict[tuple[str, str], Place] = {}
    prefixes: dict[str, str] = {}
    base, subject, expected = vocabulary.PLAN, "", "subject"
    around: list[tuple[str, str]] = []
    directive: list[str] = []

    def iri(token: str) -> str:
        if token.startswith("<"):
            return urljoin(base, token[1:-1]) if "://" not in token else token[1:-1]
        prefix, _, local = token.partition(":")
        return vocabulary.RDF + "type" if token == "a" else prefixes.get(prefix, f"{prefix}:") + re.sub(r"\\(.)", r"\1", local)

    position = 0
    while token := _TOKEN.match(text, position):
        position = token.end()
        if token.lastgroup in ("skip", "text"):
            continue
        word = token.group()
        place = Place(name, bisect_right(breaks, token.start()) + 1)
        if token.lastgroup == "statement":
            raise InputProblem("A statement about a statement is not read.", place, "Leave it out.")
        if word in ("[", "("):
            around.append((subject, expected))
            if len(around) > limits.depth:
                raise InputProblem("The brackets are nested too deeply.", place)
            subject, expected = "", "predicate" if word == "[" else "object"
        elif word in ("]", ")"):
            subject, expected = around.pop() if around else ("", "subject")
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
            expected = "object"
            if subject:
                found.setdefault((subject, iri(word)), place)
    return found
