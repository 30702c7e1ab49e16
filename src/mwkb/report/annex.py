"""What a report shows after its first pages: costs, interpretations, sources, checks and versions."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Set
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from mwkb import files
from mwkb.ask import ask
from mwkb.assessment import Assessment
from mwkb.findings import Interpretation
from mwkb.knowledge import Knowledge
from mwkb.report.words import named, unsure_first
from mwkb.shapebook import Check
from mwkb.source import ranges
from mwkb.sparql import read_query
from mwkb.store import turtle_store
from mwkb.validate import Breach
from mwkb.vocabulary import KB, MWKB, OWL, local_name


@dataclass(frozen=True)
class Claim:
    """A statement of the toolkit on costs, savings or return, with the interventions it is read to speak of."""

    statement: str
    interventions: tuple[str, ...]
    area: str
    lines: str
    confidence: str


@dataclass(frozen=True)
class Reading:
    """An interpretation with what rests on it."""

    interpretation: Interpretation
    findings: tuple[str, ...]


@dataclass(frozen=True)
class Passage:
    """A part of the toolkit, or another source, with the lines that are cited and the rules and shapes that cite them."""

    name: str
    lines: str
    cited_by: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """A check with what came of it; ``style`` is the class of that in the style sheet."""

    check: Check
    says: str
    style: str


@dataclass(frozen=True)
class Part:
    """A part of the plan with the checks that were put to it."""

    name: str
    checks: tuple[Outcome, ...]


@dataclass(frozen=True)
class Version:
    name: str
    value: str
    note: str = ""


def claims(found: Assessment, knowledge: Knowledge) -> tuple[Claim, ...]:
    """The economic claims about what the plan commissions or the rules recommend."""
    about = {finding.about.iri for finding in found.of_kind("recommendation")}
    about |= {thing.iri for thing in found.planned}
    columns, rows = ask(knowledge, read_query(files.query_file("economic-evidence")).text)
    named_rows = [dict(zip(columns, row, strict=True)) for row in rows]
    shown = [row for row in named_rows if row["intervention"] in about]
    return tuple(
        Claim(
            first["statement"],
            tuple(
                dict.fromkeys(
                    f"{knowledge.number_printed(r['intervention'])} {r['interventionLabel']}".strip() for r in (first, *rest)
                )
            ),
            first["areaLabel"],
            first["lines"],
            ", ".join(dict.fromkeys(r["confidenceLabel"].lower() for r in (first, *rest))),
        )
        for _, (first, *rest) in ((claim, list(rows)) for claim, rows in groupby(shown, key=lambda row: row["claim"]))
    )


def readings(found: Assessment) -> tuple[Reading, ...]:
    """What the findings rest on, the least sure first."""
    rests: dict[Interpretation, list[str]] = {}
    for finding in found.findings:
        for item in finding.rests_on:
            rests.setdefault(item, []).append(named(finding.about))
    return tuple(Reading(item, tuple(dict.fromkeys(rests[item]))) for item in unsure_first(tuple(rests)))


def passages(found: Assessment, knowledge: Knowledge) -> tuple[Passage, ...]:
    """The sources that the findings and the results of validation rest on, in the order of the toolkit."""
    parts = {knowledge.label(iri): iri for iri in knowledge.subjects("rdf:type", MWKB + "SourcePart")}
    short = {label.partition(",")[0]: label for label in parts}
    cited: dict[str, tuple[set[str], set[str]]] = {}

    def cite(label: str, lines: str, by: str) -> None:
        held, rules = cited.setdefault(label, (set(), set()))
        held.update(filter(None, lines.split(", ")))
        rules.add(by)

    for reason in (reason for finding in found.findings for reason in finding.reasons):
        for source in reason.warrant:
            cite(source.label, source.lines, reason.rule)
    for result in found.validation:
        for label, lines in _written(result.warrant):
            cite(short.get(label, label), lines, local_name(result.shape))

    def order(label: str) -> tuple[object, ...]:
        lines = [line for text in cited[label][0] for line, _ in ranges(text)]
        return (label not in parts, min(lines, default=0), label)

    return tuple(
        Passage(label, ", ".join(sorted(cited[label][0], key=ranges)), tuple(sorted(cited[label][1])))
        for label in sorted(cited, key=order)
    )


def _written(warrant: str) -> list[tuple[str, str]]:
    """The parts and lines of a shape's warrant, such as ``Section 5.8, lines 1-2; appendix 4, lines 3``."""
    matches = (re.fullmatch(r"(.*), lines? ([\d, -]+)", part) for part in warrant.split("; "))
    return [(match[1][:1].upper() + match[1][1:], match[2]) for match in matches if match]


def parts(found: Assessment) -> tuple[Part, ...]:
    """The checks by part of the plan, first those parts that it has."""
    said = {Breach(result.shape, result.focus) for result in found.validation}
    every = []
    for name, (first, *rest) in ((name, list(checks)) for name, checks in groupby(found.checks, key=lambda check: check.part)):
        size = f"{first.looked_at or 'no'} {'entry' if first.looked_at == 1 else 'entries'}"
        outcomes = tuple(_outcome(check, said) for check in (first, *rest))
        every.append((not first.looked_at, Part(f"{name}: {size}", outcomes)))
    return tuple(part for _, part in sorted(every, key=lambda item: item[0]))


def _outcome(check: Check, said: Set[Breach]) -> Outcome:
    if not check.found:
        return Outcome(check, "Passed", "passed") if check.looked_at else Outcome(check, "Nothing to look at", "empty")
    # What only a name that is not known breaks is said there.
    elsewhere = "" if all(Breach(check.shape, focus) in said for focus in check.found) else "; see Name"
    breaks = "breaks" if len(check.found) == 1 else "break"
    return Outcome(check, f"{len(check.found)} of {check.looked_at} {breaks} it{elsewhere}", "found")


def versions(found: Assessment, knowledge: Knowledge) -> tuple[Version, ...]:
    shapes = turtle_store(files.shape_file("plan"))
    stated = shapes.quads_for_pattern(None, NamedNode(OWL + "versionInfo"), None)
    shape_version = next((quad.object.value for quad in stated if isinstance(quad.object, Literal)), "unknown")
    return (
        Version("mwkb", found.mwkb_version, "the program"),
        Version("Knowledge base", found.knowledge_version, _digest([*files.ontology_files(), *files.fact_files()])),
        Version("Shapes", shape_version, _digest([files.shape_file("plan")])),
        Version("Rules", f"{len(knowledge.rules)} rules", _digest(files.rule_files())),
    )


def parameters(found: Assessment, knowledge: Knowledge) -> tuple[Version, ...]:
    """The parameters that were in force, with what they set."""
    shown = []
    for name, value in found.parameters:
        iri = f"{KB}parameter-{name}"
        choice = KB + value if KB + value in knowledge.names else ""
        printed = knowledge.label(choice) if choice else f"{value} {knowledge.value(iri, 'mwkb:unit') or ''}".strip()
        shown.append(Version(knowledge.label(iri), printed, f"{name}={value}"))
    return tuple(shown)


def _digest(paths: Iterable[Path]) -> str:
    """What tells one content of some files from another."""
    whole = hashlib.sha256(b"\0".join(path.read_bytes() for path in paths)).hexdigest()
    return f"content {whole[:12]}"
