"""What a rule says: its head, its conditions in order, and the terms it reads and writes.

A rule is a CONSTRUCT whose patterns are plain triples, so that a proof can show each premise. The
comment above a condition says it in words; ``explain`` prints those words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from mwkb import vocabulary
from mwkb.rules.stepwise import stepwise
from mwkb.sparql import SparqlFile
from mwkb.vocabulary import RDF

RDF_TYPE = RDF + "type"


@dataclass(frozen=True)
class Pattern:
    """A triple pattern; a variable is written with its question mark, an IRI in full."""

    subject: str
    predicate: str
    object: str

    @property
    def parts(self) -> tuple[str, str, str]:
        return self.subject, self.predicate, self.object

    @property
    def text(self) -> str:
        """The pattern as SPARQL writes it."""
        return " ".join(f"<{part}>" if iri_or_empty(part) else part for part in self.parts) + " ."

    @property
    def has_variable_class(self) -> bool:
        return self.predicate == RDF_TYPE and self.object.startswith("?")

    @property
    def term(self) -> str:
        """What the pattern depends on: the class for ``a``, else the property."""
        return self.object if self.predicate == RDF_TYPE else self.predicate


def iri_or_empty(part: str) -> str:
    """A part of a pattern if it is an IRI, else an empty text."""
    return part if "://" in part and part[0] not in "?\"'" else ""


@dataclass(frozen=True)
class Condition:
    """One condition of a rule: the words of its comment, its text and the patterns in it.

    ``needed`` hold for the rule to fire, ``optional`` are used where they hold (and in one branch
    of a UNION), ``absent`` must not hold. ``gathered`` are the patterns of a subquery that counts or
    sums over groups. ``assigned`` are the variables that BIND, VALUES and such a subquery give a value,
    with the IRIs that VALUES lists.
    """

    words: str
    text: str
    needed: tuple[Pattern, ...] = ()
    optional: tuple[Pattern, ...] = ()
    absent: tuple[Pattern, ...] = ()
    absent_text: str = ""
    gathered: tuple[Pattern, ...] = ()
    gathered_text: str = ""
    assigned: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, eq=False)
class Rule:
    """A rule file with its structure; two rules are the same only if they are one object."""

    file: SparqlFile
    prologue: str
    head: tuple[Pattern, ...]
    conditions: tuple[Condition, ...]

    @property
    def id(self) -> str:
        return self.file.id

    @property
    def iri(self) -> str:
        return vocabulary.RULE + self.file.id

    @cached_property
    def assigned(self) -> Mapping[str, tuple[str, ...]]:
        """The variables that the body gives a value itself, with the IRIs it may be if they are listed."""
        return {name: values for condition in self.conditions for name, values in condition.assigned}

    @cached_property
    def writes(self) -> frozenset[str]:
        return frozenset(pattern.term for pattern in self.head)

    @cached_property
    def reads(self) -> frozenset[str]:
        return self._terms(p for c in self.conditions for p in (*c.needed, *c.optional))

    @cached_property
    def reads_absence_of(self) -> frozenset[str]:
        return self._terms(p for c in self.conditions for p in c.absent)

    @cached_property
    def reads_all_of(self) -> frozenset[str]:
        """What the rule counts or sums, so that it has to be complete before."""
        return self._terms(p for c in self.conditions for p in c.gathered)

    @cached_property
    def reads_itself(self) -> bool:
        """Whether it reads a class or property that it concludes."""
        return bool(self.writes & (self.reads | self.reads_absence_of | self.reads_all_of))

    @cached_property
    def patterns(self) -> tuple[Pattern, ...]:
        """Every pattern of the body, whether it has to hold or not to hold."""
        return tuple(p for c in self.conditions for p in (*c.needed, *c.optional, *c.absent, *c.gathered))

    @cached_property
    def needed_of(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """What each variable must have for the rule to fire: properties, each with the IRI it must be or an empty text."""
        found: dict[str, list[tuple[str, str]]] = {}
        for pattern in (p for c in self.conditions for p in c.needed):
            found.setdefault(pattern.subject, []).append((pattern.predicate, iri_or_empty(pattern.object)))
        return {variable: tuple(needs) for variable, needs in found.items()}

    @property
    def is_monotone(self) -> bool:
        """Whether more data can never take a conclusion away: the rule asks for no absence and counts nothing."""
        return not self.reads_absence_of and not self.reads_all_of

    def _terms(self, patterns: Iterable[Pattern]) -> frozenset[str]:
        """What patterns depend on; for a class that is a variable, each class that it may be."""
        terms: set[str] = set()
        for pattern in patterns:
            terms |= set(self.assigned.get(pattern.object, ())) if pattern.has_variable_class else {pattern.term}
        return frozenset(terms)

    @cached_property
    def stepwise(self) -> str:
        """The rule as it runs: it says the same as its file, in the form that the store evaluates fastest."""
        return stepwise(self.file.text) if any(condition.absent for condition in self.conditions) else self.file.text

    def gathering(self, condition: Condition) -> str:
        """A SELECT of every variable over what a condition counts or sums."""
        return f"{self.prologue}\nSELECT * WHERE {{\n{condition.gathered_text}\n}}"

    def body(self, upto: int | None = None, extra: str = "") -> str:
        """A SELECT of every variable over the first ``upto`` conditions and some ``extra`` text."""
        chosen = "\n".join(c.text for c in self.conditions[:upto])
        return f"{self.prologue}\nSELECT * WHERE {{\n{chosen}\n{extra}\n}}"
