"""What is not OWL 2 DL in one place."""

from __future__ import annotations

from dataclasses import dataclass

from mwkb.problems import Place


@dataclass(frozen=True)
class Violation:
    """One place that breaks a restriction of OWL 2 DL.

    ``rule`` names the restriction; ``prevents`` says that no reasoner takes the statement, so that it is left out of
    reasoning.
    """

    rule: str
    what: str
    remedy: str
    place: Place
    prevents: bool = False
