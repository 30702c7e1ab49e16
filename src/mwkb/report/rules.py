"""The list of rules as text, CSV and Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from mwkb.report.structured import table_csv
from mwkb.report.text import headed, wrapped
from mwkb.rulebook import Listed

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


def rules_markdown(rules: Sequence[Listed]) -> str:
    """A table of the rules by id: title, warrant, stratum and cases."""
    lines = ["| Rule | What it concludes | Warrant | Stratum | Cases: fires / stays silent |", "| --- | --- | --- | --- | --- |"]
    for rule in sorted(rules, key=lambda r: r.id):
        cases = f"{rule.cases.fire} / {rule.cases.silent}" if rule.cases else ""
        cells = (f"[{rule.id}](../rules/inference/{rule.id}.rq)", rule.title, _warrant(rule), str(rule.stratum), cases)
        lines.append(f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |")
    return "\n".join(lines) + "\n"


def _warrant(rule: Listed) -> str:
    return "; ".join(map(str, rule.warrant))
