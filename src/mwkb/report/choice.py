"""The fewest additions to a plan, and the best portfolio under a budget, as text and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from mwkb.choice.mend import Addition, Mending
from mwkb.choice.portfolio import Asked, Item, Portfolio
from mwkb.findings import Finding, Thing
from mwkb.report import words
from mwkb.report.structured import plain
from mwkb.report.text import headed, wrapped
from mwkb.report.words import numbered


def mending_text(found: Mending, versions: Mapping[str, str]) -> str:
    """The shortest ways to close the gaps in a plan, and what stays open."""
    lines = [wrapped(found.plan.label), wrapped(words.versions(*versions.values())), ""]
    if not found.closable:
        lines += [wrapped("No intervention that could be added closes any of these gaps."), ""]
    names = {gap.id: _named(gap.about) for gap in found.closable}
    if found.ways:
        fewest = numbered(len(found.ways[0]), "more intervention", "more interventions")
        gaps = numbered(len(found.closable), "gap", "gaps")
        lines += [wrapped(f"It takes {fewest}, and no fewer, to close {gaps}."), ""]
    for number, way in enumerate(found.ways, 1):
        lines += headed(_way(number, len(found.ways), found.more), "")
        lines += [line for addition in way for line in _addition(addition, names)] + [""]
    if found.remaining:
        lines += [
            *headed(f"Stays open with the first way as a whole ({len(found.remaining)})", ""),
            *_gaps(found.remaining),
            "",
        ]
    if found.opened:
        lines += [*headed(f"Opens with the first way ({len(found.opened)})", ""), *_gaps(found.opened), ""]
    if found.out_of_reach:
        title = f"Gaps that no added intervention closes ({len(found.out_of_reach)})"
        lines += [*headed(title, ""), *_gaps(found.out_of_reach), ""]
    return "\n".join(lines).rstrip() + "\n"


def _way(number: int, ways: int, more: bool) -> str:
    if ways == 1 and not more:
        return "The only way"
    of = f"{ways} shown of more" if more else str(ways)
    return f"Way {number} of {of}"


def _addition(addition: Addition, names: dict[str, str]) -> list[str]:
    target = f", targeted at {', and at '.join(group.label for group in addition.groups)}" if addition.groups else ""
    if addition.groups and addition.as_offered:
        target = f", as the toolkit offers it and{target.removeprefix(',')}"
    score = f" · score {addition.score}" if addition.score else " · not rated"
    closes = "; ".join(names[gap] for gap in addition.closes)
    return [
        wrapped(f"{_named(addition.intervention)}{target}{score}", "  + ", "    "),
        wrapped(f"closes: {closes}", "      ", "        "),
    ]


def _gaps(gaps: Iterable[Finding]) -> list[str]:
    lines = []
    for gap in gaps:
        lines.append(wrapped(f"{_named(gap.about)} · {gap.id}", "  - ", "    "))
        lines += [wrapped(f"{reason.says} [{reason.rule}]", "      ", "        ") for reason in gap.reasons]
    return lines


def _named(thing: Thing) -> str:
    return f"{thing.notation} {thing.label}".strip()


def mending_json(found: Mending, versions: Mapping[str, str]) -> str:
    """The ways as JSON."""
    return json.dumps({**versions, **plain(found)}, ensure_ascii=False, indent=2) + "\n"


def portfolio_text(found: Portfolio, versions: Mapping[str, str]) -> str:
    """What to keep and what to leave under the budget, or why there is no such choice."""
    lines = [wrapped(_verdict(found)), wrapped(words.versions(*versions.values())), ""]
    if found.is_feasible:
        lines += [*headed(f"Kept ({len(found.chosen)})", ""), *_items(found.chosen), ""]
        lines += [*headed(f"Left out ({len(found.left_out)})", ""), *_items(found.left_out), ""]
    elif found.conflicts:
        lines += [wrapped("These cannot all be had together; without any one of them the others named here can:")]
        lines += [*_wishes(found.conflicts, found), ""]
        lines += [wrapped(f"All that the plan can meet costs at least {_pounds(found.least_cost)}."), ""]
    if found.unmet:
        lines += [wrapped("What the plan has nothing of:"), *_wishes(found.unmet, found)]
        if not found.is_feasible and not found.conflicts:
            lines += ["", wrapped("Add to the plan (see mwkb mend), or choose with --where-possible all the same.")]
    return "\n".join(lines).rstrip() + "\n"


def _wishes(asked: Iterable[Asked], found: Portfolio) -> list[str]:
    return [
        wrapped(f"a budget of {_pounds(found.budget)}" if a.kind == "budget" else f"an intervention {_served(a)}", "  - ", "    ")
        for a in asked
    ]


def _served(asked: Asked) -> str:
    """What an intervention serves, as the end of a phrase."""
    return f"{'for the life stage' if asked.kind == 'life-stage' else 'targeted at'} {asked.thing.label if asked.thing else ''}"


def _pounds(amount: Decimal) -> str:
    """An amount in words, in full: to the penny, or finer if it is, where it is not of whole pounds."""
    whole = amount == amount.to_integral_value()
    places = 0 if whole else max(2, -int(amount.normalize().as_tuple().exponent))
    return f"{amount:,.{places}f} {'pound' if amount == 1 else 'pounds'}"


def _verdict(found: Portfolio) -> str:
    if not found.is_feasible:
        return f"No choice of the planned interventions meets all that is asked within {_pounds(found.budget)}."
    delivers = [item.intervention.iri for item in (*found.chosen, *found.left_out)]
    once = " An intervention that several entries deliver counts once." if len(set(delivers)) < len(delivers) else ""
    return (
        f"The best choice within {_pounds(found.budget)} keeps "
        f"{numbered(len(found.chosen), 'intervention', 'interventions')}, "
        f"costs {_pounds(found.cost)} and has a total score of {found.score}.{once}"
    )


def _items(items: Sequence[Item]) -> list[str]:
    lines = []
    for item in items:
        lines.append(wrapped(f"{_named(item.intervention)}: {_pounds(item.cost)} · score {item.score or 'none'}", "  ", "    "))
        lines += [wrapped("; ".join(map(_served, item.serves)), "      ", "      ")] if item.serves else []
    return lines or ["  nothing"]


def portfolio_json(found: Portfolio, versions: Mapping[str, str]) -> str:
    """The choice as JSON, with its cost and score."""
    content = plain(found)
    assert isinstance(content, dict)
    return (
        json.dumps({**versions, **content, "cost": plain(found.cost), "score": found.score}, ensure_ascii=False, indent=2) + "\n"
    )
