"""What is to be mended or answered in a plan, one thing each with its place: what tools for developers are told.

A recommendation is no fault of a plan and is not among them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from mwkb.assessment import Assessment
from mwkb.findings import Finding
from mwkb.problems import Place
from mwkb.report.words import named
from mwkb.validate import SEVERITIES, UNDEFINED, Result, Severity
from mwkb.vocabulary import local_name


@dataclass(frozen=True)
class Fault:
    """A result of validation, a gap or a question.

    ``rule`` is the id of the shape or rule, ``key`` stays the same when lines before it come or go.
    """

    rule: str
    severity: Severity
    title: str
    message: str
    place: Place
    key: tuple[str, ...]


def faults(found: Assessment) -> tuple[Fault, ...]:
    """The faults of a plan, the gravest first, each with a key of its own."""
    seen: Counter[tuple[str, ...]] = Counter()
    every = []
    for fault in _each(found):
        seen[fault.key] += 1
        every.append(replace(fault, key=(*fault.key, str(seen[fault.key]))))
    return tuple(sorted(every, key=lambda fault: SEVERITIES.index(fault.severity)))


def _each(found: Assessment) -> Iterator[Fault]:
    whole = Place(found.file)
    for result in found.validation:
        about = result.about or result.focus.removeprefix(found.plan.iri)
        rule = local_name(result.shape)
        key = (rule, about, result.path or "", result.value or "")
        yield Fault(rule, result.severity, result.title or "The plan", said(result), result.place or whole, key)
    for finding in gaps_and_questions(found):
        title = named(finding.about)
        yield Fault(finding.reasons[0].rule, finding.severity, title, conclusion(finding), finding.place or whole, (finding.id,))


def gaps_and_questions(found: Assessment) -> tuple[Finding, ...]:
    return found.of_kind("plan-gap", "data-gap", "toolkit-gap", "challenge")


def said(result: Result) -> str:
    """What is wrong and what to do, with the value that was found where that is a text."""
    shown = result.value and "://" not in result.value and result.shape != UNDEFINED
    return result.message + (f" Found: {result.value}." if shown else "")


def conclusion(finding: Finding) -> str:
    """What the rules say of a finding, and what to do about it, as one text."""
    reasons = dict.fromkeys(reason.says for reason in finding.reasons)
    return " ".join([*filter(None, [finding.question]), *reasons, *finding.actions])
