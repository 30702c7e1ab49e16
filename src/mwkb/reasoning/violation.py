"""What is not OWL 2 DL in one place."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import Triple

from mwkb.problems import Place


@dataclass(frozen=True)
class Breach:
    """A triple that breaks a restriction of OWL 2 DL, which ``rule`` names.

    ``prevents`` says that no reasoner takes the statement, so that it is left out of reasoning.
    """

    rule: str
    what: str
    remedy: str
    triple: Triple
    prevents: bool = False


@dataclass(frozen=True)
class Violation:
    """A breach as a person is told of it."""

    rule: str
    what: str
    remedy: str
    place: Place
