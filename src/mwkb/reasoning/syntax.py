"""The names that OWL 2 is written with in RDF, in their groups."""

from __future__ import annotations

from mwkb.vocabulary import OWL, RDF, RDFS, XSD


def owl(words: str) -> frozenset[str]:
    """The IRIs of some words of the OWL vocabulary."""
    return frozenset(OWL + word for word in words.split())


TYPE = RDF + "type"
CLASS, DATATYPE, INDIVIDUAL = OWL + "Class", RDFS + "Datatype", OWL + "NamedIndividual"
OBJECT, DATA, ANNOTATION = OWL + "ObjectProperty", OWL + "DatatypeProperty", OWL + "AnnotationProperty"
WORDS = {
    CLASS: "class",
    DATATYPE: "datatype",
    OBJECT: "object property",
    DATA: "datatype property",
    ANNOTATION: "annotation property",
    INDIVIDUAL: "individual",
}
"""The declarations and what a person calls them."""
RESERVED = (OWL, RDF, RDFS, XSD)

ANNOTATION_PROPERTIES = owl("deprecated versionInfo priorVersion backwardCompatibleWith incompatibleWith") | {
    RDFS + name for name in ("label", "comment", "seeAlso", "isDefinedBy")
}
HEADER = owl("imports versionIRI")
CHARACTERISTICS = owl(
    "FunctionalProperty InverseFunctionalProperty TransitiveProperty SymmetricProperty AsymmetricProperty ReflexiveProperty "
    "IrreflexiveProperty"
)
ABOUT_AXIOMS = owl("Axiom Annotation")
STRUCTURE = (
    owl("Restriction AllDisjointClasses AllDisjointProperties AllDifferent NegativePropertyAssertion Ontology")
    | owl("DeprecatedClass DeprecatedProperty")
    | ABOUT_AXIOMS
    | {RDF + "List"}
)
"""Types of what is no individual."""

CARDINALITIES = owl("minCardinality maxCardinality cardinality") | owl(
    "minQualifiedCardinality maxQualifiedCardinality qualifiedCardinality"
)
FILLERS = CARDINALITIES | owl("someValuesFrom allValuesFrom hasValue hasSelf")
"""What a restriction restricts to."""
EXPRESSIONS = owl("unionOf intersectionOf complementOf datatypeComplementOf oneOf onDatatype")
"""What makes a nameless class or data range, if it is no restriction."""

CLASS_AT_BOTH = owl("disjointWith") | {RDFS + "subClassOf"}
CLASS_AT_END = owl("onClass") | {RDFS + "domain"}
PROPERTY_AT_BOTH = owl("equivalentProperty propertyDisjointWith inverseOf") | {RDFS + "subPropertyOf"}
PROPERTY_AT_END = owl("onProperty assertionProperty")
SYNTAX = (
    {TYPE, RDF + "first", RDF + "rest", RDFS + "range"}
    | HEADER
    | FILLERS
    | EXPRESSIONS
    | CLASS_AT_BOTH
    | CLASS_AT_END
    | PROPERTY_AT_BOTH
    | PROPERTY_AT_END
    | owl("equivalentClass disjointUnionOf hasKey propertyChainAxiom sameAs differentFrom members distinctMembers")
    | owl("sourceIndividual targetIndividual targetValue annotatedSource annotatedProperty annotatedTarget")
    | owl("onDataRange withRestrictions onProperties")
)
"""The properties that belong to the way in which OWL 2 is written."""
