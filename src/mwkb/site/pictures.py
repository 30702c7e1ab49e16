"""What the drawings of facts and rules show: a commissioning area, the rules around a rule, and all rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from mwkb.report.rule_graph import ordered
from mwkb.rules.listing import Dependency
from mwkb.site.catalogue import Catalogue
from mwkb.site.drawing.columns import Box, Line, Part, columns_svg
from mwkb.site.links import Link
from mwkb.site.particular import RulePage
from mwkb.site.things import Thing
from mwkb.vocabulary import MWKB

_WAYS = (
    ("Risk factors addressed", "addresses", "risk"),
    ("Protective factors strengthened", "strengthens", "strength"),
    ("Groups targeted", "targets", "group"),
    ("Outcomes contributed to", "contributesTo", "outcome"),
)
"""How an intervention reaches something: what the drawing calls it, the property, and the colour."""


@dataclass(frozen=True)
class Reach:
    """That an intervention reaches something by a property; ``read`` says that this rests on a reading."""

    intervention: Thing
    by: str
    target: str
    read: bool


def reached(found: Catalogue, area: Thing) -> list[Reach]:
    """What the interventions of an area address, strengthen, target and contribute to."""
    reach = []
    for thing in _interventions(found, area):
        for _, name, _ in _WAYS:
            stated = dict.fromkeys(found.said(thing.iri, MWKB + name), False)
            inferred = {e.value: True for e in found.concluded.properties.get(thing.iri, ()) if e.property == MWKB + name}
            both = {**inferred, **stated}
            reach += [Reach(thing, name, iri, both[iri]) for iri in sorted(both) if iri in found.things]
    return reach


def links_drawn(found: Catalogue, area: Thing) -> list[Link]:
    """From an area to what its map shows."""
    return [Link(area.iri, each.target, "reaches this through its interventions") for each in reached(found, area)]


def _interventions(found: Catalogue, area: Thing) -> list[Thing]:
    inside = found.known(link.source for link in found.incoming.get(area.iri, ()) if link.by == MWKB + "inArea")
    return [thing for thing in inside if MWKB + "Intervention" in thing.classes]


def of_area(found: Catalogue, area: Thing) -> Markup:
    """An area with its interventions, their evidence, and what each addresses, strengthens, targets and contributes to."""
    reach = reached(found, area)
    between = []
    parts = []
    for title, name, style in _WAYS:
        firm = {each.target for each in reach if each.by == name and not each.read}
        targets = found.known(each.target for each in reach if each.by == name)
        boxes = [Box(t.iri, t.title, "" if t.iri in firm else "by a reading", f"../{t.path}", style) for t in targets]
        parts.append(Part(title, tuple(boxes)))
    for each in reach:
        says = f"{each.intervention.title}: {found.knowledge.label(MWKB + each.by)}{' (by a reading)' if each.read else ''}"
        between.append(Line(each.intervention.iri, each.target, says, "read" if each.read else ""))
    interventions = _interventions(found, area)
    own = tuple(Box(t.iri, t.title, _evidence(found, t), f"../{t.path}", "intervention") for t in interventions)
    return columns_svg(
        "map",
        f"Map of the area {area.title}",
        "In the middle the interventions of the area with their evidence; at the sides the risk factors, groups, protective "
        "factors and outcomes that each reaches. Dashed lines rest on a reading.",
        [[parts[0], parts[2]], [Part(f"Interventions of area {area.number}".strip(), own)], [parts[1], parts[3]]],
        between,
    )


def _evidence(found: Catalogue, thing: Thing) -> str:
    levels = found.concluded.levels.get(thing.iri, ())
    best: dict[str, int] = {}
    for level in levels:
        best[level.policy] = max(best.get(level.policy, 0), level.value)
    if len({*best.values()}) < 2:
        return f"evidence {next(iter(best.values()), 'not known')}"
    return "evidence " + ", ".join(f"{value} ({policy[:1].lower()}{policy[1:]})" for policy, value in sorted(best.items()))


def of_rule(thing: Thing, page: RulePage) -> Markup | None:
    """The rules that feed a rule, and those that it feeds; None if there are none."""
    if not page.fed_by and not page.feeds:
        return None
    before = tuple(Box(f"<{t.iri}", t.title, terms, f"../{t.path}") for t, terms in page.fed_by)
    after = tuple(Box(f">{t.iri}", t.title, terms, f"../{t.path}") for t, terms in page.feeds)
    own = (Box(thing.iri, thing.title, style="area"),)
    parts = (Part("Fed by", before), Part("This rule", own), Part("Feeds", after))
    columns = [[part] for part in parts if part.boxes]
    lines = [Line(f"<{t.iri}", thing.iri, terms) for t, terms in page.fed_by]
    lines += [Line(thing.iri, f">{t.iri}", terms) for t, terms in page.feeds]
    title = f"The rules around {thing.number}"
    return columns_svg("feeds", title, "What one rule concludes and the next reads stands below its name.", columns, lines)


def of_rules(found: Catalogue, feeds: Sequence[Dependency]) -> Markup:
    """All rules in their strata, with a line from each to those that read what it concludes."""
    columns = []
    for number, layer in enumerate(ordered(found.knowledge.layers, feeds), 1):
        things = [found.things[rule.iri] for rule in layer]
        finds = {rule.iri for rule in layer if any(pattern.predicate == MWKB + "severity" for pattern in rule.head)}
        boxes = tuple(Box(t.iri, t.title, "", f"../{t.path}", "finds" if t.iri in finds else "") for t in things)
        columns.append([Part(f"Stratum {number}", boxes)])
    lines = [
        Line(
            feed.writer.iri,
            feed.reader.iri,
            f"{feed.reader.id} reads {', '.join(feed.terms)}",
            "complete" if feed.complete else "",
        )
        for feed in feeds
    ]
    return columns_svg(
        "rules",
        "The rules by stratum, and which rule reads what another concludes",
        "A column for each stratum. A dashed line leads to a rule that waits until all of it is concluded.",
        columns,
        lines,
    )
