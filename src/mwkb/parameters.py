"""The parameters of the rules: their values, and which others they can have."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from mwkb.knowledge import Knowledge, Term
from mwkb.problems import InputProblem, nearest
from mwkb.vocabulary import KB, MWKB, XSD, expand, local_name


def in_force(knowledge: Knowledge) -> dict[str, str]:
    """The values of all parameters that are in force, by short name."""
    return {name: local_name(_text(_stated(knowledge, name))) for name in _known(knowledge)}


def changed(knowledge: Knowledge, values: Mapping[str, str]) -> dict[Quad, Term]:
    """For parameters, by short name, what is stated of each and the term that is to stand in its place.

    Raises InputProblem if there is no such parameter or the value is not one it can have.
    """
    stated = {name: _stated(knowledge, name) for name in values}
    return {stated[name]: _meant(knowledge, name, stated[name], value) for name, value in values.items()}


def _known(knowledge: Knowledge) -> dict[str, NamedNode]:
    names = knowledge.subjects("rdf:type", MWKB + "Parameter")
    return {local_name(name).removeprefix("parameter-"): NamedNode(name) for name in names}


def _stated(knowledge: Knowledge, name: str) -> Quad:
    known = _known(knowledge)
    node = known.get(local_name(name).removeprefix("parameter-"))
    for predicate in ("mwkb:parameterValue", "mwkb:parameterChoice") if node else ():
        for quad in knowledge.store.quads_for_pattern(node, NamedNode(expand(predicate)), None, DefaultGraph()):
            return quad
    raise InputProblem(f"There is no parameter '{name}'.", remedy=nearest(name, known) or f"Use one of: {', '.join(known)}.")


def _meant(knowledge: Knowledge, name: str, stated: Quad, value: str) -> Term:
    """The term for a value that a person gives."""
    if isinstance(stated.object, NamedNode):
        kinds = knowledge.objects(stated.object.value, "rdf:type")
        allowed = {s for kind in kinds for s in knowledge.subjects("rdf:type", kind.value)}
        for candidate in (expand(value), KB + "policy-" + value):
            if candidate in allowed:
                return NamedNode(candidate)
        raise InputProblem(
            f"'{value}' is not a value of '{name}'.", remedy=f"Use one of: {', '.join(sorted(map(local_name, allowed)))}."
        )
    assert isinstance(stated.object, Literal) and isinstance(stated.subject, NamedNode)
    whole = stated.object.datatype.value == XSD + "integer"
    smallest, largest = (knowledge.value(stated.subject.value, f"mwkb:{bound}Value") for bound in ("smallest", "largest"))
    number = Decimal(value) if re.fullmatch(r"\d+" if whole else r"\d+(\.\d+)?", value) else None
    if number is None or not Decimal(smallest or 0) <= number <= Decimal(largest or "inf"):
        limits = f"from {smallest or 0} to {largest}" if largest else f"of {smallest or 0} or more"
        raise InputProblem(f"'{value}' is not a value of '{name}'.", remedy=f"Give a {'whole ' if whole else ''}number {limits}.")
    return Literal(value, datatype=stated.object.datatype)


def _text(quad: Quad) -> str:
    return quad.object.value if isinstance(quad.object, NamedNode | Literal) else ""
