"""Reason over ontology and facts with HermiT: consistency, classes without members, what follows; and look for what is not DL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, Triple

from mwkb import files
from mwkb.problems import Place
from mwkb.reasoning.explain import Found, fewest
from mwkb.reasoning.hermit import Hermit, OutOfTime, Refused, Taxonomy
from mwkb.reasoning.profile import breaches
from mwkb.reasoning.statements import Axiom, Statements
from mwkb.reasoning.syntax import TYPE
from mwkb.reasoning.violation import Breach, Violation
from mwkb.reasoning.words import Speaker
from mwkb.vocabulary import OWL, RDFS

SECONDS = 300.0
"""What a run may take, unless it is told otherwise: some hundred times what it takes over all that ships."""

_THING, _NOTHING = OWL + "Thing", OWL + "Nothing"
_MEMBER = NamedNode("urn:mwkb:a-member")
"""Stands for a member of a class that is tried out."""


@dataclass(frozen=True)
class Statement:
    """An axiom as a person reads it, and where it stands."""

    words: str
    manchester: str
    place: Place


@dataclass(frozen=True)
class Explanation:
    """Statements that cannot all be true. If ``minimal``, any one taken away would end the clash; if not, time ran out."""

    statements: tuple[Statement, ...]
    minimal: bool


@dataclass(frozen=True)
class Unsatisfiable:
    """A class that can have no member, and why; ``why`` is None where that was not found."""

    iri: str
    label: str
    why: Explanation | None


@dataclass(frozen=True)
class Inference:
    """What follows and is not stated: ``subclass`` is under ``of``, or the same as it."""

    kind: str
    iri: str
    of: str
    words: str
    manchester: str


@dataclass(frozen=True)
class Reasoned:
    """What reasoning found. ``consistent`` is None where HermiT did not reason; ``notes`` say what was left out or not done."""

    files: int
    axioms: int
    classes: int
    consistent: bool | None
    clash: Explanation | None
    unsatisfiable: tuple[Unsatisfiable, ...]
    inferred: tuple[Inference, ...]
    violations: tuple[Violation, ...]
    notes: tuple[str, ...]

    @property
    def in_order(self) -> bool:
        return self.consistent is True and not self.unsatisfiable and not self.violations


def reason(drafts: Sequence[Path] = (), seconds: float = SECONDS, shipped: Sequence[Path] | None = None) -> Reasoned:
    """Reason over what ships with mwkb together with ``drafts``, Turtle files of one's own.

    Raises InputProblem with file and line if a file cannot be read, or if the reasoner is not installed.
    """
    paths = [*(files.ontology_files() + files.fact_files() if shipped is None else shipped), *drafts]
    hermit = Hermit(seconds)
    statements = Statements(paths)
    return _Run(statements, hermit, breaches(statements), {files.shown(path) for path in drafts}).whole(len(paths))


class _Run:
    """One run over some statements, without the axioms that no reasoner takes."""

    def __init__(self, statements: Statements, hermit: Hermit, broken: tuple[Breach, ...], drafts: set[str]) -> None:
        self.statements, self.hermit, self.broken = statements, hermit, broken
        self.speaker = Speaker(statements)
        prevented = {breach.triple for breach in broken if breach.prevents}
        self.axioms = tuple(axiom for axiom in statements.axioms if prevented.isdisjoint(axiom.triples))
        self.trusted = sum(axiom.place.file not in drafts for axiom in self.axioms) if drafts else 0
        left_out = len(statements.axioms) - len(self.axioms)
        self.notes = [f"Left out of reasoning, since it is not OWL 2 DL: {left_out} of the axioms."] if left_out else []

    def whole(self, read: int) -> Reasoned:
        consistent: bool | None = None
        clash: Explanation | None = None
        unsatisfiable: tuple[Unsatisfiable, ...] = ()
        inferred: tuple[Inference, ...] = ()
        try:
            taxonomy = self.hermit.classify(self._triples(self.axioms))
            consistent = taxonomy is not None
            if taxonomy is None:
                clash = self._explained(fewest(self.axioms, self._clash, trusted=self.trusted))
            else:
                inferred = self._inferred(taxonomy)
                unsatisfiable = self._unsatisfiable(taxonomy)
        except OutOfTime:
            self.notes.append(
                f"HermiT did not come to an end within {self.hermit.seconds:g} seconds. Give it more with --timeout."
            )
        except Refused as refused:
            self.notes.append(f"HermiT does not reason over this: {refused}.")
        if (clash is not None and not clash.minimal) or any(u.why is None or not u.why.minimal for u in unsatisfiable):
            self.notes.append("Not every explanation is as short as it can be. Give the search more time with --timeout.")
        places = self.statements.places
        broken = dict.fromkeys(Violation(b.rule, b.what, b.remedy, places[b.triple]) for b in self.broken)
        classes = sum(OWL + "Class" in kinds for kinds in self.statements.kinds.values())
        return Reasoned(
            read, len(self.axioms), classes, consistent, clash, unsatisfiable, inferred, tuple(broken), tuple(self.notes)
        )

    def _triples(self, axioms: Iterable[Axiom], *more: Triple) -> list[Triple]:
        """The triples of axioms with the declarations of what they speak of."""
        found = dict.fromkeys((*(t for axiom in axioms for t in axiom.triples), *more))
        terms = {term for t in found for term in (t.subject, t.predicate, t.object) if isinstance(term, NamedNode)}
        for term in sorted(terms, key=str):
            for kind in sorted(self.statements.kinds.get(term.value, ())):
                found[Triple(term, NamedNode(TYPE), NamedNode(kind))] = None
        return list(found)

    def _clash(self, chain: Sequence[Sequence[Axiom]], *more: Triple) -> int:
        return self.hermit.first_inconsistent([self._triples(axioms, *more) for axioms in chain])

    def _unsatisfiable(self, taxonomy: Taxonomy) -> tuple[Unsatisfiable, ...]:
        without = {iri for group in taxonomy.equivalents if _NOTHING in group for iri in group} - {_NOTHING}
        without |= {below for below, above in taxonomy.subclasses if above == _NOTHING}
        return tuple(Unsatisfiable(iri, self.speaker.label(iri), self._why(iri)) for iri in sorted(without))

    def _why(self, iri: str) -> Explanation | None:
        """Why a class can have no member: what clashes once it has one."""
        member = Triple(_MEMBER, NamedNode(TYPE), NamedNode(iri))
        try:
            found = fewest(self.axioms, lambda chain: self._clash(chain, member), near=frozenset([iri]))
        except Refused:  # a part of what HermiT takes as a whole; that the class is empty stands
            return None
        return None if not found.minimal and len(found.axioms) == len(self.axioms) else self._explained(found)

    def _inferred(self, taxonomy: Taxonomy) -> tuple[Inference, ...]:
        """What follows of named classes and is not stated, without what is true of every class."""
        stated: dict[str, set[tuple[str, str]]] = {RDFS + "subClassOf": set(), OWL + "equivalentClass": set()}
        for triple in self.statements:
            if triple.predicate.value in stated:
                pair = (getattr(triple.subject, "value", ""), getattr(triple.object, "value", ""))
                stated[triple.predicate.value] |= {pair, pair[::-1]} if "equivalent" in triple.predicate.value else {pair}
        empty = {iri for group in taxonomy.equivalents if _NOTHING in group for iri in group} | {_NOTHING}
        below = {
            (one, other)
            for one, other in taxonomy.subclasses - stated[RDFS + "subClassOf"]
            if other != _THING and not {one, other} & empty
        }
        same = {
            (one, other)
            for group in taxonomy.equivalents
            for one in group
            for other in group
            if one < other and not {one, other} & empty
        } - stated[OWL + "equivalentClass"]
        return tuple(
            self._inference(kind, predicate, *pair)
            for kind, predicate, pairs in (
                ("subclass", RDFS + "subClassOf", below),
                ("equivalent", OWL + "equivalentClass", same),
            )
            for pair in sorted(pairs)
        )

    def _inference(self, kind: str, predicate: str, one: str, other: str) -> Inference:
        axiom = Axiom((Triple(NamedNode(one), NamedNode(predicate), NamedNode(other)),), Place(""))
        return Inference(kind, one, other, self.speaker.words(axiom), self.speaker.manchester(axiom))

    def _explained(self, found: Found) -> Explanation:
        ordered = sorted(found.axioms, key=lambda a: (a.place.file, a.place.position, self.speaker.manchester(a)))
        return Explanation(
            tuple(Statement(self.speaker.words(a), self.speaker.manchester(a), a.place) for a in ordered), found.minimal
        )
