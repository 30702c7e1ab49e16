"""Plans as RDF: Turtle, N-Triples and JSON-LD."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from mwkb import vocabulary
from mwkb.plan import turtle
from mwkb.plan.document import Places, Plan
from mwkb.plan.jsonld import JsonLd
from mwkb.plan.limits import USUAL, Limits
from mwkb.problems import InputProblem, Place

RDF_FORMATS = {".ttl": "Turtle", ".nt": "N-Triples", ".jsonld": "JSON-LD"}
_PLAN = NamedNode(vocabulary.MWKB + "LocalityPlan")
_TYPE = NamedNode(vocabulary.RDF + "type")


def read_rdf(text: str, name: str, limits: Limits = USUAL) -> Plan:
    """Read one plan, in the format of the name's ending.

    Raises InputProblem with file and line if it is not in that format, is not one plan or goes beyond the limits.
    """
    form = RDF_FORMATS[Path(name).suffix.lower()]
    document = JsonLd(text, name, limits) if form == "JSON-LD" else None
    places = document.places if document else turtle.places(text, name, limits)
    try:
        quads = tuple(_sound(document.quads() if document else _triples(text, form), places, name, limits))
    except SyntaxError as error:
        what = re.sub(r"^Parser error [^:]*: |\(line \d+\)$", "", error.msg.splitlines()[0]).strip()
        raise InputProblem(f"This is not {form}: {what.rstrip('.')}.", Place(name, error.lineno)) from None
    typed = {q.subject for q in quads if q.predicate == _TYPE and q.object == _PLAN}
    plans = sorted(subject.value for subject in typed if isinstance(subject, NamedNode))
    if len(plans) != 1:
        found = "no plan" if not plans else f"{len(plans)} plans"
        raise InputProblem(
            f"The file holds {found}; it must hold one.", Place(name), "Give one node with an IRI the class mwkb:LocalityPlan."
        )
    unknown = tuple(dict.fromkeys(document.unknown)) if document else ()
    return Plan(plans[0], name, _named(plans[0], quads, places, limits), places, unknown)


def _triples(text: str, form: str) -> Iterator[Quad]:
    if form == "N-Triples":
        return parse(text, format=RdfFormat.N_TRIPLES)
    return parse(text, format=RdfFormat.TURTLE, base_iri=vocabulary.PLAN)


def _sound(quads: Iterable[Quad], places: Places, name: str, limits: Limits) -> Iterator[Quad]:
    """The quads, one after the other, for as long as there are not too many and each is well-formed and short."""
    for number, quad in enumerate(quads, 1):
        subject = quad.subject.value if isinstance(quad.subject, NamedNode) else str(quad.subject)
        place = places.get((subject, quad.predicate.value)) or places.get((subject, "")) or Place(name)
        if number > limits.values:
            raise InputProblem(f"The plan holds more than {limits.values:,} triples.", place)
        terms: list[Any] = [quad.subject, quad.predicate, quad.object]
        for term in terms:
            if isinstance(term, Triple):
                raise InputProblem("A statement about a statement is not read.", place, "Leave it out.")
            iri: Any = term if isinstance(term, NamedNode) else getattr(term, "datatype", None)
            if iri is not None and len(iri.value) > limits.name:
                raise InputProblem(f"An IRI has more than {limits.name:,} letters.", place)
            try:  # which holds already, but where the parser was lenient
                if iri is not None:
                    NamedNode(iri.value)
                if isinstance(term, Literal) and term.language:
                    Literal("", language=term.language)
            except ValueError:
                bad = getattr(term, "language", None) or iri.value
                raise InputProblem(f"'{bad}' is not an IRI or the tag of a language.", place) from None
        yield quad


def _named(plan: str, quads: tuple[Quad, ...], places: Places, limits: Limits) -> tuple[Quad, ...]:
    """The quads with an IRI for each nameless node, so that results can be about it: its path, as YAML gives it.

    Its place is where it stands as a subject, or else that of the property which leads to it.
    """
    links: dict[NamedNode | BlankNode | Triple, list[Quad]] = {}
    for quad in quads:
        links.setdefault(quad.subject, []).append(quad)
    taken = {subject.value for subject in links if isinstance(subject, NamedNode)}
    names: dict[BlankNode, NamedNode] = {}
    counts: Counter[str] = Counter()

    def call(node: BlankNode, path: str) -> str:
        counts[path] += 1
        while f"{path}/{counts[path]}" in taken:
            counts[path] += 1
        names[node] = NamedNode(f"{path}/{counts[path]}")
        for key in [("",), *(key for quad in links.get(node, ()) for key in _keys(quad))]:
            if place := places.get((str(node), *key)):
                places[(names[node].value, *key)] = place
        return names[node].value

    first = sorted(taken, key=lambda iri: (iri != plan, iri))
    roots: list[NamedNode | BlankNode] = [NamedNode(iri) for iri in first]
    roots += [subject for subject in links if isinstance(subject, BlankNode)]
    for root in roots:
        if isinstance(root, BlankNode):
            if root in names:
                continue
            call(root, f"{plan}/nameless")  # nothing leads to it, which a shape then tells
        queue: deque[tuple[NamedNode | BlankNode, int]] = deque([(root, 0)])
        while queue:
            node, depth = queue.popleft()
            owner = names[node].value if isinstance(node, BlankNode) else node.value
            for quad in links.get(node, ()):
                if isinstance(quad.object, BlankNode) and quad.object not in names:
                    place = places.get((owner, quad.predicate.value)) or places.get((owner, ""))
                    if depth == limits.depth:  # their names grow with each step
                        raise InputProblem(
                            "Nameless nodes are nested too deeply.", place, "Name them; write several values with commas."
                        )
                    named = call(quad.object, f"{owner}/{vocabulary.local_name(quad.predicate.value)}")
                    if place:
                        places.setdefault((named, ""), place)
                    queue.append((quad.object, depth + 1))

    def plain(term: Any) -> Any:
        return names.get(term, term) if isinstance(term, BlankNode) else term

    return tuple(Quad(plain(quad.subject), quad.predicate, plain(quad.object)) for quad in quads)


def _keys(quad: Quad) -> tuple[tuple[str, ...], ...]:
    """What a property of a subject and its value go by among places."""
    return (quad.predicate.value,), (quad.predicate.value, getattr(quad.object, "value", ""))
