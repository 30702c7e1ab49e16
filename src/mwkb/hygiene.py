"""Hygiene of the knowledge base: one query for each thing that must not be, and a row for each place where it is.

The queries see the ontology, the facts and the shapes as one graph. What rules, other queries and
the vocabulary of plans make use of is in it too, as dcterms:requires.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, Quad, QuerySolutions, Store

from mwkb import files
from mwkb.lines import Lines, iri_of
from mwkb.problems import InputProblem, Place
from mwkb.sparql import LEVELS, SparqlFile, read_check, tokens
from mwkb.store import turtle_store
from mwkb.vocabulary import DCTERMS, SCHEMA, expand

_PLAN_CONTEXT = SCHEMA + "plan-context"
_REQUIRES = NamedNode(DCTERMS + "requires")


@dataclass(frozen=True)
class Flaw:
    """One place at which a check finds what must not be."""

    level: str
    check: str
    title: str
    subject: str
    property: str
    value: str
    place: Place | None
    action: str


def checks() -> tuple[SparqlFile, ...]:
    """All hygiene checks, the gravest first. Raises InputProblem if a header is bad."""
    return tuple(sorted(map(read_check, files.check_files()), key=lambda check: (LEVELS.index(check.level), check.id)))


def report(drafts: Sequence[Path] = ()) -> tuple[Flaw, ...]:
    """What the checks find, the gravest first.

    With ``drafts``, Turtle files that are not part of mwkb yet, the checks see these as well, and
    only what is wrong in them is reported. Raises InputProblem if a file cannot be read.
    """
    shipped = (*files.ontology_files(), *files.fact_files(), files.shape_file("plan"), files.shape_file("kb"))
    store = turtle_store(*shipped, *drafts)
    found = flaws(store, Lines((*drafts, *shipped, *_sparql_files())))
    if drafts:
        own = {getattr(quad.subject, "value", "") for quad in turtle_store(*drafts)}
        found = [flaw for flaw in found if flaw.subject in own]
    return tuple(found)


def flaws(store: Store, lines: Lines | None = None) -> list[Flaw]:
    """What the checks find in a store with ontology, facts and shapes, which is given what makes use of them too."""
    store.bulk_extend(_uses())
    return [flaw for check in checks() for flaw in _run(store, check, lines or Lines(()))]


def _run(store: Store, check: SparqlFile, lines: Lines) -> Iterator[Flaw]:
    try:
        rows = store.query(check.text)
    except SyntaxError as error:
        raise InputProblem(f"This is not SPARQL: {str(error).strip().splitlines()[0]}", check.place) from None
    if not isinstance(rows, QuerySolutions) or [v.value for v in rows.variables] != ["subject", "property", "value"]:
        raise InputProblem("A check selects ?subject ?property ?value, in this order.", check.place)
    for row in rows:
        subject, path, value = (getattr(row[name], "value", "") for name in ("subject", "property", "value"))
        place = lines.place(subject, path, value)
        if subject == _PLAN_CONTEXT:
            place = Place("src/mwkb/schema/plan-context.jsonld")
        yield Flaw(check.level, check.id, check.title, subject, path, value, place, check.action)


def _sparql_files() -> list[Path]:
    return [*files.rule_files(), *files.query_files()]


def _uses() -> Iterator[Quad]:
    """Which terms and facts the rules, the queries and the vocabulary of plans name."""
    for path in _sparql_files():
        iri = NamedNode(iri_of(path))
        for token in tokens(path.read_text(encoding="utf-8")):
            if token.kind == "name" and token.text.startswith(("mwkb:", "kb:")) and not token.text.endswith(":"):
                yield Quad(iri, _REQUIRES, NamedNode(expand(token.text)))
    for name in sorted(set(re.findall(r'"(mwkb:\w+)"', files.schema("plan-context.jsonld")))):
        yield Quad(NamedNode(_PLAN_CONTEXT), _REQUIRES, NamedNode(expand(name)))
