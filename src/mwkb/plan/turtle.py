"""Plans as Turtle."""

from __future__ import annotations

import re

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

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
    return Plan(plans[0], name, quads, _places(text, name, quads))


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
