"""A proof, or why there is none, as plain text for a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mwkb.explain import Fact, Met, Step
from mwkb.report import words
from mwkb.report.text import wrapped
from mwkb.source import Source
from mwkb.why_not import Failure


def proof_text(name: str, steps: Sequence[Step], versions: Mapping[str, str]) -> str:
    """A proof, each rule with its conditions and what met them; a step shown before is only named."""
    shown: set[Step] = set()
    lines = [f"{name}: why", words.versions(*versions.values()), ""]
    for step in steps:
        lines += [*_step(step, 0, shown), ""]
    return "\n".join(lines).rstrip() + "\n"


def _step(step: Step, indent: int, shown: set[Step]) -> list[str]:
    pad = " " * indent
    if step in shown:
        return [wrapped(f"{step.rule} {step.title}, as above", pad)]
    shown.add(step)
    lines = [wrapped(f"{step.rule} {step.title}", pad), wrapped(f"by {_cited(step.warrant)}", pad + "  ")]
    for condition in step.conditions:
        lines += _met(condition, indent + 2, shown)
    return lines


def _met(met: Met, indent: int, shown: set[Step]) -> list[str]:
    pad = " " * indent
    lines = [wrapped(f"{met.words}{': nothing found' if met.absence else ''}", pad + "* ", pad + "  ")]
    lines += [wrapped(value, pad + "    ") for value in met.computed]
    lines += _facts(met.facts, indent + 4)
    for step in met.steps:
        lines += _step(step, indent + 4, shown)
    return lines


def _facts(facts: Sequence[Fact], indent: int) -> list[str]:
    """Facts of one thing from one source on one line."""
    pad = " " * indent
    grouped: dict[tuple[str, str], list[str]] = {}
    for fact in facts:
        rest = fact.words.removeprefix(f"{fact.subject} — ")
        where = str(fact.place) if fact.place else _cited(fact.sources)
        name = f"parameter {fact.subject}" if fact.parameter else fact.subject
        grouped.setdefault((name, where), []).append(rest.replace(" — ", " ", 1))
    return [wrapped(f"{subject}: {'; '.join(rest)}  [{where}]", pad, pad + "  ") for (subject, where), rest in grouped.items()]


def _cited(sources: Sequence[Source]) -> str:
    return "; ".join(map(str, sources)) or "the plan"


def failures_text(finding: str, name: str, found: Sequence[Failure], versions: Mapping[str, str]) -> str:
    """Why there is no finding of that id, which is about what has that name."""
    named = f"{finding} ({name})" if name else finding
    if not found:
        return wrapped(f"There is a finding {named}.") + "\n"
    lines = [wrapped(f"There is no finding {named}. Each rule that could have concluded it fails at a condition:")]
    lines += [words.versions(*versions.values()), ""]
    for failure in found:
        lines += [*_failure(failure, 0, set()), ""]
    return "\n".join(lines).rstrip() + "\n"


def _failure(failure: Failure, indent: int, shown: set[Step]) -> list[str]:
    pad = " " * indent
    lines = [wrapped(f"{failure.rule} {failure.title}", pad), wrapped(f"by {_cited(failure.warrant)}", pad + "  ")]
    lines.append(wrapped(f"fails: {failure.condition}", pad + "  x ", pad + "    "))
    lines += [wrapped(f"there is: {words}", pad + "    ", pad + "      ") for words in failure.instead]
    if failure.would_serve:
        lines.append(wrapped(f"would serve: {', '.join(failure.would_serve)}", pad + "    ", pad + "      "))
    if failure.against:
        lines += [wrapped("against it stands:", pad + "    "), *_facts(failure.against, indent + 6)]
    for step in failure.because:
        lines += _step(step, indent + 6, shown)
    for deeper in failure.deeper:
        lines += _failure(deeper, indent + 4, shown)
    return lines
