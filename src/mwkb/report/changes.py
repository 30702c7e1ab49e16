"""What changed in the knowledge base, as Markdown for a pull request and as JSON."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Sequence

from mwkb.difference import Difference
from mwkb.findings import Finding
from mwkb.problems import printable
from mwkb.report.difference import KINDS
from mwkb.report.structured import plain
from mwkb.report.words import numbered
from mwkb.revision.changes import ORDER, Changed, Changes, Turn
from mwkb.revision.effect import Effect
from mwkb.revision.things import TEXT, shortened

HEADINGS = {
    "term": "Terms",
    "fact": "Facts",
    "shape": "Shapes",
    "rule": "Rules",
    "query": "Queries",
    "module": "Modules",
    "borrowed term": "Borrowed terms",
}
HOW = ("added", "removed", "deprecated", "changed")


def changes_markdown(found: Changes, effects: Sequence[Effect]) -> str:
    """The changes by kind and thing, then what they do to plans."""
    lines = [
        f"# From {_named(found.before, found.version_before)} to {_named(found.after, found.version_after)}",
        "",
        _counts(found),
    ]
    for kind in ORDER:
        things = [thing for thing in found.things if thing.kind == kind]
        if things:
            lines += ["", f"## {HEADINGS[kind]}", ""]
            lines += [line for thing in things for line in _thing(thing)]
    if effects:
        lines += ["", "## What it does to plans", ""]
        lines += [line for effect in effects for line in _effect(effect)]
    return "\n".join(lines) + "\n"


def _named(name: str, version: str) -> str:
    return f"{name}, version {version}" if version and version not in name else name


def _counts(found: Changes) -> str:
    counts = [f"{len(found.of(how))} {how}" for how in HOW if found.of(how)]
    return f"{', '.join(counts)}." if counts else "Nothing is changed."


def _thing(thing: Changed) -> Iterator[str]:
    yield f"- **{_text(thing.name)}** `{shortened(thing.iri)}` {thing.how}" + (
        f": {_text(thing.summary)}" if thing.how in ("added", "removed") and thing.summary else ""
    )
    for turn in thing.turns:
        yield from _turn(turn)


def _turn(turn: Turn) -> Iterator[str]:
    if turn.property == TEXT or any("\n" in value for value in (*turn.gone, *turn.came)):
        yield f"  - {turn.property}:"
        old, new = ("\n".join(values).splitlines() for values in (turn.gone, turn.came))
        shown = [line for line in difflib.unified_diff(old, new, lineterm="", n=1) if not line.startswith(("---", "+++", "@@"))]
        yield from ("    " + line for line in ["```diff", *map(printable, shown), "```"])
        return
    name = f"{turn.property} ({turn.how})" if turn.how in ("relabelled", "re-parented") else turn.property
    if len(turn.gone) == len(turn.came) == 1:
        yield f"  - {name}: {_text(turn.gone[0])} → {_text(turn.came[0])}"
        return
    for verb, values in (("no longer", turn.gone), ("now", turn.came)):
        if values:
            yield f"  - {name}, {verb}: {'; '.join(map(_text, values))}"


def _text(words: str) -> str:
    """A text in which nothing is taken for Markdown or HTML."""
    return "".join(f"\\{letter}" if letter in "\\`*_<>[]|#" else letter for letter in printable(words))


def _effect(effect: Effect) -> Iterator[str]:
    if effect.difference is None:
        yield f"- `{effect.plan}`: {_text(effect.problem)}"
    elif effect.difference.is_empty:
        yield f"- `{effect.plan}`: nothing changes."
    else:
        yield f"- `{effect.plan}`"
        yield from _difference(effect.difference)


def _difference(found: Difference) -> Iterator[str]:
    for verb, findings, results in (
        ("opens", found.opened, found.results_opened),
        ("closes", found.closed, found.results_closed),
    ):
        yield from (f"  - {verb}: {each.severity} · {_text(each.title)}: {_text(each.message)}" for each in results)
        yield from (f"  - {verb}: {_finding(each)}" for each in findings)
    yield from (f"  - stays, on other grounds: {_finding(after)}" for _, after in found.altered)
    if found.moves:
        yield f"  - {numbered(len(found.moves), 'intervention moves', 'interventions move')} in the decision matrix"


def _finding(finding: Finding) -> str:
    name = f"{finding.about.notation} {finding.about.label}".strip()
    rules = ", ".join(dict.fromkeys(reason.rule for reason in finding.reasons))
    return f"{finding.severity} · {_text(name)} · {KINDS[finding.kind]} \\[{rules}\\]"


def changes_json(found: Changes, effects: Sequence[Effect]) -> str:
    """The same for programs; of assessments, the findings that open, close or stay on other grounds by their ids."""
    content = {**plain(found), "plans": [_effect_json(effect) for effect in effects]}
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _effect_json(effect: Effect) -> dict[str, object]:
    found = effect.difference
    if found is None:
        return {"plan": effect.plan, "problem": effect.problem}
    return {
        "plan": effect.plan,
        "opened": [finding.id for finding in found.opened],
        "closed": [finding.id for finding in found.closed],
        "altered": [after.id for _, after in found.altered],
        "results_opened": [plain(result) for result in found.results_opened],
        "results_closed": [plain(result) for result in found.results_closed],
        "moves": [move.intervention.iri for move in found.moves],
    }
