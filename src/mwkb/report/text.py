"""An assessment as plain text for a person."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from mwkb.assessment import Assessment
from mwkb.findings import Finding, Kind
from mwkb.plan import FORMATS
from mwkb.problems import printable
from mwkb.report import words
from mwkb.report.faults import said
from mwkb.validate import Result

WIDTH = 100
MARKS = {"violation": "x Violation", "warning": "! Warning", "info": "i Info"}


def assessment(found: Assessment, kinds: Sequence[Kind] = tuple(words.TITLES), validation: bool = True) -> str:
    """The report of an assessment; ``kinds`` and ``validation`` choose its parts."""
    lines = [wrapped(found.plan.label), *_about(found), ""]
    if validation:
        lines += [verdict(found), ""]
        if found.validation:
            lines += [
                *headed(f"What is to be mended ({len(found.validation)})", ""),
                *blocks(map(result_block, found.validation)),
            ]
        elif found.checks:
            lines += [wrapped("Nothing is to be mended."), ""]
    for kind in kinds:
        chosen = found.of_kind(kind)
        title, note = words.TITLES[kind]
        if chosen:
            lines += [
                *headed(f"{title} ({len(chosen)})", note),
                *blocks(_finding(f, n, found.file) for n, f in enumerate(chosen, 1)),
            ]
        elif len(kinds) < len(words.TITLES):
            lines += [*headed(f"{title} (0)", note), ""]
    if validation and found.planned_interventions:
        lines += _coverage(found)
    lines += [wrapped(notice) for notice in found.notices]
    return "\n".join(lines).rstrip() + "\n"


def verdict(found: Assessment) -> str:
    """The outcome in a sentence or two."""
    return "\n".join(map(wrapped, words.sentences(found)))


def validation(found: Assessment) -> str:
    """Only what the shapes found."""
    lines = [wrapped(found.plan.label), *_about(found), ""]
    lines += [f"{'Valid' if found.conforms else 'Not valid'}: {words.severities(found)}.", ""]
    return "\n".join([*lines, *blocks(map(result_block, found.validation))]).rstrip() + "\n"


def _about(found: Assessment) -> list[str]:
    parts = [found.locality, f"plan version {found.plan_version}" if found.plan_version else "", found.file]
    versions = [words.versions(found.mwkb_version, found.knowledge_version), *(f"{k} = {v}" for k, v in found.parameters)]
    return [wrapped(" · ".join(filter(None, parts))), wrapped(" · ".join(versions))]


def headed(words: str, note: str) -> list[str]:
    """A heading with its line and a note below it."""
    return [words, "-" * len(words), *([wrapped(note)] if note else []), ""]


def blocks(several: Iterable[list[str]]) -> list[str]:
    """Blocks of lines, an empty line after each."""
    return [line for block in several for line in [*block, ""]]


def wrapped(text: str, first: str = "", rest: str | None = None) -> str:
    """A text filled to the width of the report, each line after the first indented by ``rest``."""
    hang = " " * len(first) if rest is None else rest
    return textwrap.fill(
        printable(text), WIDTH, initial_indent=first, subsequent_indent=hang, break_long_words=False, break_on_hyphens=False
    )


def result_block(result: Result) -> list[str]:
    """A result of validation: how serious, where, about which entry, what."""
    head = [MARKS[result.severity], str(result.place or ""), result.title]
    lines = [wrapped(" · ".join(filter(None, head)), "  "), wrapped(said(result), "      ")]
    return [*lines, wrapped(f"({result.warrant})", "      ")] if result.warrant else lines


def _finding(finding: Finding, number: int, file: str) -> list[str]:
    name = words.named(finding.about)
    lines = [wrapped(name, f"{number:3}. ", "     ")]
    category = [f"{finding.rating.symbol} {finding.rating.category.label}".strip()] if finding.rating else []
    if rated := " · ".join(filter(None, [*category, finding.strength if finding.rating else "", words.score(finding, "x")])):
        lines.append(wrapped(rated, "     "))
    if finding.question:
        lines.append(wrapped(finding.question, "     ? ", "       "))
    lines += [wrapped(words.reason(reason), "     - ", "       ") for reason in finding.reasons]
    for answer in finding.answers:
        lines.append(wrapped(f"The plan answers: {answer}", "     - ", "       "))
    if finding.answers_needs:
        lines.append(wrapped(f"Multiple gain: it answers {finding.answers_needs} of the needs recorded.", "     - ", "       "))
    if finding.fits:
        lines.append(wrapped(f"Fits the objective: {', '.join(t.label for t in finding.fits)}.", "     - ", "       "))
    if finding.also_benefits:
        lines.append(wrapped(f"Also benefits: {', '.join(t.label for t in finding.also_benefits)}.", "     - ", "       "))
    if finding.guidance:
        lines.append(wrapped(f"Guidance: {'; '.join(map(words.guidance, finding.guidance))}.", "     - ", "       "))
    for action in finding.actions:
        lines.append(wrapped(action, "     > ", "       "))
    if finding.rests_on:
        lines.append(
            wrapped(
                f"Rests on: {'; '.join(map(words.interpretation, words.unsure_first(finding.rests_on)))}.", "     ~ ", "       "
            )
        )
    if file.lower().endswith(FORMATS):
        lines.append("     " + printable(words.explain_command(file, finding.id)))
    return lines


def _coverage(found: Assessment) -> list[str]:
    lines = headed("Coverage of the ten commissioning areas", "")
    for item in sorted(found.coverage, key=lambda c: c.area.iri):
        note = (
            f"excluded: {item.excluded_because}" if item.excluded_because else "" if item.commissioned else "nothing commissioned"
        )
        bar = "#" * item.commissioned
        lines.append(wrapped(f"{item.area.label}: {item.commissioned} {bar} {note}".rstrip(), f"  {item.area.notation:>2}  "))
    cost = (
        f" Their planned cost is {found.planned_cost:,.0f} pounds, each counted once." if found.planned_cost is not None else ""
    )
    return [*lines, "", wrapped(f"The plan has {words.counted(found.planned_interventions, 'intervention')}.{cost}"), ""]
