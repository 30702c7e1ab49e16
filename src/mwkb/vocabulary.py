"""Namespaces and prefixes, written down once."""

from __future__ import annotations

from typing import Final

MWKB: Final = "https://w3id.org/mwkb/ontology#"
KB: Final = "https://w3id.org/mwkb/kb/"
RULE: Final = "https://w3id.org/mwkb/rule/"
QUERY: Final = "https://w3id.org/mwkb/query/"
SCHEMA: Final = "https://w3id.org/mwkb/schema/"
SHAPE: Final = "https://w3id.org/mwkb/shapes#"
PLAN: Final = "https://w3id.org/mwkb/plan/"
AREA_CODE: Final = "http://statistics.data.gov.uk/id/statistical-geography/"

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
DCTERMS: Final = "http://purl.org/dc/terms/"
SH: Final = "http://www.w3.org/ns/shacl#"

PREFIXES: Final[dict[str, str]] = {
    "dcterms": DCTERMS,
    "kb": KB,
    "mwkb": MWKB,
    "mwsh": SHAPE,
    "owl": OWL,
    "rdf": RDF,
    "rdfs": RDFS,
    "rule": RULE,
    "sh": SH,
    "skos": SKOS,
    "xsd": XSD,
}


def compact(iri: str) -> str:
    """The IRI as a prefixed name where a known namespace holds it, else unchanged."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and "/" not in iri[len(namespace) :]:
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


def expand(name: str) -> str:
    """The IRI of a prefixed name; an IRI comes back unchanged, a bare name is one of ``kb:``."""
    prefix, colon, local = name.partition(":")
    if not colon:
        return KB + name
    return PREFIXES[prefix] + local if prefix in PREFIXES else name


def local_name(iri: str) -> str:
    """What follows the last ``/`` or ``#``."""
    return iri.replace("#", "/").rstrip("/").rpartition("/")[2]
