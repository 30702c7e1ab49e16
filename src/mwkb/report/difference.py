"""What changes from one assessment to another, as text, JSON and CSV."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from mwkb.assessment import Assessment
from mwkb.difference import Difference, Move
from mwkb.findings import Finding, Rating
from mwkb.report import words
from mwkb.report.structured import plain, table_csv
from mwkb.report.text import MARKS, blocks, headed, result_block, wrapped
from mwkb.report.words import numbered
from mwkb.validate import Result

KINDS = {
    "recommendation": "recommendation",
    "plan-gap": "gap in the plan",
    "data-gap": "gap in what is recorded",
    "toolkit-gap": "gap in the toolkit",
    "challenge": "question",
}
"""What a person calls each kind of finding."""


def difference_text(found: Difference, heading: str) -> str:
    """The difference for a person; ``heading`` says between what."""
    lines = [wrapped(heading), *_versions(found), ""]
    if found.is_empty:
        return "\n".join([*lines, "Nothing changes."]) + "\n"
    lines += [wrapped(_counted(found)), ""]
    for name, findings, results in (
        ("Opens", found.opened, found.results_opened),
        ("Closes", found.closed, found.results_closed),
    ):
        if findings or results:
            lines += headed(f"{name} ({len(findings) + len(results)})", "")
            lines += blocks([*map(result_block, results), *(_finding(f, n) for n, f in enumerate(findings, 1))])
    if found.altered:
        lines += [
            *headed(f"Stays, on other grounds ({len(found.altered)})", ""),
            *blocks(_altered(*pair) for pair in found.altered),
        ]
    if found.moves:
        lines += [*headed(f"Moves in the decision matrix ({len(found.moves)})", ""), *map(_move, found.moves), ""]
    if found.coverage:
        lines += headed("Coverage of the ten commissioning areas", "")
        lines += [f"  {c.area.notation:>2}  {c.area.label}: {c.before} -> {c.after}" for c in found.coverage] + [""]
    return "\n".join(lines).rstrip() + "\n"


def _versions(found: Difference) -> list[str]:
    """The two plans, and by which versions their findings were made."""
    made = dict.fromkeys(words.versions(a.mwkb_version, a.knowledge_version) for a in (found.before, found.after))
    return [*(wrapped(f"{word} {_named(a)}") for word, a in (("from", found.before), ("to  ", found.after))), *made]


def _named(found: Assessment) -> str:
    version = f", version {found.plan_version}" if found.plan_version else ""
    return f"{found.plan.label}{version} · {found.file}"


def _counted(found: Difference) -> str:
    opened, closed = len(found.opened) + len(found.results_opened), len(found.closed) + len(found.results_closed)
    moves = len(found.moves)
    return f"{numbered(opened, 'finding opens', 'findings open')}, {numbered(closed, 'closes', 'close')}, " + (
        f"{numbered(moves, 'intervention moves', 'interventions move')} in the matrix."
    )


def _finding(finding: Finding, number: int) -> list[str]:
    name = f"{finding.about.notation} {finding.about.label}".strip()
    head = f"{name} · {KINDS[finding.kind]} · {_severity(finding)}"
    return [
        wrapped(head, f"{number:3}. ", "     "),
        *(wrapped(f"{reason.says} [{reason.rule}]", "     - ", "       ") for reason in finding.reasons),
    ]


def _altered(before: Finding, after: Finding) -> list[str]:
    name = f"{after.about.notation} {after.about.label}".strip()
    old, new = ({f"{r.says} [{r.rule}]" for r in finding.reasons} for finding in (before, after))
    return [
        wrapped(f"{name} · {KINDS[after.kind]}", "  "),
        *(wrapped(f"{was} -> {now}", "     * ", "       ") for was, now in _turned(before, after) if was != now),
        *(wrapped(f"no longer: {words}", "     - ", "       ") for words in sorted(old - new)),
        *(wrapped(f"now: {words}", "     + ", "       ") for words in sorted(new - old)),
    ]


def _turned(before: Finding, after: Finding) -> Iterator[tuple[str, str]]:
    """What a finding that stays was and is now: severity, strength and cell, or evidence where it is not rated."""
    yield _severity(before), _severity(after)
    yield before.strength, after.strength
    if before.rating or after.rating:
        yield _cell(before.rating), _cell(after.rating)
    else:
        yield f"evidence {before.evidence or 'not known'}", f"evidence {after.evidence or 'not known'}"


def _severity(finding: Finding) -> str:
    return MARKS[finding.severity].split(" ", 1)[1].lower()


def _move(move: Move) -> str:
    name = f"{move.intervention.notation} {move.intervention.label}".strip()
    return wrapped(f"{name}: {_cell(move.before)} -> {_cell(move.after)}", "  ", "      ")


def _cell(rating: Rating | None) -> str:
    if rating is None:
        return "not rated"
    return f"{rating.symbol} {rating.category.label} ({rating.evidence} x {rating.priority} = {rating.score})".strip()


def difference_json(found: Difference) -> str:
    """The difference as JSON: of the two assessments only what names them."""
    content = {name: plain(getattr(found, name)) for name in ("opened", "closed", "altered", "moves", "coverage")}
    content |= {"results_opened": plain(found.results_opened), "results_closed": plain(found.results_closed)}
    sides = {side: _side(getattr(found, side)) for side in ("before", "after")}
    return json.dumps({**sides, **content}, ensure_ascii=False, indent=2) + "\n"


def _side(found: Assessment) -> dict[str, object]:
    return {
        "plan": plain(found.plan),
        "file": found.file,
        "plan_version": found.plan_version,
        "mwkb_version": found.mwkb_version,
        "knowledge_version": found.knowledge_version,
        "parameters": dict(found.parameters),
    }


COLUMNS = ("change", "kind", "severity", "id", "name", "message", "rules", "from", "to")


def difference_csv(found: Difference) -> str:
    """A row for each finding or result that opens or closes, and for each move."""
    return table_csv(COLUMNS, list(_rows(found)))


def _rows(found: Difference) -> Iterator[Sequence[object]]:
    for change, findings, results in (
        ("opens", found.opened, found.results_opened),
        ("closes", found.closed, found.results_closed),
    ):
        for result in results:
            yield _result_row(change, result)
        for finding in findings:
            yield _finding_row(change, finding)
    for _, after in found.altered:
        yield _finding_row("stays, on other grounds", after)
    for move in found.moves:
        yield (
            "moves",
            "rating",
            "",
            move.intervention.iri,
            move.intervention.label,
            "",
            "",
            _cell(move.before),
            _cell(move.after),
        )
    for area in found.coverage:
        yield ("covers", "area", "", area.area.iri, area.area.label, "", "", area.before, area.after)


def _result_row(change: str, result: Result) -> Sequence[object]:
    return (change, "validation", result.severity, result.shape, result.title, result.message, "", "", "")


def _finding_row(change: str, finding: Finding) -> Sequence[object]:
    says = " ".join(reason.says for reason in finding.reasons)
    rules = " ".join(dict.fromkeys(reason.rule for reason in finding.reasons))
    return (change, finding.kind, finding.severity, finding.id, finding.about.label, says, rules, "", "")
