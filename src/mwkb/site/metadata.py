"""The header of the ontology: as rows for a reader, and as JSON-LD for a machine."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from pyoxigraph import Literal, NamedNode

from mwkb.site.catalogue import Catalogue
from mwkb.site.content import Value, value
from mwkb.site.statements import Node
from mwkb.vocabulary import DCTERMS, KB, MWKB, OWL, QUERY, RDF, RULE, SHAPE, XSD, local_name

IRI = MWKB.rstrip("#")
_BIBO, _VANN = "http://purl.org/ontology/bibo/", "http://purl.org/vocab/vann/"
LABELS: Mapping[str, str] = {
    DCTERMS + "title": "Title",
    DCTERMS + "description": "Description",
    DCTERMS + "abstract": "Abstract",
    OWL + "versionInfo": "Version",
    OWL + "versionIRI": "Address of this version",
    OWL + "priorVersion": "Prior version",
    OWL + "backwardCompatibleWith": "Backward compatible with",
    OWL + "incompatibleWith": "Not compatible with",
    _BIBO + "status": "Status",
    DCTERMS + "creator": "Creators",
    DCTERMS + "contributor": "Contributors",
    DCTERMS + "publisher": "Publisher",
    DCTERMS + "license": "Licence",
    DCTERMS + "rights": "Rights",
    DCTERMS + "created": "Created",
    DCTERMS + "issued": "Issued",
    DCTERMS + "modified": "Modified",
    _VANN + "preferredNamespacePrefix": "Preferred prefix",
    _VANN + "preferredNamespaceUri": "Namespace",
    DCTERMS + "source": "Source",
    DCTERMS + "bibliographicCitation": "Citation",
}
"""What the properties of a header are called, in the order in which they are shown; others follow by their own names."""
LICENCES = {"https://creativecommons.org/licenses/by/4.0/": "Creative Commons Attribution 4.0 (CC BY 4.0)"}
NAMESPACES = (
    ("mwkb", MWKB, "terms"),
    ("kb", KB, "facts"),
    ("mwsh", SHAPE, "shapes"),
    ("rule", RULE, "rules"),
    ("query", QUERY, "queries"),
)


@dataclass(frozen=True)
class Described:
    name: str
    values: tuple[Value, ...]


def header(found: Catalogue, iri: str = IRI) -> tuple[Described, ...]:
    """All that a header says, but for what it imports."""
    said: dict[str, list[Value]] = {}
    for predicate, node in found.statements.of(iri):
        if predicate not in (RDF + "type", OWL + "imports"):
            said.setdefault(predicate, []).append(_value(found, node))
    order = list(LABELS)
    ranked = sorted(said, key=lambda p: (order.index(p) if p in LABELS else len(order), p))
    return tuple(Described(LABELS.get(p) or _plain(p), tuple(said[p])) for p in ranked)


def _plain(iri: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", local_name(iri)).capitalize()


def _value(found: Catalogue, node: Node) -> Value:
    if isinstance(node, NamedNode) and node.value in LICENCES:
        return Value(LICENCES[node.value], address=node.value)
    if isinstance(node, NamedNode) and node.value.startswith(_BIBO):
        return Value(local_name(node.value))
    return value(found, node)


def first(found: Catalogue, *predicates: str) -> str:
    """The first value that the header has for one of the properties."""
    return next((text for predicate in predicates for text in found.said(IRI, predicate)), "")


def attribution(found: Catalogue) -> str:
    """Whose work is encoded: the title, authors and year of the header's source."""
    source = first(found, DCTERMS + "source")
    if source not in found.things:
        return ""
    creators, years = (", ".join(found.said(source, DCTERMS + name)) for name in ("creator", "date"))
    told = ", ".join(filter(None, (creators, years)))
    return f"After {found.things[source].name}{f' ({told})' if told else ''}."


def citation(found: Catalogue) -> str:
    """As the header gives it; else put together from what the header says."""
    given = first(found, DCTERMS + "bibliographicCitation")
    if given:
        return given
    year = first(found, DCTERMS + "issued", DCTERMS + "modified", DCTERMS + "created")[:4]
    creators = ", ".join(found.said(IRI, DCTERMS + "creator"))
    title, address = first(found, DCTERMS + "title"), first(found, OWL + "versionIRI")
    return f"{creators} ({year}). {title}. Version {found.knowledge.version}. {address}"


def as_header(found: Catalogue) -> Markup:
    """The header itself as JSON-LD, IRIs in full."""
    document: dict[str, Any] = {"@id": IRI}
    for predicate, node in found.statements.of(IRI):
        if predicate == RDF + "type":
            document.setdefault("@type", []).append(getattr(node, "value", ""))
        else:
            document.setdefault(predicate, []).append(_json(node))
    return _script(document)


def _json(node: Node) -> dict[str, str]:
    if isinstance(node, NamedNode):
        return {"@id": node.value}
    if isinstance(node, Literal) and node.language:
        return {"@value": node.value, "@language": node.language}
    if isinstance(node, Literal) and node.datatype.value != XSD + "string":
        return {"@value": node.value, "@type": node.datatype.value}
    return {"@value": getattr(node, "value", str(node))}


def as_dataset(found: Catalogue, files: Mapping[str, str]) -> Markup:
    """What a search engine reads: schema.org, with the downloads by path and media type."""
    document: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": ["Dataset", "DefinedTermSet"],
        "@id": IRI,
        "url": IRI,
        "name": first(found, DCTERMS + "title"),
        "description": first(found, DCTERMS + "description", DCTERMS + "abstract"),
        "creator": [{"@type": "Organization", "name": name} for name in found.said(IRI, DCTERMS + "creator")],
        "publisher": [{"@type": "Organization", "name": name} for name in found.said(IRI, DCTERMS + "publisher")],
        "license": first(found, DCTERMS + "license"),
        "version": found.knowledge.version,
        "dateCreated": first(found, DCTERMS + "created"),
        "datePublished": first(found, DCTERMS + "issued"),
        "dateModified": first(found, DCTERMS + "modified"),
        "citation": citation(found),
        "isBasedOn": found.knowledge.value(KB + "toolkit", "dcterms:title") or "",
        "inLanguage": "en-GB",
        "hasPart": [thing.iri for thing in found.of_family["module"] if thing.iri.startswith(IRI)],
        "distribution": [
            {"@type": "DataDownload", "contentUrl": path, "encodingFormat": media} for path, media in sorted(files.items())
        ],
    }
    return _script({name: each for name, each in document.items() if each})


def _script(document: Any) -> Markup:
    """JSON that a page can hold in a script element: nothing in it closes the element."""
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))
