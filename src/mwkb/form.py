"""How a plan is asked for: parts and fields with names, help and choices, from the shapes and the knowledge base.

``rules/shapes/form.ttl`` says which parts and fields there are, in their order, and helps to fill them
in; ``rules/shapes/plan.ttl`` says what a field must hold; the knowledge base gives the choices.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal as OneOf

from pyoxigraph import BlankNode, Literal, NamedNode, Store, Triple

from mwkb import files
from mwkb.knowledge import Knowledge
from mwkb.lines import Lines
from mwkb.plan.structure import CLASSES, context, namespaces
from mwkb.problems import InputProblem, Place
from mwkb.store import turtle_store
from mwkb.validate import SHACL_SEVERITIES
from mwkb.vocabulary import MWKB, RDF, SH, compact, expand, local_name

Kind = OneOf["part", "choice", "reference", "text", "integer", "decimal", "date", "year", "yes-no"]
_KINDS: dict[str, Kind] = {
    "@vocab": "choice",
    "@id": "reference",
    "xsd:integer": "integer",
    "xsd:decimal": "decimal",
    "xsd:date": "date",
    "xsd:gYear": "year",
    "xsd:boolean": "yes-no",
}
Node = NamedNode | BlankNode | Literal | Triple


@dataclass(frozen=True)
class Choice:
    """A value that a field can have: the name that a plan writes, the one that a person reads, and others that it goes by."""

    name: str
    label: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Field:
    """One thing that a form asks for.

    ``need`` is what the shapes say if it is missing: a violation, a warning, or nothing. ``part`` is the
    key of the part that a reference points to or that the field itself is. ``least`` and ``most`` bound a number.
    ``retired`` are choices of earlier versions, which are read and no longer offered.
    """

    key: str
    label: str
    help: str
    kind: Kind
    several: bool
    need: str
    choices: tuple[Choice, ...] = ()
    part: str = ""
    least: str = ""
    most: str = ""
    retired: tuple[Choice, ...] = ()

    @cached_property
    def by_name(self) -> dict[str, str]:
        return {choice.name: choice.label for choice in self.choices}


@dataclass(frozen=True)
class Part:
    """A part of a plan, such as its partners: ``several`` entries with the same fields, or one.

    ``owner`` is the key of the part whose entries hold it; empty for the plan itself.
    """

    key: str
    label: str
    help: str
    owner: str
    several: bool
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Form:
    """All parts in their order, the plan itself first under the key ``plan``; with the versions it was made from."""

    version: str
    knowledge_version: str
    parts: tuple[Part, ...]

    def part(self, key: str) -> Part:
        return next(part for part in self.parts if part.key == key)


def form(knowledge: Knowledge) -> Form:
    """The form as the shapes and the knowledge base have it now."""
    return _Maker(knowledge).form()


class _Maker:
    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.asked = turtle_store(files.shape_file("form"))
        self.shapes = turtle_store(files.shape_file("plan"))
        self.keys = {expand(about["@id"]): key for key, about in context().items() if isinstance(about, dict)}

    def form(self) -> Form:
        typed = self.asked.quads_for_pattern(None, NamedNode(RDF + "type"), NamedNode(SH + "NodeShape"))
        nodes = sorted((q.subject for q in typed), key=lambda node: int(_one(self.asked, node, "sh:order")))
        header = NamedNode("https://w3id.org/mwkb/shapes/form")
        parts = tuple(self._part(node) for node in nodes)
        return Form(_one(self.asked, header, "owl:versionInfo"), self.knowledge.version, parts)

    def _part(self, node: Node) -> Part:
        kind = _one(self.asked, node, "sh:targetClass")
        key = next((key for key, name in CLASSES.items() if MWKB + name == kind), "plan")
        owner, several = self._owner(key)
        fields = sorted(_all(self.asked, node, "sh:property"), key=lambda field: int(_one(self.asked, field, "sh:order")))
        return Part(
            key,
            _one(self.asked, node, "rdfs:label"),
            _one(self.asked, node, "rdfs:comment"),
            owner,
            several,
            tuple(self._field(field, kind) for field in fields),
        )

    def _owner(self, key: str) -> tuple[str, bool]:
        """The part whose entries hold a part, and whether they may hold several of it."""
        if key == "plan":
            return "", False
        path = expand(context()[key]["@id"])
        domain = self.knowledge.value(path, "rdfs:domain")
        owner = next((k for k, name in CLASSES.items() if MWKB + name == domain), "")
        return owner, not any(_one(self.shapes, shape, "sh:maxCount") for shape in self._constraints(path)) and key not in _SINGLE

    def _key(self, field: Node, path: str) -> str:
        """What a plan calls a property. Raises InputProblem if it has no name for it."""
        if path in self.keys:
            return self.keys[path]
        file = files.shape_file("form")
        place = Lines([file]).place(getattr(field, "value", ""), SH + "path") or Place(files.shown(file))
        remedy = "Write one in src/mwkb/schema/plan-context.jsonld, or take the field out."
        raise InputProblem(f"The form asks for {compact(path)}, for which a plan has no key.", place, remedy)

    def _field(self, node: Node, kind_of_part: str) -> Field:
        path = _one(self.asked, node, "sh:path")
        key = self._key(node, path)
        kind: Kind = "part" if key in CLASSES else _KINDS.get(str(context()[key].get("@type")), "text")
        constraints = [*self._constraints(path, kind_of_part)]
        classes = self._classes(node, constraints, path) if kind in ("choice", "reference") else []

        def said(term: str) -> str:
            return next((value for shape in constraints if (value := _one(self.shapes, shape, term))), "")

        needs = [_one(self.shapes, s, "sh:severity") for s in constraints if _one(self.shapes, s, "sh:minCount")]
        return Field(
            key,
            _one(self.asked, node, "sh:name"),
            _one(self.asked, node, "sh:description"),
            kind,
            kind in ("choice", "reference") and not said("sh:maxCount"),
            min((SHACL_SEVERITIES[need] for need in needs), key=("violation", "warning", "info").index, default=""),
            self._choices(path, classes) if kind == "choice" else (),
            key if kind == "part" else next((k for k, n in CLASSES.items() if MWKB + n in classes), ""),
            said("sh:minInclusive"),
            said("sh:maxInclusive"),
            self._retired(path, classes) if kind == "choice" else (),
        )

    def _constraints(self, path: str, kind: str = "") -> Iterator[NamedNode]:
        """The property shapes of a path; only those for the entries of one class if that is given."""
        for shape in (q.subject for q in self.shapes.quads_for_pattern(None, NamedNode(SH + "path"), NamedNode(path))):
            users = self.shapes.quads_for_pattern(None, NamedNode(SH + "property"), shape)
            targets = {_one(self.shapes, q.subject, "sh:targetClass") for q in users}
            if isinstance(shape, NamedNode) and (not kind or kind in targets):
                yield shape

    def _classes(self, node: Node, constraints: list[NamedNode], path: str) -> list[str]:
        """The classes that a value may be of: by the form, the shapes, or else the ontology."""
        given = [value.value for value in _all(self.asked, node, "sh:class") if isinstance(value, NamedNode)]
        for shape in constraints:
            given += [value.value for value in _all(self.shapes, shape, "sh:class") if isinstance(value, NamedNode)]
            for branch in _all(self.shapes, shape, "sh:or"):
                given += [_one(self.shapes, member, "sh:class") for member in _members(self.shapes, branch)]
        return given or [value.value for value in self.knowledge.objects(path, "rdfs:range")]

    def _choices(self, path: str, classes: list[str]) -> tuple[Choice, ...]:
        wanted = self._with_subclasses(classes)
        things = sorted({iri for kind in wanted for iri in self.knowledge.subjects("rdf:type", kind)}, key=_natural)
        called = {iri: f"{self.knowledge.number_printed(iri)} {self.knowledge.label(iri)}".strip() for iri in things}
        several = [label.casefold() for label in called.values()]
        start = namespaces()[path]
        return tuple(
            Choice(
                iri.removeprefix(start),
                label if several.count(label.casefold()) == 1 else f"{label} ({local_name(iri)})",
                tuple(other.value for other in self.knowledge.objects(iri, "skos:altLabel")),
            )
            for iri, label in called.items()
        )

    def _retired(self, path: str, classes: list[str]) -> tuple[Choice, ...]:
        """Choices that earlier forms offered, under the names they had there, with their number or without."""
        wanted, start = self._with_subclasses(classes), namespaces()[path]
        found = []
        for iri in (each.iri for each in self.knowledge.deprecations.values() if wanted & {*each.kinds}):
            label = self.knowledge.label(iri)
            numbered = f"{self.knowledge.value(iri, 'skos:notation') or ''} {label}".strip()
            found += [Choice(iri.removeprefix(start), name) for name in dict.fromkeys((label, numbered))]
        return tuple(found)

    def _with_subclasses(self, classes: list[str]) -> set[str]:
        wanted, queue = set[str](), list(classes)
        while queue:
            kind = queue.pop()
            if kind not in wanted:
                wanted.add(kind)
                queue += self.knowledge.subjects("rdfs:subClassOf", kind)
        return wanted


_SINGLE = ("locality", "needs", "task-group", "workforce", "evaluation-framework")
"""The parts of which a form asks for one, though a shape may allow more."""


def _natural(iri: str) -> list[object]:
    """A key by which 2a comes before 10."""
    return [(int(piece), "") if piece.isdigit() else (0, piece) for piece in re.split(r"(\d+)", local_name(iri))]


def _all(store: Store, subject: Node, term: str) -> list[Node]:
    if not isinstance(subject, NamedNode | BlankNode):
        return []
    return [q.object for q in store.quads_for_pattern(subject, NamedNode(expand(term)), None)]


def _one(store: Store, subject: Node, term: str) -> str:
    return next((value.value for value in _all(store, subject, term) if isinstance(value, NamedNode | Literal)), "")


def _members(store: Store, node: Node) -> Iterator[Node]:
    while isinstance(node, BlankNode):
        yield from _all(store, node, "rdf:first")
        node = next(iter(_all(store, node, "rdf:rest")), NamedNode(RDF + "nil"))
