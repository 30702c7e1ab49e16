"""What the drawings show: the ontology, a commissioning area, and the rules around a rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from markupsafe import Markup

from mwkb.report.rule_graph import ordered
from mwkb.rules.listing import Dependency
from mwkb.site.catalogue import Catalogue
from mwkb.site.drawing.classes import ClassBox, Module, Property, classes_svg
from mwkb.site.drawing.columns import Box, Line, Part, columns_svg
from mwkb.site.particular import RulePage
from mwkb.site.things import Thing
from mwkb.vocabulary import MWKB, OWL, RDF, RDFS, local_name

MAIN = 36
"""How many classes the overview shows."""
FEWEST = 2
"""How many of each module at least."""
SUBCLASS = 12
"""What a narrower class weighs, and up to four of them count: a property weighs 10, a fact 1."""
SEVERAL = 4
"""A property that starts at, or leads to, more classes than this is not drawn: it is listed at the classes."""


def ends(found: Catalogue) -> dict[tuple[str, str], list[Thing]]:
    """The object properties from one class to another: as declared, or else as the facts use them."""
    knowledge = found.knowledge
    used: dict[str, set[tuple[str, str]]] = {}
    for thing in found.of_family["fact"]:
        for predicate, value in found.statements.of(thing.iri):
            other = found.things.get(getattr(value, "value", ""))
            if other is not None and other.family == "fact":
                used.setdefault(predicate, set()).update((a, b) for a in thing.classes for b in other.classes)
    between: dict[tuple[str, str], list[Thing]] = {}
    for thing in found.of_family["term"]:
        if OWL + "ObjectProperty" not in found.said(thing.iri, RDF + "type"):
            continue
        seen = used.get(thing.iri, set())
        starts = found.said(thing.iri, RDFS + "domain") or sorted({a for a, _ in seen})
        leads = found.said(thing.iri, RDFS + "range") or sorted({b for _, b in seen})
        if not knowledge.objects(thing.iri, "owl:deprecated") and len(starts) <= SEVERAL and len(leads) <= SEVERAL:
            for start in starts:
                for end in leads:
                    between.setdefault((start, end), []).append(thing)
    return between


def overview(found: Catalogue, between: Mapping[tuple[str, str], list[Thing]]) -> Markup:
    """The main classes, those with most properties between them and most facts, in frames by module."""
    weight: Counter[str] = Counter()
    for (start, end), properties in between.items():
        weight[start] += 10 * len(properties)
        weight[end] += 10 * len(properties)
    for iri, facts in found.instances.items():
        weight[iri] += min(len(facts), 30)
    classes = [t for t in found.of_family["term"] if t.kind == "class" and not t.deprecated]
    for thing in classes:
        weight.update({broader: SUBCLASS for broader in found.said(thing.iri, RDFS + "subClassOf") if weight[broader] < 4 * SUBCLASS})
    ranked = sorted(classes, key=lambda t: (-weight[t.iri], t.iri))
    by_module: dict[str, list[Thing]] = {}
    for thing in ranked:
        by_module.setdefault(_module(found, thing), []).append(thing)
    chosen = {t.iri for several in by_module.values() for t in several[:FEWEST]}
    for thing in ranked:
        if len(chosen) < MAIN:
            chosen.add(thing.iri)
    modules = [
        _frame(found, module, [t for t in several if t.iri in chosen], between, chosen)
        for module, several in sorted(by_module.items())
    ]
    description = (
        f"{len(chosen)} classes in the frames of their modules. Each class lists the properties that lead to another of them."
    )
    return classes_svg("overview", "The main classes and the properties between them", description, modules)


def of_module(found: Catalogue, module: Thing, between: Mapping[tuple[str, str], list[Thing]]) -> Markup | None:
    """All classes of a module, four to a row, with every property that starts at them; None if it has none."""
    classes = [t for t in found.of_family["term"] if t.kind == "class" and _module(found, t) == module.iri and not t.deprecated]
    if not classes:
        return None
    boxes = [_box(found, thing, between, None) for thing in classes]
    columns = min(4, len(boxes))
    shares: list[list[ClassBox]] = [[] for _ in range(columns)]
    for box in sorted(boxes, key=lambda box: (-box.height, box.name)):
        min(shares, key=lambda share: sum(b.height + 10 for b in share)).append(box)
    modules = [Module("", "", tuple(share)) for share in shares]
    return classes_svg(
        "module",
        f"Classes of the module {module.name}",
        f"{len(classes)} classes, each with the properties that start at it and the class that each leads to.",
        modules,
        4,
    )


def _module(found: Catalogue, thing: Thing) -> str:
    return next(iter(found.said(thing.iri, RDFS + "isDefinedBy")), "")


def _frame(
    found: Catalogue, module: str, classes: Iterable[Thing], between: Mapping[tuple[str, str], list[Thing]], chosen: set[str]
) -> Module:
    thing = found.things.get(module)
    boxes = tuple(_box(found, each, between, chosen) for each in sorted(classes, key=lambda t: t.key))
    return Module(thing.name if thing else local_name(module), f"../{thing.path}" if thing else "", boxes)


def _box(
    found: Catalogue, thing: Thing, between: Mapping[tuple[str, str], list[Thing]], chosen: set[str] | None
) -> ClassBox:
    properties = [
        Property(each.name, f"../{each.path}", found.knowledge.label(end), end)
        for (start, end), several in sorted(between.items())
        if start == thing.iri and (chosen is None or end in chosen)
        for each in several
    ]
    above = [
        Property("a kind of", f"../{found.things[end].path}", found.knowledge.label(end), end)
        for end in found.said(thing.iri, RDFS + "subClassOf")
        if end in found.things and (chosen is None or end in chosen)
    ]
    own = sorted(properties, key=lambda p: (p.name, p.leads_to))
    return ClassBox(thing.iri, thing.name, f"../{thing.path}", (*above, *own))


def of_area(found: Catalogue, area: Thing) -> Markup:
    """An area with its interventions, their evidence, and what each addresses, strengthens, targets and contributes to."""
    incoming = found.incoming.get(area.iri, ())
    interventions = [
        t for t in found.known(link.source for link in incoming if link.by == MWKB + "inArea") if MWKB + "Intervention" in t.classes
    ]
    ways = (
        ("Risk factors addressed", "addresses", "risk"),
        ("Protective factors strengthened", "strengthens", "strength"),
        ("Groups targeted", "targets", "group"),
        ("Outcomes contributed to", "contributesTo", "outcome"),
    )
    between = []
    parts = []
    for title, name, style in ways:
        reached: dict[str, bool] = {}
        for thing in interventions:
            stated = [(iri, "") for iri in found.said(thing.iri, MWKB + name)]
            read = [(e.value, "read") for e in found.concluded.properties.get(thing.iri, ()) if e.property == MWKB + name]
            for iri, how in sorted({*stated, *read}):
                if iri in found.things:
                    reached[iri] = reached.get(iri, True) and how == "read"
                    says = f"{thing.title}: {found.knowledge.label(MWKB + name)}{' (by a reading)' if how else ''}"
                    between.append(Line(thing.iri, iri, says, how))
        boxes = [Box(t.iri, t.title, "by a reading" if reached[t.iri] else "", f"../{t.path}", style) for t in found.known(reached)]
        parts.append(Part(title, tuple(boxes)))
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
    columns = [[Part("Fed by", before)], [Part("This rule", own)], [Part("Feeds", after)]]
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
        Line(feed.writer.iri, feed.reader.iri, f"{feed.reader.id} reads {', '.join(feed.terms)}", "complete" if feed.complete else "")
        for feed in feeds
    ]
    return columns_svg(
        "rules",
        "The rules by stratum, and which rule reads what another concludes",
        "A column for each stratum. A dashed line leads to a rule that waits until all of it is concluded.",
        columns,
        lines,
    )
