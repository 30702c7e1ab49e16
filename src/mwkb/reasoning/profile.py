"""Whether statements are OWL 2 DL: the restrictions of the Structural Specification that are checked, each by a function.

Checked are, by the names under which they are reported:

- *undeclared*, *wrong kind*: a class, property or datatype that is used has to be declared, as what it is used as (5.8.1);
- *punning*: no name is two kinds of property, or class and datatype (5.8.1);
- *reserved vocabulary*: rdf:, rdfs:, xsd: and owl: hold only what OWL 2 puts there (2.4, 5);
- *datatype*: a datatype of those namespaces is one of the OWL 2 datatype map (4). xsd:date, xsd:gYear and the like are
  not in it. Where they are the range of a datatype property or in a fact of one, that is reported, and HermiT takes
  such a fact for one with an unknown value. An annotation takes no part in reasoning, so that its literals are
  not looked at, as the OWL API does not look at them either.
  A datatype of one's own is defined once, not by itself, and has no texts (9.4, 11.2);
- *ill-typed literal*, *facet*: a text is a value of its datatype, which is restricted only by what it has (4, 5.7, 7.5);
- *non-simple property*, *irregular chain*: the global restrictions on properties (11.1, 11.2);
- *nameless individual*: in a circle, or where a name has to be (11.2; of circles, those along the direction of properties);
- *list*, *class expression*, *header*: what cannot be read as OWL 2 (Mapping to RDF Graphs, 3).

Not checked: how far nameless individuals are linked against the direction of a property.
"""

from __future__ import annotations

from mwkb.reasoning import datatypes, definitions, properties, structure, terms
from mwkb.reasoning.statements import Statements
from mwkb.reasoning.violation import Breach

CHECKS = (
    structure.headers,
    terms.undeclared,
    terms.punning,
    terms.reserved,
    structure.mixed,
    structure.lists,
    structure.expressions,
    structure.nameless,
    properties.not_simple,
    properties.irregular,
    datatypes.literals,
    datatypes.facets,
    definitions.definitions,
)


def breaches(statements: Statements) -> tuple[Breach, ...]:
    """All that is not OWL 2 DL, in the order of files and lines."""
    found = dict.fromkeys(breach for check in CHECKS for breach in check(statements))

    def position(breach: Breach) -> tuple[object, ...]:
        place = statements.places[breach.triple]
        return (place.file, place.position, breach.rule, breach.what)

    return tuple(sorted(found, key=position))
