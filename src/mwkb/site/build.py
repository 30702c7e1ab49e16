"""The whole site: every file by its path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mwkb import files
from mwkb.knowledge import Knowledge
from mwkb.rules.listing import Dependency, dependencies
from mwkb.site import class_pictures, layers, metadata, overview, pictures, search_index
from mwkb.site.catalogue import Catalogue, catalogue
from mwkb.site.changes import changes
from mwkb.site.class_pictures import Between
from mwkb.site.content import content
from mwkb.site.downloads import Download, downloads
from mwkb.site.notation import Notation
from mwkb.site.particular import properties_of, query_page, rule_page, shape_page
from mwkb.site.render import Site, asset, render
from mwkb.site.things import Family, Thing
from mwkb.vocabulary import DCTERMS, MWKB, RDFS

INDEX: Mapping[Family, tuple[str, str]] = {
    "fact": ("Facts", "kb/index.html"),
    "term": ("Ontology", "ontology/index.html"),
    "module": ("Ontology", "ontology/index.html"),
    "rule": ("Rules", "rule/index.html"),
    "query": ("Queries", "query/index.html"),
    "shape": ("Shapes", "shapes/index.html"),
}
ENTRANCES = (
    ("Facts", "kb/index.html"),
    ("Ontology", "ontology/index.html"),
    ("Rules", "rule/index.html"),
    ("Shapes", "shapes/index.html"),
    ("Queries", "query/index.html"),
    ("Interpretations", "interpretations.html"),
    ("Parameters", "parameters.html"),
    ("Sources", "sources.html"),
    ("Glossary", "glossary.html"),
    ("A to Z", "a-z/a.html"),
)


def site(knowledge: Knowledge) -> dict[str, str | bytes]:
    """The files of the site. Raises InputProblem with file and line if something it shows cannot be read."""
    found = catalogue(knowledge)
    between = class_pictures.ends(found)
    found = found.linked(
        [
            *(link for area in found.of_class("CommissioningArea") for link in pictures.links_drawn(found, area)),
            *(link for module in found.of_family["module"] for link in class_pictures.links_drawn(found, module, between)),
        ]
    )
    feeds = dependencies(knowledge.rules)
    taken = downloads(knowledge)
    licence = metadata.first(found, DCTERMS + "license")
    shown = Site(
        metadata.first(found, DCTERMS + "title"),
        knowledge.version,
        "Licence: " + metadata.LICENCES.get(licence, licence),
        metadata.attribution(found),
        ENTRANCES,
        INDEX,
    )
    pages: dict[str, str | bytes] = {each.path: each.content for each in taken}
    pages |= {name: asset(name) for name in ("style.css", "search.js")}
    pages["search-index.js"] = search_index.script(found)
    pages |= _things(found, shown, feeds, between)
    pages |= _indexes(found, shown, feeds, between)
    pages["index.html"] = _home(found, shown, taken)
    return pages


def _things(found: Catalogue, shown: Site, feeds: Sequence[Dependency], between: Between) -> dict[str, str]:
    """The page of each thing."""
    notation = Notation(found.things, found.statements)
    pages = {}
    for thing in found.things.values():
        given: dict[str, Any] = {"turtle": None, "picture": None}
        if thing.family in ("fact", "term", "module", "shape"):
            given["turtle"] = notation.turtle(thing.iri)
        if thing.family == "rule":
            rule = rule_page(found, thing, feeds)
            given |= {"rule": rule, "sparql": notation.sparql(rule.rule.file.text), "picture": pictures.of_rule(thing, rule)}
        elif thing.family == "query":
            query = query_page(found, thing)
            given |= {"query": query, "sparql": notation.sparql(query.file.text)}
        elif thing.family == "shape":
            shape = shape_page(found, thing)
            given |= {"shape": shape, "sparql": notation.sparql(shape.query, found.statements.prefixes) if shape.query else ""}
        elif thing.family in ("term", "module"):
            given["properties"] = properties_of(found, thing) if thing.kind == "class" else ()
            given["picture"] = class_pictures.of_module(found, thing, between) if thing.family == "module" else None
        elif MWKB + "CommissioningArea" in thing.classes:
            given["picture"] = pictures.of_area(found, thing)
        template = "term.html" if thing.family == "module" else f"{thing.family}.html"
        pages[thing.path] = render(template, shown, thing.path, content=content(found, thing), file_of=files.shown, **given)
    return pages


def _indexes(found: Catalogue, shown: Site, feeds: Sequence[Dependency], between: Between) -> dict[str, str]:
    """The pages that lead to others."""
    knowledge = found.knowledge

    def define(thing: Thing) -> str:
        return overview.definition(found, thing)

    rules = [[(found.things[rule.iri], rule.file.description) for rule in layer] for layer in knowledge.layers]
    themes: dict[str, list[tuple[Thing, Any]]] = {}
    for thing in found.of_family["query"]:
        themes.setdefault(found.query(thing).theme or "general", []).append((thing, found.query(thing)))
    glossary = [(t, knowledge.value(t.iri, "mwkb:statement") or define(t)) for t in found.of_class("GlossaryTerm")]
    trees = [
        ("classes", "Classes", overview.tree(found, "class", RDFS + "subClassOf")),
        ("object-properties", "Properties that lead to things", overview.tree(found, "object property", RDFS + "subPropertyOf")),
        ("data-properties", "Properties that hold data", overview.tree(found, "data property", RDFS + "subPropertyOf")),
        ("annotations", "Annotations", overview.tree(found, "annotation property", RDFS + "subPropertyOf")),
    ]
    given: dict[str, tuple[str, dict[str, Any]]] = {
        "ontology/index.html": (
            "ontology.html",
            {
                "picture": class_pictures.overview(found, between),
                "modules": [m for m in found.of_family["module"] if m.iri.startswith(metadata.IRI)],
                "trees": [each for each in trees if each[2]],
                "terms": found.of_family["term"],
                "define": define,
            },
        ),
        "kb/index.html": (
            "facts.html",
            {
                "groups": overview.facts_by_kind(found),
                "count": len(found.of_family["fact"]),
                "define_iri": lambda iri: define(found.things[iri]),
            },
        ),
        "rule/index.html": (
            "rules.html",
            {
                "picture": pictures.of_rules(found, feeds),
                "layers": rules,
                "count": len(knowledge.rules),
            },
        ),
        "query/index.html": ("queries.html", {"themes": sorted(themes.items()), "count": len(found.queries)}),
        "shapes/index.html": ("shapes.html", {"files": overview.shapes_by_file(found)}),
        "interpretations.html": ("interpretations.html", {"kinds": overview.interpretations(found), "counted": overview.counted}),
        "parameters.html": ("parameters.html", {"parameters": overview.parameters(found)}),
        "sources.html": ("sources.html", {"parts_of_toolkit": overview.sources(found)}),
        "glossary.html": ("glossary.html", {"entries": glossary}),
        "search.html": ("search.html", {"first_letter": "a-z/a.html"}),
    }
    by_letter = overview.letters(thing for thing in found.things.values() if thing.family != "shape")
    letters = [(letter, f"a-z/{letter.lower()}.html") for letter in by_letter]
    for letter, path in letters:
        given[path] = ("letter.html", {"letter": letter, "letters": letters, "things": by_letter[letter]})
    return {path: render(template, shown, path, **content) for path, (template, content) in given.items()}


def _home(found: Catalogue, shown: Site, taken: Sequence[Download]) -> str:
    counts = {family: len(things) for family, things in found.of_family.items()}
    readings = sum(len(several) for _, several in overview.interpretations(found))
    says: Mapping[str, str] = {
        "Facts": f"{counts['fact']} facts by kind: what the toolkit says and what was read from it",
        "Ontology": f"{counts['term']} terms: overview, modules, classes and properties",
        "Rules": f"{counts['rule']} rules: what each says, reads and concludes, with its cases",
        "Shapes": f"{counts['shape']} shapes: what plans and facts are checked against",
        "Queries": f"{counts['query']} questions in SPARQL, with parameters and columns",
        "Interpretations": f"{readings} decisions on what the text leaves open, each with its alternative",
        "Parameters": "Every number and policy that a rule uses",
        "Sources": "The parts of the toolkit in order, each with the facts it supports",
        "Glossary": "Terms that the toolkit explains",
        "A to Z": "Everything by name",
    }
    tables = [each for each in taken if each.kind]
    return render(
        "home.html",
        shown,
        "index.html",
        description=metadata.first(found, DCTERMS + "description", DCTERMS + "abstract"),
        layers=(layers.PRINTED, layers.READING, layers.RULE),
        areas=found.of_class("CommissioningArea"),
        entrances=[(name, path, says[name]) for name, path in ENTRANCES],
        downloads=taken,
        tables=tables,
        header=metadata.header(found),
        citation=metadata.citation(found),
        namespaces=metadata.NAMESPACES,
        changes=changes(),
        dataset=metadata.as_dataset(found, {each.path: each.media for each in taken}),
        as_header=metadata.as_header(found),
    )
