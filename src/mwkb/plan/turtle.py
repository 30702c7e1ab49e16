"""Plans as Turtle."""

from __future__ import annotations

import itertools
import re
from collections import deque
from collections.abc import Iterator
from typing import Any

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Triple, parse

from mwkb import vocabulary
from mwkb.plan.document import Plan
from mwkb.problems import InputProblem, Place

_PLAN = NamedNode(vocabulary.MWKB + "LocalityPlan")
_TYPE = NamedNode(vocabulary.RDF + "type")


def read_turtle(text: str, name: str) -> Plan:
    """Read one plan. Raises InputProblem with file and line if it is not Turtle or not one plan."""
    try:
        quads = tuple(parse(text, format=RdfFormat.TURTLE, base_iri=vocabulary.PLAN))
    except SyntaxError as error:
        what = re.sub(r"^Parser error [^:]*: ", "", error.msg.splitlines()[0])
        raise InputProblem(f"This is not Turtle: {what.rstrip('.')}.", Place(name, error.lineno)) from None
    typed = {q.subject for q in quads if q.predicate == _TYPE and q.object == _PLAN}
    plans = sorted(subject.value for subject in typed if isinstance(subject, NamedNode))
    if len(plans) != 1:
        found = "no plan" if not plans else f"{len(plans)} plans"
        raise InputProblem(
            f"The file holds {found}; it must hold one.", Place(name), "Give one node with an IRI the class mwkb:LocalityPlan."
        )
    places = _places(text, name, quads)
    return Plan(plans[0], name, _named(plans[0], quads, places), places)


def _named(plan: str, quads: tuple[Quad, ...], places: dict[tuple[str, str], Place]) -> tuple[Quad, ...]:
    """The quads with an IRI for each nameless node, so that results can be about it: its path, as YAML gives it.

    Its place is that of the property which leads to it.
    """
    links: dict[NamedNode | BlankNode | Triple, list[Quad]] = {}
    for quad in quads:
        links.setdefault(quad.subject, []).append(quad)
    taken = {subject.value for subject in links if isinstance(subject, NamedNode)}
    names: dict[BlankNode, NamedNode] = {}
    numbers: dict[str, Iterator[int]] = {}

    def call(node: BlankNode, path: str) -> NamedNode:
        count = numbers.setdefault(path, itertools.count(1))
        names[node] = NamedNode(next(name for n in count if (name := f"{path}/{n}") not in taken))
        return names[node]

    first = sorted(taken, key=lambda iri: (iri != plan, iri))
    roots: list[NamedNode | BlankNode] = [NamedNode(iri) for iri in first]
    roots += [subject for subject in links if isinstance(subject, BlankNode)]
    for root in roots:
        if isinstance(root, BlankNode):
            if root in names:
                continue
            call(root, f"{plan}/nameless")  # nothing leads to it, which a shape then tells
        queue: deque[NamedNode | BlankNode] = deque([root])
        while queue:
            node = queue.popleft()
            owner = names[node].value if isinstance(node, BlankNode) else node.value
            for quad in links.get(node, ()):
                if isinstance(quad.object, BlankNode) and quad.object not in names:
                    named = call(quad.object, f"{owner}/{vocabulary.local_name(quad.predicate.value)}")
                    place = places.get((owner, quad.predicate.value)) or places.get((owner, ""))
                    if place:
                        places[named.value, ""] = place
                    queue.append(quad.object)

    def plain(term: Any) -> Any:
        return names[term] if isinstance(term, BlankNode) else term

    return tuple(Quad(plain(quad.subject), quad.predicate, plain(quad.object)) for quad in quads)


def _places(text: str, name: str, quads: tuple[Quad, ...]) -> dict[tuple[str, str], Place]:
    """Where each subject's block begins, and within it each property: found by how they are written."""
    declared = re.findall(r"(?im)^\s*@?prefix\s+([\w-]*):\s*<([^>]*)>", text)
    prefixes = {namespace: prefix for prefix, namespace in declared}
    lines = text.splitlines()
    starts: dict[str, int] = {}
    places: dict[tuple[str, str], Place] = {}

    def written(iri: str) -> tuple[str, ...]:
        forms = [f"<{iri}>", f"<{iri.removeprefix(vocabulary.PLAN)}>"]
        for namespace, prefix in prefixes.items():
            if iri.startswith(namespace):
                forms.append(f"{prefix}:" + re.sub(r"([/~!$&'()*+,;=?#@%])", r"\\\1", iri[len(namespace) :]))
                forms.append(f"{prefix}:{iri[len(namespace) :]}")
        return tuple(forms)

    first_words = {line.split(None, 1)[0]: number for number, line in reversed(list(enumerate(lines, 1))) if line.strip()}
    for quad in quads:
        if not isinstance(quad.subject, NamedNode):
            continue
        subject = quad.subject.value
        if subject not in starts:
            starts[subject] = next((first_words[form] for form in written(subject) if form in first_words), 0)
            if starts[subject]:
                places[subject, ""] = Place(name, starts[subject])
        if starts[subject] and (subject, quad.predicate.value) not in places:
            forms = written(quad.predicate.value)
            for number in range(starts[subject], len(lines) + 1):
                line = lines[number - 1]
                if any(re.search(r"(?<![\w:])" + re.escape(form) + r"(?![\w-])", line) for form in forms):
                    places[subject, quad.predicate.value] = Place(name, number)
                    break
                if line.rstrip().endswith(".") and not line.lstrip().startswith("#"):
                    break
    return places
