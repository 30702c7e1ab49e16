"""What the knowledge base says of each thing: of terms, facts, shapes, rules and queries in the same form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from mwkb.problems import InputProblem, Place
from mwkb.sparql import tokens
from mwkb.vocabulary import DCTERMS, KB, MWKB, OWL, PREFIXES, QUERY, RDF, RDFS, RULE, SH, SHAPE, SKOS, XSD

KINDS = {"term": MWKB, "fact": KB, "shape": SHAPE, "rule": RULE, "query": QUERY}
"""The kinds of things, each with the namespace that its names lie in; what is in none of these is a module or borrowed."""
OF_A_VERSION = frozenset(OWL + name for name in ("versionIRI", "versionInfo", "priorVersion", "backwardCompatibleWith")) | {
    DCTERMS + "modified"
}
"""What a header says of the version itself, which each version has anew."""
RDF_FORMATS = {".ttl": RdfFormat.TURTLE, ".nt": RdfFormat.N_TRIPLES, ".nq": RdfFormat.N_QUADS, ".jsonld": RdfFormat.JSON_LD}
TEXT = "SPARQL"
"""The property under which the text of a rule or query stands."""
_HEADER_WORDS = {"says": "sentence", "action": "what to do", "theme": "theme", "columns": "columns"}
_DEEPEST = 20


@dataclass(frozen=True, order=True)
class Said:
    """One thing that is said: a value of a predicate, which is an IRI or, in a header of SPARQL, a word.

    ``form`` is ``iri``, the datatype of a literal, or ``@`` and the language of a text.
    """

    predicate: str
    value: str
    form: str

    @property
    def is_wording(self) -> bool:
        """Whether it is a text in some language: all else, a link, number or text without language, is meaning."""
        return self.form.startswith("@")


@dataclass(frozen=True)
class Thing:
    """A thing with all that is said of it."""

    iri: str
    kind: str
    said: frozenset[Said]

    def values(self, property_: str) -> list[str]:
        return sorted(said.value for said in self.said if said.predicate == property_)

    @property
    def is_deprecated(self) -> bool:
        return "true" in self.values(OWL + "deprecated")

    @property
    def label(self) -> str:
        """What a person calls it, or an empty text."""
        properties = (SKOS + "prefLabel", RDFS + "label", SH + "name", DCTERMS + "title")
        return next((value for property_ in properties for value in self.values(property_)), "")


Things = Mapping[str, Thing]
"""Things by their IRIs."""


def things_in(folder: Path) -> Things:
    """Every thing in a folder that holds ``ontology/``, ``kb/``, ``rules/`` and ``queries/``.

    Raises InputProblem with the file and line that cannot be read.
    """
    quads: list[Quad] = []
    for part in ("ontology", "kb", "rules/shapes"):
        for path in sorted((folder / part).rglob("*.ttl")):
            quads += _parsed(path, path.relative_to(folder).as_posix())
    found = dict(things_of(quads))
    for part, namespace in (("rules/inference", RULE), ("queries", QUERY)):
        for path in sorted((folder / part).glob("*.rq")):
            iri = namespace + path.stem
            found[iri] = Thing(iri, _kind(iri), frozenset(_sparql(path, path.relative_to(folder).as_posix())))
    return found


def things_in_file(path: Path) -> Things:
    """Every thing that a file of RDF says something of. Raises InputProblem if it cannot be read."""
    return things_of(_parsed(path, str(path)))


def _parsed(path: Path, shown: str) -> list[Quad]:
    form = RDF_FORMATS.get(path.suffix.lower())
    if form is None:
        raise InputProblem(f"'{path.suffix}' is not read.", Place(shown), f"Use one of: {', '.join(RDF_FORMATS)}.")
    # A blank node belongs to its file, and its name may be used in another file too.
    try:
        return list(parse(path.read_bytes(), format=form, rename_blank_nodes=True))
    except SyntaxError as error:
        what = re.sub(r"^Parser error [^:]*: ", "", (error.msg or "").splitlines()[0])
        raise InputProblem(f"This cannot be read: {what}", Place(shown, error.lineno)) from None
    except OSError as error:
        raise InputProblem(f"The file cannot be read: {error.strerror or error}.", path) from None


def things_of(quads: Iterable[Quad]) -> Things:
    """The things that triples say something of; what is said of a nameless node belongs to the thing that holds it."""
    outgoing: dict[NamedNode | BlankNode | Triple, list[Quad]] = {}
    for quad in quads:
        outgoing.setdefault(quad.subject, []).append(quad)
    found = {}
    for subject, own in outgoing.items():
        if isinstance(subject, NamedNode):
            said = frozenset(_said(quad, outgoing) for quad in own if quad.predicate.value not in OF_A_VERSION)
            found[subject.value] = Thing(subject.value, _kind(subject.value, own), said)
    return found


def _kind(iri: str, quads: Iterable[Quad] = ()) -> str:
    if any(quad.predicate.value == RDF + "type" and quad.object == NamedNode(OWL + "Ontology") for quad in quads):
        return "module"
    return next((kind for kind, space in KINDS.items() if iri.startswith(space)), "borrowed term")


def _said(quad: Quad, outgoing: Mapping[Any, list[Quad]]) -> Said:
    value = quad.object
    if isinstance(value, NamedNode):
        return Said(quad.predicate.value, value.value, "iri")
    if isinstance(value, Literal):
        return Said(quad.predicate.value, value.value, f"@{value.language}" if value.language else value.datatype.value)
    return Said(quad.predicate.value, _nested(value, outgoing, 0), "nested")


def _nested(value: Any, outgoing: Mapping[Any, list[Quad]], depth: int) -> str:
    """A value as it stands in Turtle: a list in brackets, another nameless node with what is said of it."""
    if not isinstance(value, BlankNode):
        return str(value)
    if depth > _DEEPEST:
        return "..."
    items = []
    node: Any = value
    while isinstance(node, BlankNode) and any(q.predicate.value == RDF + "first" for q in outgoing.get(node, ())):
        links = {q.predicate.value: q.object for q in outgoing[node]}
        items.append(_nested(links[RDF + "first"], outgoing, depth + 1))
        node = links.get(RDF + "rest")
        if len(items) > 1000:
            break
    if items:
        return f"({' '.join(items)})"
    inner = sorted(f"{q.predicate} {_nested(q.object, outgoing, depth + 1)}" for q in outgoing.get(value, ()))
    return f"[{'; '.join(inner)}]"


def _sparql(path: Path, shown: str) -> Iterator[Said]:
    """What the header of a rule or query says, its text in one layout, and the words of its comments."""
    text = path.read_text(encoding="utf-8-sig")
    try:
        header = yaml.safe_load("\n".join(line[2:] for line in text.splitlines() if line.startswith("#+"))) or {}
    except yaml.YAMLError:
        raise InputProblem("The header cannot be read.", Place(shown, 1), "Run mwkb rules check on it.") from None
    language = "@en-gb"
    yield Said(RDFS + "label", _line(header.get("title")), language)
    yield Said(SKOS + "definition", _line(header.get("description")), language)
    for key, word in _HEADER_WORDS.items():
        if key in header:
            yield Said(word, _line(header[key]), language)
    warrant = header.get("warrant") or {}
    yield from (Said(DCTERMS + "source", KB + str(source), "iri") for source in warrant.get("sources") or ())
    if warrant.get("lines"):
        yield Said(MWKB + "sourceLines", str(warrant["lines"]), XSD + "string")
    for name, about in (header.get("parameters") or {}).items():
        yield Said("parameter", f"{name}: {_line(about)}", XSD + "string")
    yield Said(TEXT, layout(text), "sparql")
    comments = [token.text.lstrip("#+ ") for token in tokens(text) if token.kind == "comment" and not token.text.startswith("#+")]
    if comments:
        yield Said("conditions in words", "\n".join(comments), language)


def _line(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_line(item)}" for key, item in value.items())
    return " ".join(str(value or "").split())


def layout(text: str) -> str:
    """SPARQL without prefixes and comments, each statement on a line of its own, so that only a change of meaning shows."""
    plain = [token for token in tokens(text) if token.kind != "comment"]
    lines: list[str] = []
    line: list[str] = []
    position = 0
    while position < len(plain):
        token = plain[position]
        if token.text.upper() == "PREFIX":
            position += 3
            continue
        line.append(token.text)
        if token.text in ("{", "}", ".", ";"):
            lines.append(" ".join(line))
            line = []
        position += 1
    return "\n".join([*lines, *([" ".join(line)] if line else [])])


def shortened(iri: str) -> str:
    """An IRI as a prefixed name, also that of a query."""
    for prefix, namespace in {**PREFIXES, "query": QUERY}.items():
        if iri.startswith(namespace) and "/" not in iri[len(namespace) :]:
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri
