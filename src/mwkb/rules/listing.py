"""The rules as a whole: the stratum of each, what it reads and concludes, and which rule feeds which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from mwkb.knowledge import Knowledge
from mwkb.problems import InputProblem
from mwkb.rules.rule import RDF_TYPE, Pattern, Rule
from mwkb.source import Source
from mwkb.vocabulary import compact


@dataclass(frozen=True)
class Cases:
    """How many cases of a rule expect a conclusion, and how many forbid one."""

    fire: int
    silent: int


@dataclass(frozen=True)
class Listed:
    """A rule as a list of rules shows it, its terms as prefixed names.

    ``stratum`` counts from 1: a rule runs after all strata before its own. ``cases`` is None where the
    tests do not lie beside the rules, as in an installed wheel.
    """

    id: str
    title: str
    stratum: int
    reads: tuple[str, ...]
    needs_absence_of: tuple[str, ...]
    counts: tuple[str, ...]
    concludes: tuple[str, ...]
    warrant: tuple[Source, ...]
    cases: Cases | None


def listed(knowledge: Knowledge) -> tuple[Listed, ...]:
    """All rules, stratum by stratum."""
    return tuple(
        Listed(
            rule.id,
            rule.file.title,
            stratum,
            _names(rule.reads),
            _names(rule.reads_absence_of),
            _names(rule.reads_all_of),
            _names(rule.writes),
            knowledge.warrant(rule),
            cases(rule.file.path),
        )
        for stratum, layer in enumerate(knowledge.layers, 1)
        for rule in layer
    )


def _names(terms: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(map(compact, terms)))


def case_file(path: Path) -> Path:
    """Where the cases of the rule in a file belong: in ``tests/rules`` beside ``rules``."""
    return path.resolve().parent.parent.parent / "tests" / "rules" / f"{path.stem}.yaml"


def cases(path: Path) -> Cases | None:
    """How many cases the rule in a file has, in ``tests/rules`` beside ``rules``; None if there are no tests there.

    Raises InputProblem if the cases cannot be read.
    """
    file = case_file(path)
    if not file.parent.is_dir():
        return None
    if not file.exists():
        return Cases(0, 0)
    try:
        found = yaml.safe_load(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise InputProblem("The cases are not UTF-8 text.", file, "Save them as UTF-8.") from None
    except yaml.YAMLError as error:
        raise InputProblem(f"The cases cannot be read: {getattr(error, 'problem', error)}.", file) from None
    entries = [case for case in found if isinstance(case, Mapping)] if isinstance(found, list) else []
    return Cases(sum(bool(case.get("expect")) for case in entries), sum(bool(case.get("not")) for case in entries))


@dataclass(frozen=True)
class Dependency:
    """That one rule reads what another concludes.

    ``complete`` says that it waits until all of that is concluded, as it asks for an absence or counts.
    """

    writer: Rule
    reader: Rule
    terms: tuple[str, ...]
    complete: bool


def dependencies(rules: Sequence[Rule]) -> tuple[Dependency, ...]:
    """Which rule feeds which. A property counts only where both rules mean the same class of things by it."""
    concluded = {rule.id: _meant(rule.head, rule.head, {}) for rule in rules}
    found = []
    for reader in rules:
        every = [p for c in reader.conditions for p in (*c.needed, *c.optional, *c.absent, *c.gathered)]
        waits = {p for c in reader.conditions for p in (*c.absent, *c.gathered)}
        read = {True: _meant(waits, every, reader.assigned), False: _meant(set(every) - waits, every, reader.assigned)}
        for writer in (rule for rule in rules if rule is not reader):
            for complete, meant in read.items():
                terms = _common(meant, concluded[writer.id])
                if terms:
                    found.append(Dependency(writer, reader, _names(terms), complete))
    return tuple(found)


Meant = set[tuple[str, frozenset[str]]]
"""Terms, each with the classes that its subject is said to have; none where nothing is said."""


def _meant(patterns: Iterable[Pattern], around: Iterable[Pattern], assigned: Mapping[str, tuple[str, ...]]) -> Meant:
    classes: dict[str, set[str]] = {}
    for pattern in around:
        if pattern.predicate == RDF_TYPE:
            classes.setdefault(pattern.subject, set()).update(assigned.get(pattern.object, (pattern.object,)))
    found: Meant = set()
    for pattern in patterns:
        terms = assigned[pattern.object] if pattern.has_variable_class else (pattern.term,)
        found |= {(term, frozenset(classes.get(pattern.subject, ()))) for term in terms}
    return found


def _common(read: Meant, concluded: Meant) -> set[str]:
    return {
        term for term, mine in read for other, theirs in concluded if term == other and (not mine or not theirs or mine & theirs)
    }
