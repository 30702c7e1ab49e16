"""The list of rules as text, CSV and Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from mwkb.report.structured import table_csv
from mwkb.report.text import headed, wrapped
from mwkb.rules.listing import Listed
from mwkb.shapebook import ListedShape

COLUMNS = ("rule", "title", "stratum", "reads", "needs absence of", "counts", "concludes", "warrant", "firing", "silent")


def rules_text(rules: Sequence[Listed]) -> str:
    """The rules by stratum: what each reads, needs to be absent, counts and concludes."""
    lines = []
    for stratum, several in groupby(rules, key=lambda rule: rule.stratum):
        layer = list(several)
        lines += headed(f"Stratum {stratum} ({len(layer)})", "")
        for rule in layer:
            lines.append(wrapped(f"{rule.id} {rule.title}", "", "  "))
            for words, terms in (
                ("reads", rule.reads),
                ("needs absence of", rule.needs_absence_of),
                ("counts", rule.counts),
                ("concludes", rule.concludes),
            ):
                if terms:
                    lines.append(wrapped(f"{words}: {', '.join(map(_plain, terms))}", "  ", "    "))
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _plain(term: str) -> str:
    """A term without the prefix that nearly all have."""
    return term.removeprefix("mwkb:")


def rules_csv(rules: Sequence[Listed]) -> str:
    """A row for each rule, several terms in a cell parted by spaces."""
    return table_csv(
        COLUMNS,
        [
            (
                rule.id,
                rule.title,
                rule.stratum,
                " ".join(rule.reads),
                " ".join(rule.needs_absence_of),
                " ".join(rule.counts),
                " ".join(rule.concludes),
                _warrant(rule),
                rule.cases.fire if rule.cases else "",
                rule.cases.silent if rule.cases else "",
            )
            for rule in rules
        ],
    )


def catalogue_markdown(rules: Sequence[Listed], plan: Sequence[ListedShape], kb: Sequence[ListedShape]) -> str:
    """The page of the documentation on rules and shapes: what each says, on what warrant, in which layer, with what cases."""
    ruled = [
        (
            f"[{rule.id}](../rules/inference/{rule.id}.rq)",
            rule.title,
            _warrant(rule),
            f"stratum {rule.stratum}",
            f"{rule.cases.fire} fire, {rule.cases.silent} stay silent" if rule.cases else "",
        )
        for rule in sorted(rules, key=lambda r: r.id)
    ]
    return "\n".join(
        [
            "# Rules and shapes",
            "",
            "Made by `mwkb rules --format markdown` from the files; lines are those of the toolkit's text. Rules run stratum",
            "by stratum; a shape that is broken is a violation, a warning or a remark.",
            "",
            "## Inference rules",
            "",
            *_table(("Rule", "Says", "Warrant", "Layer", "Cases"), ruled),
            "",
            "## Shapes of a plan",
            "",
            *_table(("Shape", "Checks", "Warrant", "Layer", "Cases"), _shaped(plan)),
            "",
            "## Shapes of the knowledge base",
            "",
            *_table(("Shape", "Checks", "Warrant", "Layer", "Cases"), _shaped(kb)),
            "",
        ]
    )


def _shaped(shapes: Sequence[ListedShape]) -> list[tuple[str, ...]]:
    layers = {"violation": "shape, violation", "warning": "shape, warning", "info": "shape, remark"}
    return [(s.id, s.message, s.warrant, layers[s.severity], "" if s.cases is None else str(s.cases)) for s in shapes]


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = [columns, ["---"] * len(columns), *rows]
    return [f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |" for line in lines]


def _warrant(rule: Listed) -> str:
    return "; ".join(map(str, rule.warrant))
