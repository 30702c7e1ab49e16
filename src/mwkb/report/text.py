"""An assessment as plain text for a person."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from mwkb.assessment import Assessment
from mwkb.findings import Finding, GuidanceLink, Interpretation, Kind, Reason
from mwkb.plan import FORMATS
from mwkb.problems import printable
from mwkb.validate import UNDEFINED, Result, Severity

WIDTH = 100
MARKS = {"violation": "x Violation", "warning": "! Warning", "info": "i Info"}
TITLES: dict[Kind, tuple[str, str]] = {
    "recommendation": (
        "Recommendations",
        "Worth commissioning for the needs that are recorded. A rating is not a decision: local judgement comes on top.",
    ),
    "plan-gap": ("Gaps in the plan", "What the locality can close by changing its plan."),
    "data-gap": ("Gaps in what is recorded", "Unknown is not absent: nothing is concluded from these parts."),
    "toolkit-gap": ("Gaps in the toolkit", "Needs for which the toolkit itself offers nothing."),
    "challenge": ("Questions of the decision matrix", "Answer them in the plan's rationale."),
}


def assessment(found: Assessment, kinds: Sequence[Kind] = tuple(TITLES), validation: bool = True) -> str:
    """The report of an assessment; ``kinds`` and ``validation`` choose its parts."""
    lines = [wrapped(found.plan.label), *_about(found), ""]
    if validation:
        lines += [verdict(found), ""]
        if found.validation:
            lines += [
                *headed(f"What is to be mended ({len(found.validation)})", ""),
                *blocks(map(result_block, found.validation)),
            ]
        else:
            lines += [wrapped("Nothing is to be mended: every check of the shapes passed."), ""]
    for kind in kinds:
        chosen = found.of_kind(kind)
        title, note = TITLES[kind]
        if chosen:
            lines += [
                *headed(f"{title} ({len(chosen)})", note),
                *blocks(_finding(f, n, found.file) for n, f in enumerate(chosen, 1)),
            ]
        elif len(kinds) < len(TITLES):
            lines += [*headed(f"{title} (0)", note), ""]
    if validation and found.planned_interventions:
        lines += _coverage(found)
    lines += [wrapped(notice) for notice in found.notices]
    return "\n".join(lines).rstrip() + "\n"


def verdict(found: Assessment) -> str:
    """The outcome in a sentence or two."""
    lines = [f"The plan can{'' if found.conforms else 'not'} be read as it stands: {_counted(found)}."]
    what = [
        _number(len(found.of_kind("recommendation")), "recommendation"),
        _number(len(found.of_kind("plan-gap", "data-gap", "toolkit-gap")), "gap"),
        _number(len(found.of_kind("challenge")), "question"),
    ]
    lines.append(f"The rules found {what[0]}, {what[1]} and {what[2]}.")
    return "\n".join(wrapped(line) for line in lines)


def validation(found: Assessment) -> str:
    """Only what the shapes found."""
    lines = [wrapped(found.plan.label), *_about(found), ""]
    lines += [f"{'Valid' if found.conforms else 'Not valid'}: {_counted(found)}.", ""]
    return "\n".join([*lines, *blocks(map(result_block, found.validation))]).rstrip() + "\n"


def _counted(found: Assessment) -> str:
    words: dict[Severity, str] = {"violation": "violation", "warning": "warning", "info": "remark"}
    return ", ".join(_number(sum(r.severity == s for r in found.validation), word) for s, word in words.items())


def _about(found: Assessment) -> list[str]:
    parts = [found.locality, f"plan version {found.plan_version}" if found.plan_version else "", found.file]
    versions = [
        f"mwkb {found.mwkb_version}",
        f"knowledge base {found.knowledge_version}",
        *(f"{k} = {v}" for k, v in found.parameters),
    ]
    return [wrapped(" · ".join(filter(None, parts))), wrapped(" · ".join(versions))]


def numbered(count: int, one: str, several: str) -> str:
    """A count with its words: ``1 gap``, ``2 gaps``, ``no gaps``."""
    return f"{count or 'no'} {one if count == 1 else several}"


def _number(count: int, noun: str) -> str:
    return numbered(count, noun, noun + "s")


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
    value = f" Found: {result.value}." if result.value and "://" not in result.value and result.shape != UNDEFINED else ""
    lines = [wrapped(" · ".join(filter(None, head)), "  "), wrapped(result.message + value, "      ")]
    return [*lines, wrapped(f"({result.warrant})", "      ")] if result.warrant else lines


def _finding(finding: Finding, number: int, file: str) -> list[str]:
    name = f"{finding.about.notation} {finding.about.label}".strip()
    lines = [wrapped(name, f"{number:3}. ", "     ")]
    if score := _score(finding):
        lines.append(wrapped(score, "     "))
    if finding.question:
        lines.append(wrapped(finding.question, "     ? ", "       "))
    lines += [wrapped(_reason(reason), "     - ", "       ") for reason in finding.reasons]
    for answer in finding.answers:
        lines.append(wrapped(f"The plan answers: {answer}", "     - ", "       "))
    if finding.answers_needs:
        lines.append(wrapped(f"Multiple gain: it answers {finding.answers_needs} of the needs recorded.", "     - ", "       "))
    if finding.fits:
        lines.append(wrapped(f"Fits the objective: {', '.join(t.label for t in finding.fits)}.", "     - ", "       "))
    if finding.also_benefits:
        lines.append(wrapped(f"Also benefits: {', '.join(t.label for t in finding.also_benefits)}.", "     - ", "       "))
    if finding.guidance:
        lines.append(wrapped(f"Guidance: {'; '.join(map(_guidance, finding.guidance))}.", "     - ", "       "))
    for action in finding.actions:
        lines.append(wrapped(action, "     > ", "       "))
    if finding.rests_on:
        lines.append(
            wrapped(f"Rests on: {'; '.join(map(_interpretation, _unsure_first(finding.rests_on)))}.", "     ~ ", "       ")
        )
    if file.lower().endswith(FORMATS):
        lines.append(f"     mwkb explain '{file}#{finding.id}'")
    return lines


def _guidance(link: GuidanceLink) -> str:
    since = f" (since replaced by {' and '.join(t.label for t in link.successors)})" if link.successors else ""
    return f"{link.guidance.label}{since}"


def _unsure_first(rests_on: Sequence[Interpretation]) -> list[Interpretation]:
    order = {"weak": 0, "medium": 1}
    return sorted(rests_on, key=lambda i: (order.get(i.confidence, 2), i.label))


def _interpretation(item: Interpretation) -> str:
    alternative = f"; otherwise: {item.alternative.rstrip('.')}" if item.confidence == "weak" and item.alternative else ""
    return f"{item.label} ({item.confidence}{alternative})"


def _score(finding: Finding) -> str:
    if finding.rating:
        rating = finding.rating
        inherited = ", inherited from its area" if rating.inherited else ""
        by = f", asserted by {rating.evidence_by}" if rating.evidence_by else ""
        parts = [f"{rating.symbol} {rating.category.label}".strip(), finding.strength]
        score = f"score {rating.score} = evidence {rating.evidence}{inherited}{by} x priority {rating.priority}"
        return " · ".join([*filter(None, parts), score])
    if finding.kind == "recommendation":
        return f"evidence {finding.evidence or 'not known'}, no local priority given"
    return ""


def _reason(reason: Reason) -> str:
    """A reason with what shows it, its rule and its place."""
    record = reason.record
    shown = (
        [
            f"{o.indicator.label} {o.value} {_unit(o.unit)}in {o.year}, rank {o.rank} of {o.areas} from the worst"
            for o in record.observations
        ]
        if record
        else []
    )
    if record and record.evidence:
        shown.append(record.evidence.rstrip("."))
    where = f" · {record.place}" if record and record.place else ""
    evidence = f" {'; '.join(shown)}." if shown else ""
    return f"{reason.says}{evidence} [{reason.rule}{where}]"


def _unit(unit: str) -> str:
    return f"({unit}) " if unit and unit != "unit unknown" else ""


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
    return [*lines, "", wrapped(f"The plan has {_number(found.planned_interventions, 'intervention')}.{cost}"), ""]
