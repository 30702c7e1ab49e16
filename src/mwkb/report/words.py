"""The sentences about an assessment that its reports share."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from mwkb.assessment import Assessment
from mwkb.findings import Finding, GuidanceLink, Interpretation, Kind, Reason, Thing
from mwkb.validate import Severity

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


SEVERITIES: dict[Severity, str] = {"violation": "Violation", "warning": "Warning", "info": "Remark"}


def sentences(found: Assessment) -> tuple[str, ...]:
    """Whether the plan can be read, if it was checked, and what the rules found."""
    what = [
        counted(len(found.of_kind("recommendation")), "recommendation"),
        counted(len(found.of_kind("plan-gap", "data-gap", "toolkit-gap")), "gap"),
        counted(len(found.of_kind("challenge")), "question"),
    ]
    concluded = f"The rules found {what[0]}, {what[1]} and {what[2]}."
    if not found.checks:
        return (concluded,)
    said = severities(found) if found.validation else no_fault(found)
    return (f"The plan can{'' if found.conforms else 'not'} be read as it stands: {said}.", concluded)


def versions(mwkb: str, knowledge: str) -> str:
    """By which versions of the program and the knowledge base something was found."""
    return f"mwkb {mwkb} · knowledge base {knowledge}"


def no_fault(found: Assessment) -> str:
    """That no check found a fault, with how many could not have found one."""
    empty = sum(not check.looked_at for check in found.checks)
    return "no check found a fault" + (f"; {empty} of {len(found.checks)} had nothing to look at" if empty else "")


def severities(found: Assessment) -> str:
    """How many results of validation there are of each severity."""
    return ", ".join(counted(sum(r.severity == s for r in found.validation), word.lower()) for s, word in SEVERITIES.items())


def numbered(count: int, one: str, several: str) -> str:
    """A count with its words: ``1 gap``, ``2 gaps``, ``no gaps``."""
    return f"{count or 'no'} {one if count == 1 else several}"


def counted(count: int, noun: str) -> str:
    """The same for a noun with a plural in s."""
    return numbered(count, noun, noun + "s")


def named(thing: Thing) -> str:
    """A thing by its number, if it has one, and its name."""
    return f"{thing.notation} {thing.label}".strip()


def guidance(link: GuidanceLink) -> str:
    since = f" (since replaced by {' and '.join(t.label for t in link.successors)})" if link.successors else ""
    return f"{link.guidance.label}{since}"


def unsure_first(rests_on: Sequence[Interpretation]) -> list[Interpretation]:
    order = {"weak": 0, "medium": 1}
    return sorted(rests_on, key=lambda i: (order.get(i.confidence, 2), i.label))


def interpretation(item: Interpretation) -> str:
    alternative = f"; otherwise: {item.alternative.rstrip('.')}" if item.confidence == "weak" and item.alternative else ""
    return f"{item.label} ({item.confidence}{alternative})"


def sentence(text: str) -> str:
    """A text as a sentence begins."""
    return text[:1].upper() + text[1:]


def score(finding: Finding, times: str = "×") -> str:
    """The score of what is rated with what it is made of; of a recommendation that is not rated, what is known."""
    if finding.rating:
        rating = finding.rating
        inherited = ", inherited from its area" if rating.inherited else ""
        by = f", asserted by {rating.evidence_by}" if rating.evidence_by else ""
        return f"score {rating.score} = evidence {rating.evidence}{inherited}{by} {times} priority {rating.priority}"
    if finding.kind == "recommendation":
        return f"evidence {finding.evidence or 'not known'}, no local priority given"
    return ""


def explain_command(file: str, finding: str) -> str:
    """The command that proves a finding, as a shell takes it."""
    return f"mwkb explain {shlex.quote(f'{file}#{finding}')}"


def reason(given: Reason) -> str:
    """A reason with what shows it, its rule and its place."""
    record = given.record
    where = f" · {record.place}" if record and record.place else ""
    return f"{grounds(given)} [{given.rule}{where}]"


def grounds(given: Reason) -> str:
    """A reason with what shows it: published figures and what the plan records."""
    record = given.record
    if record is None:
        return given.says
    shown = [
        f"{o.indicator.label} {o.value} {_unit(o.unit)}in {o.year}, rank {o.rank} of {o.areas} from the worst"
        for o in record.observations
    ]
    if record.evidence:
        shown.append(record.evidence.rstrip("."))
    return given.says + (f" {'; '.join(shown)}." if shown else "")


def _unit(unit: str) -> str:
    return f"({unit}) " if unit and unit != "unit unknown" else ""
