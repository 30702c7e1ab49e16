"""What the drawings of classes show: the main ones of the ontology, and all of a module."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from markupsafe import Markup

from mwkb.site.catalogue import Catalogue
from mwkb.site.drawing.classes import ClassBox, Module, Property, classes_svg
from mwkb.site.links import Link
from mwkb.site.things import Thing
from mwkb.vocabulary import OWL, RDF, RDFS, local_name

MAIN = 36
"""How many classes the overview shows."""
FEWEST = 2
"""How many of each module at least."""
SUBCLASS = 12
"""What a narrower class weighs, and up to four of them count: a property weighs 10, a fact 1."""
STARTS, ENDS = 8, 3
"""A property that starts at, or leads to, more classes than this is not drawn: its page lists what has it."""


Between = Mapping[tuple[str, str], list[Thing]]
"""The object properties from one class to another."""


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
        if not knowledge.objects(thing.iri, "owl:deprecated") and len(starts) <= STARTS and len(leads) <= ENDS:
            for start in starts:
                for end in leads:
                    between.setdefault((start, end), []).append(thing)
    return between


def overview(found: Catalogue, between: Between) -> Markup:
    """The main classes, those with most properties between them and most facts, in frames by module."""
    weight: Counter[str] = Counter()
    for (start, end), properties in between.items():
        weight[start] += 10 * len(properties)
        weight[end] += 10 * len(properties)
    for iri, facts in found.instances.items():
        weight[iri] += min(len(facts), 30)
    classes = [t for t in found.of_family["term"] if t.kind == "class" and not t.deprecated]
    for thing in classes:
        weight.update(
            {broader: SUBCLASS for broader in found.said(thing.iri, RDFS + "subClassOf") if weight[broader] < 4 * SUBCLASS}
        )
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


def of_module(found: Catalogue, module: Thing, between: Between) -> Markup | None:
    """All classes of a module, four to a row, with every property that starts at them; None if it has none."""
    boxes = _boxes(found, module, between)
    if not boxes:
        return None
    columns = min(4, len(boxes))
    shares: list[list[ClassBox]] = [[] for _ in range(columns)]
    for box in sorted(boxes, key=lambda box: (-box.height, box.name)):
        min(shares, key=lambda share: sum(b.height + 10 for b in share)).append(box)
    modules = [Module("", "", tuple(share)) for share in shares]
    return classes_svg(
        "module",
        f"Classes of the module {module.name}",
        f"{len(boxes)} classes, each with the properties that start at it and the class that each leads to.",
        modules,
        4,
    )


def links_drawn(found: Catalogue, module: Thing, between: Between) -> list[Link]:
    """From a module to the terms that its drawing shows."""
    boxes = _boxes(found, module, between)
    return [Link(module.iri, iri, "shows this in its drawing") for box in boxes for iri in (p.iri for p in box.properties)]


def _boxes(found: Catalogue, module: Thing, between: Between) -> list[ClassBox]:
    classes = [t for t in found.of_family["term"] if t.kind == "class" and _module(found, t) == module.iri and not t.deprecated]
    return [_box(found, thing, between, None) for thing in classes]


def _module(found: Catalogue, thing: Thing) -> str:
    return next(iter(found.said(thing.iri, RDFS + "isDefinedBy")), "")


def _frame(found: Catalogue, module: str, classes: Iterable[Thing], between: Between, chosen: set[str]) -> Module:
    thing = found.things.get(module)
    boxes = tuple(_box(found, each, between, chosen) for each in sorted(classes, key=lambda t: t.key))
    return Module(thing.name if thing else local_name(module), f"../{thing.path}" if thing else "", boxes)


def _box(found: Catalogue, thing: Thing, between: Between, chosen: set[str] | None) -> ClassBox:
    properties = [
        Property(each.iri, each.name, f"../{each.path}", found.knowledge.label(end), end)
        for (start, end), several in sorted(between.items())
        if start == thing.iri and (chosen is None or end in chosen)
        for each in several
    ]
    above = [
        Property(end, "a kind of", f"../{found.things[end].path}", found.knowledge.label(end), end)
        for end in found.said(thing.iri, RDFS + "subClassOf")
        if end in found.things and (chosen is None or end in chosen)
    ]
    own = sorted(properties, key=lambda p: (p.name, p.leads_to))
    return ClassBox(thing.iri, thing.name, f"../{thing.path}", (*above, *own))
