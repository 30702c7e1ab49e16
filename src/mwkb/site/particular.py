"""What the pages of rules, queries, shapes and classes say besides what every page says."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from mwkb.problems import InputProblem
from mwkb.report.words import SEVERITIES
from mwkb.rules import Rule
from mwkb.rules.listing import Dependency, case_file
from mwkb.site.catalogue import Catalogue
from mwkb.site.content import Value, name_of_property
from mwkb.site.things import Thing
from mwkb.source import Source
from mwkb.sparql import SparqlFile
from mwkb.validate import SHACL_SEVERITIES
from mwkb.vocabulary import MWKB, RDFS, SH, compact

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Case:
    """What a rule is tried on, and what then has to follow or must not."""

    name: str
    given: str
    expect: tuple[str, ...]
    forbidden: tuple[str, ...]


@dataclass(frozen=True)
class RulePage:
    """``stratum`` counts from 1. ``cases`` is None where the tests do not lie beside the rules.

    ``says`` is the sentence of a finding, with an ellipsis for what it is about.
    """

    rule: Rule
    says: str
    stratum: int
    warrant: tuple[tuple[Source, Thing | None], ...]
    terms: tuple[tuple[str, tuple[Value, ...]], ...]
    conditions: tuple[str, ...]
    fed_by: tuple[tuple[Thing, str], ...]
    feeds: tuple[tuple[Thing, str], ...]
    cases: tuple[Case, ...] | None


def rule_page(found: Catalogue, thing: Thing, feeds: Iterable[Dependency]) -> RulePage:
    """Raises InputProblem if the cases cannot be read."""
    rule = found.knowledge.rules_by_iri[thing.iri]
    terms = (
        ("Reads", rule.reads),
        ("Needs the absence of", rule.reads_absence_of),
        ("Counts or adds up", rule.reads_all_of),
        ("Concludes", rule.writes),
    )
    feeds = [feed for feed in feeds if rule in (feed.reader, feed.writer)]
    return RulePage(
        rule,
        re.sub(r"\{\w+\}[.]?", "…", rule.file.says),
        next(n for n, layer in enumerate(found.knowledge.layers, 1) if rule in layer),
        tuple((each, found.things.get(each.iri)) for each in found.knowledge.warrant(rule)),
        tuple((words, tuple(_term(found, iri) for iri in sorted(iris))) for words, iris in terms if iris),
        tuple(condition.words for condition in rule.conditions if condition.words),
        _others(found, ((feed.writer, feed.terms) for feed in feeds if feed.reader is rule)),
        _others(found, ((feed.reader, feed.terms) for feed in feeds if feed.writer is rule)),
        _cases(rule.file),
    )


def _term(found: Catalogue, iri: str) -> Value:
    thing = found.things.get(iri)
    return Value(thing.name if thing else name_of_property(found, iri), thing)


def _others(found: Catalogue, feeds: Iterable[tuple[Rule, tuple[str, ...]]]) -> tuple[tuple[Thing, str], ...]:
    by_rule: dict[str, set[str]] = {}
    for rule, terms in feeds:
        by_rule.setdefault(rule.iri, set()).update(term.partition(":")[2] for term in terms)
    return tuple((thing, ", ".join(sorted(by_rule[thing.iri]))) for thing in found.known(by_rule))


def _cases(file: SparqlFile) -> tuple[Case, ...] | None:
    path = case_file(file.path)
    if not path.exists():
        return None
    try:
        entries = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise InputProblem(f"The cases cannot be read: {getattr(error, 'problem', None) or error}.", path) from None
    return tuple(
        Case(
            str(entry.get("name", "")),
            _given(entry),
            tuple(map(str, entry.get("expect") or ())),
            tuple(map(str, entry.get("not") or ())),
        )
        for entry in entries
        if isinstance(entry, Mapping)
    )


def _given(entry: Mapping[str, Any]) -> str:
    given = {key: value for key, value in entry.items() if key not in ("name", "expect", "not")}
    plan = given.pop("given", None) or {}
    shown = (dict(plan) if isinstance(plan, Mapping) else {"plan": plan}) | given
    dumped: str = yaml.safe_dump(shown, sort_keys=False, allow_unicode=True, width=100) if shown else ""
    return dumped.rstrip()


@dataclass(frozen=True)
class QueryPage:
    file: SparqlFile
    command: str


def query_page(found: Catalogue, thing: Thing) -> QueryPage:
    file = found.query(thing)
    given = [f"--{p.name} {_quoted(compact(p.example))}" for p in file.parameters if p.example and p.default is None]
    return QueryPage(file, " ".join(["mwkb query", file.id, *given]))


def _quoted(text: str) -> str:
    return shlex.quote(text.removeprefix("kb:"))


@dataclass(frozen=True)
class ShapePage:
    message: str
    severity: str
    warrant: str
    query: str


def shape_page(found: Catalogue, thing: Thing) -> ShapePage:
    def first(predicate: str) -> str:
        return next(iter(found.said(thing.iri, predicate)), "")

    severity = SHACL_SEVERITIES.get(first(SH + "severity"))
    return ShapePage(
        first(SH + "message") or first(SH + "description"),
        SEVERITIES[severity] if severity else "",
        first(MWKB + "warrant"),
        first(SH + "select") or first(SH + "ask"),
    )


@dataclass(frozen=True)
class ClassProperty:
    """A property that starts at a class, and what it leads to in words."""

    thing: Thing
    leads_to: str
    definition: str


def properties_of(found: Catalogue, class_: Thing) -> tuple[ClassProperty, ...]:
    """The properties that are said to start at a class."""
    starting = [link.source for link in found.incoming.get(class_.iri, ()) if link.by == RDFS + "domain"]
    return tuple(
        ClassProperty(
            thing,
            ", ".join(_term(found, iri).text for iri in found.said(thing.iri, RDFS + "range")),
            found.knowledge.value(thing.iri, "skos:definition") or "",
        )
        for thing in found.known(starting)
    )
